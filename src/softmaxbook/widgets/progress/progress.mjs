// The list of all exercises, to be filtered, with what the reader has solved in this browser.

import { forget, recall } from "../parts/memory.mjs";
import { button, choice, html, scrollable, setText } from "../parts/ui.mjs";

const TRAITS = ["exercises"];
const ALL = "all";

const stars = (difficulty) => "★".repeat(difficulty) + "☆".repeat(3 - difficulty);
// The built site has pages, a notebook server has their sources.
const suffix = () => (window.location.pathname.includes(".htm") || document.documentElement.dataset.content_root ? ".html" : ".md");

// The built site says which programs cannot be solved on its pages; elsewhere, and where it has no
// Python, none can.
function programs() {
  const said = document.querySelector('meta[name="softmaxbook-programs-elsewhere"]');
  const elsewhere = said?.content.split(" ") ?? [];
  return (id) => Boolean(said) && !elsewhere.includes(id);
}

function render({ model, el }) {
  const controller = new AbortController();
  const { signal } = controller;
  const exercises = model.get("exercises");
  const onPage = programs();
  const wanted = { chapter: ALL, kind: ALL, difficulty: ALL };

  const values = (key) => [ALL, ...new Set(exercises.map((each) => String(each[key])))];
  const filters = Object.keys(wanted).map((key) => choice({
    name: key, signal,
    options: values(key).map((value) => [value, Number(value) ? stars(Number(value)) : value]),
    onChange: (value) => {
      wanted[key] = value;
      show();
    },
  }));

  const done = exercises.map(() => html("td"));
  const rows = exercises.map((each, i) => html("tr", {},
    html("th", { scope: "row" }, html("a", { href: `${each.chapter}${suffix()}#exercise-${each.id}` }, each.title)),
    html("td", {}, each.chapter),
    html("td", {}, each.kind),
    html("td", { "aria-label": `${each.difficulty} of 3` }, stars(each.difficulty)),
    done[i]));
  const head = ["exercise", "chapter", "kind", "difficulty", "on this device"];
  const table = html("table", { class: "sb-list" },
    html("thead", {}, html("tr", {}, ...head.map((text) => html("th", { scope: "col" }, text)))),
    html("tbody", {}, ...rows));
  const count = html("p", { class: "sb-summary", role: "status" });

  function show() {
    let [shown, solved] = [0, 0];
    exercises.forEach((each, i) => {
      const fits = Object.entries(wanted).every(([key, value]) => value === ALL || String(each[key]) === value);
      const isSolved = Boolean(recall(each.id).solved);
      rows[i].hidden = !fits;
      setText(done[i], isSolved ? "✓ solved" : each.in_page || onPage(each.id) ? "open" : "in a notebook");
      shown += fits;
      solved += fits && isSolved;
    });
    setText(count, `${shown} exercises, ${solved} of them solved here.`);
  }

  function reset() {
    exercises.forEach(({ id }) => [id, `program:${id}`].forEach(forget));
    show();
  }

  const root = html("div", { class: "sb", role: "group", "aria-label": "All exercises" },
    html("div", { class: "sb-controls" }, ...filters.map((each) => each.root)),
    scrollable("Table of exercises", table),
    count,
    html("div", { class: "sb-toolbar" }, button("Forget my progress and programs", reset, signal)));
  root.addEventListener("keydown", (event) => event.stopPropagation(), { signal });
  el.append(root);
  show();
  return () => {
    controller.abort();
    root.remove();
  };
}

export default { render };
