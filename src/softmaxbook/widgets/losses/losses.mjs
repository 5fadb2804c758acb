// Cross-entropy: choose the label, see the gradient p − y as arrows on the bars, take steps against it.

import { clamp, fixed, format, formatPower, pythonList, pythonNumber, range } from "../numerics/numbers.mjs";
import { crossEntropy, crossEntropyGradient, logSoftmax, smoothedTarget, softmax, sum } from "../numerics/softmax.mjs";
import { axes, curve, dot, drawing, line, points } from "../parts/chart.mjs";
import { classCount, classRows, colour, letter, pullArrow } from "../parts/classes.mjs";
import { button, change, choice, formula, frame, html, live, logSlider, scrollable, setSymbols, setText, slider, svg, symbols } from "../parts/ui.mjs";

const TRAITS = ["logits", "label", "learning_rate", "smoothing", "names"];
const [MIN_CLASSES, MAX_CLASSES] = [2, 10];
const [SLOWEST, FASTEST] = [0.01, 100];
const TALLEST = 7; // nats, on the curve
const REMEMBERED = 200; // steps in the history

function render({ model, el }) {
  const initial = Object.fromEntries(TRAITS.map((name) => [name, model.get(name)]));
  const ui = frame(el, {
    name: "Cross-entropy and its gradient", onlyHeard: true,
    words: () => import("./spoken.mjs"), plays: true,
    reset: () => change(model, initial),
    python: () => asPython(compute(model)),
  });
  const descent = steps(model, ui);
  const surprise = surpriseCurve();
  const numbers = table();
  const parts = [controls(model, ui), probabilityRows(model, ui), descent, surprise, numbers];
  const [top, rows, walk, picture, sums] = parts.map((part) => part.root);
  ui.body.append(top, rows, walk, html("div", { class: "sb-columns" }, picture, sums));

  live(model, TRAITS, ui, { parts, compute, summarise: (state) => inWords(state, descent.taken()) });
  return ui.cleanUp;
}

function compute(model) {
  const [logits, learningRate, smoothing] = ["logits", "learning_rate", "smoothing"].map((name) => model.get(name));
  const label = Math.min(model.get("label"), logits.length - 1);
  const target = smoothedTarget(label, logits.length, smoothing);
  const gradient = crossEntropyGradient(logits, target);
  return {
    logits, learningRate, smoothing, label, target, gradient,
    names: logits.map((_, i) => model.get("names")[i] ?? letter(i)),
    probabilities: softmax(logits),
    logs: logSoftmax(logits),
    loss: crossEntropy(logits, target),
    // Adding 0 turns −0 into 0.
    next: logits.map((z, i) => z - learningRate * gradient[i] + 0),
  };
}

// A probability for reading, also where a float64 has no number so small.
const probability = (log) => (log < -690 ? formatPower(log, 2) : format(Math.exp(log), log < -6.9 ? 2 : 3));
const signed = (value) => (value > 0 ? `+${fixed(value, 3)}` : fixed(value, 3));
const share = (t) => (Number.isInteger(t) ? String(t) : fixed(t, 3));
const bits = (nats) => nats / Math.LN2;

function inWords({ names, label, logs, loss, gradient }, taken) {
  const slopes = names.map((name, i) => `${name} ${signed(gradient[i])}`).join(", ");
  const steps = taken.length > 1
    ? ` ${taken.length - 1} ${taken.length === 2 ? "step" : "steps"} took the loss from ${format(taken[0])} to ${format(loss)}.` : "";
  return `Label ${names[label]} has probability ${probability(logs[label])}: the loss is ${format(loss)} nats, `
    + `${format(bits(loss))} bits. Gradient p − y: ${slopes}.${steps}`;
}

function asPython({ logits, label, learningRate, smoothing }) {
  return [
    "import numpy as np",
    "import softmaxbook as sb",
    "",
    `logits = np.array(${pythonList(logits)})`,
    `loss, gradient = sb.cross_entropy_and_gradient(logits, ${label}, label_smoothing=${pythonNumber(smoothing)})`,
    `print(loss, gradient, logits - ${pythonNumber(learningRate)} * gradient, sep="\\n")`,
  ].join("\n");
}

// ── label, smoothing, number of classes ──────────────────────────────────────────────────────

function controls(model, { signal, say }) {
  const label = choice({
    name: "the label says", options: {}, signal, onChange: (value) => change(model, { label: Number(value) }),
  });
  const smoothing = slider({
    name: "label smoothing ε", min: 0, max: 1, step: 0.01, signal,
    onInput: (value) => change(model, { smoothing: value }), describe: (value) => fixed(value),
  });
  const resize = (size) => change(model, {
    logits: range(size).map((i) => model.get("logits")[i] ?? 0), label: Math.min(model.get("label"), size - 1),
  });
  const classes = classCount({ min: MIN_CLASSES, max: MAX_CLASSES, resize, say, signal });
  let shown = "";
  return {
    root: html("div", { class: "sb-controls" }, label.root, classes.root, smoothing.root),
    update(state) {
      if (shown !== JSON.stringify(state.names)) {
        shown = JSON.stringify(state.names);
        label.select.replaceChildren(...state.names.map((name, value) => html("option", { value }, name)));
      }
      label.set(state.label);
      smoothing.set(state.smoothing);
      classes.set(state.names.length);
    },
  };
}

// ── one row a class, with an arrow from its probability to its target ────────────────────────

function probabilityRows(model, { signal, say }) {
  const rows = classRows({
    heads: ["class", "logit z", "drag z", "probability p", "p"], quantity: (name) => `logit of ${name}`,
    put: (i, value) => change(model, { logits: model.get("logits").map((z, j) => (i === j ? value : z)) }),
    say, signal,
  });
  const note = html("p", { class: "sb-note" });
  return {
    root: html("div", { class: "sb-pulls" }, rows.root, note),
    update({ names, logits, probabilities, logs, target, smoothing }) {
      rows.update(names, logits, probabilities.map((p) => [0, p]), logs.map(probability));
      rows.bars().forEach((bar, i) => pullArrow(bar, probabilities[i], target[i]));
      const end = smoothing ? "its target" : "its target, 1 for the label and 0 for every other class";
      setSymbols(note, `Each arrow leads from a probability to ${end}: that is y − p, the way downhill.`);
    },
  };
}

// ── steps against the gradient, with the losses they had ─────────────────────────────────────

const SPARK = { width: 180, height: 44 };

function steps(model, { signal, say }) {
  let losses = [];
  let stepping = false;
  let known = "";
  const step = () => {
    const { next } = compute(model);
    if (!next.every(Number.isFinite)) return say("The logits would leave the range of the numbers.");
    stepping = true;
    change(model, { logits: next });
    stepping = false;
  };
  const rate = logSlider({
    name: "learning rate η", min: SLOWEST, max: FASTEST, digits: 2, signal,
    onInput: (value) => change(model, { learning_rate: value }), describe: (value) => format(value, 2),
  });
  const spark = svg("svg", { class: "sb-spark", viewBox: `0 0 ${SPARK.width} ${SPARK.height}`, role: "img" });
  const text = html("span", { class: "sb-name" });
  return {
    root: html("div", {},
      html("div", { class: "sb-controls" }, rate.root, button("Take one gradient step", step, signal)),
      html("div", { class: "sb-history" }, text, spark)),
    taken: () => losses,
    update({ learningRate, logits, label, smoothing, loss }) {
      rate.set(learningRate);
      // A step continues the history; whatever else moves begins a new one.
      const now = JSON.stringify([logits, label, smoothing]);
      if (now !== known) losses = stepping ? [...losses, loss].slice(-REMEMBERED) : [loss];
      known = now;
      spark.replaceChildren(...sparkline(losses));
      spark.style.visibility = losses.length > 1 ? "" : "hidden"; // a lone point looks broken
      const words = losses.length > 1 ? losses.slice(-5).map((value) => format(value)).join(" → ") : `loss ${format(loss)}, no step yet`;
      setText(text, losses.length > 5 ? `… ${words}` : words);
      spark.setAttribute("aria-label", `The losses so far, from left to right: ${words}.`);
    },
  };
}

function sparkline(losses) {
  const highest = Math.max(...losses) || 1;
  const across = Math.max(losses.length - 1, 8);
  const pairs = losses.map((loss, i) => [
    5 + (i / across) * (SPARK.width - 10), SPARK.height - 5 - (loss / highest) * (SPARK.height - 10),
  ]);
  const [x, y] = pairs.at(-1);
  return [
    svg("line", { x1: 0, x2: SPARK.width, y1: SPARK.height - 4, y2: SPARK.height - 4, class: "sb-grid" }),
    svg("polyline", { points: points(pairs), class: "sb-curve", stroke: "var(--sb-accent)" }),
    svg("circle", { cx: x, cy: y, r: 4, fill: "var(--sb-ink)" }),
  ];
}

// ── the curve −log p ─────────────────────────────────────────────────────────────────────────

function surpriseCurve() {
  const { root, set } = drawing();
  return {
    root,
    update({ names, label, logs, target, loss, smoothing }) {
      const chart = axes({
        x: [0, 1], y: [0, TALLEST], xTicks: [0, 0.5, 1], yTicks: [0, 2, 4, 6], xLabel: "probability p",
        yLabel: "−log p in nats", right: [0, 2, 4, 6, 8].map((bit) => [bit * Math.LN2, String(bit)]), rightLabel: "in bits",
      });
      const at = (i) => [Math.exp(logs[i]), clamp(-logs[i], 0, TALLEST)];
      const others = smoothing ? range(names.length).filter((i) => i !== label && target[i] > 0) : [];
      const high = clamp(loss, 0, TALLEST);
      set([
        ...chart.shapes,
        curve(chart, Math.exp(-TALLEST), 1, (p) => -Math.log(p), { stroke: "var(--sb-accent)" }, 400),
        line(chart, [0, high], [1, high], { class: "sb-marker" }),
        ...others.map((i) => dot(chart, at(i), 5, { style: `fill: ${colour(i)}` })),
        dot(chart, at(label), 8, { style: `fill: ${colour(label)}` }),
      ], `The surprise −log p against p. ${names[label]} has ${format(-logs[label])} nats; the dashed line is the loss, ${format(loss)} nats.`,
      smoothing
        ? "The large point is the label; the dashed line is the loss, the mean of the surprises weighted by the target."
        : "The point is the label, and its height is the loss. A bit is the surprise of a coin that falls heads.");
    },
  };
}

// ── the numbers ──────────────────────────────────────────────────────────────────────────────

const cell = (value, text) => html("td", {}, html("data", { value: String(value) }, text));

function table() {
  const head = html("tr", {}, ...["class", "p", "y", "p − y", "new z"].map((text) => html("th", { scope: "col" }, ...symbols(text))));
  const body = html("tbody");
  const foot = html("tr");
  const written = html("p", { class: "sb-formula" });
  const step = html("p", { class: "sb-formula" });
  return {
    root: html("div", {}, written, scrollable("The gradient with the current numbers",
      html("table", {}, html("thead", {}, head), body, html("tfoot", {}, foot))), step),
    update(state) {
      const { names, label, logs, target, gradient, next, learningRate, logits } = state;
      body.replaceChildren(...names.map((name, i) => html("tr", { class: i === label && "sb-chosen" },
        html("th", { scope: "row", style: `color: ${colour(i)}` }, name),
        cell(Math.exp(logs[i]), probability(logs[i])), cell(target[i], share(target[i])),
        cell(gradient[i], signed(gradient[i])), cell(next[i], fixed(next[i])))));
      const total = sum(gradient);
      foot.replaceChildren(html("th", { scope: "row" }, "sum"), cell(sum(state.probabilities), fixed(sum(state.probabilities))),
        cell(sum(target), fixed(sum(target))), cell(total, fixed(total, 3)), cell(sum(next), fixed(sum(next))));
      written.replaceChildren(...lossFormula(state));
      step.replaceChildren(...formula`z(${names[label]}) ← ${fixed(logits[label])} − ${format(learningRate, 2)} · (${fixed(gradient[label], 3)}) = ${fixed(next[label])}`,
        ". The arrows balance, and none is longer than 1.");
    },
  };
}

// loss = −log p(B) = −log 0.259 = 1.35 nats = 1.95 bits; with a soft target a mean of surprises.
function lossFormula({ names, label, logs, target, loss, smoothing }) {
  const value = html("data", { value: String(loss) }, `${format(loss)} nats`);
  const end = [" = ", value, ` = ${format(bits(loss))} bits`];
  if (!smoothing) return [...formula`loss = −log p(${names[label]}) = −log ${probability(logs[label])}`, ...end];
  const terms = target.map((t, i) => `${fixed(t, 3)} · ${format(-logs[i])}`);
  return [...formula`loss = Σ y (−log p) = ${terms.join(" + ")}`, ...end];
}

export default { render };
