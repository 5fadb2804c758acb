// Where in the plane each class wins and where none does, and how far each class's probability
// reaches: pure geometry. Every decision compares linear functions, so the regions are convex
// polygons, exact up to rounding; levels of probabilities are curves, found on a grid.
//
// A polygon is a list of corners [x, y]; a row [a, b, c] is the function a x + b y + c.

import { logit, PROBABILITIES } from "./fitting.mjs";
import { clamp, range } from "./numbers.mjs";
import { sum } from "./softmax.mjs";

export const LIMIT = 4; // the plane reaches from −LIMIT to LIMIT
const SQUARE = [[-LIMIT, -LIMIT], [LIMIT, -LIMIT], [LIMIT, LIMIT], [-LIMIT, LIMIT]];

const opposite = (row) => row.map((x) => -x);
const minus = (row, other) => row.map((x, i) => x - other[i]);
const plus = (row, other) => row.map((x, i) => x + other[i]);

// Where the side from p to q passes through 0, for values of different signs at its ends.
function passage(p, q, atP, atQ) {
  const share = atP / (atP - atQ);
  return [p[0] + share * (q[0] - p[0]), p[1] + share * (q[1] - p[1])];
}

// The part of a convex polygon where the function is not negative.
function cut(polygon, row) {
  const values = polygon.map(([x, y]) => logit(row, x, y));
  return polygon.flatMap((corner, i) => {
    const j = (i + 1) % polygon.length;
    const kept = values[i] >= 0 ? [corner] : [];
    const passes = (values[i] > 0 && values[j] < 0) || (values[i] < 0 && values[j] > 0);
    return passes ? [...kept, passage(corner, polygon[j], values[i], values[j])] : kept;
  });
}

const where = (rows, polygon = SQUARE) => rows.reduce(cut, polygon);

// The piece of the line on which the function is 0 that lies in a convex polygon: two ends, or none.
export function chord(row, polygon = SQUARE) {
  const values = polygon.map(([x, y]) => logit(row, x, y));
  return polygon.flatMap((corner, i) => {
    const j = (i + 1) % polygon.length;
    return values[i] > 0 !== values[j] > 0 ? [passage(corner, polygon[j], values[i], values[j])] : [];
  });
}

// The share of the plane that a polygon covers.
export function share(polygon) {
  const twice = polygon.reduce((sum, [x, y], i) => {
    const [u, v] = polygon[(i + 1) % polygon.length];
    return sum + x * v - u * y;
  }, 0);
  return Math.abs(twice) / 2 / (2 * LIMIT) ** 2;
}

export function centre(polygon) {
  return [0, 1].map((axis) => polygon.reduce((sum, corner) => sum + corner[axis], 0) / polygon.length);
}

// ── regions ──────────────────────────────────────────────────────────────────────────────────

// What a method does with the plane: `won` are polygons with the class that is predicted there,
// `open` are polygons in which the two-class models do not name one class, with the classes that
// they name. Slivers that no eye can see are left out.
export function regions(method, fitted) {
  const { won, open } = { softmax: largestWins, rest: eachAgainstRest, ones: eachAgainstEach }[method](fitted);
  const visible = ({ polygon }) => polygon.length > 2 && share(polygon) > 1e-9;
  return { won: won.filter(visible), open: open.filter(visible) };
}

const largest = (rows, polygon) => rows.map((row, k) => (
  { winner: k, polygon: where(rows.filter((_, j) => j !== k).map((other) => minus(row, other)), polygon) }));

const largestWins = ({ softmax }) => ({ won: largest(softmax), open: [] });

function eachAgainstRest({ rest }) {
  const subsets = range(2 ** rest.length).map((bits) => range(rest.length).filter((k) => bits & (2 ** k)));
  const open = subsets.filter((yes) => yes.length !== 1).map((yes) => (
    { claims: yes, polygon: where(rest.map((row, k) => (yes.includes(k) ? row : opposite(row)))) }));
  return { won: largest(rest), open };
}

function eachAgainstEach({ ones, pairs, classes }) {
  const against = classes.map(() => []);
  pairs.forEach(([i, j], m) => {
    against[j][i] = ones[m];
    against[i][j] = opposite(ones[m]);
  });
  const others = (k) => range(classes.length).filter((j) => j !== k);
  const won = range(classes.length).map((k) => ({ winner: k, polygon: where(others(k).map((j) => against[k][j])) }));
  if (classes.length < 3) return { won, open: [] };
  // One vote each: the winners go round in a circle, in one direction or the other.
  const circles = [[0, 1, 2], [0, 2, 1]].map(([i, j, k]) => where([against[i][j], against[j][k], against[k][i]]));
  const open = circles.map((polygon) => ({ claims: [0, 1, 2], polygon }));
  const totals = range(3).map((k) => others(k).map((j) => against[k][j]).reduce(plus));
  return { won: [...won, ...circles.flatMap((polygon) => largest(totals, polygon))], open };
}

// The lines on which the two-class models change their mind, each with its classes: one against the
// rest, or a pair.
export function modelLines(method, { rest, ones, pairs }) {
  const lines = {
    softmax: [],
    rest: rest.map((row, k) => ({ of: [k], row })),
    ones: ones.map((row, m) => ({ of: pairs[m], row })),
  }[method];
  return lines.map(({ of, row }) => ({ of, ends: chord(row) })).filter(({ ends }) => ends.length === 2);
}

// ── levels of probabilities ──────────────────────────────────────────────────────────────────

const STEPS = 40; // cells along one side of the grid
const WIDTH = STEPS + 3; // its points along one side, and one more at each end
const at = (i) => LIMIT * ((2 * i) / STEPS - 1);
const pointNumber = (i, j) => (j + 1) * WIDTH + i + 1;

// The probabilities of a method at the points of the grid, one list a class. Around the plane they are
// below every level, so that all curves close.
function gridOf(method, fitted) {
  const grids = fitted.classes.map(() => new Float64Array(WIDTH ** 2).fill(-1));
  for (let j = 0; j <= STEPS; j++) {
    for (let i = 0; i <= STEPS; i++) {
      const p = PROBABILITIES[method](fitted, at(i), at(j));
      for (let k = 0; k < p.length; k++) grids[k][pointNumber(i, j)] = p[k];
    }
  }
  return grids;
}

// Closed curves around all places where a class's probability is above the level: for each class, for
// each level, a list of polygons.
export function reaches(method, fitted, levels) {
  return gridOf(method, fitted).map((grid) => levels.map((level) => loops(grid, level)));
}

// Marching squares, on a grid as `gridOf` makes it.
export function loops(grid, level) {
  const next = new Map();
  for (let j = -1; j <= STEPS; j++) {
    for (let i = -1; i <= STEPS; i++) {
      const n = pointNumber(i, j);
      const above = grid[n] > level;
      if (above === grid[n + 1] > level && above === grid[n + WIDTH + 1] > level && above === grid[n + WIDTH] > level) continue;
      const corners = [grid[n], grid[n + 1], grid[n + WIDTH + 1], grid[n + WIDTH]];
      joinPassages(next, i, j, corners.map((value) => value > level), sum(corners) > 4 * level);
    }
  }
  return chains(next, (i, j) => grid[pointNumber(i, j)] - level);
}

// Sides of the grid have numbers: even ones run along x from the point (i, j), odd ones along y.
const side = (i, j, upright) => 2 * pointNumber(i, j) + upright;

const SIDES = range(4); // of a cell

// Round a cell, a curve comes in where values rise and goes out where they fall. Where it does both
// twice, the mean of the corners says which belong together: with a high one, neighbours on the way
// from a fall to the next rise.
function joinPassages(next, i, j, above, high) {
  const sides = [side(i, j, 0), side(i + 1, j, 1), side(i, j + 1, 0), side(i, j, 1)];
  const [rises, falls] = [true, false].map((up) => SIDES.filter((s) => above[s] !== up && above[(s + 1) % 4] === up));
  if (falls.length === 1) next.set(sides[falls[0]], sides[rises[0]]);
  else for (const fall of falls) next.set(sides[fall], sides[(fall + (high ? 1 : 3)) % 4]);
}

function chains(next, value) {
  const held = (i) => at(clamp(i, 0, STEPS));
  const place = (number) => {
    const [upright, cell] = [number % 2, Math.floor(number / 2)];
    const [i, j] = [(cell % WIDTH) - 1, Math.floor(cell / WIDTH) - 1];
    const [p, q] = [[held(i), held(j)], upright ? [held(i), held(j + 1)] : [held(i + 1), held(j)]];
    return passage(p, q, value(i, j), upright ? value(i, j + 1) : value(i + 1, j));
  };
  const curves = [];
  while (next.size) {
    const curve = [];
    for (let here = next.keys().next().value; next.has(here);) {
      curve.push(place(here));
      const there = next.get(here);
      next.delete(here);
      here = there;
    }
    curves.push(curve);
  }
  return curves;
}

// ── hatching ─────────────────────────────────────────────────────────────────────────────────

// Parallel lines at a distance, in a direction, as far as they lie in a convex polygon.
export function hatch(polygon, angle, distance) {
  const [a, b] = [-Math.sin(angle), Math.cos(angle)];
  const heights = polygon.map(([x, y]) => a * x + b * y);
  const [from, to] = [Math.ceil(Math.min(...heights) / distance), Math.floor(Math.max(...heights) / distance)];
  return range(Math.max(0, to - from + 1))
    .map((n) => chord([a, b, -(from + n) * distance], polygon))
    .filter((ends) => ends.length === 2);
}
