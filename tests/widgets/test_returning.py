"""A figure begins as it begins: where a reader comes back to its page, and after its reset."""

import pytest
from explorables import FIGURES, every

from softmaxbook.widgets import ExerciseIndex

pytestmark = pytest.mark.browser

# A browser keeps what stood in controls, however it came there.
CONTROLS = """() => [...document.querySelectorAll(".sb :is(input, select, textarea)")].map(
  (each) => [each.type, /radio|checkbox/.test(each.type) ? each.checked : each.value])"""
MOVE = """() => document.querySelectorAll(".sb :is(input, select, textarea)").forEach((each) => {
  if (/radio|checkbox/.test(each.type)) each.checked = !each.checked;
  else if (each.localName === "select") each.selectedIndex = each.options.length - 1;
  else each.value = each.type === "range" ? each.max : "0.5";
})"""
MOUNTED = "count => document.querySelectorAll('[data-mounted=true]').length === count"


def settled(page, count):
    page.wait_for_function(MOUNTED, arg=count)
    page.wait_for_function("!document.querySelector('[aria-busy=true]')")
    page.wait_for_timeout(500)


def test_controls_agree_with_their_figures_after_back_and_reload(mount):
    """Where a page is still being read, a browser fills in controls that are there already."""
    held = []

    def read_slowly(route):
        # Of a page that it may not store, a browser keeps no controls.
        answer = route.fetch()
        headers = {name: each for name, each in answer.headers.items() if name != "cache-control"}
        body = answer.text().replace('type="module"', 'type="module" async')
        body = body.replace("</html>", '<script src="/held.js"></script></html>')
        route.fulfill(response=answer, headers=headers, body=body)

    shown = [*every(), ExerciseIndex()]
    page = mount(*shown)
    address = page.url
    page.route(address, read_slowly)
    page.route("**/held.js", lambda route: held.append(route))

    def come(way, *arguments):
        way(*arguments, wait_until="commit")
        page.wait_for_function(MOUNTED, arg=len(shown))
        held.pop().fulfill(body="", content_type="text/javascript")
        page.wait_for_load_state()
        settled(page, len(shown))

    come(page.goto, address)
    at_first = page.evaluate(CONTROLS)
    assert len(at_first) > 100
    for leave, way in (
        (lambda: page.goto("about:blank"), page.go_back),
        (lambda: None, page.reload),
    ):
        page.evaluate(MOVE)
        assert page.evaluate(CONTROLS) != at_first
        leave()
        come(way)
        assert page.evaluate(CONTROLS) == at_first


# What a look does: it comes to every part of a figure, with the pointer and with the keyboard, and
# presses what writes another row out. None of it is a trait.
LOOK = """(root) => {
  for (const each of root.querySelectorAll(".sb-body *")) {
    each.dispatchEvent(new Event("pointerenter"));
  }
  for (const each of root.querySelectorAll("input, [role=gridcell], [aria-label^='write out']")) {
    each.focus();
    if (each.matches("[aria-label^='write out'], [type=radio]")) each.click();
  }
  document.activeElement.blur();
}"""
WRITTEN = "(root) => root.querySelector('.sb-body').innerText"


@pytest.mark.parametrize("name", FIGURES)
def test_reset_brings_back_what_was_written_out_at_first(mount, name):
    page = mount(*(each for each in every() if each.module == name))
    settled(page, 1)
    root = page.locator(f"[data-module={name}]")
    page.add_style_tag(content="details > * { content-visibility: visible }")
    root.locator("details").evaluate_all("all => all.forEach((each) => { each.open = true; })")
    at_first = root.evaluate(WRITTEN)
    root.evaluate(LOOK)
    page.wait_for_timeout(200)
    root.get_by_role("button", name="Reset").click()
    page.mouse.move(0, 0)
    page.wait_for_timeout(500)
    assert root.evaluate(WRITTEN) == at_first
