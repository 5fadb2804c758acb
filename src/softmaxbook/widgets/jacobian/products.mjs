// The Jacobian at work: a tangent on the logits is pushed forward, a cotangent on the probabilities
// is pulled back, and for three classes the push is an arrow in the triangle.

import { fixed, format, range } from "../numerics/numbers.mjs";
import { dot, jvp, softmax, vjp } from "../numerics/softmax.mjs";
import { arrowShapes, points } from "../parts/chart.mjs";
import { classRows, LOGIT_LIMIT } from "../parts/classes.mjs";
import { logitsAt, onTriangle, SIZE, triangle } from "../parts/triangle.mjs";
import { button, change, draggable, formula, html, setCaption, setSymbols, setText, svg, symbols } from "../parts/ui.mjs";
import { signed, symbol } from "./matrix.mjs";

const REACH = 2;

export function products(model, ui, refresh) {
  const forward = product(TANGENT, model, ui, refresh);
  const backward = product(COTANGENT, model, ui, refresh);
  const picture = arrow(model, ui);
  const agreement = html("p", { class: "sb-formula" });
  const root = html("details", { class: "sb-details" },
    html("summary", {}, ...symbols("Push a tangent through J, pull a cotangent back")),
    html("div", { class: "sb-body" },
      html("p", {}, ...symbols("If the logits move with the velocity v, the probabilities move with the velocity J v.")),
      forward.controls, html("div", { class: "sb-columns" }, picture.root, forward.text),
      html("p", {}, ...symbols("If a loss changes by u with each probability, it changes by Jᵀ u with each logit.")),
      backward.controls, backward.text, agreement));
  return {
    root,
    begin() {
      for (const each of [forward, backward]) each.begin();
    },
    update(state) {
      const { logits, temperature, tangent, cotangent } = state;
      const pushed = jvp(logits, relative(tangent, state), temperature);
      const pulled = vjp(logits, relative(cotangent, state), temperature);
      forward.update(state, tangent, pushed);
      backward.update(state, cotangent, pulled);
      picture.update(state, pushed);
      const [left, right] = [inner(cotangent, pushed), inner(pulled, tangent)].map((value) => format(value));
      agreement.replaceChildren(...formula`Two ways to one number: ⟨u, J v⟩ = ${left} and ⟨Jᵀ u, v⟩ = ${right}.`);
    },
  };
}

// What rounding leaves of a sum that is 0 is shown as 0.
function inner(a, b) {
  const total = dot(a, b);
  return Math.abs(total) < 1e-12 * Math.max(...a.map((value, i) => Math.abs(value * b[i]))) ? 0 : total;
}

// Measured from the most probable class. A common shift changes no product with J, and this one keeps
// vector − mean from cancelling where a single class has nearly everything.
function relative(vector, { probabilities }) {
  const top = probabilities.indexOf(Math.max(...probabilities));
  return vector.map((value) => value - vector[top]);
}

// ── one product: presets, rows, the formula in current numbers, a remark ─────────────────────

const unit = (size, i, value = 1) => range(size).map((j) => (i === j ? value : 0));

const TANGENT = {
  trait: "tangent", letter: "v", result: "J v", remark: onTangent,
  presets: [
    [({ names, entry }) => `z(${names[entry.pinned.column]}) alone`, ({ names, entry }) => unit(names.length, entry.pinned.column)],
    [() => "all logits alike", ({ names }) => names.map(() => 1)],
    [() => "strongest direction", ({ eigen }) => scaled(eigen.vectors[0])],
  ],
};

const COTANGENT = {
  trait: "cotangent", letter: "u", result: "Jᵀ u", remark: onCotangent,
  presets: [
    [({ names, entry }) => `p(${names[entry.pinned.row]}) alone`, ({ names, entry }) => unit(names.length, entry.pinned.row)],
    [({ names, entry }) => `loss −log p(${names[entry.pinned.row]})`, lossSlope],
    [() => "u = v", ({ tangent }) => tangent],
  ],
};

// The largest entry 1.
function scaled(vector) {
  const largest = vector.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a));
  return vector.map((value) => value / largest);
}

function lossSlope({ names, probabilities, entry: { pinned } }) {
  return unit(names.length, pinned.row, -1 / probabilities[pinned.row]);
}

function product({ trait, letter, result, presets, remark }, model, { say, signal }, refresh) {
  let state;
  let chosen = 0;
  const rows = classRows({
    heads: ["class", letter, `drag ${letter}`, result, ""], quantity: (name) => `${trait} of ${name}`, limit: REACH,
    put: (i, value) => change(model, { [trait]: state[trait].map((old, j) => (i === j ? value : old)) }),
    choose: (i) => {
      chosen = i;
      refresh();
    },
    say, signal,
  });
  const buttons = presets.map(([, values]) => button("", () => {
    const wanted = values(state);
    if (wanted.every(Number.isFinite)) change(model, { [trait]: wanted });
    else say("This probability rounds to 0 here, and the slope of its logarithm to infinity.");
  }, signal));
  const scale = html("p", { class: "sb-note" });
  const [mean, entry, remarks] = [html("p", { class: "sb-formula" }), html("p", { class: "sb-formula" }), html("p")];
  return {
    controls: html("div", {},
      html("div", { class: "sb-toolbar", role: "group", "aria-label": `set the ${trait}` },
        html("span", { class: "sb-name" }, ...symbols(letter), " ="), ...buttons),
      rows.root, scale),
    text: html("div", {}, mean, entry, remarks),
    begin() {
      chosen = 0;
    },
    update(next, vector, values) {
      state = next;
      chosen = Math.min(chosen, vector.length - 1);
      const full = roundUp(Math.max(...values.map(Math.abs)));
      rows.update(state.names, vector, values.map((value) => [0.5, 0.5 + value / (2 * full)]), values.map(brief));
      setSymbols(scale, `The bars of ${result} reach from −${format(full, 1)} to +${format(full, 1)}.`);
      buttons.forEach((node, i) => setText(node, presets[i][0](state)));
      const { temperature, names, probabilities: p } = state;
      const average = dot(p, vector);
      const terms = vector.map((value, i) => `${format(p[i])} · ${bracketed(value)}`).join(" + ");
      mean.replaceChildren(...formula`Mean: ⟨p, ${symbols(letter)}⟩ = ${terms} = ${format(average)}`);
      const factors = [symbol("p", names[chosen], chosen), " · (", symbol(letter, names[chosen], chosen)];
      const reference = relative(vector, state);
      const ahead = reference[chosen] - dot(p, reference);
      entry.replaceChildren("(", ...symbols(result), ")", html("sub", {}, names[chosen]), " = ", ...factors, ...formula` − ⟨p, ${symbols(letter)}⟩) / T = `,
        `${format(p[chosen])} · ${bracketed(ahead, format)} / ${format(temperature)} = `,
        html("b", {}, signed(values[chosen])));
      setSymbols(remarks, remark(state, vector, values));
    },
  };
}

const bracketed = (value, write = fixed) => (value < 0 ? `(${write(value)})` : write(value));

// Short enough for the end of a row.
function brief(value) {
  const size = Math.abs(value);
  const digits = size < 1e-3 ? 1 : size < 0.1 ? 2 : 3;
  return `${value > 0 ? "+" : value < 0 ? "−" : ""}${format(size, digits)}`;
}

// The next of …, 0.1, 0.2, 0.5, 1, 2, 5, …, so that the scale is easy to say and seldom changes.
function roundUp(size) {
  if (!(size > 1e-300)) return 1;
  const power = 10 ** Math.floor(Math.log10(size));
  return power * [1, 2, 5, 10].find((factor) => factor * power >= size * (1 - 1e-12));
}

// The only class whose entry is not 0, or −1.
const lone = (vector) => (vector.filter((value) => value !== 0).length === 1 ? vector.findIndex((value) => value !== 0) : -1);
const times = (value) => (value === 1 ? "" : `${format(value)} times `);

function onTangent({ names, probabilities }, t, pushed) {
  const only = lone(t);
  if (only >= 0) return `J v is ${times(t[only])}column ${names[only]} of the matrix.`;
  if (t.every((value) => value === t[0])) return "All logits move alike, and no probability moves: J v = 0.";
  const factor = dot(t, pushed) / dot(t, t);
  if (pushed.every((value, i) => Math.abs(value - factor * t[i]) <= 1e-9 * factor)) {
    return `J v is ${format(factor)} times v itself: v is an eigenvector of J.`;
  }
  const mean = dot(probabilities, t);
  const faster = names.filter((_, i) => t[i] > mean).join(", ");
  return `Ahead of the mean ⟨p, v⟩: ${faster}. Their probabilities rise, the others fall.`;
}

function onCotangent({ names, probabilities: p, tangent }, c) {
  const only = lone(c);
  if (only >= 0 && Math.abs(c[only] * p[only] + 1) < 1e-9) {
    const name = names[only];
    return `u is the slope of the loss −log p(${name}), and Jᵀ u is (p − y) / T with y = 1 for ${name}, 0 elsewhere.`;
  }
  if (c.every((value, i) => value === tangent[i])) return "With u = v both products are the same, because J is symmetric.";
  if (only >= 0) return `Jᵀ u is ${times(c[only])}row ${names[only]} of the matrix. J is symmetric, so it is column ${names[only]} too.`;
  return "J is symmetric, so Jᵀ u is J u: the formula of J v, with u for v.";
}

// ── the arrow in the triangle ────────────────────────────────────────────────────────────────

const LONGEST = 130;
const SHORTEST = 5;

function arrow(model, { signal }) {
  let state;
  const drawing = svg("svg", { class: "sb-picture sb-grab", viewBox: `0 0 ${SIZE.width} ${SIZE.height}`, role: "img" });
  const caption = html("figcaption");
  const root = html("figure", {}, drawing, caption);
  draggable(drawing, (x, y) => change(model, { logits: logitsAt(x, y, state, LOGIT_LIMIT) }), signal);
  return {
    root,
    update(next, pushed) {
      state = next;
      root.hidden = state.names.length !== 3;
      if (root.hidden) return;
      const { names, probabilities } = state;
      const tip = onTriangle(pushed);
      const length = Math.hypot(...tip);
      const shown = Math.min(1, LONGEST / length);
      const start = onTriangle(probabilities);
      drawing.replaceChildren(
        ...triangle(names), svg("polyline", { points: points(way(state)), class: "sb-path" }),
        ...(length < SHORTEST ? [] : arrowShapes(start, tip.map((x) => x * shown))),
        svg("circle", { cx: start[0], cy: start[1], r: 7, class: "sb-handle" }));
      const size = length < SHORTEST ? "J v is too short to draw" : shown < 1 ? "The arrow is J v, shortened to fit" : "The arrow is J v";
      setCaption(caption, `The point is p. ${size}. Dashed: where p goes when the logits keep moving along v. Drag the point.`);
      const numbers = names.map((name, i) => `${name} ${signed(pushed[i])}`).join(", ");
      drawing.setAttribute("aria-label", `The triangle of distributions with the arrow J v at p: ${numbers}.`);
    },
  };
}

// p along z + s v, for s so far both ways that the ends lie near the rim.
function way({ logits, tangent, temperature }) {
  const spread = Math.max(...tangent) - Math.min(...tangent);
  if (spread === 0) return [];
  const far = (12 * temperature) / spread;
  return range(121).map((i) => far * (i / 60 - 1))
    .map((s) => onTriangle(softmax(logits.map((z, i) => z + s * tangent[i]), temperature)));
}
