// What is left of a distribution before a token is drawn, and the draw: samplers.py in JavaScript.
// It agrees with Python to 1e-12 (tests/widgets/test_samplers.py).

import { range } from "./numbers.mjs";
import { softmax, sum } from "./softmax.mjs";

// The classes in falling order of their logits or probabilities, equals by their number. Logits tell
// apart what rounds to one probability.
export const ranked = (values) => range(values.length).sort((i, j) => values[j] - values[i] || i - j);

// How many of the ranked classes each sampler keeps, from their probabilities and logits in that order.
const KEPT = {
  softmax: (ordered) => ordered.length,
  "top-k": (ordered, { k }) => Math.min(k, ordered.length),
  nucleus(ordered, { p }) {
    if (p === 1) return ordered.length;
    let total = 0;
    const crossed = ordered.findIndex((each, i) => {
      total += each;
      return i > 0 && total - each >= p;
    });
    return crossed < 0 ? ordered.length : crossed;
  },
  "min-p": (ordered, { min_p: share }, z) =>
    ordered.filter((each, i) => (share === 1 ? z[i] === z[0] : each >= share * ordered[0])).length,
};

// Probabilities at a temperature, the classes by rank, how many can be drawn and their mass, and what
// the sampler makes of them. `settings` holds the temperature, the sampler's name, and its number.
export function filtered(logits, settings) {
  const p = softmax(logits, settings.temperature);
  const order = ranked(logits);
  const inOrder = (values) => order.map((i) => values[i]);
  const last = KEPT[settings.sampler](inOrder(p), settings, inOrder(logits));
  const kept = new Set(order.slice(0, last));
  const mass = sum(p.filter((_, i) => kept.has(i)));
  const q = p.map((each, i) => (kept.has(i) ? each / mass : 0));
  return { p, order, count: q.filter((each) => each > 0).length, mass, q };
}

// The class into whose piece of the unit interval a number falls; never one with the probability 0.
export function drawn(probabilities, uniform) {
  const place = uniform * sum(probabilities);
  let [end, last] = [0, -1];
  for (let i = 0; i < probabilities.length; i++) {
    if (probabilities[i] === 0) continue;
    end += probabilities[i];
    last = i;
    if (place < end) return i;
  }
  return last;
}
