// A threshold between the scores of members and of others: whom it finds, and whom it accuses.

import { area, bestThreshold, guesses, reaching } from "../numerics/membership.mjs";
import { clamp, fixed, format, pythonList, pythonNumber, range } from "../numerics/numbers.mjs";
import { axes, CHART, dot, drawing, line, points } from "../parts/chart.mjs";
import { colour } from "../parts/classes.mjs";
import { button, change, draggable, frame, html, live, setText, slider, svg } from "../parts/ui.mjs";

const TRAITS = ["members", "others", "threshold"];
const BINS = 24;

function render({ model, el }) {
  const initial = Object.fromEntries(TRAITS.map((name) => [name, model.get(name)]));
  const ui = frame(el, {
    name: "Members and others",
    words: () => import("./spoken.mjs"),
    reset: () => change(model, initial),
    python: () => asPython(compute(model)),
  });
  const parts = [controls(model, ui), histogram(model, ui), curve(), readings()];
  const [top, scores, thresholds, table] = parts.map((part) => part.root);
  ui.body.append(top, html("div", { class: "sb-pair" }, scores, thresholds), table);

  live(model, TRAITS, ui, { parts, compute, summarise: inWords });
  return ui.cleanUp;
}

function compute(model) {
  const [members, others, threshold] = TRAITS.map((name) => model.get(name));
  const all = [...members, ...others];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const room = (high - low || 1) / 20;
  const [hits, alarms] = [members, others].map((scores) => reaching(scores, threshold));
  return {
    members, others, threshold, hits, alarms, advantage: hits - alarms,
    area: area(members, others), ends: [low - room, high + room],
  };
}

const percent = (share) => `${fixed(100 * share, 0)} %`;

function inWords({ threshold, hits, alarms, advantage, area: under }) {
  return `The threshold ${fixed(threshold)} calls ${percent(hits)} of the members and ${percent(alarms)} of the others members: `
    + `an advantage of ${fixed(advantage)}. Over all thresholds the area under the curve is ${fixed(under, 3)}.`;
}

function asPython({ members, others, threshold }) {
  return [
    "from softmaxbook.transfer.membership import advantage, attack_auc",
    "",
    `members = ${pythonList(members)}`,
    `others = ${pythonList(others)}`,
    `gained = advantage(members, others, ${pythonNumber(threshold)})`,
    "area = attack_auc(members, others)",
    "print(gained, area)",
  ].join("\n");
}

function controls(model, { signal }) {
  const threshold = slider({
    name: "threshold", hint: "who reaches it is called a member", min: 0, max: 1, step: 0.01, signal,
    onInput: (value) => change(model, { threshold: value }), describe: (value) => fixed(value),
  });
  const best = () => change(model, { threshold: bestThreshold(model.get("members"), model.get("others")) });
  return {
    root: html("div", { class: "sb-controls" }, threshold.root, button("Largest advantage", best, signal)),
    update({ threshold: at, ends: [low, high] }) {
      threshold.input.min = Math.min(low, at).toFixed(2);
      threshold.input.max = Math.max(high, at).toFixed(2);
      threshold.set(at);
    },
  };
}

// ── the scores: members upwards, others downwards ────────────────────────────────────────────

function histogram(model, { signal }) {
  const { root, picture, set } = drawing();
  const invert = { now: null, ends: null };
  picture.classList.add("sb-grab");
  draggable(picture, (x, y) => {
    change(model, { threshold: Number(clamp(invert.now(x, y)[0], ...invert.ends).toFixed(2)) });
  }, signal, ".sb-marker");
  return {
    root,
    update({ members, others, threshold, ends: [low, high], hits, alarms }) {
      const width = (high - low) / BINS;
      const count = (scores) => range(BINS).map((i) => scores.filter((s) => Math.min(BINS - 1, Math.floor((s - low) / width)) === i).length);
      const [up, down] = [count(members), count(others)];
      const most = Math.max(...up, ...down);
      const step = Math.max(1, Math.ceil((high - low) / 6));
      const ticks = range(20).map((i) => (Math.ceil(low / step) + i) * step).filter((tick) => tick <= high);
      const tall = Math.max(1, Math.floor(most / 2));
      const chart = axes({
        x: [low, high], y: [-1.05 * most, 1.05 * most], xTicks: ticks, xLabel: "score",
        yTicks: [-2 * tall, -tall, 0, tall, 2 * tall].map((tick) => [tick, String(Math.abs(tick))]), yLabel: "members above, others below",
      });
      invert.now = chart.invert;
      invert.ends = [low, high];
      const bars = (counts, sign, hue) => counts.map((n, i) => n > 0 && svg("rect", {
        x: chart.x(low + i * width), width: chart.x(low + width) - chart.x(low) - 0.5,
        y: Math.min(chart.y(0), chart.y(sign * n)), height: Math.abs(chart.y(n) - chart.y(0)), fill: colour(hue), opacity: 0.75,
      })).filter(Boolean);
      set([
        ...chart.shapes, ...bars(up, 1, 0), ...bars(down, -1, 1),
        line(chart, [low, 0], [high, 0], { stroke: "var(--sb-ink)" }),
        line(chart, [threshold, -1.05 * most], [threshold, 1.05 * most], { class: "sb-marker" }),
      ], `Scores of ${members.length} members, upwards, and ${others.length} others, downwards. Right of the threshold lie ${percent(hits)} of the members and ${percent(alarms)} of the others.`,
      "Who lies right of the dashed line is called a member. Drag it.");
    },
  };
}

// ── all thresholds at once ───────────────────────────────────────────────────────────────────

function curve() {
  const { root, set } = drawing({ width: CHART.width, height: CHART.height });
  return {
    root,
    update({ members, others, hits, alarms, area: under }) {
      const chart = axes({
        x: [0, 1], y: [0, 1], xTicks: [0, 0.5, 1], yTicks: [0, 0.5, 1],
        xLabel: "others called members", yLabel: "members called members",
      });
      const pairs = guesses(members, others).map(([x, y]) => [chart.x(x), chart.y(y)]);
      set([
        ...chart.shapes,
        line(chart, [0, 0], [1, 1], { class: "sb-path" }),
        svg("polyline", { points: points(pairs), class: "sb-curve", stroke: colour(0) }),
        dot(chart, [alarms, hits], 7),
      ], `The share of members called so over the share of others called so, for all thresholds: area ${fixed(under, 3)}. This threshold is at ${fixed(alarms)}, ${fixed(hits)}.`,
      "The curve of all thresholds, and the point of this one. Guessing stays on the dashed line.");
    },
  };
}

function readings() {
  const facts = { hits: "members called members", alarms: "others called members", advantage: "advantage, their difference", area: "area under the curve" };
  const cells = Object.fromEntries(Object.keys(facts).map((name) => [name, html("data")]));
  return {
    root: html("table", { class: "sb-facts" }, html("tbody", {},
      ...Object.entries(facts).map(([name, text]) => html("tr", {}, html("th", { scope: "row" }, text), html("td", {}, cells[name]))))),
    update(state) {
      for (const name of Object.keys(facts)) {
        cells[name].value = String(state[name]);
        setText(cells[name], format(state[name]));
      }
    },
  };
}

export default { render };
