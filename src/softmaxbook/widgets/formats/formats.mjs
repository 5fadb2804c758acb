// Overflow laboratory: the same logits through four methods in four float formats, bit by bit.

import { FORMATS } from "../numerics/floats.mjs";
import { inLogs, METHODS, run, survey, truth } from "../numerics/methods.mjs";
import { format as shortly, pythonNumber } from "../numerics/numbers.mjs";
import { letter } from "../parts/classes.mjs";
import { button, change, frame, html, live, scrollable, setCaption, setText } from "../parts/ui.mjs";
import { numberLine, scaleOf } from "./numberline.mjs";
import { formula, lossAndGradient, steps } from "./steps.mjs";
import { diagnose } from "./words.mjs";

const TRAITS = ["logits", "masked", "format", "method", "label"];
const [MIN_CLASSES, MAX_CLASSES] = [2, 6];
const STARTS = {
  "10, 12 and 3": [10, 12, 3],
  "1000 and 1001": [1000, 1001],
  "a gap of 800": [800, 0],
  "256 and 257": [256, 257],
  "11 twice": [11, 11],
  "all near −20": [-20, -21, -22],
};

function render({ model, el }) {
  const initial = Object.fromEntries(TRAITS.map((name) => [name, model.get(name)]));
  const ui = frame(el, {
    name: "Overflow laboratory",
    words: () => import("./spoken.mjs"), plays: true,
    reset() {
      change(model, initial);
      choose(null);
    },
    python: () => asPython(compute(model)),
  });
  // The class whose formula is written out: the one in hand, else the first that went wrong.
  const chosen = { index: null };
  const choose = (index) => {
    chosen.index = index;
    update();
  };
  const parts = [
    starts(model, ui), numberLine(model, ui, choose), chooser(model, ui), verdict(), steps(), formula(chosen), lossAndGradient(model, ui),
  ];
  const [top, line, grid, words, table, numbers, loss] = parts.map((part) => part.root);
  ui.body.append(top, line, html("div", { class: "sb-columns sb-wide-left" }, grid, words), html("div", {}, table, numbers), loss);

  const update = live(model, TRAITS, ui, { parts, compute, summarise: inWords });
  return ui.cleanUp;
}

function compute(model) {
  const [logits, method] = [model.get("logits"), model.get("method")];
  const format = FORMATS[model.get("format")];
  const label = Math.min(model.get("label"), logits.length - 1);
  const masked = logits.map((_, i) => Boolean(model.get("masked")[i]));
  const inputs = logits.map((z, i) => (masked[i] ? -Infinity : z));
  const trace = run(method, inputs, label, format);
  const true_ = truth(trace.stored, label);
  return {
    logits, masked, inputs, method, format, label, trace, truth: true_, inLogs: inLogs(method),
    scale: scaleOf(format), diagnosis: diagnose(trace, true_), survey: survey(inputs, label),
  };
}

function inWords({ method, format, trace, diagnosis, label }) {
  const what = inLogs(method) ? "log p" : "p";
  const values = trace.results.map((value, i) => `${what}(${letter(i)}) = ${shortly(value)}`);
  return `${METHODS[method]} in ${format.name}: ${values.join(", ")}; loss for ${letter(label)} ${shortly(trace.loss)}. ${diagnosis.headline}.`;
}

// ── code that has the same effect ────────────────────────────────────────────────────────────

const BODY = {
  naive: ["e = {np}.exp(z)", "p = e / e.sum()", "loss = -{np}.log(p[{label}])"],
  shifted: ["e = {np}.exp(z - z.max())", "p = e / e.sum()", "loss = -{np}.log(p[{label}])"],
  log_of_softmax: ["e = {np}.exp(z - z.max())", "p = e / e.sum()", "log_p = {np}.log(p)", "loss = -log_p[{label}]"],
  log_softmax: ["d = z - z.max()", "log_p = d - {np}.log({np}.exp(d).sum())", "p = {np}.exp(log_p)", "loss = -log_p[{label}]"],
};

function asPython({ inputs, method, format, label }) {
  const values = `[${inputs.map(pythonNumber).join(", ")}]`;
  const result = inLogs(method) ? "log_p" : "p";
  const lines = BODY[method].concat("gradient = p - y", `print(${result}, loss, gradient, sep="\\n")`);
  const filled = (np) => lines.map((line) => line.replaceAll("{np}", np).replaceAll("{label}", label));
  const hot = `(${inputs.length})[${label}]`;
  if (format.name === "bfloat16") {
    return ["import torch", "", `z = torch.tensor(${values}, dtype=torch.bfloat16)`,
      `y = torch.eye${hot}.bfloat16()`, ...filled("torch")].join("\n");
  }
  return ["import numpy as np", "", 'with np.errstate(all="ignore"):',
    ...[`z = np.array(${values}).astype(np.${format.name})`, `y = np.eye${hot}.astype(np.${format.name})`, ...filled("np")]
      .map((line) => `    ${line}`)].join("\n");
}

// ── logits to start from, number of classes ──────────────────────────────────────────────────

function starts(model, { signal, say }) {
  const put = (logits) => change(model, {
    logits, masked: logits.map(() => false), label: Math.min(model.get("label"), logits.length - 1),
  });
  const buttons = Object.entries(STARTS).map(([name, logits]) => button(name, () => put([...logits]), signal));
  const resize = (by) => () => {
    const logits = model.get("logits");
    const size = logits.length + by;
    if (size < MIN_CLASSES || size > MAX_CLASSES) return say(`From ${MIN_CLASSES} to ${MAX_CLASSES} classes.`);
    return change(model, {
      logits: by < 0 ? logits.slice(0, size) : [...logits, 0],
      masked: [...logits.map((_, i) => Boolean(model.get("masked")[i])), false].slice(0, size),
      label: Math.min(model.get("label"), size - 1),
    });
  };
  const count = html("span");
  const lead = html("p", { class: "sb-lead" });
  setCaption(lead, "The grid shows which method gets the softmax right, and in which format. Drag a logit past a limit.");
  return {
    root: html("div", {},
      lead,
      html("div", { class: "sb-presets" }, html("span", { class: "sb-name" }, "start from"),
        html("div", { class: "sb-starts", role: "group", "aria-label": "start from" }, ...buttons)),
      html("div", { class: "sb-starts", role: "group", "aria-label": "classes" },
        html("span", { class: "sb-name" }, "classes"),
        button("−", resize(-1), signal, { "aria-label": "remove the last class" }), count,
        button("+", resize(1), signal, { "aria-label": "add a class" }))),
    update: ({ logits }) => setText(count, String(logits.length)),
  };
}

// ── method × format: sixteen fates of the same logits, and the choice among them ─────────────

// A thin space keeps the cells narrow enough for a phone.
const FATES = { right: "✓", "few digits": "≈", NaN: "✕\u2009NaN", "∞": "✕\u2009∞", 0: "✕\u20090" };
const SPOKEN = { right: "right", "few digits": "inaccurate", NaN: "wrong, NaN", "∞": "wrong, ∞", 0: "wrong, 0" };

function chooser(model, { signal }) {
  const names = Object.keys(FORMATS);
  const cells = Object.keys(METHODS).map((method) => names.map((name) => fate(model, method, name, signal)));
  const rows = Object.values(METHODS).map((text, i) => html("tr", {}, html("th", { scope: "row" }, text),
    ...cells[i].map((cell) => html("td", {}, cell.root))));
  const head = html("tr", {}, html("td"), ...names.map((name) => html("th", { scope: "col" }, name)));
  const table = html("table", { class: "sb-fates" }, html("thead", {}, head), html("tbody", {}, ...rows));
  // The form keeps the radio buttons of several explorables apart; it is never sent.
  const root = html("form", {}, scrollable("Methods and formats", table),
    html("p", { class: "sb-note" }, "✓ right · ≈ fewer than half of the digits · ✕ wrong. Choose a cell to look inside."));
  root.addEventListener("submit", (event) => event.preventDefault(), { signal });
  root.addEventListener("keydown", (event) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!by) return;
    event.preventDefault(); // else the arrow goes to the next cell of the row
    const row = cells.findIndex((line) => line.some(({ input }) => input === event.target));
    const column = names.indexOf(model.get("format"));
    const target = cells[(row + by + cells.length) % cells.length][column].input;
    target.focus();
    target.click();
  }, { signal });
  return {
    root,
    update(state) {
      cells.flat().forEach((cell) => cell.update(state));
    },
  };
}

function fate(model, method, name, signal) {
  const input = html("input", { type: "radio", name: "fate" });
  const text = html("span", { "aria-hidden": "true" });
  input.addEventListener("change", () => change(model, { method, format: name }), { signal });
  return {
    input,
    root: html("label", { class: "sb-fate" }, input, text),
    update(state) {
      const grade = state.survey[name][method];
      input.checked = state.method === method && state.format.name === name;
      input.setAttribute("aria-label", `${METHODS[method]} in ${name}: ${SPOKEN[grade]}`);
      text.className = `sb-${grade === "right" ? "good" : grade === "few digits" ? "warn" : "bad"}`;
      setText(text, FATES[grade]);
    },
  };
}

// ── the verdict in words ─────────────────────────────────────────────────────────────────────

function verdict() {
  const [headline, text, inputs] = [html("p", { class: "sb-headline" }), html("p"), html("p", { class: "sb-note" })];
  const name = html("p", { class: "sb-name" });
  return {
    root: html("div", { class: "sb-diagnosis" }, name, headline, text, inputs),
    update({ method, format, diagnosis }) {
      const { grade } = diagnosis;
      const icon = FATES[grade][0];
      headline.className = `sb-headline sb-${grade === "right" ? "good" : grade === "few digits" ? "warn" : "bad"}`;
      setText(name, `${METHODS[method]} in ${format.name}`);
      setText(headline, `${icon} ${diagnosis.headline}`);
      setText(text, diagnosis.text);
      setText(inputs, diagnosis.inputs);
    },
  };
}

export default { render };
