// One row of attention, step by step, in the current numbers.

import { fixed, positive } from "../numerics/numbers.mjs";
import { dot, sum } from "../numerics/softmax.mjs";
import { formula, html, power, scrollable, setText, symbols } from "../parts/ui.mjs";

const NOTHING = {
  zeros: "Every exponential is 0, and 0 ÷ 0 is no number. sb.attention returns 0 for such a row instead.",
  nan: "Every exponential is 0: softmax divides 0 by 0, and the row is NaN.",
  finite: "All scores are equal now, so the weights are equal: the mean of what should be hidden.",
};

export function steps() {
  const heads = ["key", "q · k", "z", "p", "value"].map((text) => html("th", { scope: "col" }, ...symbols(text)));
  const body = html("tbody");
  const title = html("p", { class: "sb-title" });
  const [score, mean, entropy] = [1, 2, 3].map(() => html("p", { class: "sb-formula" }));
  const table = html("table", { class: "sb-steps" }, html("thead", {}, html("tr", {}, ...heads)), body);
  const root = html("div", {}, title, scrollable("The chosen row, step by step", table), score, mean, entropy);

  function update(state) {
    const { row, queries, keys, values, scores, weights, hidden, output, entropies, queryNames, keyNames, blank, seen, scaled } = state;
    const [query, shares] = [queries[row], weights[row]];
    const root = fixed(Math.sqrt(query.length));
    title.replaceChildren(...formula`${queryNames[row]} asks: z = q · k${scaled ? ` ÷ ${root}` : ""}`);
    body.replaceChildren(...keyNames.map((name, j) => html("tr", { class: hidden[row][j] && "sb-struck" },
      html("th", { scope: "row" }, name),
      html("td", {}, fixed(dot(query, keys[j]))),
      html("td", {}, hidden[row][j] ? (blank === "finite" ? "−10⁹" : "−∞") : fixed(scores[row][j])),
      html("td", {}, positive(shares[j])),
      html("td", {}, `(${values[j].map((value) => fixed(value, 1)).join(", ")})`))));
    if (seen[row] === 0) {
      setText(score, NOTHING[blank]);
      setText(mean, `output = (${output[row].map((value) => fixed(value)).join(", ")})`);
      setText(entropy, "");
      return;
    }
    const visible = keyNames.map((_, j) => j).filter((j) => !hidden[row][j]);
    const most = visible.reduce((best, j) => (shares[j] > shares[best] ? j : best), visible[0]);
    const top = fixed(scores[row][most]);
    const below = sum(visible.map((j) => Math.exp(scores[row][j] - scores[row][most])));
    score.replaceChildren(...formula`p(${keyNames[most]}) = ${power(`${top} − ${top}`)} ÷ Σ ${power(formula`z − ${top}`)} = 1 ÷ ${fixed(below, 3)} = ${fixed(shares[most], 3)}`);
    const terms = visible.map((j) => `${positive(shares[j])} · (${values[j].map((value) => fixed(value, 1)).join(", ")})`);
    setText(mean, `output = ${terms.join(" + ")} = (${output[row].map((value) => fixed(value)).join(", ")})`);
    entropy.replaceChildren(...formula`H = −Σ p log p = ${positive(entropies[row])} nats, at most log ${String(visible.length)} = ${fixed(Math.log(visible.length), 3)}.`);
  }
  return { root, update };
}
