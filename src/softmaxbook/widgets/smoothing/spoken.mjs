// What is heard of the explorable: help for its controls, a sentence for each move, its distribution.

import { fixed, format } from "../numerics/numbers.mjs";
import { letter } from "../parts/classes.mjs";
import { changed, told } from "../numerics/speech.mjs";

export const HELP = {
  "label smoothing ε": "The part of the target that is spread over all classes.",
  "classes K": "How many classes there are.",
  "logit gap d": "How far the label’s logit is above all others.",
};

const FIELDS = [["smoothing", "ε", (value) => fixed(value)], ["size", "the number of classes"], ["gap", "the gap", (value) => fixed(value)]];

export function sentence(before, after) {
  const { best, gap, loss } = after;
  const goal = best === Infinity ? "no gap is large enough" : Math.abs(gap - best) < 0.005 ? "this is the best gap" : `the best gap is ${fixed(best)}`;
  return told(changed(before, after, FIELDS), () => `the loss is ${format(loss)} nats, ${goal}`);
}

const HEARD = 10; // classes, as many as there are bars

export function heard({ probabilities }) {
  const first = probabilities.slice(0, HEARD);
  return { names: first.map((_, i) => letter(i)), probabilities: first };
}
