// What is heard of the explorable: help for its controls, a sentence for each move, its distribution.

import { format, withArticle } from "../numerics/numbers.mjs";
import { changed, percent, told } from "../numerics/speech.mjs";

export const HELP = {
  "labels per class": "How many pictures of each digit the heads learn from.",
  "learning rate": "The size of a step; 1 ÷ L is the largest that never goes up.",
  step: "How long both heads have learnt.",
  "the pointer": "Whether the pointer draws or erases.",
};

const FIELDS = [["perClass", "labels per class"], ["rate", "the learning rate", (value) => format(value, 2)], ["steps", "the step"]];
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

export function sentence(before, after) {
  const { says, now, drawing } = after;
  const what = changed(before, after, FIELDS);
  if (before.perClass === after.perClass && !same(before.set.digits, after.set.digits)) what.push("other labelled pictures");
  if (!same(before.drawing, drawing)) what.push(drawing.some(Boolean) ? "a new drawing" : "an empty sheet");
  const answer = (kind) => `${withArticle(says[kind].winner)} by ${kind} (${percent(says[kind].p[says[kind].winner])})`;
  const right = now.features.tested ? `; features get ${percent(now.features.tested.accuracy)} of the held-out digits right` : "";
  return told(what, () => `the picture is ${answer("features")} and ${answer("pixels")}${right}`);
}

export const heard = ({ says }) => ({ names: says.features.p.map((_, k) => String(k)), probabilities: says.features.p });
