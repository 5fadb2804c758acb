// The overflow laboratory's numbers: every step, what training would see, the formula written out.

import { ulps } from "../numerics/floats.mjs";
import { format as shortly } from "../numerics/numbers.mjs";
import { letter } from "../parts/classes.mjs";
import { change, choice, formula as written, html, renew, scrollable, symbols } from "../parts/ui.mjs";
import { marked } from "./numberline.mjs";
import { brief, truly } from "./words.mjs";

// ── every step with its number ───────────────────────────────────────────────────────────────

const NO_BREAK = "\u00a0";

// The columns of a method: title, the trace's values, and what the footer says under them.
function columns({ method, trace, diagnosis }) {
  const found = diagnosis.found;
  const max = method === "naive" ? "" : ["max ", marked(trace.maximum, null)];
  const sum = ["Σ ", marked(trace.sum, found.sum)];
  const column = (title, step, foot = "") => ({ title, step, values: trace[step], marks: found[step], foot });
  const start = [column("stored z", "stored", max)];
  if (method !== "naive") start.push(column("z − max", "shifted"));
  start.push(column("exp", "exponentials", sum));
  if (method === "log_softmax") return [...start, column("log p", "logs", ["log Σ ", marked(trace.logSum, null)])];
  start.push(column("÷ Σ = p", "probabilities"));
  return method === "log_of_softmax" ? [...start, column("log p", "logs")] : start;
}

export function steps() {
  const [head, body, foot] = ["thead", "tbody", "tfoot"].map((tag) => html(tag));
  const table = html("table", { class: "sb-steps" }, head, body, foot);
  const th = (text) => html("th", { scope: "col" }, ...symbols(text));
  return {
    root: html("div", {}, scrollable("Every step with its number", table), html("p", { class: "sb-note" },
      "True: for the logits as stored. An ulp is the distance between neighbouring numbers of the format.")),
    update(state) {
      const { trace, diagnosis, format } = state;
      const shown = columns(state);
      const first = diagnosis.first;
      const outline = diagnosis.grade === "right" ? "sb-first sb-harmless" : "sb-first";
      renew(head, html("tr", {}, th("class"), ...shown.map(({ title }, i) => th(`${i + 1} ${title.replaceAll(" ", NO_BREAK)}`)), th(state.inLogs ? "true log p" : "true p"), th("error in ulp")));
      renew(body, ...trace.logits.map((_, i) => html("tr", {},
        html("th", { scope: "row", style: `color: var(--sb-c${i})` }, letter(i)),
        ...shown.map(({ step, values, marks }) => html("td",
          { class: first?.step === step && first.index === i && outline }, marked(values[i], marks[i]))),
        ...truthCells(state, i, format))));
      renew(foot, html("tr", {}, html("td"),
        ...shown.map((column) => html("td", { class: first?.step === "sum" && column.step === "exponentials" && outline }, ...column.foot)),
        html("td"), html("td")));
    },
  };
}

function truthCells({ trace, truth: true_, inLogs: logs }, i, format) {
  const target = (logs ? true_.logs : true_.probabilities)[i];
  const error = errorOf(trace.results[i], target, format);
  return [
    html("td", {}, html("data", { value: String(target.value) }, truly(target, logs ? NaN : true_.logs[i].value))),
    html("td", {}, html("data", { value: String(error) }, Number.isNaN(error) ? "no number" : error === 0 ? "0" : shortly(error, 2))),
  ];
}

function errorOf(value, target, format) {
  if (target.exact) return ulps(value, target.exact, format);
  return Object.is(value, target.value) ? 0 : NaN;
}

// ── what training would see ──────────────────────────────────────────────────────────────────

export function lossAndGradient(model, { signal }) {
  const label = choice({ name: "correct class y", options: {}, signal, onChange: (value) => change(model, { label: Number(value) }) });
  const body = html("tbody");
  const th = (text) => html("th", { scope: "col" }, ...symbols(text));
  const table = html("table", { class: "sb-steps" }, html("thead", {}, html("tr", {}, th("for training"), th("computed"), th("true"))), body);
  const row = (name, value, mark, target) => html("tr", {}, html("th", { scope: "row" }, ...symbols(name)),
    html("td", {}, marked(value, mark)),
    html("td", {}, html("data", { value: String(target.value) }, truly(target, NaN))));
  return {
    root: html("div", {}, label.root, scrollable("Loss and gradient", table)),
    update({ trace, truth: true_, label: y, diagnosis: { found } }) {
      if (label.select.length !== trace.logits.length) {
        label.select.replaceChildren(...trace.logits.map((_, i) => html("option", { value: i }, letter(i))));
      }
      label.set(y);
      renew(body,
        row(`loss −log p(${letter(y)})`, trace.loss, found.loss, true_.loss),
        ...trace.gradient.map((value, i) => row(`gradient p(${letter(i)}) − ${i === y ? 1 : 0}`, value, found.gradient[i], true_.gradient[i])));
    },
  };
}

// ── the formula with its current numbers ─────────────────────────────────────────────────────

export function formula(chosen) {
  const root = html("p", { class: "sb-formula" });
  return {
    root,
    update({ method, trace, diagnosis }) {
      const wanted = chosen.index ?? (diagnosis.first?.index ?? 0);
      const i = Math.min(wanted, trace.logits.length - 1);
      root.replaceChildren(...inNumbers(method, trace, i));
    },
  };
}

// p(B) = exp(12) ÷ (exp(10) + exp(12) + exp(3)) = ∞ ÷ ∞ = NaN
function inNumbers(method, trace, index) {
  const { stored, maximum, shifted, exponentials, sum, probabilities, logSum, logs } = trace;
  const of = (i) => brief(stored[i]) + (method === "naive" ? "" : ` − ${brief(maximum)}`);
  const below = `(${stored.map((_, i) => `exp(${of(i)})`).join(" + ")})`;
  const name = letter(index);
  if (method === "log_softmax") {
    return written`log p(${name}) = (${of(index)}) − log ${below} = ${brief(shifted[index])} − ${brief(logSum)} = ${brief(logs[index])}`;
  }
  const share = `exp(${of(index)}) ÷ ${below}`;
  const numbers = `${brief(exponentials[index])} ÷ ${brief(sum)}`;
  if (method === "naive" || method === "shifted") return written`p(${name}) = ${share} = ${numbers} = ${brief(probabilities[index])}`;
  return written`log p(${name}) = log(${share}) = log(${numbers}) = log ${brief(probabilities[index])} = ${brief(logs[index])}`;
}
