// Softmax regression on points of the plane, and the two ways to make many classes out of two:
// pure functions, no page. They follow objectives.py, regression.py and multiclass.py, with the same
// penalty, and agree with them to 1e-8 (tests/widgets/test_fitting.py).
//
// A sample is [x, y, class]; a row of parameters is [weight of x, weight of y, intercept].

import { clamp, range } from "./numbers.mjs";
import { ascending, dot, sigmoid, sum } from "./softmax.mjs";

const MOST_STEPS = 100;
const SMALL = 1e-15; // no entry of the gradient of the mean loss is larger at the end
const EPSILON = 2 ** -52;
const largest = (values) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

// A fit and the contours take thousands of logits and probabilities: plain loops, and few lists.
function argmax(values) {
  let top = 0;
  for (let k = 1; k < values.length; k++) if (values[k] > values[top]) top = k;
  return top;
}

export const logit = (row, x, y) => row[0] * x + row[1] * y + row[2];

function logSoftmax(logits) {
  const top = argmax(logits);
  let rest = 0;
  for (let k = 0; k < logits.length; k++) if (k !== top) rest += Math.exp(logits[k] - logits[top]);
  const total = Math.log1p(rest);
  return logits.map((z) => z - logits[top] - total);
}

// −log(1 + e^−z), the logarithm of the sigmoid.
const logSigmoid = (z) => (z >= 0 ? -Math.log1p(Math.exp(-z)) : z - Math.log1p(Math.exp(z)));

// The solution of matrix · x = target, by Gaussian elimination with partial pivoting.
export function solve(matrix, target) {
  const n = target.length;
  const rows = matrix.map((row, i) => [...row, target[i]]);
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(rows[i][k]) > Math.abs(rows[pivot][k])) pivot = i;
    [rows[k], rows[pivot]] = [rows[pivot], rows[k]];
    for (let i = k + 1; i < n; i++) {
      const factor = rows[i][k] / rows[k][k];
      for (let j = k; j <= n; j++) rows[i][j] -= factor * rows[k][j];
    }
  }
  const x = Array(n).fill(0);
  for (let k = n - 1; k >= 0; k--) {
    let rest = rows[k][n];
    for (let j = k + 1; j < n; j++) rest -= rows[k][j] * x[j];
    x[k] = rest / rows[k][k];
  }
  return x;
}

// ── softmax regression ───────────────────────────────────────────────────────────────────────

// The mean cross-entropy plus the penalty on the weights, its gradient, and every sample's
// probabilities. Parameters stand in one list, class after class.
function evaluate({ samples, size, ridge }, parameters) {
  const rows = range(size).map((k) => parameters.slice(3 * k, 3 * k + 3));
  const gradient = Array(3 * size).fill(0);
  let value = 0;
  const probabilities = samples.map(([x, y, label]) => {
    const logs = logSoftmax(rows.map((row) => logit(row, x, y)));
    value -= logs[label] / samples.length;
    const p = logs.map(Math.exp);
    for (let k = 0; k < size; k++) {
      const residual = (p[k] - (k === label ? 1 : 0)) / samples.length;
      gradient[3 * k] += residual * x;
      gradient[3 * k + 1] += residual * y;
      gradient[3 * k + 2] += residual;
    }
    return p;
  });
  for (let a = 0; a < 3 * size; a++) {
    if (a % 3 === 2) continue; // intercepts carry no penalty
    value += (ridge / 2) * parameters[a] ** 2;
    gradient[a] += ridge * parameters[a];
  }
  return { value, gradient, probabilities };
}

// Adds the mean of (diag(p) − p pᵀ) ⊗ x xᵀ below the diagonal of h.
function addCurvature(h, samples, probabilities, size) {
  samples.forEach(([x, y], i) => {
    const p = probabilities[i];
    for (let k = 0; k < size; k++) {
      for (let l = 0; l <= k; l++) {
        const bend = (p[k] * ((k === l ? 1 : 0) - p[l])) / samples.length;
        const [bx, by] = [bend * x, bend * y];
        const [first, second, third] = [h[3 * k], h[3 * k + 1], h[3 * k + 2]];
        first[3 * l] += bx * x;
        first[3 * l + 1] += bx * y;
        first[3 * l + 2] += bx;
        second[3 * l] += bx * y;
        second[3 * l + 1] += by * y;
        second[3 * l + 2] += by;
        third[3 * l] += bx;
        third[3 * l + 1] += by;
        third[3 * l + 2] += bend;
      }
    }
  });
}

// Equal intercepts change no probability: a 1 between all intercepts keeps the matrix regular, and
// the sum of their steps 0.
function hessian({ samples, size, ridge }, probabilities) {
  const n = 3 * size;
  const h = range(n).map(() => Array(n).fill(0));
  addCurvature(h, samples, probabilities, size);
  for (let a = 0; a < n; a++) {
    if (a % 3 === 2) for (let b = 2; b <= a; b += 3) h[a][b] += 1;
    else h[a][a] += ridge;
    for (let b = 0; b < a; b++) h[b][a] = h[a][b];
  }
  return h;
}

// Newton's step, halved until the value falls by a share of what the slope promises.
function lineSearch(problem, { parameters, value, gradient, probabilities }) {
  const step = solve(hessian(problem, probabilities), gradient.map((g) => -g));
  const slope = dot(gradient, step);
  const noise = 4 * EPSILON * Math.abs(value);
  for (let share = 1; share > 1e-12; share /= 2) {
    const trial = parameters.map((theta, a) => theta + share * step[a]);
    const found = evaluate(problem, trial);
    const lower = found.value < value + 1e-4 * share * slope;
    // Near the minimum differences of values drown in rounding; the gradient still tells.
    const level = found.value <= value + noise && largest(found.gradient) < largest(gradient);
    if (lower || level) return { parameters: trial, ...found };
  }
  return null;
}

// Rows of parameters, one a class, that minimise Σ cross-entropy + penalty · ‖weights‖² / 2.
// Classes are numbers from 0 to size − 1, each of which occurs.
export function fitSoftmax(samples, size, penalty) {
  const problem = { samples, size, ridge: penalty / samples.length };
  const start = Array(3 * size).fill(0);
  let state = { parameters: start, ...evaluate(problem, start) };
  for (let step = 0; step < MOST_STEPS && largest(state.gradient) > SMALL; step++) {
    const next = lineSearch(problem, state);
    if (!next) break; // rounding hides what is left of the way down
    state = next;
  }
  return range(size).map((k) => state.parameters.slice(3 * k, 3 * k + 3));
}

// One row of parameters, for the logit of class 1 against class 0. Softmax regression on two classes
// finds −w / 2 and w / 2, whose squares sum to half the square of w: hence twice the penalty.
export function fitLogistic(samples, penalty) {
  const [no, yes] = fitSoftmax(samples, 2, 2 * penalty);
  return yes.map((theta, a) => theta - no[a]);
}

// ── three methods ────────────────────────────────────────────────────────────────────────────

export const METHODS = ["softmax", "rest", "ones"];

// Everything fitted. Classes without a sample take no part: models are rows for the sorted `classes`
// that have one, and there must be two. `pairs` are places in `classes`, first < second.
export function fitAll(given, penalty) {
  const classes = ascending(given.map((sample) => sample[2]));
  const samples = given.map(([x, y, label]) => [x, y, classes.indexOf(label)]);
  const size = classes.length;
  const against = (yes, chosen) => fitLogistic(chosen.map(([x, y, k]) => [x, y, k === yes ? 1 : 0]), penalty);
  const pairs = range(size).flatMap((i) => range(size).filter((j) => j > i).map((j) => [i, j]));
  return {
    classes, pairs, samples,
    softmax: fitSoftmax(samples, size, penalty),
    rest: range(size).map((k) => against(k, samples)),
    ones: pairs.map(([i, j]) => against(j, samples.filter(([, , k]) => k === i || k === j))),
  };
}

const logitsAt = (rows, x, y) => rows.map((row) => logit(row, x, y));

// The logit of each class against each other.
function pairLogits({ ones, pairs, classes }, x, y) {
  const logits = classes.map(() => Array(classes.length).fill(0));
  for (let m = 0; m < pairs.length; m++) {
    const [i, j] = pairs[m];
    logits[j][i] = logit(ones[m], x, y);
    logits[i][j] = -logits[j][i];
  }
  return logits;
}

// The probability of each class against each other.
function pairProbabilities({ ones, pairs, classes }, x, y) {
  const found = classes.map(() => Array(classes.length).fill(0.5));
  for (let m = 0; m < pairs.length; m++) {
    const [i, j] = pairs[m];
    const z = logit(ones[m], x, y);
    found[j][i] = sigmoid(z);
    found[i][j] = sigmoid(-z);
  }
  return found;
}

// Each method's probabilities at a point.
export const PROBABILITIES = {
  softmax: (fitted, x, y) => logSoftmax(logitsAt(fitted.softmax, x, y)).map(Math.exp),
  rest: (fitted, x, y) => logSoftmax(logitsAt(fitted.rest, x, y).map(logSigmoid)).map(Math.exp),
  ones: (fitted, x, y) => coupled(pairProbabilities(fitted, x, y)),
};

// All that each method says at a point: `winner` and the places in lists count within `classes`, and
// `undecided` says whether the two-class models fail to name one class.
export function ask(method, fitted, x, y) {
  return { softmax: askSoftmax, rest: askRest, ones: askOnes }[method](fitted, x, y);
}

function askSoftmax({ softmax }, x, y) {
  const logits = logitsAt(softmax, x, y);
  const logs = logSoftmax(logits);
  return { logits, logs, p: logs.map(Math.exp), winner: argmax(logits), undecided: false };
}

function askRest({ rest }, x, y) {
  const logits = logitsAt(rest, x, y);
  const logs = logSoftmax(logits.map(logSigmoid));
  const yes = range(rest.length).filter((k) => logits[k] > 0);
  return { logits, scores: logits.map(sigmoid), logs, p: logs.map(Math.exp), yes, winner: argmax(logits), undecided: yes.length !== 1 };
}

function askOnes(fitted, x, y) {
  const logits = pairLogits(fitted, x, y);
  const votes = logits.map(() => 0);
  for (const [i, j] of fitted.pairs) votes[logits[j][i] > 0 ? j : i] += 1;
  // Ties go to the larger sum of logits, squeezed so that it cannot outweigh a vote.
  const totals = logits.map(sum);
  const strength = votes.map((count, k) => count + totals[k] / (3 * (Math.abs(totals[k]) + 1)));
  const most = Math.max(...votes);
  const p = PROBABILITIES.ones(fitted, x, y);
  return { logits, votes, p, logs: p.map(Math.log), winner: argmax(strength), undecided: votes.filter((n) => n === most).length > 1 };
}

// The distribution over two or three classes that fits the probabilities r_ij of i among {i, j} best,
// after Wu, Lin and Weng: the minimum of Σ (r_ji p_i − r_ij p_j)². With the matrix Q of multiclass.py
// it is proportional to adj(Q) 1. Written out, all terms are positive, so that nothing cancels.
export function coupled(pairProbabilities) {
  const r = (i, j) => clamp(pairProbabilities[i][j], 1e-12, 1 - 1e-12);
  const [ab, ba] = [r(0, 1), r(1, 0)];
  if (pairProbabilities.length === 2) return [ab, ba];
  const [ac, ca, bc, cb] = [r(0, 2), r(2, 0), r(1, 2), r(2, 1)];
  const parts = [part(ab, ba, ac, ca, bc, cb), part(ba, ab, bc, cb, ac, ca), part(ca, ac, cb, bc, ab, ba)];
  const total = sum(parts);
  return parts.map((share) => share / total);
}

// The entry of adj(Q) 1 for the class i of three, from the probabilities of each against each.
function part(ij, ji, ik, ki, jk, kj) {
  const pair = ij * ji;
  const other = ik * ki;
  const last = jk * kj;
  return (ij * ik) ** 2 + (ij * jk) ** 2 + (ik * kj) ** 2 + other * last + pair * last
    + pair * (ik ** 2 + jk ** 2) + other * (ij ** 2 + kj ** 2);
}

// How well a method does on the samples that it was fitted to.
export function judge(method, fitted) {
  const answers = fitted.samples.map(([x, y]) => ask(method, fitted, x, y));
  const wrong = answers.map(({ winner }, i) => winner !== fitted.samples[i][2]);
  const losses = answers.map(({ logs }, i) => -logs[fitted.samples[i][2]]);
  return { wrong, accuracy: 1 - wrong.filter(Boolean).length / wrong.length, loss: sum(losses) / losses.length };
}

// What a method consists of: models, stored parameters, and how many of these are free. Adding one row
// to all rows of softmax regression changes no probability, so one row less is free.
export function sizes(method, { classes, pairs }) {
  const rows = method === "ones" ? pairs.length : classes.length;
  const alone = method === "softmax";
  return { models: alone ? 1 : rows, parameters: 3 * rows, free: 3 * (alone ? rows - 1 : rows) };
}
