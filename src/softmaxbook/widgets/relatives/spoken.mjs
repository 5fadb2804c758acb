// What is heard of the explorable: help for its controls, a sentence for each move, its distribution.

import { fixed, format } from "../numerics/numbers.mjs";
import { changed, moved, shares, told } from "../numerics/speech.mjs";

export const HELP = {
  "temperature T": "Divides every logit: cold favours the largest, hot evens out.",
  "α of your own": "Which relative the ring shows: 1 is softmax, 2 is sparsemax.",
  "logit of": "The class’s score; arrow keys change it by a tenth.",
  "relaxed draws": "A draw is then a point of the triangle instead of a corner.",
};

const FIELDS = [["temperature", "temperature", format], ["alpha", "α", (value) => fixed(value)], ["relaxed", "relaxed draws"]];

export function sentence(before, after) {
  const { names, values, own, won, count } = after;
  const maps = [...moved(before.logits, after.logits, names), ...changed(before, after, FIELDS)];
  const drawn = before.count === count ? [] : [count ? `${count} draws` : "no draws"];
  const other = !maps.length && !drawn.length && JSON.stringify(before.won) !== JSON.stringify(won) ? ["other noise"] : [];
  if (drawn.length + other.length && !maps.length) {
    return told([...drawn, ...other], () => (count ? names.map((name, k) => `${name} won ${won[k]}`).join(", ") : "none is shown"));
  }
  if (maps.length === 1 && before.alpha !== after.alpha) return told(maps, () => shares(names, own));
  return told([...maps, ...drawn], () => `softmax ${shares(names, values[0])}; sparsemax ${shares(names, values[2])}`);
}

export const heard = ({ names, values }) => ({ names, probabilities: values[0] });
