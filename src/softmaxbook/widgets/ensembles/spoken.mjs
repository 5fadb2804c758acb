// What is heard of the explorable: help for its controls, a sentence for each move, its distribution.

import { letter } from "../parts/classes.mjs";
import { moved, percent, told } from "../numerics/speech.mjs";

export const HELP = {
  "move member": "Whose logits the rows and the triangle move.",
  "right class": "The class that the losses are about.",
  "logit of": "The class’s score; arrow keys change it by a tenth.",
};

function verdict(p) {
  const most = Math.max(...p);
  const first = p.flatMap((share, k) => (most - share < 1e-12 ? [letter(k)] : []));
  return first.length > 1 ? `${first.join(" and ")} equal, ${percent(most)} each` : `${first[0]} ${percent(most)}`;
}

export function sentence(before, after) {
  const { members, right, chosen, rows } = after;
  const names = rows[0].p.map((_, k) => letter(k));
  const what = members.flatMap((logits, i) => moved(before.members[i], logits, names).map((each) => `member ${i + 1}, ${each}`));
  if (before.chosen !== chosen) what.push(`member ${chosen} is moved from here on`);
  if (before.right !== right) what.push(`${letter(right)} is right`);
  return told(what, () => `the mean of probabilities says ${verdict(rows[3].p)}, the mean of logits ${verdict(rows[4].p)}`);
}

export const heard = ({ rows }) => ({ names: rows[3].p.map((_, k) => letter(k)), probabilities: rows[3].p });
