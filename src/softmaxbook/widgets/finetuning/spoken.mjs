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

const inPoints = (gain) => `transfer ${verdict(gain)}, ${signed(gain.mean)} points, interval ${between(gain, signed)}`;

export function sentence(before, after) {
  const { now, arm, target, labels, head, body, rates, beyond } = after;
  // What learns has rates of its own: the two sliders move the diamonds and a place of the lower map alone.
  const ratesAlone = ["target", "arm", "labels"].every((key) => before[key] === after[key]);
  const tried = () => rates.find(([where, n, h, b]) => where === target && n === labels && h === head && b === body);
  return told(changed(before, after, FIELDS), () => {
    if (!ratesAlone) return now ? inPoints(now) : `“${arm}” was not measured here`;
    const found = tried();
    return found ? `with these rates ${inPoints(beyond(target, labels, found[4]))}` : "these rates were not tried here";
  });
}
