"""Fingers, mouse buttons and half-typed numbers: nothing moves that the reader did not take."""

import pytest
from fingers import swipe

from softmaxbook.widgets import (
    ChoiceExplorer,
    EnsembleExplorer,
    JacobianExplorer,
    LogitsExplorer,
    MembershipExplorer,
    RelativesExplorer,
    SharingExplorer,
    SigmoidExplorer,
    SmoothingExplorer,
)

pytestmark = pytest.mark.browser

DRAGGED = {
    "logits": lambda: LogitsExplorer(names=["cat", "dog", "bird"]),
    "jacobian": JacobianExplorer,
    "ensembles": EnsembleExplorer,
    "relatives": RelativesExplorer,
    "sigmoid": SigmoidExplorer,
    "sharing": SharingExplorer,
    "smoothing": SmoothingExplorer,
    "choices": ChoiceExplorer,
    "membership": lambda: MembershipExplorer([-0.1, -0.2], [-0.3, -2.0]),
}
# All that an explorable shows of its state: what its sliders are at, and what its fields hold.
SHOWN = """() => [...document.querySelectorAll(".sb input")].map(
  (input) => input.getAttribute("aria-valuetext") ?? input.value)"""
HANDLES = {"ensembles": ".sb-ring", "relatives": ".sb-ring", "choices": ".sb-marker"}
HANDLES["membership"] = ".sb-marker"
# The place of a picture farthest from all that can be taken, and the middle of a handle.
PLACES = """(picture, handle) => {
  const { left, top, width, height } = picture.getBoundingClientRect();
  const middle = (part) => {
    const box = part.getBoundingClientRect();
    return [box.left + box.width / 2, box.top + box.height / 2];
  };
  const handles = [...picture.querySelectorAll(handle)].map(middle);
  const away = ([x, y]) => Math.min(...handles.map(([u, v]) => Math.abs(x - u)));
  const corners = [[0.1, 0.9], [0.9, 0.9], [0.25, 0.8], [0.75, 0.8]];
  const places = corners.map(([u, v]) => [left + u * width, top + v * height]);
  return { handle: handles[0], empty: places.sort((a, b) => away(b) - away(a))[0] };
}"""


def places(picture, name="logits"):
    return picture.evaluate(PLACES, HANDLES.get(name, ".sb-handle"))


def opened(mount, make, **options):
    page = mount(make(), **options)
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    page.add_style_tag(content="body { padding-bottom: 200vh; }")  # something to scroll
    return page


@pytest.mark.parametrize("name", DRAGGED)
def test_a_finger_scrolls_past_a_picture_and_drags_by_its_handle(mount, name):
    page = opened(mount, DRAGGED[name], width=390, has_touch=True, is_mobile=True)
    for picture in page.locator(".sb-grab").all():
        picture.scroll_into_view_if_needed()
        before = page.evaluate(SHOWN)
        at = places(picture, name)
        scrolled = page.evaluate("scrollY")
        swipe(page, at["empty"], (0, -150))
        assert page.evaluate("scrollY") > scrolled + 50
        assert page.evaluate(SHOWN) == before

        picture.scroll_into_view_if_needed()
        x, y = places(picture, name)["handle"]
        scrolled = page.evaluate("scrollY")
        # Beside the middle, so that the handle moves to the finger: what it touches is drawn anew.
        swipe(page, (x + 9, y + 9), (25, -120))
        assert page.evaluate("scrollY") == scrolled
        assert page.evaluate(SHOWN) != before


def test_a_tap_moves_the_point(mount):
    page = opened(mount, DRAGGED["logits"], width=390, has_touch=True, is_mobile=True)
    before = page.evaluate(SHOWN)
    at = places(page.locator(".sb-grab"))
    page.touchscreen.tap(*at["empty"])
    assert page.evaluate(SHOWN) != before


@pytest.mark.parametrize("slider", ["temperature T", "logit of cat"])
def test_a_swipe_that_scrolls_leaves_the_slider_as_it_was(mount, slider):
    page = opened(mount, DRAGGED["logits"], width=390, has_touch=True, is_mobile=True)
    before = page.evaluate(SHOWN)
    box = page.get_by_label(slider, exact=True).bounding_box()
    place = box["x"] + 0.9 * box["width"], box["y"] + box["height"] / 2
    swipe(page, place, (0, -150))
    assert page.evaluate("scrollY") > 50
    assert page.evaluate(SHOWN) == before
    page.evaluate("scrollTo(0, 0)")
    box = page.get_by_label(slider, exact=True).bounding_box()
    swipe(page, (box["x"] + 0.2 * box["width"], box["y"] + box["height"] / 2), (30, 0))
    assert page.evaluate(SHOWN) != before, "sideways, it is dragged"


def test_a_swipe_that_scrolls_leaves_a_number_that_is_no_step_of_its_slider(mount):
    def between():
        return LogitsExplorer(logits=[6.71, -3.32, 0.0])  # the first is beyond its slider, too

    page = opened(mount, between, width=390, has_touch=True, is_mobile=True)
    before = page.evaluate(SHOWN)
    assert {"6.71", "-3.32"} <= set(before)
    for name in "AB":
        page.evaluate("scrollTo(0, 0)")
        box = page.get_by_label(f"logit of {name}", exact=True).bounding_box()
        place = box["x"] + 0.7 * box["width"], box["y"] + box["height"] / 2
        swipe(page, place, (0, -150))
        assert page.evaluate("scrollY") > 50
        assert page.evaluate(SHOWN) == before


@pytest.mark.parametrize("button", ["right", "middle"])
@pytest.mark.parametrize("name", DRAGGED)
def test_only_the_main_button_drags(mount, name, button):
    page = opened(mount, DRAGGED[name])
    picture = page.locator(".sb-grab").first
    picture.scroll_into_view_if_needed()
    before = page.evaluate(SHOWN)
    at = places(picture, name)
    page.mouse.click(*at["empty"], button=button)
    assert page.evaluate(SHOWN) == before
    page.mouse.click(*at["empty"])
    assert page.evaluate(SHOWN) != before


def test_dragging_selects_no_text(mount):
    page = opened(mount, DRAGGED["logits"])
    box = page.locator(".sb-grab").bounding_box()
    page.mouse.move(box["x"] + 100, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + box["height"] - 5, steps=8)
    page.mouse.up()
    assert page.evaluate("getSelection().toString()") == ""


def test_what_is_being_typed_stays_when_the_pointer_crosses_another_row(mount):
    page = opened(mount, DRAGGED["logits"])
    field = page.get_by_label("logit of dog, as a number")
    field.focus()
    field.fill("7")
    page.get_by_role("group", name="class bird").hover()
    assert field.input_value() == "7"
    field.press("Enter")
    assert field.input_value() == "7"
    assert page.get_by_label("logit of dog", exact=True).get_attribute("aria-valuetext") == "7.00"


def test_a_field_that_holds_the_right_text_is_not_written_again(mount):
    # Firefox drops the selection that Tab made when a field's text is set, even to the same.
    page = opened(mount, DRAGGED["logits"])
    page.evaluate("""() => {
      window.written = 0;
      const { get, set } = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value");
      Object.defineProperty(HTMLInputElement.prototype, "value", {
        get,
        set(text) {
          if (this.type === "text") window.written += 1;
          set.call(this, text);
        },
      });
    }""")
    page.get_by_label("logit of dog, as a number").focus()
    page.get_by_role("group", name="class bird").hover()
    assert page.evaluate("window.written") == 0


def test_a_small_number_is_shown_as_it_is(mount):
    page = opened(mount, DRAGGED["logits"])
    field = page.get_by_label("logit of dog, as a number")
    field.fill("0.001")
    field.press("Enter")
    assert field.input_value() == "0.001"


def test_without_a_clipboard_the_code_stays_and_can_be_selected(mount):
    page = opened(mount, DRAGGED["logits"])
    page.evaluate("""() => Object.defineProperty(navigator, "clipboard", {
      value: { writeText: () => Promise.reject(new Error("forbidden")) } })""")
    page.get_by_role("button", name="Copy as Python").click()
    code = page.get_by_label("code to copy")
    assert code.input_value().startswith("import ")
    assert code.evaluate("node => node.selectionEnd - node.selectionStart === node.value.length")
    page.clock.install()
    page.clock.fast_forward(60_000)
    assert code.is_visible()
    page.get_by_label("temperature T").focus()
    assert code.is_hidden()
