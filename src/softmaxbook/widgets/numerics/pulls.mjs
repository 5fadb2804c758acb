// Two heads that read the same two features, and how each pulls at them: pure functions that agree
// with softmaxbook/widgets/sharing/__init__.py.

import { crossEntropy, crossEntropyGradient, dot, smoothedTarget, softmax, sum } from "./softmax.mjs";

export const CLASSES = [["1", "3", "8"], ["odd", "even"]];
export const LIMIT = 3; // of both features
export const RATE = 0.5; // of a step

// The labels of a picture of this digit, in both tasks.
export const labelsOf = (digit) => [[1, 3, 8].indexOf(digit), digit % 2 ? 0 : 1];

// Where the second head reads: the direction of “even”. Rounded, so that a right angle is one.
export function direction(angle) {
  const turn = (angle * Math.PI) / 180;
  return [Math.cos(turn), Math.sin(turn)].map((x) => Math.round(x * 1e15) / 1e15 + 0);
}

// Weights with a row a class, and intercepts, of both heads.
export function heads(angle) {
  const even = direction(angle);
  return [
    { rows: [[-1, 0], [0, 0], [1, 0]], intercepts: [0, 1, 0] },
    { rows: [even.map((x) => 0 - x), even], intercepts: [1, -1] },
  ];
}

const plus = (a, b, factor = 1) => a.map((x, i) => x + factor * b[i]);
const logitsAt = ({ rows, intercepts }, features) => rows.map((row, k) => dot(row, features) + intercepts[k]);

// What both heads answer, how each pulls, the sum of the pulls with its weights, and what a step along
// the sum does to either loss: to first order, and in truth.
export function pulled(features, angle, digit, weights) {
  const labels = labelsOf(digit);
  const both = heads(angle).map((head, t) => {
    const logits = logitsAt(head, features);
    const target = smoothedTarget(labels[t], logits.length);
    const errors = crossEntropyGradient(logits, target);
    const pull = [0, 1].map((axis) => 0 - sum(head.rows.map((row, k) => row[axis] * errors[k])));
    const probabilities = softmax(logits);
    return { head, label: labels[t], logits, target, probabilities, errors, pull, loss: crossEntropy(logits, target) };
  });
  const total = both.reduce((whole, { pull }, t) => plus(whole, pull, weights[t]), [0, 0]);
  const after = plus(features, total, RATE);
  for (const each of both) {
    each.expected = 0 - RATE * dot(each.pull, total);
    each.changed = crossEntropy(logitsAt(each.head, after), each.target) - each.loss;
  }
  const [a, b] = both.map(({ pull }) => pull);
  const cosine = dot(a, b) / (Math.hypot(...a) * Math.hypot(...b));
  return { both, total, after, cosine };
}
