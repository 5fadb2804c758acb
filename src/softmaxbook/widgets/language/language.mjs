// The next token of any text: its distribution, what a sampler leaves of it, and draws that add up.

import { fixed, format, pythonNumber, range } from "../numerics/numbers.mjs";
import { encoded, END, joined, languageModel, nextLogits, tokenise, UNKNOWN } from "../numerics/language.mjs";
import { drawn, filtered } from "../numerics/samplers.mjs";
import { entropy, sum } from "../numerics/softmax.mjs";
import { bytesAt } from "../parts/checkpoint.mjs";
import { temperatureSlider } from "../parts/classes.mjs";
import { button, change, formula as written, frame, html, logSlider, observe, power, segments, setText, slider, symbols } from "../parts/ui.mjs";

const TRAITS = ["prompt", "temperature", "sampler", "k", "p", "min_p", "weights"];
const MOVED = TRAITS.slice(0, 6);
const SHOWN = 12;
const LONGEST = 600; // characters of a text
const WRITTEN = 20; // tokens at a time
const MOST_K = 200;
const SAMPLERS = { softmax: "softmax", "top-k": "top-k", nucleus: "nucleus", "min-p": "min-p" };
const CALLS = { "top-k": ["top_k", "k"], nucleus: ["nucleus", "p"], "min-p": ["min_p", "min_p"] };
const FAILED = "Load the page again, or run it in Jupyter.";

const known = new Map(); // models by the address of their weights

function modelAt(address) {
  if (!known.has(address)) known.set(address, bytesAt(address).then(languageModel));
  return known.get(address);
}

function render({ model, el }) {
  const initial = Object.fromEntries(MOVED.map((name) => [name, model.get(name)]));
  let started = null;
  const ui = frame(el, {
    name: "The next token",
    words: () => import("./spoken.mjs"), plays: true,
    reset: () => started?.reset(initial),
    python: () => asPython(model),
  });
  ui.body.setAttribute("aria-busy", "true");
  const waiting = html("p", {}, "Fetching the language model …");
  ui.body.append(waiting);
  modelAt(model.get("weights")).then((language) => {
    if (ui.signal.aborted) return;
    waiting.remove();
    started = start(model, ui, language);
    ui.body.setAttribute("aria-busy", "false");
  }).catch((error) => {
    setText(waiting, `The language model could not be read (${error.message}). ${FAILED}`);
  });
  return ui.cleanUp;
}

// Everything that needs the model.
function start(model, ui, language) {
  const tally = { counts: new Map(), total: 0, of: "" };
  const clear = () => Object.assign(tally, { counts: new Map(), total: 0 });
  const current = () => {
    const state = compute(model, language, tally);
    if (tally.of !== state.key) Object.assign(tally, { counts: new Map(), total: 0, of: state.key });
    return { ...state, ...tally };
  };
  const parts = [textField(model, ui), settings(model, ui), table(), formula(), draws(), pieces()];
  const [text, controls, rows, words, drawing, chips] = parts.map((part) => part.root);
  function update() {
    const state = current();
    for (const part of parts) part.update(state);
    ui.summarise(inWords(state), state);
  }
  function draw(times) {
    const { q } = current();
    for (let i = 0; i < times; i++) {
      const token = drawn(q, Math.random());
      tally.counts.set(token, (tally.counts.get(token) ?? 0) + 1);
    }
    tally.total += times;
    update();
  }
  const pressed = {
    draw, write: (choose, times) => write(model, ui, language, choose, times),
    clear() {
      clear();
      update();
    },
  };
  parts[4].connect(pressed, ui.signal);
  ui.body.append(text, chips, controls, html("div", { class: "sb-columns sb-wide-left" }, rows, html("div", {}, words, drawing)));
  observe(model, MOVED, update, ui.signal);
  update();
  return {
    reset(initial) {
      clear();
      change(model, initial);
      update();
    },
  };
}

// Everything that the page shows, but for the draws.
function compute(model, language) {
  const settings = Object.fromEntries(MOVED.map((name) => [name, model.get(name)]));
  const tokens = tokenise(settings.prompt);
  const logits = nextLogits(language, encoded(language, tokens));
  const found = filtered(logits, settings);
  const shown = found.order.slice(0, SHOWN);
  const others = (values) => sum(values) === 0 ? 0 : sum(found.order.slice(SHOWN).map((i) => values[i]));
  return {
    settings, tokens, logits, ...found, shown,
    rest: { p: others(found.p), q: others(found.q), size: language.size - SHOWN },
    names: language.tokens, window: language.window, isKnown: (token) => language.numbers.has(token),
    key: JSON.stringify(settings),
  };
}

// Lengthens the text token by token; `choose` picks one from a distribution.
function write(model, { say }, language, choose, times) {
  let text = model.get("prompt");
  for (let i = 0; i < times; i++) {
    const settings = Object.fromEntries(MOVED.map((name) => [name, model.get(name)]));
    const { q } = filtered(nextLogits(language, encoded(language, tokenise(text))), settings);
    const token = language.tokens[choose(q)];
    if (token === END) {
      say(i ? "The sentence has ended." : "The sentence ends here: nothing is added.");
      break;
    }
    const longer = joined(text, token);
    if (longer.length > LONGEST) {
      say(`The text has its ${LONGEST} characters: shorten it, or reset.`);
      break;
    }
    text = longer;
  }
  change(model, { prompt: text });
}

const best = (q) => q.indexOf(Math.max(...q));
const percent = (share) => (share > 0 && share < 5e-4 ? "< 0.1 %" : `${fixed(100 * share, 1)} %`);
const quoted = (token) => (token === END ? "the end of the sentence" : token === UNKNOWN ? "a word that it does not know" : `“${token}”`);

// ── in words, and in Python ──────────────────────────────────────────────────────────────────

function inWords({ settings, tokens, names, shown, q, count, mass, rest, total }) {
  const after = tokens.length ? `After “${tokens.slice(-3).join(" ")}”` : "At the beginning of a sentence";
  const first = shown.slice(0, 3).map((i) => `${quoted(names[i])} ${percent(q[i])}`).join(", ");
  const kept = settings.sampler === "softmax" ? "" : ` The sampler ${SAMPLERS[settings.sampler]} keeps ${count} of ${names.length} tokens with ${percent(mass)} of the probability.`;
  const sampled = total ? ` ${total} drawn.` : "";
  return `${after}, at temperature ${format(settings.temperature)}: ${first}.${kept} Tokens that are not shown have ${percent(rest.q)}.${sampled}`;
}

function asPython(model) {
  const [name, trait] = CALLS[model.get("sampler")] ?? ["softmax", null];
  const source = trait ? "softmaxbook.family.samplers" : "softmaxbook";
  const value = trait === "k" ? String(model.get("k")) : trait && pythonNumber(model.get(trait));
  const given = trait ? `, ${trait === "k" ? "k" : "p"}=${value}` : "";
  return [
    "from softmaxbook.family.tokens import tokenise",
    "from softmaxbook.family.torch_language import load_language_model",
    `from ${source} import ${name}`,
    "",
    "model = load_language_model()",
    `text = ${JSON.stringify(model.get("prompt"))}`,
    "logits = model.logits(model.vocabulary.encode(tokenise(text)))",
    `p = ${name}(logits${given}, temperature=${pythonNumber(model.get("temperature"))})`,
    "for token in p.argsort()[::-1][:12]:",
    "    print(model.vocabulary.tokens[token], p[token])",
  ].join("\n");
}

// ── the text, and what the model sees of it ──────────────────────────────────────────────────

function textField(model, { signal, say }) {
  const input = html("textarea", { class: "sb-text", rows: 2, maxlength: LONGEST, spellcheck: "false" });
  const root = html("label", { class: "sb-prompt" }, html("span", { class: "sb-name" }, "text so far (type anything)"), input);
  input.addEventListener("input", () => {
    if (input.value.length >= LONGEST) say(`A text has at most ${LONGEST} characters here.`);
    change(model, { prompt: input.value });
  }, { signal });
  return {
    root,
    update({ settings: { prompt } }) {
      if (input.value !== prompt) input.value = prompt;
    },
  };
}

function pieces() {
  const list = html("p", { class: "sb-pieces" });
  const note = html("p", { class: "sb-note" });
  return {
    root: html("div", {}, list, note),
    update({ tokens, window, isKnown }) {
      const seen = tokens.slice(-window);
      const strange = [...new Set(tokens.filter((token) => !isKnown(token)))];
      list.replaceChildren(...(tokens.length > window ? ["… "] : []),
        ...seen.flatMap((token) => [html("span", { class: `sb-piece${isKnown(token) ? "" : " sb-strange"}` }, token), " "]));
      list.hidden = seen.length === 0;
      const sees = tokens.length === 0
        ? "There is no token yet: what you see are the beginnings of sentences."
        : `The model sees the last ${window} tokens${tokens.length > window ? "" : ", here all"}.`;
      const lost = strange.length === 0 ? ""
        : ` It does not know ${strange.slice(0, 4).map((token) => `“${token}”`).join(", ")}${strange.length > 4 ? " …" : ""}: each stands for ${UNKNOWN}, like every word that is rare in the book.`;
      setText(note, sees + lost);
    },
  };
}

// ── temperature, sampler, and its number ─────────────────────────────────────────────────────

function settings(model, { signal }) {
  const temperature = temperatureSlider(model, signal);
  const sampler = segments({ name: "sampler", options: SAMPLERS, onChange: (value) => change(model, { sampler: value }), signal });
  const numbers = {
    "top-k": logSlider({
      name: "k", hint: "how many tokens are kept", min: 1, max: MOST_K, digits: 3, signal,
      onInput: (value) => change(model, { k: Math.round(value) }), describe: (value) => String(Math.round(value)),
    }),
    nucleus: slider({
      name: "p", hint: "the mass that is kept at least", min: 0.01, max: 1, step: 0.01, signal,
      onInput: (value) => change(model, { p: value }), describe: (value) => fixed(value),
    }),
    "min-p": slider({
      name: "min-p", hint: "the least share of the largest probability", min: 0.01, max: 1, step: 0.01, signal,
      onInput: (value) => change(model, { min_p: value }), describe: (value) => fixed(value),
    }),
  };
  return {
    root: html("div", { class: "sb-controls" }, sampler.root, temperature.root, ...Object.values(numbers).map((each) => each.root)),
    update({ settings: now }) {
      temperature.set(now.temperature);
      sampler.set(now.sampler);
      numbers["top-k"].set(now.k);
      numbers.nucleus.set(now.p);
      numbers["min-p"].set(now.min_p);
      for (const [name, { root }] of Object.entries(numbers)) root.hidden = name !== now.sampler;
    },
  };
}

// ── the likeliest tokens, and all others together ────────────────────────────────────────────

function table() {
  const th = (text, scope, attributes = {}) => html("th", { scope, ...attributes }, text);
  const line = () => {
    const bar = html("div", { class: "sb-bar sb-thin", style: "--sb-colour: var(--sb-accent); --sb-from: 0" },
      html("span", { class: "sb-fill" }), html("span", { class: "sb-drawn" }));
    const name = th("", "row");
    const [p, q, count] = range(3).map(() => html("td"));
    return { bar, name, p, q, count, root: html("tr", {}, name, html("td", {}, bar), p, q, count) };
  };
  const lines = range(SHOWN + 1).map(line);
  lines[SHOWN].bar.hidden = true; // so many together would make every other bar a dot
  const root = html("table", { class: "sb-answers sb-tokens" },
    html("caption", { class: "sb-hidden" }, `The ${SHOWN} most probable next tokens, and all others together`),
    html("thead", {}, html("tr", {}, th("next token", "col"), html("td"), html("th", { scope: "col" }, ...symbols("p at T")), th("after the cut", "col"), th("drawn", "col"))),
    html("tbody", {}, ...lines.slice(0, SHOWN).map((each) => each.root)),
    html("tfoot", {}, lines[SHOWN].root));
  const show = ({ bar, name, p, q, count, root: row }, text, values, largest, { drawn: times, total }) => {
    setText(name, text);
    for (const [cell, value] of [[p, values.p], [q, values.q]]) {
      const number = html("data", { value }, percent(value));
      cell.replaceChildren(number);
    }
    setText(count, total ? String(times) : "");
    bar.style.setProperty("--sb-to", values.q / largest);
    bar.style.setProperty("--drawn", total ? Math.min(1, times / total / largest) : 0);
    bar.classList.toggle("sb-has-draws", total > 0);
    row.classList.toggle("sb-cut", values.q === 0);
  };
  return {
    root,
    update({ shown, names, p, q, rest, counts, total }) {
      const largest = q[shown[0]];
      shown.forEach((token, row) => show(lines[row], names[token], { p: p[token], q: q[token] }, largest, { drawn: counts.get(token) ?? 0, total }));
      const seen = sum(shown.map((token) => counts.get(token) ?? 0));
      show(lines[SHOWN], `${rest.size} others`, rest, largest, { drawn: total - seen, total });
    },
  };
}

// ── the formula with its numbers ─────────────────────────────────────────────────────────────

function formula() {
  const [share, kept, spread] = range(3).map(() => html("p", { class: "sb-formula" }));
  return {
    root: html("div", {}, share, kept, spread),
    update({ settings: { temperature }, logits, names, shown: [top], p, q, mass, count }) {
      const z = logits[top];
      const exponent = temperature === 1 ? fixed(z) : `${fixed(z)} ÷ ${format(temperature)}`;
      const total = sum(logits.map((each) => Math.exp((each - z) / temperature)));
      share.replaceChildren(...written`p(${names[top]}) = ${power(exponent)} ÷ Σ ${power(symbols("z ÷ T"))}`,
        ` = 1 ÷ ${format(total, 4)} = ${format(p[top])}, over all ${names.length} tokens`);
      setText(kept, `${count} ${count === 1 ? "token is" : "tokens are"} kept, with the mass ${format(mass)}; ${format(p[top])} ÷ ${format(mass)} = ${format(q[top])}`);
      const nats = entropy(q);
      setText(spread, `entropy ${fixed(nats)} nats: like ${fixed(Math.exp(nats), 1)} equally likely tokens`);
    },
  };
}

// ── draws ────────────────────────────────────────────────────────────────────────────────────

function draws() {
  const tools = html("div", { class: "sb-controls sb-tools sb-below" });
  const pen = html("div", { class: "sb-controls sb-tools sb-below" });
  const note = html("p", { class: "sb-note" });
  return {
    root: html("div", {}, tools, note, pen),
    connect({ draw, write, clear }, signal) {
      const random = (q) => drawn(q, Math.random());
      tools.append(...[1, 100, 1000].map((times) => button(`Draw ${times}`, () => draw(times), signal)), button("Clear the draws", clear, signal));
      pen.append(
        button("Add a draw to the text", () => write(random, 1), signal),
        button(`Write ${WRITTEN} tokens`, () => write(random, WRITTEN), signal),
        button(`Write the ${WRITTEN} most probable`, () => write(best, WRITTEN), signal));
    },
    update({ total }) {
      setText(note, total ? `${total} drawn; a thin line in a bar is the share of the draws.` : "Nothing is drawn yet.");
    },
  };
}

export default { render };
