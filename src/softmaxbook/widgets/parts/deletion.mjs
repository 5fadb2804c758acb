// A button that deletes, and asks once more before it does.
import { button, setText } from "./ui.mjs";

export function deletion(text, question, act, signal) {
  let sure = false;
  const root = button(text, () => {
    if (sure) act();
    sure = !sure;
    setText(root, sure ? question : text);
  }, signal);
  return root;
}
