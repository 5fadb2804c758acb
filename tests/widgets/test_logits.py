"""The first explorable, moved in a real browser: its numbers are the package's numbers."""

import json

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from explorables import put

import softmaxbook as sb
from softmaxbook.widgets import LogitsExplorer

pytestmark = pytest.mark.browser


def probabilities(page):
    """Return the shares that the probability bars show."""
    script = "rows => rows.map(row => Number(row.style.getPropertyValue('--sb-to')))"
    return page.locator(".sb-row .sb-bar:not(.sb-draggable)").evaluate_all(script)


def test_shows_the_probabilities_of_the_package(mount):
    page = mount(LogitsExplorer(logits=[2, 1, -1]))
    np.testing.assert_allclose(probabilities(page), sb.softmax([2, 1, -1]), rtol=1e-12)
    put(page, "logit of C", 3.5)
    np.testing.assert_allclose(probabilities(page), sb.softmax([2, 1, 3.5]), rtol=1e-12)
    put(page, "temperature T", np.log(2))
    np.testing.assert_allclose(
        probabilities(page), sb.softmax([2, 1, 3.5], temperature=2), rtol=1e-12
    )


def test_a_common_shift_changes_exponentials_but_no_probability(mount):
    page = mount(LogitsExplorer(logits=[2, 1, -1]))
    page.get_by_text("The four steps in numbers").click()
    cells = page.locator(".sb-scroll tbody tr").first.locator("td")
    before = cells.nth(1).inner_text()
    put(page, "shift added to all", 3)
    assert cells.nth(1).inner_text() != before
    np.testing.assert_allclose(probabilities(page), sb.softmax([2, 1, -1]), rtol=1e-12)


def test_what_is_typed_reads_like_no_zero_beside_its_field(mount):
    page = mount(LogitsExplorer(logits=[2, 1, -1]))
    page.get_by_text("The four steps in numbers").click()
    page.get_by_label("logit of A, as a number").fill("1e-3")
    page.keyboard.press("Enter")
    drag = page.get_by_label("logit of A", exact=True)
    assert drag.get_attribute("aria-valuetext") == "0.001"
    first = page.locator(".sb-scroll tbody tr").first.locator("td").first
    assert first.inner_text() == "0.001"
    assert "0.001" in page.locator(".sb-formula").first.inner_text()


def test_keyboard_alone_moves_everything(mount):
    page = mount(LogitsExplorer(logits=[0, 0]))
    page.get_by_label("logit of A", exact=True).focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    np.testing.assert_allclose(probabilities(page), sb.softmax([0.5, 0]), rtol=1e-12)
    page.get_by_label("logit of B, as a number").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("1,5")
    page.keyboard.press("Enter")
    np.testing.assert_allclose(probabilities(page), sb.softmax([0.5, 1.5]), rtol=1e-12)
    assert page.get_by_label("logit of B", exact=True).get_attribute("aria-valuetext") == "1.50"


@pytest.mark.parametrize("typed", ["abc", "", "1e9", "--2"])
def test_a_bad_number_is_held_at_the_last_good_value_with_a_message(mount, typed):
    page = mount(LogitsExplorer(logits=[2, 1]))
    field = page.get_by_label("logit of A, as a number")
    field.fill(typed)
    field.press("Enter")
    assert field.input_value() == "2"
    assert "kept 2" in page.locator(".sb-message").inner_text()
    np.testing.assert_allclose(probabilities(page), sb.softmax([2, 1]), rtol=1e-12)


def test_extremes(mount):
    page = mount(LogitsExplorer(logits=[1000, -1000, 999.5], temperature=0.05))
    np.testing.assert_allclose(
        probabilities(page),
        sb.softmax([1000, -1000, 999.5], temperature=0.05),
        rtol=1e-12,
        atol=1e-300,
    )
    assert "overflows" in page.locator(".sb-formula").inner_text()
    put(page, "temperature T", 99)
    put(page, "shift added to all", -99)
    assert sum(probabilities(page)) == pytest.approx(1, abs=1e-15)


def test_from_two_to_ten_classes(mount):
    page = mount(LogitsExplorer(logits=[1, 0]))
    for size in range(3, 11):
        page.get_by_label("add a class").click()
        assert len(probabilities(page)) == size
    page.get_by_label("add a class").click()
    assert len(probabilities(page)) == 10
    assert "2 to 10" in page.locator(".sb-message").inner_text()
    for _ in range(9):
        page.get_by_label("remove the last class").click()
    assert len(probabilities(page)) == 2


def test_the_point_in_the_triangle_is_the_distribution(mount):
    page = mount(LogitsExplorer(logits=[0, 0, 0]))
    box = page.locator(".sb-picture").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.66)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.2, steps=4)
    page.mouse.up()
    p = probabilities(page)
    assert p[0] > 0.8
    assert p[1] == pytest.approx(p[2], abs=0.01)


def test_reset_and_copy_as_python(mount):
    page = mount(LogitsExplorer(logits=[2, 1, -1]))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    put(page, "logit of A", -4)
    put(page, "temperature T", np.log(0.5))
    put(page, "shift added to all", 2)
    page.get_by_role("button", name="Copy as Python").click()
    page.get_by_text("Copied.").wait_for()
    code = page.evaluate("navigator.clipboard.readText()")
    names = {}
    *setup, last = code.splitlines()
    exec("\n".join(setup), names)
    np.testing.assert_allclose(eval(last, names), probabilities(page), rtol=1e-12)
    page.get_by_role("button", name="Reset").click()
    np.testing.assert_allclose(probabilities(page), sb.softmax([2, 1, -1]), rtol=1e-12)


def test_several_on_a_page_do_not_touch_each_other(mount):
    page = mount(LogitsExplorer(logits=[2, 1]), LogitsExplorer(logits=[0, 0]))
    first, second = page.locator(".sb-explorable").all()
    first.get_by_role("button", name="add a class").click()
    assert first.locator(".sb-row[role=group]").count() == 3
    assert second.locator(".sb-row[role=group]").count() == 2


def test_render_returns_its_clean_up(mount):
    page = mount(LogitsExplorer(logits=[2, 1]))
    left = page.evaluate(
        """async (state) => {
          const listeners = new Set();
          const model = {
            get: (name) => state[name],
            set: () => {},
            save_changes: () => {},
            on: (event, f) => listeners.add(f),
            off: (event, f) => listeners.delete(f),
          };
          const el = document.createElement("div");
          const clean = (await import("/logits/logits.mjs")).default.render({ model, el });
          const during = [listeners.size, el.children.length];
          clean();
          return [...during, listeners.size, el.children.length];
        }""",
        json.loads(json.dumps(LogitsExplorer(logits=[2, 1]).state())),
    )
    assert left == [1, 1, 0, 0]


def test_a_move_is_told_after_a_pause(mount):
    page = mount(LogitsExplorer(logits=[2, 0]))
    status = page.locator("p[role=status]")
    assert status.inner_text() == ""
    put(page, "logit of A", 1)
    page.wait_for_function("document.querySelector('p[role=status]').textContent !== ''")
    assert status.text_content() == "A lowered to 1.0: A 73 %, B 27 %."


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_accessible_and_inside_the_page(mount, scheme, width):
    page = mount(
        LogitsExplorer(logits=[2, 1, -1]),
        LogitsExplorer(logits=[0.0] * 10),
        width=width,
        scheme=scheme,
    )
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_touch_targets_are_large_enough(mount):
    page = mount(LogitsExplorer(logits=[2, 1, -1]), width=390)
    boxes = page.locator("input, button, select").evaluate_all(
        """nodes => nodes.map((node) => {
          const box = node.getBoundingClientRect();
          return [box.width, box.height];
        })"""
    )
    assert boxes
    assert min(min(box) for box in boxes) >= 24


def test_without_javascript_and_on_paper(mount, browser):
    page = mount(LogitsExplorer(logits=[2, 1, -1]))
    page.emulate_media(media="print")
    assert page.locator(".sb-picture").is_visible()
    assert not page.locator(".sb-toolbar").is_visible()
    context = browser.new_context(java_script_enabled=False)
    bare = context.new_page()
    bare.goto(page.url)
    assert bare.locator("figure[role=img] svg").first.is_visible()
    context.close()
