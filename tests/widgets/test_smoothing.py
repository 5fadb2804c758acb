"""Label smoothing in a real browser: the loss over the gap and its optimum are the package's."""

import re

import explorables
import numpy as np
import pytest
from explorables import numbers, put
from matplotlib import pyplot as plt
from traitlets import TraitError

import softmaxbook as sb
from softmaxbook import plots
from softmaxbook.learning.remedies import optimal_logit_gap
from softmaxbook.widgets import SmoothingExplorer

pytestmark = pytest.mark.browser


def facts(page):
    """Return the loss, the smallest loss, and the slope."""
    return numbers(page, ".sb-facts data")


def best(page):
    (value,) = numbers(page, ".sb-formula data")
    return value


def shares(page):
    """Return target and probabilities of the classes that have bars."""
    rows = np.reshape(numbers(page, ".sb-shares data"), (-1, 2)).T
    script = "bars => bars.map((bar) => Number(bar.style.getPropertyValue('--sb-to')))"
    drawn = page.locator(".sb-shares .sb-bar").evaluate_all(script)
    np.testing.assert_array_equal(np.reshape(drawn, (-1, 2)).T, rows)
    return rows


def package(gap, smoothing, n_classes):
    """Return the loss and its slope in the gap, by the package."""
    z = [float(gap), *[0.0] * (n_classes - 1)]
    loss, gradient = sb.cross_entropy_and_gradient(z, 0, label_smoothing=smoothing)
    return float(loss), gradient[0]


def place(page, selector):
    """Return where a point is: the gap by the ticks −4 and 16, and the height in px."""
    script = """picture => {
      const number = (node, name) => Number(node.getAttribute(name));
      const lines = [...picture.querySelectorAll("line.sb-grid")];
      const x = lines.map((l) => [number(l, "x1"), number(l, "x2")]).filter(([a, b]) => a === b);
      const point = picture.querySelector("SELECTOR");
      const share = (number(point, "cx") - x[0][0]) / (x.at(-1)[0] - x[0][0]);
      return [-4 + 20 * share, number(point, "cy")];
    }""".replace("SELECTOR", selector)
    return page.locator("svg.sb-picture").evaluate(script)


@pytest.mark.parametrize(
    ("smoothing", "n_classes", "gap"), [(0.1, 10, 2.0), (0.35, 2, -3.0), (0.02, 1000, 16.0)]
)
def test_loss_slope_and_optimum_are_the_package_s(mount, smoothing, n_classes, gap):
    page = mount(SmoothingExplorer(smoothing=smoothing, n_classes=n_classes, gap=gap))
    loss, least, slope = facts(page)
    wanted = optimal_logit_gap(smoothing, n_classes)
    assert best(page) == pytest.approx(wanted, rel=1e-12)
    assert (loss, slope) == pytest.approx(package(gap, smoothing, n_classes), rel=1e-12)
    assert least == pytest.approx(package(wanted, smoothing, n_classes)[0], rel=1e-12)
    assert least < loss


def test_at_the_best_gap_both_distributions_agree(mount):
    page = mount(SmoothingExplorer(smoothing=0.1, n_classes=5, gap=0))
    target, p = shares(page)
    np.testing.assert_allclose(target, [0.92, 0.02, 0.02, 0.02, 0.02], rtol=1e-12)
    np.testing.assert_allclose(p, 0.2, rtol=1e-12)
    page.get_by_role("button", name="Go to the best gap").click()
    target, p = shares(page)
    np.testing.assert_allclose(p, target, rtol=1e-12)
    assert facts(page)[2] == pytest.approx(0, abs=1e-15)
    assert facts(page)[1] == pytest.approx(sb.entropy(target), rel=1e-12)
    assert place(page, ".sb-handle") == place(page, ".sb-optimum")
    assert "this is it" in page.locator(".sb-summary").inner_text()


def test_the_curve_is_lowest_at_the_mark(mount):
    page = mount(SmoothingExplorer(smoothing=0.2, n_classes=10))
    line = page.locator("polyline.sb-curve").get_attribute("points")
    x, y = np.array([pair.split(",") for pair in line.split()], dtype=float).T
    gaps = np.linspace(-4, 16, len(x))
    lowest = gaps[y.argmax()]  # the drawing's y points down
    assert lowest == pytest.approx(optimal_logit_gap(0.2, 10), abs=20 / 160)
    assert place(page, ".sb-optimum")[0] == pytest.approx(optimal_logit_gap(0.2, 10), abs=1e-9)
    plain = page.locator("polyline.sb-path").get_attribute("points")
    heights = np.array([pair.split(",")[1] for pair in plain.split()], dtype=float)
    assert (np.diff(heights) >= 0).all()  # without smoothing the loss falls for ever


def test_without_smoothing_the_optimum_is_at_infinity(mount):
    page = mount(SmoothingExplorer(smoothing=0.1, n_classes=3))
    put(page, "label smoothing ε", 0)
    assert "= ∞" in page.locator(".sb-formula").inner_text()
    assert page.locator(".sb-optimum").count() == 0
    assert "at infinity" in page.locator(".sb-summary").inner_text()
    losses = []
    for gap in (0, 8, 16):
        put(page, "logit gap d", gap)
        losses.append(facts(page)[0])
        assert losses[-1] == pytest.approx(package(gap, 0.0, 3)[0], rel=1e-12)
    assert losses == sorted(losses, reverse=True)
    page.get_by_role("button", name="Go to the best gap").click()
    assert "no gap is ever enough" in page.locator(".sb-message").inner_text()
    assert facts(page)[0] == losses[-1]


def test_an_optimum_beyond_the_edge_is_said_and_not_drawn(mount):
    page = mount(SmoothingExplorer(smoothing=1e-9, n_classes=10))
    assert page.locator(".sb-optimum").count() == 0
    assert "beyond the right edge" in page.locator("figcaption").inner_text()
    page.get_by_role("button", name="Go to the best gap").click()
    assert "out of reach" in page.locator(".sb-message").inner_text()


def test_the_number_of_classes(mount):
    page = mount(SmoothingExplorer(smoothing=0.1, n_classes=7))
    options = page.get_by_label("classes K").locator("option").all_inner_texts()
    assert options == ["2", "3", "5", "7", "10", "100", "1000"]
    assert shares(page).shape == (2, 7)
    page.get_by_label("classes K").select_option("1000")
    assert shares(page).shape == (2, 10)
    assert "990 more classes" in page.locator(".sb-note").inner_text()
    assert best(page) == pytest.approx(optimal_logit_gap(0.1, 1000), rel=1e-12)


def test_dragging_the_point(mount):
    page = mount(SmoothingExplorer())
    picture = page.locator("svg.sb-picture")
    box = picture.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.9 * box["width"], box["y"] + 40, steps=4)
    page.mouse.up()
    gap = float(page.get_by_label("logit gap d").get_attribute("aria-valuetext"))
    assert 12 < gap < 16
    assert place(page, ".sb-handle")[0] == pytest.approx(gap, abs=0.006)
    assert "rises with it" in page.locator(".sb-summary").inner_text()


def test_keyboard_alone(mount):
    page = mount(SmoothingExplorer(smoothing=0.1, n_classes=10, gap=2))
    page.get_by_label("logit gap d").focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.get_by_label("label smoothing ε").focus()
    page.keyboard.press("ArrowRight")
    page.get_by_label("classes K").focus()
    page.keyboard.press("ArrowUp")
    assert facts(page)[0] == pytest.approx(package(2.5, 0.11, 5)[0], rel=1e-12)


def test_reset_and_copy_as_python(mount):
    page = mount(SmoothingExplorer(smoothing=0.1, n_classes=10, gap=2))
    put(page, "logit gap d", 7.3)
    put(page, "label smoothing ε", 0.25)
    names = {}
    exec(explorables.copied(page), names)
    assert float(names["loss"]) == pytest.approx(facts(page)[0], rel=1e-12)
    assert names["best"] == pytest.approx(best(page), rel=1e-12)
    page.get_by_role("button", name="Reset").click()
    assert facts(page)[0] == pytest.approx(package(2, 0.1, 10)[0], rel=1e-12)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"smoothing": -0.1}, "from 0 to 1"),
        ({"n_classes": 1}, "from 2 to 1000; got 1"),
        ({"n_classes": 2.5}, "2.5"),
        ({"gap": 17}, "from -4 to 16"),
        ({"gap": "wide"}, "'wide'"),
    ],
)
def test_bad_values_are_refused(arguments, says):
    with pytest.raises(TraitError, match=re.escape(says)):
        SmoothingExplorer(**arguments)


def test_several_on_a_page_do_not_touch_each_other(mount):
    page = mount(SmoothingExplorer(), SmoothingExplorer(n_classes=2))
    first, second = page.locator(".sb-explorable").all()
    before = second.inner_text()
    first.get_by_role("button", name="Go to the best gap").click()
    assert "this is it" in first.inner_text()
    assert second.inner_text() == before


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_accessible_and_inside_the_page(mount, scheme, width):
    other = SmoothingExplorer(smoothing=0, n_classes=1000, gap=16)
    page = mount(SmoothingExplorer(), other, width=width, scheme=scheme)
    assert explorables.faults(page, width) == []
    assert explorables.smallest_target(page) >= 24


def test_clean_up_paper_and_no_script(mount, browser):
    page = mount(SmoothingExplorer())
    assert explorables.left_behind(page, SmoothingExplorer()) == ((3, 1), (0, 0))
    page.emulate_media(media="print")
    assert page.locator(".sb-picture").is_visible()
    assert not page.locator(".sb-toolbar").is_visible()
    assert explorables.visible_without_javascript(page, browser)


def test_the_picture_holds_the_numbers_given():
    figure, ax = plt.subplots()
    plots.gap_losses(ax, 0.2, 6, 1.5)
    _, smoothed, optimum, point = ax.lines
    gaps, losses = smoothed.get_xydata().T
    assert losses[0] == pytest.approx(package(gaps[0], 0.2, 6)[0])
    assert optimum.get_xdata()[0] == optimal_logit_gap(0.2, 6)
    np.testing.assert_allclose(point.get_xydata(), [[1.5, package(1.5, 0.2, 6)[0]]])
    plt.close(figure)
