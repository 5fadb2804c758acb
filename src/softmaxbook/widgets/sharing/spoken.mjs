// What is heard of the explorable: help for its controls, a sentence for each move, its distribution.

import { fixed } from "../numerics/numbers.mjs";
import { CLASSES } from "../numerics/pulls.mjs";
import { changed, moved, percent, told } from "../numerics/speech.mjs";

export const HELP = {
  "the picture shows": "The digit that both heads have to answer for.",
  "label: which digit": "Without the label this head does not pull.",
  "label: odd or even": "Without the label this head does not pull.",
  "weight λ": "How much the loss of odd or even counts.",
  "angle between heads": "How differently the two heads read the features.",
  "feature 1": "Where the picture stands on the plane, across.",
  "feature 2": "Where the picture stands on the plane, up.",
};

const FIELDS = [["digit", "the digit"], ["weight", "the weight", (value) => fixed(value, 1)], ["angle", "the angle", (value) => `${value}°`]];
const TASKS = ["the label of the digit", "the label of odd or even"];

export function sentence(before, after) {
  const { features, labelled, both, cosine } = after;
  const what = [...moved(before.features, features, ["feature 1", "feature 2"], "features"), ...changed(before, after, FIELDS),
    ...TASKS.filter((_, t) => before.labelled[t] !== labelled[t]).map((task) => `${task} ${labelled[TASKS.indexOf(task)] ? "given" : "taken away"}`)];
  const answers = both.map(({ probabilities, label }, t) => `${CLASSES[t][label]} has ${percent(probabilities[label])}`).join(", ");
  const way = cosine < -1e-12 ? "disagree" : cosine > 1e-12 ? "agree" : "are at right angles";
  const meet = Number.isNaN(cosine) ? "one head does not pull" : labelled.every(Boolean) ? `the pulls ${way}` : "not both heads have a label to pull to";
  return told(what, () => `${answers}, ${meet}`);
}

export const heard = ({ both }) => ({ names: CLASSES[0], probabilities: both[0].probabilities });
