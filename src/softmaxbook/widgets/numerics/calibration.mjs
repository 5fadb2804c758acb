// How sure, and how often right: pure functions, no page. They follow calibration.py and remedies.py
// and agree with them (tests/widgets/test_losses_and_gradients.py).

import { logSoftmax, softmax, sum } from "./softmax.mjs";

const mean = (values) => sum(values) / values.length;

// The largest probability of each row, and whether it is the label's.
export function confidences(logits, labels, temperature = 1) {
  const rows = logits.map((z) => softmax(z, temperature));
  const confidence = rows.map((p) => Math.max(...p));
  return { confidence, right: rows.map((p, i) => p.indexOf(confidence[i]) === labels[i]) };
}

// Bins (m / M, (m + 1) / M] of confidence: their counts, and their means of confidence and of being right.
export function reliability(confidence, right, size) {
  const bins = Array.from({ length: size }, () => ({ count: 0, sure: 0, hits: 0 }));
  confidence.forEach((share, i) => {
    let place = size - 1;
    while (place > 0 && share <= place / size) place--;
    bins[place].count += 1;
    bins[place].sure += share;
    bins[place].hits += right[i] ? 1 : 0;
  });
  return bins.map(({ count, sure, hits }) => ({ count, confidence: sure / count, accuracy: hits / count }));
}

export function calibrationError(bins) {
  const full = bins.filter(({ count }) => count > 0);
  return sum(full.map((bin) => Math.abs(bin.accuracy - bin.confidence) * bin.count)) / sum(bins.map((bin) => bin.count));
}

// About how large the error of these bins is by chance, if every confidence is true: the mean distance
// of a normal variable from its mean is √(2 / π) standard deviations.
export function chanceError(bins) {
  const full = bins.filter(({ count }) => count > 0);
  const spread = ({ count, confidence }) => Math.sqrt((2 * count * confidence * (1 - confidence)) / Math.PI);
  return sum(full.map(spread)) / sum(bins.map((bin) => bin.count));
}

export function meanSurprise(logits, labels, temperature = 1) {
  return mean(logits.map((z, i) => -logSoftmax(z, temperature)[labels[i]]));
}

// The temperature with the smallest mean surprise; 0 or Infinity where there is none, since
// T → 0 or T → ∞ is best. In β = 1 / T the mean is convex; Newton's method, kept in a bracket.
export function fitTemperature(logits, labels) {
  const gaps = logits.map((z) => z.map((each) => each - Math.max(...z)));
  const scale = -Math.min(...gaps.flat()) || 1;
  const z = gaps.map((row) => row.map((each) => each / scale));
  const wanted = mean(z.map((row, i) => row[labels[i]]));
  if (wanted === 0) return 0;
  if (wanted <= mean(z.map(mean))) return Infinity;
  let [low, high, beta] = [0, Infinity, 1];
  for (let i = 0; i < 200; i++) {
    const { expected, variance } = moments(z, beta);
    const slope = expected - wanted;
    if (slope > 0) high = beta;
    else low = beta;
    let trial = variance > 0 ? beta - slope / variance : NaN;
    if (!(low < trial && trial < high)) trial = high === Infinity ? 2 * beta : (low + high) / 2;
    if (Math.abs(trial - beta) <= 4e-16 * beta) break;
    beta = trial;
  }
  return scale / beta;
}

// The means over the rows of the expectation and the variance of z under softmax(βz).
function moments(z, beta) {
  const rows = z.map((row) => {
    const p = softmax(row.map((each) => beta * each));
    const expected = sum(p.map((share, k) => share * row[k]));
    return { expected, variance: sum(p.map((share, k) => share * row[k] ** 2)) - expected ** 2 };
  });
  return { expected: mean(rows.map((row) => row.expected)), variance: mean(rows.map((row) => row.variance)) };
}
