// What is left of a distribution before a token is drawn, and the draw: samplers.py in JavaScript.
// It agrees with Python to 1e-12 (tests/widgets/test_samplers.py).

import { range } from "./numbers.mjs";
import { softmax, sum } from "./softmax.mjs";

// The classes in falling order of their probability, equals by their number.
export const ranked = (p) => range(p.length).sort((i, j) => p[j] - p[i] || i - j);

// How many of the ranked classes each sampler keeps, from their probabilities in falling order.
const KEPT = {
  softmax: (ordered) => ordered.length,
  "top-k": (ordered, { k }) => Math.min(k, ordered.length),
  nucleus(ordered, { p }) {
    if (p === 1) return ordered.length;
    let [count, before] = [0, 0];
    while (count < ordered.length && (count === 0 || before < p)) before += ordered[count++];
    return count;
  },
  "min-p": (ordered, { min_p: share }) => ordered.filter((each) => each >= share * ordered[0]).length,
};

// Probabilities at a temperature, the classes by rank, how many are kept and their mass, and what the
// sampler makes of them. `settings` holds the temperature, the sampler's name, and its number.
export function filtered(logits, settings) {
  const p = softmax(logits, settings.temperature);
  const order = ranked(p);
  const count = KEPT[settings.sampler](order.map((i) => p[i]), settings);
  const kept = new Set(order.slice(0, count));
  const mass = sum(p.filter((_, i) => kept.has(i)));
  return { p, order, count, mass, q: p.map((each, i) => (kept.has(i) ? each / mass : 0)) };
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
