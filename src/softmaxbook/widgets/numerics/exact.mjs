// Numbers m · 2^e with an integer m of 192 bits: the true values that float formats are held against.
// Also what makes exp and log correctly rounded in every format, whatever the browser's own are.

const BITS = 192;
const FRACTION = 256; // bits after the point where an exponential or logarithm is summed up
const GONE = 1e6; // exp(−GONE) is far below the smallest number of any format here

export const ZERO = { m: 0n, e: 0 };
export const ONE = { m: 1n, e: 0 };

const size = (m) => (m < 0n ? -m : m);
const shifted = (m, by) => (by >= 0 ? m << BigInt(by) : m >> BigInt(-by));

function bitLength(m) {
  const digits = size(m).toString(16);
  return 4 * (digits.length - 1) + 32 - Math.clz32(parseInt(digits[0], 16));
}

// Rounded to odd: the last bit says whether anything was cut off, so that a later rounding to
// nearest still knows on which side of a midpoint the number lies.
function trimmed(m, e) {
  const extra = BigInt(Math.max(0, bitLength(m) - BITS));
  const kept = m >> extra;
  return { m: kept << extra === m ? kept : kept | 1n, e: e + Number(extra) };
}

const view = new DataView(new ArrayBuffer(8));

// floor(log2 |x|) of a float64, −1023 for its zeros and subnormal numbers.
export function exponentOf(x) {
  view.setFloat64(0, x);
  return ((view.getUint32(0) >>> 20) & 0x7ff) - 1023;
}

// A finite float64, exactly.
export function exact(x) {
  const e = Math.max(exponentOf(x), -1022) - 52;
  // Two steps, because 2^−e itself may be too large for a float64.
  const half = Math.trunc(-e / 2);
  return x === 0 ? ZERO : { m: BigInt(x * 2 ** half * 2 ** (-e - half)), e };
}

// floor(log2 |x|); x must not be 0.
export const magnitude = ({ m, e }) => bitLength(m) - 1 + e;
export const isZero = ({ m }) => m === 0n;
export const negative = ({ m, e }) => ({ m: -m, e });

export function plus(a, b) {
  if (isZero(a) || isZero(b)) return isZero(a) ? b : a;
  const [large, small] = magnitude(a) >= magnitude(b) ? [a, b] : [b, a];
  // Of what lies far below all bits of the larger number, only the sign matters.
  const floor = magnitude(large) - 2 * FRACTION;
  const low = magnitude(small) < floor ? { m: small.m < 0n ? -1n : 1n, e: floor } : small;
  const e = Math.min(large.e, low.e);
  return trimmed(shifted(large.m, large.e - e) + shifted(low.m, low.e - e), e);
}

export const minus = (a, b) => plus(a, negative(b));
export const times = (a, b) => trimmed(a.m * b.m, a.e + b.e);

export function over(a, b) {
  const by = Math.max(0, 2 * BITS + bitLength(b.m) - bitLength(a.m));
  return trimmed(shifted(a.m, by) / b.m, a.e - by - b.e);
}

export const total = (values) => values.reduce(plus, ZERO);

const fixed = ({ m, e }) => shifted(m, e + FRACTION);
const product = (a, b) => (a * b) >> BigInt(FRACTION);

// log 2 = Σ 2 / ((2n + 1) 3^(2n+1)), the series of 2 artanh(1/3).
const LOG_2 = (() => {
  let [sum, power] = [0n, (2n << BigInt(FRACTION + 32)) / 3n];
  for (let n = 1n; power > 0n; n += 2n, power /= 9n) sum += power / n;
  return sum >> 32n;
})();

// exp(x) = 2^k exp(r) with |r| ≤ log 2 / 2, and the power series for exp(r).
export function exponential(x) {
  if (isZero(x)) return ONE;
  if (x.m < 0n && magnitude(x) >= Math.log2(GONE)) return ZERO;
  const argument = fixed(x);
  const k = (2n * argument + LOG_2) / (2n * LOG_2) - (argument < 0n ? 1n : 0n);
  const r = argument - k * LOG_2;
  let [sum, term] = [0n, 1n << BigInt(FRACTION)];
  for (let n = 1n; term !== 0n && term !== -1n; n += 1n) {
    sum += term;
    term = product(term, r) / n;
  }
  return { m: sum, e: Number(k) - FRACTION };
}

// log(x) = y + log(1 + w) with y the float64 logarithm and w = x exp(−y) − 1, which is tiny.
export function logarithm(x) {
  const scale = magnitude(x) - 52;
  const y = exact(Math.log(Number(shifted(x.m, x.e - scale))) + scale * Math.LN2);
  const w = fixed(minus(times(x, exponential(negative(y))), ONE));
  let [sum, power] = [0n, w];
  for (let n = 1n; n <= 6n; n += 1n, power = -product(power, w)) sum += power / n;
  return plus(y, { m: sum, e: -FRACTION });
}

// log(1 + x) for x ≥ 0, without losing a small x.
export function logarithmOfOnePlus(x) {
  if (isZero(x) || magnitude(x) > -BITS / 3) return isZero(x) ? ZERO : logarithm(plus(ONE, x));
  const square = times(x, x);
  return total([x, negative({ m: square.m, e: square.e - 1 }), over(times(square, x), exact(3))]);
}

// The nearest number of a format, ties to even, subnormal numbers included.
export function nearest(x, { precision, minExponent, max }) {
  if (isZero(x)) return 0;
  const unit = Math.max(magnitude(x), minExponent) - precision + 1;
  if (magnitude(x) < unit - 1) return x.m < 0n ? -0 : 0;
  const by = unit - x.e;
  let count = shifted(size(x.m), -by);
  if (by > 0) {
    const rest = size(x.m) - shifted(count, by);
    const half = 1n << BigInt(by - 1);
    if (rest > half || (rest === half && count % 2n === 1n)) count += 1n;
  }
  const value = Number(count) * 2 ** unit;
  return (x.m < 0n ? -1 : 1) * (value > max ? Infinity : value);
}
