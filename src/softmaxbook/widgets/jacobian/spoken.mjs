// What is heard of the explorable: help for its controls, a sentence for each move, its distribution.

import { fixed, format } from "../numerics/numbers.mjs";
import { changed, moved, moving, shares, told } from "../numerics/speech.mjs";

export const HELP = {
  "temperature T": "Divides every logit, and with it every entry of the Jacobian.",
  "logit of": "The class’s score; arrow keys change it by a tenth.",
  "tangent of": "How fast this logit moves: an entry of v in J v.",
  "cotangent of": "The weight of this probability: an entry of u in Jᵀ u.",
  "Jacobian: p in rows": "Arrow keys walk over the entries.",
};

const signed = (value) => `${value > 0 ? "+" : ""}${fixed(value, 3)}`;
const product = (matrix, vector) => matrix.map((row) => row.reduce((total, x, i) => total + x * vector[i], 0));
const listed = (names, values) => names.map((name, i) => `${name} ${signed(values[i])}`).join(", ");

export function sentence(before, after) {
  const { names, matrix, probabilities, tangent, cotangent, entry: { pinned: { row, column } } } = after;
  const own = [...moved(before.logits, after.logits, names), ...changed(before, after, [["temperature", "temperature", format]])];
  if (own.length) return told(own, () => shares(names, probabilities, moving(before.logits, after.logits)));
  const [forward, backward] = [moved(before.tangent, tangent, names, "tangent"), moved(before.cotangent, cotangent, names, "cotangent")];
  if (forward.length) return told(forward.map((each) => `tangent, ${each}`), () => `J v is ${listed(names, product(matrix, tangent))}`);
  if (backward.length) return told(backward.map((each) => `cotangent, ${each}`), () => `Jᵀ u is ${listed(names, product(matrix, cotangent))}`);
  const at = before.entry.pinned;
  return told(at.row === row && at.column === column ? [] : [`entry ${names[row]}, ${names[column]}`],
    () => `p of ${names[row]} changes by ${signed(matrix[row][column])} per unit of z of ${names[column]}`);
}

export const heard = ({ names, probabilities }) => ({ names, probabilities });
