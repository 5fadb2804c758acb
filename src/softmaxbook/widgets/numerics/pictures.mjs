// Small pictures of digits: as they are stored, as the reader draws them, and as the network sees
// them. Ink is counted in whole sixteenths, as scikit-learn's digits count it.
//
// The data's digits were bitmaps of 32 × 32 pixels, counted in blocks down to 8 × 8 numbers from 0
// to 16. A drawing goes the same way: its 16 × 16 cells are averaged in blocks of 2 × 2, and the
// 8 × 8 numbers are enlarged for the network exactly as those of the data are.

import { clamp, range } from "./numbers.mjs";

export const SMALL = 8;
export const SIDE = 16;
export const FULL = 16; // sixteenths

// Digits from their text, one character a pixel: 0 to 9, then a to g.
export function decoded(text) {
  const size = SMALL * SMALL;
  return range(text.length / size).map((k) => Array.from(text.slice(k * size, (k + 1) * size), (c) => parseInt(c, FULL + 1)));
}

// What the network sees of an 8 × 8 digit: 16 × 16 numbers from 0 to 1, by linear interpolation
// between the centres of pixels. It follows `resized` in targets.py.
export function enlarged(digit) {
  const steps = range(SIDE).map((i) => {
    const place = clamp((i + 0.5) / 2 - 0.5, 0, SMALL - 1);
    const first = Math.min(Math.floor(place), SMALL - 2);
    return [first, place - first];
  });
  const at = (row, column) => digit[row * SMALL + column] / FULL;
  return steps.flatMap(([row, down]) => steps.map(([column, right]) => Math.fround(
    (1 - down) * ((1 - right) * at(row, column) + right * at(row, column + 1))
    + down * ((1 - right) * at(row + 1, column) + right * at(row + 1, column + 1)),
  )));
}

const blocks = (row, column) => 2 * row * SIDE + 2 * column;

// The 8 × 8 digit that a drawing of 16 × 16 cells is counted down to; halves are rounded up.
export function counted(ink) {
  return range(SMALL * SMALL).map((i) => {
    const at = blocks(Math.floor(i / SMALL), i % SMALL);
    return Math.floor((ink[at] + ink[at + 1] + ink[at + SIDE] + ink[at + SIDE + 1] + 2) / 4);
  });
}

// The drawing that is counted down to this digit: each of its pixels four times.
export function doubled(digit) {
  return range(SIDE * SIDE).map((i) => digit[SMALL * Math.floor(i / (2 * SIDE)) + Math.floor((i % SIDE) / 2)]);
}

export const PEN = 2.2; // cells; as wide as the strokes of the data's zeros (tests/widgets/test_pictures.py)

// The drawing after a stroke of the pen from one place to another, in cells from the upper left
// corner. A cell holds the ink of the darkest stroke over it; an eraser takes the same away.
export function stroked(ink, [x0, y0], [x1, y1], erases = false) {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const long = dx * dx + dy * dy;
  return ink.map((value, i) => {
    const [x, y] = [(i % SIDE) + 0.5 - x0, Math.floor(i / SIDE) + 0.5 - y0];
    const along = long ? clamp((x * dx + y * dy) / long, 0, 1) : 0;
    const distance = Math.hypot(x - along * dx, y - along * dy);
    const covered = Math.round(FULL * clamp(PEN / 2 + 0.5 - distance, 0, 1));
    return erases ? Math.min(value, FULL - covered) : Math.max(value, covered);
  });
}

// The drawing, scaled to the full height of the frame (or its width, where it is wider than high)
// and put in the middle, as the data's digits were. An empty drawing stays empty.
export function fitted(ink) {
  const inked = range(SIDE * SIDE).filter((i) => ink[i] >= FULL / 4);
  if (!inked.length) return ink;
  const ends = (values) => [Math.min(...values), Math.max(...values) + 1];
  const [left, right] = ends(inked.map((i) => i % SIDE));
  const [top, bottom] = ends(inked.map((i) => Math.floor(i / SIDE)));
  const scale = Math.max(right - left, bottom - top) / SIDE;
  const from = (middle) => (i) => middle + (i + 0.5 - SIDE / 2) * scale - 0.5;
  const [across, down] = [from((left + right) / 2), from((top + bottom) / 2)];
  return range(SIDE * SIDE).map((i) => Math.round(sampled(ink, across(i % SIDE), down(Math.floor(i / SIDE)))));
}

// The ink at a place between the centres of cells; there is none outside.
function sampled(ink, x, y) {
  const [column, row] = [Math.floor(x), Math.floor(y)];
  const at = (r, c) => (r >= 0 && r < SIDE && c >= 0 && c < SIDE ? ink[r * SIDE + c] : 0);
  const [right, below] = [x - column, y - row];
  return (1 - below) * ((1 - right) * at(row, column) + right * at(row, column + 1))
    + below * ((1 - right) * at(row + 1, column) + right * at(row + 1, column + 1));
}
