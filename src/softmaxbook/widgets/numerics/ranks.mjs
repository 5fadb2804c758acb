// Orders: the places that scores give, and how far two orders agree.

// The place of each value, the largest in the first; equal values share a place.
export const places = (values) => values.map((value) => 1 + values.filter((other) => other > value).length);

// Where a pair stands in two lists: 1 in the same order, −1 in reverse, 0 if either ties it.
export const agreement = (x, y, i, j) => Math.sign(x[i] - x[j]) * Math.sign(y[i] - y[j]);

// Kendall's coefficient τ_b and what it is made of: pairs in the same order, pairs in reverse, pairs
// that only x or only y ties. It is NaN where one list ties all pairs.
export function kendall(x, y) {
  const counts = { same: 0, reversed: 0, tiedX: 0, tiedY: 0, pairs: (x.length * (x.length - 1)) / 2 };
  for (let i = 0; i < x.length; i += 1) {
    for (let j = 0; j < i; j += 1) {
      const sign = agreement(x, y, i, j);
      if (sign > 0) counts.same += 1;
      else if (sign < 0) counts.reversed += 1;
      else if (x[i] !== x[j]) counts.tiedY += 1;
      else if (y[i] !== y[j]) counts.tiedX += 1;
    }
  }
  const { same, reversed, tiedX, tiedY } = counts;
  return { ...counts, tau: (same - reversed) / Math.sqrt((same + reversed + tiedX) * (same + reversed + tiedY)) };
}

// Rising heights, moved by as little as keeps them `gap` apart and none below `lowest`; y runs down.
export function spread(heights, gap, lowest) {
  const moved = [];
  for (const height of heights) moved.push(moved.length ? Math.max(height, moved.at(-1) + gap) : height);
  for (let i = moved.length - 1; i >= 0; i -= 1) {
    moved[i] = Math.min(moved[i], i === moved.length - 1 ? lowest : moved[i + 1] - gap);
  }
  return moved;
}
