// What a reader hears of an explorable: a heading to jump to, help for each control, and one sentence
// after each move. The frame makes the nodes; here is what is done with them.

const PAUSE = 600; // milliseconds without a move, after which it is told

// In a notebook every explorable brings a copy of this module: the ids of one must not be another's.
const own = Math.random().toString(36).slice(2, 8);
let made = 0;

function free(id) {
  const taken = (name) => document.getElementById(name) !== null;
  if (!taken(id)) return id;
  let count = 2;
  while (taken(`${id}-${count}`)) count += 1;
  return `${id}-${count}`;
}

// Gives a heading its address and its level: one below the heading of the section that it stands in.
export function place(heading) {
  const here = heading.getRootNode().host ?? heading;
  const above = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter((each) => !each.closest(".sb")
    && each.compareDocumentPosition(here) & Node.DOCUMENT_POSITION_FOLLOWING).at(-1);
  heading.setAttribute("aria-level", above ? Math.min(6, Number(above.localName[1]) + 1) : 2);
  heading.id = free(heading.textContent.toLowerCase().replace(/[^a-z0-9]+/g, "-"));
  if (window.location.hash === `#${heading.id}`) heading.scrollIntoView();
}

// ── help ─────────────────────────────────────────────────────────────────────────────────────

const COMMON = {
  Reset: "Back to how this figure began.",
  "Copy as Python": "Code with the same numbers, to the clipboard.",
  "code to copy": "The code, selected.",
  Listen: "A note for each class, in order: the likelier, the higher and longer.",
};
const CONTROLS = "input:not([type=radio]), select, textarea, button, [role=radiogroup], [role=grid]";

function nameOf(control) {
  const label = control.labels?.[0];
  return control.getAttribute("aria-label") ?? (label?.querySelector("span:not(:empty)") ?? label ?? control).textContent;
}

// A control whose name begins with a key gets that key's text; a key “… at” is found within a name.
export function helper(root) {
  const shelf = document.createElement("div");
  shelf.hidden = true;
  root.append(shelf);
  const ids = new Map();
  function idOf(text) {
    if (!ids.has(text)) {
      const line = document.createElement("span");
      made += 1;
      line.id = `sb-help-${own}-${made}`;
      line.textContent = text;
      shelf.append(line);
      ids.set(text, line.id);
    }
    return ids.get(text);
  }
  return (help = {}) => {
    const texts = Object.entries({ ...COMMON, ...help }).sort(([a], [b]) => b.length - a.length);
    for (const control of root.querySelectorAll(CONTROLS)) {
      if (control.hasAttribute("aria-describedby")) continue;
      const name = nameOf(control);
      const found = texts.find(([key]) => (key.startsWith("…") ? name.includes(key.slice(1)) : name.startsWith(key)));
      if (found) control.setAttribute("aria-describedby", idOf(found[1]));
    }
  };
}

// ── one sentence after each move ─────────────────────────────────────────────────────────────

// Hears every state, and tells what the last one changed when the moves pause. `words` fetches the
// explorable's `sentence(before, after)`; without it the summary itself is told.
export function teller({ tell, words, describe }) {
  let known = null; // the state that the reader knows
  let waiting;
  async function speak(state, text) {
    const { sentence, HELP } = await words().catch(() => ({}));
    describe(HELP); // rows may have been made since
    tell(sentence ? sentence(known, state) : text);
    known = state;
  }
  return {
    hear(state, text) {
      clearTimeout(waiting);
      if (known === null) known = state;
      else waiting = setTimeout(() => speak(state, text), PAUSE);
    },
    end: () => clearTimeout(waiting),
  };
}
