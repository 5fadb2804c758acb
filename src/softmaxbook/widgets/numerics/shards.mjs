// Softmax over classes that several workers hold: pure functions, no page.
// They follow family/parallel.py and agree with it to 1e-12 (tests/widgets/test_shards_numerics.py).

import { sum } from "./softmax.mjs";

const difference = (a, b) => (a === b ? 0 : a - b);

// The maximum of a worker's logits, and the sum of their exponentials relative to it.
export function summarise(logits) {
  if (logits.length === 0) return { maximum: -Infinity, scaledSum: 0 };
  const maximum = Math.max(...logits);
  return { maximum, scaledSum: sum(logits.map((z) => Math.exp(difference(z, maximum)))) };
}

// What all summaries say together; without rescaling, what a forgotten factor makes of them.
export function merge(summaries, rescaled = true) {
  const maximum = Math.max(...summaries.map((each) => each.maximum));
  const factors = summaries.map((each) => (rescaled ? Math.exp(difference(each.maximum, maximum)) : 1));
  return { maximum, factors, scaledSum: sum(summaries.map((each, r) => (each.scaledSum ? each.scaledSum * factors[r] : 0))) };
}

// The probabilities of some logits, from what all summaries say.
export const shares = (logits, { maximum, scaledSum }) =>
  logits.map((z) => Math.exp(difference(z, maximum)) / scaledSum);
