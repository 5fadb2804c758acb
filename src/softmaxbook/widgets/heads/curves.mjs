// How the heads of HeadExplorer learn: controls, curves of the loss, and the numbers at this step.

import { clamp, fixed, format } from "../numerics/numbers.mjs";
import { axes, CHART, drawing, line, points } from "../parts/chart.mjs";
import { button, change, html, logSlider, renew, scrollable, segments, setText, slider, svg, symbols } from "../parts/ui.mjs";
import { KINDS } from "./state.mjs";

export const MOST_STEPS = 300;
const [MIN_RATE, MAX_RATE] = [0.1, 100];
const STRIDE = 5; // steps in one tick of the play
const TICK = 60; // ms
export const COLOURS = { features: "var(--sb-c0)", pixels: "var(--sb-c1)" };

// Runs the training step after step; where the reader wants no motion, at once to the end.
function player(model, refresh, signal) {
  let timer = null;
  const playing = () => timer !== null;
  const go = (steps) => change(model, { steps: clamp(steps, 0, MOST_STEPS) });
  function pause() {
    if (!playing()) return;
    clearInterval(timer);
    timer = null;
    refresh();
  }
  function tick() {
    go(model.get("steps") + STRIDE);
    if (model.get("steps") >= MOST_STEPS) pause();
  }
  function toggle() {
    if (playing()) return pause();
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return go(MOST_STEPS);
    if (model.get("steps") >= MOST_STEPS) go(0);
    timer = setInterval(tick, TICK);
    return refresh();
  }
  const to = (steps) => {
    pause();
    go(steps);
  };
  signal.addEventListener("abort", () => clearInterval(timer));
  return { playing, toggle, pause, to };
}

export function trainingControls(model, refresh, { signal }) {
  const play = player(model, refresh, signal);
  const seeds = () => model.get("data").chosen[model.get("per_class")].length;
  const labels = segments({
    name: "labels per class", options: { 1: "1", 2: "2", 5: "5", 10: "10" }, signal,
    onChange: (value) => change(model, { per_class: Number(value) }),
  });
  const others = button("Other labelled digits", () => change(model, { seed: (model.get("seed") + 1) % seeds() }), signal);
  const rate = logSlider({
    name: "learning rate", hint: "in units of 1 / L: up to 1 no step goes up", min: MIN_RATE, max: MAX_RATE, digits: 2, places: 60, signal,
    onInput: (value) => change(model, { rate: value }), describe: (value) => `${format(value, 2)} ÷ L`,
  });
  const steps = slider({
    name: "step", min: 0, max: MOST_STEPS, step: 1, signal, onInput: play.to, describe: (value) => String(value),
  });
  const start = button("Train", play.toggle, signal, { class: "sb-button sb-steady" });
  const once = button("One step", () => play.to(model.get("steps") + 1), signal);
  const back = button("To step 0", () => play.to(0), signal);
  return {
    root: html("div", { class: "sb-controls" }, labels.root, others, rate.root, steps.root,
      html("div", { class: "sb-controls sb-tools" }, start, once, back)),
    pause: play.pause,
    update(state) {
      labels.set(state.perClass);
      rate.set(state.rate);
      steps.set(state.steps);
      setText(start, play.playing() ? "Pause" : "Train");
      once.disabled = state.steps >= MOST_STEPS;
    },
  };
}

// ── the loss, step by step ───────────────────────────────────────────────────────────────────

const HIGHEST = 2.6;
const chance = Math.log(10);

export function lossCurves() {
  const { root, set } = drawing(CHART, renew);
  const chart = axes({
    x: [0, MOST_STEPS], y: [0, HIGHEST], xTicks: [0, 100, 200, 300],
    yTicks: [0, 1, 2, [chance, "log 10"]], xLabel: "step", yLabel: "cross-entropy in nats", height: CHART.height,
  });
  const path = (pairs, attributes) => svg("polyline", {
    ...attributes, points: points(pairs.map(([step, loss]) => [chart.x(step), chart.y(Math.min(loss, HIGHEST))])),
  });
  let shown = {};
  return {
    root,
    update({ now, steps }) {
      const held = KINDS.map((kind) => now[kind].heldLosses());
      const count = held.flat().length;
      if (shown.now === now && shown.count === count) return; // the drawing alone has changed
      shown = { now, count };
      const curves = KINDS.flatMap((kind, i) => [
        path(held[i], { class: "sb-curve sb-held-out", stroke: COLOURS[kind] }),
        path(now[kind].losses, { class: "sb-curve", stroke: COLOURS[kind] }),
      ]);
      const said = KINDS.map((kind) => `on ${kind} ${fixed(now[kind].trained.loss, 3)}`).join(", ");
      set([...chart.shapes, ...curves, line(chart, [steps, 0], [steps, HIGHEST], { class: "sb-marker" })],
        `Cross-entropy against the step, now ${steps}. On the labelled digits: ${said}.`,
        "Full: on the labelled digits. Dashed: on the held-out digits.");
    },
  };
}

// ── the numbers at this step ─────────────────────────────────────────────────────────────────

const MEASURES = [
  ["labelled: loss", ({ trained }) => trained.loss, (value) => fixed(value, 3)],
  ["labelled: right", ({ trained }) => trained.accuracy, (value) => `${fixed(100 * value, 1)} %`],
  ["held-out: loss", ({ tested }) => tested?.loss, (value) => fixed(value, 3)],
  ["held-out: right", ({ tested }) => tested?.accuracy, (value) => `${fixed(100 * value, 1)} %`],
  ["learning rate η", ({ rate }) => rate, (value) => format(value)],
];

export function measures(heldLabels) {
  const cells = MEASURES.map(() => KINDS.map(() => html("td")));
  const th = (content, scope, style) => html("th", { scope, style }, ...symbols(content));
  const key = (kind) => th(`on ${kind}`, "col", `color: ${COLOURS[kind]}`);
  const root = html("div", {},
    scrollable("Both heads at this step", html("table", { class: "sb-compared" },
      html("thead", {}, html("tr", {}, html("td"), ...KINDS.map(key))),
      html("tbody", {}, ...MEASURES.map(([name], i) => html("tr", {}, th(name, "row"), ...cells[i]))))),
    html("p", { class: "sb-note" }, ...symbols(`Held out: ${heldLabels.length} digits that no head learns from. They are the validation part: `
      + "you choose labels, rate and step by them, so the test part stays out. "
      + "Both heads start at 0 and take the same number of steps; 1 ÷ L is the rate up to which no step goes up.")));
  return {
    root,
    update({ now }) {
      MEASURES.forEach(([, value, text], i) => KINDS.forEach((kind, j) => {
        const number = value(now[kind]);
        renew(cells[i][j], number === undefined ? "…" : html("data", { value: String(number) }, text(number)));
      }));
    },
  };
}

