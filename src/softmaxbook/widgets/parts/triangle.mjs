// The triangle of all distributions over three classes, in a drawing of SIZE.

import { clamp, range } from "../numerics/numbers.mjs";
import { sum } from "../numerics/softmax.mjs";
import { points } from "./chart.mjs";
import { colour } from "./classes.mjs";
import { svg } from "./ui.mjs";

export const SIZE = { width: 320, height: 285 };
const CORNERS = [[160, 22], [22, 262], [298, 262]];
const OFFSETS = [[0, -8], [0, 18], [0, 18]];

// Linear, so it also turns a change of probabilities, which sums to 0, into an arrow.
export function onTriangle(p) {
  return [0, 1].map((axis) => sum(CORNERS.map((corner, i) => p[i] * corner[axis])));
}

// The frame: the part in which each class has the largest probability, the outline, the centre, the names.
export function triangle(names) {
  const centre = onTriangle([1 / 3, 1 / 3, 1 / 3]);
  const middle = (i, j) => [0, 1].map((axis) => (CORNERS[i][axis] + CORNERS[j][axis]) / 2);
  const region = (i) => [CORNERS[i], middle(i, (i + 1) % 3), centre, middle(i, (i + 2) % 3)];
  return [
    ...range(3).map((i) => svg("polygon", { points: points(region(i)), fill: colour(i), opacity: 0.14 })),
    svg("polygon", { points: points(CORNERS), class: "sb-outline" }),
    svg("circle", { cx: centre[0], cy: centre[1], r: 3, class: "sb-dot" }),
    ...CORNERS.map(([x, y], i) =>
      svg("text", { x: x + OFFSETS[i][0], y: y + OFFSETS[i][1], class: "sb-corner", fill: colour(i) }, names[i])),
  ];
}

// The logits whose probabilities lie at a point of the drawing, with the mean of the present logits.
export function logitsAt(x, y, { logits, temperature }, limit) {
  const [[ax, ay], [bx, by], [cx, cy]] = CORNERS;
  const area = (by - cy) * (ax - cx) + (cx - bx) * (ay - cy);
  const a = ((by - cy) * (x - cx) + (cx - bx) * (y - cy)) / area;
  const b = ((cy - ay) * (x - cx) + (ax - cx) * (y - cy)) / area;
  const inside = [a, b, 1 - a - b].map((p) => Math.max(p, 1e-3));
  // Logits are the logarithms of the probabilities, up to T and a common shift.
  const logs = inside.map((p) => temperature * Math.log(p / sum(inside)));
  const centre = (sum(logits) - sum(logs)) / 3;
  return logs.map((z) => Number(clamp(z + centre, -limit, limit).toFixed(2)));
}
