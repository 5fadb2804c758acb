// What is heard of the explorable: help for its controls, a sentence for each move, its distribution.

import { METHODS } from "../numerics/methods.mjs";
import { letter } from "../parts/classes.mjs";
import { moved, told } from "../numerics/speech.mjs";
import { brief } from "./words.mjs";

export const HELP = {
  "logit of": "The class’s score, before it is stored in the chosen format.",
  mask: "A masked class has the logit −∞.",
  "correct class y": "The class that the loss is about.",
};

export function sentence(before, after) {
  const { logits, masked, method, format, label, trace, inLogs, diagnosis } = after;
  const names = logits.map((_, i) => letter(i));
  const what = moved(before.logits, logits, names);
  if (before.masked.length === masked.length) {
    what.push(...names.filter((_, i) => before.masked[i] !== masked[i]).map((name) => `${name} ${masked[names.indexOf(name)] ? "masked" : "no longer masked"}`));
  }
  if (before.method !== method || before.format.name !== format.name) what.push(`${METHODS[method]} in ${format.name}`);
  if (before.label !== label) what.push(`the correct class is ${letter(label)}`);
  const results = names.map((name, i) => `${name} ${brief(trace.results[i])}`).join(", ");
  return told(what, () => `${diagnosis.headline.toLowerCase()}, ${inLogs ? "log p" : "p"} is ${results}`);
}

// Nothing is heard of a method whose results are no distribution.
export function heard({ logits, trace: { probabilities } }) {
  const found = probabilities.map(Number);
  const total = found.reduce((sum, p) => sum + p, 0);
  return Math.abs(total - 1) < 0.1 ? { names: logits.map((_, i) => letter(i)), probabilities: found.map((p) => Math.min(1, p)) } : null;
}
