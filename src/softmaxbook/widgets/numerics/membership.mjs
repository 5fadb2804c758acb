// How well a threshold tells members from others by their scores.

import { ascending, sum } from "./softmax.mjs";

// The share of scores that reach a threshold.
export const reaching = (scores, threshold) => scores.filter((score) => score >= threshold).length / scores.length;

// [others, members]: the shares that each threshold calls members, from the strictest to the laxest.
export const guesses = (members, others) => [Infinity, ...ascending([...members, ...others]).reverse()]
  .map((threshold) => [reaching(others, threshold), reaching(members, threshold)]);

// How often a member scores higher than another picture; ties count half.
export function area(members, others) {
  const beats = (a) => sum(others.map((b) => (a > b ? 1 : a === b ? 0.5 : 0)));
  return sum(members.map(beats)) / (members.length * others.length);
}

// The threshold with the largest difference of the two shares; the highest of them.
export function bestThreshold(members, others) {
  const thresholds = ascending([...members, ...others]).reverse();
  const gains = thresholds.map((t) => reaching(members, t) - reaching(others, t));
  return thresholds[gains.indexOf(Math.max(...gains))];
}
