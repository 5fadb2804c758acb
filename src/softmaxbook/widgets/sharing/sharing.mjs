// Two heads on one body: move the features of a picture, and see how both heads pull at them.

import { fixed, format, pythonList, pythonNumber } from "../numerics/numbers.mjs";
import { CLASSES, LIMIT, pulled, RATE } from "../numerics/pulls.mjs";
import { colour, pullArrow } from "../parts/classes.mjs";
import { button, change, checkbox, formula, frame, html, live, scrollable, segments, setText, slider, symbols } from "../parts/ui.mjs";
import { degrees, featurePlane, HUES, INKS, pair } from "./plane.mjs";

const TRAITS = ["features", "digit", "digit_labelled", "parity_labelled", "weight", "angle"];
const TASKS = ["which digit", "odd or even"];
const REMEMBERED = 200; // steps of the path

function render({ model, el }) {
  const initial = Object.fromEntries(TRAITS.map((name) => [name, model.get(name)]));
  const ui = frame(el, {
    name: "Two heads pull at shared features",
    words: () => import("./spoken.mjs"), plays: true,
    reset: () => change(model, initial),
    python: () => asPython(compute(model)),
  });
  const path = walk(model, ui);
  const parts = [controls(model, ui), path, featurePlane(model, ui, path), answers(), outcome(), sums()];
  const [top, steps, picture, rows, verdict, formulas] = parts.map((part) => part.root);
  ui.body.append(top, html("div", { class: "sb-pair" },
    html("div", {}, picture, steps), html("div", {}, rows, verdict, formulas)));

  live(model, TRAITS, ui, { parts, compute, summarise: (state) => inWords(state, path.taken()) });
  return ui.cleanUp;
}

function compute(model) {
  const [features, digit, digitLabelled, parityLabelled, weight, angle] = TRAITS.map((name) => model.get(name));
  const labelled = [digitLabelled, parityLabelled];
  const weights = [Number(digitLabelled), parityLabelled ? weight : 0];
  return { features, digit, labelled, weight, angle, weights, ...pulled(features, angle, digit, weights) };
}

const small = (p) => format(p, p < 1e-3 ? 2 : 3);
const signed = (value) => (value > 0 ? `+${fixed(value, 3)}` : fixed(value, 3));
const short = (vector) => `(${vector.map((x) => String(Number(x.toFixed(2))).replace("-", "−")).join(", ")})`;
const shareOf = ({ both }, t) => both[t].probabilities[both[t].label];
const named = ({ both }, t) => CLASSES[t][both[t].label];

// ── what a step does ─────────────────────────────────────────────────────────────────────────

const LOSSES = ["the loss of the digit", "the loss of odd or even"];

function does(value) {
  if (Math.abs(value) < 1e-12) return "leaves";
  return value < 0 ? "lowers" : "raises";
}

function verdict({ both, total, labelled }) {
  if (Math.hypot(...total) < 1e-12) return labelled.some(Boolean) ? "The pulls add up to nothing" : "Without a label nothing pulls";
  const [first, second] = both.map(({ expected }) => does(expected));
  const words = (verb, what) => (verb === "leaves" ? `leaves ${what} as it is` : `${verb} ${what}`);
  if (first === second) return `A small step along the sum ${words(first, "both losses")}`;
  return `A small step along the sum ${words(first, LOSSES[0])} and ${words(second, LOSSES[1])}`;
}

function remark({ both, total, labelled, weights }) {
  if (Math.hypot(...total) < 1e-12) return "";
  const far = both.findIndex(({ expected, changed }) => expected < -1e-12 && changed > 0);
  if (far >= 0) return `A step of η = ${RATE} is too long for that: after it, ${LOSSES[far]} is higher.`;
  const silent = weights.findIndex((weight) => weight === 0);
  if (silent < 0) return "";
  const why = labelled[silent] ? "does not count" : "has no label here";
  const moved = does(both[silent].expected) === "leaves" ? "and its answer does not move" : "and yet its answer moves, because the features do";
  return `The task “${TASKS[silent]}” ${why}, ${moved}.`;
}

function inWords(state, taken) {
  const { digit, cosine, angle, both, labelled } = state;
  const shares = [0, 1].map((t) => `p(${named(state, t)}) = ${small(shareOf(state, t))}`).join(" and ");
  const meet = Number.isNaN(cosine) ? "One head does not pull." : `The cosine between the pulls ${labelled.every(Boolean) ? "is" : "would be, had both a label,"} ${fixed(cosine)}.`;
  const changes = both.map(({ changed }, t) => `${TASKS[t]} ${signed(changed)}`).join(", ");
  const steps = taken.length > 1 ? ` ${told(taken)}` : "";
  return `A picture of ${digit}, heads at ${degrees(angle)}: ${shares}. ${meet} ${verdict(state)}. One step changes the losses by: ${changes}.${steps}`;
}

function asPython({ features, digit, weights, angle, both }) {
  const matrix = (rows) => `[${rows.map(pythonList).join(", ")}]`;
  return [
    "import numpy as np",
    "import softmaxbook as sb",
    "",
    `features = np.array(${pythonList(features)})  # of a picture of ${digit}; the heads at ${degrees(angle)}`,
    "tasks = [  # weights, intercepts, label, factor of the loss",
    ...both.map(({ head, label }, t) => (
      `    (np.array(${matrix(head.rows)}), np.array(${pythonList(head.intercepts)}), ${label}, ${pythonNumber(weights[t])}),`)),
    "]",
    "pulls = np.array([-W.T @ sb.cross_entropy_gradient(W @ features + b, y) for W, b, y, _ in tasks])",
    "total = sum(factor * pull for (*_, factor), pull in zip(tasks, pulls))",
    `print(pulls, total, features + ${pythonNumber(RATE)} * total, sep="\\n")`,
  ].join("\n");
}

// ── the picture, its labels, the weight and the angle ────────────────────────────────────────

function controls(model, { signal }) {
  const digit = segments({
    name: "the picture shows", options: { 1: "1", 3: "3", 8: "8" }, signal, onChange: (value) => change(model, { digit: Number(value) }),
  });
  const known = TASKS.map((task, t) => checkbox({
    name: `label: ${task}`, signal, onChange: (value) => change(model, { [TRAITS[2 + t]]: value }),
  }));
  const weight = slider({
    name: "weight λ", hint: "of the loss of odd or even", min: 0, max: 2, step: 0.1, signal,
    onInput: (value) => change(model, { weight: value }), describe: (value) => fixed(value, 1),
  });
  const angle = slider({
    name: "angle between heads", min: 0, max: 180, step: 15, signal,
    onInput: (value) => change(model, { angle: value }), describe: degrees,
  });
  return {
    root: html("div", {},
      html("div", { class: "sb-controls" }, digit.root, html("div", { class: "sb-controls" }, ...known.map(({ root }) => root))),
      html("div", { class: "sb-controls" }, weight.root, angle.root)),
    update(state) {
      digit.set(state.digit);
      known.forEach(({ set }, t) => set(state.labelled[t]));
      weight.set(state.weight);
      angle.set(state.angle);
    },
  };
}

// ── steps along the sum, and the path that they take ─────────────────────────────────────────

const told = (taken) => {
  const [first, last] = [taken[0], taken.at(-1)];
  const count = `${taken.length - 1} ${taken.length === 2 ? "step" : "steps"}`;
  return `${count}: ${last.names.map((name, t) => `p(${name}) ${small(first.shares[t])} → ${small(last.shares[t])}`).join(", ")}.`;
};

function walk(model, { signal, say }) {
  let taken = [];
  let stepping = false;
  let known = "";
  const step = () => {
    const { after, total } = compute(model);
    if (Math.hypot(...total) < 1e-12) return say("Nothing pulls.");
    if (after.some((x) => Math.abs(x) > LIMIT)) return say("The step would leave the plane.");
    stepping = true;
    change(model, { features: after });
    stepping = false;
  };
  const move = (axis) => slider({
    name: `feature ${axis + 1}`, min: -LIMIT, max: LIMIT, step: 0.1, signal,
    onInput: (value) => change(model, { features: model.get("features").map((x, i) => (i === axis ? value : x)) }),
    describe: (value) => fixed(value),
  });
  const moves = [move(0), move(1)];
  const text = html("span", { class: "sb-name" });
  return {
    root: html("div", {},
      html("div", { class: "sb-controls" }, ...moves.map(({ root }) => root)),
      html("div", { class: "sb-history" }, button("Take a step", step, signal), text)),
    taken: () => taken,
    update(state) {
      const { features, digit, weights, angle } = state;
      moves.forEach(({ set }, axis) => set(features[axis]));
      // A step continues the path; whatever else moves begins a new one.
      const now = JSON.stringify([features, digit, weights, angle]);
      const here = { features, names: [0, 1].map((t) => named(state, t)), shares: [0, 1].map((t) => shareOf(state, t)) };
      if (now !== known) taken = stepping ? [...taken, here].slice(-REMEMBERED) : [here];
      known = now;
      setText(text, taken.length > 1 ? told(taken) : "No step yet.");
    },
  };
}

// ── what both heads answer ───────────────────────────────────────────────────────────────────

function answers() {
  const groups = CLASSES.map((names, t) => head(t, names, HUES[t]));
  return {
    root: html("div", { class: "sb-pulls sb-heads" }, ...groups.map(({ root }) => root)),
    update: (state) => groups.forEach(({ update }) => update(state)),
  };
}

function head(t, names, hue) {
  const row = (name, k) => {
    const ink = `--sb-colour: ${colour(hue + k)}`;
    const bar = html("div", { class: "sb-bar", style: `${ink}; --sb-from: 0` }, html("span", { class: "sb-fill" }));
    const cells = [html("data", { class: "sb-value" }), html("data", { class: "sb-value" })];
    const root = html("div", { class: "sb-row", role: "group", "aria-label": `${TASKS[t]}: ${name}` },
      html("span", { class: "sb-label", style: ink }, name), bar, ...cells);
    return { root, bar, cells };
  };
  const rows = names.map(row);
  const title = html("span", { class: "sb-title" }, `${TASKS[t]}?`);
  return {
    root: html("div", { class: "sb-rows" },
      html("div", { class: "sb-row sb-head" }, title, ...["p", "p − y"].map((text) => html("span", { "aria-hidden": "true" }, ...symbols(text)))),
      ...rows.map(({ root }) => root)),
    update({ both, labelled }) {
      const { probabilities, target, errors } = both[t];
      rows.forEach(({ bar, cells: [share, error] }, k) => {
        bar.style.setProperty("--sb-to", probabilities[k]);
        pullArrow(bar, probabilities[k], target[k]);
        bar.classList.toggle("sb-unlabelled", !labelled[t]);
        setText(share, probabilities[k] < 1e-3 ? format(probabilities[k], 2) : fixed(probabilities[k], 3));
        setText(error, labelled[t] ? signed(errors[k]) : "no y");
        share.value = String(probabilities[k]);
        error.value = String(errors[k]);
      });
    },
  };
}

// ── what a step along the sum does to both losses ────────────────────────────────────────────

function outcome() {
  const [headline, note] = [html("p", { class: "sb-headline" }), html("p")];
  const cells = TASKS.map(() => [html("data"), html("data"), html("data")]);
  const heads = ["loss", "now", "1st order", "one step"].map((text) => html("th", { scope: "col" }, text));
  const table = html("table", { class: "sb-tight sb-changes" }, html("thead", {}, html("tr", {}, ...heads)),
    html("tbody", {}, ...TASKS.map((task, t) => html("tr", {},
      html("th", { scope: "row", style: `color: ${INKS[t]}` }, task), ...cells[t].map((cell) => html("td", {}, cell))))));
  return {
    root: html("div", { class: "sb-outcome" }, headline, note, scrollable("How a step changes both losses", table),
      html("p", { class: "sb-note" }, `1st order: −η ⟨pull, sum⟩ with η = ${RATE}. One step: what it really does.`)),
    update(state) {
      setText(headline, `${verdict(state)}.`);
      setText(note, remark(state));
      state.both.forEach(({ loss, expected, changed }, t) => {
        [[loss, format(loss)], [expected, signed(expected)], [changed, signed(changed)]].forEach(([value, text], i) => {
          cells[t][i].value = String(value);
          setText(cells[t][i], text);
        });
      });
    },
  };
}

const meaning = (cosine, would) => (Math.abs(cosine) < 1e-12 ? "a right angle" : `they ${would}${cosine < 0 ? "disagree" : "agree"}`);

// ── the formula with its current numbers ─────────────────────────────────────────────────────

function sums() {
  const pulls = TASKS.map(() => html("p", { class: "sb-formula" }));
  const [total, meet] = [html("p", { class: "sb-formula" }), html("p", { class: "sb-formula" })];
  return {
    root: html("div", { class: "sb-pulling" }, ...pulls, total, meet),
    update({ both, labelled, weights, weight, total: whole, cosine }) {
      both.forEach(({ head: { rows }, errors, pull }, t) => {
        const joined = (number, k) => (k ? (number.startsWith("−") ? ` − ${number.slice(1)}` : ` + ${number}`) : number);
        const terms = rows.map((row, k) => `${joined(fixed(errors[k]), k)} · ${short(row)}`);
        pulls[t].replaceChildren(html("strong", { style: `color: ${INKS[t]}` }, TASKS[t]),
          ...(labelled[t] ? formula`: −W${html("sup", {}, "⊤")}(p − y) = −[${terms.join("")}] = ${pair(pull)}` : [": no label, no pull"]));
      });
      const terms = both.flatMap(({ pull }, t) => (labelled[t] ? [t ? `${fixed(weight, 1)} · ${pair(pull)}` : pair(pull)] : []));
      total.replaceChildren(html("strong", {}, "sum"), terms.length ? `: ${terms.join(" + ")}${terms.length > 1 || weights[0] === 0 ? ` = ${pair(whole)}` : ""}` : ": (0, 0)");
      setText(meet, Number.isNaN(cosine) ? "One head does not pull: there is no angle between the pulls."
        : labelled.every(Boolean) ? `cosine between the pulls: ${fixed(cosine)}, ${meaning(cosine, "")}`
          : `cosine between the pulls, had both a label: ${fixed(cosine)}, ${meaning(cosine, "would ")}`);
    },
  };
}

export default { render };
