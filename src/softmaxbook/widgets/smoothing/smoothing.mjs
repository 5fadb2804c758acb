// Label smoothing: move the label's logit above the others; with ε > 0 the loss has a finite optimum.

import { clamp, fixed, format, pythonNumber, range } from "../numerics/numbers.mjs";
import { ascending, gapLoss, optimalLogitGap, smoothedTarget, softmax } from "../numerics/softmax.mjs";
import { axes, curve, dot, drawing, line } from "../parts/chart.mjs";
import { colour, letter } from "../parts/classes.mjs";
import { button, change, choice, draggable, formula, frame, html, live, setText, slider, symbols } from "../parts/ui.mjs";

const TRAITS = ["smoothing", "n_classes", "gap"];
const SIZES = [2, 3, 5, 10, 100, 1000];
const [LOW, HIGH] = [-4, 16]; // the gap
const MOST_BARS = 10;

function render({ model, el }) {
  const initial = Object.fromEntries(TRAITS.map((name) => [name, model.get(name)]));
  const ui = frame(el, {
    name: "Label smoothing and the logit gap",
    words: () => import("./spoken.mjs"), plays: true,
    reset: () => change(model, initial),
    python: () => asPython(compute(model)),
  });
  const parts = [controls(model, ui), lossCurve(model, ui), bars(), readings()];
  const [top, picture, rows, table] = parts.map((part) => part.root);
  ui.body.append(top, html("div", { class: "sb-pair" }, picture, rows), table);

  live(model, TRAITS, ui, { parts, compute, summarise: inWords });
  return ui.cleanUp;
}

function compute(model) {
  const [smoothing, size, gap] = TRAITS.map((name) => model.get(name));
  const best = optimalLogitGap(smoothing, size);
  const target = smoothedTarget(0, size, smoothing);
  const probabilities = softmax(range(size).map((i) => (i === 0 ? gap : 0)));
  return {
    smoothing, size, gap, best, target, probabilities,
    loss: gapLoss(gap, smoothing, size),
    least: best === Infinity ? 0 : gapLoss(best, smoothing, size),
    slope: probabilities[0] - target[0],
  };
}

function inWords({ smoothing, size, gap, best, loss, least, slope }) {
  const here = `With ε = ${fixed(smoothing)} and ${size} classes, the gap ${fixed(gap)} costs ${format(loss)} nats.`;
  if (best === Infinity) return `${here} A larger gap always costs less: the optimum is at infinity.`;
  const way = Math.abs(gap - best) < 0.005 ? "this is it" : slope < 0 ? "a larger gap costs less" : "the gap is too large, the loss rises with it";
  return `${here} The best gap is ${fixed(best)}, with ${format(least)} nats: ${way}.`;
}

function asPython({ smoothing, size, gap }) {
  return [
    "import numpy as np",
    "import softmaxbook as sb",
    "from softmaxbook.learning.remedies import optimal_logit_gap",
    "",
    `logits = np.zeros(${size})`,
    `logits[0] = ${pythonNumber(gap)}`,
    `loss = sb.cross_entropy(logits, 0, label_smoothing=${pythonNumber(smoothing)})`,
    `best = optimal_logit_gap(${pythonNumber(smoothing)}, ${size})`,
    "print(loss, best)",
  ].join("\n");
}

// ── smoothing, number of classes, the gap ────────────────────────────────────────────────────

function controls(model, { signal, say }) {
  const smoothing = slider({
    name: "label smoothing ε", min: 0, max: 1, step: 0.01, signal,
    onInput: (value) => change(model, { smoothing: value }), describe: (value) => fixed(value),
  });
  const size = choice({
    name: "classes K", options: {}, signal, onChange: (value) => change(model, { n_classes: Number(value) }),
  });
  const gap = slider({
    name: "logit gap d", min: LOW, max: HIGH, step: 0.1, signal,
    onInput: (value) => change(model, { gap: value }), describe: (value) => fixed(value),
  });
  const toBest = () => {
    const { best } = compute(model);
    if (best > HIGH) say(best === Infinity ? "Without smoothing no gap is ever enough." : `The best gap, ${fixed(best)}, is out of reach here.`);
    else change(model, { gap: best });
  };
  let shown = "";
  return {
    root: html("div", { class: "sb-controls" }, smoothing.root, size.root, gap.root,
      button("Go to the best gap", toBest, signal)),
    update(state) {
      const sizes = ascending([...SIZES, state.size]);
      if (shown !== sizes.join()) {
        shown = sizes.join();
        size.select.replaceChildren(...sizes.map((value) => html("option", { value }, String(value))));
      }
      smoothing.set(state.smoothing);
      size.set(state.size);
      gap.set(state.gap);
    },
  };
}

// ── the loss over the gap ────────────────────────────────────────────────────────────────────

function lossCurve(model, { signal }) {
  const { root, picture, set } = drawing();
  const invert = { now: null };
  picture.classList.add("sb-grab");
  draggable(picture, (x) => change(model, { gap: Number(clamp(invert.now(x, 0)[0], LOW, HIGH).toFixed(2)) }), signal);
  return {
    root,
    update({ smoothing, size, gap, best, loss, least }) {
      const plain = (d) => gapLoss(d, 0, size);
      const smoothed = (d) => gapLoss(d, smoothing, size);
      const highest = 1.05 * Math.max(plain(LOW), smoothed(LOW), smoothed(HIGH));
      const unit = highest > 10 ? 4 : highest > 5 ? 2 : 1;
      const chart = axes({
        x: [LOW, HIGH], y: [0, highest], xTicks: [-4, 0, 4, 8, 12, 16], xLabel: "logit of the label above the others, d",
        yTicks: range(Math.floor(highest / unit) + 1).map((i) => i * unit), yLabel: "loss in nats",
      });
      invert.now = chart.invert;
      const reachable = best <= HIGH;
      set([
        ...chart.shapes,
        curve(chart, LOW, HIGH, plain, { class: "sb-path" }),
        curve(chart, LOW, HIGH, smoothed, { stroke: "var(--sb-accent)" }),
        ...(reachable ? [line(chart, [best, 0], [best, highest], { class: "sb-marker" }), dot(chart, [best, least], 5, { class: "sb-optimum" })] : []),
        dot(chart, [gap, loss], 8),
      ], `The loss against the gap d, now ${format(loss)} nats at ${fixed(gap)}. ${reachable ? `It is smallest at ${fixed(best)}.` : "It falls to the right edge and beyond."}`,
      smoothing ? `Full: ε = ${fixed(smoothing)}. Dashed: ε = 0, which falls for ever. ${reachable ? "The upright line is the best gap." : `The best gap, ${fixed(best)}, is beyond the right edge.`} Drag the point.`
        : "Without smoothing the loss falls for ever: the optimum is at infinity. Drag the point.");
    },
  };
}

// ── target and probabilities as bars ─────────────────────────────────────────────────────────

function bars() {
  const head = html("div", { class: "sb-row sb-head", "aria-hidden": "true" },
    ...["", "target", "", "softmax", "p"].map((text) => html("span", {}, ...symbols(text))));
  const rows = html("div", { class: "sb-rows sb-shares" });
  const note = html("p", { class: "sb-note" });
  let made = [];
  const row = (i) => {
    const bar = () => html("div", { class: "sb-bar sb-thin", style: `--sb-colour: ${colour(i)}; --sb-from: 0` }, html("span", { class: "sb-fill" }));
    const cells = [bar(), bar(), html("data", { class: "sb-value" }), html("data", { class: "sb-value" })];
    const root = html("div", { class: "sb-row", role: "group", "aria-label": `class ${letter(i)}` },
      html("span", { class: "sb-label", style: `--sb-colour: ${colour(i)}` }, letter(i)), cells[2], cells[0], cells[1], cells[3]);
    return { root, cells };
  };
  const small = (p) => format(p, p < 1e-3 ? 2 : 3);
  return {
    root: html("div", {}, rows, note),
    update({ target, probabilities, size }) {
      const shown = Math.min(size, MOST_BARS);
      if (made.length !== shown) {
        made = range(shown).map(row);
        rows.replaceChildren(head, ...made.map(({ root }) => root));
      }
      made.forEach(({ cells: [wanted, given, ...texts] }, i) => {
        [[wanted, target[i]], [given, probabilities[i]]].forEach(([bar, share], j) => {
          bar.style.setProperty("--sb-to", share);
          setText(texts[j], small(share));
          texts[j].value = String(share);
        });
      });
      setText(note, `A is the label.${size > shown ? ` ${size - shown} more classes are like B to ${letter(shown - 1)}.` : ""} The loss is smallest where both columns agree.`);
    },
  };
}

// ── the numbers ──────────────────────────────────────────────────────────────────────────────

function readings() {
  const written = html("p", { class: "sb-formula" });
  const facts = { loss: "loss at d", least: "loss at the best gap", slope: "slope p(A) − target" };
  const cells = Object.fromEntries(Object.keys(facts).map((name) => [name, html("data")]));
  return {
    root: html("div", {}, written, html("table", { class: "sb-facts" }, html("tbody", {},
      ...Object.entries(facts).map(([name, text]) => html("tr", {}, html("th", { scope: "row" }, ...symbols(text)), html("td", {}, cells[name])))))),
    update(state) {
      const { smoothing, size, best } = state;
      const rest = [`${size} · ${fixed(1 - smoothing)} ÷ ${fixed(smoothing)}`, format(1 + (size * (1 - smoothing)) / smoothing)];
      const value = html("data", { value: String(best) }, best === Infinity ? "∞" : format(best));
      written.replaceChildren(...formula`best gap = log(1 + K (1 − ε) ÷ ε) = `,
        ...(smoothing ? [`log(1 + ${rest[0]}) = log ${rest[1]} = `, value] : [value, ", because nothing of the target is on the other classes"]));
      for (const name of Object.keys(facts)) {
        cells[name].value = String(state[name]);
        const text = name === "slope" ? `${fixed(state.slope, 3)}${Math.abs(state.slope) < 5e-4 ? "" : state.slope < 0 ? ", pulls the label up" : ", pushes the label down"}` : `${format(state[name])} nats`;
        setText(cells[name], name === "least" && best === Infinity ? "0, never reached" : text);
      }
    },
  };
}

export default { render };
