// What a typed text means as a number: `softmaxbook.checking.questions` reads by the same rules.

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺";
const SIGNS = [[/[−–‐‑﹣－]/g, "-"], [/[·⋅∙•×✕*]/g, "*"], [/[⁄∕÷]/g, "/"], [/٫/g, "."], [/٬/g, ","], [/[٪﹪]/g, "%"]];

// A typed text with the digits and signs of one alphabet, and without spaces.
function plainly(text) {
  const level = (power) => "^" + [...power].map((each) => "0123456789-+"[RAISED.indexOf(each)]).join("");
  const raised = text.replace(new RegExp(`(?<=[0-9])[${RAISED}]+`, "gu"), level);
  let plain = raised.replace(new RegExp(`[${RAISED}]`, "gu"), "^").normalize("NFKC").toLowerCase();
  for (const [signs, sign] of SIGNS) plain = plain.replace(signs, sign);
  plain = plain.replace(/\p{Nd}/gu, digit);
  plain = plain.replace(/(?<=[0-9])[\s_'’](?=[0-9]{3}(?![0-9]))/g, "");  // groups of three digits
  plain = plain.replace(/\s+(?=[^0-9.,∞]|$)|(?<=[^0-9.,])\s+|^\s+/g, "");
  return plain.replace(/^[≈=~+]+/, "");
}

// Digits of every script stand in tens, from 0 to 9, in Unicode's order.
function digit(character) {
  const code = character.codePointAt(0);
  let zero = code;
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String(code < 128 ? Number(character) : code - zero);
}

// Every number that a typed text can mean; none where it is no number.
// "0,5" is a half; "65,504" may be that, or sixty-five thousand; "70 %" is 0.7; "1/3" a third.
export function readings(text, percent = false) {
  let plain = plainly(text);
  if (plain === "nan") return [NaN];
  const infinite = /^(-?)(∞|inf|infinity)$/.exec(plain);
  if (infinite) return [infinite[1] ? -Infinity : Infinity];
  const hundredths = plain.endsWith("%");
  if (hundredths) plain = plain.slice(0, -1);
  const values = fractions(plain);
  if (hundredths) return values.map((value) => value / 100);
  // A bare 70 where a probability is asked for is read as seventy per cent.
  const hundredth = (value) => value > 1 && value <= 100;
  return percent ? [...values, ...values.filter(hundredth).map((value) => value / 100)] : values;
}

function fractions(plain) {
  const parts = plain.split("/");
  if (parts.length > 2) return [];
  const [above, below] = [powers(parts[0]), parts.length === 2 ? powers(parts[1]) : [1]];
  return above.flatMap((a) => below.filter((b) => b !== 0).map((b) => a / b));
}

// 2^-24, 2**-24, 3·10^5, 3x10^5, 3e5
function powers(plain) {
  const match = /^(?:(.+?)(?:\*|x))?(-?[\d.,]+)(?:\^|\*\*)\(?([-+]?\d+)\)?$/.exec(plain);
  if (!match) return decimals(plain);
  const [, factor, base, exponent] = match;
  const factors = factor === undefined ? [1] : decimals(factor);
  return factors.flatMap((f) => decimals(base).filter((b) => b !== 0).map((b) => f * b ** Number(exponent)));
}

// What a decimal number can mean: a comma may divide its digits, or group them.
function decimals(plain) {
  if (!/^-?(\d[\d.,]*|[.,]\d+)(e[+-]?\d+)?$/.test(plain)) return [];
  const candidates = new Set();
  const count = (sign) => plain.split(sign).length - 1;
  if (count(",") === 0) candidates.add(plain);
  if (count(",") === 1 && !plain.includes(".")) candidates.add(plain.replace(",", "."));
  if (/^-?[1-9]\d{0,2}(,\d{3})+(\.\d*)?$/.test(plain)) candidates.add(plain.replaceAll(",", ""));
  if (/^-?[1-9]\d{0,2}(\.\d{3})+(,\d*)?$/.test(plain) && (count(".") > 1 || plain.includes(","))) {
    candidates.add(plain.replaceAll(".", "").replace(",", "."));
  }
  return [...candidates].map(Number).filter((value) => !Number.isNaN(value));
}
