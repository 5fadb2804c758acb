"""Two heads in a real browser: answers, pulls and changes of loss are the package's numbers."""

import math
import re

import explorables
import javascript
import numpy as np
import pytest
from explorables import numbers, put
from traitlets import TraitError

import softmaxbook as sb
from softmaxbook.widgets import SharingExplorer
from softmaxbook.widgets.sharing import CLASSES, DIGITS, LIMIT

pytestmark = pytest.mark.browser


def answers(page):
    """Return p and p − y of the first head, then of the second, as the rows hold them."""
    rows = np.reshape(numbers(page, ".sb-heads data"), (-1, 2))
    return rows[:3].T, rows[3:].T


def changes(page):
    """Return loss, first-order change and true change of both tasks, one row a task."""
    return np.reshape(numbers(page, ".sb-outcome data"), (2, 3))


def at(page):
    """Return the point's coordinates, read from the drawing by its ticks from −2 to 2."""
    script = """figure => {
      const number = (node, name) => Number(node.getAttribute(name));
      const point = figure.querySelector(".sb-handle");
      const lines = [...figure.querySelectorAll("line.sb-grid")];
      const on = (axis) => lines.filter((l) => number(l, `${axis}1`) === number(l, `${axis}2`));
      const share = (axis) => {
        const ticks = on(axis).map((l) => number(l, `${axis}1`));
        return -2 + (4 * (number(point, `c${axis}`) - ticks[0])) / (ticks.at(-1) - ticks[0]);
      };
      return [share("x"), share("y")];
    }"""
    return page.locator("figure").evaluate(script)


def drag(page, x, y):
    """Drag the point to shares of the drawing's box."""
    picture = page.locator("svg.sb-picture")
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=4)
    page.mouse.up()


def step(page):
    page.get_by_role("button", name="Take a step").click()


def agree_with_the_page(page, explorer):
    for found, p, label in zip(answers(page), explorer.probabilities, explorer.labels, strict=True):
        np.testing.assert_allclose(found[0], p, rtol=1e-12)
        np.testing.assert_allclose(found[1], p - np.eye(len(p))[label], rtol=1e-9, atol=1e-15)
    wanted = [explorer.losses, explorer.expected_changes, explorer.changes]
    np.testing.assert_allclose(changes(page).T, wanted, rtol=1e-9, atol=1e-14)


# ── the numbers of the class ──


@pytest.mark.parametrize("digit", DIGITS)
@pytest.mark.parametrize("angle", [0, 37.5, 90, 180])
def test_a_pull_is_minus_the_gradient_of_the_loss_in_the_features(angle, digit):
    explorer = SharingExplorer(features=[0.7, -1.3], digit=digit, angle=angle)
    for task, axis in np.ndindex(2, 2):
        losses = []
        for shift in (-1e-5, 1e-5):
            features = [0.7, -1.3]
            features[axis] += shift
            moved = SharingExplorer(features=features, digit=digit, angle=angle)
            losses.append(moved.losses[task])
        slope = (losses[1] - losses[0]) / 2e-5
        assert explorer.pulls[task, axis] == pytest.approx(-slope, abs=1e-9)


def test_the_pull_is_the_sum_over_the_rows_of_the_head():
    explorer = SharingExplorer(features=[-2, 1], digit=3, angle=120)
    for (weights, intercepts), pull, label in zip(
        explorer.heads, explorer.pulls, explorer.labels, strict=True
    ):
        p = sb.softmax(weights @ [-2, 1] + intercepts)
        rows = [
            (share - (k == label)) * row
            for k, (share, row) in enumerate(zip(p, weights, strict=True))
        ]
        np.testing.assert_allclose(pull, -np.sum(rows, axis=0), rtol=1e-12)


def test_at_no_angle_the_border_of_odd_and_even_is_that_of_3_and_8():
    first, second = SharingExplorer(features=[1, -2], angle=0).probabilities
    assert first[1] == pytest.approx(first[2])
    assert second[0] == pytest.approx(second[1])


@pytest.mark.parametrize(("angle", "sign"), [(0, -1), (60, -1), (90, 0), (120, 1), (180, 1)])
def test_one_label_moves_the_other_answer_by_the_angle(angle, sign):
    explorer = SharingExplorer(digit=8, digit_labelled=False, angle=angle)
    assert np.sign(explorer.expected_changes[0]) == sign
    assert np.sign(explorer.changes[0]) == sign
    assert explorer.cosine == pytest.approx(math.cos(math.radians(angle)), abs=1e-12)


def test_aligned_heads_disagree_where_their_labels_do():
    assert SharingExplorer(features=[-2, 0], digit=3, angle=0).cosine == -1
    assert SharingExplorer(features=[0, 0], digit=3, angle=0).cosine != 1
    assert math.isnan(SharingExplorer(features=[0, 0], digit=3, angle=0).cosine)


def test_the_sum_weighs_and_a_missing_label_has_no_term():
    explorer = SharingExplorer(weight=0.3)
    np.testing.assert_allclose(explorer.total, explorer.pulls[0] + 0.3 * explorer.pulls[1])
    explorer.parity_labelled = False
    np.testing.assert_array_equal(explorer.total, explorer.pulls[0])
    explorer.digit_labelled = False
    np.testing.assert_array_equal(explorer.total, [0, 0])
    np.testing.assert_array_equal(explorer.changes, [0, 0])


def test_a_short_step_does_what_the_first_order_says():
    explorer = SharingExplorer(features=[2.9, 2.0], digit=8, angle=30)
    expected = explorer.expected_changes
    np.testing.assert_allclose(explorer.changes, expected, rtol=0.15)
    assert (expected < 0).all()


def test_javascript_computes_what_python_does():
    rng = np.random.default_rng(20261121)
    cases = []
    for _ in range(400):
        features = np.round(rng.uniform(-LIMIT, LIMIT, size=2), 2).tolist()
        angle = float(rng.choice([0, 15, 60, 90, 120, 180, rng.uniform(0, 180)]))
        options = {"digit_labelled": bool(rng.random() < 0.8), "weight": float(rng.uniform(0, 2))}
        cases.append(
            SharingExplorer(
                features=features, digit=int(rng.choice(DIGITS)), angle=angle, **options
            )
        )
    calls = [("pulled", e.features, e.angle, e.digit, e.weights.tolist()) for e in cases]
    for found, explorer in zip(javascript.call("numerics/pulls", calls), cases, strict=True):
        close = {"rtol": 1e-12, "atol": 1e-14}
        for each, p, pull in zip(
            found["both"], explorer.probabilities, explorer.pulls, strict=True
        ):
            np.testing.assert_allclose(each["probabilities"], p, **close)
            np.testing.assert_allclose(each["pull"], pull, **close)
        for name, wanted in (
            ("loss", explorer.losses),
            ("expected", explorer.expected_changes),
            ("changed", explorer.changes),
        ):
            np.testing.assert_allclose([each[name] for each in found["both"]], wanted, **close)
        np.testing.assert_allclose(found["total"], explorer.total, **close)
        np.testing.assert_allclose(found["after"], explorer.after, **close)
        np.testing.assert_allclose(float(found["cosine"]), explorer.cosine, rtol=1e-9, atol=1e-12)


# ── the page ──


def test_the_page_shows_the_package_s_numbers(mount):
    page = mount(SharingExplorer(features=[-2, 1.2], digit=3, angle=120))
    agree_with_the_page(page, SharingExplorer(features=[-2, 1.2], digit=3, angle=120))
    page.get_by_role("radio", name="8").check()
    put(page, "weight λ", 0.4)
    put(page, "angle between heads", 150)
    explorer = SharingExplorer(features=[-2, 1.2], digit=8, angle=150, weight=0.4)
    agree_with_the_page(page, explorer)
    pulls = page.locator(".sb-pulling").inner_text().replace("−", "-")
    for x, y in (*explorer.pulls, explorer.total):
        assert f"({x:.2f}, {y:.2f})" in pulls
    assert f"{explorer.cosine:.2f}, they disagree" in pulls


def test_without_its_label_a_head_does_not_pull_and_its_answer_may_move(mount):
    page = mount(SharingExplorer(digit=8, angle=180))
    page.get_by_label("label: which digit").uncheck()
    agree_with_the_page(page, SharingExplorer(digit=8, angle=180, digit_labelled=False))
    outcome = page.locator(".sb-outcome")
    assert "raises the loss of the digit and lowers the loss of odd or even" in outcome.inner_text()
    assert "yet its answer moves" in outcome.inner_text()
    assert "which digit: no label, no pull" in page.locator(".sb-pulling").inner_text()
    put(page, "angle between heads", 90)
    assert "leaves the loss of the digit as it is" in outcome.inner_text()
    assert changes(page)[0, 1:].tolist() == [0, 0]
    page.get_by_label("label: odd or even").uncheck()
    assert "Without a label nothing pulls." in outcome.inner_text()
    step(page)
    assert "Nothing pulls." in page.locator(".sb-message").inner_text()


def test_steps_follow_the_sum_and_reset_undoes_them(mount):
    page = mount(SharingExplorer(features=[-2, 0.5], digit=8, angle=45))
    explorer = SharingExplorer(features=[-2, 0.5], digit=8, angle=45)
    first = explorer.probabilities[0][2]
    for _ in range(3):
        explorer.features = explorer.after.tolist()
        step(page)
        np.testing.assert_allclose(at(page), explorer.features, atol=1e-9)
        agree_with_the_page(page, explorer)
    told = page.locator(".sb-history").inner_text()
    assert "3 steps" in told
    assert f"p(8) {first:.3g} → {explorer.probabilities[0][2]:.3f}" in told
    assert page.locator("circle.sb-dot").count() == 3
    assert "3 steps" in page.locator(".sb-summary").inner_text()
    page.get_by_role("button", name="Reset").click()
    np.testing.assert_allclose(at(page), [-2, 0.5], atol=1e-9)
    assert "No step yet" in page.locator(".sb-history").inner_text()


def test_whatever_else_moves_begins_a_new_path(mount):
    page = mount(SharingExplorer())
    step(page)
    put(page, "angle between heads", 30)
    assert "No step yet" in page.locator(".sb-history").inner_text()
    assert page.locator("circle.sb-dot").count() == 0


def test_a_step_out_of_the_plane_is_refused(mount):
    page = mount(SharingExplorer(features=[3, 0], digit=8, angle=0, weight=2))
    step(page)
    assert "leave the plane" in page.locator(".sb-message").inner_text()
    np.testing.assert_allclose(at(page), [3, 0], atol=1e-9)


def test_a_step_that_is_too_long_is_told(mount):
    far = SharingExplorer(features=[-0.2, 1.3], digit=3, angle=165, weight=2)
    (raised,) = np.flatnonzero((far.expected_changes < 0) & (far.changes > 0))
    page = mount(far)
    name = ("the loss of the digit", "the loss of odd or even")[raised]
    assert f"after it, {name} is higher" in page.locator(".sb-outcome").inner_text()


def test_dragging_moves_the_features_within_the_plane(mount):
    page = mount(SharingExplorer())
    drag(page, 0.3, 0.25)
    x, y = at(page)
    assert x < -0.5
    assert y > 1
    agree_with_the_page(page, SharingExplorer(features=[round(x, 2), round(y, 2)]))
    drag(page, 0.999, 0.001)
    np.testing.assert_allclose(at(page), [LIMIT, LIMIT], atol=1e-9)


def test_arrows_are_the_pulls(mount):
    explorer = SharingExplorer(features=[-1, -1], digit=8, angle=60, weight=1.5)
    page = mount(explorer)
    heads = page.locator("polygon.sb-arrow-head").evaluate_all(
        "nodes => nodes.map((n) => n.getAttribute('points').split(' ')[0].split(',').map(Number))"
    )
    unit = page.locator("figure").evaluate(
        "figure => { const [a, b] = [...figure.querySelectorAll('line.sb-border')]"
        ".map((l) => Number(l.getAttribute('x1'))); return (b - a) / 2; }"
    )
    point = page.locator(".sb-handle")
    start = [float(point.get_attribute(name)) for name in ("cx", "cy")]
    drawn = (np.array(heads) - start) / unit * [1, -1]
    wanted = [explorer.total, *(explorer.weights[:, None] * explorer.pulls)]
    np.testing.assert_allclose(drawn, wanted, atol=1e-3)


def test_keyboard_alone(mount):
    page = mount(SharingExplorer(features=[0, 0], digit=8, angle=60))
    page.get_by_label("feature 1", exact=True).focus()
    page.keyboard.press("ArrowRight")
    page.get_by_label("feature 2", exact=True).focus()
    page.keyboard.press("ArrowLeft")
    page.get_by_label("angle between heads").focus()
    page.keyboard.press("ArrowRight")
    page.get_by_role("radio", name="8").focus()
    page.keyboard.press("ArrowLeft")
    explorer = SharingExplorer(features=[0.1, -0.1], digit=3, angle=75)
    agree_with_the_page(page, explorer)
    page.get_by_role("button", name="Take a step").focus()
    page.keyboard.press("Enter")
    explorer.features = explorer.after.tolist()
    agree_with_the_page(page, explorer)


def test_copy_as_python_computes_what_is_shown(mount, capsys):
    explorer = SharingExplorer(features=[-1, 2], digit=1, angle=75, weight=0.7)
    page = mount(explorer)
    names = {}
    exec(explorables.copied(page), names)
    np.testing.assert_allclose(names["pulls"], explorer.pulls, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(names["total"], explorer.total, rtol=1e-12, atol=1e-14)
    assert len(capsys.readouterr().out.splitlines()) == 4


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"features": [1.0]}, "2 to 2 finite numbers, each from -3 to 3"),
        ({"features": [0.0, 3.5]}, "numbers from -3 to 3; got [0.0, 3.5]"),
        ({"features": [0.0, float("nan")]}, "nan"),
        ({"digit": 7}, "7"),
        ({"digit_labelled": "yes"}, "'yes'"),
        ({"weight": 2.1}, "from 0 to 2"),
        ({"angle": -15}, "from 0 to 180"),
        ({"angle": "right"}, "'right'"),
    ],
)
def test_bad_values_are_refused(arguments, says):
    with pytest.raises(TraitError, match=re.escape(says)):
        SharingExplorer(**arguments)


def test_the_picture_says_what_it_shows():
    explorer = SharingExplorer(features=[-1, 0.5], digit=3, angle=120)
    alt = explorer.picture().alt
    for names, p in zip(CLASSES, explorer.probabilities, strict=True):
        for name, share in zip(names, p, strict=True):
            assert f"{name} {share:.3f}" in alt
    assert "a picture of 3" in alt
    assert "120°" in alt
    assert f"{explorer.changes[1]:+.3f}" in alt


def test_several_on_a_page_do_not_touch_each_other(mount):
    page = mount(SharingExplorer(), SharingExplorer(digit=1))
    first, second = page.locator(".sb-explorable").all()
    before = second.inner_text()
    first.get_by_role("button", name="Take a step").click()
    first.get_by_role("radio", name="3").check()
    assert "A picture of 3" in first.locator(".sb-summary").inner_text()
    assert second.inner_text() == before


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_accessible_and_inside_the_page(mount, scheme, width):
    other = SharingExplorer(features=[-3, 3], digit=3, angle=180, digit_labelled=False, weight=2)
    page = mount(SharingExplorer(), other, width=width, scheme=scheme)
    assert explorables.faults(page, width) == []
    assert explorables.smallest_target(page) >= 24


def test_clean_up_paper_and_no_script(mount, browser):
    page = mount(SharingExplorer())
    assert explorables.left_behind(page, SharingExplorer()) == ((6, 1), (0, 0))
    page.emulate_media(media="print")
    assert page.locator(".sb-picture").is_visible()
    assert not page.locator(".sb-toolbar").is_visible()
    assert explorables.visible_without_javascript(page, browser)
