// Who looks at whom: a table with a cell for each pair of a query and a key. The box in a cell
// hides the key from the query; the name of a row writes the row out.

import { fixed, positive } from "../numerics/numbers.mjs";
import { button, change, html, scrollable, setText } from "../parts/ui.mjs";

const WHY = { mask: "hidden", padding: "hidden, padding", causal: "hidden, comes later" };

export function lookTable(model, { signal }, look) {
  const [n, m] = [model.get("query_rows").length, model.get("key_rows").length];

  function cell(i, j) {
    const box = html("input", { type: "checkbox" });
    const text = html("span");
    const root = html("td", {}, html("label", { class: "sb-look" }, box, text));
    box.addEventListener("change", () => {
      const mask = model.get("mask").map((row, a) => row.map((may, b) => (a === i && b === j ? box.checked : may)));
      change(model, { mask });
    }, { signal });
    return { root, box, text };
  }

  function line(i) {
    const name = button("", () => look({ row: i }), signal);
    const cells = Array.from({ length: m }, (_, j) => cell(i, j));
    const all = button("", () => {
      const may = !model.get("mask")[i].some(Boolean);
      change(model, { mask: model.get("mask").map((row, a) => (a === i ? row.map(() => may) : row)) });
    }, signal);
    const root = html("tr", {}, html("th", { scope: "row" }, name), ...cells.map((each) => each.root), html("td", {}, all));
    root.addEventListener("focusin", () => look({ row: i }), { signal });
    return { root, name, cells, all };
  }

  const heads = Array.from({ length: m }, () => html("th", { scope: "col" }));
  const lines = Array.from({ length: n }, (_, i) => line(i));
  const table = html("table", { class: "sb-looks" },
    html("thead", {}, html("tr", {}, html("th", { scope: "col" }, "query"), ...heads, html("th", { scope: "col" }, "row"))),
    html("tbody", {}, ...lines.map((each) => each.root)));
  const note = html("p", { class: "sb-note" });
  const root = html("div", {}, scrollable("Who looks at whom", table), note);

  function update({ queryNames, keyNames, weights, scores, hidden, mask, blank, shows, row }) {
    table.classList.toggle("sb-dense", m > 4);
    heads.forEach((head, j) => setText(head, keyNames[j]));
    lines.forEach(({ root: line, name, cells, all }, i) => {
      setText(name, queryNames[i]);
      name.setAttribute("aria-label", `write out the row of ${queryNames[i]}`);
      name.setAttribute("aria-pressed", String(i === row));
      line.classList.toggle("sb-chosen", i === row);
      const some = mask[i].some(Boolean);
      setText(all, some ? "hide" : "show");
      all.setAttribute("aria-label", `${some ? "hide" : "show"} all keys ${some ? "from" : "to"} ${queryNames[i]}`);
      cells.forEach(({ root: place, box, text }, j) => {
        const why = hidden[i][j];
        const share = weights[i][j];
        const number = shows === "weights" ? positive(share, 2) : why ? (blank === "finite" ? "−10⁹" : "−∞") : fixed(scores[i][j]);
        setText(text, number);
        box.checked = mask[i][j];
        box.disabled = why === "padding" || why === "causal";
        const told = why ? WHY[why] : "may look";
        box.setAttribute("aria-label", `${queryNames[i]} at ${keyNames[j]}: ${told}, ${shows === "weights" ? "weight" : "score"} ${number}`);
        place.style.setProperty("--strength", (share > 0 ? share : 0).toFixed(3));
        place.classList.toggle("sb-unseen", why !== "");
      });
    });
    setText(note, shows === "weights"
      ? "Untick a cell to hide a key. Hidden cells are hatched; a row sums to 1" + (hidden.some((each) => each.every(Boolean)) ? EXCEPT[blank] : ".")
      : "Scores before softmax. What is hidden has the score " + (blank === "finite" ? "−10⁹." : "−∞."));
  }
  return { root, update };
}

// What is said of rows in which every key is hidden, beside the others.
const EXCEPT = {
  zeros: ", except where all of it is hidden: that is 0.",
  nan: ", except where all of it is hidden: there 0 is divided by 0.",
  finite: ", also where all of it is hidden: with −10⁹ throughout, hidden keys share the weight.",
};
