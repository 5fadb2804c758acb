// Logits to probabilities: drag a bar, see every probability move.

import { entropy, sigmoid, softmax, sum } from "./core.mjs";
import {
  barSlider, button, change, clamp, draggable, fixed, format, frame, html, numberField, observe,
  pythonList, pythonNumber, scrollable, setText, slider, svg,
} from "./ui.mjs";

const TRAITS = ["logits", "temperature", "shift", "names"];
const LOGIT_LIMIT = 6;
const TYPED_LIMIT = 1000;
const [MIN_CLASSES, MAX_CLASSES] = [2, 10];
const [COLDEST, HOTTEST] = [0.05, 20];

const colour = (i) => `var(--sb-c${i})`;
const range = (n) => Array.from({ length: n }, (_, i) => i);

function render({ model, el }) {
  const initial = Object.fromEntries(TRAITS.map((name) => [name, model.get(name)]));
  const ui = frame(el, {
    name: "Logits to probabilities",
    reset: () => change(model, initial),
    python: () => asPython(model),
  });
  // The class that the pointer or the keyboard is on: the one whose formula is written out.
  const chosen = { index: 0 };
  const choose = (index) => {
    chosen.index = index;
    update();
  };
  const parts = [controls(model, ui), classRows(model, ui, choose), picture(model, ui), steps(chosen), readOut()];
  const [top, rows, drawing, table, meter] = parts.map((part) => part.root);
  ui.body.append(top, rows, html("div", { class: "sb-columns" }, drawing, html("div", {}, meter, table)));

  function update() {
    const state = compute(model);
    chosen.index = Math.min(chosen.index, state.names.length - 1);
    for (const part of parts) part.update(state);
    ui.summarise(inWords(state));
  }
  const stop = observe(model, TRAITS, update);
  update();
  return () => {
    stop();
    ui.cleanUp();
  };
}

function compute(model) {
  const [logits, temperature, shift] = ["logits", "temperature", "shift"].map((name) => model.get(name));
  const names = logits.map((_, i) => model.get("names")[i] ?? String.fromCharCode(65 + i));
  const shifted = logits.map((z) => z + shift);
  const probabilities = softmax(shifted, temperature);
  return { logits, temperature, shift, names, shifted, probabilities };
}

function inWords({ names, probabilities, temperature }) {
  const parts = names.map((name, i) => `${name} ${percent(probabilities[i])}`);
  return `At temperature ${format(temperature)}: ${parts.join(", ")}. Entropy ${fixed(entropy(probabilities))} nats.`;
}

const percent = (p) => `${fixed(100 * p, 1)} %`;

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
  // The slider moves along log T, because T acts as a factor.
  const temperature = slider({
    name: "temperature T", min: Math.log(COLDEST), max: Math.log(HOTTEST), step: 0.001, signal,
    onInput: (position) => change(model, { temperature: Number(Math.exp(position).toPrecision(3)) }),
    describe: (position) => format(Math.exp(position)),
  });
  const shift = slider({
    name: "shift added to all", min: -LOGIT_LIMIT, max: LOGIT_LIMIT, step: 0.1, signal,
    onInput: (value) => change(model, { shift: value }),
    describe: (value) => fixed(value, 1),
  });
  const count = html("span", { class: "sb-value" });
  const resize = (by) => () => {
    const logits = model.get("logits");
    const size = logits.length + by;
    if (size < MIN_CLASSES || size > MAX_CLASSES) say(`From ${MIN_CLASSES} to ${MAX_CLASSES} classes.`);
    else change(model, { logits: by < 0 ? logits.slice(0, size) : [...logits, 0] });
  };
  const classes = html("div", { class: "sb-control", role: "group", "aria-label": "number of classes" },
    html("span", { class: "sb-name" }, "classes"),
    button("−", resize(-1), signal, { "aria-label": "remove the last class" }),
    count,
    button("+", resize(1), signal, { "aria-label": "add a class" }));
  return {
    root: html("div", { class: "sb-controls" }, temperature.root, shift.root, classes),
    update(state) {
      temperature.set(Math.log(state.temperature));
      shift.set(state.shift);
      setText(count, String(state.logits.length));
    },
  };
}

// ── one row a class: name, typed logit, logit bar, probability bar ───────────────────────────

function classRows(model, { signal, say }, choose) {
  const head = html("div", { class: "sb-row sb-head", "aria-hidden": "true" },
    html("span", {}, "class"), html("span", {}, "logit z"),
    html("span", {}, "drag z"), html("span", {}, "probability"), html("span", {}, "p"));
  const root = html("div", { class: "sb-rows" }, head);
  let rows = [];
  let shown = "";

  function build(names) {
    rows.forEach(({ row }) => row.remove());
    rows = names.map((name, i) => classRow(model, name, i, signal, say));
    rows.forEach(({ row }, i) => {
      root.append(row);
      for (const event of ["pointerenter", "focusin"]) row.addEventListener(event, () => choose(i), { signal });
    });
  }
  return {
    root,
    update(state) {
      const wanted = JSON.stringify(state.names);
      if (wanted !== shown) build(state.names);
      shown = wanted;
      rows.forEach((row, i) => row.update(state.logits[i], state.probabilities[i]));
    },
  };
}

function classRow(model, name, i, signal, say) {
  const put = (value) => change(model, { logits: model.get("logits").map((z, j) => (i === j ? value : z)) });
  const typed = numberField({
    name: `logit of ${name}, as a number`, min: -TYPED_LIMIT, max: TYPED_LIMIT, onValue: put, say, signal,
  });
  const drag = barSlider({
    name: `logit of ${name}`, min: -LOGIT_LIMIT, max: LOGIT_LIMIT, step: 0.1, colour: colour(i),
    onInput: put, describe: (value) => fixed(value), signal,
  });
  const bar = html("div", { class: "sb-bar", style: `--sb-colour: ${colour(i)}; --sb-from: 0` },
    html("span", { class: "sb-fill" }));
  const value = html("span", { class: "sb-value" });
  const row = html("div", { class: "sb-row", role: "group", "aria-label": `class ${name}` },
    html("span", { class: "sb-label", style: `--sb-colour: ${colour(i)}` }, name), typed.root, drag.root, bar, value);
  return {
    row,
    update(logit, probability) {
      typed.set(logit);
      drag.set(logit);
      bar.style.setProperty("--sb-to", probability);
      setText(value, format(probability));
    },
  };
}

// ── the picture: a sigmoid for two classes, the triangle for three, curves over T for more ───

const SIZE = { width: 320, height: 285 };

function picture(model, ui) {
  const root = svg("svg", { class: "sb-picture", viewBox: `0 0 ${SIZE.width} ${SIZE.height}`, role: "img" });
  const caption = html("figcaption");
  draggable(root, (x, y) => {
    if (model.get("logits").length === 3) dragInTriangle(model, x, y);
  }, ui.signal);
  return {
    root: html("figure", {}, root, caption),
    update(state) {
      const draw = { 2: drawSigmoid, 3: drawTriangle }[state.logits.length] ?? drawCurves;
      const { shapes, label } = draw(state);
      root.replaceChildren(...shapes);
      root.classList.toggle("sb-grab", state.logits.length === 3);
      root.setAttribute("aria-label", label);
      setText(caption, label);
    },
  };
}

const CORNERS = [[160, 22], [22, 262], [298, 262]];

function onTriangle(p) {
  return [0, 1].map((axis) => sum(CORNERS.map((corner, i) => p[i] * corner[axis])));
}

const points = (pairs) => pairs.map((pair) => pair.map((x) => x.toFixed(2)).join(",")).join(" ");

function dragInTriangle(model, x, y) {
  const [[ax, ay], [bx, by], [cx, cy]] = CORNERS;
  const area = (by - cy) * (ax - cx) + (cx - bx) * (ay - cy);
  const a = ((by - cy) * (x - cx) + (cx - bx) * (y - cy)) / area;
  const b = ((cy - ay) * (x - cx) + (ax - cx) * (y - cy)) / area;
  const inside = [a, b, 1 - a - b].map((p) => Math.max(p, 1e-3));
  // Logits are the logarithms of the probabilities, up to T and a common shift: keep the mean.
  const logs = inside.map((p) => model.get("temperature") * Math.log(p / sum(inside)));
  const centre = sum(model.get("logits")) / 3 - sum(logs) / 3;
  const logits = logs.map((z) => Number(clamp(z + centre, -LOGIT_LIMIT, LOGIT_LIMIT).toFixed(2)));
  change(model, { logits });
}

function drawTriangle({ logits, probabilities, names }) {
  const temperatures = range(81).map((i) => 0.02 * 10 ** (i / 20));
  const path = temperatures.map((T) => onTriangle(softmax(logits, T)));
  const [x, y] = onTriangle(probabilities);
  const centre = onTriangle([1 / 3, 1 / 3, 1 / 3]);
  const middle = (i, j) => [0, 1].map((axis) => (CORNERS[i][axis] + CORNERS[j][axis]) / 2);
  // The part of the triangle in which class i has the largest probability.
  const region = (i) => [CORNERS[i], middle(i, (i + 1) % 3), centre, middle(i, (i + 2) % 3)];
  const offsets = [[0, -8], [0, 18], [0, 18]];
  const shapes = [
    ...range(3).map((i) => svg("polygon", { points: points(region(i)), fill: colour(i), opacity: 0.14 })),
    svg("polygon", { points: points(CORNERS), class: "sb-outline" }),
    svg("polyline", { points: points(path), class: "sb-path" }),
    svg("circle", { cx: centre[0], cy: centre[1], r: 3, class: "sb-dot" }),
    svg("circle", { cx: x, cy: y, r: 9, class: "sb-handle" }),
    ...CORNERS.map(([cx, cy], i) =>
      svg("text", { x: cx + offsets[i][0], y: cy + offsets[i][1], class: "sb-corner", fill: colour(i) }, names[i])),
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
    svg("text", { x: (FRAME.left + FRAME.right) / 2, y: FRAME.bottom + 33, class: "sb-tick", "text-anchor": "middle" }, text),
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
  const power = html("th", { scope: "col" });
  const body = html("tbody");
  const [total, one] = [html("td"), html("td")];
  const column = (text) => html("th", { scope: "col" }, text);
  const table = html("table", {},
    html("thead", {}, html("tr", {}, column("class"), column("1 score z"), power, column("4 divide: p"))),
    body,
    html("tfoot", {}, html("tr", {}, html("th", { scope: "row", colspan: 2 }, "3 sum"), total, one)));
  const formula = html("p", { class: "sb-formula" });
  return {
    root: html("div", {}, scrollable("The four steps with the current numbers", table), formula),
    update(state) {
      const exponentials = state.shifted.map((z) => Math.exp(z / state.temperature));
      setText(power, state.temperature === 1 ? "2 exp(z)" : `2 exp(z ÷ ${format(state.temperature)})`);
      body.replaceChildren(...state.names.map((name, i) => html("tr", { class: i === chosen.index && "sb-chosen" },
        html("th", { scope: "row", style: `color: ${colour(i)}` }, name),
        html("td", {}, fixed(state.shifted[i])),
        html("td", {}, format(exponentials[i], 4)),
        html("td", {}, format(state.probabilities[i])))));
      setText(total, format(sum(exponentials), 4));
      setText(one, fixed(sum(state.probabilities), 3));
      formula.replaceChildren(...formulaParts(state, exponentials, chosen.index));
    },
  };
}

// p(A) = e^2.00 ÷ (e^2.00 + e^1.00 + …) = 7.389 ÷ 10.48 = 0.705
function formulaParts({ names, shifted, temperature, probabilities }, exponentials, index) {
  if (exponentials.some((e) => e === Infinity)) {
    return ["An exponential overflows here. The probabilities are still right: the largest logit is subtracted first."];
  }
  const power = (i) => ["e", html("sup", {}, fixed(shifted[i] / temperature))];
  const below = names.flatMap((_, i) => (i ? [" + ", ...power(i)] : power(i)));
  const numbers = `${format(exponentials[index], 4)} ÷ ${format(sum(exponentials), 4)}`;
  return [`p(${names[index]}) = `, ...power(index), " ÷ (", ...below, `) = ${numbers} = ${format(probabilities[index])}`];
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
