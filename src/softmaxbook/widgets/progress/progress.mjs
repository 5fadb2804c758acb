// The list of all exercises, to be filtered, with what the reader has solved in this browser.

import { deletion } from "../parts/deletion.mjs";
import { forgetAll, recall } from "../parts/memory.mjs";
import { placeOf } from "../parts/places.mjs";
import { choice, html, scrollable, setText } from "../parts/ui.mjs";

const TRAITS = ["exercises", "site"];
const ALL = "all";
const STORES = "softmaxbook-"; // their names begin so
const WORKER = "/offline.mjs";

const stars = (difficulty) => "★".repeat(difficulty) + "☆".repeat(3 - difficulty);

// The built site says which programs cannot be solved on its pages; elsewhere, and where it has no
// Python, none can.
function programs() {
  const said = document.querySelector('meta[name="softmaxbook-programs-elsewhere"]');
  const elsewhere = said?.content.split(" ") ?? [];
  return (id) => Boolean(said) && !elsewhere.includes(id);
}

// Drop what Python and the site's service worker have stored, and the worker. Pages that are open
// have it until they are left; it stores nothing where its store is gone.
async function dropSite() {
  const worker = await navigator.serviceWorker?.getRegistration();
  if (worker?.active?.scriptURL.endsWith(WORKER)) await worker.unregister();
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(STORES)).map((name) => caches.delete(name)));
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
    html("th", { scope: "row" }, html("a", { href: placeOf(model, each) }, each.title)),
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

  async function reset() {
    forgetAll();
    await dropSite().catch(() => {}); // a browser that has no store has kept nothing in it
    show();
    setText(count, "This browser keeps nothing of the book any more.");
  }

  const root = html("div", { class: "sb", role: "group", "aria-label": "All exercises" },
    html("div", { class: "sb-controls" }, ...filters.map((each) => each.root)),
    scrollable("Table of exercises", table),
    count,
    html("div", { class: "sb-toolbar" }, deletion("Forget my progress and programs", "Really forget everything?", reset, signal)));
  root.addEventListener("keydown", (event) => event.stopPropagation(), { signal });
  el.append(root);
  show();
  return () => {
    controller.abort();
    root.remove();
  };
}

export default { render };
