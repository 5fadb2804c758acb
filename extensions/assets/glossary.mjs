// Shows what a word means while its link is pointed at, in focus, or tapped once.
const MARGIN = 8;
const PATIENCE = 200; // ms: enough to move the pointer from the word to its note
let shown = null; // { term, note } of the note on the screen
let timer = 0;
let tapped = false; // whether the finger has just opened the note, so that the link must wait

const termOf = (target) => (target instanceof Element ? target.closest("a.sb-term") : null);
const noteOf = (term) => document.getElementById(term.getAttribute("aria-describedby"));

function show(term) {
  clearTimeout(timer);
  if (shown?.term === term) return;
  hide();
  shown = { term, note: noteOf(term) };
  shown.note.hidden = false;
  place();
}

function hide() {
  clearTimeout(timer);
  if (shown) shown.note.hidden = true;
  shown = null;
}

function place() {
  if (!shown) return;
  const { term, note } = shown;
  const word = term.getClientRects()[0];
  const { width, height } = note.getBoundingClientRect();
  const rightmost = document.documentElement.clientWidth - width - MARGIN;
  const below = word.bottom + MARGIN / 2;
  const above = word.top - height - MARGIN / 2;
  note.style.left = `${Math.max(MARGIN, Math.min(word.left, rightmost))}px`;
  note.style.top = `${below + height > innerHeight && above > 0 ? above : below}px`;
}

const soon = (what) => {
  clearTimeout(timer);
  timer = setTimeout(what, PATIENCE);
};

document.addEventListener("pointerover", ({ target, pointerType }) => {
  if (pointerType === "touch") return;
  const term = termOf(target);
  if (term) soon(() => show(term));
  else if (target === shown?.note || shown?.note.contains(target)) clearTimeout(timer);
  else if (shown && shown.term !== document.activeElement) soon(hide);
  else clearTimeout(timer);
});
document.addEventListener("pointerdown", ({ target, pointerType }) => {
  const term = termOf(target);
  tapped = pointerType === "touch" && term !== null && shown?.term !== term;
  if (!term && !shown?.note.contains(target)) hide();
});
document.addEventListener("click", (event) => {
  if (!tapped) return;
  event.preventDefault();
  show(termOf(event.target));
  tapped = false;
});
document.addEventListener("focusin", ({ target }) => {
  if (termOf(target)) show(termOf(target));
});
document.addEventListener("focusout", ({ target }) => {
  if (termOf(target)) soon(hide);
});
document.addEventListener("keydown", ({ key }) => {
  if (key === "Escape") hide();
});
addEventListener("scroll", place, { passive: true, capture: true });
addEventListener("resize", place);
