// What is heard of the explorable: help for its controls, a sentence for each move, its distribution.

import { fixed } from "../numerics/numbers.mjs";
import { changed, moved, percent, shares, told } from "../numerics/speech.mjs";

export const HELP = {
  "quality of": "From 0 to 10; more quality makes it chosen more often.",
  "price of": "From 0 to 100; a higher price makes it chosen less often.",
  "a point of quality adds": "What a point of quality adds to the utility.",
  "ten of price take": "What ten of price take from the utility.",
  "also offered": "A copy of one of the alternatives, or nothing.",
  "the copy is better by": "Points of quality that the copy has more than its original.",
  "nest parameter λ": "1 is softmax; near 0 the copy and its original share as one.",
};

const FIELDS = [
  ["worth", "the worth of quality", (value) => fixed(value)], ["cost", "the cost of price", (value) => fixed(value)],
  ["better", "the copy’s lead", (value) => fixed(value, 1)], ["dissimilarity", "λ", (value) => fixed(value)],
];

export function sentence(before, after) {
  const { names, copied, size, plain, within } = after;
  const list = (key) => moved(before[key], after[key], names.map((name) => `${key} of ${name}`), key);
  const what = [...list("quality"), ...list("price"), ...changed(before, after, FIELDS)];
  if (before.copied !== copied) what.push(copied < 0 ? "no copy" : `a copy of ${names[copied]}`);
  return told(what, () => (copied < 0 ? shares(names, plain)
    : `${names[copied]} and its copy have ${percent(plain[copied] + plain[size])} by softmax, ${percent(within[copied] + within[size])} with nests`));
}

export const heard = ({ names, plain }) => ({ names, probabilities: plain });
