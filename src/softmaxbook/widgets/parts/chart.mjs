// A pair of axes in a drawing of its own units, for every curve that explorables draw.

import { drawnSymbols, html, setCaption, svg } from "./ui.mjs";

export const CHART = { width: 340, height: 270 };
const FRAME = { left: 40, right: 326, top: 24, below: 44 };

// Pairs of coordinates as the text of an SVG attribute.
export const points = (pairs) => pairs.map((pair) => pair.map((x) => x.toFixed(2)).join(",")).join(" ");

// `x` and `y` are the ends of the axes; a tick is a number, or a pair of a number and its text.
// `right` are ticks of a second upright axis, in the units of the first; `height` is the drawing's.
export function axes({ x: [x0, x1], y: [y0, y1], xTicks, yTicks, xLabel, yLabel = "", right = [], rightLabel = "", height = CHART.height }) {
  const base = height - FRAME.below;
  const edge = right.length ? FRAME.right - 26 : FRAME.right;
  const x = (value) => FRAME.left + ((value - x0) / (x1 - x0)) * (edge - FRAME.left);
  const y = (value) => base - ((value - y0) / (y1 - y0)) * (base - FRAME.top);
  const text = (content, at, anchor = "middle") =>
    svg("text", { ...at, class: "sb-tick", "text-anchor": anchor }, ...drawnSymbols(content));
  const pairs = (ticks) => ticks.map((tick) => (Array.isArray(tick) ? tick : [tick, String(tick).replace("-", "−")]));
  const middle = (FRAME.left + edge) / 2;
  const shapes = [
    ...pairs(yTicks).flatMap(([value, content]) => [
      svg("line", { x1: FRAME.left, x2: edge, y1: y(value), y2: y(value), class: "sb-grid" }),
      text(content, { x: FRAME.left - 6, y: y(value) + 4 }, "end"),
    ]),
    ...pairs(xTicks).flatMap(([value, content]) => [
      svg("line", { x1: x(value), x2: x(value), y1: FRAME.top, y2: base, class: "sb-grid" }),
      text(content, { x: x(value), y: base + 16 }),
    ]),
    ...pairs(right).map(([value, content]) => text(content, { x: edge + 6, y: y(value) + 4 }, "start")),
    text(xLabel, { x: middle, y: base + 34 }),
    text(yLabel, { x: 4, y: 11 }, "start"),
    text(rightLabel, { x: CHART.width - 2, y: 11 }, "end"),
  ];
  const invert = (px, py) => [
    x0 + ((px - FRAME.left) / (edge - FRAME.left)) * (x1 - x0),
    y0 + ((base - py) / (base - FRAME.top)) * (y1 - y0),
  ];
  return { x, y, shapes, invert };
}

// The curve of a function over [low, high], in the drawing's units.
export function curve({ x, y }, low, high, f, attributes, count = 160) {
  const pairs = Array.from({ length: count + 1 }, (_, i) => low + ((high - low) * i) / count)
    .map((at) => [x(at), y(f(at))]);
  return svg("polyline", { points: points(pairs), class: "sb-curve", ...attributes });
}

export const line = ({ x, y }, [x1, y1], [x2, y2], attributes) =>
  svg("line", { x1: x(x1), x2: x(x2), y1: y(y1), y2: y(y2), ...attributes });

export const dot = ({ x, y }, at, r, attributes = {}) =>
  svg("circle", { cx: x(at[0]), cy: y(at[1]), r, class: "sb-handle", ...attributes });

// An arrow from a point of the drawing, both in its units. A short one has a small head.
export function arrowShapes([x, y], [dx, dy], line = {}, head = {}) {
  const length = Math.hypot(dx, dy);
  if (length === 0) return [];
  const size = Math.min(1, length / 11);
  const [ux, uy] = [dx / length, dy / length].map((part) => part * size);
  const tip = [x + dx, y + dy];
  const barb = (side) => [tip[0] - 11 * ux - side * 6 * uy, tip[1] - 11 * uy + side * 6 * ux];
  return [
    svg("line", { x1: x, y1: y, x2: tip[0] - 6 * ux, y2: tip[1] - 6 * uy, class: "sb-arrow", ...line }),
    svg("polygon", { points: points([tip, barb(1), barb(-1)]), class: "sb-arrow-head", ...head }),
  ];
}

// A drawing with its caption; `set` draws it anew, by `put`: of shapes that nothing else holds, `renew` leaves
// those that stay. The label says what the picture shows now.
export function drawing(size = CHART, put = (root, ...shapes) => root.replaceChildren(...shapes)) {
  const root = svg("svg", { class: "sb-picture", viewBox: `0 0 ${size.width} ${size.height}`, role: "img" });
  const caption = html("figcaption");
  const set = (shapes, label, text = label) => {
    put(root, ...shapes);
    root.setAttribute("aria-label", label);
    setCaption(caption, text);
  };
  return { root: html("figure", {}, root, caption), picture: root, set };
}
