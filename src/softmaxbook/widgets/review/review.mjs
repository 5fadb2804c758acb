// What the reader got wrong comes back after growing intervals, with fresh numbers.
//
// The cards lie in <template> elements of the page, one for each question and each set of numbers;
// one at a time is copied to the stage, where the host mounts it.

import { deletion } from "../parts/deletion.mjs";
import { forget, recall, remember } from "../parts/memory.mjs";
import { placeOf } from "../parts/places.mjs";
import { button, checkbox, html, setText } from "../parts/ui.mjs";
import { answered, caughtUp, due } from "./schedule.mjs";

const TRAITS = ["questions", "site"];

const day = (time) => time.toLocaleDateString("en", { weekday: "long", day: "numeric", month: "long" });
const count = (n, one, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;

function render({ model, el }) {
  const controller = new AbortController();
  const { signal } = controller;
  const known = new Map(model.get("questions").map((each) => [each.id, each]));
  const asked = new URLSearchParams(window.location.search).get("ask");
  const given = asked === null ? null : asked.split(",").map((id) => id.trim()).filter(Boolean);

  const records = () => {
    const all = recall("review");
    return Object.fromEntries(Object.entries(all).filter(([id]) => known.has(id)).map(([id, record]) => [id, caughtUp(record)]));
  };
  const store = (id, record) => remember("review", { ...recall("review"), [id]: record });

  const summary = html("p", { class: "sb-summary", role: "status" });
  const stage = html("div", { class: "sb-stage" });
  const bar = html("div", { class: "sb-toolbar" });
  let now = null; // the question on the stage, and whether it was answered before
  let place = 0; // in the list that was given

  function card(id) {
    const all = document.querySelectorAll(`template[data-review="${CSS.escape(id)}"]`);
    return all[(recall("review")[id]?.rounds ?? 0) % all.length];
  }

  function show(id) {
    const template = card(id);
    now = { id, told: false };
    const { title, chapter } = known.get(id);
    const link = html("a", { href: placeOf(model, { chapter, id }) }, "Its place in the book");
    stage.replaceChildren(html("h2", { tabindex: "-1" }, title), template.content.cloneNode(true), html("p", {}, link));
    // At first the stage itself is not on the page yet.
    setTimeout(() => document.dispatchEvent(new CustomEvent("softmaxbook:mount")));
  }

  function clear(words) {
    now = null;
    stage.replaceChildren(...words);
  }

  function showGiven() {
    const strangers = given.filter((id) => !known.has(id));
    const list = given.filter((id) => known.has(id));
    const refused = strangers.length ? ` There is no question ${strangers.map((id) => `“${id}”`).join(", ")} in this book.` : "";
    if (place < list.length) {
      setText(summary, `Question ${place + 1} of ${list.length}.${refused}`);
      show(list[place]);
    } else {
      setText(summary, `${list.length ? "That was the last one." : "Nothing to ask."}${refused}`);
      clear([]);
    }
  }

  function showDue() {
    const { today, later, next } = due(records());
    const rest = later ? ` ${count(later, "question")} later, the next on ${day(next)}.` : "";
    if (today.length) {
      setText(summary, `${count(today.length, "question")} due today.${rest}`);
      show(today[0]);
    } else {
      setText(summary, `Nothing is due today.${rest}`);
      clear(later ? [] : [html("p", {}, "A question that you answer wrongly in a chapter will come back here.")]);
    }
  }

  const proceed = given ? showGiven : showDue;

  // A question tells its verdict; the first one on the stage counts.
  stage.addEventListener("softmaxbook:verdict", ({ detail: { status } }) => {
    if (!now || now.told || !["correct", "mistake", "wrong"].includes(status)) return;
    now.told = true;
    const right = status === "correct";
    if (!given || !right) store(now.id, answered(recall("review")[now.id] ?? {}, right));
  }, { signal });

  function onward() {
    if (given) place += 1;
    else if (now && !now.told) return; // it stays due until it is answered
    proceed();
    stage.querySelector("h2")?.focus();
  }

  function save() {
    const text = JSON.stringify({ softmaxbook: "review", records: records() }, null, 2);
    const link = html("a", { href: URL.createObjectURL(new Blob([text], { type: "application/json" })), download: "softmaxbook-review.json" });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  function deleteAll() {
    forget("review");
    place = 0;
    proceed();
  }

  bar.append(button("Next question", onward, signal), button("Export", save, signal),
    deletion("Delete my review", "Really delete it?", deleteAll, signal));

  const root = html("div", { class: "sb", role: "group", "aria-label": "Review" }, summary, stage, bar, listMaker([...known.values()], signal));
  el.append(root);
  if (document.querySelector("template[data-review]")) proceed();
  else setText(summary, "The cards are part of the built site: this page works there.");
  return () => {
    controller.abort();
    root.remove();
  };
}

// A list of questions, ticked in the order in which they are to be asked, as a link.
function listMaker(questions, signal) {
  const chosen = [];
  const link = html("input", { type: "text", readonly: "", class: "sb-link", "aria-label": "Link to these questions" });
  const said = html("p", { class: "sb-note", role: "status" });

  function update() {
    const address = new URL(window.location.href);
    address.search = chosen.length ? `?ask=${chosen.join(",")}` : "";
    address.hash = "";
    link.value = chosen.length ? address.href : "";
    setText(said, chosen.length ? `${count(chosen.length, "question")}, in the order in which you ticked them.` : "Tick questions in the order in which they are to be asked.");
  }

  const boxes = questions.map(({ id, title, chapter }) => checkbox({
    name: `${title} (${chapter})`, signal,
    onChange: (on) => {
      if (on) chosen.push(id);
      else chosen.splice(chosen.indexOf(id), 1);
      update();
    },
  }));
  const copy = button("Copy", async () => {
    try {
      await navigator.clipboard.writeText(link.value);
      setText(said, "Copied.");
    } catch { // plain http, or forbidden: the text is selected, to be copied by hand
      link.select();
      setText(said, "The link is selected: copy it.");
    }
  }, signal);
  update();
  return html("details", { class: "sb-details" }, html("summary", {}, "For a class: link questions in an order of your own"),
    html("div", { class: "sb-picks" }, ...boxes.map((each) => each.root)), said, html("div", { class: "sb-toolbar" }, link, copy));
}

export default { render };
