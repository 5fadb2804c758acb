// What is heard of the explorable: help for its controls, a sentence for each move, its distribution.

import { fixed, format } from "../numerics/numbers.mjs";
import { changed, moved, percent, told } from "../numerics/speech.mjs";

export const HELP = {
  "the label says": "The class that is right.",
  "label smoothing ε": "The part of the target that is spread over all classes.",
  "learning rate η": "How far one step against the gradient goes.",
  "logit of": "The class’s score; arrow keys change it by a tenth.",
};

const FIELDS = [["smoothing", "label smoothing", (value) => fixed(value)], ["learningRate", "learning rate", (value) => format(value, 2)]];

export function sentence(before, after) {
  const { names, label, probabilities, loss } = after;
  const what = [...moved(before.logits, after.logits, names), ...(before.label === label ? [] : [`the label is ${names[label]}`]),
    ...changed(before, after, FIELDS)];
  const way = loss === before.loss ? "stays" : loss > before.loss ? "rises to" : "falls to";
  return told(what, () => `${names[label]} has ${percent(probabilities[label])}, the loss ${way}${way === "stays" ? " at" : ""} ${format(loss)} nats`);
}

export const heard = ({ names, probabilities }) => ({ names, probabilities });
