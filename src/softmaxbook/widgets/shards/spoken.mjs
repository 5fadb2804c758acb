// What is heard of the explorable: help for its controls, a sentence for each move, its distribution.

import { format } from "../numerics/numbers.mjs";
import { changed, moved, moving, shares, told } from "../numerics/speech.mjs";

export const HELP = {
  workers: "How many share the classes of the row among them.",
  "bring the sums to the common maximum": "Without it, sums of different scales are added.",
  "logit of": "The class’s score; arrow keys change it by a tenth.",
  "worker of": "Who holds this class.",
};

export function sentence(before, after) {
  const { names, logits, held, workers, probabilities } = after;
  const what = [...moved(before.logits, logits, names), ...changed(before, after, [["workers", "the number of workers"], ["rescaled", "the common maximum"]])];
  if (before.workers === workers && before.held.length === held.length) {
    what.push(...names.filter((_, i) => before.held[i] !== held[i]).map((name) => `${name} is with worker ${held[names.indexOf(name)] + 1}`));
  }
  const total = probabilities.reduce((sum, p) => sum + p, 0);
  return told(what, () => (Math.abs(total - 1) < 1e-9
    ? `${shares(names, probabilities, moving(before.logits, logits))}` : `the probabilities sum to ${format(total)} instead of 1`));
}

export const heard = ({ names, probabilities }) => ({ names, probabilities });
