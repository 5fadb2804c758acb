// Relatives of softmax, and the noise that draws from it: pure functions, no page, finite logits.
// They follow family/sparse.py and family/gumbel.py and agree with them to 1e-12
// (tests/widgets/test_relatives_numerics.py).

import { range } from "./numbers.mjs";
import { softmax, sum } from "./softmax.mjs";

const HALVINGS = 60; // of an interval of length log K or less: what is left is below rounding

// The classes' distances below the largest logit, in units of the distance at which nothing is left.
function distances(logits, reach) {
  const top = Math.max(...logits);
  return logits.map((z) => (top - z) / reach);
}

const running = (values) => values.map((_, i) => sum(values.slice(0, i + 1)));
const positive = (values) => values.map((value) => Math.max(value, 0));

// The limit t with Σ max(t − y, 0) = 1 for sorted y ≥ 0, and a step of Newton's against rounding.
function linearLimit(y) {
  const sums = running(y);
  const size = y.filter((value, i) => (i + 1) * value < 1 + sums[i]).length;
  const t = (1 + sums[size - 1]) / size;
  return t - (sum(positive(y.map((value) => t - value))) - 1) / size;
}

// The limit t with Σ max(t − y, 0)² = 1: the root of a quadratic equation in mean and variance.
function quadraticLimit(y) {
  const [sums, squares] = [running(y), running(y.map((value) => value * value))];
  const limits = y.map((_, i) => {
    const [size, mean] = [i + 1, sums[i] / (i + 1)];
    return mean + Math.sqrt(Math.max(1 / size - (squares[i] / size - mean * mean), 0));
  });
  const t = limits[y.filter((value, i) => value < limits[i]).length - 1];
  const roots = positive(y.map((value) => t - value));
  return t - (sum(roots.map((root) => root * root)) - 1) / (2 * sum(roots));
}

function bySorting(logits, reach, power, limitOf) {
  const below = distances(logits, reach);
  const near = below.filter((y) => y <= 1.01).sort((a, b) => a - b);
  const limit = limitOf(near);
  return below.map((y) => Math.max(limit - y, 0) ** power);
}

export const sparsemax = (logits, temperature = 1) => bySorting(logits, temperature, 1, linearLimit);
export const entmax15 = (logits, temperature = 1) => bySorting(logits, 2 * temperature, 2, quadraticLimit);

// α-entmax by halving the interval of c, for every α from 1 on.
export function entmax(logits, alpha, temperature = 1) {
  if (alpha === 1) return softmax(logits, temperature);
  const gaps = distances(logits, temperature);
  const powers = (c) =>
    gaps.map((gap) => Math.exp(Math.log1p(Math.max((1 - alpha) * (gap + c), -1)) / (alpha - 1)));
  let low = 0;
  let high = -Math.expm1((1 - alpha) * Math.log(logits.length)) / (alpha - 1);
  for (let halving = 0; halving < HALVINGS; halving++) {
    const middle = (low + high) / 2;
    if (sum(powers(middle)) > 1) low = middle;
    else high = middle;
  }
  const p = powers(low);
  return p.map((value) => value / sum(p));
}

// A permutation of the 32-bit integers in which no trace of the order is left.
function mixed(integer) {
  let h = integer | 0;
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
  return (h ^ (h >>> 16)) >>> 0;
}

// Number `place` of the sequence of a seed: in the open unit interval, the same in every browser.
export function uniform(seed, place) {
  return (mixed(mixed(seed) + Math.imul(place, 0x9e3779b9)) + 0.5) / 2 ** 32;
}

export const gumbel = (u) => -Math.log(-Math.log(u));

const winner = (values) => values.indexOf(Math.max(...values));

// Draw number `draw`: which class won, and where the point lies. T divides the logits alone, and the
// point is a corner; or, relaxed, T divides logits and noise, and softmax takes the place of argmax.
export function drawn(logits, temperature, relaxed, seed, draw) {
  const noise = logits.map((_, k) => gumbel(uniform(seed, draw * logits.length + k)));
  const noisy = logits.map((z, k) => (relaxed ? z : z / temperature) + noise[k]);
  const won = winner(noisy);
  return { won, point: relaxed ? softmax(noisy, temperature) : logits.map((_, k) => (k === won ? 1 : 0)) };
}

export function draws(logits, temperature, relaxed, seed, count) {
  return range(count).map((draw) => drawn(logits, temperature, relaxed, seed, draw));
}
