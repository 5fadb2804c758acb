// Two classes: only the difference of the two logits counts, and the sigmoid is softmax([d, 0]).

import { clamp, fixed, format, pythonList, pythonNumber } from "../numerics/numbers.mjs";
import { sigmoid, softmax } from "../numerics/softmax.mjs";
import { axes, curve, dot, drawing, line } from "../parts/chart.mjs";
import { classRows, colour, letter, LOGIT_LIMIT } from "../parts/classes.mjs";
import { change, draggable, formula, frame, html, live, power, setSymbols, setText, slider, svg } from "../parts/ui.mjs";

const TRAITS = ["logits", "shift", "names"];
const FARTHEST = 8; // the difference, on the curve
const WIDEST = 2 * LOGIT_LIMIT; // a shifted logit, on the plane

function render({ model, el }) {
  const initial = Object.fromEntries(TRAITS.map((name) => [name, model.get(name)]));
  const ui = frame(el, {
    name: "Sigmoid and softmax of two classes",
    words: () => import("./spoken.mjs"), plays: true,
    reset: () => change(model, initial),
    python: () => asPython(model),
  });
  const parts = [controls(model, ui), logitRows(model, ui), step(model, ui), plane(model, ui), readings()];
  const [top, rows, left, right, table] = parts.map((part) => part.root);
  ui.body.append(rows, top, html("div", { class: "sb-pair" }, left, right), table);

  live(model, TRAITS, ui, { parts, compute, summarise: inWords });
  return ui.cleanUp;
}

function compute(model) {
  const [logits, shift] = ["logits", "shift"].map((name) => model.get(name));
  const difference = logits[0] - logits[1];
  const shifted = logits.map((z) => z + shift);
  return {
    logits, shift, shifted, difference,
    names: logits.map((_, i) => model.get("names")[i] ?? letter(i)),
    probabilities: softmax(shifted),
    slope: sigmoid(difference) * sigmoid(-difference),
  };
}

const small = (p) => format(p, p < 1e-3 ? 2 : 3);

function verdict({ names, difference }) {
  if (difference === 0) return "a tie: d = 0, p = ½";
  return difference > 0 ? `${names[0]}: d > 0, so p > ½` : `${names[1]}: d < 0, so p < ½`;
}

function inWords(state) {
  const { names, difference, shift, slope } = state;
  const moved = shift ? ` Adding ${fixed(shift, 1)} to both logits changes none of it.` : "";
  return `The difference is ${fixed(difference)}: ${names[0]} has probability ${small(sigmoid(difference))}, slope ${small(slope)}. `
    + `The decision is ${verdict(state)}.${moved}`;
}

function asPython(model) {
  const { logits, shift } = compute(model);
  return [
    "import numpy as np",
    "import softmaxbook as sb",
    "",
    `logits = np.array(${pythonList(logits)})`,
    "d = logits[0] - logits[1]",
    `print(sb.softmax(logits + ${pythonNumber(shift)})[0], sb.softmax([d, 0.0])[0], sb.sigmoid(d))`,
  ].join("\n");
}

// ── the redundant direction, and the two logits ──────────────────────────────────────────────

function controls(model, { signal }) {
  const shift = slider({
    name: "add c to both logits", min: -LOGIT_LIMIT, max: LOGIT_LIMIT, step: 0.1, signal,
    onInput: (value) => change(model, { shift: value }), describe: (value) => fixed(value, 1),
  });
  return { root: html("div", { class: "sb-controls" }, shift.root), update: (state) => shift.set(state.shift) };
}

function logitRows(model, { signal, say }) {
  const { root, update } = classRows({
    heads: ["class", "logit z", "drag z", "probability", "p"], quantity: (name) => `logit of ${name}`,
    put: (i, value) => change(model, { logits: model.get("logits").map((z, j) => (i === j ? value : z)) }),
    say, signal,
  });
  return {
    root,
    update: ({ names, logits, probabilities }) =>
      update(names, logits, probabilities.map((p) => [0, p]), probabilities.map(small)),
  };
}

// ── the curve: sigmoid and softmax([d, 0]) on top of each other, with the slope at the point ──

function step(model, { signal }) {
  const { root, picture, set } = drawing();
  const chart = axes({
    x: [-FARTHEST, FARTHEST], y: [0, 1], xTicks: [-8, -4, 0, 4, 8], yTicks: [0, [0.5, "½"], 1], xLabel: "difference d",
  });
  picture.classList.add("sb-grab");
  draggable(picture, (x) => {
    const difference = clamp(chart.invert(x, 0)[0], -FARTHEST, FARTHEST);
    // Both move by half, so that the logits keep their middle.
    const [a, b] = model.get("logits");
    const middle = clamp((a + b) / 2, -LOGIT_LIMIT + FARTHEST / 2, LOGIT_LIMIT - FARTHEST / 2);
    change(model, { logits: [middle + difference / 2, middle - difference / 2].map((z) => Number(z.toFixed(2))) });
  }, signal);
  return {
    root,
    update({ names, difference, slope }) {
      const p = sigmoid(difference);
      const shown = clamp(difference, -FARTHEST, FARTHEST);
      const at = (d) => [d, p + slope * (d - shown)];
      set([
        ...chart.shapes,
        line(chart, [0, 0], [0, 1], { class: "sb-marker" }),
        curve(chart, -FARTHEST, FARTHEST, sigmoid, { stroke: colour(0), "stroke-width": 7, class: "sb-curve sb-under" }),
        curve(chart, -FARTHEST, FARTHEST, (d) => softmax([d, 0])[0], { stroke: "var(--sb-ink)", class: "sb-path" }),
        line(chart, at(shown - 1.6), at(shown + 1.6), { class: "sb-tangent" }),
        dot(chart, [shown, p], 8, { style: `fill: ${colour(p < 0.5 ? 1 : 0)}` }),
      ], `The probability of ${names[0]} against the difference ${names[0]} − ${names[1]}, now ${fixed(difference)}, with the tangent of slope ${small(slope)}.`,
      "Two curves, one on the other: sigmoid(d), broad, and softmax([d, 0]), dashed. The short line has the slope p(1 − p). Drag the point.");
    },
  };
}

// ── the plane of both logits: lines of equal difference ──────────────────────────────────────

function plane(model, { signal }) {
  const { root, picture, set } = drawing();
  const ticks = [-12, -6, 0, 6, 12];
  picture.classList.add("sb-grab");
  const invert = { now: null };
  draggable(picture, (x, y) => {
    const shift = model.get("shift");
    const logits = invert.now(x, y).map((z) => Number(clamp(z - shift, -LOGIT_LIMIT, LOGIT_LIMIT).toFixed(2)));
    change(model, { logits });
  }, signal);
  return {
    root,
    update({ names, shifted, difference }) {
      const chart = axes({
        x: [-WIDEST, WIDEST], y: [-WIDEST, WIDEST], xTicks: ticks, yTicks: ticks,
        xLabel: `z(${names[0]}) + c`, yLabel: `z(${names[1]}) + c`,
      });
      invert.now = chart.invert;
      const slanted = (d, attributes) => Math.abs(d) >= 2 * WIDEST ? null
        : line(chart, ...[Math.max(-WIDEST, d - WIDEST), Math.min(WIDEST, d + WIDEST)].map((z) => [z, z - d]), attributes);
      const point = shifted.map((z) => clamp(z, -WIDEST, WIDEST));
      const region = (corner) => svg("polygon", {
        points: [[-WIDEST, -WIDEST], corner, [WIDEST, WIDEST]].map(([a, b]) => `${chart.x(a)},${chart.y(b)}`).join(" "),
        fill: colour(corner[0] > 0 ? 0 : 1), opacity: 0.14,
      });
      set([
        ...chart.shapes,
        region([WIDEST, -WIDEST]), region([-WIDEST, WIDEST]),
        slanted(0, { class: "sb-marker" }),
        slanted(difference, { stroke: "var(--sb-accent)", class: "sb-curve" }),
        ...[[7, -8, 0], [-7, 8, 1]].map(([a, b, i]) =>
          svg("text", { x: chart.x(a), y: chart.y(b), class: "sb-corner", fill: colour(i) }, names[i])),
        dot(chart, point, 8, { style: `fill: ${colour(difference < 0 ? 1 : 0)}` }),
      ].filter(Boolean), `The plane of both logits, ${names[0]} across and ${names[1]} up. The point is at ${shifted.map((z) => fixed(z)).join(", ")}, `
        + `on the line of all logits with the difference ${fixed(difference)}.`,
      "Every point of the full line has the same d and the same probabilities: c moves along it. The dashed line decides. Drag the point.");
    },
  };
}

// ── the numbers ──────────────────────────────────────────────────────────────────────────────

function readings() {
  const names = ["shifted", "pair", "sigmoid", "slope"];
  const cells = Object.fromEntries(names.map((name) => [name, html("data")]));
  const labels = Object.fromEntries(names.map((name) => [name, html("th", { scope: "row" })]));
  const [decision, written, apart] = [html("td"), html("p", { class: "sb-formula" }), html("p", { class: "sb-note" })];
  const table = html("table", { class: "sb-facts" }, html("tbody", {},
    ...names.map((name) => html("tr", {}, labels[name], html("td", {}, cells[name]))),
    html("tr", {}, html("th", { scope: "row" }, "decision"), decision)));
  return {
    root: html("div", {}, written, table, apart),
    update(state) {
      const { shifted, difference, slope, probabilities } = state;
      const values = { shifted: probabilities[0], pair: softmax([difference, 0])[0], sigmoid: sigmoid(difference), slope };
      const texts = {
        shifted: `softmax([${shifted.map((z) => fixed(z)).join(", ")}]), first entry`,
        pair: `softmax([${fixed(difference)}, 0]), first entry`,
        sigmoid: `sigmoid(${fixed(difference)})`, slope: "slope p(1 − p), at most ¼",
      };
      for (const name of names) {
        setSymbols(labels[name], texts[name]);
        setText(cells[name], small(values[name]));
        cells[name].value = String(values[name]);
      }
      setSymbols(decision, verdict(state));
      const second = shifted[1] < 0 ? `(${fixed(shifted[1])})` : fixed(shifted[1]);
      written.replaceChildren(...formula`d = ${fixed(shifted[0])} − ${second} = ${fixed(difference)}, p = 1 ÷ (1 + ${power(fixed(-difference))})`,
        ` = 1 ÷ ${format(1 + Math.exp(-difference), 4)} = ${small(values.sigmoid)}`);
      const three = [values.shifted, values.pair, values.sigmoid];
      const gap = Math.max(...three) - Math.min(...three);
      setSymbols(apart, `The three probabilities ${gap ? `differ by ${format(gap, 2)}, which is rounding` : "are equal to the last bit"}. `
        + "Two logits have one free parameter, K logits have K − 1.");
    },
  };
}

export default { render };
