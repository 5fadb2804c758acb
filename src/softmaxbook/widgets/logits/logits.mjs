// Logits to probabilities: drag a bar, see every probability move.

import { clamp, fixed, format, positive, pythonList, pythonNumber, range } from "../numerics/numbers.mjs";
import { entropy, sigmoid, softmax, sum } from "../numerics/softmax.mjs";
import { points } from "../parts/chart.mjs";
import { classCount, classRows, COLDEST, colour, HOTTEST, letter, LOGIT_LIMIT, temperatureSlider } from "../parts/classes.mjs";
import { logitsAt, onTriangle, SIZE, triangle } from "../parts/triangle.mjs";
import { change, draggable, drawnSymbols, formula, frame, html, live, power, scrollable, setCaption, setText, slider, svg, symbols } from "../parts/ui.mjs";

const TRAITS = ["logits", "temperature", "shift", "names"];
const [MIN_CLASSES, MAX_CLASSES] = [2, 10];

function render({ model, el }) {
  const initial = Object.fromEntries(TRAITS.map((name) => [name, model.get(name)]));
  const ui = frame(el, {
    name: "Logits to probabilities",
    words: () => import("./spoken.mjs"), plays: true, onlyHeard: true,
    reset() {
      change(model, initial);
      choose(0);
    },
    python: () => asPython(model),
  });
  // The class that the pointer or the keyboard is on: the one whose formula is written out.
  const chosen = { index: 0 };
  const choose = (index) => {
    chosen.index = index;
    update();
  };
  const parts = [controls(model, ui), logitRows(model, ui, choose), picture(model, ui), steps(chosen), readOut()];
  const [top, rows, drawing, table, meter] = parts.map((part) => part.root);
  ui.body.append(top, rows, html("div", { class: "sb-columns" }, drawing, html("div", {}, meter, table)));

  function now() {
    const state = compute(model);
    chosen.index = Math.min(chosen.index, state.names.length - 1);
    return state;
  }
  const update = live(model, TRAITS, ui, { parts, compute: now, summarise: inWords });
  return ui.cleanUp;
}

function compute(model) {
  const [logits, temperature, shift] = ["logits", "temperature", "shift"].map((name) => model.get(name));
  const names = logits.map((_, i) => model.get("names")[i] ?? letter(i));
  const shifted = logits.map((z) => z + shift);
  const probabilities = softmax(shifted, temperature);
  return { logits, temperature, shift, names, shifted, probabilities };
}

function inWords({ names, probabilities, temperature }) {
  const parts = names.map((name, i) => `${name} ${percent(probabilities[i])}`);
  return `At temperature ${format(temperature)}: ${parts.join(", ")}. Entropy ${fixed(entropy(probabilities))} nats.`;
}

const percent = (p) => `${positive(100 * p, 1)} %`;

function asPython(model) {
  const { logits, temperature, shift } = compute(model);
  const shifted = shift ? ` + ${pythonNumber(shift)}` : "";
  return [
    "import numpy as np",
    "import softmaxbook as sb",
    "",
    `logits = np.array(${pythonList(logits)})${shifted}`,
    `sb.softmax(logits, temperature=${pythonNumber(temperature)})`,
  ].join("\n");
}

// ── temperature, shift, number of classes ────────────────────────────────────────────────────

function controls(model, { signal, say }) {
  const temperature = temperatureSlider(model, signal);
  const shift = slider({
    name: "shift added to all", min: -LOGIT_LIMIT, max: LOGIT_LIMIT, step: 0.1, signal,
    onInput: (value) => change(model, { shift: value }),
    describe: (value) => fixed(value, 1),
  });
  const resize = (size) => change(model, { logits: range(size).map((i) => model.get("logits")[i] ?? 0) });
  const classes = classCount({ min: MIN_CLASSES, max: MAX_CLASSES, resize, say, signal });
  return {
    root: html("div", { class: "sb-controls" }, temperature.root, shift.root, classes.root),
    update(state) {
      temperature.set(state.temperature);
      shift.set(state.shift);
      classes.set(state.logits.length);
    },
  };
}

// ── one row a class: name, typed logit, logit bar, probability bar ───────────────────────────

function logitRows(model, { signal, say }, choose) {
  const { root, update } = classRows({
    heads: ["class", "logit z", "drag z", "probability", "p"], quantity: (name) => `logit of ${name}`,
    put: (i, value) => change(model, { logits: model.get("logits").map((z, j) => (i === j ? value : z)) }),
    choose, say, signal,
  });
  return {
    root,
    update: ({ names, logits, probabilities }) =>
      update(names, logits, probabilities.map((p) => [0, p]), probabilities.map((p) => format(p, p < 1e-3 ? 2 : 3))),
  };
}

// ── the picture: a sigmoid for two classes, the triangle for three, curves over T for more ───

function picture(model, ui) {
  const root = svg("svg", { class: "sb-picture", viewBox: `0 0 ${SIZE.width} ${SIZE.height}`, role: "img" });
  const caption = html("figcaption");
  draggable(root, (x, y) => {
    const state = { logits: model.get("logits"), temperature: model.get("temperature") };
    if (state.logits.length === 3) change(model, { logits: logitsAt(x, y, state, LOGIT_LIMIT) });
  }, ui.signal);
  return {
    root: html("figure", {}, root, caption),
    update(state) {
      const draw = { 2: drawSigmoid, 3: drawTriangle }[state.logits.length] ?? drawCurves;
      const { shapes, label } = draw(state);
      root.replaceChildren(...shapes);
      root.classList.toggle("sb-grab", state.logits.length === 3);
      const shares = state.names.map((name, i) => `${name} ${percent(state.probabilities[i])}`).join(", ");
      root.setAttribute("aria-label", `The picture of these probabilities, now ${shares}.`);
      setCaption(caption, label);
    },
  };
}

function drawTriangle({ logits, probabilities, names }) {
  const temperatures = range(81).map((i) => 0.02 * 10 ** (i / 20));
  const path = temperatures.map((T) => onTriangle(softmax(logits, T)));
  const [cx, cy] = onTriangle(probabilities);
  const shapes = [
    ...triangle(names),
    svg("polyline", { points: points(path), class: "sb-path" }),
    svg("circle", { cx, cy, r: 9, class: "sb-handle" }),
  ];
  const label = "All distributions over three classes; the line is the path from T → ∞, the centre, to T → 0. Drag the point.";
  return { shapes, label };
}

// A pair of axes for the other two pictures; x runs over [low, high], y over [0, 1].
const FRAME = { left: 34, right: 308, top: 14, bottom: 246 };

function axes(low, high, ticks, text) {
  const x = (value) => FRAME.left + ((value - low) / (high - low)) * (FRAME.right - FRAME.left);
  const y = (value) => FRAME.bottom - value * (FRAME.bottom - FRAME.top);
  const shapes = [
    ...[0, 0.5, 1].flatMap((value) => [
      svg("line", { x1: FRAME.left, x2: FRAME.right, y1: y(value), y2: y(value), class: "sb-grid" }),
      svg("text", { x: FRAME.left - 6, y: y(value) + 4, class: "sb-tick", "text-anchor": "end" }, String(value)),
    ]),
    ...Object.entries(ticks).map(([tick, position]) =>
      svg("text", { x: x(position), y: FRAME.bottom + 16, class: "sb-tick", "text-anchor": "middle" }, tick)),
    svg("text", { x: (FRAME.left + FRAME.right) / 2, y: FRAME.bottom + 33, class: "sb-tick", "text-anchor": "middle" }, ...drawnSymbols(text)),
  ];
  return { x, y, shapes };
}

function drawSigmoid({ shifted, temperature, names, probabilities }) {
  const [low, high] = [-2 * LOGIT_LIMIT, 2 * LOGIT_LIMIT];
  const difference = shifted[0] - shifted[1];
  const { x, y, shapes } = axes(low, high, { "−12": -12, 0: 0, 12: 12 }, `z(${names[0]}) − z(${names[1]})`);
  const curve = range(161).map((i) => low + ((high - low) * i) / 160).map((d) => [x(d), y(sigmoid(d / temperature))]);
  shapes.push(
    svg("polyline", { points: points(curve), class: "sb-curve", stroke: colour(0) }),
    svg("circle", { cx: x(clamp(difference, low, high)), cy: y(probabilities[0]), r: 7, class: "sb-handle" }),
  );
  return { shapes, label: `Two classes: the probability of ${names[0]} is the sigmoid of the difference of the logits.` };
}

function drawCurves({ logits, temperature, probabilities, names }) {
  const [low, high] = [Math.log(COLDEST), Math.log(HOTTEST)];
  const ticks = { 0.1: Math.log(0.1), 1: 0, 10: Math.log(10) };
  const { x, y, shapes } = axes(low, high, ticks, "temperature T (logarithmic)");
  const at = range(81).map((i) => low + ((high - low) * i) / 80);
  const distributions = at.map((position) => softmax(logits, Math.exp(position)));
  const here = x(clamp(Math.log(temperature), low, high));
  shapes.push(svg("line", { x1: here, x2: here, y1: FRAME.top, y2: FRAME.bottom, class: "sb-marker" }));
  names.forEach((_, i) => {
    const curve = at.map((position, j) => [x(position), y(distributions[j][i])]);
    shapes.push(svg("polyline", { points: points(curve), class: "sb-curve", stroke: colour(i) }));
    shapes.push(svg("circle", { cx: here, cy: y(probabilities[i]), r: 4, fill: colour(i) }));
  });
  return { shapes, label: "Each class's probability against the temperature; the upright line is the temperature now." };
}

// ── the formula with its current numbers ─────────────────────────────────────────────────────

function steps(chosen) {
  const exponential = html("th", { scope: "col" });
  const body = html("tbody");
  const [total, one] = [html("td"), html("td")];
  const column = (text) => html("th", { scope: "col" }, ...symbols(text));
  const table = html("table", {},
    html("thead", {}, html("tr", {}, column("class"), column("1 score z"), exponential, column("4 divide: p"))),
    body,
    html("tfoot", {}, html("tr", {}, html("th", { scope: "row", colspan: 2 }, "3 sum"), total, one)));
  const written = html("p", { class: "sb-formula" });
  return {
    root: html("div", {}, written, html("details", { class: "sb-details" }, html("summary", {}, "The four steps in numbers"),
      scrollable("The four steps with the current numbers", table))),
    update(state) {
      const exponentials = state.shifted.map((z) => Math.exp(z / state.temperature));
      exponential.replaceChildren(...symbols(state.temperature === 1 ? "2 exp(z)" : `2 exp(z ÷ ${format(state.temperature)})`));
      body.replaceChildren(...state.names.map((name, i) => html("tr", { class: i === chosen.index && "sb-chosen" },
        html("th", { scope: "row", style: `color: ${colour(i)}` }, name),
        html("td", {}, fixed(state.shifted[i])),
        html("td", {}, format(exponentials[i], 4)),
        html("td", {}, format(state.probabilities[i])))));
      setText(total, format(sum(exponentials), 4));
      setText(one, fixed(sum(state.probabilities), 3));
      written.replaceChildren(...formulaParts(state, exponentials, chosen.index));
    },
  };
}

// p(A) = e^2.00 ÷ (e^2.00 + e^1.00 + …) = 7.389 ÷ 10.48 = 0.705
function formulaParts({ names, shifted, temperature, probabilities }, exponentials, index) {
  if (exponentials.some((e) => e === Infinity)) {
    return ["An exponential overflows here. The probabilities are still right: the largest logit is subtracted first."];
  }
  const exp = (i) => power(fixed(shifted[i] / temperature));
  const below = names.flatMap((_, i) => (i ? [" + ", ...exp(i)] : exp(i)));
  const numbers = `${format(exponentials[index], 4)} ÷ ${format(sum(exponentials), 4)}`;
  return formula`p(${names[index]}) = ${exp(index)} ÷ (${below}) = ${numbers} = ${format(probabilities[index])}`;
}

// ── entropy ──────────────────────────────────────────────────────────────────────────────────

function readOut() {
  const bar = html("div", { class: "sb-bar sb-thin", style: "--sb-colour: var(--sb-accent); --sb-from: 0" },
    html("span", { class: "sb-fill" }));
  const text = html("span", { class: "sb-value" });
  return {
    root: html("div", { class: "sb-entropy" }, html("span", { class: "sb-name" }, "entropy"), bar, text),
    update({ probabilities }) {
      const nats = entropy(probabilities);
      const most = Math.log(probabilities.length);
      bar.style.setProperty("--sb-to", clamp(nats / most, 0, 1));
      setText(text, `${fixed(nats)} of ${fixed(most)} nats, like ${fixed(Math.exp(nats), 1)} equal classes`);
    },
  };
}

export default { render };
