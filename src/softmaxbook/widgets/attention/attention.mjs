// Attention on a few words: edit queries, keys and values, decide who may look at whom.

import { attend, factor } from "../numerics/lookup.mjs";
import { clamp, fixed, format, positive, pythonList, pythonNumber } from "../numerics/numbers.mjs";
import { change, checkbox, choice, frame, html, live, power, scrollable, segments, setSymbols, slider, symbols } from "../parts/ui.mjs";
import { BLANKS, GETS } from "./blank.mjs";
import { lookTable } from "./looks.mjs";
import { matrices } from "./matrices.mjs";
import { steps } from "./steps.mjs";

const TRAITS = ["query_rows", "key_rows", "value_rows", "mask", "causal", "padding", "scaled", "blank", "names"];

function render({ model, el }) {
  const initial = Object.fromEntries(TRAITS.map((name) => [name, model.get(name)]));
  const ui = frame(el, {
    name: "Attention",
    words: () => import("./spoken.mjs"), plays: true,
    reset() {
      change(model, initial);
      look(atFirst);
    },
    python: () => asPython(compute(model)),
  });
  // Not in the notebook: whose row is written out, and whether cells show scores or weights.
  const atFirst = { row: Math.min(1, model.get("query_rows").length - 1), shows: "weights" };
  const view = { ...atFirst };
  const look = (changes) => {
    Object.assign(view, changes);
    update();
  };
  const parts = [controls(model, ui, look), lookTable(model, ui, look), steps(), outputs(), matrices(model, ui)];
  const [top, table, row, results, numbers] = parts.map((part) => part.root);
  ui.body.append(top, html("div", { class: "sb-columns sb-wide-left" }, html("div", {}, table, results), row), numbers);

  const now = () => ({ ...compute(model), ...view });
  const update = live(model, TRAITS, ui, { parts, compute: now, summarise: inWords });
  return ui.cleanUp;
}

function compute(model) {
  const [queries, keys, values, mask, causal, padding, scaled, blank, given] = TRAITS.map((name) => model.get(name));
  const state = { queries, keys, values, mask, causal, padding, scaled, blank };
  const keyNames = keys.map((_, j) => given[j] ?? `key ${j + 1}`);
  const queryNames = queries.length === keys.length ? keyNames : queries.map((_, i) => `query ${i + 1}`);
  return { ...state, ...attend(state), keyNames, queryNames };
}

const isBlank = ({ seen }, i) => seen[i] === 0;

function inWords(state) {
  const { queryNames, keyNames, weights, entropies, scaled, queries, blank } = state;
  const rows = queryNames.map((name, i) => {
    if (isBlank(state, i)) return `${name} may look at nothing and gets ${GETS[blank]}`;
    const most = weights[i].indexOf(Math.max(...weights[i]));
    return `${name} looks most at ${keyNames[most]} (${fixed(weights[i][most])}), entropy ${positive(entropies[i], 2)}`;
  });
  const width = queries[0].length;
  return `Scores ${scaled ? `divided by √${width}` : "as they are"}: ${rows.join("; ")}.`;
}

function asPython(state) {
  const { queries, keys, values, hidden, scaled, blank } = state;
  const matrix = (rows) => `np.array([${rows.map(pythonList).join(", ")}])`;
  const truth = (row) => `[${row.map((why) => (why ? "False" : "True")).join(", ")}]`;
  const scale = pythonNumber(factor(state));
  const direct = [
    `weights = attention_weights(queries, keys, mask, scale=${scale})`,
    "print(weights, weights @ values, sb.entropy(weights), sep=\"\\n\")",
  ];
  const mark = blank === "finite" ? "-1e9" : "-np.inf";
  const own = [
    `scores = queries * ${scale} @ keys.T`,
    `weights = sb.softmax(np.where(mask, scores, ${mark}))`,
    direct[1],
  ];
  return [
    "import numpy as np",
    "import softmaxbook as sb",
    ...(blank === "zeros" ? ["from softmaxbook.family.lookup import attention_weights"] : []),
    "",
    `queries = ${matrix(queries)}`,
    `keys = ${matrix(keys)}`,
    `values = ${matrix(values)}`,
    `mask = np.array([${hidden.map(truth).join(", ")}])  # True: may look`,
    ...(blank === "zeros" ? direct : own),
  ].join("\n");
}

// ── scale, masks, and what a row without keys becomes ────────────────────────────────────────

function controls(model, { signal }, look) {
  const scaled = checkbox({ name: "", signal, onChange: (value) => change(model, { scaled: value }) });
  const causal = checkbox({ name: "causal: no later key", signal, onChange: (value) => change(model, { causal: value }) });
  const padding = slider({
    name: "padding at the end", min: 0, max: model.get("key_rows").length, step: 1, signal,
    onInput: (value) => change(model, { padding: value }),
    describe: (value) => `${value} ${value === 1 ? "key" : "keys"}`,
  });
  const shows = segments({
    name: "cells show", options: { scores: "scores", weights: "weights" }, signal,
    onChange: (value) => look({ shows: value }),
  });
  const blank = choice({ name: "a row that sees nothing", options: BLANKS, signal, onChange: (value) => change(model, { blank: value }) });
  return {
    root: html("div", { class: "sb-controls sb-wide-choices" }, scaled.root, causal.root, shows.root, padding.root, blank.root),
    update(state) {
      const width = state.queries[0].length;
      setSymbols(scaled.root.lastElementChild, `divide by √d = ${format(Math.sqrt(width))}`);
      scaled.set(state.scaled);
      causal.set(state.causal);
      padding.set(state.padding);
      shows.set(state.shows);
      blank.set(state.blank);
    },
  };
}

// ── what each query looks up, and how widely it looks ────────────────────────────────────────

function outputs() {
  const body = html("tbody");
  const heads = [...["query", "looks up", "entropy H"].map(symbols), [...power(symbols("H")), " keys"]];
  const root = scrollable("What each query looks up, and its entropy", html("table", { class: "sb-found" },
    html("thead", {}, html("tr", {}, ...heads.map((head) => html("th", { scope: "col" }, ...head)))), body));
  return {
    root,
    update(state) {
      const { queryNames, output, entropies, keys, row } = state;
      const most = Math.log(keys.length);
      body.replaceChildren(...queryNames.map((name, i) => {
        const nats = entropies[i];
        const told = !isBlank(state, i) || state.blank === "finite";
        const bar = html("div", { class: "sb-bar sb-thin", style: "--sb-colour: var(--sb-accent); --sb-from: 0" }, html("span", { class: "sb-fill" }));
        bar.style.setProperty("--sb-to", told && most > 0 ? clamp(nats / most, 0, 1) : 0);
        return html("tr", { class: i === row && "sb-chosen" },
          html("th", { scope: "row" }, name),
          html("td", {}, `(${output[i].map((value) => fixed(value)).join(", ")})`),
          html("td", {}, told ? html("data", { value: String(nats) }, positive(nats, 2)) : "–", bar),
          html("td", {}, told ? fixed(Math.exp(nats), 1) : "none"));
      }));
    },
  };
}

export default { render };
