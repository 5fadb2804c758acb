// Three ways to decide among three classes: drag points, see every model fitted anew.

import { ask, fitAll, judge, METHODS } from "../numerics/fitting.mjs";
import { format, pythonList, pythonNumber, range } from "../numerics/numbers.mjs";
import { LIMIT, regions } from "../numerics/regions.mjs";
import { letter } from "../parts/classes.mjs";
import { button, change, choice, frame, html, live, logSlider, numberField, segments, setText } from "../parts/ui.mjs";
import { GLYPHS, LEVELS, panel } from "./panel.mjs";
import { editor, inWords, nameOf, PROBE } from "./points.mjs";
import { answerTable, comparison, nameIn, percent, saying, TITLES, undecidedShare } from "./words.mjs";

const TRAITS = ["points", "penalty", "probe", "presets"];
const MOVED = TRAITS.slice(0, 3);
const [MIN_PENALTY, MAX_PENALTY] = [1e-4, 1e3];

function render({ model, el }) {
  const initial = Object.fromEntries(MOVED.map((name) => [name, model.get(name)]));
  const compute = computer(model);
  const ui = frame(el, {
    name: "Three ways to decide among three classes",
    words: () => import("./spoken.mjs"), plays: true,
    reset: () => {
      edit.reset();
      change(model, initial);
      update();
    },
    python: () => asPython(model),
  });
  const edit = editor(model, ui, () => update());
  const parts = [controls(model, edit, ui), methods(edit, ui), chosenPoint(edit, ui), comparison()];
  ui.body.append(...parts.map((part) => part.root), edit.spoken);

  const now = () => ({ ...compute(), selection: edit.current() });
  const update = live(model, TRAITS, ui, { parts, compute: now, summarise: summary });
  return ui.cleanUp;
}

const forMethods = (value) => Object.fromEntries(METHODS.map((method) => [method, value(method)]));

// Everything is fitted anew when a point or the penalty moved; a new probe asks the models that are there.
function computer(model) {
  let fit = {};
  return () => {
    const [points, penalty, probe] = MOVED.map((name) => model.get(name));
    if (fit.points !== points || fit.penalty !== penalty) {
      const fitted = fitAll(points, penalty);
      fit = {
        points, penalty, fitted,
        verdicts: forMethods((method) => judge(method, fitted)),
        regions: forMethods((method) => regions(method, fitted)),
      };
    }
    const answers = forMethods((method) => ask(method, fit.fitted, ...probe));
    return { ...fit, probe, presets: model.get("presets"), answers };
  };
}

// ── in words ─────────────────────────────────────────────────────────────────────────────────

// Classes that a method predicts nowhere on the plane, although they have points.
function losers(method, { fitted, regions: found }) {
  const winners = new Set(found[method].won.map(({ winner }) => winner));
  return range(fitted.classes.length).filter((k) => !winners.has(k)).map(nameIn(fitted));
}

function summary(state) {
  const { points, penalty, probe, fitted, answers } = state;
  const name = nameIn(fitted);
  const verdict = (method) => {
    const { winner, p, undecided } = answers[method];
    return `${TITLES[method]}: ${name(winner)}, ${percent(p[winner])}${undecided ? ", undecided" : ""}`;
  };
  const nowhere = METHODS.flatMap((method) => losers(method, state).map((loser) => `${TITLES[method]} predicts ${loser} nowhere.`));
  const parts = [
    `${points.length} points, penalty ${format(penalty, 2)}.`,
    `At ${inWords(probe)}: ${METHODS.map(verdict).join("; ")}.`,
    `Undecided on ${percent(undecidedShare(state.regions.rest))} of the plane one-vs-rest, on ${percent(undecidedShare(state.regions.ones))} one-vs-one.`,
    ...nowhere,
  ];
  return parts.join(" ");
}

function asPython(model) {
  const [points, penalty, probe] = MOVED.map((name) => model.get(name));
  return [
    "import softmaxbook as sb",
    "",
    `features = [${points.map(([x, y]) => pythonList([x, y])).join(", ")}]`,
    `labels = list("${points.map(([, , k]) => letter(k)).join("")}")`,
    `options = {"penalty": ${pythonNumber(penalty)}, "tolerance": 1e-10}`,
    "for kind in sb.SoftmaxRegression, sb.OneVsRest, sb.OneVsOne:",
    "    model = kind(**options).fit(features, labels)",
    `    p = model.predict_proba([${pythonList(probe)}])[0]`,
    "    print(kind.__name__, model.classes_, p.round(3), model.score(features, labels))",
  ].join("\n");
}

// ── preset, penalty, what a press does ───────────────────────────────────────────────────────

function controls(model, edit, { signal }) {
  const named = Object.fromEntries(Object.keys(model.get("presets")).map((name) => [name, name]));
  const preset = choice({
    name: "points", options: { "": "own points", ...named }, signal,
    onChange: (name) => name && change(model, { ...model.get("presets")[name] }),
  });
  preset.select.options[0].disabled = true;
  const penalty = logSlider({
    name: "penalty λ", hint: "the weight of the squared coefficients beside the sum of the losses",
    min: MIN_PENALTY, max: MAX_PENALTY, digits: 2, places: 140, signal,
    onInput: (value) => change(model, { penalty: value }), describe: (value) => format(value, 2),
  });
  const press = segments({
    name: "a press", signal, onChange: edit.setPress,
    options: { move: "moves", ...Object.fromEntries(GLYPHS.map((glyph, k) => [letter(k), `adds ${glyph} ${letter(k)}`])), remove: "removes" },
  });
  const same = (state) => ([, { points }]) => JSON.stringify(points) === JSON.stringify(state.points);
  return {
    root: html("div", { class: "sb-controls" }, preset.root, penalty.root, press.root),
    update(state) {
      preset.set(Object.entries(state.presets).find(same(state))?.[0] ?? "");
      penalty.set(state.penalty);
      press.set(state.selection.press);
    },
  };
}

// ── three panels beside each other ───────────────────────────────────────────────────────────

function methods(edit, { signal }) {
  const columns = METHODS.map((method) => column(method, edit, signal));
  const planes = columns.map(({ plane }) => plane);
  const stop = (chosen) => planes.forEach((plane) => plane.setAttribute("tabindex", plane === chosen ? 0 : -1));
  planes.forEach((plane) => plane.addEventListener("focus", () => stop(plane), { signal }));
  stop(planes[0]);
  const levels = LEVELS.map(String).join(" and above ");
  return {
    root: html("div", {},
      html("div", { class: "sb-methods" }, ...columns.map(({ root }) => root)),
      html("p", { class: "sb-note" }, `Colour: the class that is predicted, deeper where its probability is above ${levels}. `,
        "Hatched: the two-class models name no class, or several. Dashed: where one of them changes its mind. ",
        "Circled: points that are predicted wrongly. The tables say what the models make of the place at ◆."),
      html("p", { class: "sb-note sb-keys noprint" }, "By keyboard: arrows choose, Enter picks up and puts down, arrows then move, ",
        "A B C add at the diamond, Delete removes.")),
    update: (state) => columns.forEach((each) => each.update(state)),
  };
}

function column(method, edit, signal) {
  const drawing = panel(method, TITLES[method], edit, signal);
  const words = html("p", { class: "sb-says" });
  const asked = answerTable(method);
  const root = html("div", { class: "sb-method", role: "group", "aria-label": TITLES[method] },
    html("p", { class: "sb-title" }, TITLES[method]), drawing.root, asked.root, words);
  return {
    root, plane: drawing.root,
    update(state) {
      drawing.update(state);
      asked.update(state);
      setText(words, saying(method, state));
    },
  };
}

// ── the chosen point, in numbers ─────────────────────────────────────────────────────────────

function chosenPoint(edit, { say, signal }) {
  const select = html("select");
  const label = html("label", { class: "sb-choice" }, html("span", { class: "sb-name" }, "chosen"), select);
  select.addEventListener("change", () => edit.choose(Number(select.value)), { signal });
  const put = (axis) => (value) => {
    const { chosen } = edit.current();
    edit.put(chosen, ...edit.placeOf(chosen).map((old, i) => (i === axis ? value : old)));
  };
  const fields = ["x", "y"].map((name, axis) => numberField({
    name: `${name} of the chosen point`, min: -LIMIT, max: LIMIT, onValue: put(axis), say, signal,
  }));
  const remove = button("remove", () => edit.remove(edit.current().chosen), signal);
  const name = (text) => html("span", { class: "sb-name", "aria-hidden": "true" }, text);
  const place = html("span", { class: "sb-place" }, name("x"), fields[0].root, name("y"), fields[1].root);
  let shown = "";
  return {
    root: html("div", { class: "sb-controls sb-chosen-point" }, label, place, remove),
    update({ points, selection: { chosen } }) {
      const classes = points.map(([, , k]) => k).join();
      if (shown !== classes) {
        shown = classes;
        const option = (index) => html("option", { value: index }, index === PROBE ? "◆ probe" : `${GLYPHS[points[index][2]]} ${nameOf(points, index)}`);
        select.replaceChildren(option(PROBE), ...points.map((_, i) => option(i)));
      }
      select.value = chosen;
      edit.placeOf(chosen).forEach((value, axis) => fields[axis].set(value));
      remove.disabled = chosen === PROBE;
    },
  };
}

export default { render };
