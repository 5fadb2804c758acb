// Digits in small: ink drawn so that it follows the page's colours, a row of neighbours, a whole set.

import { fixed } from "../numerics/numbers.mjs";
import { FULL, SMALL } from "../numerics/pictures.mjs";
import { html, setText, svg } from "./ui.mjs";

// One path for each amount of ink, which holds all cells with so much of it: a hundred digits are
// then sixteen shapes. `place(i)` is the upper left corner of cell i.
export function inkPaths(cells, place) {
  const paths = Array.from({ length: FULL + 1 }, () => "");
  cells.forEach((value, i) => {
    if (value) paths[value] += `M${place(i).join(" ")}h1v1h-1z`;
  });
  return paths.map((d, value) => d && svg("path", { d, class: "sb-ink", "fill-opacity": value / FULL })).filter(Boolean);
}

const within = (i, side) => [i % side, Math.floor(i / side)];

// An 8 × 8 digit in a frame. What it shows is said in words beside it.
export function thumbnail() {
  const root = svg("svg", { class: "sb-thumbnail", viewBox: `0 0 ${SMALL} ${SMALL}`, "aria-hidden": "true" });
  let shown = null;
  return {
    root,
    update(digit) {
      if (shown === digit) return;
      shown = digit;
      root.replaceChildren(...inkPaths(digit, (i) => within(i, SMALL)));
    },
  };
}

// The digits nearest to the drawing, with what they are and how far.
export function neighbourRow(title) {
  const list = html("ol", { class: "sb-neighbours" });
  let shown = null;
  return {
    root: html("div", { role: "group", "aria-label": title }, html("p", { class: "sb-title" }, title), list),
    update(found, digits, labels) {
      if (shown === found) return;
      shown = found;
      list.replaceChildren(...found.map(({ place, distance }) => {
        const small = thumbnail();
        small.update(digits[place]);
        return html("li", {}, small.root, html("b", {}, String(labels[place])), " at ",
          html("data", { value: String(distance) }, fixed(distance, 1)));
      }));
    },
  };
}

const PITCH = SMALL + 2;

// All labelled digits in one picture, a column for each class. They come class after class.
export function contactSheet() {
  const picture = svg("svg", { class: "sb-sheet", role: "img", preserveAspectRatio: "xMinYMid" });
  const caption = html("figcaption");
  let shown = null;
  return {
    root: html("figure", {}, picture, caption),
    update({ digits, labels }) {
      if (shown === digits) return;
      shown = digits;
      const columns = new Set(labels).size;
      const each = digits.length / columns;
      const place = (i) => {
        const [digit, [x, y]] = [Math.floor(i / SMALL ** 2), within(i % SMALL ** 2, SMALL)];
        return [Math.floor(digit / each) * PITCH + x, (digit % each) * PITCH + y];
      };
      const text = `The ${digits.length} labelled digits, ${each} of each class: all that the heads learn from.`;
      picture.setAttribute("viewBox", `0 0 ${columns * PITCH - 2} ${each * PITCH - 2}`);
      picture.setAttribute("aria-label", text);
      picture.replaceChildren(...inkPaths(digits.flat(), place));
      setText(caption, text);
    },
  };
}
