// The numerics behind every explorable: pure functions on arrays of numbers, no page, no state.
// They follow src/softmaxbook line by line and agree with it to 1e-12 (tests/test_core.py).

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
    gaps.push(gap / temperature);
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

export const sum = (values) => values.reduce((total, value) => total + value, 0);
export const dot = (a, b) => sum(a.map((value, i) => value * b[i]));

export function entropy(probabilities) {
  return -sum(probabilities.map((p) => (p > 0 ? p * Math.log(p) : p === 0 ? 0 : NaN)));
}

export function sigmoid(x) {
  return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
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
