// The buttons at cells and exercises. Everything behind them is loaded at the first press.
import { recall } from "../explorables/parts/memory.mjs";

const { page, python, editor, checks } = document.querySelector("script[data-page]").dataset;
const settings = { page, python, editor, checks: checks === "yes" };

// Where the text and the verdict of a place are kept.
const keyOf = ({ cell, exercise }) => (exercise ? `program:${exercise}` : `cell:${page.split(".json")[0]}:${cell}`);

async function open(place, button) {
  if (button.ariaBusy === "true") return;
  const word = button.textContent;
  button.ariaBusy = "true";
  button.textContent = "Loading the editor …";
  try {
    const { openEditor } = await import(`./editor.mjs?${editor}`);
    await openEditor(place, { ...settings, key: keyOf(place.dataset) });
    button.textContent = word;
  } catch (error) {
    console.warn(error);
    button.textContent = "The editor could not be loaded. Is there a connection? Try again";
  }
  button.ariaBusy = "false";
}

for (const place of document.querySelectorAll(".sb-run[data-cell]")) {
  const button = place.querySelector("button");
  button.type = "button";
  if (recall(keyOf(place.dataset)).text) button.textContent = place.dataset.exercise ? "Go on with your program" : "Go on with your version";
  if (place.dataset.exercise && recall(place.dataset.exercise).solved) button.insertAdjacentHTML("afterend", '<span class="sb-done">✓ solved</span>');
  button.addEventListener("click", () => open(place, button));
}
