// A mean of measurements with its interval: how explorables write it, judge it and draw it.

import { fixed } from "../numerics/numbers.mjs";
import { points } from "./chart.mjs";
import { html, svg } from "./ui.mjs";

// Shares in percent, differences of shares in points.
export const percent = (share) => fixed(100 * share, 1);
export const signed = (share) => (share > 0 ? "+" : "") + fixed(100 * share, 1);
export const plusMinus = ({ mean, half }, write) => `${write(mean)} ± ${percent(half)}`;
export const between = ({ low, high }, write) => `[${write(low)}, ${write(high)}]`;

// What the interval of a difference says of transfer.
export const verdict = ({ low, high }) => (low > 0 ? "wins" : high < 0 ? "loses" : "is undecided");
export const MARKS = { wins: "▲", loses: "▼", "is undecided": "≈" };

export const derived = (mean) => `mean difference ± t·s/√n = ${signed(mean.mean)} ± ${fixed(mean.quantile, 3)} · ${percent(mean.deviation)} / √${mean.n} `
  + `= ${signed(mean.mean)} ± ${percent(mean.half)} points: transfer ${verdict(mean)}.`;

export const labelled = (n) => `${n} ${n === 1 ? "label" : "labels"} per class`;

// The tenth of accuracy below all intervals, where an axis may begin, and the axis from there to 1.
export const accuracyFloor = (intervals) => Math.max(0, Math.floor(Math.min(...intervals.map(({ low }) => low)) * 10) / 10);

export function accuracyAxis(floor, unit = 0.1) {
  const ticks = Array.from({ length: Math.round((1 - floor) / unit) + 1 }, (_, i) => 1 - i * unit).filter((tick) => tick >= floor - 1e-9);
  return { y: [floor, 1], yTicks: ticks.map((tick) => [tick, String(Math.round(100 * tick))]) };
}

// A cell of a table that keeps the exact number.
export const datum = (value, text) => html("td", {}, html("data", { value: String(value) }, text));

// Means of accuracies over places of the x axis, each with its interval: a line through points, or
// diamonds without a line. `shift` moves them by so many units of the drawing.
export function intervalCurve(chart, steps, { shift = 0, look, mark }) {
  const at = ([place, { mean }]) => [chart.x(place) + shift, chart.y(mean)];
  const bars = steps.map(([place, { low, high }]) => svg("line", {
    x1: chart.x(place) + shift, x2: chart.x(place) + shift, y1: chart.y(low), y2: chart.y(Math.min(high, 1)), class: `sb-interval ${look}`,
  }));
  return [
    mark === "diamond" ? "" : svg("polyline", { points: points(steps.map(at)), class: `sb-learning ${look}` }),
    ...bars, ...steps.map((step) => {
      const [x, y] = at(step);
      if (mark === "diamond") return svg("path", { d: `M${x},${y - 7}l6,7l-6,7l-6,-7z`, class: "sb-probe" });
      return svg("circle", { cx: x, cy: y, r: 4, class: `sb-measured ${look}`, "data-accuracy": String(step[1].mean) });
    }),
  ];
}
