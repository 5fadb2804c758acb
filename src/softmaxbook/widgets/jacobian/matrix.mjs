// The Jacobian as a grid of entries to walk through, the derivation of one entry in current numbers,
// and what the eigenvalues say.

import { clamp, fixed, format, range } from "../numerics/numbers.mjs";
import { nudge, sum } from "../numerics/softmax.mjs";
import { colour } from "../parts/classes.mjs";
import { formula, html, setSymbols, setText, symbols } from "../parts/ui.mjs";

const STEP = 0.01;

// p with the index B, in the colour of the class.
export function symbol(quantity, name, i) {
  return html("span", { class: "sb-symbol", style: `color: ${colour(i)}` }, html("i", {}, quantity), html("sub", {}, name));
}

export const signed = (value) => (value > 0 ? `+${format(value)}` : format(value));

// At most six characters, so that six entries fit beside each other on a phone.
function short(value) {
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size < 5e-4) return "≈ 0"; // the signs are seen, and the chosen entry is written out below
  const decimals = size < 1 ? 3 : clamp(2 - Math.floor(Math.log10(size)), 0, 2);
  return (value > 0 ? "+" : "−") + size.toFixed(decimals);
}

// Rounding leaves about 1e-17 of a sum that is 0.
const total = (values) => (Math.abs(sum(values)) < 1e-12 * Math.max(1, ...values) ? "0" : format(sum(values)));

// Which entry is shown: the one under the mouse, or else the one that was clicked or focused.
export function entryChoice(pinned, update) {
  let hovered = null;
  return {
    pin(row, column) {
      [pinned, hovered] = [{ row, column }, null];
      update();
    },
    hover(entry) {
      hovered = entry;
      update();
    },
    // Of a matrix of this size: classes may have been removed since.
    at(size) {
      const held = (entry) => ({ row: Math.min(entry.row, size - 1), column: Math.min(entry.column, size - 1) });
      pinned = held(pinned);
      return { pinned, shown: held(hovered ?? pinned) };
    },
  };
}

// ── the heat map ─────────────────────────────────────────────────────────────────────────────

export function heatMap(choice, signal) {
  const grid = html("div", { class: "sb-heat", role: "grid", "aria-label": "Jacobian: p in rows, z in columns" });
  let names = [];
  let cells = [];
  let sums = [];

  function entry(row, column) {
    const cell = html("div", { class: "sb-entry", role: "gridcell", tabindex: "-1" });
    const on = (event, listener) => cell.addEventListener(event, listener, { signal });
    on("focus", () => choice.pin(row, column));
    on("click", () => cell.focus());
    on("pointerenter", (event) => event.pointerType === "mouse" && choice.hover({ row, column }));
    return cell;
  }

  function build() {
    const header = (role, quantity, i) => html("div", { class: "sb-heading", role }, symbol(quantity, names[i], i));
    const totals = names.map(() => html("div", { class: "sb-sum", role: "gridcell" }));
    const below = names.map(() => html("div", { class: "sb-sum", role: "gridcell" }));
    cells = names.map((_, i) => names.map((_, j) => entry(i, j)));
    sums = { rows: totals, columns: below };
    const line = (...children) => html("div", { role: "row" }, ...children);
    const corner = () => html("div", { class: "sb-sum", role: "columnheader", "aria-label": "sum" }, "Σ");
    grid.style.setProperty("--size", names.length);
    grid.classList.toggle("sb-dense", names.length > 4);
    grid.replaceChildren(
      line(html("div", { class: "sb-sum", role: "columnheader" }, ...symbols("J")),
        ...names.map((_, j) => header("columnheader", "z", j)), corner()),
      ...names.map((_, i) => line(header("rowheader", "p", i), ...cells[i], totals[i])),
      line(html("div", { class: "sb-sum", role: "rowheader", "aria-label": "sum" }, "Σ"), ...below,
        html("div", { role: "gridcell", "aria-label": "empty" })),
    );
  }

  function walk(event) {
    const { row, column } = choice.at(names.length).pinned;
    const last = names.length - 1;
    const far = event.ctrlKey || event.metaKey;
    const target = {
      ArrowUp: [row - 1, column], ArrowDown: [row + 1, column],
      ArrowLeft: [row, column - 1], ArrowRight: [row, column + 1],
      Home: [far ? 0 : row, 0], End: [far ? last : row, last],
    }[event.key];
    if (!target) return;
    event.preventDefault();
    cells[clamp(target[0], 0, last)][clamp(target[1], 0, last)].focus();
  }
  grid.addEventListener("keydown", walk, { signal });
  grid.addEventListener("pointerleave", () => choice.hover(null), { signal });

  function update(state) {
    if (names.join() !== state.names.join()) {
      names = state.names;
      build();
    }
    const { pinned, shown } = state.entry;
    grid.style.setProperty("--row", colour(shown.row));
    grid.style.setProperty("--column", colour(shown.column));
    state.matrix.forEach((row, i) => row.forEach((value, j) => {
      const cell = cells[i][j];
      const chosen = pinned.row === i && pinned.column === j;
      setText(cell, short(value));
      // Not relative to the largest entry: T must be seen to scale them all.
      cell.style.setProperty("--strength", (Math.abs(value) / (Math.abs(value) + 0.1)).toFixed(3));
      cell.setAttribute("aria-label", `p ${names[i]} by z ${names[j]}: ${signed(value)}`);
      cell.setAttribute("aria-selected", String(chosen));
      cell.tabIndex = chosen ? 0 : -1;
      cell.classList.toggle("sb-negative", value < 0);
      cell.classList.toggle("sb-in-row", shown.row === i);
      cell.classList.toggle("sb-in-column", shown.column === j);
    }));
    range(names.length).forEach((i) => {
      setText(sums.rows[i], total(state.matrix[i]));
      setText(sums.columns[i], total(state.matrix.map((row) => row[i])));
    });
  }

  const root = html("div", {},
    html("p", { class: "sb-note" }, ...formula`J = (diag(p) − p p${html("sup", {}, "⊤")}) / T. `, "Each column is the answer of all probabilities ",
      "to one logit that rises. ", html("b", {}, "Choose an entry.")),
    grid);
  return { root, update };
}

// ── one entry, derived ───────────────────────────────────────────────────────────────────────

export function derivation() {
  const lines = range(3).map(() => html("div"));
  const words = html("p");
  const root = html("div", {},
    html("div", { class: "sb-card" }, html("div", { class: "sb-equation" }, ...lines), words),
    html("p", { class: "sb-note" }, "Columns sum to 0: what one class gains, the others lose. ",
      "Rows sum to 0: raising all logits together changes nothing."));
  return {
    root,
    update({ names, probabilities: p, temperature, matrix, logits, entry: { shown: { row, column } } }) {
      const [pi, pj] = [symbol("p", names[row], row), symbol("p", names[column], column)];
      const z = () => symbol("z", names[column], column);
      const T = format(temperature);
      const own = row === column;
      const others = sum(p.filter((_, i) => i !== row));
      lines[0].replaceChildren("∂", pi.cloneNode(true), " / ∂", z(),
        ...(own ? formula` = ${pi} (1 − ${pj}) / T` : formula` = −${pi} · ${pj} / T`));
      setText(lines[1], `= ${own ? "" : "−"}${format(p[row])} · ${format(own ? others : p[column])} / ${T}`);
      lines[2].replaceChildren("= ", html("b", {}, signed(matrix[row][column])));
      words.replaceChildren("Raise ", z(), ` by ${STEP}: `, pi.cloneNode(true),
        ...answer(matrix[row][column], nudge(logits, column, STEP, temperature)[row]));
    },
  };
}

function answer(slope, change) {
  if (slope === 0) return [" does not move. In float64 softmax is flat here."];
  const verb = slope > 0 ? "rises" : "falls";
  const [estimate, truth] = [slope * STEP, change].map((value) => format(Math.abs(value)));
  return [` ${verb} by about ${estimate}. Softmax itself, computed again, says ${truth}.`];
}

// The same in plain words, for the summary.
export function entryInWords({ names, matrix, entry: { shown: { row, column } } }) {
  return `p of ${names[row]} changes by ${signed(matrix[row][column])} per unit of z of ${names[column]}.`;
}

// ── eigenvalues, trace, rank, saturation ─────────────────────────────────────────────────────

// The bound ½ / T stands a little before the end of the bars.
const BOUND_AT = 0.88;

const LEVELS = [
  [0.9, "As sensitive as softmax gets", "two classes share nearly everything"],
  [0.3, "Sensitive", "logits move the probabilities"],
  [0.03, "Stiff", "one class dominates"],
  [1e-3, "Nearly saturated", "logits hardly move anything"],
  [Number.MIN_VALUE, "Saturated", "logits move next to nothing"],
  [0, "Saturated", "no logit moves anything"],
];

export function sensitivity({ values }, temperature) {
  const share = values[0] * 2 * temperature;
  const [, name, meaning] = LEVELS.find(([from]) => share >= from);
  return { share, name, meaning };
}

export function spectrum() {
  const bars = html("div", { class: "sb-spectrum" });
  const bound = html("span", { class: "sb-bound-label" });
  const [level, verdict] = [html("b"), html("span")];
  const facts = ["largest entry", "trace", "rank"].map((what) => {
    const [value, why] = [html("td"), html("td")];
    return { value, why, row: html("tr", {}, html("th", { scope: "row" }, what), value, why) };
  });
  const root = html("div", { class: "sb-columns sb-wide-left" },
    html("div", {}, html("p", { class: "sb-note" }, ...symbols("Eigenvalues of J: how strongly it answers, direction by direction."), " Along (1,\u00a0…,\u00a01) it never does."),
      html("div", { class: "sb-spectrum" }, html("div", { "aria-hidden": "true" }, html("span"), html("span", {}, bound))), bars),
    html("div", {}, html("p", { class: "sb-verdict" }, level, verdict),
      html("table", { class: "sb-facts" }, html("tbody", {}, ...facts.map((fact) => fact.row)))));
  let rows = [];

  function build(size) {
    rows = range(size).map((i) => {
      const bar = html("div", { class: "sb-bar sb-thin", style: "--sb-colour: var(--sb-accent); --sb-from: 0" },
        html("span", { class: "sb-fill" }), html("span", { class: "sb-bound" }));
      const value = html("span", { class: "sb-value" });
      return { bar, value, root: html("div", {}, html("span", { class: "sb-name" }, ...symbols("λ"), html("sub", {}, i + 1)), bar, value) };
    });
    bars.replaceChildren(...rows.map((row) => row.root));
  }

  return {
    root,
    update({ eigen, matrix, probabilities: p, temperature }) {
      if (rows.length !== p.length) build(p.length);
      setSymbols(bound, `½ / T = ${format(0.5 / temperature)}`);
      eigen.values.forEach((value, i) => {
        rows[i].bar.style.setProperty("--sb-to", clamp(value * 2 * temperature, 0, 1) * BOUND_AT);
        setText(rows[i].value, eigenvalueText(eigen.values, i));
      });
      const { share, name, meaning } = sensitivity(eigen, temperature);
      setText(level, `${name}:`);
      setText(verdict, ` ${meaning}. The largest eigenvalue is ${percent(share)} of its bound.`);
      const alive = p.filter((share) => share > 0).length;
      const texts = [
        [format(Math.max(...matrix.flat())), "at most ¼ / T"],
        [format(sum(matrix.map((row, i) => row[i]))), "the sum of all λ"],
        [String(alive - 1), alive === p.length ? "K − 1" : "K − 1 until some p round to 0"],
      ];
      facts.forEach((fact, i) => [fact.value, fact.why].forEach((cell, j) => setSymbols(cell, texts[i][j])));
    },
  };
}

// The last one is 0 exactly; others far below the first are lost in the rounding of the sums.
function eigenvalueText(values, i) {
  if (i === values.length - 1 || values[0] === 0) return "0";
  return values[i] < 1e-14 * values[0] ? "≈ 0" : format(values[i]);
}

function percent(share) {
  return share < 0.001 ? `${format(100 * share)} %` : `${fixed(100 * share, 1)} %`;
}
