// Calibration: move T, see confidence change and accuracy stay; find T on one half, judge it on the other.

import { calibrationError, chanceError, confidences, fitTemperature, meanSurprise, reliability } from "../numerics/calibration.mjs";
import { clamp, fixed, format, pythonList, pythonNumber, range } from "../numerics/numbers.mjs";
import { sum } from "../numerics/softmax.mjs";
import { axes, dot, drawing, line, points } from "../parts/chart.mjs";
import { COLDEST, HOTTEST, temperatureSlider } from "../parts/classes.mjs";
import { button, change, choice, frame, html, live, scrollable, setSymbols, slider, svg, symbols } from "../parts/ui.mjs";

const TRAITS = ["logits", "labels", "temperature", "n_bins", "half"];
const HALVES = ["validation", "test"];
const MOST_BINS = 20;

function render({ model, el }) {
  const initial = Object.fromEntries(TRAITS.map((name) => [name, model.get(name)]));
  const ui = frame(el, {
    name: "Calibration and temperature",
    words: () => import("./spoken.mjs"),
    reset: () => change(model, initial),
    python: () => asPython(model),
  });
  const data = halves(model);
  const parts = [controls(model, ui, data), diagram(), surprises(data), histogram(), measures()];
  const [top, bars, curve, counts, table] = parts.map((part) => part.root);
  ui.body.append(top, html("div", { class: "sb-pair" },
    html("div", { class: "sb-rows" }, bars, counts), html("div", { class: "sb-rows" }, curve, table)));

  live(model, TRAITS, ui, { parts, compute: () => compute(model, data()), summarise: inWords });
  return ui.cleanUp;
}

// The rows of both halves, what each temperature does to their surprise, and the best temperature:
// computed once for the same rows.
function halves(model) {
  let [logits, labels, found] = [null, null, null];
  return () => {
    if (logits === model.get("logits") && labels === model.get("labels")) return found;
    [logits, labels] = [model.get("logits"), model.get("labels")];
    const middle = Math.floor(labels.length / 2);
    const rows = {
      validation: { logits: logits.slice(0, middle), labels: labels.slice(0, middle) },
      test: { logits: logits.slice(middle), labels: labels.slice(middle) },
    };
    const curves = {};
    for (const half of HALVES) {
      curves[half] = TEMPERATURES.map((T) => meanSurprise(rows[half].logits, rows[half].labels, T));
    }
    found = { rows, curves, best: fitTemperature(rows.validation.logits, rows.validation.labels) };
    return found;
  };
}

const TEMPERATURES = range(61).map((i) => COLDEST * (HOTTEST / COLDEST) ** (i / 60));

function measured({ logits, labels }, temperature, bins) {
  const { confidence, right } = confidences(logits, labels, temperature);
  const diagram = reliability(confidence, right, bins);
  return {
    bins: diagram,
    surprise: meanSurprise(logits, labels, temperature),
    error: calibrationError(diagram),
    chance: chanceError(diagram),
    accuracy: sum(right.map(Number)) / right.length,
    sure: sum(confidence) / confidence.length,
  };
}

function compute(model, { rows, curves, best }) {
  const [temperature, bins, half] = ["temperature", "n_bins", "half"].map((name) => model.get(name));
  const at = (T) => Object.fromEntries(HALVES.map((name) => [name, measured(rows[name], T, bins)]));
  const now = at(temperature);
  return { temperature, half, curves, best, before: at(1), now, shown: now[half], rows: rows[half].labels.length, bins };
}

const percent = (share) => `${fixed(100 * share, 1)} %`;

function inWords({ temperature, half, shown: { sure, accuracy, error, surprise } }) {
  const off = 100 * (sure - accuracy);
  const points = `${fixed(Math.abs(off), 1)} points`;
  const verdict = Math.abs(off) < 0.05 ? "as sure as it is right" : off > 0 ? `too sure by ${points}` : `not sure enough by ${points}`;
  return `At temperature ${format(temperature)} on the ${half} half: mean confidence ${percent(sure)}, accuracy ${percent(accuracy)}, `
    + `on average ${verdict}. ECE ${fixed(error, 3)}, cross-entropy ${fixed(surprise, 3)} nats. No T changes the accuracy.`;
}

function asPython(model) {
  const rows = model.get("logits").map(pythonList).join(",\n    ");
  const [temperature, bins, half] = ["temperature", "n_bins", "half"].map((name) => model.get(name));
  return [
    "import numpy as np",
    "import softmaxbook as sb",
    "from softmaxbook.learning.calibration import expected_calibration_error",
    "from softmaxbook.learning.remedies import fit_temperature",
    "",
    `logits = np.array([\n    ${rows},\n])`,
    `labels = np.array([${model.get("labels").join(", ")}])`,
    "middle = len(labels) // 2",
    "best = fit_temperature(logits[:middle], labels[:middle])",
    `half = ${half === "test" ? "slice(middle, None)" : "slice(middle)"}`,
    `p = sb.softmax(logits[half], temperature=${pythonNumber(temperature)})`,
    `error = expected_calibration_error(p, labels[half], n_bins=${bins})`,
    "print(best, error)",
  ].join("\n");
}

// ── temperature, bins, which half, the best temperature ──────────────────────────────────────

function controls(model, { signal, say }, data) {
  const temperature = temperatureSlider(model, signal);
  const bins = slider({
    name: "bins", min: 2, max: MOST_BINS, step: 1, signal,
    onInput: (value) => change(model, { n_bins: value }), describe: (value) => String(value),
  });
  const half = choice({
    name: "rows", signal, onChange: (value) => change(model, { half: value }),
    options: { validation: "validation half, to find T", test: "test half, to judge T" },
  });
  const useBest = () => {
    const { best } = data();
    const within = clamp(best, 1e-3, 1e3);
    if (!best) say("Every label has the largest logit: the smaller T, the better.");
    else if (best === Infinity) say("The logits are no better than chance: the larger T, the better.");
    else if (model.get("temperature") === within) say(`T is ${format(within)} already, the best of the validation half.`);
    else change(model, { temperature: within });
  };
  return {
    root: html("div", { class: "sb-controls" }, temperature.root,
      button("Best T of the validation half", useBest, signal), half.root, bins.root),
    update(state) {
      temperature.set(state.temperature);
      bins.set(state.bins);
      half.set(state.half);
    },
  };
}

// ── the reliability diagram, and the histogram under it ──────────────────────────────────────

const box = ({ x, y }, [x0, x1], [y0, y1], attributes) => svg("rect", {
  x: x(x0), width: x(x1) - x(x0), y: y(Math.max(y0, y1)), height: Math.abs(y(y1) - y(y0)), ...attributes,
});
const across = (i, size) => [(i + 0.04) / size, (i + 0.96) / size];

function diagram() {
  const { root, set } = drawing();
  const chart = axes({
    x: [0, 1], y: [0, 1], xTicks: [0, 0.5, 1], yTicks: [0, 0.5, 1], xLabel: "confidence", yLabel: "share that is right",
  });
  return {
    root,
    update({ shown: { bins, error }, half }) {
      const full = bins.map((bin, i) => ({ ...bin, i })).filter(({ count }) => count > 0);
      set([
        ...chart.shapes,
        ...full.map(({ accuracy, i }) => box(chart, across(i, bins.length), [0, accuracy], { class: "sb-right-share" })),
        ...full.map(({ accuracy, confidence, i }) => box(chart, across(i, bins.length), [accuracy, confidence], {
          class: "sb-gap", "data-gap": String(confidence - accuracy),
        })),
        line(chart, [0, 0], [1, 1], { class: "sb-marker" }),
      ], `Reliability of the ${half} half. ${full.map(({ confidence, accuracy, count }) =>
        `Confidence ${percent(confidence)}: ${percent(accuracy)} of ${count} right`).join("; ")}. ECE ${fixed(error, 3)}.`,
      "Bars: the share that is right in each bin. Outlined: the gap to the bin’s mean confidence. On the dashed line there is none.");
    },
  };
}

const LOW = { width: 340, height: 150 };

function histogram() {
  const { root, set } = drawing(LOW);
  return {
    root,
    update({ shown: { bins, accuracy, sure }, rows }) {
      const highest = Math.max(...bins.map(({ count }) => count)) * 1.15;
      const chart = axes({
        x: [0, 1], y: [0, highest], xTicks: [0, 0.5, 1], yTicks: [0], xLabel: "confidence", yLabel: "rows", height: LOW.height,
      });
      const labelled = bins.length <= 12 ? bins.map(({ count }, i) => count > 0 && svg("text", {
        x: chart.x((i + 0.5) / bins.length), y: chart.y(count) - 3, class: "sb-tick sb-halo", "text-anchor": "middle",
      }, String(count))) : [];
      set([
        ...chart.shapes,
        ...bins.map(({ count }, i) => box(chart, across(i, bins.length), [0, count], { class: "sb-count", "data-count": count })),
        line(chart, [accuracy, 0], [accuracy, highest], { class: "sb-tangent" }),
        line(chart, [sure, 0], [sure, highest], { class: "sb-marker" }),
        ...labelled.filter(Boolean),
      ], `How many of the ${rows} rows each bin holds: ${bins.map(({ count }) => count).join(", ")}.`,
      `${rows} rows. Full line: accuracy, ${percent(accuracy)}. Dashed line: mean confidence, ${percent(sure)}.`);
    },
  };
}

// ── the mean surprise of both halves over T ──────────────────────────────────────────────────

function surprises() {
  const { root, set } = drawing();
  return {
    root,
    update({ curves, best, temperature, half, shown, before }) {
      const highest = 1.6 * Math.max(...HALVES.map((name) => before[name].surprise), Math.min(...curves.validation));
      const unit = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10].find((step) => highest / step <= 5) ?? highest;
      const decimals = Math.max(0, -Math.floor(Math.log10(unit)));
      const chart = axes({
        x: [Math.log(COLDEST), Math.log(HOTTEST)], y: [0, highest], xLabel: "temperature T (logarithmic)",
        xTicks: [0.1, 1, 10].map((T) => [Math.log(T), String(T)]), yLabel: "cross-entropy in nats",
        yTicks: range(Math.floor(highest / unit) + 1).map((i) => [i * unit, fixed(i * unit, decimals)]),
      });
      const path = (name, attributes) => svg("polyline", {
        ...attributes, points: points(curves[name].map((value, i) => [value, TEMPERATURES[i]])
          .filter(([value]) => value <= highest).map(([value, T]) => [chart.x(Math.log(T)), chart.y(value)])),
      });
      const inside = best >= COLDEST && best <= HOTTEST;
      const at = clamp(temperature, COLDEST, HOTTEST);
      set([
        ...chart.shapes,
        path("validation", { class: "sb-curve", stroke: "var(--sb-accent)" }),
        path("test", { class: "sb-path" }),
        inside ? line(chart, [Math.log(best), 0], [Math.log(best), highest], { class: "sb-marker" }) : "",
        dot(chart, [Math.log(at), clamp(shown.surprise, 0, highest)], 7),
      ], `Cross-entropy against T, on a logarithmic scale. The best T of the validation half is ${bestInWords(best)}.`,
      `Full: validation half. Dashed: test half. The upright line is the best T of the validation half, ${bestInWords(best)}; the point is the half shown (${half}).`);
    },
  };
}

const bestInWords = (best) => (best === 0 ? "the smallest possible" : best === Infinity ? "the largest possible" : format(best));

// ── the numbers of both halves, before and now ───────────────────────────────────────────────

const MEASURES = { "cross-entropy": "surprise", ECE: "error", "… by chance": "chance", confidence: "sure", accuracy: "accuracy" };

function measures() {
  const headings = html("tr");
  const body = html("tbody");
  const note = html("p", { class: "sb-note" });
  const th = (text, scope = "col") => html("th", { scope }, ...symbols(text));
  return {
    root: html("div", {}, scrollable("Both halves, before and after", html("table", { class: "sb-tight" },
      html("thead", {}, html("tr", {}, html("td"), html("th", { scope: "colgroup", colspan: 2 }, "validation"),
        html("th", { scope: "colgroup", colspan: 2 }, "test")), headings), body)), note),
    update({ before, now }) {
      headings.replaceChildren(html("td"), ...HALVES.flatMap(() => [th("T = 1"), th("now")]));
      body.replaceChildren(...Object.entries(MEASURES).map(([name, key]) => html("tr", {}, th(name, "row"),
        ...HALVES.flatMap((half) => [before, now].map((state) => html("td", {},
          html("data", { value: String(state[half][key]) }, fixed(state[half][key], 3))))))));
      const same = HALVES.every((half) => before[half].accuracy === now[half].accuracy);
      setSymbols(note, (same ? "The accuracy is the same at every T: division by T keeps the order of the logits."
        : "The accuracy differs only because probabilities round to ties at this T.")
        + " By chance: about the ECE of true confidences, in these bins.");
    },
  };
}

export default { render };
