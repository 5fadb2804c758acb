// The classes of one row on several workers: what each tells the others, and what it merges into.

import { fixed, format, pythonList, range } from "../numerics/numbers.mjs";
import { merge, shares, summarise } from "../numerics/shards.mjs";
import { logSumExp, sum } from "../numerics/softmax.mjs";
import { classCount, colour, letter, LOGIT_LIMIT, TYPED_LIMIT } from "../parts/classes.mjs";
import { barSlider, change, checkbox, columnHead, formula, frame, html, live, numberField, scrollable, segments, setText, symbols } from "../parts/ui.mjs";

const TRAITS = ["logits", "owners", "n_workers", "rescaled"];
const MOST_CLASSES = 8;
const MOST_WORKERS = 4;

function render({ model, el }) {
  const initial = Object.fromEntries(TRAITS.map((name) => [name, model.get(name)]));
  const ui = frame(el, {
    name: "Softmax over workers",
    words: () => import("./spoken.mjs"), plays: true,
    reset: () => change(model, initial),
    python: () => asPython(compute(model)),
  });
  const parts = [controls(model, ui), rows(model, ui), summaries(), verdict()];
  ui.body.append(...parts.map((part) => part.root));
  live(model, TRAITS, ui, { parts, compute, summarise: inWords });
  return ui.cleanUp;
}

function compute(model) {
  const [logits, owners, workers, rescaled] = TRAITS.map((name) => model.get(name));
  const held = logits.map((_, i) => (i < owners.length ? Math.min(owners[i], workers - 1) : i % workers));
  const parts = range(workers).map((r) => logits.filter((_, i) => held[i] === r));
  const told = parts.map(summarise);
  const merged = merge(told, rescaled);
  return {
    logits, held, workers, rescaled, parts, told, merged,
    names: logits.map((_, i) => letter(i)),
    probabilities: shares(logits, merged),
    whole: logSumExp(logits),
  };
}

const logNormaliser = ({ maximum, scaledSum }) => maximum + Math.log(scaledSum);

function inWords({ workers, told, merged, probabilities, whole }) {
  const each = told.map(({ maximum, scaledSum }, r) =>
    `worker ${r + 1} tells ${scaledSum === 0 ? "nothing" : `maximum ${fixed(maximum)} and sum ${format(scaledSum, 4)}`}`);
  return `${workers} workers: ${each.join("; ")}. Merged: maximum ${fixed(merged.maximum)}, sum ${format(merged.scaledSum, 4)}, `
    + `log-sum-exp ${fixed(logNormaliser(merged), 4)}; of the whole row it is ${fixed(whole, 4)}. `
    + `All probabilities sum to ${fixed(sum(probabilities), 4)}.`;
}

function asPython({ parts }) {
  const some = parts.filter((part) => part.length);
  return [
    "import numpy as np",
    "from softmaxbook.family.parallel import merge, softmax_of_part, summarise",
    "",
    `parts = [${some.map((part) => `np.array(${pythonList(part)})`).join(", ")}]`,
    "whole = merge(summarise(part) for part in parts)",
    "print(whole.maximum, whole.scaled_sum, whole.log_normaliser)",
    "print(*(p for part in parts for p in softmax_of_part(part, whole)))",
  ].join("\n");
}

// ── how many workers, how many classes, and the mistake ──────────────────────────────────────

function controls(model, { signal, say }) {
  const workers = segments({
    name: "workers", options: Object.fromEntries(range(MOST_WORKERS).map((r) => [r + 1, String(r + 1)])), signal,
    onChange: (value) => change(model, { n_workers: Number(value) }),
  });
  const resize = (size) => {
    const { logits, held } = compute(model);
    const count = model.get("n_workers");
    change(model, {
      logits: range(size).map((i) => logits[i] ?? 0),
      owners: range(size).map((i) => held[i] ?? i % count),
    });
  };
  const classes = classCount({ min: 1, max: MOST_CLASSES, resize, say, signal });
  const rescaled = checkbox({
    name: "bring the sums to the common maximum", signal, onChange: (on) => change(model, { rescaled: on }),
  });
  return {
    root: html("div", { class: "sb-controls" }, workers.root, classes.root, rescaled.root),
    update(state) {
      workers.set(state.workers);
      classes.set(state.logits.length);
      rescaled.set(state.rescaled);
    },
  };
}

// ── one row a class: its logit, and the worker that holds it ─────────────────────────────────

function rows(model, { signal, say }) {
  const head = html("div", { class: "sb-row sb-head", "aria-hidden": "true" },
    ...["class", "logit z", "drag z", "worker", "p"].map(columnHead));
  const root = html("div", { class: "sb-rows sb-held-rows" }, head);
  let lines = [];
  let shown = "";
  const put = (i, value) => change(model, { logits: model.get("logits").map((z, j) => (i === j ? value : z)) });
  const move = (i, worker) => {
    const { held } = compute(model);
    change(model, { owners: held.map((own, j) => (i === j ? worker : own)) });
  };

  function line(name, i, workers) {
    const typed = numberField({
      name: `logit of ${name}, as a number`, min: -TYPED_LIMIT, max: TYPED_LIMIT,
      onValue: (value) => put(i, value), say, signal,
    });
    const drag = barSlider({
      name: `logit of ${name}`, min: -LOGIT_LIMIT, max: LOGIT_LIMIT, step: 0.1, colour: colour(i),
      onInput: (value) => put(i, value), describe: (value) => fixed(value), signal,
    });
    const select = html("select", { "aria-label": `worker of ${name}` },
      ...range(workers).map((r) => html("option", { value: r }, String(r + 1))));
    select.addEventListener("change", () => move(i, Number(select.value)), { signal });
    const value = html("span", { class: "sb-value" });
    const root = html("div", { class: "sb-row", role: "group", "aria-label": `class ${name}` },
      html("span", { class: "sb-label", style: `--sb-colour: ${colour(i)}` }, name), typed.root, drag.root, select, value);
    return { root, typed, drag, select, value };
  }

  function update({ names, logits, held, workers, probabilities }) {
    const form = JSON.stringify([names, workers]);
    if (shown !== form) {
      shown = form;
      lines = names.map((name, i) => line(name, i, workers));
      root.replaceChildren(head, ...lines.map((each) => each.root));
    }
    lines.forEach(({ typed, drag, select, value }, i) => {
      typed.set(logits[i]);
      drag.set(logits[i]);
      select.value = held[i];
      value.replaceChildren(html("data", { value: String(probabilities[i]) }, format(probabilities[i])));
    });
  }
  return { root, update };
}

// ── what each worker tells, and the sum of it ────────────────────────────────────────────────

function summaries() {
  const column = (text) => html("th", { scope: "col" }, ...symbols(text));
  const [body, foot] = [html("tbody"), html("tr")];
  const table = html("table", { class: "sb-tight sb-steps sb-tells" },
    html("thead", {}, html("tr", {}, ...["worker", "holds", "maximum m", "sum s", "factor exp(m − M)", "product"].map(column))),
    body, html("tfoot", {}, foot));
  const cell = (value, text) => html("td", {}, html("data", { value: String(value) }, text));
  return {
    root: scrollable("What the workers tell, and how it is merged", table),
    update({ names, held, told, merged }) {
      body.replaceChildren(...told.map(({ maximum, scaledSum }, r) => {
        const [factor, own] = [merged.factors[r], names.filter((_, i) => held[i] === r)];
        const product = scaledSum ? scaledSum * factor : 0;
        return html("tr", {}, html("th", { scope: "row" }, String(r + 1)),
          html("td", {}, own.length ? own.join(" ") : "none"), cell(maximum, format(maximum)), cell(scaledSum, format(scaledSum, 4)),
          cell(factor, format(factor)), cell(product, format(product, 4)));
      }));
      foot.replaceChildren(html("th", { scope: "row", colspan: 2 }, "merged: M, S"), cell(merged.maximum, format(merged.maximum)),
        html("td"), html("td"), cell(merged.scaledSum, format(merged.scaledSum, 4)));
    },
  };
}

function verdict() {
  const [written, words, sent] = [html("p", { class: "sb-formula" }), html("p"), html("p", { class: "sb-note" })];
  return {
    root: html("div", {}, written, words, sent),
    update({ merged, whole, probabilities, rescaled, workers, logits }) {
      const total = sum(probabilities);
      const found = logNormaliser(merged);
      written.replaceChildren(...formula`M + log S = ${format(merged.maximum)} + log ${format(merged.scaledSum, 4)} = `,
        html("data", { value: String(found) }, fixed(found, 4)), `; log-sum-exp of the whole row: ${fixed(whole, 4)}.`);
      const right = Math.abs(total - 1) < 1e-9;
      words.className = right ? "sb-good" : "sb-bad";
      setText(words, right
        ? `The probabilities of all workers sum to 1${rescaled ? "." : ": here the factors left out are 1, or of sums that are 0."}`
        : `The probabilities of all workers sum to ${format(total)}: sums scaled by different maxima were added.`);
      const others = workers - 1;
      setText(sent, others === 0 ? "One worker has nobody to tell."
        : `Sent: two numbers by each worker to ${others === 1 ? "the other" : `each of the ${others} others`}, ${2 * workers * others} in all, `
          + `whether the row has ${logits.length} classes or ${logits.length * 25000}.`);
    },
  };
}

export default { render };
