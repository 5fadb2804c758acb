// A question that answers at once: typed numbers or a choice, judged by named mistakes.

import { judge } from "../numerics/judging.mjs";
import { forget, miss, recall, remember } from "../parts/memory.mjs";
import { button, change, composing, html, observe, setText } from "../parts/ui.mjs";

const TRAITS = ["question", "answer", "solved"];

const SIGNS = { correct: "✓", mistake: "✗", wrong: "✗", empty: "…", unreadable: "?" };

// A hint's `code` in backticks as code.
function words(text) {
  return text.split("`").map((part, i) => (i % 2 ? html("code", {}, part) : part));
}

function render({ model, el }) {
  const controller = new AbortController();
  const { signal } = controller;
  const question = model.get("question");
  const input = question.form === "choice" ? choices(question) : fields(question);
  const feedback = html("p", { class: "sb-feedback", role: "status" });
  const actions = html("div", { class: "sb-toolbar" });
  const root = html("div", { class: "sb sb-question", role: "group", "aria-label": question.title }, input.root, actions, feedback);

  // A verdict stays while the next answer is made, and is marked as one on the answer before.
  let judged = "";
  const written = () => JSON.stringify(input.get());
  const mark = () => feedback.toggleAttribute("data-earlier", Boolean(feedback.dataset.status) && written() !== judged);

  function tell(status, parts) {
    judged = written();
    feedback.dataset.status = status;
    mark();
    feedback.replaceChildren(html("strong", { "aria-hidden": "true" }, `${SIGNS[status]} `), ...parts);
  }

  function say({ status, hint, field }) {
    tell(status, status === "correct" ? ["Right."] : words(hint));
    input.refuse(field);
  }

  function check() {
    const answer = input.get();
    const verdict = judge(question, answer);
    const { status } = verdict;
    say(verdict);
    if (status === "empty" || status === "unreadable") return;
    root.dispatchEvent(new CustomEvent("softmaxbook:verdict", { bubbles: true, detail: { id: question.id, status } }));
    change(model, { answer, solved: model.get("solved") || status === "correct" });
    if (question.fresh) return; // the page that asks again keeps its own record
    remember(question.id, { answer, solved: model.get("solved") });
    if (status !== "correct") miss(question.id);
  }

  function clear() {
    if (!question.fresh) forget(question.id);
    input.set([]);
    delete feedback.dataset.status;
    mark();
    feedback.replaceChildren();
    change(model, { answer: [], solved: false });
    checking.focus(); // “Clear” has nothing left to clear, and hides
  }

  const checking = button("Check", check, signal, { class: "sb-button sb-primary" });
  const done = html("span", { class: "sb-done" });
  const showDone = () => setText(done, model.get("solved") ? "solved" : "");
  if (!question.accepted) {
    actions.append(html("span", { class: "sb-note" }, "This edition does not hold the answers. Write yours down before you go on."));
  } else {
    actions.append(checking, button("Clear", clear, signal, { class: "sb-button sb-clear" }), done);
  }
  root.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Enter" && event.target.matches("input") && question.accepted && !composing(event)) check();
  }, { signal });
  root.addEventListener("input", (event) => {
    event.target.removeAttribute("aria-invalid");
    mark();
  }, { signal });
  el.append(root);

  const before = question.fresh ? {} : recall(question.id);
  if (before.answer) input.set(before.answer);
  if (before.answer && question.accepted) say(judge(question, input.get()));
  if (before.solved) change(model, { answer: before.answer, solved: true });
  observe(model, ["solved"], showDone, signal);
  showDone();
  return () => {
    controller.abort();
    root.remove();
  };
}

function fields({ labels, title }) {
  const inputs = labels.map((label) => html("input", {
    type: "text", inputmode: "text", class: "sb-number", spellcheck: "false",
    "aria-label": `${label || "your answer"}: ${title}`,
  }));
  const root = html("div", { class: "sb-fields" },
    ...inputs.map((input, i) => html("label", { class: "sb-field" }, html("span", { class: "sb-name" }, labels[i] || "your answer"), input)));
  return {
    root,
    get: () => inputs.map((input) => input.value),
    set: (answer) => inputs.forEach((input, i) => {
      input.value = answer[i] ?? "";
      input.removeAttribute("aria-invalid");
    }),
    // Mark the field that cannot be read, if any, for those who do not see which one the words mean.
    refuse: (field) => inputs.forEach((input, i) => {
      if (i === field) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    }),
  };
}

// Radio buttons share a name within one question; several questions stand on a page.
let groups = 0;

function choices({ options, title }) {
  groups += 1;
  const inputs = options.map(({ letter }) => html("input", { type: "radio", name: `sb-choice-${groups}`, value: letter }));
  const root = html("fieldset", { class: "sb-options" }, html("legend", { class: "sb-hidden" }, title),
    ...options.map(({ text }, i) => html("label", { class: "sb-check" }, inputs[i], html("span", {}, ...words(text)))));
  return {
    root,
    get: () => inputs.filter((input) => input.checked).map((input) => input.value),
    set: (answer) => inputs.forEach((input) => {
      input.checked = input.value === answer[0];
    }),
    refuse: () => {}, // every choice can be read
  };
}

export default { render };
