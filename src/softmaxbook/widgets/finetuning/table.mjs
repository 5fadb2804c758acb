// A table of signed numbers to walk over: a real table with a button in each measured cell.

import { clamp } from "../numerics/numbers.mjs";
import { html, scrollable, setText } from "../parts/ui.mjs";

// Writing the same again would have the style of a hundred cells computed anew.
function set(node, name, value) {
  if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

// `choose(row, column)` hears which cell was clicked or reached by arrow keys. `update` takes
// columns {text, label} and rows {text, note, cells}; a cell is null, or says its value, text, mark,
// side ("up", "down" or "open"), strength from 0 to 1, label, and whether it is chosen.
export function cellGrid({ name, corner, choose, signal }) {
  const head = html("thead");
  const body = html("tbody");
  const root = scrollable(name, html("table", { class: "sb-map", "aria-label": name }, head, body));
  let shape = "";
  let buttons = []; // [row][column], or null

  function build(columns, rows) {
    head.replaceChildren(html("tr", {}, html("th", { scope: "col" }, corner),
      ...columns.map(({ text, label }) => html("th", { scope: "col", abbr: label }, text))));
    buttons = rows.map(({ cells }, row) => cells.map((cell, column) => cell && button(row, column)));
    body.replaceChildren(...rows.map(({ text, note }, row) => html("tr", {},
      html("th", { scope: "row" }, text, note ? html("span", { class: "sb-far" }, note) : ""),
      ...buttons[row].map((each) => html("td", {}, each ?? html("span", { class: "sb-unmeasured" }, "not measured"))))));
  }

  function button(row, column) {
    const root = html("button", { type: "button", class: "sb-cell" },
      html("span", { "aria-hidden": "true" }), html("data", { "aria-hidden": "true" }));
    root.addEventListener("click", () => choose(row, column), { signal });
    return root;
  }

  // From one measured cell to the next in a direction; gaps are stepped over.
  function walk(event) {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    const from = event.target.closest(".sb-cell");
    if (!step || !from) return;
    event.preventDefault();
    let row = buttons.findIndex((line) => line.includes(from));
    let column = buttons[row].indexOf(from);
    do {
      [row, column] = [row + step[0], column + step[1]];
    } while (buttons[row]?.[column] === null);
    if (!buttons[row]?.[column]) return;
    buttons[row][column].focus();
    choose(row, column);
  }
  root.addEventListener("keydown", walk, { signal });

  function update({ columns, rows }) {
    const next = JSON.stringify([columns, rows.map(({ text, note, cells }) => [text, note, cells.map(Boolean)])]);
    if (next !== shape) {
      shape = next;
      build(columns, rows);
    }
    // One cell is a stop of the tab key: the chosen one, or the first.
    const all = rows.flatMap(({ cells }, row) => cells.map((cell, column) => ({ cell, node: buttons[row][column] }))).filter(({ cell }) => cell);
    const stop = all.find(({ cell }) => cell.chosen) ?? all[0];
    for (const { cell, node } of all) {
      const [mark, data] = node.children;
      setText(mark, cell.mark);
      setText(data, cell.text);
      set(data, "value", String(cell.value));
      set(node, "class", `sb-cell sb-${cell.side}`);
      set(node, "style", `--strength: ${clamp(cell.strength, 0, 1).toFixed(3)}`);
      set(node, "aria-label", cell.label);
      set(node, "aria-pressed", String(cell.chosen));
      set(node, "tabindex", cell === stop.cell ? "0" : "-1");
    }
  }
  return { root, update };
}
