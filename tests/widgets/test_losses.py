"""Cross-entropy in a real browser: its loss, arrows and steps are the package's numbers."""

import re

import explorables
import numpy as np
import pytest
from explorables import numbers, put
from traitlets import TraitError

import softmaxbook as sb
from softmaxbook.widgets import LossExplorer

pytestmark = pytest.mark.browser


def loss(page):
    (value,) = numbers(page, ".sb-formula data")
    return value


def columns(page):
    """Return p, y, p − y and the logits after a step, each as the table holds it."""
    return np.reshape(numbers(page, ".sb-scroll tbody data"), (-1, 4)).T


def arrows(page):
    """Return where each arrow starts and ends, as shares of its bar, measured on the screen."""
    script = """bars => bars.map((bar) => {
      const frame = bar.getBoundingClientRect();
      const arrow = bar.querySelector(".sb-pull");
      const { left, right } = arrow.getBoundingClientRect();
      const ends = [left, right].map((x) => (x - frame.left) / frame.width);
      return arrow.classList.contains("sb-backwards") ? ends.reverse() : ends;
    })"""
    return np.array(page.locator(".sb-pulls .sb-bar:not(.sb-draggable)").evaluate_all(script))


def test_loss_and_gradient_are_the_package_s(mount):
    page = mount(LossExplorer(logits=[2, 1, -1], label=1))
    assert loss(page) == pytest.approx(sb.cross_entropy([2, 1, -1], 1), rel=1e-12)
    page.get_by_label("the label says").select_option("2")
    put(page, "logit of A", 3.5)
    put(page, "label smoothing ε", 0.3)
    z, options = [3.5, 1, -1], {"label_smoothing": 0.3}
    assert loss(page) == pytest.approx(sb.cross_entropy(z, 2, **options), rel=1e-12)
    p, y, gradient, _ = columns(page)
    np.testing.assert_allclose(p, sb.softmax(z), rtol=1e-12)
    np.testing.assert_allclose(y, [0.1, 0.1, 0.8], rtol=1e-12)
    wanted = sb.cross_entropy_gradient(z, 2, **options)
    np.testing.assert_allclose(gradient, wanted, rtol=1e-12)


def test_the_loss_in_bits_is_that_in_nats_over_log_2(mount):
    page = mount(LossExplorer(logits=[0, 0], label=0))
    text = page.locator(".sb-formula").first.inner_text()
    assert text.endswith("= 0.693 nats = 1.00 bits")


@pytest.mark.parametrize("smoothing", [0.0, 0.4])
def test_arrows_lead_from_the_probabilities_to_the_target(mount, smoothing):
    page = mount(LossExplorer(logits=[2, 1, -1], label=1, smoothing=smoothing))
    start, end = arrows(page).T
    target = (1 - smoothing) * np.eye(3)[1] + smoothing / 3
    np.testing.assert_allclose(start, sb.softmax([2, 1, -1]), atol=0.01)
    np.testing.assert_allclose(end, target, atol=0.01)
    assert sum(end - start) == pytest.approx(0, abs=0.01)
    assert numbers(page, "tfoot data")[2] == pytest.approx(0, abs=1e-15)


def test_steps_follow_the_gradient_and_reset_undoes_them(mount):
    page = mount(LossExplorer(logits=[2, 1, -1], label=2, learning_rate=2.5))
    z, history = np.array([2.0, 1.0, -1.0]), []
    for _ in range(3):
        history.append(loss(page))
        assert history[-1] == pytest.approx(sb.cross_entropy(z, 2), rel=1e-12)
        z = z - 2.5 * sb.cross_entropy_gradient(z, 2)
        np.testing.assert_allclose(columns(page)[3], z, rtol=1e-12)
        page.get_by_role("button", name="Take one gradient step").click()
    assert loss(page) < min(history)
    spark = page.locator(".sb-spark")
    assert spark.get_attribute("aria-label").count("→") == 3
    assert "3 steps took the loss from 3.35" in page.locator(".sb-summary").inner_text()
    page.get_by_role("button", name="Reset").click()
    assert loss(page) == pytest.approx(history[0], rel=1e-15)
    assert "no step yet" in spark.get_attribute("aria-label")


def test_the_history_keeps_its_order_and_a_new_logit_begins_another(mount):
    page = mount(LossExplorer(logits=[2, 1, -1], label=0))
    button = page.get_by_role("button", name="Take one gradient step")
    button.click()
    put(page, "learning rate η", np.log(4))
    button.click()
    label = page.locator(".sb-spark").get_attribute("aria-label")
    shown = [float(text) for text in re.findall(r"\d+\.\d+", label)]
    assert len(shown) == 3
    assert shown == sorted(shown, reverse=True)
    put(page, "logit of B", 2)
    assert "no step yet" in page.locator(".sb-spark").get_attribute("aria-label")


def test_the_point_lies_on_the_curve_at_the_label_s_probability(mount):
    page = mount(LossExplorer(logits=[2, 1, -1], label=1))
    ticks = page.locator("svg.sb-picture line.sb-grid").evaluate_all(
        "lines => lines.map((l) => ['x1', 'x2', 'y1', 'y2'].map((n) => Number(l.getAttribute(n))))"
    )
    upright = [x1 for x1, x2, *_ in ticks if x1 == x2]
    flat = [y1 for _, _, y1, y2 in ticks if y1 == y2]
    handle = page.locator(".sb-handle")
    x, y = (float(handle.get_attribute(name)) for name in ("cx", "cy"))
    share = (x - upright[0]) / (upright[-1] - upright[0])  # the ticks 0 and 1
    nats = 6 * (y - flat[0]) / (flat[-1] - flat[0])  # the ticks 0 and 6
    assert share == pytest.approx(sb.softmax([2, 1, -1])[1], rel=1e-9)
    assert nats == pytest.approx(-np.log(share), rel=1e-9)


def test_a_probability_below_every_float_has_a_loss_and_a_gradient(mount):
    page = mount(LossExplorer(logits=[1000, -1000], label=1))
    assert loss(page) == 2000
    assert columns(page)[2].tolist() == [1, -1]
    assert "·10⁻⁸⁶⁹" in page.locator(".sb-formula").first.inner_text()


def test_keyboard_alone(mount):
    page = mount(LossExplorer(logits=[0, 0], label=0))
    page.get_by_label("the label says").focus()
    page.keyboard.press("ArrowDown")
    page.get_by_label("logit of A", exact=True).focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    assert loss(page) == pytest.approx(sb.cross_entropy([0.5, 0], 1), rel=1e-12)
    page.get_by_role("button", name="Take one gradient step").focus()
    page.keyboard.press("Enter")
    z = [0.5, 0] - sb.cross_entropy_gradient([0.5, 0], 1)
    assert loss(page) == pytest.approx(sb.cross_entropy(z, 1), rel=1e-12)


def test_taking_the_label_s_class_away_makes_the_last_one_the_label(mount):
    page = mount(LossExplorer(logits=[2, 1, -1], label=2, names=["cat", "dog", "bird"]))
    page.get_by_label("remove the last class").click()
    assert page.get_by_label("the label says").input_value() == "1"
    assert page.get_by_label("the label says").locator("option").all_inner_texts() == ["cat", "dog"]
    assert loss(page) == pytest.approx(sb.cross_entropy([2, 1], 1), rel=1e-12)
    explorer = LossExplorer(logits=[2, 1, -1], label=2)
    explorer.logits = [2, 1]
    assert explorer.label == 1


def test_copy_as_python_computes_what_is_shown(mount, capsys):
    page = mount(LossExplorer(logits=[2, 1, -1], label=1, learning_rate=0.5, smoothing=0.2))
    page.get_by_role("button", name="Take one gradient step").click()
    names = {}
    exec(explorables.copied(page), names)
    assert float(names["loss"]) == pytest.approx(loss(page), rel=1e-12)
    np.testing.assert_allclose(names["gradient"], columns(page)[2], rtol=1e-12)
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == 3


def test_a_bad_number_is_held_with_a_message(mount):
    page = mount(LossExplorer(logits=[2, 1]))
    field = page.get_by_label("logit of A, as a number")
    field.fill("much")
    field.press("Enter")
    assert field.input_value() == "2"
    assert "kept 2" in page.locator(".sb-message").inner_text()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"label": 3}, "from 0 to 2; got 3"),
        ({"label": -1}, "from 0 to 2; got -1"),
        ({"label": "dog"}, "'dog'"),
        ({"label": 1.5}, "1.5"),
        ({"learning_rate": 0}, "from 0.01 to 100"),
        ({"smoothing": 1.1}, "from 0 to 1"),
        ({"logits": [1.0]}, "2 to 10 finite numbers"),
    ],
)
def test_bad_values_are_refused(arguments, says):
    with pytest.raises(TraitError, match=re.escape(says)):
        LossExplorer(**arguments)


def test_several_on_a_page_do_not_touch_each_other(mount):
    page = mount(LossExplorer(label=0), LossExplorer(label=1))
    first, second = page.locator(".sb-explorable").all()
    before = second.inner_text()
    first.get_by_role("button", name="Take one gradient step").click()
    assert "1 step took" in first.locator(".sb-summary").inner_text()
    assert second.inner_text() == before


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_accessible_and_inside_the_page(mount, scheme, width):
    wide = LossExplorer(logits=[0.0] * 10, smoothing=0.5, names=["a long name"])
    page = mount(LossExplorer(), wide, width=width, scheme=scheme)
    assert explorables.faults(page, width) == []
    assert explorables.smallest_target(page) >= 24


def test_clean_up_paper_and_no_script(mount, browser):
    page = mount(LossExplorer())
    assert explorables.left_behind(page, LossExplorer()) == ((5, 1), (0, 0))
    page.emulate_media(media="print")
    assert page.locator(".sb-pull").first.is_visible()
    assert not page.locator(".sb-toolbar").is_visible()
    assert explorables.visible_without_javascript(page, browser)
