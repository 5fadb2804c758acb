// What is heard of the explorable: help for its control, and a sentence for each move.

import { fixed } from "../numerics/numbers.mjs";
import { changed, percent, told } from "../numerics/speech.mjs";

export const HELP = { threshold: "Who reaches it is called a member." };

export function sentence(before, after) {
  return told(changed(before, after, [["threshold", "the threshold", (value) => fixed(value)]]),
    () => `${percent(after.hits)} of the members and ${percent(after.alarms)} of the others are called members, an advantage of ${fixed(after.advantage)}`);
}
