// Three answers to one question, over three classes: move one, and see what the means make of all.

import { meanOfLogits, meanOfProbabilities, votes } from "../numerics/ensembles.mjs";
import { format, positive, pythonList, range } from "../numerics/numbers.mjs";
import { softmax, sum } from "../numerics/softmax.mjs";
import { points } from "../parts/chart.mjs";
import { classRows, colour, letter, LOGIT_LIMIT } from "../parts/classes.mjs";
import { logitsAt, onTriangle, SIZE, triangle } from "../parts/triangle.mjs";
import { change, draggable, frame, html, live, scrollable, segments, setCaption, svg } from "../parts/ui.mjs";

const TRAITS = ["first", "second", "third", "chosen", "label"];
const MEMBERS = TRAITS.slice(0, 3);
const NAMES = range(3).map(letter);

function render({ model, el }) {
  const initial = Object.fromEntries(TRAITS.map((name) => [name, model.get(name)]));
  const ui = frame(el, {
    name: "Three answers and their means",
    words: () => import("./spoken.mjs"), plays: true,
    reset: () => change(model, initial),
    python: () => asPython(compute(model)),
  });
  const parts = [controls(model, ui), logitRows(model, ui), picture(model, ui), table()];
  const [top, rows, figure, shares] = parts.map((part) => part.root);
  ui.body.append(top, rows, html("div", { class: "sb-columns" }, figure, shares));

  live(model, TRAITS, ui, { parts, compute, summarise: inWords });
  return ui.cleanUp;
}

function compute(model) {
  const members = MEMBERS.map((name) => model.get(name));
  const right = NAMES.indexOf(model.get("label"));
  const each = members.map((logits) => softmax(logits));
  const loss = (p) => -Math.log(p[right]);
  const rows = [
    ...each.map((p, i) => ({ name: `member ${i + 1}`, p })),
    { name: "■ mean of probabilities", p: meanOfProbabilities(members) },
    { name: "◆ mean of logits", p: meanOfLogits(members) },
    { name: "votes", p: votes(members) },
  ].map((row) => ({ ...row, loss: loss(row.p) }));
  return {
    members, each, rows, right, chosen: model.get("chosen"),
    meanLoss: sum(rows.slice(0, 3).map((row) => row.loss)) / 3,
  };
}

const first = (p) => NAMES[p.indexOf(Math.max(...p))];

function inWords({ rows, meanLoss }) {
  const [probabilities, logits, counted] = rows.slice(3);
  const answers = [probabilities, logits].map(({ name, p }) => `the ${name.slice(2)} says ${first(p)}, with a share of ${positive(Math.max(...p))}`);
  const most = Math.max(...counted.p);
  const voted = counted.p.filter((share) => share === most).length > 1 ? "the votes are tied" : `the votes are for ${first(counted.p)}`;
  return `${answers.join("; ")}; ${voted}. The members' mean loss is ${format(meanLoss)} nats, that of the means ${format(probabilities.loss)} and ${format(logits.loss)}.`
    .replace(/^t/, "T");
}

function asPython({ members, right }) {
  return [
    "import numpy as np",
    "from softmaxbook.learning.ensembles import mean_of_logits, mean_of_probabilities, votes",
    "",
    `logits = np.array([[${members.map(pythonList).join("], [")}]])`,
    "for answer in (mean_of_probabilities, mean_of_logits, votes):",
    "    shares = answer(logits)[0]",
    `    print(answer.__name__, shares, shares[${right}])`,
  ].join("\n");
}

// ── which member is moved, and which class is right ──────────────────────────────────────────

function controls(model, { signal }) {
  const chosen = segments({
    name: "move member", options: { 1: "1", 2: "2", 3: "3" }, signal, onChange: (value) => change(model, { chosen: Number(value) }),
  });
  const label = segments({
    name: "right class", options: Object.fromEntries(NAMES.map((name) => [name, name])), signal, onChange: (value) => change(model, { label: value }),
  });
  return {
    root: html("div", { class: "sb-controls" }, chosen.root, label.root),
    update(state) {
      chosen.set(state.chosen);
      label.set(NAMES[state.right]);
    },
  };
}

function logitRows(model, { signal, say }) {
  const own = () => MEMBERS[model.get("chosen") - 1];
  const { root, update } = classRows({
    heads: ["class", "logit z", "drag z", "its answer", "p"], quantity: (name) => `logit of ${name}`,
    put: (i, value) => change(model, { [own()]: model.get(own()).map((z, j) => (i === j ? value : z)) }),
    say, signal,
  });
  return {
    root,
    update({ members, each, chosen }) {
      const p = each[chosen - 1];
      update(NAMES, members[chosen - 1], p.map((x) => [0, x]), p.map((x) => format(x, x < 1e-3 ? 2 : 3)));
    },
  };
}

// ── the triangle ─────────────────────────────────────────────────────────────────────────────

function picture(model, { signal }) {
  const root = svg("svg", { class: "sb-picture sb-grab", viewBox: `0 0 ${SIZE.width} ${SIZE.height}`, role: "img" });
  const caption = html("figcaption");
  draggable(root, (x, y) => {
    const name = MEMBERS[model.get("chosen") - 1];
    change(model, { [name]: logitsAt(x, y, { logits: model.get(name), temperature: 1 }, LOGIT_LIMIT) });
  }, signal, ".sb-ring");
  const numbered = ([x, y], number, chosen) => [
    svg("circle", { cx: x, cy: y, r: 10, class: "sb-dot" }),
    svg("text", { x, y: y + 4, class: "sb-inside", "text-anchor": "middle" }, String(number)),
    ...(chosen ? [svg("circle", { cx: x, cy: y, r: 12, class: "sb-ring" })] : []),
  ];
  const square = ([x, y]) => svg("rect", { x: x - 6, y: y - 6, width: 12, height: 12, class: "sb-relative" });
  const diamond = ([x, y]) => svg("polygon", { points: points([[x, y - 8], [x + 8, y], [x, y + 8], [x - 8, y]]), class: "sb-relative" });
  return {
    root: html("figure", {}, root, caption),
    update({ each, rows, chosen }) {
      root.replaceChildren(
        ...triangle(NAMES),
        ...each.flatMap((p, i) => numbered(onTriangle(p), i + 1, i + 1 === chosen)),
        diamond(onTriangle(rows[4].p)), square(onTriangle(rows[3].p)),
      );
      root.setAttribute("aria-label", `The triangle of three classes. ${rows.slice(0, 5)
        .map(({ name, p }) => `${name}: ${NAMES.map((n, k) => `${n} ${positive(p[k])}`).join(", ")}`).join("; ")}.`);
      setCaption(caption, `1, 2, 3: the members; ■ the mean of their probabilities, ◆ of their logits. Drag to move member ${chosen}.`);
    },
  };
}

// ── the shares ───────────────────────────────────────────────────────────────────────────────

function table() {
  const body = html("tbody");
  const heads = ["answer", ...NAMES, "loss"].map((name, i) =>
    html("th", { scope: "col", style: i > 0 && i < 4 && `color: ${colour(i - 1)}` }, name));
  return {
    root: scrollable("Shares and losses", html("table", { class: "sb-tight" }, html("thead", {}, html("tr", {}, ...heads)), body)),
    update({ rows }) {
      body.replaceChildren(...rows.map(({ name, p, loss }) => html("tr", {},
        html("th", { scope: "row" }, name),
        ...p.map((x) => html("td", {}, html("data", { value: String(x) }, positive(x)))),
        html("td", {}, html("data", { value: String(loss) }, positive(loss))))));
    },
  };
}

export default { render };
