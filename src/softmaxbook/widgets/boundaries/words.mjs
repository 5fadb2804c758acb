// What the methods say at the probe, and how they compare: tables and sentences.

import { METHODS, sizes } from "../numerics/fitting.mjs";
import { fixed, positive } from "../numerics/numbers.mjs";
import { share } from "../numerics/regions.mjs";
import { colour, letter } from "../parts/classes.mjs";
import { html, scrollable, setText, symbols } from "../parts/ui.mjs";
import { GLYPHS } from "./panel.mjs";

export const TITLES = { softmax: "Softmax regression", rest: "One-vs-rest", ones: "One-vs-one" };
export const percent = (part) => `${fixed(100 * part, 1)} %`;
export const nameIn = ({ classes }) => (k) => letter(classes[k]);
export const undecidedShare = ({ open }) => open.reduce((total, { polygon }) => total + share(polygon), 0);
const listed = (names) => (names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`);

// ── at the probe ─────────────────────────────────────────────────────────────────────────────

const HEADS = { softmax: ["z", "p"], rest: ["score", "÷ sum"], ones: ["votes", "p"] };
const RAW = {
  softmax: ({ logits }) => [...logits.map((z) => fixed(z)), ""],
  rest: ({ scores }) => [...scores, scores.reduce((a, b) => a + b)].map((score) => fixed(score, 3)),
  ones: ({ votes }) => [...votes, votes.reduce((a, b) => a + b)].map(String),
};

// What the models say at the probe, class by class, and the sums.
export function answerTable(method) {
  const th = (text, scope) => html("th", { scope }, ...symbols(text));
  const body = html("tbody");
  const [rawSum, sum] = [html("td"), html("td")];
  const root = html("table", { class: "sb-answers" },
    html("caption", { class: "sb-hidden" }, `${TITLES[method]} at the probe`),
    html("thead", {}, html("tr", {}, th("◆", "col"), th(HEADS[method][0], "col"), html("td"), th(HEADS[method][1], "col"))),
    body,
    html("tfoot", {}, html("tr", {}, th("sum", "row"), rawSum, html("td"), sum)));
  let rows = [];
  let shown = "";

  function row(k) {
    const bar = html("div", { class: "sb-bar sb-thin", style: `--sb-colour: ${colour(k)}; --sb-from: 0` }, html("span", { class: "sb-fill" }));
    const [raw, p] = [html("td"), html("td")];
    const head = html("th", { scope: "row", style: `color: ${colour(k)}` },
      html("span", { "aria-hidden": "true" }, `${GLYPHS[k]} `), letter(k));
    return { bar, raw, p, root: html("tr", {}, head, raw, html("td", {}, bar), p) };
  }

  return {
    root,
    update({ fitted: { classes }, answers }) {
      if (shown !== classes.join()) {
        shown = classes.join();
        rows = classes.map(row);
        body.replaceChildren(...rows.map((each) => each.root));
      }
      const answer = answers[method];
      const texts = RAW[method](answer);
      rows.forEach(({ root: line, bar, raw, p }, k) => {
        setText(raw, texts[k]);
        setText(p, positive(answer.p[k]));
        bar.style.setProperty("--sb-to", answer.p[k]);
        line.classList.toggle("sb-chosen", k === answer.winner);
      });
      setText(rawSum, texts.at(-1));
      setText(sum, fixed(answer.p.reduce((a, b) => a + b), 3));
    },
  };
}

// What the models say at the probe, in a sentence.
export const saying = (method, { answers, fitted }) => SAYS[method](answers[method], nameIn(fitted), fitted);

const SAYS = {
  softmax: ({ winner }, name) => `One model, fitted to all classes together: ${name(winner)}.`,
  rest: ({ yes, winner }, name) => {
    if (yes.length === 1) return `Only the model of ${name(yes[0])} says yes.`;
    const who = yes.length ? `The models of ${listed(yes.map(name))} say yes.` : "No model says yes.";
    return `${who} Undecided; the largest score is ${name(winner)}’s.`;
  },
  ones: ({ logits, undecided, winner }, name, { pairs }) => {
    const duels = pairs.map(([i, j]) => (logits[j][i] > 0 ? `${name(j)} beats ${name(i)}` : `${name(i)} beats ${name(j)}`));
    return `${duels.join(", ")}.${undecided ? ` Undecided; the sums of logits favour ${name(winner)}.` : ""}`;
  },
};

// ── the methods compared ─────────────────────────────────────────────────────────────────────

const FACTS = {
  "models fitted": (method, { fitted }) => sizes(method, fitted).models,
  "numbers in them": (method, { fitted }) => {
    const { parameters, free } = sizes(method, fitted);
    return parameters === free ? parameters : `${parameters}, ${free} free`;
  },
  "training accuracy": (method, { verdicts }) => percent(verdicts[method].accuracy),
  "log-loss, nats": (method, { verdicts }) => fixed(verdicts[method].loss, 3),
  "plane undecided": (method, { regions: found }) => (method === "softmax" ? "never" : percent(undecidedShare(found[method]))),
  "steepest log-odds per unit": (method, { fitted }) => fixed(steepest(method, fitted)),
};

// How fast log-odds change per unit of length, at most: of a pair of classes, or of one against the rest.
function steepest(method, fitted) {
  const rows = method === "softmax"
    ? fitted.pairs.map(([i, j]) => fitted.softmax[j].map((theta, a) => theta - fitted.softmax[i][a]))
    : fitted[method];
  return Math.max(...rows.map(([wx, wy]) => Math.hypot(wx, wy)));
}

export function comparison() {
  const cells = Object.keys(FACTS).map(() => METHODS.map(() => html("td")));
  const th = (text, scope) => html("th", { scope }, ...symbols(text));
  const heads = ["softmax", "one-vs-rest", "one-vs-one"];
  const table = html("table", { class: "sb-compared" },
    html("thead", {}, html("tr", {}, html("td"), ...heads.map((text) => th(text, "col")))),
    html("tbody", {}, ...Object.keys(FACTS).map((fact, i) => html("tr", {}, th(fact, "row"), ...cells[i]))));
  return {
    root: scrollable("The three methods compared", table),
    update(state) {
      Object.values(FACTS).forEach((fact, i) => METHODS.forEach((method, j) => setText(cells[i][j], String(fact(method, state)))));
    },
  };
}
