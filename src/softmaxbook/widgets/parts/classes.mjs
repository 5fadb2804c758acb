// What explorables that move logits have in common: a colour and a letter for each class, the
// temperature, the number of classes, and rows that pair an input with a result.

import { fixed, format } from "../numerics/numbers.mjs";
import { barSlider, button, change, columnHead, html, logSlider, numberField, setText } from "./ui.mjs";

export const [COLDEST, HOTTEST] = [0.05, 20];
export const LOGIT_LIMIT = 6;
export const TYPED_LIMIT = 1000;

export const colour = (i) => `var(--sb-c${i})`;
export const letter = (i) => String.fromCharCode(65 + i);

export function temperatureSlider(model, signal) {
  return logSlider({
    name: "temperature T", min: COLDEST, max: HOTTEST, digits: 3, signal,
    onInput: (temperature) => change(model, { temperature }), describe: (temperature) => format(temperature),
  });
}

// Two buttons around the number of classes. `resize(size)` is called for sizes within the bounds.
export function classCount({ min, max, resize, say, signal }) {
  const count = html("span", { class: "sb-value", "aria-hidden": "true" });
  const by = (step) => () => {
    const size = Number(count.textContent) + step;
    if (size < min || size > max) say(`From ${min} to ${max} classes.`);
    else resize(size);
  };
  const root = html("div", { class: "sb-control", role: "group", "aria-label": "number of classes" },
    html("span", { class: "sb-name" }, "classes"),
    button("−", by(-1), signal, { "aria-label": "remove the last class" }),
    count,
    button("+", by(1), signal, { "aria-label": "add a class" }));
  const set = (size) => {
    setText(count, String(size));
    root.setAttribute("aria-label", `number of classes, now ${size}`);
  };
  return { root, set };
}

// One row a class: its name, a typed number, the same number to drag, a bar for the result, the result.
// `quantity(name)` says what the number is; `put(i, value)` takes a new one. `choose(i)` hears which
// row the pointer or the keyboard is on. `limit` bounds what can be dragged; typing reaches farther.
export function classRows({ heads, quantity, limit = LOGIT_LIMIT, put, choose = () => {}, say, signal }) {
  const head = html("div", { class: "sb-row sb-head", "aria-hidden": "true" },
    ...heads.map(columnHead));
  const root = html("div", { class: "sb-rows" }, head);
  let rows = [];
  let shown = "";

  function row(name, i) {
    const typed = numberField({
      name: `${quantity(name)}, as a number`, min: -TYPED_LIMIT, max: TYPED_LIMIT,
      onValue: (value) => put(i, value), say, signal,
    });
    const drag = barSlider({
      name: quantity(name), min: -limit, max: limit, step: 0.1, colour: colour(i),
      onInput: (value) => put(i, value), describe: (value) => fixed(value), signal,
    });
    const bar = html("div", { class: "sb-bar", style: `--sb-colour: ${colour(i)}` },
      html("span", { class: "sb-zero" }), html("span", { class: "sb-fill" }));
    const value = html("span", { class: "sb-value" });
    const root = html("div", { class: "sb-row", role: "group", "aria-label": `class ${name}` },
      html("span", { class: "sb-label", style: `--sb-colour: ${colour(i)}` }, name), typed.root, drag.root, bar, value);
    for (const event of ["pointerenter", "focusin"]) root.addEventListener(event, () => choose(i), { signal });
    return { root, typed, drag, bar, value };
  }

  // `inputs` are the numbers, `spans` where each bar begins and ends as fractions, `texts` the results.
  // `marked` names the class whose input, and the class whose result, is pointed out.
  function update(names, inputs, spans, texts, marked = {}) {
    if (shown !== JSON.stringify(names)) {
      shown = JSON.stringify(names);
      root.style.setProperty("--names", `min(${Math.max(...names.map(({ length }) => length))}ch, 7rem)`);
      rows = names.map(row);
      root.replaceChildren(head, ...rows.map((each) => each.root));
    }
    rows.forEach(({ typed, drag, bar, value }, i) => {
      typed.set(inputs[i]);
      drag.set(inputs[i]);
      bar.style.setProperty("--sb-from", spans[i][0]);
      bar.style.setProperty("--sb-to", spans[i][1]);
      drag.root.classList.toggle("sb-marked", marked.input === i);
      bar.classList.toggle("sb-marked", marked.result === i);
      setText(value, texts[i]);
    });
  }
  return { root, update, bars: () => rows.map(({ bar }) => bar) };
}

// An arrow above a bar, from a probability to its target.
export function pullArrow(bar, p, target) {
  if (bar.querySelector(".sb-pull") === null) {
    bar.append(html("span", { class: "sb-target" }), html("span", { class: "sb-pull" }));
  }
  const arrow = bar.querySelector(".sb-pull");
  bar.style.setProperty("--target", target);
  bar.style.setProperty("--start", p);
  arrow.classList.toggle("sb-backwards", target < p);
}
