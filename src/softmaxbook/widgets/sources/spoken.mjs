// What is heard of the explorable: help for its controls, and a sentence for each move.

import { fixed } from "../numerics/numbers.mjs";
import { changed, told } from "../numerics/speech.mjs";

export const HELP = {
  yardstick: "What the sources are ordered by.",
  "show what was measured": "Predict first: the accuracies are hidden until you ask.",
};

const FIELDS = [["yardstick", "the yardstick"], ["chosen", "the source"], ["revealed", "what was measured"]];

export function sentence(before, after) {
  const { order: { list, of, tau }, chosen, revealed } = after;
  const here = list.find(({ source }) => source === chosen);
  const tied = here ? list.filter(({ place }) => place === here.place).length - 1 : 0;
  const where = here ? `${chosen} is at place ${here.place} of ${of}${tied ? `, with ${tied} ${tied === 1 ? "other" : "others"}` : ""}` : `${chosen} has no place`;
  return told(changed(before, after, FIELDS), () => `${where}${revealed ? `, Kendall’s coefficient is ${Number.isNaN(tau) ? "not defined" : fixed(tau)}` : ""}`);
}
