// One panel: the plane as one method divides it, with the points and the probe on it.

import { clamp } from "../numerics/numbers.mjs";
import { centre, hatch, LIMIT, modelLines, reaches, regions, share } from "../numerics/regions.mjs";
import { colour, letter } from "../parts/classes.mjs";
import { svg } from "../parts/ui.mjs";
import { PROBE } from "./points.mjs";

const SIZE = 240; // of the drawing
export const LEVELS = [0.6, 0.9];
const NEAR = { mouse: 12, pen: 16, touch: 26 }; // pixels from which a point is taken hold of
const KEYS = "Arrow keys choose a point or the probe, Enter picks it up, arrows then move it. "
  + "A, B or C adds a point at the probe, Delete removes the chosen one.";

// A circle, a cross, a square: the shapes that the printed picture has.
const SHAPES = [
  "M-4.5,0a4.5,4.5 0 1,0 9,0a4.5,4.5 0 1,0 -9,0z",
  "M-4,-4L4,4M-4,4L4,-4",
  "M-4,-4H4V4H-4z",
];
export const GLYPHS = ["●", "✕", "■"];
const DIAMOND = "M0,-8L8,0L0,8L-8,0z";

const view = ([x, y]) => [((x + LIMIT) / (2 * LIMIT)) * SIZE, ((LIMIT - y) / (2 * LIMIT)) * SIZE];
const plane = ({ x, y }) => [(x / SIZE) * 2 * LIMIT - LIMIT, LIMIT - (y / SIZE) * 2 * LIMIT];
const shift = (place) => `translate(${view(place).map((x) => x.toFixed(2)).join(",")})`;
const trace = (places) => places.map((place) => view(place).map((x) => x.toFixed(1)).join(",")).join("L");
const closed = (polygon) => `M${trace(polygon)}z`;
const open = (places) => `M${trace(places)}`;

// A shape of a class, for the plane; a cross is all outline.
function mark(k) {
  return svg("path", { d: SHAPES[k], class: k === 1 ? "sb-point sb-cross" : "sb-point", style: `--sb-colour: ${colour(k)}` });
}

// The squared distance of a place from the nearest of others, at most that of LIMIT.
function room([x, y], others) {
  let nearest = LIMIT ** 2;
  for (const [u, v] of others) nearest = Math.min(nearest, (u - x) ** 2 + (v - y) ** 2);
  return nearest;
}

// Where in a polygon a word hides the least: of some places, the one farthest from all that is `taken`.
function free(polygon, taken) {
  const middle = centre(polygon);
  const towards = (share) => polygon.map((corner) => corner.map((x, axis) => middle[axis] + share * (x - middle[axis])));
  const places = [middle, ...towards(0.4), ...towards(0.72)].map((place) => place.map((x) => clamp(x, -0.9 * LIMIT, 0.9 * LIMIT)));
  const rooms = places.map((place) => room(place, taken));
  return places[rooms.indexOf(Math.max(...rooms))];
}

// The letter of each class in its largest region, and who claims the open ones, where there is room.
function words(method, { fitted, points, probe }, { won, open: undecided }) {
  const taken = [...points, probe];
  const write = (polygon, attributes, text) => {
    const place = free(polygon, taken);
    taken.push(place);
    const [x, y] = view(place);
    const anchor = x < 0.2 * SIZE ? "start" : x > 0.8 * SIZE ? "end" : "middle";
    return svg("text", { x, y: y + 5, "text-anchor": anchor, ...attributes }, text);
  };
  const name = (k) => letter(fitted.classes[k]);
  const sorted = [...won].sort((a, b) => share(b.polygon) - share(a.polygon));
  const letters = fitted.classes.flatMap((k, place) => {
    const region = sorted.find(({ winner, polygon }) => winner === place && share(polygon) > 0.01);
    return region ? [write(region.polygon, { class: "sb-territory", fill: colour(k) }, name(place))] : [];
  });
  const claims = undecided.filter(({ polygon }) => share(polygon) > 0.025).map(({ claims: yes, polygon }) => (
    write(polygon, { class: "sb-territory sb-open" }, method === "ones" ? "tie" : yes.map(name).join(" + ") || "none")));
  return [...letters, ...claims];
}

// The hatching of places where no model, or several, claim the point: two directions.
const hatched = ({ polygon, claims }) => hatch(polygon, claims.length ? -Math.PI / 4 : Math.PI / 4, 0.28);

// What lies under the points, from the regions up.
function ground(method, state, found) {
  const { fitted } = state;
  const hue = (k) => colour(fitted.classes[k]);
  const shades = reaches(method, fitted, LEVELS).flatMap((levels, k) => levels.map((loops) => (
    svg("path", { d: loops.map(closed).join(""), fill: hue(k), class: "sb-reach" }))));
  const lines = modelLines(method, fitted).map(({ of, ends }) => (
    svg("path", { d: open(ends), class: "sb-mind", stroke: of.length === 1 ? hue(of[0]) : "var(--sb-muted)" })));
  return [
    ...found.won.map(({ winner, polygon }) => svg("path", { d: closed(polygon), fill: hue(winner), class: "sb-region" })),
    ...shades,
    svg("path", { d: found.open.flatMap(hatched).map(open).join(""), class: "sb-hatch" }),
    svg("path", { d: found.won.map(({ polygon }) => closed(polygon)).join(""), class: "sb-border" }),
    ...lines,
    ...words(method, state, found),
  ];
}

export function panel(method, title, edit, signal) {
  const under = svg("g");
  const marks = svg("g");
  const ring = svg("circle", { r: 9, class: "sb-ring" });
  const probe = svg("path", { d: DIAMOND, class: "sb-probe" });
  // One of the panels is a stop of the tab key: the one that was used last.
  const root = svg("svg", { class: "sb-plane", viewBox: `0 0 ${SIZE} ${SIZE}`, role: "application", tabindex: -1 },
    under, marks, ring, probe);
  let drawn = "";
  let shown = null; // the fit that is drawn: a probe that moves changes nothing under it

  function drawPoints(points, wrong) {
    const shapes = points.map(([, , k]) => k).join();
    if (shapes !== drawn) {
      drawn = shapes;
      marks.replaceChildren(...points.map(([, , k]) => svg("g", {}, svg("circle", { r: 8, class: "sb-error" }), mark(k))));
    }
    points.forEach((point, i) => {
      marks.children[i].setAttribute("transform", shift(point));
      marks.children[i].classList.toggle("sb-wrong", wrong[i]);
    });
  }

  function update(state) {
    const { points, probe: place, selection: { chosen, held } } = state;
    if (state.fitted !== shown) {
      shown = state.fitted;
      under.replaceChildren(...ground(method, state, state.regions[method]));
      drawPoints(points, state.verdicts[method].wrong);
    }
    probe.setAttribute("transform", shift(place));
    ring.setAttribute("transform", shift(edit.placeOf(chosen)));
    ring.classList.toggle("sb-round-probe", chosen === PROBE);
    root.classList.toggle("sb-held", held !== null);
    root.setAttribute("aria-label", `${title}: plane with ${points.length} points and a probe. ${KEYS}`);
  }
  listen(root, edit, signal);
  return { root, update };
}

// ── the pointer ──────────────────────────────────────────────────────────────────────────────

function placeUnder(root, { clientX, clientY }) {
  return plane(new DOMPoint(clientX, clientY).matrixTransform(root.getScreenCTM().inverse()));
}

// The index of the nearest point, PROBE, or null where nothing is near.
function nearest(edit, root, [x, y], kind) {
  const reach = (NEAR[kind] ?? NEAR.touch) * ((2 * LIMIT) / root.getBoundingClientRect().width);
  const distance = (index) => {
    const [u, v] = edit.placeOf(index);
    return Math.hypot(u - x, v - y);
  };
  const indices = Array.from({ length: edit.count() + 1 }, (_, i) => i - 1);
  const best = indices.reduce((a, b) => (distance(b) < distance(a) ? b : a));
  return distance(best) <= reach ? best : null;
}

function listen(root, edit, signal) {
  let grip = null; // what is dragged, and where it lies from the pointer
  let [kind, dragged] = ["mouse", false];
  const on = (type, listener, options = {}) => root.addEventListener(type, listener, { signal, ...options });

  function take(index, place) {
    edit.choose(index);
    grip = { index, offset: edit.placeOf(index).map((x, axis) => x - place[axis]) };
    dragged = true;
  }

  on("pointerdown", (event) => {
    if (event.button !== 0 || !event.isPrimary) return;
    [kind, dragged] = [event.pointerType, false];
    if (edit.current().press !== "move") return;
    root.setPointerCapture(event.pointerId);
    if (kind === "touch") return;
    const place = placeUnder(root, event);
    const near = nearest(edit, root, place, kind);
    if (near === null) edit.put(PROBE, ...place);
    take(near ?? PROBE, place);
  });
  // Comes next of a finger: near a point it drags the point, elsewhere it scrolls the page, and the
  // probe comes only when it taps. See `draggable`.
  on("touchstart", (event) => {
    if (edit.current().press !== "move" || event.touches.length !== 1 || !event.cancelable) return;
    const place = placeUnder(root, event.touches[0]);
    const near = nearest(edit, root, place, "touch");
    if (near === null) return;
    event.preventDefault();
    take(near, place);
  }, { passive: false });
  on("pointermove", (event) => {
    if (!grip || !event.isPrimary) return;
    const [x, y] = placeUnder(root, event);
    edit.put(grip.index, x + grip.offset[0], y + grip.offset[1]);
  });
  for (const type of ["pointerup", "pointercancel", "lostpointercapture"]) on(type, () => { grip = null; });

  on("click", (event) => {
    if (dragged) return;
    const place = placeUnder(root, event);
    const { press } = edit.current();
    const near = nearest(edit, root, place, kind);
    if (press === "move") edit.put(PROBE, ...place);
    else if (press !== "remove") edit.add(...place, "ABC".indexOf(press));
    else if (near !== null) edit.remove(near);
  });

  on("keydown", edit.key);
  on("blur", () => edit.current().held && edit.putDown());
}
