// Points of the plane that the reader chooses, moves, adds and removes, with the pointer or by keyboard.
// The model holds the points and the probe; what is chosen and what a press does stay in the page.

import { clamp, fixed } from "../numerics/numbers.mjs";
import { LIMIT } from "../numerics/regions.mjs";
import { letter } from "../parts/classes.mjs";
import { change, html, setText } from "../parts/ui.mjs";

export const PROBE = -1; // stands for the probe where a point's index is expected
const MAX_POINTS = 200;
const [STEP, FAR_STEP] = [0.1, 0.5];
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

const onPlane = (value) => Number(clamp(value, -LIMIT, LIMIT).toFixed(2));
export const inWords = ([x, y]) => `(${fixed(x)}, ${fixed(y)})`;

// “A 3”: the third point of class A. Points have no other names.
export function nameOf(points, index) {
  if (index === PROBE) return "probe";
  const own = points[index][2];
  return `${letter(own)} ${points.slice(0, index + 1).filter(([, , k]) => k === own).length}`;
}

export function editor(model, { say }, refresh) {
  const spoken = html("p", { class: "sb-hidden", role: "status" });
  const state = { chosen: PROBE, held: null, press: "move" };
  const points = () => model.get("points");
  const placeOf = (index) => (index === PROBE ? model.get("probe") : points()[index].slice(0, 2));
  const announce = (text) => setText(spoken, text);

  function choose(index) {
    state.chosen = clamp(index, PROBE, points().length - 1);
    state.held = null;
    refresh();
  }

  function put(index, x, y) {
    const place = [onPlane(x), onPlane(y)];
    if (index === PROBE) change(model, { probe: place });
    else change(model, { points: points().map((point, i) => (i === index ? [...place, point[2]] : point)) });
  }

  function add(x, y, k) {
    if (points().length === MAX_POINTS) {
      say(`${MAX_POINTS} points are the most.`);
      return;
    }
    state.chosen = points().length;
    change(model, { points: [...points(), [onPlane(x), onPlane(y), k]] });
    announce(`Added ${nameOf(points(), state.chosen)} at ${inWords(placeOf(state.chosen))}.`);
  }

  function remove(index) {
    if (index === PROBE) return;
    const left = points().filter((_, i) => i !== index);
    if (new Set(left.map(([, , k]) => k)).size < 2) {
      say("There must be points of two classes: nothing was removed.");
      return;
    }
    const name = nameOf(points(), index);
    state.chosen = Math.min(state.chosen, left.length - 1);
    state.held = null;
    change(model, { points: left });
    announce(`Removed ${name}. Chosen: ${nameOf(points(), state.chosen)}.`);
  }

  // ── by keyboard: arrows choose; Enter picks up and puts down; arrows then move ──

  function pickUp() {
    state.held = placeOf(state.chosen);
    announce(`Picked up ${nameOf(points(), state.chosen)}. Arrows move it, Enter puts it down.`);
    refresh();
  }

  function putDown() {
    state.held = null;
    announce(`${nameOf(points(), state.chosen)} is at ${inWords(placeOf(state.chosen))}.`);
    refresh();
  }

  function back() {
    put(state.chosen, ...state.held);
    putDown();
  }

  function chooseAt(index) {
    const last = points().length - 1;
    // Round and round: the probe stands before the first point.
    choose(index < PROBE ? last : index > last ? PROBE : index);
    announce(`${nameOf(points(), state.chosen)} at ${inWords(placeOf(state.chosen))}.`);
  }

  function arrow([dx, dy], far) {
    if (!state.held) {
      chooseAt(state.chosen + dx - dy);
      return;
    }
    const step = far ? FAR_STEP : STEP;
    const [x, y] = placeOf(state.chosen);
    put(state.chosen, x + step * dx, y + step * dy);
    announce(inWords(placeOf(state.chosen)));
  }

  function key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const pressed = event.key.length === 1 ? event.key.toUpperCase() : event.key;
    const act = {
      Enter: () => (state.held ? putDown() : pickUp()),
      " ": () => (state.held ? putDown() : pickUp()),
      Escape: state.held && back,
      Home: () => chooseAt(PROBE),
      End: () => chooseAt(points().length - 1),
      Delete: () => remove(state.chosen),
      Backspace: () => remove(state.chosen),
      A: () => add(...model.get("probe"), 0),
      B: () => add(...model.get("probe"), 1),
      C: () => add(...model.get("probe"), 2),
      ...Object.fromEntries(Object.entries(ARROWS).map(([name, way]) => [name, () => arrow(way, event.shiftKey)])),
    }[pressed];
    if (!act) return;
    event.preventDefault();
    act();
  }

  function setPress(press) {
    state.press = press;
    refresh();
  }

  function reset() {
    Object.assign(state, { chosen: PROBE, held: null, press: "move" });
  }

  // Points may have been replaced from outside: by a preset, or by Python.
  function current() {
    state.chosen = Math.min(state.chosen, points().length - 1);
    return state;
  }
  const count = () => points().length;
  return { spoken, current, choose, put, add, remove, key, putDown, setPress, reset, placeOf, count };
}
