// Choices: move what is offered, add a copy of something, and see which ratios of shares stay.

import { inclusiveValues, nestedLogit } from "../numerics/choices.mjs";
import { clamp, fixed, format, pythonList, pythonNumber, range } from "../numerics/numbers.mjs";
import { softmax } from "../numerics/softmax.mjs";
import { axes, curve, dot, drawing, line } from "../parts/chart.mjs";
import { colour, letter } from "../parts/classes.mjs";
import { barSlider, change, choice, draggable, formula as written, frame, html, live, power, scrollable, setText, slider, symbols } from "../parts/ui.mjs";

const TRAITS = ["quality", "price", "worth", "cost", "copied", "better", "dissimilarity"];
const [BEST, DEAREST] = [10, 100];
const [NARROWEST, WIDEST] = [0.05, 1]; // λ
const SAME = 1e-9; // relative difference of ratios that rounding may make

function render({ model, el }) {
  const initial = Object.fromEntries(TRAITS.map((name) => [name, model.get(name)]));
  const ui = frame(el, {
    name: "Choices, a copy, and nests",
    words: () => import("./spoken.mjs"), plays: true,
    reset: () => change(model, initial),
    python: () => asPython(compute(model)),
  });
  const parts = [goods(model, ui), controls(model, ui), shareRows(), shareCurves(model, ui), ratios(), formula()];
  const [rows, top, bars, picture, table, value] = parts.map((part) => part.root);
  ui.body.append(rows, top, html("div", { class: "sb-pair" }, html("div", {}, bars, table), picture), value);

  live(model, TRAITS, ui, { parts, compute, summarise: inWords });
  return ui.cleanUp;
}

function compute(model) {
  const [quality, price, worth, cost, picked, better, dissimilarity] = TRAITS.map((name) => model.get(name));
  const size = quality.length;
  const copied = picked < size ? picked : -1; // Python may have shortened the lists alone
  const utility = (q, p) => worth * q - (cost * p) / 10;
  const before = range(size).map((i) => utility(quality[i], price[i] ?? 0));
  const utilities = copied < 0 ? before : [...before, utility(quality[copied] + better, price[copied] ?? 0)];
  const nests = copied < 0 ? range(size) : [...range(size), copied];
  const nested = (scale) => nestedLogit(utilities, nests, range(size).map(() => scale));
  return {
    quality, price, worth, cost, copied, better, dissimilarity, size, utilities, nests, nested,
    names: [...range(size).map(letter), ...(copied < 0 ? [] : [`${letter(copied)}′`])],
    alone: softmax(before),
    plain: softmax(utilities),
    within: nested(dissimilarity),
    values: inclusiveValues(utilities, nests, range(size).map(() => dissimilarity)),
  };
}

const share = (p) => format(p, p < 1e-3 ? 2 : 3);
const percent = (p) => `${fixed(100 * p, 1)} %`;
const tint = ({ size, copied }, i) => colour(i < size ? i : copied);

// The ratios of all pairs of originals: without the copy, and with it by both models.
function pairs({ size, alone, plain, within }) {
  return range(size).flatMap((i) => range(size - i - 1).map((step) => {
    const j = i + step + 1;
    const [before, ...after] = [alone, plain, within].map((shares) => shares[i] / shares[j]);
    return { i, j, before, after, kept: after.map((ratio) => Math.abs(ratio / before - 1) <= SAME) };
  }));
}

function inWords(state) {
  const { names, copied, size, alone, plain, within, dissimilarity } = state;
  if (copied < 0) return `Shares: ${names.map((name, i) => `${name} ${percent(plain[i])}`).join(", ")}. Without a copy both models are the same.`;
  const both = (shares) => percent(shares[copied] + shares[size]);
  return `${names[copied]} and its copy have ${both(plain)} together by softmax and ${both(within)} with nests at λ = ${fixed(dissimilarity)}; ${names[copied]} alone had ${percent(alone[copied])}.`;
}

function asPython({ utilities, nests, dissimilarity }) {
  return [
    "import softmaxbook as sb",
    "",
    `utilities = ${pythonList(utilities)}`,
    "plain = sb.softmax(utilities)",
    `nested = sb.nested_logit(utilities, nests=[${nests.join(", ")}], dissimilarity=${pythonNumber(dissimilarity)})`,
    "print(plain, nested)",
  ].join("\n");
}

// ── what is offered: quality, price, utility ─────────────────────────────────────────────────

function goods(model, { signal }) {
  const head = html("div", { class: "sb-row sb-head", "aria-hidden": "true" },
    ...["", "quality", "", "price", "", "utility"].map((text) => html("span", {}, text)));
  const root = html("div", { class: "sb-rows sb-goods" }, head);
  const put = (name, i, value) => change(model, { [name]: model.get(name).map((old, j) => (i === j ? value : old)) });
  let made = [];
  function row(i) {
    const drag = (name, max, step, decimals) => barSlider({
      name: `${name} of ${letter(i)}`, min: 0, max, step, colour: colour(i), signal,
      onInput: (value) => put(name, i, value), describe: (value) => fixed(value, decimals),
    });
    const [quality, price] = [drag("quality", BEST, 0.5, 1), drag("price", DEAREST, 5, 0)];
    const texts = [html("span", { class: "sb-value" }), html("span", { class: "sb-value" }), html("data", { class: "sb-value" })];
    const root = html("div", { class: "sb-row", role: "group", "aria-label": letter(i) },
      html("span", { class: "sb-label", style: `--sb-colour: ${colour(i)}` }, letter(i)),
      quality.root, texts[0], price.root, texts[1], texts[2]);
    return { root, quality, price, texts };
  }
  return {
    root,
    update({ size, quality, price, utilities }) {
      if (made.length !== size) {
        made = range(size).map(row);
        root.replaceChildren(head, ...made.map((each) => each.root));
      }
      made.forEach((each, i) => {
        each.quality.set(quality[i]);
        each.price.set(price[i] ?? 0);
        setText(each.texts[0], fixed(quality[i], 1));
        setText(each.texts[1], fixed(price[i] ?? 0, 0));
        setText(each.texts[2], fixed(utilities[i]));
        each.texts[2].value = String(utilities[i]);
      });
    },
  };
}

// ── tastes, the copy, the nest ───────────────────────────────────────────────────────────────

function controls(model, { signal }) {
  const number = (trait, name, hint, min, max, step, decimals) => slider({
    name, hint, min, max, step, signal,
    onInput: (value) => change(model, { [trait]: value }), describe: (value) => fixed(value, decimals),
  });
  const worth = number("worth", "a point of quality adds", "to the utility", 0, 2, 0.05, 2);
  const cost = number("cost", "ten of price take", "from the utility", 0, 2, 0.05, 2);
  const better = number("better", "the copy is better by", "points of quality", -2, 2, 0.1, 1);
  const nest = number("dissimilarity", "nest parameter λ", "of the nest that holds the copy and its original", NARROWEST, WIDEST, 0.01, 2);
  const copied = choice({ name: "also offered", options: {}, signal, onChange: (value) => change(model, { copied: Number(value) }) });
  let shown = 0;
  return {
    root: html("div", {},
      html("div", { class: "sb-controls" }, worth.root, cost.root),
      html("div", { class: "sb-controls" }, copied.root, better.root, nest.root)),
    update(state) {
      if (shown !== state.size) {
        shown = state.size;
        copied.select.replaceChildren(html("option", { value: -1 }, "nothing"),
          ...range(shown).map((i) => html("option", { value: i }, `a copy of ${letter(i)}`)));
      }
      worth.set(state.worth);
      cost.set(state.cost);
      better.set(state.better);
      better.input.disabled = state.copied < 0;
      nest.set(state.dissimilarity);
      copied.set(state.copied);
    },
  };
}

// ── shares by both models, as bars ───────────────────────────────────────────────────────────

function shareRows() {
  const head = html("div", { class: "sb-row sb-head", "aria-hidden": "true" },
    ...["", "softmax", "", "", "nests"].map((text) => html("span", {}, text)));
  const root = html("div", { class: "sb-rows sb-shares" });
  let shown = "";
  let made = [];
  const row = (name, ink) => {
    const bar = () => html("div", { class: "sb-bar sb-thin", style: `--sb-colour: ${ink}; --sb-from: 0` }, html("span", { class: "sb-fill" }));
    const cells = [bar(), bar(), html("data", { class: "sb-value" }), html("data", { class: "sb-value" })];
    const root = html("div", { class: "sb-row", role: "group", "aria-label": `shares of ${name}` },
      html("span", { class: "sb-label", style: `--sb-colour: ${ink}` }, name), cells[2], cells[0], cells[1], cells[3]);
    return { root, cells };
  };
  return {
    root,
    update(state) {
      const { names, plain, within } = state;
      if (shown !== names.join()) {
        shown = names.join();
        made = names.map((name, i) => row(name, tint(state, i)));
        root.replaceChildren(head, ...made.map((each) => each.root));
      }
      made.forEach(({ cells: [left, right, ...texts] }, i) => {
        [[left, plain[i]], [right, within[i]]].forEach(([bar, p], j) => {
          bar.style.setProperty("--sb-to", p);
          setText(texts[j], share(p));
          texts[j].value = String(p);
        });
      });
    },
  };
}

// ── shares with nests over λ ─────────────────────────────────────────────────────────────────

function shareCurves(model, { signal }) {
  const { root, picture, set } = drawing();
  const invert = { now: null };
  picture.classList.add("sb-grab");
  draggable(picture, (x) => change(model, { dissimilarity: Number(clamp(invert.now(x, 0)[0], NARROWEST, WIDEST).toFixed(2)) }), signal, ".sb-marker");
  return {
    root,
    update(state) {
      const { names, nested, within, dissimilarity, copied, size, plain } = state;
      const chart = axes({
        x: [0, 1], y: [0, 1], xTicks: [0, 0.5, 1], yTicks: [0, 0.5, 1], xLabel: "nest parameter λ", yLabel: "share with nests",
      });
      invert.now = chart.invert;
      const dashes = (i) => (i < size ? {} : { "stroke-dasharray": "3 4" });
      const together = (shares) => shares[copied] + shares[size];
      set([
        ...chart.shapes,
        line(chart, [dissimilarity, 0], [dissimilarity, 1], { class: "sb-marker" }),
        ...names.map((_, i) => curve(chart, NARROWEST, WIDEST, (scale) => nested(scale)[i], { stroke: tint(state, i), ...dashes(i) }, 80)),
        ...names.map((_, i) => dot(chart, [dissimilarity, within[i]], 5, { style: `fill: ${tint(state, i)}` })),
        ...(copied < 0 ? [] : [
          curve(chart, NARROWEST, WIDEST, (scale) => together(nested(scale)), { class: "sb-path" }, 80),
          dot(chart, [dissimilarity, together(within)], 5),
        ]),
      ], `Shares with nests against λ, now ${fixed(dissimilarity)}: ${names.map((name, i) => `${name} ${share(within[i])}`).join(", ")}. At λ = 1 they are those of softmax.`,
      copied < 0 ? "Nothing stands beside its like, so λ moves nothing. Offer a copy."
        : `Dashed: ${names[copied]} and its copy together, from ${percent(together(nested(NARROWEST)))} on the left to softmax's ${percent(together(plain))} on the right. Drag the upright line.`);
    },
  };
}

// ── which ratios stay ────────────────────────────────────────────────────────────────────────

function ratios() {
  const heads = ["ratio", "no copy", "softmax", "nests"].map((text) => html("th", { scope: "col" }, text));
  const body = html("tbody");
  const verdict = html("p", { class: "sb-says" });
  return {
    root: html("div", { class: "sb-below" },
      scrollable("Ratios of shares without and with the copy", html("table", { class: "sb-tight sb-ratios" }, html("thead", {}, html("tr", {}, ...heads)), body)), verdict),
    update(state) {
      const found = pairs(state);
      const cell = (ratio, kept) => html("td", { class: kept ? false : "sb-moved-ratio" },
        html("data", { value: String(ratio) }, format(ratio)), kept ? "" : " ≠");
      body.replaceChildren(...found.map(({ i, j, before, after, kept }) => html("tr", {},
        html("th", { scope: "row" }, `${letter(i)} : ${letter(j)}`), cell(before, true), ...after.map((ratio, m) => cell(ratio, kept[m])))));
      const moved = found.filter(({ kept }) => !kept[1]).map(({ i, j }) => `${letter(i)} : ${letter(j)}`);
      setText(verdict, state.copied < 0 ? "No copy, nothing to compare."
        : `Softmax keeps ${found.every(({ kept }) => kept[0]) ? "every ratio" : "some ratios"}. With nests ${moved.length ? `${moved.join(" and ")} moved` : "every ratio stays too"}.`);
    },
  };
}

// ── the inclusive value with its current numbers ─────────────────────────────────────────────

function formula() {
  const [value, fraction] = [html("p", { class: "sb-formula" }), html("p", { class: "sb-formula" })];
  return {
    root: html("div", {}, value, fraction),
    update({ copied, size, utilities, dissimilarity, values, within, names }) {
      if (copied < 0) {
        value.replaceChildren(...written`Each nest holds one alternative, and λ · log ${power(symbols("u ÷ λ"))} = u: the two models agree.`);
        fraction.replaceChildren();
        return;
      }
      const members = [copied, size];
      value.replaceChildren(...written`value of the nest {${names[copied]}, ${names[size]}} = λ · log Σ ${power(symbols("u ÷ λ"))}`,
        ` = ${fixed(dissimilarity)} · log(`, ...members.flatMap((i, k) => [k ? " + " : "", ...power(fixed(utilities[i] / dissimilarity))]), `) = `,
        html("data", { value: String(values[copied]) }, fixed(values[copied])));
      const together = within[copied] + within[size];
      fraction.replaceChildren(...written`p(nest) = ${power(fixed(values[copied]))} ÷ (${values.flatMap((v, k) => [k ? " + " : "", ...power(fixed(v))])}) = `,
        html("data", { value: String(together) }, share(together)));
    },
  };
}

export default { render };
