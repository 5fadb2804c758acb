// Choosing a source: in which order a yardstick puts the sources, and what each turned out to be worth.

import { meanInterval } from "../numerics/intervals.mjs";
import { fixed } from "../numerics/numbers.mjs";
import { agreement, kendall, places, spread } from "../numerics/ranks.mjs";
import { axes, CHART, drawing } from "../parts/chart.mjs";
import { change, checkbox, frame, html, live, scrollable, segments, setText, svg } from "../parts/ui.mjs";
import { accuracyAxis, accuracyFloor, between, datum, percent, plusMinus } from "../parts/whiskers.mjs";

const TRAITS = ["rows", "about", "yardstick", "source", "revealed"];
const CHOSEN = TRAITS.slice(2);

// Each with its column, what it says, and how its number is written; a distance promises more the smaller it is.
const YARDSTICKS = {
  "nearness for the body": { column: 1, sign: -1, what: "distance", decimals: 2, says: "how near the source’s pictures are to the digits, in the features of the book’s own body" },
  "nearness of the pixels": { column: 2, sign: -1, what: "distance", decimals: 2, says: "how near the source’s pictures are to the digits, pixel by pixel" },
  LEEP: { column: 3, sign: 1, what: "LEEP", decimals: 3, says: "how well the source’s classes, as the network assigns them to digits, predict the digits’ labels" },
  LogME: { column: 4, sign: 1, what: "LogME", decimals: 3, says: "how well a linear model on the network’s features can explain the digits’ labels" },
};
const NAMES = Object.keys(YARDSTICKS);

function render({ model, el }) {
  const initial = Object.fromEntries(CHOSEN.map((name) => [name, model.get(name)]));
  const ui = frame(el, {
    name: "Choosing a source",
    words: () => import("./spoken.mjs"),
    reset: () => change(model, initial),
    python: () => asPython(compute(model)),
  });
  const parts = [chooser(model, ui), ranking(model, ui), card(), asking(model, ui), scatter(), coefficient()];
  const [top, list, one, question, chart, formula] = parts.map((part) => part.root);
  const measured = html("div", { class: "sb-pair sb-wide-list" }, chart, formula);
  ui.body.append(top, html("div", { class: "sb-pair sb-wide-list" }, list, one), question);
  // What is hidden is not there: paper and screen readers have no empty figure either.
  parts.push({ update: ({ revealed }) => (revealed ? question.after(measured) : measured.remove()) });
  live(model, CHOSEN.concat("about"), ui, { parts, compute, summarise: inWords });
  return ui.cleanUp;
}

function compute(model) {
  const [rows, about, yardstick, chosen, revealed] = TRAITS.map((name) => model.get(name));
  const accuracies = new Map(rows.map((row) => [row[0], meanInterval(row[5])]));
  const ranked = new Map(places([...accuracies.values()].map(({ mean }) => mean)).map((place, i) => [rows[i][0], place]));
  // What each yardstick makes of the sources that it knows, the most promising first.
  const orders = Object.fromEntries(NAMES.map((name) => {
    const { column, sign } = YARDSTICKS[name];
    const known = rows.filter((row) => row[column] !== null).map((row) => ({ source: row[0], value: row[column], score: sign * row[column] }));
    const place = places(known.map(({ score }) => score));
    const list = known.map((each, i) => ({ ...each, place: place[i] })).sort((a, b) => a.place - b.place);
    return [name, { list, of: list.length, ...kendall(list.map(({ score }) => score), list.map(({ source }) => accuracies.get(source).mean)) }];
  }));
  const order = orders[yardstick];
  const unknown = rows.map(([source]) => source).filter((source) => !order.list.some((each) => each.source === source));
  return { about, yardstick, chosen, revealed, accuracies, ranked, orders, order, unknown, seeds: rows[0][5].length };
}

const written = (name, value) => fixed(value, YARDSTICKS[name].decimals);
const signed = (tau) => (Number.isNaN(tau) ? "not defined" : `${tau > 0 ? "+" : ""}${fixed(tau)}`);
const placed = ({ list }, source) => list.find((each) => each.source === source);
const sharing = ({ list }, { source, place }) => list.filter((each) => each.place === place && each.source !== source).map((each) => each.source);
const placeOf = (order, each) => `${each.place}${sharing(order, each).length ? "=" : ""}`;

function inWords({ yardstick, chosen, revealed, order, accuracies, ranked }) {
  const [first, last] = [order.list[0], order.list.at(-1)].map(({ source }) => source);
  const here = placed(order, chosen);
  const others = here ? sharing(order, here) : [];
  const where = here
    ? `${chosen}: place ${here.place} of ${order.of}${others.length ? `, the same as ${others.join(" and ")}` : ""}, ${YARDSTICKS[yardstick].what} ${written(yardstick, here.value)}.`
    : `${chosen} has no ${YARDSTICKS[yardstick].what}.`;
  const told = `By ${yardstick}, ${first} promises most and ${last} least. ${where}`;
  if (!revealed) return `${told} What was measured is hidden.`;
  const found = accuracies.get(chosen);
  return `${told} It reads ${percent(found.mean)} % of new digits, 95 % interval ${between(found, percent)}: place ${ranked.get(chosen)} of ${accuracies.size}. `
    + `Kendall’s coefficient of ${yardstick} with the accuracy: ${signed(order.tau)}.`;
}

function asPython({ yardstick, revealed, order, accuracies }) {
  const entries = (value) => order.list.map((each) => `    ${JSON.stringify(each.source)}: ${value(each)},`);
  const lines = [`# ${yardstick}: more is better`, "score = {", ...entries(({ score }) => score), "}", "print(sorted(score, key=score.get, reverse=True))"];
  if (!revealed) return lines.join("\n");
  return [
    "from scipy.stats import kendalltau", "", ...lines, "", "# mean accuracy on new digits", "accuracy = {",
    ...entries(({ source }) => accuracies.get(source).mean), "}",
    "tau = kendalltau(list(score.values()), [accuracy[source] for source in score]).statistic",
    "print(tau)",
  ].join("\n");
}

// ── the yardstick ────────────────────────────────────────────────────────────────────────────

function chooser(model, { signal }) {
  const yardstick = segments({
    name: "yardstick", options: Object.fromEntries(NAMES.map((name) => [name, name])), signal,
    onChange: (value) => change(model, { yardstick: value }),
  });
  const note = html("p", { class: "sb-note" });
  return {
    root: html("div", {}, html("div", { class: "sb-controls sb-own-line" }, yardstick.root), note),
    update(state) {
      yardstick.set(state.yardstick);
      setText(note, `${state.yardstick}: ${YARDSTICKS[state.yardstick].says}.`);
    },
  };
}

// ── the sources in its order, to choose one ──────────────────────────────────────────────────

function ranking(model, { signal }) {
  const score = html("th", { scope: "col" });
  const body = html("tbody");
  const title = html("p", { class: "sb-title" }, "The sources, the most promising first");
  const note = html("p", { class: "sb-note" });
  const lines = new Map(model.get("rows").map(([source]) => [source, line(model, source, signal)]));
  // The form keeps the radio buttons of several explorables apart; it is never sent.
  const root = html("form", { class: "sb-options" }, title, scrollable("The sources in the order of the yardstick",
    html("table", { class: "sb-ways sb-ranked" }, html("thead", {}, html("tr", {}, html("th", { scope: "col" }, "source"),
      html("th", { scope: "col" }, "place"), score, html("th", { scope: "col" }, "right in %"))), body)), note);
  root.addEventListener("submit", (event) => event.preventDefault(), { signal });
  let shown = "";
  return {
    root,
    update(state) {
      const { yardstick, order, unknown } = state;
      setText(score, YARDSTICKS[yardstick].what);
      const sources = [...order.list.map(({ source }) => source), ...unknown];
      if (shown !== sources.join("\n")) {
        shown = sources.join("\n");
        body.replaceChildren(...sources.map((source) => lines.get(source).root));
      }
      for (const source of sources) lines.get(source).update(state);
      const ties = order.list.some((each) => sharing(order, each).length) ? "=: the same score, so the same place. " : "";
      setText(note, ties + (unknown.length ? `${unknown.join(", ")}: no ${YARDSTICKS[yardstick].what}, so no place.` : ""));
    },
  };
}

function line(model, source, signal) {
  const input = html("input", { type: "radio", name: "source" });
  const cells = Array.from({ length: 3 }, () => html("td"));
  const root = html("tr", {}, html("th", { scope: "row" }, html("label", { class: "sb-check" }, input, html("span", {}, source))), ...cells);
  input.addEventListener("change", () => change(model, { source }), { signal });
  return {
    root,
    update({ yardstick, chosen, order, accuracies, revealed }) {
      const here = placed(order, source);
      const found = accuracies.get(source);
      input.checked = source === chosen;
      root.classList.toggle("sb-chosen", source === chosen);
      setText(cells[0], here ? placeOf(order, here) : "–");
      cells[1].replaceChildren(here ? html("data", { value: String(here.value) }, written(yardstick, here.value)) : "–");
      cells[2].replaceChildren(revealed ? html("data", { value: String(found.mean) }, plusMinus(found, percent)) : "?");
    },
  };
}

// ── the chosen source under every yardstick ──────────────────────────────────────────────────

function card() {
  const title = html("p", { class: "sb-title" });
  const what = html("p", { class: "sb-note" });
  const agreement = html("th", { scope: "col" }, "τ");
  const body = html("tbody");
  const note = html("p", { class: "sb-note" });
  return {
    root: html("div", {}, title, scrollable("The chosen source under every yardstick", html("table", { class: "sb-ways sb-card-of-one" },
      html("thead", {}, html("tr", {}, html("th", { scope: "col" }, "yardstick"), html("th", { scope: "col" }, "value"),
        html("th", { scope: "col" }, "place"), agreement)), body)), what, note),
    update({ about, chosen, yardstick, orders, revealed }) {
      setText(title, `“${chosen}” under every yardstick`);
      setText(what, chosen in about ? `${chosen}: ${about[chosen]}.` : "");
      agreement.hidden = !revealed;
      body.replaceChildren(...NAMES.map((name) => {
        const here = placed(orders[name], chosen);
        const cells = here
          ? [datum(here.value, written(name, here.value)), html("td", {}, `${placeOf(orders[name], here)} of ${orders[name].of}`)]
          : [html("td", {}, "–"), html("td", {}, "–")];
        const tau = revealed ? [datum(orders[name].tau, signed(orders[name].tau))] : [];
        return html("tr", { class: name === yardstick && "sb-chosen" }, html("th", { scope: "row" }, name), ...cells, ...tau);
      }));
      setText(note, revealed ? "τ: Kendall’s coefficient of the yardstick with the accuracy, 1 for the same order, −1 for the reverse." : "");
    },
  };
}

// ── what was measured: hidden until the reader asks ──────────────────────────────────────────

function asking(model, { signal }) {
  const reveal = checkbox({ name: "show what was measured", signal, onChange: (revealed) => change(model, { revealed }) });
  return {
    root: html("div", { class: "sb-controls" }, reveal.root),
    update: ({ revealed }) => reveal.set(revealed),
  };
}

const HEIGHT = 300;
const GAP = 15; // between the names
const ROOM = 1.2; // for the names, as a share of the span of the scores
const LONGEST = 22; // letters of a name in the drawing; the list above has all of them
const short = (name) => (name.length > LONGEST ? `${name.slice(0, LONGEST - 1).trimEnd()}…` : name);

// Round numbers inside an interval, about four of them.
export function ticks(low, high) {
  const rough = (high - low) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough);
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

function scatter() {
  const { root, set } = drawing({ width: CHART.width, height: HEIGHT });
  return {
    root,
    update({ yardstick, chosen, order, accuracies, unknown, revealed, seeds }) {
      if (!revealed) return;
      const { sign, what } = YARDSTICKS[yardstick];
      const scores = order.list.map(({ score }) => score);
      const [least, most] = [Math.min(...scores), Math.max(...scores)];
      const span = most - least || 1;
      const [low, high] = [least - 0.08 * span, most + 0.08 * span];
      const floor = accuracyFloor([...accuracies.values()]);
      const chart = axes({
        x: [low, high + ROOM * span], height: HEIGHT, ...accuracyAxis(floor),
        xTicks: ticks(low, high).map((tick) => [tick, String(sign * tick).replace("-", "−")]),
        xLabel: sign < 0 ? `${what}: from far to near` : `${what}: from low to high`, yLabel: "right on new digits in %",
      });
      const at = (each) => [chart.x(each.score), chart.y(accuracies.get(each.source).mean)];
      const here = placed(order, chosen);
      const means = order.list.map(({ source }) => accuracies.get(source).mean);
      const reversed = here ? order.list.filter((_, i) => agreement(scores, means, i, order.list.indexOf(here)) < 0) : [];
      const threads = reversed.map((each) => {
        const [[x1, y1], [x2, y2]] = [at(here), at(each)];
        return svg("line", { x1, x2, y1, y2, class: "sb-reversed" });
      });
      const points = order.list.flatMap((each) => {
        const [x, y] = at(each);
        const found = accuracies.get(each.source);
        return [
          svg("line", { x1: x, x2: x, y1: chart.y(found.low), y2: chart.y(Math.min(found.high, 1)), class: "sb-interval sb-transferred" }),
          svg("circle", { cx: x, cy: y, r: each === here ? 6 : 4, class: `sb-measured sb-transferred${each === here ? " sb-chosen-dot" : ""}`, "data-accuracy": String(found.mean), "data-score": String(each.score) }),
        ];
      });
      const right = chart.x(high);
      const levels = unknown.map((source) => {
        const y = chart.y(accuracies.get(source).mean);
        return svg("line", { x1: chart.x(low), x2: right, y1: y, y2: y, class: "sb-level" });
      });
      const ends = [...order.list.map((each) => [each.source, ...at(each)]), ...unknown.map((source) => [source, right, chart.y(accuracies.get(source).mean)])]
        .sort((a, b) => a[2] - b[2]);
      const heights = spread(ends.map(([, , y]) => y), GAP, chart.y(floor) - 4);
      const names = ends.flatMap(([source, x, y], i) => [
        svg("line", { x1: x, y1: y, x2: right + 4, y2: heights[i], class: "sb-grid" }),
        svg("text", { x: right + 7, y: heights[i] + 4, class: `sb-halo sb-beside${source === chosen ? " sb-chosen-name" : ""}` }, short(source)),
      ]);
      const told = ends.map(([source]) => `${source} ${percent(accuracies.get(source).mean)}`).join(", ");
      set([...chart.shapes, ...levels, ...names, ...threads, ...points], `Accuracy in % on digits over ${yardstick}: ${told}.`,
        `Each point is a source; bars are 95 % intervals over ${seeds} draws of labels. `
        + (reversed.length ? `Red threads lead to the sources that ${yardstick} puts on the wrong side of “${chosen}”. ` : "")
        + (unknown.length ? `Dashed level: ${unknown.join(", ")}, without ${what}.` : ""));
    },
  };
}

function coefficient() {
  const formula = html("p", { class: "sb-formula" });
  const value = html("data");
  const note = html("p", { class: "sb-note" });
  return {
    root: html("div", {}, html("p", { class: "sb-title" }, "Do the two orders agree?"), formula, note),
    update({ yardstick, order: { same, reversed, tiedX, tiedY, pairs, of, tau }, revealed }) {
      if (!revealed) return;
      value.value = String(tau);
      setText(value, signed(tau));
      const all = (tied) => `(${same} + ${reversed} + ${tied})`;
      formula.replaceChildren(`τ = (${same} − ${reversed}) ÷ √(${all(tiedX)} · ${all(tiedY)}) = `, value);
      const ties = [[tiedX, yardstick], [tiedY, "the accuracy"]].filter(([count]) => count)
        .map(([count, who]) => `, ${count} ${count === 1 ? "is" : "are"} tied by ${who}`).join("");
      setText(note, `Of the ${pairs} pairs of ${of} sources, ${yardstick} puts ${same} in the order of their accuracies and ${reversed} in the reverse${ties}. Without any relation τ is near 0.`);
    },
  };
}

export default { render };
