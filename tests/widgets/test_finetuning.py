"""The map of transfer in a real browser: every difference and interval is the package's."""

import re

import explorables
import javascript
import numpy as np
import pytest
from explorables import numbers, put
from matplotlib import pyplot as plt
from scipy import stats
from traitlets import TraitError

from softmaxbook import plots
from softmaxbook.experiments.tables import Table
from softmaxbook.learning.intervals import Interval, mean_interval
from softmaxbook.widgets import TransferExplorer
from softmaxbook.widgets.finetuning import SCRATCH, arm_rows, rate_rows

pytestmark = pytest.mark.browser

TARGETS, COUNTS, ARMS = ("near", "far"), (1, 5, 50), (SCRATCH, "head", "gradual")
HEADS, BODIES = (0.01, 0.1), (0.0, 0.001, 0.1)
DISTANCES = {"far": 30.5, "near": 2.25}
SHIFT = {"near": 0.1, "far": -0.1}


def drawn(n_seeds=4):
    """Return rows in which transfer wins near the source and loses far from it."""
    rng = np.random.default_rng(3)
    arms, rates = [], []
    for target in TARGETS:
        for n in COUNTS:
            plain = 0.6 + 0.02 * rng.normal(size=n_seeds)
            for arm in ARMS:
                if (target, arm) == ("far", "gradual"):
                    continue  # not every arm runs everywhere
                gain = 0 if arm == SCRATCH else SHIFT[target] / n + 0.01 * rng.normal(size=n_seeds)
                arms.append([target, n, arm, round(rng.uniform(), 3), np.round(plain + gain, 4)])
    for n in (5, 50):
        for head in HEADS:
            for body in BODIES:
                rates.append(["near", n, head, body, np.round(rng.uniform(size=n_seeds - 1), 4)])
    return {"arms": arms, "rates": rates, "distances": DISTANCES}


ROWS = drawn()


def explorer(**values):
    return TransferExplorer(**ROWS, **{"target": "near", "labels": 5, "arm": "head", **values})


def scores(target, n, arm):
    return next(row[4] for row in ROWS["arms"] if row[:3] == [target, n, arm])


def gain(target, n, arm="head"):
    return mean_interval(np.array(scores(target, n, arm)) - scores(target, n, SCRATCH))


def grid(page, which):
    """Return the exact numbers, the marks and the labels of the map (0) or of the rates (1)."""
    table = page.locator(".sb-map").nth(which)
    cells = table.locator(".sb-cell")
    values = table.locator("data").evaluate_all("nodes => nodes.map((n) => Number(n.value))")
    marks = [text[0] for text in cells.all_inner_texts()]
    return values, marks, [cell.get_attribute("aria-label") for cell in cells.all()]


def test_the_quantile_is_student_s():
    degrees = np.arange(1, 61)
    found = javascript.call("numerics/intervals", [("studentQuantile", int(k)) for k in degrees])
    np.testing.assert_allclose(found, stats.t.ppf(0.975, degrees), rtol=1e-12)
    narrow = javascript.call("numerics/intervals", [("studentQuantile", 9, 0.5)])
    np.testing.assert_allclose(narrow, stats.t.ppf(0.75, 9), rtol=1e-12)


def test_the_interval_is_the_package_s():
    rng = np.random.default_rng(0)
    samples = [rng.normal(size=n) * 10.0**k for n in (2, 3, 5, 10, 40) for k in (-6, 0, 6)]
    found = javascript.call("numerics/intervals", [("meanInterval", list(x)) for x in samples])
    for values, shown in zip(samples, found, strict=True):
        wanted = mean_interval(values)
        np.testing.assert_allclose([shown[k] for k in wanted._fields], wanted, rtol=1e-11)


def test_the_map_holds_every_paired_difference_near_before_far(mount):
    page = mount(explorer())
    values, marks, labels = grid(page, 0)
    wanted = [gain(target, n) for target in ("near", "far") for n in COUNTS]
    np.testing.assert_allclose(values, [each.mean for each in wanted], rtol=1e-11)
    sides = ["▲" if w.low > 0 else "▼" if w.high < 0 else "≈" for w in wanted]
    assert marks == sides
    assert {"▲", "▼"} < set(marks)
    for label, each in zip(labels, wanted, strict=True):
        for value in each:
            assert f"{100 * value:+.1f}".replace("-", "−") in label
    names = page.locator(".sb-map").first.locator("tbody th").all_inner_texts()
    assert [name.split("\n")[0] for name in names] == ["near", "far"]
    assert "distance 2.25" in names[0]


def test_the_table_shows_all_ways_with_their_cost(mount):
    page = mount(explorer(labels=1))
    shown = numbers(page, ".sb-ways data")
    rows = [row for row in ROWS["arms"] if row[:2] == ["near", 1]]
    wanted = [mean_interval(rows[0][4]).mean, rows[0][3]]
    for row in rows[1:]:
        wanted += [mean_interval(row[4]).mean, gain("near", 1, row[2]).mean, row[3]]
    np.testing.assert_allclose(shown, wanted, rtol=1e-11)
    assert page.locator(".sb-chosen th").inner_text() == "head"


def test_the_curves_are_those_of_the_target_and_the_arm(mount):
    page = mount(explorer())
    for target in TARGETS:
        page.get_by_label("target").first.select_option(target)
        dots = page.locator("circle.sb-measured")
        means = dots.evaluate_all("nodes => nodes.map((n) => Number(n.dataset.accuracy))")
        wanted = [np.mean(scores(target, n, arm)) for arm in (SCRATCH, "head") for n in COUNTS]
        np.testing.assert_allclose(means, wanted, rtol=1e-12)
        # A pixel up is the same accuracy everywhere.
        heights = dots.evaluate_all("nodes => nodes.map((n) => n.cy.baseVal.value)")
        slopes = np.polyfit(wanted, heights, 1)
        np.testing.assert_allclose(np.polyval(slopes, wanted), heights, atol=0.01)


def test_rates_are_compared_on_the_seeds_they_share(mount):
    page = mount(explorer(labels=50))
    values, _, labels = grid(page, 1)
    here = [row for row in ROWS["rates"] if row[1] == 50]
    plain = scores("near", 50, SCRATCH)
    wanted = [mean_interval(np.array(row[4]) - plain[: len(row[4])]).mean for row in here]
    np.testing.assert_allclose(values, wanted, rtol=1e-9)
    assert "body frozen" in labels[0]
    put(page, "head rate", 1)
    put(page, "body rate", 2)
    accuracy = 100 * np.mean(here[-1][4])
    assert f"accuracy {accuracy:.1f} %" in page.locator(".sb-note").last.inner_text()
    assert (
        page.locator(".sb-map")
        .nth(1)
        .locator("[aria-pressed=true]")
        .get_attribute("aria-label")
        .startswith("head rate 0.1, body rate 0.1")
    )


def test_rates_take_the_nearest_count_and_say_where_there_are_none(mount):
    page = mount(explorer(labels=1))
    assert "5 labels per class, 3 seeds" in page.locator(".sb-note").last.inner_text()
    page.get_by_label("target").first.select_option("far")
    assert "measured on near only" in page.locator(".sb-note").last.inner_text()
    assert not page.locator(".sb-map").nth(1).is_visible()


def test_what_was_not_measured_is_said_and_not_invented(mount):
    page = mount(explorer(target="far", arm="gradual"))
    assert "not measured on this target" in page.locator(".sb-summary").inner_text()
    assert page.get_by_text("not measured", exact=True).count() == len(COUNTS)
    values, *_ = grid(page, 0)
    np.testing.assert_allclose(values, [gain("near", n, "gradual").mean for n in COUNTS])


def test_the_formula_and_the_summary_hold_the_numbers(mount):
    page = mount(explorer())
    told = page.locator(".sb-formula").inner_text()
    found = gain("near", 5)
    half = 100 * (found.high - found.low) / 2
    assert f"= +{100 * found.mean:.1f} ± {half:.1f} points" in told
    assert f"{stats.t.ppf(0.975, 3):.3f}" in told
    assert "transfer wins" in page.locator(".sb-summary").inner_text()
    page.get_by_label("target").first.select_option("far")
    put(page, "labels per class", 0)
    assert "transfer loses" in page.locator(".sb-summary").inner_text()


def test_keyboard_alone(mount):
    page = mount(explorer())
    chosen = page.locator(".sb-map").first.locator("[aria-pressed=true]")
    assert chosen.get_attribute("tabindex") == "0"
    assert page.locator(".sb-map").first.locator("[tabindex='0']").count() == 1
    chosen.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")  # there is nothing beyond the edge
    assert page.locator(":focus").get_attribute("aria-label").startswith("far, 1 label per class")
    assert page.locator(".sb-summary").inner_text().startswith("far, 1 label per class")
    page.get_by_label("labels per class", exact=True).focus()
    page.keyboard.press("End")
    assert page.locator(".sb-summary").inner_text().startswith("far, 50 labels per class")
    page.get_by_label("what learns").focus()
    page.keyboard.press("ArrowDown")
    assert "“gradual” was not measured" in page.locator(".sb-summary").inner_text()


def test_reset_and_copy_as_python(mount):
    page = mount(explorer())
    page.locator(".sb-map").first.locator(".sb-cell").last.click()
    names = {}
    exec(explorables.copied(page), names)
    assert names["gain"] == gain("far", 50)
    page.get_by_role("button", name="Reset").click()
    exec(explorables.copied(page), names)
    assert names["gain"] == gain("near", 5)


def rows_with(place, column, value):
    """Return the rows of the arms with one entry changed."""
    rows = [list(row) for row in ROWS["arms"]]
    rows[place][column] = value
    return rows


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"arms": 5}, "need rows of target, labels"),
        ({"arms": []}, "another arm than 'from scratch'"),
        ({"arms": ROWS["arms"][:1]}, "another arm than 'from scratch'"),
        ({"arms": ROWS["arms"][1:]}, "'near' with 1 labels needs a row 'from scratch'"),
        ({"arms": [*ROWS["arms"], ROWS["arms"][0]]}, "is there twice"),
        ({"arms": rows_with(1, 4, [0.5])}, "row 1 is"),
        ({"arms": rows_with(1, 4, [0.5, 0.6])}, "as many accuracies as 'head' has: 2"),
        ({"arms": rows_with(1, 4, [0.5, 1.6, 0.2, 0.1])}, "row 1 is"),
        ({"arms": rows_with(1, 4, [0.5, np.nan, 0.2, 0.1])}, "row 1 is"),
        ({"arms": rows_with(2, 3, -1)}, "row 2 is"),
        ({"arms": rows_with(2, 1, 2.5)}, "row 2 is"),
        ({"arms": [["near", 1]]}, "row 0 is"),
        ({"arms": ROWS["arms"] * 70}, "at most 1000 rows"),
        ({"rates": [["near", 2, 0.1, 0.1, [0.5, 0.5]]]}, "need arms there"),
        ({"rates": [["near", 1, 0.1, "a", [0.5, 0.5]]]}, "row 0 is"),
        ({"distances": {"near": 1.0}}, "for each of near, far"),
        ({"distances": {"near": 1.0, "far": np.inf}}, "for each of near, far"),
        ({"target": "moon"}, "target must be one of near, far; got 'moon'"),
        ({"labels": 3}, "labels must be one of 1, 5, 50; got 3"),
        ({"arm": SCRATCH}, "arm must be one of head, gradual"),
        ({"body_rate": 0.02}, "body_rate must be one of 0.0, 0.001, 0.1"),
        ({"head_rate": "fast"}, "head_rate must be a number"),
    ],
)
def test_bad_values_are_refused(arguments, says):
    with pytest.raises(TraitError, match=re.escape(says)):
        TransferExplorer(**{**ROWS, **arguments})


def test_a_refused_change_leaves_the_choice():
    one = explorer()
    with pytest.raises(TraitError):
        one.target = "moon"
    with pytest.raises(TraitError):
        one.arms = []
    assert (one.target, len(one.arms)) == ("near", len(ROWS["arms"]))


def test_stored_tables_come_in_as_rows():
    seeds = {"seed 0": 0.5, "seed 1": 0.75}
    cell = {"target": "near", "labels": 1.0, "seconds": 0.5, **seeds}
    plain, head = ({**cell, "arm": arm, "setting": 0.1, "validation": 0.5} for arm in ARMS[:2])
    arms = arm_rows(Table("arms", (plain, head), {}))
    rates = rate_rows(Table("rates", ({**cell, "head rate": 0.1, "body rate": 0.0},), {}))
    one = TransferExplorer(arms=arms, rates=rates)
    assert one.arms[1] == ["near", 1, "head", 0.5, [0.5, 0.75]]
    assert one.rates == [["near", 1, 0.1, 0.0, [0.5, 0.75]]]
    assert one.difference("near", 1, "head") == Interval(0, 0, 0)


def test_the_stored_tables_are_whole_and_light():
    one = TransferExplorer()
    assert {len(row[4]) for row in one.arms} == {10}
    assert (one.choices("labels"), len(one.choices("target"))) == ([1, 2, 5, 10, 20, 50], 5)
    assert len(one.placeholder()) < 150_000


def test_several_on_a_page_do_not_touch_each_other(mount):
    page = mount(explorer(), explorer(target="far"))
    first, second = page.locator(".sb-explorable").all()
    before = second.inner_text()
    first.locator(".sb-cell").last.click()
    assert second.inner_text() == before


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_accessible_and_inside_the_page(mount, scheme, width):
    page = mount(TransferExplorer(), explorer(arm="gradual"), width=width, scheme=scheme)
    assert explorables.faults(page, width) == []
    assert explorables.smallest_target(page) >= 24


def test_clean_up_paper_and_no_script(mount, browser):
    page = mount(explorer())
    assert explorables.left_behind(page, explorer()) == ((8, 1), (0, 0))
    page.emulate_media(media="print")
    assert page.locator(".sb-cell").first.is_visible()
    assert not page.locator(".sb-toolbar").is_visible()
    assert explorables.visible_without_javascript(page, browser)


def test_the_picture_says_where_it_wins_and_loses():
    alt = explorer(target="far", labels=1).picture().alt
    assert f"changes the accuracy by {gain('far', 1)}" in alt
    won = [f"near with {n}" for n in COUNTS if gain("near", n).low > 0]
    lost = [f"far with {n}" for n in COUNTS if gain("far", n).high < 0]
    assert f"It wins on {'; '.join(won)}." in alt
    assert f"It loses on {'; '.join(lost)}." in alt


def test_pictures_hold_the_numbers_given():
    figure, (above, below) = plt.subplots(2, 1)
    curve = {1: Interval(0.5, 0.4, 0.6), 5: Interval(0.8, 0.75, 0.85)}
    plots.learning_curves(above, {"one": curve, "other": curve})
    line = above.containers[0]
    assert line.lines[0].get_ydata().tolist() == [0.5, 0.8]
    ends = [segment[:, 1].tolist() for segment in line.lines[2][0].get_segments()]
    np.testing.assert_allclose(ends, [[0.4, 0.6], [0.75, 0.85]])
    loss, open_ = Interval(-0.05, -0.07, -0.03), Interval(0.01, -0.01, 0.03)
    plots.transfer_map(below, ["a"], [1, 2, 5], [[loss, open_, None]])
    assert [text.get_text() for text in below.texts] == ["▼\n−5.0", "(+1.0)"]
    assert plots.cell_text(Interval(-1e-9, -0.1, 0.1)) == "(+0.0)"
    assert [bool(patch.get_hatch()) for patch in below.patches] == [False, True, False]
    plt.close(figure)
