// Attention on matrices small enough to read: scores, masks, weights and what is looked up. It
// follows family/lookup.py and agrees with it to 1e-12 (tests/widgets/test_attention.py).

import { dot, entropy, softmax } from "./softmax.mjs";

// What some programs write instead of −∞.
export const FINITE = -1e9;

// What hides key j from query i, in a word; "" if nothing does.
export function hiddenBy({ mask, causal, padding }, i, j) {
  if (!mask[i][j]) return "mask";
  if (j >= mask[i].length - padding) return "padding";
  return causal && j > i ? "causal" : "";
}

export const factor = ({ queries, scaled }) => (scaled ? 1 / Math.sqrt(queries[0].length) : 1);

export function scores(given) {
  const scale = factor(given);
  return given.queries.map((query) => {
    const short = query.map((entry) => entry * scale);
    return given.keys.map((key) => dot(short, key));
  });
}

// Softmax of each row of scores where what is hidden is −∞, or the finite number. A row with nothing
// to see is then NaN, or even; with the rule "zeros" it is made 0, as `attention` does.
export function weights(all, hidden, blank) {
  const mark = blank === "finite" ? FINITE : -Infinity;
  return all.map((row, i) => {
    if (blank === "zeros" && hidden[i].every(Boolean)) return row.map(() => 0);
    return softmax(row.map((score, j) => (hidden[i][j] ? mark : score)));
  });
}

export const mix = (shares, values) => values[0].map((_, column) => dot(shares, values.map((row) => row[column])));

export function attend(given) {
  const all = scores(given);
  const hidden = all.map((row, i) => row.map((_, j) => hiddenBy(given, i, j)));
  const shares = weights(all, hidden, given.blank);
  return {
    scores: all, hidden, weights: shares,
    output: shares.map((row) => mix(row, given.values)),
    entropies: shares.map(entropy),
    seen: hidden.map((row) => row.filter((why) => !why).length),
  };
}
