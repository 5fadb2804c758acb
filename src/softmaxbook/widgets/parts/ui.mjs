// The controls that explorables are built from: real inputs, labelled, reachable by keyboard, and
// without ids, so that one page can hold an explorable several times.

import { clamp, parseNumber, range } from "../numerics/numbers.mjs";
import { helper, place, teller } from "./reading.mjs";

const SVG = "http://www.w3.org/2000/svg";

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

// What a control shows follows from the traits. A browser that comes back to a page would fill in what
// stood there when it was left, beside a figure that begins anew: it is asked not to.
const FILLED_IN = new Set(["input", "select", "textarea"]);

export function html(tag, attributes = {}, ...children) {
  const own = FILLED_IN.has(tag) ? { autocomplete: "off", ...attributes } : attributes;
  return fill(document.createElement(tag), own, children);
}

export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

// Letters that stand alone are symbols, as in “p − y”: set as formulas set them. “a” is a word, and
// the first capitals are names of classes.
export function symbols(text) {
  const words = text.split(/([\p{Ll}\p{Lu}'’-]+)/u).filter(Boolean);
  return words.map((word) => (/^(?![aA-GΣ])[\p{Ll}\p{Lu}]$/u.test(word) ? html("i", {}, word) : word));
}

// The same for the text of a drawing.
export const drawnSymbols = (text) => symbols(text).map((part) => (
  typeof part === "string" ? part : svg("tspan", { class: "sb-symbol" }, part.textContent)));

// A formula with values in it: what the template says is set by `symbols`, values are set as they are.
export function formula(literals, ...values) {
  return literals.flatMap((text, i) => [...symbols(text), ...[values[i] ?? []].flat()]);
}

// e to a power, which is a number or a formula.
export const power = (exponent) => [html("i", {}, "e"), html("sup", {}, ...[exponent].flat())];

// Writing the same text again would make a screen reader and the layout work for nothing.
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

// The same for a text with symbols in it.
export function setSymbols(node, text) {
  if (node.textContent !== text) node.replaceChildren(...symbols(text));
}

// What can be dragged on a screen is not said on paper.
const onScreen = (...said) => html("span", { class: "sb-on-screen" }, ...said);

export function setCaption(node, text) {
  if (node.textContent === text) return;
  const [shown, ...asked] = text.split(/(?= Drag )/);
  node.replaceChildren(...symbols(shown), ...asked.map((each) => onScreen(...symbols(each))));
}

export function columnHead(text) {
  return text.startsWith("drag ") ? onScreen(...symbols(text)) : html("span", {}, ...symbols(text));
}

// What replaceChildren does, for what only shows: nodes that are there take over how the new ones look, and
// those that look the same are left alone, so that nothing has to be laid out for them.
export function renew(node, ...children) {
  let here = node.firstChild;
  for (const child of children) {
    const next = typeof child === "string" ? document.createTextNode(child) : child;
    if (here) {
      const after = here.nextSibling;
      become(here, next);
      here = after;
    } else node.append(next);
  }
  while (here) {
    const after = here.nextSibling;
    here.remove();
    here = after;
  }
}

function become(node, next) {
  if (node.isEqualNode(next)) return;
  if (node.nodeName !== next.nodeName) return node.replaceWith(next);
  if (node.nodeType === Node.TEXT_NODE) {
    node.data = next.data;
    return;
  }
  for (const name of node.getAttributeNames()) if (!next.hasAttribute(name)) node.removeAttribute(name);
  for (const { name, value } of next.attributes) if (node.getAttribute(name) !== value) node.setAttribute(name, value);
  renew(node, ...next.childNodes);
}

const ARROWS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 };
const PAGES = { PageUp: 1, PageDown: -1 };
const FINE = 250; // of more steps than these, an arrow takes several

// Lets keys move a range input by what a reader sees: an arrow by a step, or by a hundredth of the way
// where steps are fine, and on until it reads differently; Page by a tenth; Home and End to the ends.
// The browser's own steps may be smaller than the rounding of the value: each would be undone.
// No arrow passes over one of the `stops`: wherever it set out from, it stands there first.
function moveByKeys(input, { onInput, describe, signal, stops = [] }) {
  input.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || input.disabled) return;
    const [low, high, step, here] = [input.min, input.max, input.step, input.value].map(Number);
    const onGrid = (position) => {
      input.value = position;
      return Number(input.value);
    };
    const direction = ARROWS[event.key] ?? PAGES[event.key];
    let there = { Home: low, End: high }[event.key];
    if (direction) {
      const steps = (high - low) / step;
      const stride = direction * step * (event.key in PAGES ? Math.ceil(steps / 10) : steps > FINE ? Math.round(steps / 100) : 1);
      const before = describe(here);
      const passed = (stop) => !(event.key in PAGES) && (stop - here) * direction > 0 && (there - stop) * direction > 0;
      let count = 0;
      do {
        count += 1;
        const wanted = here + count * stride;
        there = wanted <= low ? low : wanted >= high ? high : onGrid(wanted);
      } while (there > low && there < high && describe(there) === before);
      const nearest = stops.filter((stop) => passed(stop) && describe(stop) !== before)
        .sort((a, b) => (a - b) * direction)[0];
      there = nearest ?? there;
    }
    if (there === undefined) return;
    event.preventDefault();
    input.value = there;
    onInput(there);
  }, { signal });
}

// A finger that comes down on a slider moves it, also where it then scrolls the page: that is undone.
// `now()` is the value itself, of which the input may hold the nearest step alone.
function keepWhileScrolling(input, { onInput, now, signal }) {
  let before = null;
  input.addEventListener("pointerdown", () => { before = { shown: input.value, value: now() }; }, { signal });
  input.addEventListener("pointercancel", () => {
    if (before === null || input.value === before.shown) return;
    input.value = before.shown;
    onInput(before.value);
  }, { signal });
}

// Hears a range input: pointer, touch and keys. Returns what puts it at a value.
export function listen(input, { onInput, describe, signal, stops }) {
  let value;
  input.addEventListener("input", () => onInput(Number(input.value)), { signal });
  moveByKeys(input, { onInput, describe, signal, stops });
  keepWhileScrolling(input, { onInput, now: () => value, signal });
  return (next) => {
    value = next;
    input.value = next;
  };
}

// A range input with its name before it and its value after it.
// `describe(position)` is the text that is shown and that a screen reader announces.
export function slider({ name, hint, min, max, step, onInput, describe, signal, stops }) {
  const input = html("input", { type: "range", min, max, step, title: hint });
  const value = html("span", { class: "sb-value", "aria-hidden": "true" });
  const label = html("label", {}, html("span", { class: "sb-name" }, ...symbols(name)), input);
  const root = html("div", { class: "sb-control" }, label, value);
  const put = listen(input, { onInput, describe, signal, stops });
  const set = (position) => {
    put(position);
    input.setAttribute("aria-valuetext", describe(position));
    setText(value, describe(position));
  };
  return { root, input, set };
}

// A slider along the logarithm of its value, for what acts as a factor. The value is rounded to so many
// `digits`; arrows stand on 1, 2 and 5 and their tens, from wherever they come. `places` are fewer steps.
export function logSlider({ min, max, digits, places, onInput, describe, ...given }) {
  const rounded = (position) => clamp(Number(Math.exp(position).toPrecision(digits)), min, max);
  // A hair less, so that the last step is within reach.
  const step = places ? (Math.log(max / min) / places) * (1 - 1e-9) : 0.001;
  const tens = range(1 + Math.ceil(Math.log10(max / min))).map((k) => Math.floor(Math.log10(min)) + k);
  const { set, ...rest } = slider({
    ...given, min: Math.log(min), max: Math.log(max), step,
    stops: tens.flatMap((ten) => [1, 2, 5].map((round) => Math.log(Number(`${round}e${ten}`)))),
    onInput: (position) => onInput(rounded(position)), describe: (position) => describe(rounded(position)),
  });
  return { ...rest, set: (value) => set(Math.log(value)) };
}

// A range input that looks like a bar from zero to the value; dragging the bar is dragging the thumb.
export function barSlider({ name, min, max, step, colour, onInput, describe, signal }) {
  const fraction = (value) => (clamp(value, min, max) - min) / (max - min);
  const input = html("input", { type: "range", min, max, step, "aria-label": name });
  const bar = html("span", { class: "sb-fill" });
  const zero = html("span", { class: "sb-zero" });
  const root = html("div", { class: "sb-bar sb-draggable", style: `--sb-colour: ${colour}` }, zero, bar, input);
  root.style.setProperty("--sb-from", fraction(0));
  const put = listen(input, { onInput, describe, signal });
  const set = (value) => {
    put(value);
    input.setAttribute("aria-valuetext", describe(value));
    root.style.setProperty("--sb-to", fraction(value));
    bar.classList.toggle("sb-negative", value < 0);
  };
  return { root, input, set };
}

// Whether a key is an input method's: Enter confirms its word, arrows choose among its words.
// Safari says so by the key's code alone.
export const composing = (event) => event.isComposing || event.keyCode === 229;

// A field for a typed number. A text that is no number within the bounds is refused with a message
// and the last good value stays in force. What is being typed is left alone until it is entered,
// and a text that is right is not written again: Firefox would forget that it is selected.
export function numberField({ name, min, max, step = 0.1, decimals = 2, onValue, say, signal }) {
  const input = html("input", {
    type: "text", inputmode: min < 0 ? "text" : "decimal", class: "sb-number", "aria-label": name,
  });
  let good = 0;
  let written = "";
  const tiny = () => good !== 0 && Math.abs(good) < 0.5 * 10 ** -decimals;
  const shown = () => String(Number(tiny() ? good.toPrecision(3) : good.toFixed(decimals)));
  const write = () => {
    written = shown();
    if (input.value !== written) input.value = written;
  };
  const edited = () => input.getRootNode().activeElement === input && input.value !== written;
  const commit = () => {
    if (input.value === shown()) return;
    const value = parseNumber(input.value);
    const refused = !(value >= min && value <= max);
    const [low, high, kept] = [min, max, shown()].map((number) => String(number).replace("-", "−"));
    const why = input.value.trim() ? `“${input.value}” is not a number from ${low} to ${high}` : "Nothing was typed";
    say(refused ? `${why}; kept ${kept}.` : "");
    if (!refused) onValue(value);
    write();
  };
  const nudge = (event) => {
    if (composing(event)) return;
    const direction = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (event.key === "Enter") commit();
    if (!direction) return;
    event.preventDefault();
    commit();
    onValue(clamp(Number((good + direction * step).toFixed(6)), min, max));
  };
  input.addEventListener("change", commit, { signal });
  input.addEventListener("keydown", nudge, { signal });
  const set = (value) => {
    good = value;
    if (!edited()) write();
  };
  return { root: input, input, set };
}

export function button(text, onClick, signal, attributes = {}) {
  const root = html("button", { type: "button", class: "sb-button", ...attributes }, text);
  root.addEventListener("click", onClick, { signal });
  return root;
}

// A labelled choice among a few. `options` maps values to texts, or is a list of such pairs where
// the order of keys that look like whole numbers matters.
export function choice({ name, options, onChange, signal }) {
  const entries = (Array.isArray(options) ? options : Object.entries(options)).map(([value, text]) => html("option", { value }, text));
  const select = html("select", {}, ...entries);
  const root = html("label", { class: "sb-choice" }, html("span", { class: "sb-name" }, ...symbols(name)), select);
  select.addEventListener("change", () => onChange(select.value), { signal });
  const set = (value) => {
    select.value = value;
  };
  return { root, select, set };
}

export function checkbox({ name, onChange, signal }) {
  const input = html("input", { type: "checkbox" });
  const root = html("label", { class: "sb-check" }, input, html("span", {}, ...symbols(name)));
  input.addEventListener("change", () => onChange(input.checked), { signal });
  const set = (value) => {
    input.checked = value;
  };
  return { root, input, set };
}

// A choice among a few that stand beside each other. `options` maps values to texts.
export function segments({ name, options, onChange, signal }) {
  const inputs = Object.keys(options).map((value) => html("input", { type: "radio", name: "segment", value }));
  const labels = inputs.map((input) => html("label", { class: "sb-segment" }, input, html("span", {}, options[input.value])));
  const group = html("div", { class: "sb-segments", role: "radiogroup", "aria-label": name },
    html("span", { class: "sb-name", "aria-hidden": "true" }, name), ...labels);
  // The form keeps the radio buttons of several explorables apart; it is never sent.
  const root = html("form", {}, group);
  for (const input of inputs) input.addEventListener("change", () => onChange(input.value), { signal });
  root.addEventListener("submit", (event) => event.preventDefault(), { signal });
  const set = (value) => inputs.forEach((input) => { input.checked = input.value === String(value); });
  return { root, inputs, set };
}

// A table that scrolls by itself where the page is narrow, by keyboard too.
export function scrollable(name, ...children) {
  return html("div", { class: "sb-scroll", role: "group", "aria-label": name, tabindex: "0" }, ...children);
}

const soundModule = () => import("./sound.mjs");
let silence = () => {}; // ends what is playing, wherever it is

// The button that plays what `heard()` finds: names and probabilities, or null where there are none.
function player(heard, { say, signal }) {
  let stop = null;
  async function toggle() {
    if (stop) return stop();
    silence();
    // Made within the press: some browsers allow no sound later.
    const context = new AudioContext();
    let ended = false;
    const finish = () => {
      stop = null;
      setText(root, "Listen");
    };
    silence = stop = () => { // before it plays
      ended = true;
      finish();
    };
    setText(root, "Stop");
    const [{ play }, found] = await Promise.all([soundModule(), heard()]);
    if (ended) return context.close();
    if (!found) {
      say("There is no distribution to hear here.");
      context.close();
      return finish();
    }
    silence = stop = play(context, found.probabilities, finish);
    return context.resume();
  }
  const root = button("Listen", toggle, signal, { title: "hear the probabilities, one note a class" });
  signal.addEventListener("abort", () => stop?.());
  return root;
}

const UNSELECTED = ".sb-grab, .sb-plane, .sb-board"; // what is dragged, or drawn on

// Where a browser has no such call, a moment later is idle enough.
const whenIdle = (then) => (globalThis.requestIdleCallback ?? ((later) => setTimeout(later, 200)))(then);

// The frame around an explorable: its heading, its body, a summary in words, “reset” and “copy as
// Python”, and “play” where it `plays` a distribution. `words` fetches the module that holds what is
// heard: HELP for each control, `sentence(before, after)` and `heard(state)`. Where the figure shows all
// that the summary says, it is `onlyHeard`.
export function frame(el, { name, reset, python, words = async () => ({}), plays = false, onlyHeard = false }) {
  const controller = new AbortController();
  const { signal } = controller;
  const summary = html("p", { class: onlyHeard ? "sb-summary sb-hidden" : "sb-summary" });
  const status = html("p", { class: "sb-hidden", role: "status" });
  const heading = html("div", { class: "sb-hidden", role: "heading", "aria-level": 3 }, name);
  const message = html("span", { class: "sb-message", role: "status" });
  const body = html("div", { class: "sb-body" });
  // Without a secure context there is no clipboard: the code is shown, selected, until it is left.
  const code = html("textarea", { class: "sb-copied", readonly: true, hidden: true, "aria-label": "code to copy" });
  const clicked = async () => {
    const text = python();
    try {
      await navigator.clipboard.writeText(text);
      say("Copied.");
    } catch {
      say("This page may not use the clipboard: copy the selected code by hand.");
      code.value = text;
      code.rows = text.split("\n").length;
      code.hidden = false;
      code.focus();
      code.select();
    }
  };
  code.addEventListener("blur", () => { code.hidden = true; }, { signal });
  const startAgain = () => {
    say("");
    reset();
  };
  let now = null;
  const heard = async () => (await words()).heard(now);
  const toolbar = html("div", { class: "sb-toolbar" },
    button("Reset", startAgain, signal), button("Copy as Python", clicked, signal),
    plays ? player(heard, { say: (text) => say(text), signal }) : null, message, code);
  const root = html("div", { class: "sb", role: "group", "aria-label": name }, heading, body, summary, toolbar, status);

  const describe = helper(root);
  const teaching = teller({ tell: (text) => text && setText(status, text), words, describe });
  const described = () => words().then(({ HELP }) => describe(HELP)).catch(() => {}); // not reached: no help
  function summarise(text, state) {
    if (now === null) whenIdle(described);
    now = state;
    setText(summary, text);
    teaching.hear(state, text);
  }

  let clearing;
  function say(text) {
    setText(message, text);
    clearTimeout(clearing);
    clearing = setTimeout(() => setText(message, ""), 12000);
  }

  // A drag out of a picture is none over the text around it: WebKit would select that.
  root.addEventListener("selectstart", (event) => {
    const at = event.target.closest ? event.target : event.target.parentElement;
    if (at.closest(UNSELECTED)) event.preventDefault();
  }, { signal });
  // JupyterLab and the site's search shortcut would take the keys from the controls.
  root.addEventListener("keydown", (event) => event.stopPropagation(), { signal });
  el.append(root);
  const settling = setTimeout(() => place(heading)); // the host puts `el` on the page first
  const cleanUp = () => {
    controller.abort();
    clearTimeout(settling);
    teaching.end();
    clearTimeout(clearing);
    root.remove();
  };
  return { body, summarise, say, signal, cleanUp };
}

// Calls `update` whenever one of the named traits changes, until the signal ends it.
export function observe(model, names, update, signal) {
  for (const name of names) model.on(`change:${name}`, update);
  signal.addEventListener("abort", () => names.forEach((name) => model.off(`change:${name}`, update)));
}

// Keeps an explorable in step with the named traits: now, and whenever one of them changes, every
// part and the frame's summary get what `compute` returns. For what is no trait, it returns `update`.
export function live(model, names, { summarise: show, signal }, { parts, compute, summarise }) {
  function update() {
    const state = compute(model);
    for (const part of parts) part.update(state);
    show(summarise(state), state);
  }
  observe(model, names, update, signal);
  update();
  return update;
}

// Sets several traits and saves them once.
export function change(model, values) {
  for (const [name, value] of Object.entries(values)) model.set(name, value);
  model.save_changes();
}

const REACH = 28; // pixels from a handle from which a finger takes hold of it

// Calls `onMove(x, y)` with coordinates in the drawing's own units while it is dragged. A mouse or a
// pen drags from anywhere. A finger drags the part that `handle` selects, or taps; elsewhere it scrolls.
export function draggable(drawing, onMove, signal, handle = ".sb-handle") {
  let finger = null; // the pointer that came down, if it is a finger
  let held = null; // the pointer that drags
  const on = (type, listener, options = {}) => drawing.addEventListener(type, listener, { signal, ...options });
  const move = (event) => {
    const matrix = drawing.getScreenCTM();
    if (!matrix) return;
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
    onMove(point.x, point.y);
  };
  const near = ({ clientX, clientY }) => [...drawing.querySelectorAll(handle)].some((part) => {
    const { left, right, top, bottom } = part.getBoundingClientRect();
    return Math.hypot(clientX - clamp(clientX, left, right), clientY - clamp(clientY, top, bottom)) <= REACH;
  });
  on("pointerdown", (event) => {
    if (event.button !== 0 || !event.isPrimary) return;
    drawing.setPointerCapture(event.pointerId);
    const touched = event.pointerType === "touch";
    [finger, held] = touched ? [event.pointerId, null] : [null, event.pointerId];
    if (!touched) move(event);
  });
  // Comes next of a finger. Had something been moved already, the part under it might be gone, and this
  // event with it; and where the page is still scrolling, it cannot be kept from going on.
  on("touchstart", (event) => {
    if (event.touches.length !== 1 || !event.cancelable || !near(event.touches[0])) return;
    event.preventDefault();
    held = finger;
    move(event.touches[0]);
  }, { passive: false });
  on("pointermove", (event) => {
    if (event.pointerId === held) move(event);
  });
  for (const type of ["pointerup", "pointercancel"]) on(type, () => { held = null; });
  // A tap: no click follows a touch that drags.
  on("click", (event) => {
    if (finger !== null) move(event);
  });
}
