// What is heard of the explorable: help for its controls, a sentence for each move, its distribution.

import { fixed } from "../numerics/numbers.mjs";
import { changed, moved, shares, told } from "../numerics/speech.mjs";

export const HELP = {
  "logit of": "The class’s score; arrow keys change it by a tenth.",
  "add c to both logits": "Moves both logits alike; their difference stays.",
};

export function sentence(before, after) {
  const what = [...moved(before.logits, after.logits, after.names), ...changed(before, after, [["shift", "the number added to both", (value) => fixed(value, 1)]])];
  const kept = before.difference === after.difference ? "stays" : "is";
  return told(what, () => `the difference ${kept} ${fixed(after.difference)}, ${shares(after.names, after.probabilities)}`);
}

export const heard = ({ names, probabilities }) => ({ names, probabilities });
