// What may be said of a mean of repeated measurements: Student's interval, as the package computes it.

import { sum } from "./softmax.mjs";

// The probability that |t| of Student's distribution with `freedom` degrees stays below √freedom · tan(angle):
// a finite sum of powers of the cosine (Abramowitz and Stegun, equations 26.7.3 and 26.7.4).
function within(angle, freedom) {
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  const odd = freedom % 2;
  let term = odd ? cosine : 1;
  let total = freedom === 1 ? 0 : term;
  for (let k = 2 + odd; k < freedom; k += 2) {
    term *= (cosine * cosine * (k - 1)) / k;
    total += term;
  }
  return odd ? (2 / Math.PI) * (angle + sine * total) : sine * total;
}

// How many standard errors an interval reaches to each side, found by bisection over all angles.
const known = new Map(); // quantiles by their arguments: a figure asks for a few, over and over

export function studentQuantile(freedom, confidence = 0.95) {
  const key = `${freedom}|${confidence}`;
  if (!known.has(key)) known.set(key, foundQuantile(freedom, confidence));
  return known.get(key);
}

function foundQuantile(freedom, confidence) {
  let [low, high] = [0, Math.PI / 2];
  for (let middle = high / 2; middle > low && middle < high; middle = (low + high) / 2) {
    if (within(middle, freedom) < confidence) low = middle;
    else high = middle;
  }
  return Math.sqrt(freedom) * Math.tan((low + high) / 2);
}

export function meanInterval(values) {
  const n = values.length;
  const mean = sum(values) / n;
  const deviation = Math.sqrt(sum(values.map((value) => (value - mean) ** 2)) / (n - 1));
  const quantile = studentQuantile(n - 1);
  const half = (quantile * deviation) / Math.sqrt(n);
  return { n, mean, deviation, quantile, half, low: mean - half, high: mean + half };
}
