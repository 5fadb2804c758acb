// What is heard of the explorable: help for its controls, a sentence for each move, its distribution.

import { fixed, format } from "../numerics/numbers.mjs";
import { changed, moved, moving, shares, told } from "../numerics/speech.mjs";

export const HELP = {
  "temperature T": "Divides every logit: cold favours the largest, hot evens out.",
  "shift added to all": "Adds the same to every logit; no probability changes.",
  "logit of": "The class’s score; arrow keys change it by a tenth.",
};

const FIELDS = [["temperature", "temperature", format], ["shift", "shift", (value) => fixed(value, 1)]];

export function sentence(before, after) {
  const what = [...moved(before.logits, after.logits, after.names), ...changed(before, after, FIELDS)];
  const close = before.probabilities.length === after.probabilities.length
    && before.probabilities.every((p, i) => Math.abs(p - after.probabilities[i]) < 1e-9);
  return told(what, () => (close ? "every probability stays as it was"
    : shares(after.names, after.probabilities, moving(before.logits, after.logits))));
}

export const heard = ({ names, probabilities }) => ({ names, probabilities });
