// The numerics behind every explorable: pure functions on arrays of numbers, no page, no state.
// They follow src/softmaxbook line by line and agree with it to 1e-12 (tests/widgets/test_softmax.py).

// Knuth's TwoSum: a − b rounded, and the rounding error, exactly.
function twoDifference(a, b) {
  const difference = a - b;
  const virtual = a - difference;
  const error = a - (difference + virtual) + (virtual - b);
  return [difference, Number.isFinite(error) ? error : 0];
}

// exp((z − max) / T) for every logit, with the rounding error of the difference repaired,
// and their sum without the largest entry's own 1.
function shiftedExponentials(logits, temperature = 1) {
  if (logits.some(Number.isNaN)) return { maximum: NaN, gaps: logits.map(() => NaN), rest: NaN };
  const maximum = Math.max(...logits);
  if (maximum === Infinity) {
    const flags = logits.map((z) => (z === Infinity ? 0 : -Infinity));
    return { ...shiftedExponentials(flags), maximum };
  }
  const top = logits.indexOf(maximum);
  const gaps = [];
  const exponentials = [];
  let rest = 0;
  logits.forEach((z, i) => {
    const [gap, error] = twoDifference(z, maximum);
    const exponential = Math.exp(gap / temperature) * (1 + error / temperature);
    // Halved first where the difference could overflow and its quotient does not.
    gaps.push(temperature > 1 ? (z / 2 - maximum / 2) / (temperature / 2) : gap / temperature);
    exponentials.push(exponential);
    if (i !== top) rest += exponential;
  });
  return { maximum, gaps, exponentials, rest, top };
}

export function softmax(logits, temperature = 1) {
  const { exponentials, rest } = shiftedExponentials(logits, temperature);
  if (!exponentials) return logits.map(() => NaN);
  return exponentials.map((e) => e / (1 + rest));
}

export function logSoftmax(logits, temperature = 1) {
  const { gaps, rest } = shiftedExponentials(logits, temperature);
  return gaps.map((gap) => gap - Math.log1p(rest));
}

export function logSumExp(logits) {
  if (logits.every((z) => z === -Infinity)) return -Infinity;
  const { maximum, rest } = shiftedExponentials(logits);
  return maximum + Math.log1p(rest);
}

// The numbers of a list in their order, each once.
export const ascending = (values) => [...new Set(values)].sort((a, b) => a - b);

export const sum = (values) => values.reduce((total, value) => total + value, 0);
export const dot = (a, b) => sum(a.map((value, i) => value * b[i]));

export function entropy(probabilities) {
  return -sum(probabilities.map((p) => (p > 0 ? p * Math.log(p) : p === 0 ? 0 : NaN)));
}

export function sigmoid(x) {
  return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
}

// The target of label smoothing: 1 − ε for the label, and ε shared evenly among all classes.
export function smoothedTarget(label, size, smoothing = 0) {
  return Array.from({ length: size }, (_, k) => (1 - smoothing) * (k === label ? 1 : 0) + smoothing / size);
}

// −Σ t log p from logits, as two terms of one sign: the gap to the maximum, and log(1 + the rest).
export function crossEntropy(logits, target) {
  const { gaps, rest } = shiftedExponentials(logits);
  const surprise = gaps.map((gap) => Math.log1p(rest) - gap);
  return sum(target.map((t, k) => (t === 0 ? 0 : t * surprise[k])));
}

// p − t. Where all of the target is on one class, p − 1 is expm1(log p), however near p is to 1.
export function crossEntropyGradient(logits, target) {
  const logs = logSoftmax(logits);
  const mass = sum(target);
  return softmax(logits).map((p, k) => (target[k] === 1 ? Math.expm1(logs[k]) : p * mass - target[k]));
}

// The loss with label smoothing where the label's logit is `gap` and the other size − 1 are 0.
export function gapLoss(gap, smoothing, size) {
  const others = (smoothing * (size - 1)) / size; // the target of all other classes together
  if (gap >= 0) return Math.log1p((size - 1) * Math.exp(-gap)) + others * gap;
  return Math.log(size - 1 + Math.exp(gap)) - (1 - others) * gap;
}

// The logit of the label above the others at which the loss with label smoothing is smallest.
export function optimalLogitGap(smoothing, size) {
  if (smoothing === 0) return Infinity;
  if (smoothing < 1e-300) return Math.log(size) - Math.log(smoothing); // the quotient could overflow
  return Math.log1p((size * (1 - smoothing)) / smoothing);
}

// The diagonal p_i (1 − p_i) as p_i times the sum of the others: 1 − p_i cancels where p_i is near 1.
export function jacobian(logits, temperature = 1) {
  const p = softmax(logits, temperature);
  const others = (i) => sum(p.filter((_, j) => j !== i));
  return p.map((pi, i) => p.map((pj, j) => (pi * (i === j ? others(i) : -pj)) / temperature));
}

// J t = p ∘ (t − ⟨p, t⟩) / T. J is symmetric, so the same line serves as the vector–Jacobian product.
export function jvp(logits, tangent, temperature = 1) {
  const p = softmax(logits, temperature);
  const mean = dot(p, tangent);
  return p.map((pi, i) => (pi * (tangent[i] - mean)) / temperature);
}

export const vjp = jvp;

// How the probabilities change when logit j rises by `step`: the difference of two softmaxes in a
// form that does not cancel. Its first-order term is column j of the Jacobian times the step.
export function nudge(logits, j, step, temperature = 1) {
  const p = softmax(logits, temperature);
  const growth = Math.expm1(step / temperature);
  const scale = (temperature * growth) / (1 + p[j] * growth);
  return jacobian(logits, temperature).map((row) => row[j] * scale);
}

// Eigenvalues of a symmetric matrix, the largest first, and unit eigenvectors, by Jacobi's method:
// each rotation makes one pair of entries zero, until all off the diagonal are.
export function symmetricEigen(matrix) {
  const n = matrix.length;
  const a = matrix.map((row) => [...row]);
  const vectors = a.map((_, i) => a.map((_, j) => (i === j ? 1 : 0)));
  const size = Math.max(...a.flat().map(Math.abs));
  for (let sweep = 0; sweep < 60; sweep++) {
    let largest = 0;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        largest = Math.max(largest, Math.abs(a[p][q]));
        rotate(a, vectors, p, q);
      }
    }
    if (!(largest > 1e-18 * size)) break;
  }
  const order = a.map((_, i) => i).sort((i, j) => a[j][j] - a[i][i]);
  return { values: order.map((i) => a[i][i]), vectors: order.map((i) => vectors[i]) };
}

// One rotation in the plane (p, q), on the matrix `a` and on the rows of `vectors`.
function rotate(a, vectors, p, q) {
  if (a[p][q] === 0) return;
  const theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
  const tangent = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const cosine = 1 / Math.hypot(tangent, 1);
  const sine = tangent * cosine;
  const turn = (x, y) => [cosine * x - sine * y, sine * x + cosine * y];
  const [pp, qq] = [a[p][p] - tangent * a[p][q], a[q][q] + tangent * a[p][q]];
  for (let k = 0; k < a.length; k++) {
    [vectors[p][k], vectors[q][k]] = turn(vectors[p][k], vectors[q][k]);
    if (k === p || k === q) continue;
    const [kp, kq] = turn(a[k][p], a[k][q]);
    a[k][p] = a[p][k] = kp;
    a[k][q] = a[q][k] = kq;
  }
  [a[p][p], a[q][q], a[p][q], a[q][p]] = [pp, qq, 0, 0];
}
