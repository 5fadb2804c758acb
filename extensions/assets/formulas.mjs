// A formula wider than the screen scrolls; then, and only then, the keyboard must reach it.
function reach() {
  for (const formula of document.querySelectorAll(".katex-display")) {
    if (formula.scrollWidth > formula.clientWidth) formula.tabIndex = 0;
    else formula.removeAttribute("tabindex");
  }
}

// To measure is to lay out the page: not before it is there and its explorables live.
addEventListener("load", reach);
addEventListener("resize", reach);
document.fonts.ready.then(reach);
