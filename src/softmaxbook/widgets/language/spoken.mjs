// What is heard of the explorable: help for its controls, a sentence for each move, its distribution.

import { fixed, format } from "../numerics/numbers.mjs";
import { changed, percent, told } from "../numerics/speech.mjs";

export const HELP = {
  "text so far": "The model reads its last words; the table is about the next one.",
  sampler: "What is cut off before a token is drawn.",
  "temperature T": "Divides every logit: cold favours the likeliest token, hot evens out.",
  k: "How many tokens are kept.",
  p: "The probability that the kept tokens have at least.",
  "min-p": "The least share of the largest probability.",
};

const FIELDS = [
  ["temperature", "temperature", format], ["sampler", "the sampler"], ["k", "k"], ["p", "p", (value) => fixed(value)],
  ["min_p", "min-p", (value) => fixed(value)],
];
const SPOKEN = 3;

export function sentence(before, after) {
  const { settings, tokens, shown, names, q, total } = after;
  const text = before.settings.prompt === settings.prompt ? [] : [tokens.length ? `after “${tokens.slice(-3).join(" ")}”` : "no text"];
  const draws = total === before.total ? [] : [total ? `${total} drawn` : "no draws"];
  const first = shown.slice(0, SPOKEN).map((i) => `“${names[i]}” ${percent(q[i])}`).join(", ");
  return told([...text, ...changed(before.settings, settings, FIELDS), ...draws], () => `most probable are ${first}`);
}

export const heard = ({ names, shown, q }) => ({ names: shown.map((i) => names[i]), probabilities: shown.map((i) => q[i]) });
