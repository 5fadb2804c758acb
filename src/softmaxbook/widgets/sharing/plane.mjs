// The plane of two features: what both heads answer where, the point of a picture, and the pulls at it.

import { clamp, fixed } from "../numerics/numbers.mjs";
import { CLASSES, LIMIT } from "../numerics/pulls.mjs";
import { arrowShapes, axes, dot, drawing, line, points } from "../parts/chart.mjs";
import { colour } from "../parts/classes.mjs";
import { change, draggable, svg } from "../parts/ui.mjs";

export const HUES = [0, 3]; // the colours of the first classes of both heads
export const INKS = HUES.map(colour);
export const pair = (vector) => `(${vector.map((x) => fixed(x)).join(", ")})`;
export const degrees = (angle) => `${Number(angle.toFixed(1))}°`;

const SIZE = { width: 340, height: 354 };
const ENDS = [-LIMIT, LIMIT];
const STRIPS = [[-LIMIT, -1], [-1, 1], [1, LIMIT]];

export function featurePlane(model, { signal }, path) {
  const { root, picture, set } = drawing(SIZE);
  const ticks = [-2, 0, 2];
  const chart = axes({ x: ENDS, y: ENDS, xTicks: ticks, yTicks: ticks, xLabel: "feature 1", yLabel: "feature 2", height: SIZE.height });
  picture.classList.add("sb-grab");
  draggable(picture, (x, y) => {
    change(model, { features: chart.invert(x, y).map((value) => Number(clamp(value, ...ENDS).toFixed(2))) });
  }, signal);
  const arrow = (from, by, ...looks) => arrowShapes([chart.x(from[0]), chart.y(from[1])], by.map((x, i) => (i ? -x : x) * (chart.x(1) - chart.x(0))), ...looks);
  const word = ([x, y], text, ink) => svg("text", { x: chart.x(x), y: chart.y(y) + 5, class: "sb-corner sb-halo", style: `fill: ${ink}` }, text);
  const strips = STRIPS.flatMap(([low, high], k) => [
    svg("rect", { x: chart.x(low), y: chart.y(LIMIT), width: chart.x(high) - chart.x(low), height: chart.y(-LIMIT) - chart.y(LIMIT), fill: colour(k), class: "sb-region" }),
    ...(k ? [line(chart, [low, -LIMIT], [low, LIMIT], { class: "sb-border" })] : []),
  ]);
  const names = STRIPS.map(([low, high], k) => word([(low + high) / 2, 2.7], CLASSES[0][k], colour(k)));
  return {
    root,
    update(state) {
      const { features, both, weights, total, angle, digit } = state;
      const [, even] = both[1].head.rows;
      const terms = both.map(({ pull }, t) => pull.map((x) => weights[t] * x));
      const to = (by) => features.map((x, i) => x + by[i]);
      const trail = path.taken().map((each) => each.features.map((x, i) => (i ? chart.y(x) : chart.x(x))));
      const guides = weights.every(Boolean) ? terms.map((by) => line(chart, to(by), to(total), { class: "sb-guide" })) : [];
      set([
        ...strips, ...chart.shapes, ...names,
        line(chart, ...borderOf(even), { class: "sb-second-border" }),
        ...beside(even).map((place, k) => word(place, CLASSES[1][k], colour(HUES[1] + k))),
        svg("polyline", { points: points(trail), class: "sb-path" }),
        ...trail.slice(0, -1).map(([cx, cy]) => svg("circle", { cx, cy, r: 3, class: "sb-dot" })),
        ...guides,
        ...arrow(features, total, { class: "sb-arrow sb-broad" }),
        ...arrow(features, terms[0], { style: `stroke: ${INKS[0]}` }, { style: `fill: ${INKS[0]}` }),
        ...arrow(features, terms[1], { style: `stroke: ${INKS[1]}`, "stroke-dasharray": "5 3" }, { style: `fill: ${INKS[1]}` }),
        dot(chart, features, 7),
      ], `The plane of two features with the point ${pair(features)} of a picture of ${digit}. Upright strips belong to 1, 3 and 8; the border of odd and even is turned by ${degrees(angle)}. `
        + `The first head pulls by ${pair(terms[0])}, the second by ${pair(terms[1])}, both by ${pair(total)}.`,
      "Strips: the first head’s answers. Dashed line: where the second head changes from odd to even. Arrows: thin, the first head’s pull; dashed, λ times the second’s; broad, their sum. A step goes half of its way. Drag the point.");
    },
  };
}

// The border of the second head, ⟨u, f⟩ = 1, from edge to edge of the plane.
function borderOf(even) {
  const along = [-even[1], even[0]];
  const spans = [0, 1].filter((axis) => along[axis] !== 0)
    .map((axis) => [-LIMIT, LIMIT].map((end) => (end - even[axis]) / along[axis]).sort((a, b) => a - b));
  const ends = [Math.max(...spans.map(([low]) => low)), Math.min(...spans.map(([, high]) => high))];
  return ends.map((s) => even.map((x, i) => x + s * along[i]));
}

// Where the words “odd” and “even” stand: on both sides of the border, near its lower end, and so far
// from it that they do not touch it.
function beside(even) {
  const [[x, y]] = borderOf(even).sort((a, b) => a[1] - b[1] || b[0] - a[0]);
  const near = [x, y].map((value, i) => value + 0.16 * (even[i] - value));
  const away = 0.15 + 0.45 * Math.abs(even[0]) + 0.2 * Math.abs(even[1]);
  return [-away, away].map((side) => near.map((value, i) => clamp(value + side * even[i], ...ENDS.map((end) => 0.87 * end))));
}
