// What is heard of the explorable: help for its controls, and a sentence for each move.

import { fixed, format } from "../numerics/numbers.mjs";
import { changed, percent, told } from "../numerics/speech.mjs";

export const HELP = {
  "temperature T": "Divides every logit: it changes how sure the model is, not what it says.",
  rows: "Which half of the rows the diagram shows.",
  bins: "Into how many parts confidence is divided.",
};

const FIELDS = [["temperature", "temperature", format], ["half", "the half shown"], ["bins", "the number of bins"]];

export function sentence(before, after) {
  const { sure, accuracy, error } = after.shown;
  return told(changed(before, after, FIELDS), () => `sure to ${percent(sure)}, right in ${percent(accuracy)}, ECE ${fixed(error, 3)}`);
}
