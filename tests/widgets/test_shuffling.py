"""Moved pixels in a real browser: the package's order, and nothing told before it is asked for."""

import re

import explorables
import javascript
import numpy as np
import pytest
from explorables import numbers, put
from traitlets import TraitError

from softmaxbook.experiments import Table, by_seed, stored
from softmaxbook.learning.datasets import load
from softmaxbook.learning.intervals import Interval, mean_interval
from softmaxbook.transfer.targets import ROUTE, pixel_order
from softmaxbook.widgets import ShuffleExplorer
from softmaxbook.widgets.shuffling import MOVED, WAYS, measured_rows

COUNTS, PLACES, N_SEEDS = (1, 5, 50), (0, 32, 64), 4
SHIFT = {0: 0.1, 32: 0.0, 64: -0.1}


def drawn():
    """Return rows in which transfer wins in place, and loses where all pixels have moved."""
    rng = np.random.default_rng(5)
    rows = []
    for moved in PLACES:
        for n in COUNTS:
            scratch = 0.7 + 0.02 * rng.normal(size=N_SEEDS)
            frozen = scratch + SHIFT[moved] + 0.01 * rng.normal(size=N_SEEDS)
            rows.append([moved, n, np.round(frozen, 4), np.round(scratch, 4)])
    return rows


ROWS = drawn()


def explorer(**values):
    return ShuffleExplorer(measured=ROWS, **{"labels": 5, **values})


def scores(moved, labels):
    return next(row[2:] for row in ROWS if row[:2] == [moved, labels])


def shown(page):
    """Return the ink of the ten digits as the page draws it: shape (10, 64)."""
    script = """pictures => pictures.map((picture) => [...picture.querySelectorAll("path")].map(
      (path) => [Number(path.getAttribute("fill-opacity")), path.getAttribute("d")]))"""
    digits = np.zeros((10, 64), int)
    for digit, paths in zip(
        digits, page.locator(".sb-thumbnail").evaluate_all(script), strict=True
    ):
        for ink, d in paths:
            for x, y in re.findall(r"M(\d+) (\d+)", d):
                digit[8 * int(y) + int(x)] = 16 * ink
    return digits


def told(page):
    """Return every text that the page shows or says."""
    script = """root => root.innerText + [...root.querySelectorAll("*")].map(
      (node) => `${node.ariaLabel ?? ""} ${node.ariaValueText ?? ""}`).join(" ")"""
    return page.locator(".sb").evaluate(script)


def test_the_order_is_the_package_s():
    found = javascript.call("shuffling/shuffling", [("pixelOrder", ROUTE, n) for n in range(65)])
    np.testing.assert_array_equal(found, [pixel_order(n) for n in range(65)])


def test_the_digits_are_real_and_keep_every_pixel():
    train = load("digits").train
    whole = ShuffleExplorer().digits.reshape(10, 64)
    for label, digit in enumerate(whole):
        (rows,) = np.nonzero((train.features == digit).all(axis=1))
        assert train.labels[rows].tolist() == [label]
    for moved in (1, 2, 31, 64):
        after = ShuffleExplorer(moved=moved).digits.reshape(10, 64)
        np.testing.assert_array_equal(after, whole[:, pixel_order(moved)])


def test_the_stored_table_comes_in_as_pairs_and_is_light():
    one, table = ShuffleExplorer(), stored("arms")
    assert (one.moved, one.labels, one.revealed) == (0, 50, False)
    assert len(one.measured) == len(MOVED) * len(one.label_counts) == 18
    for target, moved in MOVED.items():
        frozen, scratch = (
            by_seed(table.where(target=target, labels=5.0, arm=arm)[0]) for arm in WAYS
        )
        assert one.difference(moved, 5) == mean_interval(frozen - scratch)
        assert one.accuracies(moved, 5) == dict(
            zip(WAYS, map(mean_interval, (frozen, scratch)), strict=True)
        )
    assert one.difference(16, 5) is None
    assert one.accuracies(16, 5) == {}
    assert len(str(one.state())) < 6000


def test_rows_of_other_targets_and_arms_are_left_out():
    cell = {"target": "digits", "labels": 5.0, "seed 0": 0.5, "seed 1": 0.75}
    rows = [{**cell, "arm": arm} for arm in ("from scratch", "head", "features, linear")]
    rows += [{**cell, "target": "textures", "arm": "from scratch"}]
    assert measured_rows(Table("arms", tuple(rows), {})) == [[0, 5, [0.5, 0.75], [0.5, 0.75]]]


def row_with(column, value):
    rows = [list(row) for row in ROWS]
    rows[1][column] = value
    return {"measured": rows}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"moved": -1}, "from 0 to 64; got -1"),
        ({"moved": 65}, "from 0 to 64; got 65"),
        ({"moved": "half"}, "moved"),
        ({"labels": 3}, "labels must be one of 1, 5, 50; got 3"),
        ({"revealed": "yes"}, "revealed"),
        ({"measured": 5}, "need rows of pixels moved"),
        ({"measured": []}, "need at least one row of pixels moved"),
        ({"measured": ROWS * 112}, "at most 1000 rows; got 1008"),
        ({"measured": [*ROWS, ROWS[0]]}, "(0, 1) is there twice"),
        ({"measured": [[0, 1, [0.5, 0.5]]]}, "row 0 is"),
        (row_with(0, 65), "row 1 is"),
        (row_with(0, 0.5), "row 1 is"),
        (row_with(0, np.inf), "row 1 is"),
        (row_with(1, 0), "row 1 is"),
        (row_with(2, [0.5, 0.5]), "row 1 is"),
        (row_with(3, [0.5, 0.5, 0.5, 1.5]), "row 1 is"),
        (row_with(3, [0.5, 0.5, 0.5, np.nan]), "row 1 is"),
        (row_with(3, "0.5"), "row 1 is"),
    ],
)
def test_bad_values_are_refused(arguments, says):
    with pytest.raises(TraitError, match=re.escape(says)):
        ShuffleExplorer(**{"measured": ROWS, **arguments})


def test_a_refused_change_leaves_the_choice():
    one = explorer(moved=7)
    for name, value in (("moved", 99), ("labels", 2), ("measured", ROWS[:1])):
        with pytest.raises(TraitError):
            setattr(one, name, value)
    assert (one.moved, one.labels, len(one.measured)) == (7, 5, len(ROWS))


def test_the_picture_tells_what_was_measured_only_when_asked():
    hidden, shown = (explorer(moved=9, revealed=reveal).picture() for reveal in (False, True))
    assert "with 0, 9, 32 and 64 of their 64 pixels" in hidden.alt
    assert "ccuracies" not in hidden.alt + hidden.svg
    assert "from scratch" not in hidden.svg
    for moved in PLACES:
        for way, values in zip(WAYS, scores(moved, 5), strict=True):
            assert f"{moved} moved: {way} {mean_interval(values)}" in shown.alt


@pytest.mark.browser
def test_the_page_moves_the_pixels(mount):
    page = mount(explorer())
    for moved in (0, 1, 2, 31, 32, 64):
        put(page, "pixels moved", moved)
        wanted = ShuffleExplorer(measured=ROWS, moved=moved).digits.reshape(10, 64)
        np.testing.assert_array_equal(shown(page), wanted)
    page.get_by_role("button", name="half moved").click()
    assert page.get_by_label("pixels moved", exact=True).input_value() == "32"
    assert page.get_by_role("button", name="half moved").get_attribute("aria-pressed") == "true"


@pytest.mark.browser
@pytest.mark.parametrize("moved", [2, 3, 32, 64])
def test_the_formula_says_where_pixels_come_from(mount, moved):
    page = mount(explorer(moved=moved))
    text = page.locator(".sb-formula").first.inner_text()
    order = pixel_order(moved)
    pairs = re.findall(r"x′\((\d), (\d)\) = x\((\d), (\d)\)", text)
    assert len(pairs) == 2
    for pair in pairs:
        to_row, to_column, row, column = (int(text) - 1 for text in pair)
        assert order[8 * to_row + to_column] == 8 * row + column
    assert f"{moved} places" in text


@pytest.mark.browser
def test_nothing_measured_is_told_before_it_is_asked_for(mount):
    page = mount(explorer(moved=32))
    for labels in COUNTS:
        page.get_by_label(str(labels), exact=True).check()
        for moved in PLACES:
            put(page, "pixels moved", moved)
            assert numbers(page, "data") == []
            assert page.locator(".sb-measured, .sb-interval").count() == 0
            before = told(page)
            assert not re.search(r"wins|loses|undecided|▲ \S*\d|▼ \S*\d|\d\.\d", before)
    assert page.locator("tbody td").all_inner_texts() == ["?"] * 9
    assert "hidden" in page.locator(".sb-summary").inner_text()
    assert "mean_interval" not in explorables.copied(page)
    # Nor do the axes say how low the curves reach.
    ticks = page.locator(".sb-tick").all_text_contents()
    assert {"0", "20", "100"} <= set(ticks)


@pytest.mark.browser
def test_what_is_shown_then_is_what_was_measured(mount):
    page = mount(explorer(moved=64))
    page.get_by_label("show what was measured").check()
    wanted = []
    for moved in PLACES:
        frozen, scratch = scores(moved, 5)
        wanted += [mean_interval(x) for x in (frozen, scratch, np.subtract(frozen, scratch))]
    np.testing.assert_allclose(numbers(page, "tbody data"), [w.mean for w in wanted], rtol=1e-11)
    cells = page.locator("tbody td").all_inner_texts()
    assert [cell[0] for cell in cells[2::3]] == ["▲", "≈", "▼"]
    for cell, each in zip(cells, wanted, strict=True):
        assert cell.endswith(f"± {50 * (each.high - each.low):.1f}")
    assert page.locator(".sb-chosen th").inner_text() == "100 %"
    gain = wanted[-1]
    summary = page.locator(".sb-summary").inner_text()
    bounds = ", ".join(f"{100 * value:+.1f}" for value in gain[1:])
    assert f"95 % interval [{bounds}]: transfer loses".replace("-", "−") in summary
    means = page.locator("circle.sb-measured").evaluate_all(
        "nodes => nodes.map((n) => Number(n.dataset.accuracy))"
    )
    # From scratch first, so that the features lie on top.
    both = [[wanted[3 * i + way].mean for i in range(3)] for way in (1, 0)]
    np.testing.assert_allclose(means, np.ravel(both), rtol=1e-11)
    put(page, "pixels moved", 20)
    assert "measured with 0 %, 50 % and 100 % moved" in page.locator(".sb-summary").inner_text()


@pytest.mark.browser
def test_keyboard_alone(mount):
    page = mount(explorer())
    page.get_by_label("pixels moved", exact=True).focus()
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    assert page.locator(".sb-summary").inner_text().startswith("63 of 64 pixels, 98 %")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "in place"
    page.keyboard.press("Enter")
    assert page.locator(".sb-summary").inner_text().startswith("No pixel has moved")
    page.get_by_label("5", exact=True).focus()
    page.keyboard.press("ArrowRight")
    assert "50 labels per class: 500 pictures" in page.locator(".sb-summary").inner_text()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert "transfer wins" in page.locator(".sb-summary").inner_text()


@pytest.mark.browser
def test_reset_hides_again_and_copy_as_python_has_the_numbers(mount):
    page = mount(explorer(moved=32))
    page.get_by_label("show what was measured").check()
    page.get_by_role("button", name="all moved").click()
    names = {}
    exec(explorables.copied(page), names)
    assert names["gain"] == mean_interval(np.subtract(*scores(64, 5)))
    assert names["labelled"].features.shape == (50, 1, 16, 16)
    page.get_by_role("button", name="Reset").click()
    assert page.get_by_label("pixels moved", exact=True).input_value() == "32"
    assert not page.get_by_label("show what was measured").is_checked()
    assert "hidden" in page.locator(".sb-summary").inner_text()


@pytest.mark.browser
def test_several_on_a_page_do_not_touch_each_other(mount):
    page = mount(explorer(), explorer(moved=64))
    first, second = page.locator(".sb-explorable").all()
    before = second.inner_text()
    first.get_by_label("show what was measured").check()
    first.get_by_label("50", exact=True).check()
    assert second.inner_text() == before


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_accessible_and_inside_the_page(mount, scheme, width):
    shown = [ShuffleExplorer(), ShuffleExplorer(moved=32, revealed=True)]
    page = mount(*shown, explorer(moved=20, revealed=True), width=width, scheme=scheme)
    assert explorables.faults(page, width) == []
    assert explorables.smallest_target(page) >= 24


@pytest.mark.browser
def test_clean_up_paper_and_no_script(mount, browser):
    page = mount(explorer())
    assert explorables.left_behind(page, explorer()) == ((3, 1), (0, 0))
    page.emulate_media(media="print")
    assert page.locator(".sb-thumbnail").first.is_visible()
    assert not page.locator(".sb-toolbar").is_visible()
    assert explorables.visible_without_javascript(page, browser)


def test_an_interval_is_student_s_and_paired():
    rows = [[0, 1, [0.5, 0.75], [0.25, 0.5]]]
    assert ShuffleExplorer(measured=rows).difference(0, 1) == Interval(0.25, 0.25, 0.25)
