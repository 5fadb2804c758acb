// Four float formats, bit by bit: every operation rounds to the nearest number of its format,
// ties to even, with subnormal numbers, infinities and NaN.
// They follow src/softmaxbook/numerics/overflow.py and real NumPy and PyTorch arithmetic (tests/widgets/test_floats.py).

import { exact, exponential, exponentOf, logarithm, magnitude, minus, isZero, nearest } from "./exact.mjs";

function floatFormat(name, precision, minExponent, maxExponent) {
  const smallest = 2 ** (minExponent - precision + 1);
  return {
    name, precision, minExponent, maxExponent,
    max: (2 - 2 ** (1 - precision)) * 2 ** maxExponent,
    smallestNormal: 2 ** minExponent,
    smallest,
    unitRoundoff: 2 ** -precision,
    // Where exp(x) leaves the format: from half a unit above the largest number on it is ∞,
    // below the smallest normal number it is subnormal, at half the smallest number it is 0.
    thresholds: {
      overflow: maxExponent * Math.LN2 + Math.log(2 - 2 ** -precision),
      subnormal: minExponent * Math.LN2,
      underflow: (minExponent - precision) * Math.LN2,
    },
  };
}

export const FORMATS = Object.fromEntries([
  floatFormat("float16", 11, -14, 15),
  floatFormat("bfloat16", 8, -126, 127),
  floatFormat("float32", 24, -126, 127),
  floatFormat("float64", 53, -1022, 1023),
].map((format) => [format.name, format]));

// 2^52 added and taken away leaves an integer: the float64 addition itself rounds, ties to even.
const INTEGERS_ONLY = 2 ** 52;

export function round(x, { precision, minExponent, max }) {
  if (precision === 53 || x === 0 || !Number.isFinite(x)) return x;
  const unit = 2 ** (Math.max(exponentOf(x), minExponent) - precision + 1);
  const rounded = (Math.abs(x) / unit + INTEGERS_ONLY - INTEGERS_ONLY) * unit;
  return Math.sign(x) * (rounded > max ? Infinity : rounded);
}

// Rounding a float64 result again is safe: 53 ≥ 2 · 24 + 2 bits (Figueroa 1995).
export const add = (a, b, format) => round(a + b, format);
export const subtract = (a, b, format) => round(a - b, format);
export const divide = (a, b, format) => round(a / b, format);

// From left to right. NumPy and PyTorch add up the 16-bit formats in float32 and round the sum once.
export function sum(values, format) {
  const wide = format.precision < 24 ? FORMATS.float32 : format;
  return round(values.reduce((total, value) => add(total, value, wide), 0), format);
}

// A browser's exp and log may be off by a float64's last bits. Where these bits decide the rounding,
// and always in float64, 192 bits do.
const DOUBT = 2 ** -48;

function rounded(approximation, precise, format) {
  if (format.precision < 53) {
    const [low, high] = [1 - DOUBT, 1 + DOUBT].map((factor) => round(approximation * factor, format));
    if (low === high) return low;
  }
  return nearest(precise(), format);
}

export function exp(x, format) {
  if (Number.isNaN(x)) return NaN;
  if (x > format.thresholds.overflow + 1) return Infinity;
  if (x < format.thresholds.underflow - 1) return 0;
  return x === 0 ? 1 : rounded(Math.exp(x), () => exponential(exact(x)), format);
}

export function log(x, format) {
  if (Number.isNaN(x) || x < 0) return NaN;
  if (x === 0 || x === Infinity) return x === 0 ? -Infinity : Infinity;
  return x === 1 ? 0 : rounded(Math.log(x), () => logarithm(exact(x)), format);
}

// How far `value` is from the true number, in units of the format's last place at the true number.
export function ulps(value, truth, format) {
  if (!Number.isFinite(value)) return value === nearest(truth, format) ? 0 : NaN;
  const exponent = isZero(truth) ? format.minExponent : magnitude(truth);
  const place = Math.max(exponent, format.minExponent) - format.precision + 1;
  const { m, e } = minus(exact(value), truth);
  return Math.abs(nearest({ m, e: e - place }, FORMATS.float64));
}

// "nan", "inf", "zero", "subnormal" or "normal".
export function kind(x, format) {
  if (Number.isNaN(x)) return "nan";
  if (x === 0 || !Number.isFinite(x)) return x === 0 ? "zero" : "inf";
  return Math.abs(x) < format.smallestNormal ? "subnormal" : "normal";
}
