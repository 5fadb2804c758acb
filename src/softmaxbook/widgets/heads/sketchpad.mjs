// A sheet of 16 × 16 cells to draw on, with the pointer or by keyboard.

import { clamp } from "../numerics/numbers.mjs";
import { FULL, SIDE, stroked } from "../numerics/pictures.mjs";
import { inkPaths } from "../parts/thumbnails.mjs";
import { html, setText, svg } from "../parts/ui.mjs";

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const KEYS = "Arrow keys move the cursor, Space inks, Shift with an arrow draws a line, Delete erases.";

const cellAt = (i) => [i % SIDE, Math.floor(i / SIDE)];
const centre = ([x, y]) => [x + 0.5, y + 0.5];

// `get()` is the drawing, `put(ink)` takes a new one, `erases()` says what the pointer does.
export function board({ get, put, erases, signal }) {
  const ink = svg("g");
  const cursor = svg("rect", { width: 1, height: 1, class: "sb-cursor" });
  const root = svg("svg", { class: "sb-board", viewBox: `0 0 ${SIDE} ${SIDE}`, role: "application", tabindex: 0 }, ink, cursor);
  const spoken = html("p", { class: "sb-hidden", role: "status" });
  const keys = html("p", { class: "sb-note sb-keys noprint" }, KEYS);
  let at = [SIDE / 2, SIDE / 2];
  let last = null; // where the pointer's stroke has come to

  const line = (from, to, takes) => put(stroked(get(), from, to, takes));

  function place({ clientX, clientY }) {
    const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(root.getScreenCTM().inverse());
    return [x, y];
  }
  const on = (type, listener) => root.addEventListener(type, listener, { signal });
  on("pointerdown", (event) => {
    if (event.button !== 0 || !event.isPrimary) return;
    root.setPointerCapture(event.pointerId);
    last = place(event);
    line(last, last, erases());
  });
  on("pointermove", (event) => {
    if (!last) return;
    const next = place(event);
    line(last, next, erases());
    last = next;
  });
  for (const type of ["pointerup", "pointercancel", "lostpointercapture"]) on(type, () => { last = null; });

  // ── by keyboard ──

  function move([dx, dy], draws) {
    const before = at;
    at = [clamp(at[0] + dx, 0, SIDE - 1), clamp(at[1] + dy, 0, SIDE - 1)];
    if (draws) line(centre(before), centre(at), false);
    tell();
  }
  const dot = (takes) => () => {
    line(centre(at), centre(at), takes);
    tell();
  };
  function tell() {
    const [x, y] = at;
    cursor.setAttribute("x", x);
    cursor.setAttribute("y", y);
    setText(spoken, `Row ${y + 1}, column ${x + 1}: ${get()[y * SIDE + x]} sixteenths of ink.`);
  }
  on("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const acts = {
      " ": dot(false), Enter: dot(false), Delete: dot(true), Backspace: dot(true),
      ...Object.fromEntries(Object.entries(ARROWS).map(([key, way]) => [key, () => move(way, event.shiftKey)])),
    };
    if (!acts[event.key]) return;
    event.preventDefault();
    acts[event.key]();
  });

  let shown = null;
  return {
    root: html("div", {}, root, keys, spoken),
    update(drawing) {
      if (shown === drawing) return;
      shown = drawing;
      ink.replaceChildren(...inkPaths(drawing, cellAt));
      const inked = drawing.filter((value) => value >= FULL / 2).length;
      root.setAttribute("aria-label", `Drawing of ${SIDE} by ${SIDE} cells, ${inked} of them inked. ${KEYS}`);
      cursor.setAttribute("x", at[0]);
      cursor.setAttribute("y", at[1]);
    },
  };
}
