// What went wrong, where first, and why: words and marks for the steps of methods.mjs.

import { kind } from "../numerics/floats.mjs";
import { GRADES, inputEffect, outcomes } from "../numerics/methods.mjs";
import { format as shortly, formatPower } from "../numerics/numbers.mjs";
import { letter } from "../parts/classes.mjs";

// A number inside a sentence: seven digits where they are needed, powers of ten for the rest.
export function plain(x) {
  const size = Math.abs(x);
  const ordinary = size >= 1e-3 && size < 1e7;
  return ordinary ? String(Number(x.toPrecision(7))).replace("-", "−") : shortly(x, 4);
}

// A number in a table or a formula: five digits, and none that says nothing.
export const brief = (x) => plain(Number.isFinite(x) ? Number(x.toPrecision(5)) : x);

// A true value, also where a float64 cannot hold it: then by its logarithm.
export function truly({ value }, logarithm) {
  return value === 0 && Number.isFinite(logarithm) ? formatPower(logarithm) : brief(value);
}

const trueExp = (x) => (Math.exp(x) > 0 && Math.exp(x) < Infinity ? plain(Math.exp(x)) : formatPower(x));

// ── marks: a cell that is no ordinary number, and why in a word or two ───────────────────────

const mark = (value, word, format) => {
  const found = kind(value, format);
  return found === "normal" ? null : { kind: found, word: found === "subnormal" ? "subnormal" : word };
};

const inDivision = (method) => method !== "log_softmax";
const MASKED = { kind: "mask", word: "masked" };

function storedMark({ logits, stored, format }, i) {
  if (logits[i] === -Infinity) return MASKED;
  if (logits[i] === 0) return null;
  return mark(stored[i], stored[i] === 0 ? "underflow" : "overflow", format);
}

function shiftedMark({ stored, shifted, maximum, format }, i) {
  if (shifted[i] === 0) return null; // the largest logit: 0 is exact
  if (!Number.isFinite(stored[i])) return mark(shifted[i], Number.isNaN(shifted[i]) ? "∞ − ∞" : "from −∞", format);
  return mark(shifted[i], maximum === Infinity ? "− ∞" : "overflow", format);
}

function exponentialMark({ shifted, exponentials, format }, i) {
  if (Number.isNaN(shifted[i])) return mark(NaN, "from NaN", format);
  if (!Number.isFinite(shifted[i])) return mark(exponentials[i], `from ${plain(shifted[i])}`, format);
  return mark(exponentials[i], exponentials[i] === 0 ? "underflow" : "overflow", format);
}

function probabilityMark({ method, exponentials, sum, probabilities, format }, i) {
  const [e, p] = [exponentials[i], probabilities[i]];
  if (method === "log_softmax") return mark(p, Number.isNaN(p) ? "from NaN" : "underflow", format);
  if (Number.isNaN(p)) return mark(p, [e, sum].some(Number.isNaN) ? "from NaN" : quotient(e, sum), format);
  if (e === 0) return mark(p, "from 0", format);
  return mark(p, sum === Infinity ? "÷ ∞" : "underflow", format);
}

function logarithmMark({ method, logs, format }, i, truth) {
  if (logs[i] === 0) return truth.logs[i].value === 0 ? null : { kind: "lost", word: "digits lost" };
  if (Number.isNaN(logs[i])) return mark(logs[i], "from NaN", format);
  return mark(logs[i], inDivision(method) ? "log 0" : "from −∞", format);
}

function sumMark({ exponentials, sum, format }) {
  if (Number.isNaN(sum)) return mark(sum, "from NaN", format);
  if (sum === 0) return mark(sum, "all are 0", format);
  return mark(sum, exponentials.includes(Infinity) ? "from ∞" : "overflow", format);
}

function lossMark({ probabilities, method, label, logits, loss, format }) {
  if (logits[label] === -Infinity && !Number.isNaN(loss)) return MASKED;
  if (loss === 0) return null;
  return mark(loss, Number.isNaN(loss) ? "from NaN" : probabilities[label] === 0 && inDivision(method) ? "log 0" : "overflow", format);
}

// Marks for every cell, by step. A masked class is 0 or −∞ on purpose.
export function marks(trace, truth) {
  const each = (rule) => trace.logits.map((z, i) => {
    const found = rule(trace, i, truth);
    return found && z === -Infinity && found.kind !== "nan" ? MASKED : found;
  });
  return {
    stored: each(storedMark), shifted: each(shiftedMark), exponentials: each(exponentialMark),
    probabilities: each(probabilityMark), logs: each(logarithmMark), sum: sumMark(trace), loss: lossMark(trace),
    gradient: trace.gradient.map((g) => (Number.isNaN(g) ? mark(g, "from NaN", trace.format) : null)),
  };
}

// ── the first fault, in a sentence ───────────────────────────────────────────────────────────

const quotient = (a, b) => `${brief(a)} ÷ ${brief(b)}`;
const terms = ({ exponentials, sum }) => exponentials.filter((e) => e !== 0).map(brief).join(" + ");

// One sentence a kind of fault, for the class `i` where it happens in the format `f`.
const SENTENCES = {
  stored: ({ logits }, i, f) =>
    `${plain(logits[i])} is beyond ${f.name}’s largest number, ${plain(f.max)}: stored as ${logits[i] < 0 ? "−∞" : "∞"}.`,
  gap: ({ stored, maximum }, i, f) =>
    `${plain(stored[i])} − ${plain(maximum)} is beyond ${f.name}’s lowest number, ${plain(-f.max)} → −∞.`,
  over: ({ shifted }, i, f) =>
    `exp(${plain(shifted[i])}) = ${trueExp(shifted[i])} is above ${f.name}’s largest number, ${plain(f.max)} → ∞.`,
  sum: (trace, i, f) =>
    `Each exponential fits, but the sum ${terms(trace)} is above ${f.name}’s largest number, ${plain(f.max)} → ∞.`,
  under: ({ shifted }, i, f) =>
    `exp(${plain(shifted[i])}) = ${trueExp(shifted[i])} is below half of ${f.name}’s smallest number, ${plain(f.smallest)} → 0.`,
  quotient: ({ exponentials, sum }, i, f) =>
    `${quotient(exponentials[i], sum)} is below half of ${f.name}’s smallest number, ${plain(f.smallest)} → 0.`,
  subnormal: ({ shifted }, i, f) =>
    `exp(${plain(shifted[i])}) = ${trueExp(shifted[i])} is below ${f.name}’s smallest normal number, ${plain(f.smallestNormal)}: it is stored with fewer digits.`,
  absorbed: (trace, i, f) =>
    `In ${f.name} the sum ${terms(trace)} is ${brief(trace.sum)}: the small terms are lost.`,
};

// The faults of a trace as [sentence, step, class], the causes before what they cause.
function faults(trace, found) {
  const first = (cells, kind, word) => cells.findIndex((m) => m !== null && m.kind === kind && m.word === word);
  const { method, exponentials, sum } = trace;
  const positive = exponentials.filter((e) => e > 0);
  const absorbed = positive.length > 1 && sum < Infinity && positive.includes(sum);
  return [
    ["stored", "stored", first(found.stored, "inf", "overflow")],
    ["over", "exponentials", first(found.exponentials, "inf", "overflow")],
    ["sum", "sum", first([found.sum], "inf", "overflow")],
    ["gap", "shifted", method === "naive" ? -1 : first(found.shifted, "inf", "overflow")],
    ["under", "exponentials", first(found.exponentials, "zero", "underflow")],
    ["quotient", "probabilities", !inDivision(method) ? -1 : first(found.probabilities, "zero", "underflow")],
    ["subnormal", "exponentials", first(found.exponentials, "subnormal", "subnormal")],
    ["absorbed", "sum", absorbed ? 0 : -1],
  ].filter(([, , index]) => index >= 0);
}

// What the fault leads to: each kind of operation that has no ordinary result, once.
function consequences(trace, found) {
  const { method, exponentials, sum, probabilities, stored, maximum, label, loss } = trace;
  const at = (cells, test) => cells.findIndex((m) => m !== null && test(m));
  const operations = [];
  const undefinedGap = at(found.shifted, (m) => m.word === "∞ − ∞");
  if (method !== "naive" && undefinedGap >= 0) operations.push(`${plain(stored[undefinedGap])} − ${plain(maximum)} = NaN`);
  if (inDivision(method)) {
    const undefinedShare = at(found.probabilities, (m) => m.kind === "nan" && m.word !== "from NaN");
    const crushed = at(found.probabilities, (m) => m.word === "÷ ∞");
    if (undefinedShare >= 0) operations.push(`${found.probabilities[undefinedShare].word} = NaN`);
    if (crushed >= 0) operations.push(`${quotient(exponentials[crushed], sum)} = 0`);
  }
  if (method === "log_of_softmax" && at(found.logs, (m) => m.word === "log 0") >= 0) operations.push("log 0 = −∞");
  const masked = trace.logits[label] === -Infinity;
  if (!Number.isFinite(loss) && !masked) {
    operations.push(`the loss is ${probabilities[label] === 0 && inDivision(method) ? "−log 0 = " : ""}${plain(loss)}`);
  }
  return operations;
}

// What automatic differentiation makes of log(p) at p = 0: it multiplies by 1 ÷ p.
function backward({ method, probabilities, logits, label }) {
  const lost = inDivision(method) && probabilities[label] === 0 && logits[label] !== -Infinity;
  return lost ? " Backpropagation through these steps divides by that 0 and turns every gradient into NaN." : "";
}

// ── the verdict ──────────────────────────────────────────────────────────────────────────────

// On one method in one format: a grade, a headline, sentences, the marks, and the first faulty cell.
export function diagnose(trace, truth) {
  const found = marks(trace, truth);
  const results = outcomes(trace, truth);
  const fault = faults(trace, found)[0];
  const worst = [...results].sort((a, b) => GRADES.indexOf(a.grade) - GRADES.indexOf(b.grade))[0];
  const inputs = storing(trace);
  const grade = worst.grade === "right" && inputs.moved ? "few digits" : worst.grade;
  return {
    found, grade, inputs: worst.grade === "right" && inputs.moved ? "" : inputs.text,
    first: fault && { step: fault[1], index: fault[2] },
    headline: HEADLINES[grade] ?? "Wrong",
    text: explain(trace, found, results, worst, fault, inputs),
  };
}

const HEADLINES = { right: "Right", "few digits": "Inaccurate" };

function explain(trace, found, results, worst, fault, inputs) {
  const { logits, format } = trace;
  if (logits.every((z) => z === -Infinity)) {
    return "Every class is masked. There is nothing to share out, and every method gives NaN.";
  }
  if (worst.grade === "right" && inputs.moved) {
    return `${inputs.text} The steps after that do no harm: ${withoutCapital(largestError(results, format))}`;
  }
  const sentence = fault
    ? SENTENCES[fault[0]](trace, fault[2], format)
    : `Every step stays within ${format.name}’s normal numbers.`;
  if (worst.grade === "right") return `${sentence} ${largestError(results, format)}`;
  const then = worst.grade === "few digits" ? [] : consequences(trace, found);
  return `${sentence} ${then.length ? `Then ${then.join("; ")}.${backward(trace)}` : compared(worst)}`;
}

const withoutCapital = (text) => text[0].toLowerCase() + text.slice(1);

function compared({ name, index, value, truth }) {
  const ofClass = index === undefined ? name : name.startsWith("the") ? `${name} ${letter(index)}` : `${name}(${letter(index)})`;
  return `So ${ofClass} is ${brief(value)}; the true value is ${brief(truth.value)}.`;
}

function largestError(results, format) {
  const errors = results.map(({ value, truth }) => Math.abs(value - truth.value)).filter(Number.isFinite);
  const largest = Math.max(...errors);
  return largest > 0
    ? `No result is off by more than ${shortly(largest, 2)}.`
    : `Every result is as near as ${format.name} gets.`;
}

// What storing the logits in the format did to them, before any step.
function storing({ logits, stored, format }) {
  const changed = logits.findIndex((z, i) => z !== stored[i]);
  const distance = inputEffect(logits, stored);
  const moved = distance > Math.sqrt(format.unitRoundoff);
  if (changed < 0) return { moved, text: `${format.name} stores these logits exactly.` };
  const example = `${format.name} stores ${plain(logits[changed])} as ${plain(stored[changed])}`;
  const effect = Number.isNaN(distance) || distance === 0 ? "" : `, which alone moves a probability by ${shortly(distance, 2)}`;
  return { moved, text: `${example}${effect}.` };
}
