"""What tests of explorables do in the browser: move inputs, read numbers, judge the page."""

import json

from axe_playwright_python.sync_playwright import Axe

from softmaxbook import widgets
from softmaxbook.widgets.explorable import Explorable

FIGURES = {
    value.module: value
    for value in vars(widgets).values()
    if isinstance(value, type)
    and issubclass(value, Explorable)
    and value.fallback is Explorable.fallback  # questions have none
}

INPUT = """(input, value) => {
  input.value = value;
  input.dispatchEvent(new Event("input", { bubbles: true }));
}"""

RENDER = """async ([module, state]) => {
  const listeners = new Set();
  const model = {
    get: (name) => state[name],
    set: () => {},
    save_changes: () => {},
    on: (event, listener) => listeners.add(`${event} ${listener}`),
    off: (event, listener) => listeners.delete(`${event} ${listener}`),
  };
  const el = document.createElement("div");
  const clean = (await import(`/${module}/${module}.mjs`)).default.render({ model, el });
  const during = [listeners.size, el.children.length];
  clean();
  return [...during, listeners.size, el.children.length];
}"""

SIZES = """nodes => nodes.filter((node) => node.checkVisibility()).map((node) => {
  const box = (node.closest("label.sb-check") ?? node).getBoundingClientRect();
  return [box.width, box.height];
})"""


def every():
    """Return one of each explorable."""
    given = {"membership": ([-0.1, -0.2], [-0.3, -2.0])}
    return [figure(*given.get(name, ())) for name, figure in FIGURES.items()]


def put(page, label, value):
    """Move the range input with this label, as a drag does."""
    page.get_by_label(label, exact=True).evaluate(INPUT, str(value))


def numbers(page, selector):
    """Return the exact values of the `<data>` elements that a CSS selector finds."""
    return page.locator(selector).evaluate_all("nodes => nodes.map((node) => Number(node.value))")


def copied(page):
    """Press “copy as Python”; return the code."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy as Python").click()
    page.get_by_text("Copied.").wait_for()
    return page.evaluate("navigator.clipboard.readText()")


def faults(page, width):
    """Return what a reader with a screen reader, or with a narrow screen, would trip over."""
    results = Axe().run(page)
    found = [results.generate_report()] if results.violations_count else []
    over = page.evaluate("document.documentElement.scrollWidth")
    return found + ([f"{over} px wide"] if over > width else [])


def smallest_target(page):
    """Return the smaller side of the smallest control, in px."""
    sizes = page.locator("input, button, select, summary").evaluate_all(SIZES)
    return min(min(size) for size in sizes)


def left_behind(page, explorable):
    """Return (listeners, nodes) while an explorable is rendered, and those after it."""
    state = json.loads(json.dumps(explorable.state()))
    listeners, nodes, *after = page.evaluate(RENDER, [explorable.module, state])
    return (listeners, nodes), tuple(after)


def visible_without_javascript(page, browser):
    """Return whether the picture is there on paper's terms: no script has run."""
    context = browser.new_context(java_script_enabled=False)
    bare = context.new_page()
    bare.goto(page.url)
    visible = bare.locator("figure[role=img] svg").first.is_visible()
    context.close()
    return visible
