// Numbers in general: the first n, one kept within bounds, one as text, and text as one.

import { readings } from "./readings.mjs";

export const range = (n) => Array.from({ length: n }, (_, i) => i);

export const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

const SUPERSCRIPTS = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

const superscript = (integer) => [...String(Number(integer))].map((digit) => SUPERSCRIPTS[digit]).join("");

// A number for reading: `digits` significant digits, powers of ten written as such.
export function format(value, digits = 3) {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e5 || size < 1e-3) {
    const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
    return `${mantissa}·10${superscript(exponent)}`.replace("-", "−");
  }
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(size)));
  return value.toFixed(decimals).replace("-", "−");
}

// The number e^logarithm for reading, also where it is too large or too small for a float64.
export function formatPower(logarithm, digits = 3) {
  const exponent = Math.floor(logarithm / Math.LN10);
  const mantissa = Math.exp(logarithm - exponent * Math.LN10).toFixed(digits - 1);
  // Digits such as 9.999 round up to the next power of ten.
  return Number(mantissa) < 10
    ? `${mantissa}·10${superscript(exponent)}`
    : `${(1).toFixed(digits - 1)}·10${superscript(exponent + 1)}`;
}

const DUST = 1e-12; // what rounding leaves where a sum should be 0

// A number with a fixed count of decimals, with a true minus sign. One too small for its decimals is no
// zero, and does not read like one; what rounding left of a zero does.
export function fixed(value, decimals = 2) {
  const size = Math.abs(value);
  if (!Number.isFinite(value) || (size > DUST && size < 0.5 * 10 ** -decimals)) return format(value, 1);
  const text = value.toFixed(decimals);
  return (Number(text) === 0 ? text.replace("-", "") : text).replace("-", "−");
}

// The same for what no rounding leaves: a probability, a loss, an entropy. It is 0 only where it reads so.
export function positive(value, decimals = 3) {
  if (value === 0) return "0";
  return value < 0.5 * 10 ** -decimals ? format(value, 1) : fixed(value, decimals);
}

// A digit with the article that it is read with: “a 7”, “an 8”.
export const withArticle = (digit) => `${String(digit) === "8" ? "an" : "a"} ${digit}`;

// A number as Python writes it.
export function pythonNumber(value) {
  if (Number.isNaN(value)) return "float('nan')";
  if (!Number.isFinite(value)) return value > 0 ? "float('inf')" : "-float('inf')";
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`; // without either, Python reads an integer
}

export const pythonList = (values) => `[${values.map(pythonNumber).join(", ")}]`;

// What the reader typed, as a number; NaN where it is none. A comma may be the decimal sign.
export const parseNumber = (text) => readings(text)[0] ?? NaN;
