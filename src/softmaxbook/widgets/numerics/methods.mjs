// Four ways to compute softmax and the loss, step by step in a float format, and the true values.

import { softmax } from "./softmax.mjs";
import {
  ZERO, exact, exponential, isZero, logarithmOfOnePlus, minus, nearest, negative, over, total,
} from "./exact.mjs";
import { FORMATS, divide, exp, log, round, subtract, sum } from "./floats.mjs";

export const METHODS = {
  naive: "naive softmax",
  shifted: "shifted softmax",
  log_of_softmax: "log of softmax",
  log_softmax: "log-softmax",
};

// Whether a method ends in log p rather than in p.
export const inLogs = (method) => method.startsWith("log");

// Every intermediate value of `method`, each rounded to the format. −∞ is a mask.
export function run(method, logits, label, format) {
  const stored = logits.map((z) => round(z, format));
  const maximum = Math.max(...stored);
  const shifted = method === "naive" ? stored : stored.map((z) => subtract(z, maximum, format));
  const exponentials = shifted.map((x) => exp(x, format));
  const trace = { method, label, format, logits, stored, maximum, shifted, exponentials, sum: sum(exponentials, format) };
  Object.assign(trace, method === "log_softmax" ? viaLogarithms(trace) : viaDivision(trace));
  trace.results = inLogs(method) ? trace.logs : trace.probabilities;
  trace.loss = -trace.logs[label];
  trace.gradient = trace.probabilities.map((p, i) => (i === label ? subtract(p, 1, format) : p));
  return trace;
}

function viaDivision({ exponentials, sum, format }) {
  const probabilities = exponentials.map((e) => divide(e, sum, format));
  return { probabilities, logs: probabilities.map((p) => log(p, format)) };
}

function viaLogarithms({ shifted, sum, format }) {
  const logSum = log(sum, format);
  const logs = shifted.map((d) => subtract(d, logSum, format));
  return { logSum, logs, probabilities: logs.map((l) => exp(l, format)) };
}

// A true number: exact to 192 bits, and the float64 nearest to it for showing.
const numberOf = (precise) => ({ exact: precise, value: nearest(precise, FORMATS.float64) });
const beyond = (value) => ({ exact: null, value });

// The true probabilities, their logarithms, the loss and its gradient for logits as they stand.
export function truth(logits, label) {
  const top = Math.max(...logits);
  if (!(top > -Infinity)) return undefinedTruth(logits);
  // +∞ shares its mass among the +∞ entries.
  const values = top === Infinity ? logits.map((z) => (z === top ? 0 : -Infinity)) : logits;
  const largest = exact(top === Infinity ? 0 : top);
  const gaps = values.map((z) => (z === -Infinity ? null : minus(exact(z), largest)));
  const weights = gaps.map((gap) => (gap ? exponential(gap) : ZERO));
  const without = (index) => total(weights.filter((_, i) => i !== index));
  const logSum = logarithmOfOnePlus(without(logits.indexOf(top)));
  const whole = total(weights);
  const logs = gaps.map((gap) => (gap ? numberOf(minus(gap, logSum)) : beyond(-Infinity)));
  const probabilities = weights.map((weight) => numberOf(over(weight, whole)));
  const ofLoss = logs[label].exact;
  return {
    probabilities, logs,
    loss: ofLoss ? numberOf(negative(ofLoss)) : beyond(Infinity),
    // p − 1 as minus the sum of the others: where p is near 1 the difference would cancel.
    gradient: probabilities.map((p, i) => (i === label ? numberOf(negative(over(without(i), whole))) : p)),
  };
}

function undefinedTruth(logits) {
  const nothing = logits.map(() => beyond(NaN));
  return { probabilities: nothing, logs: nothing, loss: beyond(NaN), gradient: nothing };
}

// Verdicts on one number, from the worst to the best.
export const GRADES = ["NaN", "∞", "0", "few digits", "right"];
const worst = (grades) => GRADES[Math.min(...grades.map((grade) => GRADES.indexOf(grade)))];

// Compares a computed number with the true one. `floor` is the size below which an error counts as
// absolute. “few digits”: fewer than half of the format's digits are right.
export function grade(computed, { exact: precise, value }, format, floor) {
  if (Number.isNaN(computed)) return "NaN";
  const wanted = precise ? nearest(precise, format) : value;
  if (!Number.isFinite(computed)) return computed === wanted ? "right" : "∞";
  if (!Number.isFinite(wanted)) return "few digits";
  const error = Math.abs(nearest(minus(exact(computed), precise), FORMATS.float64));
  if (error <= Math.max(Math.abs(value), floor) * Math.sqrt(format.unitRoundoff)) return "right";
  return computed === 0 && !isZero(precise) ? "0" : "few digits";
}

// Every number that a method ends in, with its truth: the results, the loss, the gradient.
export function outcomes(trace, true_) {
  const logs = inLogs(trace.method);
  const results = trace.results.map((value, i) => ({
    name: logs ? "log p" : "p", index: i, value, truth: (logs ? true_.logs : true_.probabilities)[i],
    // A probability keeps its digits down to the smallest normal number; a logarithm near 0 need not.
    floor: logs ? 1 : trace.format.smallestNormal,
  }));
  const loss = { name: "the loss", value: trace.loss, truth: true_.loss, floor: 1 };
  const slopes = trace.gradient.map((value, i) => (
    { name: "the gradient of", index: i, value, truth: true_.gradient[i], floor: 1 }));
  return [...results, loss, ...slopes].map((outcome) => (
    { ...outcome, grade: grade(outcome.value, outcome.truth, trace.format, outcome.floor) }));
}

// How far storing the logits in the format moves a probability, in exact arithmetic after it.
export function inputEffect(logits, stored) {
  const [typed, kept] = [softmax(logits), softmax(stored)];
  return Math.max(...typed.map((p, i) => Math.abs(p - kept[i])));
}

// The grade of every method in every format, for the same logits.
export function survey(logits, label) {
  return Object.fromEntries(Object.values(FORMATS).map((format) => {
    const stored = logits.map((z) => round(z, format));
    const true_ = truth(stored, label);
    const moved = inputEffect(logits, stored) > Math.sqrt(format.unitRoundoff);
    const judge = (method) => worst([
      moved ? "few digits" : "right",
      ...outcomes(run(method, logits, label, format), true_).map((outcome) => outcome.grade),
    ]);
    return [format.name, Object.fromEntries(Object.keys(METHODS).map((method) => [method, judge(method)]))];
  }));
}
