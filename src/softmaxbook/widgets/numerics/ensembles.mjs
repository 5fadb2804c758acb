// One answer made of several, over the same classes: both means, and the count of votes.

import { range } from "./numbers.mjs";
import { softmax, sum } from "./softmax.mjs";

const means = (rows) => range(rows[0].length).map((k) => sum(rows.map((row) => row[k])) / rows.length);

// `members` holds a row of logits for each of them.
export const meanOfProbabilities = (members) => means(members.map((logits) => softmax(logits)));

export const meanOfLogits = (members) => softmax(means(members));

// A member's whole vote goes to its largest logit, to the first of them if several are.
export const votes = (members) => means(members.map((logits) => {
  const best = logits.indexOf(Math.max(...logits));
  return logits.map((_, k) => (k === best ? 1 : 0));
}));
