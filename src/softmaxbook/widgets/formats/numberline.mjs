// Logits as points on the number line of a float format, with the limits of its exponential.

import { clamp, fixed } from "../numerics/numbers.mjs";
import { letter } from "../parts/classes.mjs";
import { change, checkbox, columnHead, html, listen, numberField, renew, setText, symbols } from "../parts/ui.mjs";
import { brief } from "./words.mjs";

export const TYPED_LIMIT = 1e5;
const MARGIN = 1.3; // how far the line goes beyond the limits, as a factor
const STEPS = 400; // about how many steps a slider has

export const ICONS = { nan: "✕", inf: "▲", zero: "▼", subnormal: "▽", lost: "≈", mask: "⊘" };

// A number with its mark: icon and word, and the exact value for whoever reads the page by program.
export function marked(value, mark) {
  const number = html("data", { value: String(value) }, brief(value));
  const word = mark && html("span", { class: "sb-mark" },
    html("span", { "aria-hidden": "true" }, `${ICONS[mark.kind]} `), mark.word);
  return html("span", { class: mark && `sb-reading sb-is-${mark.kind}` }, number, word);
}

// 1, 2 or 5 times a power of ten, at most `size`.
function niceStep(size) {
  const power = 10 ** Math.floor(Math.log10(size));
  return power * [5, 2, 1].find((factor) => factor * power <= size);
}

export function scaleOf({ thresholds }) {
  const step = niceStep((MARGIN * (thresholds.overflow - thresholds.underflow)) / STEPS);
  const [min, max] = [thresholds.underflow, thresholds.overflow].map((limit) => Math.round((MARGIN * limit) / step) * step);
  const fraction = (x) => (clamp(x, min, max) - min) / (max - min);
  return { min, max, step, fraction };
}

const ZONES = ["zero", "subnormal", "normal", "inf"];

// The four stretches of the line, by what becomes of the exponential there.
function zones() {
  const spans = Object.fromEntries(ZONES.map((name) => [name, html("span", { class: `sb-zone sb-zone-${name}` })]));
  const update = ({ thresholds }, { fraction }) => {
    const ends = [0, thresholds.underflow, thresholds.subnormal, thresholds.overflow].map((x, i) => (i ? fraction(x) : 0));
    ZONES.forEach((name, i) => {
      spans[name].style.setProperty("--sb-from", ends[i]);
      spans[name].style.setProperty("--sb-to", ends[i + 1] ?? 1);
    });
  };
  return { spans: Object.values(spans), update };
}

// One slider on the line. The thumb is the logit; for the methods that shift, a dot shows the
// number that the exponential is really taken of, and a thread leads to it.
function point({ name, colour, onInput, signal }) {
  const input = html("input", { type: "range", "aria-label": `logit of ${name}` });
  const [thread, dot] = [html("span", { class: "sb-fill sb-thread" }), html("span", { class: "sb-dot-on-line" })];
  const beyond = html("span", { class: "sb-beyond", "aria-hidden": "true" });
  const parts = zones();
  const root = html("div", { class: "sb-bar sb-draggable sb-line", style: `--sb-colour: ${colour}` },
    ...parts.spans, thread, input, dot, beyond);
  const put = listen(input, { onInput, describe: fixed, signal });
  return {
    root,
    update({ format, scale, method }, z, masked, argument) {
      parts.update(format, scale);
      Object.assign(input, { min: scale.min, max: scale.max, step: scale.step, disabled: masked });
      put(z);
      input.setAttribute("aria-valuetext", masked ? "masked, −∞" : fixed(z));
      root.style.setProperty("--sb-from", scale.fraction(z));
      root.style.setProperty("--sb-to", scale.fraction(Number.isNaN(argument) ? z : argument));
      root.classList.toggle("sb-shifted", method !== "naive" && !masked && !Number.isNaN(argument));
      setText(beyond, masked ? "" : outside(z, argument, scale));
      beyond.classList.toggle("sb-right", z > scale.max && !(argument < scale.min));
    },
  };
}

function outside(z, argument, { min, max }) {
  if (argument < min) return `← exp(${brief(argument)})`;
  if (z > max) return `${brief(z)} →`;
  return z < min ? `← ${brief(z)}` : "";
}

// ── one row a class ──────────────────────────────────────────────────────────────────────────

function lineRow(model, i, { signal, say }) {
  const name = letter(i);
  const colour = `var(--sb-c${i})`;
  const put = (value) => change(model, { logits: model.get("logits").map((z, j) => (i === j ? value : z)) });
  const typed = numberField({
    name: `logit of ${name}, as a number`, min: -TYPED_LIMIT, max: TYPED_LIMIT, step: 1, decimals: 6, onValue: put, say, signal,
  });
  const mask = checkbox({
    name: "", signal,
    onChange: (on) => change(model, { masked: model.get("logits").map((_, j) => (i === j ? on : Boolean(model.get("masked")[j]))) }),
  });
  mask.input.setAttribute("aria-label", `mask ${name}`);
  const drag = point({ name, colour, onInput: put, signal });
  const result = html("span", { class: "sb-result" });
  const root = html("div", { class: "sb-line-row", role: "group", "aria-label": `class ${name}` },
    html("span", { class: "sb-label", style: `--sb-colour: ${colour}` }, name), typed.root, mask.root, drag.root, result);
  return {
    root,
    update(state) {
      const { logits, masked, trace, diagnosis, inLogs } = state;
      typed.set(logits[i]);
      typed.input.disabled = masked[i];
      mask.set(masked[i]);
      drag.update(state, logits[i], masked[i], trace.shifted[i]);
      const found = diagnosis.found[inLogs ? "logs" : "probabilities"][i];
      renew(result, marked(trace.results[i], found));
    },
  };
}

// The heads of the columns; they hold for the rows on a phone as well, where the line has a row of its own.
function heading() {
  const result = html("span", { class: "sb-result" });
  const root = html("div", { class: "sb-line-row sb-head", "aria-hidden": "true" },
    html("span"), ...["logit z", "mask"].map(columnHead), html("span", { class: "sb-line-head" }, columnHead("drag z")), result);
  return { root, update: ({ inLogs }) => setText(result, inLogs ? "log p" : "p") };
}

const LIMITS = { underflow: "gives 0 below", subnormal: "is subnormal, with fewer digits, below", overflow: "gives ∞ above" };
const KEYS = { zero: "exp gives 0", subnormal: "subnormal: fewer digits", inf: "exp gives ∞" };

// The limits as numbers under the line, and what each stretch means.
function axis() {
  const ticks = Object.keys(LIMITS).map((limit) => html("span", { class: `sb-limit sb-limit-${limit}` }));
  const line = html("div", { class: "sb-line-row sb-axis", "aria-hidden": "true" }, html("div", { class: "sb-limits" }, ...ticks));
  const keys = Object.entries(KEYS).map(([zone, text]) => html("span", { class: "sb-key" },
    html("span", { class: `sb-swatch sb-zone-${zone}` }), text));
  const dot = html("span", { class: "sb-key" }, html("span", { class: "sb-key-dot" }), ...symbols("z − max, what exp is taken of"));
  const spoken = html("p", { class: "sb-hidden" });
  return {
    root: html("div", {}, line, html("div", { class: "sb-legend", "aria-hidden": "true" }, ...keys, dot), spoken),
    update({ format: { name, thresholds }, scale, method }) {
      dot.hidden = method === "naive";
      const texts = Object.keys(LIMITS).map((limit) => fixed(thresholds[limit]));
      ticks.forEach((tick, i) => {
        tick.style.setProperty("--sb-to", scale.fraction(thresholds[Object.keys(LIMITS)[i]]));
        setText(tick, texts[i]);
      });
      const parts = Object.values(LIMITS).map((meaning, i) => `${meaning} ${texts[i]}`);
      setText(spoken, `In ${name} the exponential ${parts.join(", ")}.`);
    },
  };
}

// One row a class, and the axis under them.
export function numberLine(model, ui, choose) {
  const rows = html("div", { class: "sb-rows" });
  const frame = [heading(), axis()];
  let lines = [];
  function build(count) {
    lines = Array.from({ length: count }, (_, i) => lineRow(model, i, ui));
    rows.replaceChildren(frame[0].root, ...lines.map(({ root }) => root));
    lines.forEach(({ root }, i) => ["pointerenter", "focusin"].forEach((event) => (
      root.addEventListener(event, () => choose(i), { signal: ui.signal }))));
  }
  return {
    root: html("div", {}, rows, frame[1].root),
    update(state) {
      if (lines.length !== state.logits.length) build(state.logits.length);
      for (const part of [...frame, ...lines]) part.update(state);
    },
  };
}
