// An editor at a cell or an exercise: it runs what is written there, has it checked, gives hints,
// and keeps the text. One Python serves all editors of a page.
import { forget, recall, remember } from "../explorables/parts/memory.mjs";
import { button, html, setText } from "../explorables/parts/ui.mjs";
import { cellsBefore, lackingFor } from "./cells.mjs";
import { field } from "./field.mjs";
import { rendered } from "./markdown.mjs";
import { download, notebook } from "./notebook.mjs";
import { keepPage } from "./offline.mjs";

const OWN = { program: "your program", cell: "this cell" };
const SAVE = 400; // milliseconds without a key before the text is kept

let shared;
const editors = new Map(); // cell → editor

/** What all editors of the page have in common: its cells, and Python. */
async function loaded({ page, python }) {
  const [cells, { Python }] = await Promise.all([
    fetch(new URL(`pages/${page}`, import.meta.url)).then((answer) => {
      if (!answer.ok) throw new Error(`${answer.url}: ${answer.status}`);
      return answer.json();
    }),
    import(`../python/engine.mjs?v=${python}`),
  ]);
  return { cells, python: new Python(new URL("../python/", import.meta.url)) };
}

function loadStyle() {
  if (document.querySelector('link[href*="editors.css"]')) return undefined;
  const style = html("link", { rel: "stylesheet", href: new URL("editors.css", import.meta.url) });
  document.head.append(style);
  return new Promise((resolve) => {
    style.onload = style.onerror = resolve;
  });
}

/** Open the editor of a place, with what was written there before. */
export async function openEditor(place, settings) {
  const cell = Number(place.dataset.cell);
  const known = editors.get(cell);
  if (known) return known.open();
  shared ??= loaded(settings).catch((error) => {
    shared = undefined;
    throw error;
  });
  const [{ cells, python }] = await Promise.all([shared, loadStyle()]);
  const made = new Editor(place, cell, cells, python, settings);
  await made.build();
  editors.set(cell, made);
  return made.open();
}

class Editor {
  constructor(place, cell, page, python, settings) {
    Object.assign(this, { place, cell, page, python, settings });
    this.about = page.cells[cell];
    this.source = place.closest(".cell_input");
    this.listing = [...this.source.children].filter((child) => child !== place);
    const output = this.source.closest(".cell").querySelector(".cell_output");
    this.output = output;
    const label = place.querySelector("button").getAttribute("aria-label");
    this.name = place.dataset.exercise ? label.split(": ").slice(1).join(": ") : undefined; // of an exercise
    this.hints = hintsOf(this.source.closest(".cell"));
    this.hintsRead = 0;
    this.busy = false;
  }

  async build() {
    const before = recall(this.settings.key);
    this.text = before.starter === this.about.text ? before.text : this.about.text;
    this.status = html("p", { class: "sb-hidden", role: "status" });
    this.result = html("div", { class: "sb-shown" });
    this.note = html("p", { class: "sb-note" });
    const { exercise } = this.about;
    const checks = exercise && this.settings.checks;
    this.field = await field({
      text: this.text,
      name: this.name ? `Program: ${this.name}` : "Code of this cell",
      plain: this.settings.editor === "plain",
      onChange: (text) => this.changed(text),
      onRun: () => this.run(),
      onCheck: checks ? () => this.check() : undefined,
      say: (words) => this.say(words),
    });
    this.buttons = {
      run: button("Run", () => this.run()),
      check: checks ? button("Check", () => this.check()) : undefined,
      hint: this.hints.length ? button("Hint", () => this.hint()) : undefined,
      stop: button("Stop", () => this.stop(), undefined, { hidden: true }),
      reset: button("Reset", () => this.reset()),
    };
    this.done = html("span", { class: "sb-done" });
    this.loading = html("div", { class: "sb-loading", hidden: true });
    const { run, check, hint, stop, reset } = this.buttons;
    (check ?? run).classList.add("sb-primary");
    this.root = html("div", { class: "sb sb-editor", role: "group", "aria-label": this.name ? `Editor: ${this.name}` : "Editor of this cell" },
      html("div", { class: "sb-code highlight" }, this.field.root),
      html("div", { class: "sb-toolbar" }, run, check, hint, stop, reset, this.done),
      this.loading, this.result, this.status, this.note,
      html("div", { class: "sb-toolbar sb-quiet" }, button("Save as notebook", () => this.save()), button("Close", () => this.close())));
    // The site's search would take the keys.
    this.root.addEventListener("keydown", (event) => event.stopPropagation());
    this.python.addEventListener("progress", ({ detail }) => this.showProgress(detail));
    this.python.addEventListener("state", () => this.showState());
    addEventListener("pagehide", () => this.keep());
    this.place.after(this.root);
    this.tellHow(exercise && !checks);
    this.showDone();
  }

  tellHow(unchecked) {
    const parts = ["Shift+Enter runs", this.buttons.check ? "Ctrl+Enter checks" : "", "Tab indents; Escape, then Tab, leaves the editor"].filter(Boolean);
    setText(this.note, `${parts.join(". ")}. What you write stays in this browser.`);
    if (unchecked) this.note.before(html("p", {}, "This edition runs your program and does not check it."));
  }

  open() {
    this.setOpen(true);
    this.field.focus();
    if (!navigator.connection?.saveData) this.start().catch(() => {});
  }

  close() {
    this.keep();
    this.setOpen(false);
    const opener = this.place.querySelector("button");
    if (this.text !== this.about.text) setText(opener, this.about.exercise ? "Go on with your program" : "Go on with your version");
    opener.focus();
  }

  setOpen(isOpen) {
    this.isOpen = isOpen;
    this.root.hidden = !isOpen;
    this.place.hidden = isOpen;
    for (const part of this.listing) part.hidden = isOpen;
    const replaced = isOpen && (this.about.exercise || this.result.hasChildNodes());
    if (this.output) this.output.hidden = Boolean(replaced);
  }

  // ── The text ────────────────────────────────────────────────────────────────────────────────

  changed(text) {
    this.text = text;
    clearTimeout(this.saving);
    this.saving = setTimeout(() => this.keep(), SAVE);
    this.unkept = true;
  }

  // What was kept once is not kept again: a reader may have had it forgotten since.
  keep() {
    clearTimeout(this.saving);
    if (!this.unkept) return;
    this.unkept = false;
    if (this.text === this.about.text) forget(this.settings.key);
    else if (!remember(this.settings.key, { text: this.text, starter: this.about.text })) this.warnOfStorage();
  }

  warnOfStorage() {
    if (this.warned) return;
    this.warned = true;
    this.root.insertBefore(
      html("p", { class: "sb-message" }, "This browser keeps nothing here: its storage is full or forbidden. Save your text as a notebook before you leave the page."),
      this.note);
  }

  reset() {
    const before = this.text;
    if (before === this.about.text && !this.result.hasChildNodes()) return this.say("Nothing was changed.");
    this.field.set(this.about.text);
    this.keep();
    this.hintsRead = 0;
    const back = button("Bring my text back", () => {
      this.field.set(before);
      this.show();
      this.field.focus();
      this.say("Your text is back.");
    });
    const what = this.about.exercise ? "The beginning is back" : "The book’s version is back";
    this.show(html("p", {}, `${what}. `, before === this.about.text ? undefined : back));
    if (!this.about.exercise && this.output) this.output.hidden = false;
    this.say(`${what}.`);
    return undefined;
  }

  async save() {
    const start = await fetch(new URL("start.json", import.meta.url)).then((answer) => answer.json()).catch(() => "");
    const place = new URL(window.location.href);
    place.hash = this.source.closest("section")?.id ?? "";
    const made = notebook({
      title: this.name ?? this.page.title, address: place.href, start, before: this.before(), text: this.text,
      exercise: this.about.exercise, name: this.about.name,
    });
    download(`${this.about.exercise ?? "cell"}.ipynb`, JSON.stringify(made, null, 1));
    this.say("Saved as a notebook.");
  }

  // ── Python ──────────────────────────────────────────────────────────────────────────────────

  async start() {
    try {
      await this.python.start();
      keepPage();
    } catch (error) {
      this.loading.hidden = true;
      const again = button("Try again", () => {
        this.field.focus();
        this.show();
        this.start().catch(() => {});
      });
      this.show(html("p", { class: "sb-message" }, `${error.message} `), again);
      this.say(error.message);
      throw error;
    }
  }

  before() {
    const edits = new Map();
    for (const [cell, { text, about, isOpen }] of editors) if (isOpen && cell < this.cell && text !== about.text && !about.exercise) edits.set(cell, text);
    return cellsBefore(this.page, this.cell, this.text, edits);
  }

  /** Do something with Python, with a way to stop it; show what comes of it. */
  async work(words, action) {
    if (this.busy) return;
    this.keep();
    this.setBusy(words);
    try {
      await this.start();
      await action();
    } catch (error) {
      if (this.python.state !== "failed") {
        this.show(html("p", { class: "sb-message" }, error.message));
        this.say(`${error.message} Your text is as it was.`);
      }
    } finally {
      this.setBusy("");
    }
  }

  setBusy(words) {
    this.busy = Boolean(words);
    const { run, check, stop } = this.buttons;
    for (const each of [run, check]) each?.setAttribute("aria-disabled", String(this.busy));
    const hadFocus = document.activeElement === stop;
    stop.hidden = !this.busy;
    if (hadFocus && !this.busy) (check ?? run).focus();
    this.words = words;
    this.showState();
  }

  stop() {
    this.python.stop();
  }

  run() {
    const { exercise } = this.about;
    return this.work("Running …", async () => {
      const id = exercise ? OWN.program : OWN.cell;
      this.python.reset(); // each run begins with nothing but the cells before it
      const { outputs } = await this.python.run([...this.before(), { id, source: this.text }]);
      const last = outputs.at(-1);
      const failed = last.parts.some(({ kind }) => kind === "error");
      const nodes = await Promise.all(last.parts.map(shown));
      if (last.id !== id) nodes.unshift(html("p", {}, "A cell before this one failed:"));
      const lacking = failed && lackingFor(this.page, last.parts.at(-1).data);
      if (lacking) nodes.push(html("p", {}, html("code", {}, lacking[0]), ` comes from a cell that needs ${lacking[1]}, which is not on the page.`));
      if (!nodes.length) nodes.push(html("p", { class: "sb-note" }, this.silence()));
      this.show(...nodes);
      if (this.output) this.output.hidden = true;
      this.say(failed ? `It failed: ${last.parts.at(-1).data.trim().split("\n").at(-1)}` : `It ran. ${firstWords(this.result)}`);
    });
  }

  silence() {
    const { name } = this.about;
    return name ? `It ran, and showed nothing. Call ${name}(…) in the last line to see what it returns.` : "It ran, and showed nothing.";
  }

  check() {
    const { exercise } = this.about;
    return this.work("Checking …", async () => {
      const verdict = await this.python.check(exercise, this.text, { before: this.before() });
      const node = await rendered(verdict.markdown);
      node.className = "sb-feedback sb-markdown";
      node.dataset.status = verdict.passed ? "correct" : verdict.status === "not attempted" ? "empty" : "wrong";
      this.show(node);
      if (verdict.passed) remember(exercise, { ...recall(exercise), solved: true });
      this.showDone();
      this.root.dispatchEvent(new CustomEvent("softmaxbook:verdict", { bubbles: true, detail: { id: exercise, status: verdict.status } }));
      this.say(firstWords(node));
    });
  }

  hint() {
    const n = Math.min(this.hintsRead + 1, this.hints.length);
    this.hintsRead = n;
    const more = n < this.hints.length ? "" : " It is the last one.";
    const node = html("div", { class: "sb-feedback" }, html("p", {}, html("strong", {}, `Hint ${n} of ${this.hints.length}.`), more), ...this.hints[n - 1].map(copy));
    this.show(node);
    this.say(spoken(node));
  }

  // ── What is seen and heard ──────────────────────────────────────────────────────────────────

  show(...nodes) {
    this.result.replaceChildren(...nodes);
    for (const pre of this.result.querySelectorAll("pre")) if (pre.scrollHeight > pre.clientHeight || pre.scrollWidth > pre.clientWidth) pre.tabIndex = 0;
  }

  // The same words twice are said twice.
  say(words) {
    this.status.replaceChildren(words);
  }

  showDone() {
    const solved = this.about.exercise && recall(this.about.exercise).solved;
    setText(this.done, solved ? "✓ solved" : "");
  }

  showProgress({ loaded, total }) {
    if (this.loading.hidden || this.python.state !== "loading") return;
    const bar = this.loading.querySelector("progress");
    if (!bar) return;
    Object.assign(bar, { max: total, value: loaded });
    const size = (bytes) => (bytes / 1e6).toFixed(1);
    setText(this.loading.lastChild, loaded < total ? `Loading Python: ${size(loaded)} of ${size(total)} MB` : "Starting Python …");
  }

  showState() {
    const { state } = this.python;
    const words = state === "loading" ? "Starting Python …" : this.words && state === "ready" ? "Waiting for another program …" : this.words;
    this.loading.hidden = !(words && (state === "loading" || this.busy));
    if (this.loading.hidden) return this.loading.replaceChildren();
    if (state === "loading" && this.loading.querySelector("progress")) return undefined;
    const bar = state === "loading" ? html("progress", { "aria-label": "Loading Python" }) : undefined;
    return this.loading.replaceChildren(...[bar, html("span", {}, words)].filter(Boolean));
  }
}

/** A part of what a cell shows, as a node: text stays text. */
async function shown({ kind, data }) {
  switch (kind) {
    case "markdown":
      return rendered(data);
    case "svg":
      return html("img", { src: `data:image/svg+xml,${encodeURIComponent(data)}`, alt: "picture drawn by the code" });
    case "png":
      return html("img", { src: `data:image/png;base64,${data}`, alt: "picture drawn by the code" });
    default:
      return html("pre", { class: kind === "error" ? "sb-failure" : "sb-printed", role: "group", "aria-label": kind === "error" ? "Error" : "Output" }, data.replace(/\n$/, ""));
  }
}

/** The hints that the page holds, folded one inside the other, each as a list of nodes. */
function hintsOf(cell) {
  const found = [];
  let folded = [...(cell.previousElementSibling?.querySelectorAll(".cell_output > details") ?? [])].find(isHint);
  while (folded) {
    const children = [...folded.childNodes];
    found.push(children.filter((child) => child.nodeName !== "SUMMARY" && !isHint(child)));
    folded = children.find(isHint);
  }
  return found;
}

const isHint = (node) => node.nodeName === "DETAILS" && /^\s*Hint \d/.test(node.querySelector("summary")?.textContent ?? "");

function copy(node) {
  const copied = node.cloneNode(true);
  for (const each of copied.querySelectorAll?.("[id]") ?? []) each.removeAttribute("id");
  return copied;
}

/** A node's text as it is heard: of a formula its words, and once. */
function spoken(node) {
  const copied = node.cloneNode(true);
  for (const each of copied.querySelectorAll(".katex[aria-label]")) each.replaceWith(each.getAttribute("aria-label"));
  for (const each of copied.querySelectorAll(".katex-html, annotation")) each.remove(); // set in the browser
  return copied.textContent.replace(/\s+/g, " ").trim();
}

function firstWords(node) {
  const text = spoken(node);
  const end = text.search(/[.!?](?=\s)/);
  const sentence = end > 0 && end < 30 ? text.slice(0, end + 1 + Math.max(0, text.slice(end + 1).search(/[.!?](?=\s|$)/) + 1)) : text.slice(0, end + 1) || text;
  return sentence.slice(0, 300);
}
