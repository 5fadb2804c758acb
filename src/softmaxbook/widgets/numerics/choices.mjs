// Nested logit, as src/softmaxbook/family/choices.py computes it line by line.

import { logSoftmax, logSumExp } from "./softmax.mjs";

// λ · log Σ exp(u / λ) of each nest: what it is worth that there is a choice within it.
export function inclusiveValues(utilities, nests, scales) {
  return scales.map((scale, nest) => scale * logSumExp(scaledMembers(utilities, nests, scale, nest)));
}

// Softmax within the nest, times softmax over the inclusive values.
export function nestedLogit(utilities, nests, scales) {
  const totals = scales.map((scale, nest) => logSumExp(scaledMembers(utilities, nests, scale, nest)));
  const between = logSoftmax(totals.map((total, nest) => scales[nest] * total));
  return utilities.map((utility, j) => {
    const nest = nests[j];
    const scaled = utility / scales[nest];
    return scaled === -Infinity ? 0 : Math.exp(scaled - totals[nest] + between[nest]);
  });
}

function scaledMembers(utilities, nests, scale, nest) {
  return utilities.filter((_, j) => nests[j] === nest).map((utility) => utility / scale);
}
