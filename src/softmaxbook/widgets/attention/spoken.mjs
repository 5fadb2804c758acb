// What is heard of the explorable: help for its controls, a sentence for each move, its distribution.

import { changed, shares, told } from "../numerics/speech.mjs";
import { BLANKS, GETS } from "./blank.mjs";

export const HELP = {
  "divide by √d": "Keeps the scores small when the vectors are long.",
  "causal: no later key": "Hides from each word what comes after it.",
  "cells show": "The scores, or the weights that softmax makes of them.",
  "padding at the end": "How many keys at the end are no words, and hidden from all.",
  "a row that sees nothing": "What a word gets to which every key is hidden.",
  "… at ": "Ticked: this word may look at that key.",
  "query of": "A number of the vector that says what the word looks for.",
  "key of": "A number of the vector that the word is found by.",
  "value of": "A number of the vector that is found.",
};

const FIELDS = [["causal", "causal mask"], ["padding", "padding"], ["scaled", "division by √d"], ["blank", "a row that sees nothing", (value) => BLANKS[value]]];
const differing = (before, after) => after.map((row, i) => i).filter((i) => JSON.stringify(before[i]) !== JSON.stringify(after[i]));

export function sentence(before, after) {
  const { queryNames, keyNames, weights, seen, blank } = after;
  const [queries, keys, values, masked] = ["queries", "keys", "values", "mask"].map((key) => differing(before[key], after[key]));
  const what = [
    ...queries.map((i) => `query of ${queryNames[i]} changed`), ...keys.map((i) => `key of ${keyNames[i]} changed`),
    ...values.map((i) => `value of ${keyNames[i]} changed`), ...masked.map((i) => `mask of ${queryNames[i]} changed`),
    ...changed(before, after, FIELDS), ...(before.row === after.row ? [] : [`row of ${queryNames[after.row]}`]),
  ];
  const sightless = before.blank !== blank && seen.includes(0) && seen[after.row] !== 0 ? seen.indexOf(0) : after.row;
  const row = queries[0] ?? masked[0] ?? sightless; // where the change is seen
  return told(what, () => (seen[row] !== 0 ? `${queryNames[row]} looks at ${shares(keyNames, weights[row])}`
    : `${queryNames.length > 1 && seen.every((count) => count === 0) ? "each word" : queryNames[row]} may look at nothing and gets ${GETS[blank]}`));
}

export const heard = ({ keyNames, weights, seen, row }) => (seen[row] === 0 ? null : { names: keyNames, probabilities: weights[row] });
