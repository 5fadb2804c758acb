// Sentences for the ear: what a move changed, and what follows from it.

import { fixed, range } from "./numbers.mjs";

export const listed = (words) => (words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`);

// Two decimals, but no zero at the end that says nothing: “2.0”, “0.25”.
export const brief = (value) => fixed(value).replace(/(\.\d)0$/, "$1");

// Whole percents, without calling a rare class impossible or a likely one certain.
export function percent(p) {
  if (Number.isNaN(p)) return "NaN";
  if (p > 0 && p < 0.005) return "under 1 %";
  if (p < 1 && p >= 0.995) return "over 99 %";
  return `${fixed(100 * p, 0)} %`;
}

const SPOKEN = 4; // shares in one sentence

// The shares of a distribution, the largest first, after that of the class `first`. Of a long list
// the rest is told as one; equal shares are told once.
export function shares(names, p, first = -1) {
  const order = range(p.length).sort((a, b) => Number(b === first) - Number(a === first) || p[b] - p[a]);
  const equal = (a, b) => Math.abs(p[a] - p[b]) < 1e-12;
  if (p.length > 1 && order.every((i) => equal(i, order[0]))) return `${p.length > 2 ? "all" : "both"} have ${percent(p[0])}`;
  const shown = p.length > SPOKEN ? order.slice(0, SPOKEN - 1) : order;
  const groups = [];
  for (const i of shown) {
    if (groups.length && equal(groups.at(-1)[0], i)) groups.at(-1).push(i);
    else groups.push([i]);
  }
  const told = groups.map((group) => `${listed(group.map((i) => names[i]))} ${percent(p[group[0]])}${group.length > 1 ? " each" : ""}`);
  const rest = order.slice(shown.length);
  if (rest.length) told.push(`${rest.length} others ${percent(rest.reduce((total, i) => total + p[i], 0))}`);
  return told.join(", ");
}

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const way = (before, after) => (after > before ? "raised" : "lowered");

// The place of the one number that differs between two lists; −1 for none or several.
export function moving(before, after) {
  const found = after.map((value, i) => i).filter((i) => after[i] !== before[i]);
  return before.length === after.length && found.length === 1 ? found[0] : -1;
}

// What became of a list of numbers with names, as a list of no phrase or one.
export function moved(before, after, names, what = "logits") {
  if (same(before, after)) return [];
  if (before.length !== after.length) return [`${after.length} classes`];
  const one = moving(before, after);
  if (one >= 0) return [`${names[one]} ${way(before[one], after[one])} to ${brief(after[one])}`];
  return [after.length > SPOKEN ? `${what} moved` : `${what} now ${after.map(brief).join(", ")}`];
}

// What became of single settings: [key, name, its value in words]. A switch is on or off.
export function changed(before, after, fields) {
  return fields.filter(([key]) => !same(before[key], after[key])).map(([key, name, text = String]) => {
    const value = after[key];
    if (typeof value === "boolean") return `${name} ${value ? "on" : "off"}`;
    if (typeof value === "number" && typeof before[key] === "number") return `${name} ${way(before[key], value)} to ${text(value)}`;
    return `${name}: ${text(value)}`.replace(":", " is now");
  });
}

// One sentence, or none where nothing changed. `follows` says what comes of it.
export function told(phrases, follows) {
  if (!phrases.length) return "";
  const what = phrases.length > 3 ? `${phrases.length} settings changed` : listed(phrases);
  return `${what}: ${follows()}.`;
}
