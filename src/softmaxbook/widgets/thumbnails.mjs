// Digits in small: ink drawn so that it follows the page's colours, a row of neighbours, a whole set.

import { FULL, SMALL } from "./pictures.mjs";
import { fixed, html, svg } from "./ui.mjs";

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

// The digits nearest to the drawing, with what they are and how far.
export function neighbourRow(title) {
  const list = html("ol", { class: "sb-neighbours" });
  return {
    root: html("div", { role: "group", "aria-label": title }, html("p", { class: "sb-title" }, title), list),
    update(found, digits, labels) {
      list.replaceChildren(...found.map(({ place, distance }) => html("li", {},
        svg("svg", { class: "sb-thumbnail", viewBox: `0 0 ${SMALL} ${SMALL}`, "aria-hidden": "true" },
          ...inkPaths(digits[place], (i) => within(i, SMALL))),
        html("b", {}, String(labels[place])), " at ", html("data", { value: String(distance) }, fixed(distance, 1)))));
    },
  };
}

const COLUMNS = 20;
const PITCH = SMALL + 2;

// All labelled digits in one picture.
export function contactSheet() {
  const picture = svg("svg", { class: "sb-sheet", role: "img" });
  const caption = html("figcaption");
  let shown = null;
  return {
    root: html("figure", {}, picture, caption),
    update({ digits, labels }) {
      if (shown === digits) return;
      shown = digits;
      const columns = Math.min(COLUMNS, digits.length);
      const cells = digits.flat();
      const place = (i) => {
        const [digit, [x, y]] = [Math.floor(i / SMALL ** 2), within(i % SMALL ** 2, SMALL)];
        return [(digit % columns) * PITCH + x, Math.floor(digit / columns) * PITCH + y];
      };
      const rows = Math.ceil(digits.length / columns);
      const each = digits.length / new Set(labels).size;
      const text = `The ${digits.length} labelled digits, ${each} of each class: all that the heads learn from.`;
      picture.setAttribute("viewBox", `0 0 ${columns * PITCH - 2} ${rows * PITCH - 2}`);
      picture.setAttribute("aria-label", text);
      picture.replaceChildren(...inkPaths(cells, place));
      caption.textContent = text;
    },
  };
}

