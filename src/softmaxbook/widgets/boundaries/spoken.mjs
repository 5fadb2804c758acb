// What is heard of the explorable: help for its controls, a sentence for each move, its distribution.

import { format } from "../numerics/numbers.mjs";
import { letter } from "../parts/classes.mjs";
import { changed, percent, told } from "../numerics/speech.mjs";
import { inWords } from "./points.mjs";
import { TITLES } from "./words.mjs";

export const HELP = {
  points: "A cloud of points to begin with.",
  "penalty λ": "Holds the coefficients small; more of it blurs the borders.",
  "a press": "What a press on a plane does.",
  chosen: "The point that the fields beside it move.",
  "x of the chosen point": "From −4 to 4, across.",
  "y of the chosen point": "From −4 to 4, up.",
};

export function sentence(before, after) {
  const { points, probe, answers, fitted } = after;
  const what = changed(before, after, [["penalty", "the penalty", (value) => format(value, 2)]]);
  const more = points.length - before.points.length;
  if (more === 1 || more === -1) what.push(`a point ${more > 0 ? "added" : "removed"}`);
  else if (more) what.push(`${points.length} points`);
  else if (JSON.stringify(points) !== JSON.stringify(before.points)) what.push("points moved");
  if (String(probe) !== String(before.probe)) what.push(`the probe is at ${inWords(probe)}`);
  const says = Object.entries(answers).map(([method, { winner, p, undecided }]) =>
    `${TITLES[method]} ${letter(fitted.classes[winner])} ${percent(p[winner])}${undecided ? ", undecided" : ""}`);
  return told(what, () => `at the probe ${says.join("; ")}`);
}

export const heard = ({ answers: { softmax: { p } }, fitted: { classes } }) => ({ names: classes.map(letter), probabilities: p });
