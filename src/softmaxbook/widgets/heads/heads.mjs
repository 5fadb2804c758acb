// A new softmax head on a frozen network: train it on a few labelled digits, draw a digit for it.

import { fixed, format, positive, pythonNumber, range, withArticle } from "../numerics/numbers.mjs";
import { fitted, FULL, SIDE, SMALL } from "../numerics/pictures.mjs";
import { softmax, sum } from "../numerics/softmax.mjs";
import { contactSheet, neighbourRow, thumbnail } from "../parts/thumbnails.mjs";
import { button, change, formula, frame, html, observe, power, renew, segments, setText, symbols } from "../parts/ui.mjs";
import { backboneAt, inputsOf, inSlices } from "./backbone.mjs";
import { COLOURS, lossCurves, measures, trainingControls } from "./curves.mjs";
import { board } from "./sketchpad.mjs";
import { KINDS, lesson, SIZE } from "./state.mjs";

const TRAITS = ["per_class", "seed", "rate", "steps", "drawing", "data", "weights"];
const MOVED = TRAITS.slice(0, 5);
const PAUSE = 50; // ms without a move, after which the curves are completed
const percent = (share) => `${fixed(100 * share, 1)} %`;

function render({ model, el }) {
  const initial = Object.fromEntries(MOVED.map((name) => [name, model.get(name)]));
  let started = null;
  const ui = frame(el, {
    name: "A new head on a frozen network",
    words: () => import("./spoken.mjs"), plays: true,
    reset: () => started?.reset(initial),
    python: () => started?.python() ?? "",
  });
  ui.body.setAttribute("aria-busy", "true");
  const waiting = html("p", {}, "Fetching the network …");
  ui.body.append(waiting);
  backboneAt(model.get("weights")).then((backbone) => {
    if (ui.signal.aborted) return;
    waiting.remove();
    started = start(model, ui, backbone);
  }).catch((error) => {
    setText(waiting, `The network’s weights could not be read (${error.message}). Load the page again, or run it in Jupyter.`);
  });
  return ui.cleanUp;
}

// Everything that needs the network.
function start(model, ui, backbone) {
  let ready = false;
  const learning = lesson(backbone, model.get("data"), () => ready);
  const current = () => learning.compute(Object.fromEntries(MOVED.map((name) => [name, model.get(name)])));
  const controls = trainingControls(model, () => update(), ui);
  const drawn = drawingBoard(model, learning, current, ui);
  const rows = Object.fromEntries(KINDS.map((kind) => [kind, neighbourRow(`Nearest labelled digits by ${kind}`)]));
  const losses = lossCurves();
  const parts = [controls, drawn, verdicts(), inNumbers(model.get("data").glyphs), contactSheet(), losses, measures(learning.heldLabels)];
  const [top, sheet, table, words, set, curves, numbers] = parts.map((part) => part.root);
  ui.body.append(
    top,
    html("div", { class: "sb-pair" }, sheet, html("div", {}, table, words)),
    html("div", {}, html("div", { class: "sb-pair" }, ...KINDS.map((kind) => rows[kind].root)),
      html("p", { class: "sb-note" }, "The number under each is its Euclidean distance from the picture: in 256 features, or in 256 pixels.")),
    html("div", { class: "sb-pair" }, curves, numbers),
    set,
  );

  function update() {
    const state = current();
    const { set: labelled } = state;
    for (const part of parts) part.update(part.root === set ? labelled : state);
    for (const kind of KINDS) rows[kind].update(state.says[kind].found, labelled.digits, labelled.labels);
    ui.summarise(inWords(state), state);
    complete(state);
  }
  let last = null; // the state that is shown
  async function complete(state) {
    last = state;
    const ended = () => ui.signal.aborted || last !== state;
    await inSlices(learning.rest(state), ended, PAUSE);
    if (!ended()) losses.update(state);
  }
  observe(model, MOVED, update, ui.signal);
  update();
  prepareAll(learning, ui, () => {
    ready = true;
    update();
    ui.body.setAttribute("aria-busy", "false");
  });
  return {
    python: () => asPython(model, current()),
    reset(initial) {
      controls.pause();
      drawn.reset();
      change(model, initial);
      update();
    },
  };
}

// The held-out digits first, then all that may be labelled later.
async function prepareAll({ sources: [held, pool] }, { signal }, then) {
  const ended = () => signal.aborted;
  await inSlices(inputsOf(held), ended);
  if (!ended()) then();
  await inSlices(inputsOf(pool), ended);
}

// ── in words, and in Python ──────────────────────────────────────────────────────────────────

function inWords({ set, says, now, steps, truth, drawing }) {
  const { labels } = set;
  const each = labels.length / SIZE;
  const score = (kind) => `${kind} ${now[kind].tested ? percent(now[kind].tested.accuracy) : "…"}`;
  const says1 = (kind) => `${kind} say ${says[kind].winner} with ${percent(says[kind].p[says[kind].winner])}`;
  const [first] = says.features.found;
  const what = truth !== undefined ? `A held-out ${truth}` : drawing.some(Boolean) ? "The drawing" : "An empty sheet";
  return `${each} labelled ${each === 1 ? "picture" : "pictures"} of each digit, step ${steps}. Held-out digits right: ${KINDS.map(score).join(", ")}. `
    + `${what}: ${KINDS.map(says1).join(", ")}. Nearest by features: ${withArticle(labels[first.place])} at distance ${fixed(first.distance, 1)}.`;
}

function asPython(model, { drawn, now }) {
  const rows = range(SMALL).map((row) => `    [${drawn.digit.slice(row * SMALL, (row + 1) * SMALL).join(", ")}],`);
  return [
    "import softmaxbook as sb",
    "from softmaxbook.transfer.backbones import load_backbone",
    "from softmaxbook.transfer.heads import extract_features",
    "from softmaxbook.transfer.targets import digit_pictures, few_labels, resized",
    "",
    "digit = [", ...rows, "]",
    "backbone = load_backbone(\"glyphnet\")",
    "digits = digit_pictures()",
    `labelled = few_labels(digits.train, ${model.get("per_class")}, seed=${model.get("seed")})`,
    "head = sb.SoftmaxRegression(",
    `    penalty=0, solver="gradient descent", learning_rate=${pythonNumber(now.features.rate)},`,
    `    max_iterations=${model.get("steps")}, tolerance=0,`,
    ")",
    "head.fit(extract_features(backbone, labelled.features), labelled.labels)",
    `p = head.predict_proba(extract_features(backbone, [[resized(digit, ${SIDE}) / ${FULL}]]))[0]`,
    "accuracy = head.score(extract_features(backbone, digits.validation.features), digits.validation.labels)",
    "print(p.round(3), accuracy)",
  ].join("\n");
}

// ── the sheet, and what is done with it ──────────────────────────────────────────────────────

function drawingBoard(model, learning, current, { signal, say }) {
  const put = (drawing) => change(model, { drawing });
  let erases = false;
  const sheet = board({ get: () => model.get("drawing"), put, erases: () => erases, signal });
  const pen = segments({
    name: "the pointer", options: { draws: "draws", erases: "erases" }, signal,
    onChange: (value) => { erases = value === "erases"; },
  });
  const place = (wanted, otherwise) => {
    const found = learning.nextHeldOut(current().drawn.truth ?? -1, wanted);
    if (found) put(found);
    else say(otherwise);
  };
  const wrong = () => {
    const { tested } = current().now.features;
    if (!tested) say("The held-out digits are still being prepared.");
    else place((i) => tested.winners[i] !== learning.heldLabels[i], "The head on features gets every held-out digit right.");
  };
  const caption = html("p", { class: "sb-note" });
  const seen = thumbnail();
  pen.set("draws");
  return {
    root: html("div", {}, sheet.root, html("div", { class: "sb-controls sb-tools sb-below" }, pen.root,
      button("Clear", () => put(Array(SIDE * SIDE).fill(0)), signal),
      button("Fit to the frame", () => put(fitted(model.get("drawing"))), signal),
      button("A held-out digit", () => place(), signal),
      button("One that features get wrong", wrong, signal)), html("div", { class: "sb-seen" }, seen.root, caption)),
    reset() {
      erases = false;
      pen.set("draws");
    },
    update({ drawing, drawn, truth }) {
      sheet.update(drawing);
      seen.update(drawn.digit);
      setText(caption, truth === undefined
        ? "What the network gets: 2 × 2 cells are counted together, and the 8 × 8 numbers enlarged, like the data’s. Its digits are as high as the frame: draw so, or let the drawing be fitted."
        : `A held-out digit: ${withArticle(truth)}. Draw on it, or clear the sheet and draw your own.`);
    },
  };
}

// ── what both heads say of the picture ───────────────────────────────────────────────────────

const WIDTHS = [13, 17, 17, 18, 17, 18]; // of the table's columns, in %

function verdicts() {
  const th = (words, scope, style) => html("th", { scope, style }, ...[words].flat());
  const bar = (kind) => html("div", { class: "sb-bar sb-thin", style: `--sb-colour: ${COLOURS[kind]}; --sb-from: 0` }, html("span", { class: "sb-fill" }));
  const lines = range(SIZE).map((k) => {
    const bars = KINDS.map(bar);
    const [z, ...p] = range(3).map(() => html("td"));
    return { bars, z, p, root: html("tr", {}, th(String(k), "row"), z, html("td", {}, bars[0]), p[0], html("td", {}, bars[1]), p[1]) };
  });
  const of = (kind) => html("th", { scope: "colgroup", colspan: kind === "features" ? 3 : 2, style: `color: ${COLOURS[kind]}` }, `head on ${kind}`);
  const root = html("table", { class: "sb-answers sb-verdicts" },
    html("caption", { class: "sb-hidden" }, "What both heads say of the picture"),
    html("colgroup", {}, ...WIDTHS.map((width) => html("col", { style: `width: ${width}%` }))),
    html("thead", {}, html("tr", {}, html("td"), ...KINDS.map(of)),
      html("tr", {}, th("digit", "col"), th(symbols("z"), "col"), html("td"), th(symbols("p"), "col"), html("td"), th(symbols("p"), "col"))),
    html("tbody", {}, ...lines.map((each) => each.root)));
  return {
    root,
    update({ says }) {
      lines.forEach(({ bars, z, p, root: row }, k) => {
        setText(z, fixed(says.features.logits[k]));
        KINDS.forEach((kind, i) => {
          const { p: shares, winner } = says[kind];
          bars[i].style.setProperty("--sb-to", shares[k]);
          setText(p[i], positive(shares[k]));
          p[i].classList.toggle("sb-winner", k === winner);
        });
        row.classList.toggle("sb-chosen", k === says.features.winner);
      });
    },
  };
}

// ── the formula with its numbers, and the head that was taken off ────────────────────────────

function inNumbers(glyphs) {
  const [logit, share, old] = range(3).map(() => html("p", { class: "sb-formula" }));
  const symbol = (name, k) => [html("i", {}, name), html("sub", {}, String(k))];
  return {
    root: html("div", {}, logit, share, old),
    update({ says: { features: { logits, biases, p, winner } }, drawn }) {
      const z = logits[winner];
      renew(logit, ...symbol("z", winner), " = ", ...symbol("w", winner), " · features + ", ...symbol("b", winner),
        ` = ${fixed(z - biases[winner])} + ${fixed(biases[winner])} = ${fixed(z)}`.replace("+ −", "− "),
        `, with ${drawn.row.features.length} features`);
      const exponentials = logits.map(Math.exp);
      const powers = logits.flatMap((each, k) => [k ? " + " : "", ...power(fixed(each))]);
      renew(share, ...formula`p(${String(winner)}) = ${power(fixed(z))} ÷ (${powers}`,
        `) = ${format(exponentials[winner], 4)} ÷ ${format(sum(exponentials), 4)} = ${format(p[winner])}`);
      const shares = softmax(drawn.row.logits);
      const best = shares.indexOf(Math.max(...shares));
      setText(old, `The head that was taken off, for ${shares.length} letters and signs, says “${glyphs[best]}” with ${percent(shares[best])}.`);
    },
  };
}

export default { render };
