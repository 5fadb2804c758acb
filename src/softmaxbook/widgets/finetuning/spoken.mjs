// What is heard of the explorable: help for its controls, and a sentence for each move.

import { changed, told } from "../numerics/speech.mjs";
import { between, signed, verdict } from "../parts/whiskers.mjs";

export const HELP = {
  target: "The pictures that are learnt.",
  "what learns": "Which part of the network learns on.",
  "labels per class": "How many labelled pictures of each class there are.",
  "head rate": "The learning rate of the new head.",
  "body rate": "The learning rate of the network below the head.",
};

const FIELDS = [
  ["target", "the target"], ["arm", "what learns"], ["labels", "labels per class"], ["head", "the head’s rate"], ["body", "the body’s rate"],
];

export function sentence(before, after) {
  const { now, arm } = after;
  return told(changed(before, after, FIELDS), () => (now
    ? `transfer ${verdict(now)}, ${signed(now.mean)} points, interval ${between(now, signed)}` : `“${arm}” was not measured here`));
}
