// Digits whose pixels move: tear the strokes, predict, and ask what was measured on such digits.

import { meanInterval } from "../numerics/intervals.mjs";
import { fixed, pythonList, range } from "../numerics/numbers.mjs";
import { decoded, SMALL } from "../numerics/pictures.mjs";
import { ascending } from "../numerics/softmax.mjs";
import { axes, drawing, line } from "../parts/chart.mjs";
import { thumbnail } from "../parts/thumbnails.mjs";
import { button, change, checkbox, formula as written, frame, html, live, scrollable, segments, setSymbols, setText, slider, svg, symbols } from "../parts/ui.mjs";
import { accuracyAxis, accuracyFloor, between, datum, derived, intervalCurve, labelled, MARKS, percent, plusMinus, signed, verdict } from "../parts/whiskers.mjs";

const TRAITS = ["pictures", "route", "measured", "moved", "labels", "revealed"];
const CHOSEN = TRAITS.slice(3);
const [FROZEN, SCRATCH] = ["features, linear", "from scratch"];
const PIXELS = SMALL * SMALL;

function render({ model, el }) {
  const initial = Object.fromEntries(CHOSEN.map((name) => [name, model.get(name)]));
  const ui = frame(el, {
    name: "Digits with moved pixels",
    words: () => import("./spoken.mjs"),
    reset: () => change(model, initial),
    python: () => asPython(compute(model)),
  });
  const parts = [mover(model, ui), sheet(model), formula(), asking(model, ui), accuracies(), table(), judged()];
  const [top, digits, equation, question, chart, numbers, difference] = parts.map((part) => part.root);
  ui.body.append(top, html("div", {}, digits, equation), question,
    html("div", { class: "sb-columns" }, chart, html("div", {}, numbers, difference)));
  live(model, CHOSEN, ui, { parts, compute, summarise: inWords });
  return ui.cleanUp;
}

// Which pixel stands at each place after the first `moved` places of the route have passed theirs
// on in a cycle. It follows `pixel_order` in targets.py.
export function pixelOrder(route, moved) {
  const order = range(route.length);
  route.slice(0, moved).forEach((place, i, cycle) => { order[place] = cycle.at(i - 1); });
  return order;
}

function compute(model) {
  const [text, route, measured, moved, labels, revealed] = TRAITS.map((name) => model.get(name));
  const order = pixelOrder(route, moved);
  const digits = decoded(text).map((digit) => order.map((pixel) => digit[pixel]));
  const steps = measured.filter(([, n]) => n === labels).sort(([a], [b]) => a - b).map(([place, , frozen, scratch]) => ({
    moved: place, scores: { frozen, scratch },
    frozen: meanInterval(frozen), scratch: meanInterval(scratch),
    gain: meanInterval(frozen.map((value, seed) => value - scratch[seed])),
  }));
  return { route, order, digits, moved, labels, revealed, steps, here: steps.find((step) => step.moved === moved) };
}

const share = (moved) => `${fixed((100 * moved) / PIXELS, 0)} %`;
const listed = (steps) => steps.map((step) => share(step.moved)).join(", ").replace(/, ([^,]*)$/, " and $1");

function inWords({ moved, labels, digits, revealed, steps, here }) {
  const torn = moved === 0 ? "No pixel has moved." : moved === 1 ? "One pixel alone has nowhere to go."
    : `${moved} of ${PIXELS} pixels, ${share(moved)}, have moved, in the same way in every picture.`;
  const given = `${labelled(labels)}: ${labels * digits.length} pictures to learn from.`;
  if (!revealed) return `${torn} ${given} What was measured is hidden.`;
  if (!here) return `${torn} ${given} It was measured with ${listed(steps)} moved.`;
  return `${torn} ${given} Right on new pictures: ${FROZEN} ${percent(here.frozen.mean)} %, ${SCRATCH} ${percent(here.scratch.mean)} %. `
    + `Difference ${signed(here.gain.mean)} points, 95 % interval ${between(here.gain, signed)}: transfer ${verdict(here.gain)}.`;
}

function asPython({ moved, labels, revealed, here }) {
  const data = [
    "from softmaxbook.transfer.targets import few_labels, shuffled_digits",
    "",
    `digits = shuffled_digits(${moved} / ${PIXELS})`,
    `labelled = few_labels(digits.train, ${labels}, seed=0)`,
    "print(labelled.features.shape)",
  ];
  if (!revealed || !here) return data.join("\n");
  const [first, ...rest] = data;
  return [
    "import numpy as np",
    "from softmaxbook.learning.intervals import mean_interval",
    first, ...rest,
    "",
    "# accuracies on new pictures, one a seed",
    `features = np.array(${pythonList(here.scores.frozen)})  # ${FROZEN}`,
    `scratch = np.array(${pythonList(here.scores.scratch)})`,
    "gain = mean_interval(features - scratch)",
    "print(gain)",
  ].join("\n");
}

// ── how many pixels move, and what becomes of the strokes ────────────────────────────────────

const NAMES = { 0: "in place", [PIXELS / 2]: "half moved", [PIXELS]: "all moved" };

function mover(model, { signal }) {
  const moved = slider({
    name: "pixels moved", min: 0, max: PIXELS, step: 1, signal,
    onInput: (value) => change(model, { moved: value }), describe: (value) => `${value} of ${PIXELS}, ${share(value)}`,
  });
  const places = ascending(model.get("measured").map(([place]) => place));
  const buttons = places.map((place) => button(NAMES[place] ?? `${place} moved`, () => change(model, { moved: place }), signal));
  return {
    root: html("div", { class: "sb-controls" }, moved.root,
      html("div", { class: "sb-starts", role: "group", "aria-label": "go to" }, ...buttons)),
    update(state) {
      moved.set(state.moved);
      buttons.forEach((each, i) => each.setAttribute("aria-pressed", String(places[i] === state.moved)));
    },
  };
}

function sheet(model) {
  const small = decoded(model.get("pictures")).map(thumbnail);
  const list = html("ol", { class: "sb-neighbours sb-digits" }, ...small.map(({ root }, label) => html("li", {}, root, String(label))));
  return {
    root: html("div", { role: "group", "aria-label": "Ten digits, one of each class" }, list),
    update: ({ digits }) => digits.forEach((digit, i) => small[i].update(digit)),
  };
}

const named = (place) => `(${Math.floor(place / SMALL) + 1}, ${(place % SMALL) + 1})`;

function formula() {
  const root = html("p", { class: "sb-formula" });
  return {
    root,
    update({ route, order, moved }) {
      if (moved < 2) {
        root.replaceChildren(...written`x′(row, column) = x(row, column): every pixel is in its place.`);
        return;
      }
      const last = route.slice(0, moved).slice(-2);
      const told = last.map((place) => `x′${named(place)} = x${named(order[place])}`).join(", ");
      const others = PIXELS - moved;
      root.replaceChildren(...symbols(`${moved === 2 ? "" : "…, "}${told}`), `: ${moved} places pass their pixels on in one cycle${others ? `, ${others} keep theirs` : ""}. No pixel is lost.`);
    },
  };
}

// ── what was measured: hidden until the reader asks ──────────────────────────────────────────

function asking(model, { signal }) {
  const counts = ascending(model.get("measured").map(([, n]) => n));
  const labels = segments({
    name: "labels per class", options: Object.fromEntries(counts.map((n) => [n, String(n)])), signal,
    onChange: (value) => change(model, { labels: Number(value) }),
  });
  const reveal = checkbox({ name: "show what was measured", signal, onChange: (revealed) => change(model, { revealed }) });
  return {
    root: html("div", { class: "sb-controls sb-own-line" }, labels.root, reveal.root),
    update(state) {
      labels.set(state.labels);
      reveal.set(state.revealed);
    },
  };
}

// The axis of accuracies, as low as the intervals reach; a hidden one must not say how low that is.
function axisOf(steps, revealed) {
  const floor = revealed ? accuracyFloor(steps.flatMap(({ frozen, scratch }) => [frozen, scratch])) : 0;
  return accuracyAxis(floor, floor < 0.45 ? 0.2 : floor < 0.75 ? 0.1 : 0.05);
}

function accuracies() {
  const { root, set } = drawing();
  return {
    root,
    update({ moved, labels, revealed, steps }) {
      const upright = axisOf(steps, revealed);
      const chart = axes({
        x: [-5, PIXELS + 5], xTicks: steps.map((step) => [step.moved, share(step.moved)]), xLabel: "pixels moved",
        yLabel: "right on new pictures in %", ...upright,
      });
      const [low, high] = upright.y;
      const marker = line(chart, [moved, low], [moved, high], { class: "sb-marker" });
      if (!revealed) {
        const marks = steps.map((step) => svg("text", { x: chart.x(step.moved), y: chart.y(0.5) + 10, class: "sb-unknown", "text-anchor": "middle" }, "?"));
        set([...chart.shapes, marker, ...marks], `Accuracy with ${labelled(labels)}, hidden. Measured with ${listed(steps)} of the pixels moved.`,
          `Hidden: the accuracy with ${labelled(labels)}, measured with ${listed(steps)} moved.`);
        return;
      }
      const curve = (way) => steps.map((step) => [step.moved, step[way]]);
      const told = (name, way) => `${name}: ${steps.map((step) => `${percent(step[way].mean)} with ${share(step.moved)} moved`).join(", ")}`;
      set([
        ...chart.shapes, marker,
        ...intervalCurve(chart, curve("scratch"), { shift: -3, look: "sb-plain" }),
        ...intervalCurve(chart, curve("frozen"), { shift: 3, look: "sb-transferred" }),
      ], `Accuracy in % with ${labelled(labels)}. ${told(FROZEN, "frozen")}. ${told(SCRATCH, "scratch")}.`,
      `With ${labelled(labels)}. Full: ${FROZEN}. Dashed, open: ${SCRATCH}. Bars: 95 % intervals over ${steps[0].frozen.n} draws.`);
    },
  };
}

function table() {
  const head = ["moved", FROZEN, SCRATCH, "difference"];
  const body = html("tbody");
  return {
    root: scrollable("What was measured", html("table", { class: "sb-ways sb-moved" },
      html("thead", {}, html("tr", {}, ...head.map((text) => html("th", { scope: "col" }, text)))), body)),
    update({ steps, revealed, here }) {
      const cells = ({ frozen, scratch, gain }) => [
        datum(frozen.mean, plusMinus(frozen, percent)), datum(scratch.mean, plusMinus(scratch, percent)),
        datum(gain.mean, `${MARKS[verdict(gain)]} ${plusMinus(gain, signed)}`),
      ];
      body.replaceChildren(...steps.map((step) => html("tr", { class: step === here && "sb-chosen" },
        html("th", { scope: "row" }, share(step.moved)), ...(revealed ? cells(step) : range(3).map(() => html("td", {}, "?"))))));
    },
  };
}

function judged() {
  const root = html("p", { class: "sb-formula" });
  const note = html("p", { class: "sb-note" });
  return {
    root: html("div", {}, note, root),
    update({ revealed, here, steps }) {
      setText(note, revealed
        ? `± is half of the 95 % interval. Difference: ${FROZEN} minus ${SCRATCH}, draw by draw. ▲ transfer wins, ▼ loses, ≈ the interval holds 0.`
        : "Which of the two will read more new pictures? Decide for each row, then let the numbers show.");
      setSymbols(root, !revealed ? "" : here ? derived(here.gain) : `Measured with ${listed(steps)} moved, and nowhere between.`);
    },
  };
}

export default { render };
