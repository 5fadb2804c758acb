"""Two classes in a real browser: the sigmoid is softmax of the difference and 0."""

import re

import explorables
import numpy as np
import pytest
from explorables import numbers, put
from matplotlib import pyplot as plt
from traitlets import TraitError

import softmaxbook as sb
from softmaxbook import plots
from softmaxbook.widgets import SigmoidExplorer

pytestmark = pytest.mark.browser


def readings(page):
    """Return softmax of both, softmax of the difference and 0, the sigmoid, and the slope."""
    return numbers(page, ".sb-facts data")


def handle(page, drawing):
    """Return where the point is, in the drawing's units of its ticks."""
    script = """figure => {
      const number = (node, name) => Number(node.getAttribute(name));
      const point = figure.querySelector(".sb-handle");
      const lines = [...figure.querySelectorAll("line.sb-grid")];
      const flat = lines.filter((l) => number(l, "y1") === number(l, "y2"));
      const upright = lines.filter((l) => number(l, "x1") === number(l, "x2"));
      const share = (at, [first, ...more]) => (at - first) / (more.at(-1) - first);
      return [share(number(point, "cx"), upright.map((l) => number(l, "x1"))),
              share(number(point, "cy"), flat.map((l) => number(l, "y1")))];
    }"""
    return page.locator("figure").nth(drawing).evaluate(script)


def drag(page, drawing, x, y):
    """Drag the point of a drawing to shares of the drawing's box."""
    picture = page.locator("svg.sb-picture").nth(drawing)
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=4)
    page.mouse.up()


def test_three_ways_give_one_number(mount):
    page = mount(SigmoidExplorer(logits=[1, 0]))
    put(page, "logit of A", 2.5)
    put(page, "logit of B", -0.7)
    share = sb.softmax([2.5, -0.7])[0]
    wanted = [share, share, sb.sigmoid(3.2), share * sb.softmax([2.5, -0.7])[1]]
    np.testing.assert_allclose(readings(page), wanted, rtol=1e-12)
    assert "= 3.20" in page.locator(".sb-formula").inner_text()


def test_the_redundant_direction_moves_the_logits_and_nothing_else(mount):
    page = mount(SigmoidExplorer(logits=[1, -0.5]))
    before, curve, plane = readings(page), handle(page, 0), handle(page, 1)
    put(page, "add c to both logits", 4)
    np.testing.assert_allclose(readings(page), before, rtol=1e-12)
    np.testing.assert_allclose(handle(page, 0), curve, atol=1e-9)
    np.testing.assert_allclose(np.subtract(handle(page, 1), plane), 4 / 24, atol=1e-9)
    assert "softmax([5.00, 3.50])" in page.locator(".sb-facts").inner_text()
    assert "changes none of it" in page.locator(".sb-summary").inner_text()


def test_the_point_lies_on_the_curve(mount):
    page = mount(SigmoidExplorer(logits=[1.5, 0]))
    np.testing.assert_allclose(handle(page, 0), [(1.5 + 8) / 16, sb.sigmoid(1.5)], atol=1e-9)


def test_both_curves_are_the_sigmoid(mount):
    page = mount(SigmoidExplorer())
    broad, dashed = (
        page.locator("figure")
        .first.locator("polyline")
        .evaluate_all("lines => lines.map((line) => line.getAttribute('points'))")
    )
    assert broad == dashed
    x, y = np.array([pair.split(",") for pair in broad.split()], dtype=float).T
    share = (y - y[0]) / (y[-1] - y[0])
    d = -8 + 16 * (x - x[0]) / (x[-1] - x[0])
    low, high = sb.sigmoid(-8.0), sb.sigmoid(8.0)
    np.testing.assert_allclose(low + share * (high - low), sb.sigmoid(d), atol=1e-3)


@pytest.mark.parametrize(
    ("logits", "says"),
    [([1, 0], "A: d > 0, so p > ½"), ([0, 1], "B: d < 0, so p < ½"), ([2, 2], "a tie")],
)
def test_the_decision_is_at_one_half(mount, logits, says):
    page = mount(SigmoidExplorer(logits=logits))
    assert says in page.locator(".sb-facts").inner_text()


def test_dragging_the_curve_and_the_plane(mount):
    page = mount(SigmoidExplorer(logits=[1, 0], shift=1))
    drag(page, 0, 0.95, 0.3)
    assert readings(page)[2] > 0.99
    drag(page, 1, 0.4, 0.2)
    a, b = (float(page.get_by_label(f"logit of {n}", exact=True).input_value()) for n in "AB")
    assert a < 0 < b
    assert readings(page)[0] == pytest.approx(sb.softmax([a, b])[0], abs=1e-3)
    x, y = handle(page, 1)
    np.testing.assert_allclose([24 * x - 12, 24 * y - 12], [a + 1, b + 1], atol=0.06)


def test_far_apart_the_small_probability_keeps_its_digits(mount):
    page = mount(SigmoidExplorer(logits=[-400, 300], shift=1000))
    np.testing.assert_allclose(readings(page)[:3], [sb.sigmoid(-700.0)] * 3, rtol=1e-12)
    assert readings(page)[3] == pytest.approx(sb.sigmoid(-700.0), rel=1e-12)


def test_keyboard_alone(mount):
    page = mount(SigmoidExplorer(logits=[0, 0]))
    page.get_by_label("logit of A", exact=True).focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.get_by_label("add c to both logits").focus()
    page.keyboard.press("ArrowLeft")
    assert readings(page)[2] == pytest.approx(sb.sigmoid(0.5), rel=1e-12)
    assert "softmax([0.40, −0.10])" in page.locator(".sb-facts").inner_text()


def test_reset_and_copy_as_python(mount, capsys):
    page = mount(SigmoidExplorer(logits=[1, 0]))
    put(page, "logit of A", -3)
    put(page, "add c to both logits", 2)
    exec(explorables.copied(page), {})
    printed = [float(text) for text in capsys.readouterr().out.split()]
    np.testing.assert_allclose(printed, readings(page)[:3], rtol=1e-12)
    page.get_by_role("button", name="Reset").click()
    assert readings(page)[2] == pytest.approx(sb.sigmoid(1.0), rel=1e-12)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"logits": [1.0, 2.0, 3.0]}, "each of the two classes; got 3"),
        ({"logits": [1.0, float("nan")]}, "nan"),
        ({"shift": 1e4}, "from -1000 to 1000"),
        ({"names": [1, 2]}, "names"),
    ],
)
def test_bad_values_are_refused(arguments, says):
    with pytest.raises(TraitError, match=re.escape(says)):
        SigmoidExplorer(**arguments)


def test_several_on_a_page_do_not_touch_each_other(mount):
    page = mount(SigmoidExplorer(), SigmoidExplorer(names=["yes", "no"]))
    first, second = page.locator(".sb-explorable").all()
    before = second.inner_text()
    put(first, "logit of A", -2)
    assert "The decision is B" in first.inner_text()
    assert second.inner_text() == before


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_accessible_and_inside_the_page(mount, scheme, width):
    page = mount(SigmoidExplorer(), SigmoidExplorer(logits=[-900, 5]), width=width, scheme=scheme)
    assert explorables.faults(page, width) == []
    assert explorables.smallest_target(page) >= 24


def test_clean_up_paper_and_no_script(mount, browser):
    page = mount(SigmoidExplorer())
    assert explorables.left_behind(page, SigmoidExplorer()) == ((3, 1), (0, 0))
    page.emulate_media(media="print")
    assert page.locator(".sb-picture").first.is_visible()
    assert not page.locator(".sb-toolbar").is_visible()
    assert explorables.visible_without_javascript(page, browser)


def test_pictures_hold_the_numbers_given():
    figure, (left, right) = plt.subplots(1, 2)
    plots.sigmoid_point(left, 1.5)
    point, tangent = left.lines[2].get_xydata(), left.lines[1].get_xydata()
    np.testing.assert_allclose(point, [[1.5, sb.sigmoid(1.5)]])
    rise, run = np.diff(tangent, axis=0)[0][::-1]
    assert rise / run == pytest.approx(sb.sigmoid(1.5) * sb.sigmoid(-1.5))
    plots.two_logits(right, [1.0, -30.0])
    assert right.lines[-1].get_xydata().tolist() == [[1, -30]]
    assert right.get_ylim()[0] < -30
    plt.close(figure)
