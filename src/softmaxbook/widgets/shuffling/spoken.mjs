// What is heard of the explorable: help for its controls, and a sentence for each move.

import { changed, told } from "../numerics/speech.mjs";
import { signed, verdict } from "../parts/whiskers.mjs";

export const HELP = {
  "pixels moved": "How many of the 64 pixels change places, alike in every picture.",
  "labels per class": "How many labelled pictures of each digit there are.",
  "show what was measured": "Predict first: the numbers are hidden until you ask.",
};

const FIELDS = [["moved", "pixels moved"], ["labels", "labels per class"], ["revealed", "what was measured"]];

export function sentence(before, after) {
  const { revealed, here } = after;
  return told(changed(before, after, FIELDS), () => (!revealed ? "the accuracy is hidden"
    : here ? `transfer ${verdict(here.gain)}, ${signed(here.gain.mean)} points` : "nothing was measured at this place"));
}
