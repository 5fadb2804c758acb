// One row of logits through softmax, entmax and sparsemax on the triangle, and draws by Gumbel noise.

import { fixed, format, pythonList, pythonNumber, range } from "../numerics/numbers.mjs";
import { draws as drawAll, entmax, entmax15, sparsemax } from "../numerics/relatives.mjs";
import { softmax } from "../numerics/softmax.mjs";
import { points } from "../parts/chart.mjs";
import { classRows, colour, letter, LOGIT_LIMIT, temperatureSlider } from "../parts/classes.mjs";
import { logitsAt, onTriangle, SIZE, triangle } from "../parts/triangle.mjs";
import { button, change, checkbox, draggable, frame, html, live, scrollable, setCaption, setSymbols, setText, slider, svg } from "../parts/ui.mjs";

const TRAITS = ["logits", "temperature", "alpha", "relaxed", "draws", "seed", "names"];
const MOST_DRAWS = 2000;
const MOST_ALPHA = 4;

function render({ model, el }) {
  const initial = Object.fromEntries(TRAITS.map((name) => [name, model.get(name)]));
  const ui = frame(el, {
    name: "Relatives of softmax",
    words: () => import("./spoken.mjs"), plays: true,
    reset: () => change(model, initial),
    python: () => asPython(model),
  });
  const parts = [controls(model, ui), logitRows(model, ui), picture(model, ui), maps(), drawing(model, ui), counts()];
  const [top, rows, figure, table, buttons, tally] = parts.map((part) => part.root);
  const side = html("div", {}, table, buttons, tally);
  ui.body.append(top, rows, html("div", { class: "sb-columns sb-wide-left" }, figure, side));

  live(model, TRAITS, ui, { parts, compute, summarise: inWords });
  return ui.cleanUp;
}

// The maps in the order of α: name, mark, dashes of its path, the map.
const MAPS = [
  { name: "softmax", alpha: "1", mark: "●", dash: null, map: softmax },
  { name: "1.5-entmax", alpha: "1.5", mark: "■", dash: "7 4", map: entmax15 },
  { name: "sparsemax", alpha: "2", mark: "◆", dash: "2 3", map: sparsemax },
];

function compute(model) {
  const [logits, temperature, alpha, relaxed, count, seed] = TRAITS.map((name) => model.get(name));
  const points = drawAll(logits, temperature, relaxed, seed, count);
  // T divides only the logits of a hard draw; of a relaxed one it does not change who wins.
  const expected = softmax(logits, relaxed ? 1 : temperature);
  return {
    logits, temperature, alpha, relaxed, count, points, expected,
    names: logits.map((_, i) => model.get("names")[i] ?? letter(i)),
    values: MAPS.map(({ map }) => map(logits, temperature)),
    own: entmax(logits, alpha, temperature),
    won: range(3).map((k) => points.filter((point) => point.won === k).length),
  };
}

const listed = (names, values) => names.map((name, i) => `${name} ${fixed(values[i], 3)}`).join(", ");

function inWords({ names, values, temperature, count, won, expected, relaxed }) {
  const zeros = values.map((p) => p.filter((x) => x === 0).length);
  const maps = MAPS.map(({ name }, i) => `${name} ${listed(names, values[i])}${zeros[i] ? ` (${zeros[i]} exactly 0)` : ""}`);
  const drawn = count === 0 ? "" : ` Of ${count} ${relaxed ? "relaxed " : ""}draws `
    + `${names.map((name, k) => `${name} won ${won[k]}, expected ${fixed(count * expected[k], 1)}`).join("; ")}.`;
  return `At temperature ${format(temperature)}: ${maps.join("; ")}.${drawn}`;
}

function asPython(model) {
  const { logits, temperature, alpha, relaxed, count } = compute(model);
  const T = `temperature=${pythonNumber(temperature)}`;
  const draw = relaxed ? "gumbel_softmax" : "gumbel_max";
  return [
    "import softmaxbook as sb",
    "from softmaxbook.family.sparse import entmax",
    "",
    `logits = ${pythonList(logits)}`,
    ...["softmax", "entmax15", "sparsemax"].map((name) => `print(*sb.${name}(logits, ${T}))`),
    `print(*entmax(logits, ${pythonNumber(alpha)}, ${T}))`,
    ...(count ? ["", "# The figure has noise of its own: the counts differ, and fall the same way.",
      `draws = sb.${draw}(logits, rng=0, n_samples=${count}, ${T})`] : []),
  ].join("\n");
}

// ── temperature and α ────────────────────────────────────────────────────────────────────────

function controls(model, { signal }) {
  const temperature = temperatureSlider(model, signal);
  const alpha = slider({
    name: "α of your own", hint: "1 is softmax, 2 is sparsemax", min: 1, max: MOST_ALPHA, step: 0.01, signal,
    onInput: (value) => change(model, { alpha: value }), describe: (value) => fixed(value),
  });
  return {
    root: html("div", { class: "sb-controls" }, temperature.root, alpha.root),
    update(state) {
      temperature.set(state.temperature);
      alpha.set(state.alpha);
    },
  };
}

function logitRows(model, { signal, say }) {
  const { root, update } = classRows({
    heads: ["class", "logit z", "drag z", "softmax", "p"], quantity: (name) => `logit of ${name}`,
    put: (i, value) => change(model, { logits: model.get("logits").map((z, j) => (i === j ? value : z)) }),
    say, signal,
  });
  return {
    root,
    update: ({ names, logits, values: [p] }) =>
      update(names, logits, p.map((x) => [0, x]), p.map((x) => format(x, x < 1e-3 ? 2 : 3))),
  };
}

// ── the triangle ─────────────────────────────────────────────────────────────────────────────

const TEMPERATURES = range(81).map((i) => 0.02 * 10 ** (i / 20));

function mark({ mark: shape }, [x, y]) {
  const look = { class: "sb-relative" };
  if (shape === "■") return svg("rect", { x: x - 6, y: y - 6, width: 12, height: 12, ...look });
  if (shape === "◆") return svg("polygon", { points: points([[x, y - 8], [x + 8, y], [x, y + 8], [x - 8, y]]), ...look });
  return svg("circle", { cx: x, cy: y, r: 7, ...look });
}

function picture(model, ui) {
  const root = svg("svg", { class: "sb-picture sb-grab", viewBox: `0 0 ${SIZE.width} ${SIZE.height}`, role: "img" });
  const caption = html("figcaption");
  draggable(root, (x, y) => {
    const state = { logits: model.get("logits"), temperature: model.get("temperature") };
    change(model, { logits: logitsAt(x, y, state, LOGIT_LIMIT) });
  }, ui.signal, ".sb-relative, .sb-ring");

  function update({ logits, names, values, own, points: drawn, relaxed, count, won, alpha }) {
    const paths = MAPS.map(({ map, dash }) => svg("polyline", {
      points: points(TEMPERATURES.map((T) => onTriangle(map(logits, T)))),
      class: "sb-way", "stroke-dasharray": dash,
    }));
    // One path of points a class: a point is a line of length 0 with round ends.
    const cloud = !relaxed ? [] : range(3).map((k) => svg("path", {
      d: drawn.filter((each) => each.won === k)
        .map(({ point }) => `M${onTriangle(point).map((at) => at.toFixed(1)).join(" ")}h0`).join(""),
      class: "sb-draws", stroke: colour(k),
    }));
    const [x, y] = onTriangle(own);
    const shapes = [
      ...triangle(names), ...cloud, ...paths,
      ...MAPS.map((each, i) => mark(each, onTriangle(values[i]))).reverse(),
      svg("circle", { cx: x, cy: y, r: 10, class: "sb-ring" }),
    ];
    if (count > 0) {
      const [cx, cy] = onTriangle(won.map((n) => n / count));
      shapes.push(svg("path", { d: `M${cx - 6} ${cy - 6}l12 12m0 -12l-12 12`, class: "sb-tally" }));
    }
    root.replaceChildren(...shapes);
    root.setAttribute("aria-label", `The triangle of three classes with the points of ${MAPS
      .map(({ name }, i) => `${name} at ${listed(names, values[i])}`).join("; ")}.`);
    setCaption(caption, `● softmax, ■ 1.5-entmax, ◆ sparsemax, ○ α = ${fixed(alpha)}; the lines are their ways from the centre, `
      + `T → ∞, to T → 0. ${count > 0 ? "× is the share of draws that each class won. " : ""}Drag to move softmax’s point.`);
  }
  return { root: html("figure", {}, root, caption), update };
}

// ── the numbers of the maps ──────────────────────────────────────────────────────────────────

function maps() {
  const head = html("tr");
  const body = html("tbody");
  const table = html("table", { class: "sb-tight" }, html("thead", {}, head), body);
  const cell = (x) => html("td", { class: x === 0 && "sb-exact-zero" },
    html("data", { value: String(x) }, x === 0 ? "0" : x === 1 ? "1" : fixed(x, 3)));
  return {
    root: scrollable("Probabilities by each map", table),
    update({ names, values, own, alpha }) {
      head.replaceChildren(html("th", { scope: "col" }, "map"),
        ...names.map((name, i) => html("th", { scope: "col", style: `color: ${colour(i)}` }, name)));
      const rows = [...MAPS.map(({ name, mark: sign }, i) => [`${sign} ${name}`, values[i]]), [`○ α = ${fixed(alpha)}`, own]];
      body.replaceChildren(...rows.map(([name, p]) =>
        html("tr", {}, html("th", { scope: "row" }, name), ...p.map(cell))));
    },
  };
}

// ── the draws ────────────────────────────────────────────────────────────────────────────────

function drawing(model, { signal, say }) {
  const add = (n) => () => {
    const count = model.get("draws");
    if (count === MOST_DRAWS) say(`${MOST_DRAWS} draws are shown at most.`);
    else change(model, { draws: Math.min(count + n, MOST_DRAWS) });
  };
  const relaxed = checkbox({ name: "relaxed draws: T divides logits and noise", signal, onChange: (on) => change(model, { relaxed: on }) });
  const buttons = html("div", { class: "sb-starts", role: "group", "aria-label": "draws" },
    html("span", { class: "sb-name" }, "draw"),
    ...[1, 100, 1000].map((n) => button(String(n), add(n), signal, { "aria-label": `draw ${n}` })),
    button("none", () => change(model, { draws: 0 }), signal),
    button("other noise", () => change(model, { seed: (model.get("seed") + 1) % 2 ** 31 }), signal));
  return { root: html("div", {}, buttons, relaxed.root), update: (state) => relaxed.set(state.relaxed) };
}

function counts() {
  const bars = range(3).map((k) => {
    const [name, value] = [html("span", { class: "sb-label", style: `--sb-colour: ${colour(k)}` }), html("span", { class: "sb-value" })];
    const bar = html("div", { class: "sb-bar", style: `--sb-colour: ${colour(k)}; --sb-from: 0` },
      html("span", { class: "sb-fill" }), html("span", { class: "sb-target" }));
    return { name, value, bar, root: html("div", { class: "sb-tally-row" }, name, bar, value) };
  });
  const note = html("p", { class: "sb-note" });
  return {
    root: html("div", { class: "sb-tallies" }, ...bars.map(({ root }) => root), note),
    update({ names, won, count, expected, relaxed, temperature }) {
      bars.forEach(({ name, value, bar }, k) => {
        setText(name, names[k]);
        bar.style.setProperty("--sb-to", count ? won[k] / count : 0);
        bar.style.setProperty("--target", expected[k]);
        value.replaceChildren(html("data", { value: String(won[k]) }, String(won[k])), ` of ${fixed(count * expected[k], 1)}`);
      });
      const spread = Math.max(...expected.map((p) => Math.sqrt(count * p * (1 - p))));
      setSymbols(note, count === 0 ? "Draw: each class gets Gumbel noise of its own, and the largest sum wins."
        : `Won, of how many expected; the lines mark softmax(z${relaxed || temperature === 1 ? "" : " / T"}). Chance moves a count by ${fixed(spread, 1)} or so.`);
    },
  };
}

export default { render };
