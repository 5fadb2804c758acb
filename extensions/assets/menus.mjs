// The header's menus, and titles where the theme leaves them to a script.

function menu(button) {
  const box = button.parentElement;
  const list = box.querySelector(".dropdown-menu");
  const items = () => [...list.querySelectorAll(".dropdown-item")];
  const open = (is) => {
    list.classList.toggle("show", is);
    button.setAttribute("aria-expanded", String(is));
  };
  button.addEventListener("click", () => open(!list.classList.contains("show")));
  document.addEventListener("click", (event) => box.contains(event.target) || open(false));
  box.addEventListener("focusout", (event) => event.relatedTarget && !box.contains(event.relatedTarget) && open(false));
  box.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape" && list.classList.contains("show")) {
      open(false);
      button.focus();
    } else if (step) {
      event.preventDefault();
      open(true);
      const at = items().indexOf(document.activeElement);
      items().at(at < 0 ? (step > 0 ? 0 : -1) : (at + step) % items().length).focus();
    }
  });
}

for (const button of document.querySelectorAll('[data-bs-toggle="dropdown"]')) menu(button);
for (const untitled of document.querySelectorAll("[data-bs-title]:not([title])")) untitled.title = untitled.dataset.bsTitle;
