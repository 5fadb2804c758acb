// Where transfer wins and where it loses: learning curves with intervals, the map over target and
// labels, and the rates of head and body, all from measured accuracies, seed by seed.

import { meanInterval } from "../numerics/intervals.mjs";
import { format, pythonList } from "../numerics/numbers.mjs";
import { ascending } from "../numerics/softmax.mjs";
import { axes, CHART, drawing, line } from "../parts/chart.mjs";
import { change, choice, frame, html, live, renew, scrollable, setSymbols, setText, slider } from "../parts/ui.mjs";
import { accuracyAxis, accuracyFloor, between, datum, derived, intervalCurve, labelled, MARKS, percent, plusMinus, signed, verdict } from "../parts/whiskers.mjs";
import { cellGrid } from "./table.mjs";

const TRAITS = ["arms", "rates", "distances", "target", "labels", "arm", "head_rate", "body_rate"];
const SCRATCH = "from scratch";

// What learns in each arm of the book's table; another arm has its name alone.
const LEARNS = {
  "features, linear": "all frozen; softmax regression on the features",
  "features, MLP": "all frozen; a head with a hidden layer learns",
  head: "all frozen but the head",
  "last block": "all frozen but the last block and the head",
  "all layers": "nothing frozen, all layers at the same rate",
  discriminative: "nothing frozen, early layers slower",
  gradual: "frozen at first, then stage by stage",
  "pixels, linear": "no network and no transfer; softmax regression on the pixels",
  "from scratch, longer": "no transfer; everything, from random weights, for five times as many steps",
};

function render({ model, el }) {
  const initial = Object.fromEntries(TRAITS.map((name) => [name, model.get(name)]));
  const ui = frame(el, {
    name: "Where transfer wins",
    words: () => import("./spoken.mjs"),
    reset: () => change(model, initial),
    python: () => asPython(compute(model)),
  });
  const parts = [controls(model, ui), curves(), ways(), formula(), map(model, ui), rates(model, ui)];
  const [top, chart, table, equation, cells, grid] = parts.map((part) => part.root);
  ui.body.append(top, chart, table, equation, cells, grid);

  live(model, TRAITS, ui, { parts, compute, summarise: inWords });
  return ui.cleanUp;
}

// ── what the tables say about the reader's choice ────────────────────────────────────────────

const unique = (values) => [...new Set(values)];

// What follows from the tables alone, once for each.
const known = new WeakMap();

function read(arms, rates, distances) {
  if (known.get(arms)?.rates === rates && known.get(arms).distances === distances) return known.get(arms);
  const scores = new Map(arms.map(([where, n, name, seconds, accuracies]) => [`${where}|${n}|${name}`, { seconds, accuracies }]));
  const cell = (where, n, name) => scores.get(`${where}|${n}|${name}`);
  // Rates were tried with the first seeds only: the pairs are those.
  const beyond = (where, n, accuracies) => {
    const plain = cell(where, n, SCRATCH).accuracies;
    return meanInterval(accuracies.map((value, seed) => value - plain[seed]));
  };
  const targets = unique(arms.map(([where]) => where));
  if (Object.keys(distances).length) targets.sort((a, b) => distances[a] - distances[b]);
  known.set(arms, {
    rates, distances, targets, cell, beyond,
    gain: (where, n, name) => (cell(where, n, name) ? beyond(where, n, cell(where, n, name).accuracies) : null),
    counts: ascending(arms.map(([, n]) => n)),
    names: unique(arms.map(([, , name]) => name)),
    headRates: ascending(rates.map(([, , rate]) => rate)),
    bodyRates: ascending(rates.map(([, , , rate]) => rate)),
  });
  return known.get(arms);
}

function compute(model) {
  const [arms, rates, distances, target, labels, arm, head, body] = TRAITS.map((name) => model.get(name));
  const tables = read(arms, rates, distances);
  return { ...tables, target, labels, arm, head, body, now: tables.gain(target, labels, arm) };
}

const rateName = (rate) => (rate === 0 ? "frozen" : String(rate));

function inWords({ target, labels, arm, cell, now }) {
  const here = `${target}, ${labelled(labels)}`;
  if (!now) return `${here}: the arm “${arm}” was not measured on this target.`;
  const told = [arm, SCRATCH].map((name) => {
    const { accuracies, seconds } = cell(target, labels, name);
    return `${name} ${percent(meanInterval(accuracies).mean)} % in ${format(seconds, 2)} s`;
  });
  return `${here}: ${told.join(", ")}. Difference ${signed(now.mean)} points, 95 % interval ${between(now, signed)}: transfer ${verdict(now)}.`;
}

function asPython({ target, labels, arm, cell, now }) {
  const list = (name) => `np.array(${pythonList(cell(target, labels, name).accuracies)})`;
  if (!now) return `# “${arm}” was not measured on ${target}`;
  return [
    "import numpy as np",
    "from softmaxbook.learning.intervals import mean_interval",
    "",
    `# accuracies on ${target}, ${labelled(labels)}, one a seed`,
    `transfer = ${list(arm)}  # ${arm}`,
    `scratch = ${list(SCRATCH)}`,
    "gain = mean_interval(transfer - scratch)",
    "print(gain)",
  ].join("\n");
}

// ── target, frozen part, labels, rates ───────────────────────────────────────────────────────

function controls(model, { signal }) {
  const { targets, names, counts, headRates, bodyRates, distances } = compute(model);
  const far = (name) => (name in distances ? `${name} (distance ${format(distances[name])})` : name);
  const put = (trait) => (value) => change(model, { [trait]: value });
  const target = choice({ name: "target", options: targets.map((name) => [name, far(name)]), signal, onChange: put("target") });
  const arm = choice({
    name: "what learns", signal, onChange: put("arm"),
    options: names.filter((name) => name !== SCRATCH).map((name) => [name, name]),
  });
  const learns = html("p", { class: "sb-note" });
  const along = (name, values, trait, describe) => slider({
    name, min: 0, max: values.length - 1, step: 1, signal,
    onInput: (place) => change(model, { [trait]: values[place] }), describe: (place) => describe(values[place]),
  });
  const labels = along("labels per class", counts, "labels", String);
  const rated = headRates.length ? [
    [along("head rate", headRates, "head_rate", rateName), headRates, "head"],
    [along("body rate", bodyRates, "body_rate", rateName), bodyRates, "body"],
  ] : [];
  return {
    root: html("div", {}, html("div", { class: "sb-controls sb-wide-choices" },
      target.root, arm.root, labels.root, ...rated.map(([each]) => each.root)), learns),
    update(state) {
      setText(learns, LEARNS[state.arm] ? `${state.arm}: ${LEARNS[state.arm]}.` : "");
      target.set(state.target);
      arm.set(state.arm);
      labels.set(counts.indexOf(state.labels));
      for (const [each, values, key] of rated) each.set(values.indexOf(state[key]));
    },
  };
}

// ── the learning curves ──────────────────────────────────────────────────────────────────────

function curves() {
  const { root, set } = drawing(CHART, renew);
  return {
    root,
    update({ target, labels, arm, head, body, rates, counts, cell }) {
      const steps = (name) => counts.filter((n) => cell(target, n, name)).map((n) => [n, meanInterval(cell(target, n, name).accuracies)]);
      const along = (found) => found.map(([n, interval]) => [Math.log(n), interval]);
      const [scratch, chosen] = [steps(SCRATCH), steps(arm)];
      const tried = rates.filter(([where, , h, b]) => where === target && h === head && b === body)
        .map(([, n, , , accuracies]) => [n, meanInterval(accuracies)]);
      const floor = accuracyFloor([...scratch, ...chosen, ...tried].map(([, interval]) => interval));
      const chart = axes({
        x: [Math.log(counts[0]) - 0.2, Math.log(counts.at(-1)) + 0.2], xLabel: "labels per class (logarithmic)",
        xTicks: counts.map((n) => [Math.log(n), String(n)]), ...accuracyAxis(floor), yLabel: "accuracy on new pictures in %",
      });
      const told = (name, found) => `${name}: ${found.map(([n, { mean }]) => `${percent(mean)} with ${n}`).join(", ")}`;
      set([
        ...chart.shapes,
        line(chart, [Math.log(labels), floor], [Math.log(labels), 1], { class: "sb-marker" }),
        ...intervalCurve(chart, along(scratch), { shift: -3, look: "sb-plain" }),
        ...intervalCurve(chart, along(chosen), { shift: 3, look: "sb-transferred" }),
        ...intervalCurve(chart, along(tried), { look: "sb-tried", mark: "diamond" }),
      ], `Accuracy in % on ${target} by labels per class. ${told(SCRATCH, scratch)}. ${told(arm, chosen)}.`,
      `Dashed, open: ${SCRATCH}. Full: ${arm}${chosen.length ? "" : ", not measured here"}. Bars: 95 % intervals over seeds.`
        + (tried.length ? ` Diamonds: head rate ${rateName(head)}, body ${body === 0 ? "frozen" : `rate ${rateName(body)}`}.` : ""));
    },
  };
}

// ── all ways at the chosen place, with their cost ────────────────────────────────────────────

function ways() {
  const body = html("tbody");
  const head = ["", "accuracy in %", "difference", "seconds"];
  const caption = html("p", { class: "sb-note" });
  const table = html("table", { class: "sb-tight sb-ways" },
    html("thead", {}, html("tr", {}, html("td"), ...head.slice(1).map((text) => html("th", { scope: "col" }, text)))), body);
  return {
    root: html("div", {}, scrollable("All ways at this place", table), caption),
    update({ target, labels, arm, names, cell, gain }) {
      renew(body, ...[SCRATCH, ...names.filter((name) => name !== SCRATCH)].filter((name) => cell(target, labels, name)).map((name) => {
        const { accuracies, seconds } = cell(target, labels, name);
        const own = meanInterval(accuracies);
        const more = name === SCRATCH ? null : gain(target, labels, name);
        return html("tr", { class: name === arm && "sb-chosen" }, html("th", { scope: "row" }, name),
          datum(own.mean, plusMinus(own, percent)),
          more ? datum(more.mean, `${MARKS[verdict(more)]} ${plusMinus(more, signed)}`) : html("td", {}, "–"),
          datum(seconds, format(seconds, 2)));
      }));
      setText(caption, `${target}, ${labelled(labels)}. ± is half of the 95 % interval. Difference: to “${SCRATCH}”, seed by seed. `
        + "Seconds of one core for one training.");
    },
  };
}

function formula() {
  const root = html("p", { class: "sb-formula" });
  return {
    root,
    update({ now, arm }) {
      setSymbols(root, now ? derived(now) : `“${arm}” was not measured on this target.`);
    },
  };
}

// ── the map, and the grid of rates ───────────────────────────────────────────────────────────

const FULL = 0.15; // the difference from which a cell has its full colour

function difference(interval, name, chosen) {
  const says = verdict(interval);
  return {
    value: interval.mean, text: signed(interval.mean), mark: MARKS[says], chosen,
    side: { wins: "up", loses: "down" }[says] ?? "open", strength: Math.min(Math.abs(interval.mean) / FULL, 1),
    label: `${name}: ${signed(interval.mean)} points, interval ${between(interval, signed)}, transfer ${says}`,
  };
}

function map(model, { signal }) {
  const grid = cellGrid({
    name: "Map of the difference by target and labels per class", corner: "target", signal,
    choose: (row, column) => {
      const { targets, counts } = compute(model);
      change(model, { target: targets[row], labels: counts[column] });
    },
  });
  const caption = html("p", { class: "sb-note" });
  return {
    root: html("div", {}, html("p", { class: "sb-title" }, "Where transfer wins and where it loses"), grid.root, caption),
    update({ targets, counts, target, labels, arm, distances, gain }) {
      grid.update({
        columns: counts.map((n) => ({ text: String(n), label: labelled(n) })),
        rows: targets.map((where) => ({
          text: where, note: where in distances ? `distance ${format(distances[where])}` : "",
          cells: counts.map((n) => {
            const found = gain(where, n, arm);
            return found && difference(found, `${where}, ${labelled(n)}`, where === target && n === labels);
          }),
        })),
      });
      setText(caption, `Points of accuracy: “${arm}” minus “${SCRATCH}”. Columns: labels per class. ▲ wins, ▼ (hatched) loses, `
        + "≈ the interval holds 0. Arrow keys walk over the map.");
    },
  };
}

// The measured number of labels that is nearest by its ratio.
const nearest = (counts, n) => counts.reduce((best, each) => (Math.abs(Math.log(each / n)) < Math.abs(Math.log(best / n)) ? each : best));

function rates(model, { signal }) {
  const grid = cellGrid({
    name: "Difference by rate of the head and rate of the body", corner: "head ↓ body →", signal,
    choose: (row, column) => {
      const { headRates, bodyRates } = compute(model);
      change(model, { head_rate: headRates[row], body_rate: bodyRates[column] });
    },
  });
  const caption = html("p", { class: "sb-note" });
  const root = html("div", {}, html("p", { class: "sb-title" }, "The rates of head and body"), grid.root, caption);
  return {
    root,
    update({ target, labels, rates: tried, headRates, bodyRates, head, body, beyond }) {
      const here = tried.filter(([where]) => where === target);
      root.hidden = !tried.length;
      grid.root.hidden = !here.length;
      if (!here.length) {
        setText(caption, `Rates were measured on ${unique(tried.map(([where]) => where)).join(" and ")} only.`);
        return;
      }
      const n = nearest(ascending(here.map(([, count]) => count)), labels);
      const at = (h, b) => here.find(([, count, one, other]) => count === n && one === h && other === b);
      const cells = headRates.map((h) => bodyRates.map((b) => at(h, b) && { h, b, accuracies: at(h, b)[4] }));
      grid.update({
        columns: bodyRates.map((b) => ({ text: rateName(b), label: b === 0 ? "body frozen" : `body rate ${b}` })),
        rows: cells.map((row, i) => ({
          text: rateName(headRates[i]), note: "",
          cells: row.map((found) => found && difference(beyond(target, n, found.accuracies),
            `head rate ${found.h}, ${found.b === 0 ? "body frozen" : `body rate ${found.b}`}: accuracy ${percent(meanInterval(found.accuracies).mean)} %`,
            found.h === head && found.b === body)),
        })),
      });
      const shown = at(head, body);
      const own = shown && meanInterval(shown[4]);
      setText(caption, `${target}, ${labelled(n)}, ${here[0][4].length} seeds; no rate was chosen by any picture. Points beyond “${SCRATCH}”, marked as on the map.`
        + (own ? ` Chosen: accuracy ${percent(own.mean)} % ± ${percent(own.half)}.` : ""));
    },
  };
}

export default { render };
