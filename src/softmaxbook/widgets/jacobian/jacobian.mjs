// The Jacobian of softmax: point at an entry, see where its number comes from.

import { format, pythonList, pythonNumber } from "../numerics/numbers.mjs";
import { jacobian, softmax, symmetricEigen } from "../numerics/softmax.mjs";
import { classCount, classRows, letter, temperatureSlider } from "../parts/classes.mjs";
import { change, frame, html, live } from "../parts/ui.mjs";
import { derivation, entryChoice, entryInWords, heatMap, sensitivity, spectrum } from "./matrix.mjs";
import { products } from "./products.mjs";

const TRAITS = ["logits", "temperature", "tangent", "cotangent"];
const [MIN_CLASSES, MAX_CLASSES] = [2, 6];
const FIRST = { row: 1, column: 0 }; // an entry off the diagonal: how B answers to A

function render({ model, el }) {
  const initial = Object.fromEntries(TRAITS.map((name) => [name, model.get(name)]));
  const ui = frame(el, {
    name: "Jacobian of softmax", onlyHeard: true,
    words: () => import("./spoken.mjs"), plays: true,
    reset() {
      change(model, initial);
      tables.begin();
      choice.pin(FIRST.row, FIRST.column);
    },
    python: () => asPython(compute(model)),
  });
  const choice = entryChoice(FIRST, () => update());
  const heat = heatMap(choice, ui.signal);
  const derived = derivation();
  const tables = products(model, ui, () => update());
  const parts = [controls(model, ui), logitRows(model, ui), heat, derived, spectrum(), tables];
  const [top, rows, , , values, push] = parts.map((part) => part.root);
  ui.body.append(top, rows, html("div", { class: "sb-columns sb-wide-left" }, heat.root, derived.root), values, push);

  function now() {
    const state = compute(model);
    return { ...state, entry: choice.at(state.names.length) };
  }
  const update = live(model, TRAITS, ui, { parts, compute: now, summarise: inWords });
  return ui.cleanUp;
}

// A list of n numbers, whatever the trait holds: Python may have changed the logits alone.
const fitted = (values, n) => Array.from({ length: n }, (_, i) => values[i] ?? 0);

function compute(model) {
  const [logits, temperature] = ["logits", "temperature"].map((name) => model.get(name));
  const [tangent, cotangent] = ["tangent", "cotangent"].map((name) => fitted(model.get(name), logits.length));
  const matrix = jacobian(logits, temperature);
  return {
    logits, temperature, tangent, cotangent, matrix,
    names: logits.map((_, i) => letter(i)),
    probabilities: softmax(logits, temperature),
    eigen: symmetricEigen(matrix),
  };
}

function inWords(state) {
  const { name, meaning } = sensitivity(state.eigen, state.temperature);
  return `At temperature ${format(state.temperature)}: ${entryInWords(state)} ${name}: ${meaning}.`;
}

function asPython({ logits, temperature, tangent, cotangent }) {
  const T = `temperature=${pythonNumber(temperature)}`;
  return [
    "import numpy as np",
    "import softmaxbook as sb",
    "",
    `logits = ${pythonList(logits)}`,
    `J = sb.jacobian(logits, ${T})`,
    "eigenvalues = np.linalg.eigvalsh(J)",
    `forward = sb.jvp(logits, ${pythonList(tangent)}, ${T})`,
    `backward = sb.vjp(logits, ${pythonList(cotangent)}, ${T})`,
    "print(J, eigenvalues, forward, backward, sep=\"\\n\")",
  ].join("\n");
}

function controls(model, { signal, say }) {
  const temperature = temperatureSlider(model, signal);
  const resize = (size) => {
    const resized = TRAITS.filter((name) => name !== "temperature").map((name) => [name, fitted(model.get(name), size)]);
    change(model, Object.fromEntries(resized));
  };
  const classes = classCount({ min: MIN_CLASSES, max: MAX_CLASSES, resize, say, signal });
  return {
    root: html("div", { class: "sb-controls" }, temperature.root, classes.root),
    update(state) {
      temperature.set(state.temperature);
      classes.set(state.names.length);
    },
  };
}

function logitRows(model, { signal, say }) {
  const rows = classRows({
    heads: ["class", "logit z", "drag z", "probability", "p"], quantity: (name) => `logit of ${name}`,
    put: (i, value) => change(model, { logits: model.get("logits").map((z, j) => (i === j ? value : z)) }),
    say, signal,
  });
  return {
    root: rows.root,
    update({ names, logits, probabilities, entry: { shown } }) {
      const marked = { input: shown.column, result: shown.row };
      rows.update(names, logits, probabilities.map((p) => [0, p]), probabilities.map((p) => format(p, p < 1e-3 ? 2 : 3)), marked);
    },
  };
}

export default { render };
