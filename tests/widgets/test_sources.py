"""Choosing a source in a real browser: orders and Kendall's coefficient are those of SciPy."""

import re

import explorables
import javascript
import numpy as np
import pytest
from explorables import numbers
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib import pyplot as plt
from scipy import stats
from traitlets import TraitError

from softmaxbook import plots
from softmaxbook.experiments import Table, by_seed, stored
from softmaxbook.experiments.tables import by_network
from softmaxbook.learning.intervals import mean_interval
from softmaxbook.widgets import SourceExplorer
from softmaxbook.widgets.sources import SOURCES, YARDSTICKS, source_rows

# Near and right, as near with wrong labels, far, and a body that has seen nothing.
ROWS = [
    ["right", 2.0, 1.0, -0.5, 0.8, [0.90, 0.94, 0.92]],
    ["wrong", 2.0, 1.0, -2.0, 0.1, [0.40, 0.50, 0.42]],
    ["far", 5.5, 0.5, -1.0, 0.5, [0.80, 0.82, 0.87]],
    ["farther", 9.0, 4.0, -1.5, 0.3, [0.85, 0.88, 0.81]],
    ["nothing", None, float("nan"), None, 0.2, [0.60, 0.66, 0.61]],
]
MEANS = {row[0]: np.mean(row[5]) for row in ROWS}
ABOUT = {"wrong": "labels dealt out at random"}


def explorer(**values):
    return SourceExplorer(rows=ROWS, about=ABOUT, **values)


def tau(yardstick, one=None):
    scores = (one or explorer()).scores(yardstick)
    return stats.kendalltau(list(scores.values()), [MEANS[name] for name in scores]).statistic


def choose(page, yardstick):
    page.get_by_label(yardstick, exact=True).check()


def listed(page):
    """Return the sources in the order of the page, and their places."""
    rows = page.locator(".sb-ranked tbody tr")
    cells = [row.locator("td").first.inner_text() for row in rows.all()]
    return rows.locator("th").all_inner_texts(), cells


def told(page):
    """Return every text that the page shows or says."""
    script = """root => root.innerText + [...root.querySelectorAll("*")].map(
      (node) => `${node.ariaLabel ?? ""} ${node.ariaValueText ?? ""}`).join(" ")"""
    return page.locator(".sb").evaluate(script)


VALUES = st.integers(0, 6)  # few, so that there are many ties
PAIRS = st.lists(st.tuples(VALUES, VALUES), min_size=2, max_size=12)


@settings(max_examples=5)
@given(st.lists(PAIRS, min_size=60, max_size=60))
def test_kendall_s_coefficient_is_scipy_s(samples):
    calls = [("kendall", *map(list, zip(*pairs, strict=True))) for pairs in samples]
    for (_, x, y), found in zip(calls, javascript.call("numerics/ranks", calls), strict=True):
        wanted = stats.kendalltau(x, y).statistic
        np.testing.assert_allclose(found["tau"], wanted, rtol=1e-12, atol=1e-15, equal_nan=True)
        tied = found["pairs"] - sum(found[k] for k in ("same", "reversed", "tiedX", "tiedY"))
        both = sum(x[i] == x[j] and y[i] == y[j] for i in range(len(x)) for j in range(i))
        assert tied == both


def test_equal_scores_share_a_place():
    values = [[3.0, 1.0, 3.0, 2.0], [0.0], [5.0, 5.0]]
    found = javascript.call("numerics/ranks", [("places", each) for each in values])
    assert found == [[1, 4, 1, 3], [1], [1, 1]]
    for each, places in zip(values, found, strict=True):
        np.testing.assert_array_equal(places, stats.rankdata(-np.array(each), method="min"))


def test_names_beside_the_points_keep_apart_and_inside():
    heights = [10.0, 11.0, 12.0, 90.0, 95.0]
    (found,) = javascript.call("numerics/ranks", [("spread", heights, 15, 97)])
    assert np.diff(found).min() >= 15 - 1e-9
    assert (found[0], found[-1]) == (10, 97)


def test_ticks_are_round_and_inside():
    ends = [(-18.3, -12.1), (-2.4, -0.7), (0.25, 0.8), (-11.0, -4.0), (0.0, 1e-3)]
    for (low, high), found in zip(
        ends, javascript.call("sources/sources", [("ticks", *each) for each in ends]), strict=True
    ):
        assert 2 <= len(found) <= 6
        assert low <= found[0] < found[-1] <= high
        steps = np.diff(found)
        np.testing.assert_allclose(steps, steps[0])
        assert f"{steps[0]:.0e}"[0] in "125"


def test_more_is_better_and_what_is_missing_has_no_place():
    one = explorer()
    assert one.scores("nearness for the body") == {
        "right": -2, "wrong": -2, "far": -5.5, "farther": -9,
    }  # fmt: skip
    assert one.order("LogME") == ["right", "far", "farther", "nothing", "wrong"]
    assert one.order("nearness of the pixels") == ["far", "right", "wrong", "farther"]
    assert one.rows[-1][1:4] == [None, None, None]
    for yardstick in YARDSTICKS:
        assert one.agreement(yardstick) == pytest.approx(tau(yardstick))
    assert np.isnan(
        SourceExplorer(rows=[[name, 1, 1, 0, 0, [0.5, 0.5]] for name in "ab"]).agreement("LEEP")
    )


def test_the_stored_table_comes_in_whole_and_light():
    one, table = SourceExplorer(), stored("sources")
    assert [row[0] for row in one.rows] == [row["source"] for row in table.rows] == list(SOURCES)
    assert one.accuracies() == {row["source"]: mean_interval(by_network(row)) for row in table.rows}
    for yardstick, column in YARDSTICKS.items():
        known = [row for row in table.rows if not np.isnan(row[column])]
        sign = -1 if "distance" in column else 1
        scores = [sign * row[column] for row in known]
        means = [by_seed(row).mean() for row in known]
        assert one.agreement(yardstick) == pytest.approx(stats.kendalltau(scores, means).statistic)
    right, wrong = "letters, 20 fonts", "letters, wrong labels"
    near = one.scores("nearness for the body")
    assert near[right] == near[wrong]
    assert one.order("LEEP")[-1] == one.order("LogME")[-1] == wrong
    assert len(str(one.state())) < 3000


def test_rows_of_a_table():
    row = {"source": "a", "distance": 1.0, "pixel distance": 2.0, "LEEP": -1.0, "LogME": 0.5}
    table = Table(
        "sources",
        ({**row, "networks": 2, "penalty": 1.0, "seed 0": 0.5, "seed 1": 0.75},),
        {},
    )
    assert source_rows(table) == [["a", 1.0, 2.0, -1.0, 0.5, [0.5, 0.75]]]


def rows_with(column, value):
    rows = [list(row) for row in ROWS]
    rows[1][column] = value
    return {"rows": rows}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"yardstick": "luck"}, "yardstick"),
        ({"source": "moon"}, "source must be one of right; wrong; far; farther; nothing"),
        ({"revealed": "yes"}, "revealed"),
        ({"about": {"right": 3}}, "about"),
        ({"rows": 5}, "need rows of source, two distances"),
        ({"rows": []}, "needs the scores of at least two sources"),
        ({"rows": [ROWS[0], ROWS[4]]}, "nearness for the body needs the scores of at least"),
        ({"rows": [*ROWS, ROWS[0]]}, "'right' is there twice"),
        ({"rows": [["a", 1]]}, "row 0 is"),
        (rows_with(0, ""), "row 1 is"),
        (rows_with(0, 3), "row 1 is"),
        (rows_with(1, -1.0), "row 1 is"),
        (rows_with(1, np.inf), "row 1 is"),
        (rows_with(3, "low"), "row 1 is"),
        (rows_with(5, [0.5]), "row 1 is"),
        (rows_with(5, [0.5, 1.5]), "row 1 is"),
    ],
)
def test_bad_values_are_refused(arguments, says):
    with pytest.raises(TraitError, match=re.escape(says)):
        SourceExplorer(**{"rows": ROWS, **arguments})


def test_a_refused_change_leaves_the_choice():
    one = explorer(source="far")
    for name, value in (("source", "moon"), ("yardstick", "luck"), ("rows", ROWS[:2])):
        with pytest.raises(TraitError):
            setattr(one, name, value)
    assert (one.source, one.yardstick, len(one.rows)) == ("far", next(iter(YARDSTICKS)), 5)


def test_the_picture_shows_orders_first_and_accuracies_when_asked():
    hidden, shown = (explorer(revealed=revealed).picture().alt for revealed in (False, True))
    assert "By nearness for the body: 1. right; 1. wrong; 3. far; 4. farther." in hidden
    assert "By LogME: 1. right; 2. far; 3. farther; 4. nothing; 5. wrong." in hidden
    assert "ccuracy" not in hidden
    for row in ROWS[:4]:
        assert f"{row[0]} at −{row[1]:.2f}, {mean_interval(row[5])}" in shown
    assert f"coefficient is {tau('nearness for the body'):+.2f}" in shown


def test_orders_are_written_below_each_other():
    figure, ax = plt.subplots()
    plots.source_orders(ax, {"one": [(1, "a"), (1, "b")], "other": [(1, "b")]})
    words = {(text.get_position(), text.get_text()) for text in ax.texts}
    assert ((0, 0), "one") in words
    assert {((0.1, 1), "a"), ((0.1, 2), "b"), ((1.1, 1), "b")} <= words
    assert [text for _, text in sorted(words)].count("1.") == 3
    assert ax.get_ylim()[0] > ax.get_ylim()[1]
    plt.close(figure)


@pytest.mark.browser
def test_the_list_is_in_the_order_of_the_yardstick(mount):
    page = mount(explorer())
    wanted = {
        "nearness for the body": ["1=", "1=", "3", "4", "–"],
        "nearness of the pixels": ["1", "2=", "2=", "4", "–"],
        "LEEP": ["1", "2", "3", "4", "–"],
        "LogME": ["1", "2", "3", "4", "5"],
    }
    for yardstick, places in wanted.items():
        choose(page, yardstick)
        order = explorer().order(yardstick)
        assert listed(page) == (order + [s for s in MEANS if s not in order], places)
        scores = [abs(score) for score in map(explorer().scores(yardstick).get, order)]
        np.testing.assert_allclose(np.abs(numbers(page, ".sb-ranked data")), scores)
    assert "nothing: no distance" not in told(page)
    choose(page, "LEEP")
    assert "nothing: no LEEP, so no place" in told(page)


@pytest.mark.browser
def test_a_source_is_compared_under_every_yardstick(mount):
    page = mount(explorer())
    page.get_by_label("wrong", exact=True).check()
    assert "labels dealt out at random" in told(page)
    table = page.locator("table").nth(1)
    assert table.locator("tbody td").all_inner_texts() == [
        "2.00", "1= of 4", "1.00", "2= of 4", "−2.000", "4 of 4", "0.100", "5 of 5",
    ]  # fmt: skip
    summary = page.locator(".sb-summary")
    assert "wrong: place 1 of 4, the same as right, distance 2.00" in summary.inner_text()
    page.get_by_label("nothing", exact=True).check()
    assert "nothing has no distance" in summary.inner_text()
    assert table.locator("tbody td").all_inner_texts()[:2] == ["–", "–"]


@pytest.mark.browser
def test_nothing_measured_is_told_before_it_is_asked_for(mount):
    page = mount(explorer())
    percents = [f"{100 * mean:.1f}" for mean in MEANS.values()]
    for yardstick in YARDSTICKS:
        choose(page, yardstick)
        for source in MEANS:
            page.get_by_label(source, exact=True).check()
            before = told(page)
            assert not re.search(r"Kendall|τ =|interval|[+−]\d\.\d\d\b", before)
            assert not any(percent in before for percent in percents)
            assert page.locator(".sb-measured, .sb-interval, .sb-reversed").count() == 0
    cells = page.locator(".sb-ranked tbody td:last-child").all_inner_texts()
    assert cells == ["?"] * 5
    assert "hidden" in page.locator(".sb-summary").inner_text()
    assert "kendalltau" not in explorables.copied(page)
    assert page.locator("svg.sb-picture").count() == 0


@pytest.mark.browser
def test_what_is_shown_then_is_what_was_measured(mount):
    page = mount(explorer(source="wrong"))
    page.get_by_label("show what was measured").check()
    for yardstick in YARDSTICKS:
        choose(page, yardstick)
        scores = explorer().scores(yardstick)
        order = explorer().order(yardstick)
        assert numbers(page, ".sb-formula data") == [pytest.approx(tau(yardstick), rel=1e-12)]
        dots = page.locator("circle.sb-measured").evaluate_all(
            "nodes => nodes.map((n) => [Number(n.dataset.score), Number(n.dataset.accuracy)])"
        )
        np.testing.assert_allclose(dots, [[scores[s], MEANS[s]] for s in order], rtol=1e-11)
        # The better promise stands further right, whatever its sign.
        places = page.locator("circle.sb-measured").evaluate_all(
            "n => n.map((c) => c.cx.baseVal.value)"
        )
        assert places == sorted(places, reverse=True)
        wrong = sum((scores[s] - scores["wrong"]) * (MEANS[s] - MEANS["wrong"]) < 0 for s in order)
        assert page.locator(".sb-reversed").count() == wrong
        assert page.locator(".sb-level").count() == len(MEANS) - len(order)
    column = page.locator(".sb-ranked tbody td:last-child data")
    shown = column.evaluate_all("nodes => nodes.map((node) => Number(node.value))")
    np.testing.assert_allclose(shown, [MEANS[s] for s in explorer().order("LogME")], rtol=1e-11)
    taus = page.locator("table").nth(1).locator("td:last-child data")
    np.testing.assert_allclose(
        taus.evaluate_all("nodes => nodes.map((node) => Number(node.value))"),
        [tau(yardstick) for yardstick in YARDSTICKS],
        rtol=1e-12,
        atol=1e-15,
    )
    found = mean_interval(ROWS[1][5])
    bounds = f"[{100 * found.low:.1f}, {100 * found.high:.1f}]"
    assert f"95 % interval {bounds}: place 5 of 5" in page.locator(".sb-summary").inner_text()


@pytest.mark.browser
def test_names_are_whole_beside_the_points_or_cut_where_they_are_too_long(mount):
    rows = [[f"{row[0]}, with a name that is long", *row[1:]] for row in ROWS]
    page = mount(SourceExplorer(revealed=True), SourceExplorer(rows=rows, revealed=True))
    ends = """names => names.map((name) => [name.getBoundingClientRect().right,
      name.ownerSVGElement.getBoundingClientRect().right, name.textContent])"""
    found = page.locator(".sb-beside").evaluate_all(ends)
    assert {name for *_, name in found} >= set(SOURCES)
    assert {name for *_, name in found if name.startswith("far")} == {
        "far, with a name that…", "farther, with a name…",
    }  # fmt: skip
    for right, edge, name in found:
        assert right <= edge, name


@pytest.mark.browser
def test_orders_that_are_all_ties_have_no_coefficient(mount):
    rows = [[name, 1.0, 1.0, -1.0, 0.5, [0.5, 0.75]] for name in "ab"]
    page = mount(SourceExplorer(rows=rows, revealed=True))
    assert page.locator(".sb-formula").inner_text().endswith("= not defined")


@pytest.mark.browser
def test_keyboard_alone(mount):
    page = mount(explorer())
    page.get_by_label("nearness for the body", exact=True).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.get_by_label("LEEP", exact=True).is_checked()
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.type") != "radio":
        page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert "farther: place 3 of 4" in page.locator(".sb-summary").inner_text()
    page.get_by_label("show what was measured").focus()
    page.keyboard.press("Space")
    assert "Kendall" in page.locator(".sb-summary").inner_text()


@pytest.mark.browser
def test_reset_hides_again_and_copy_as_python_has_the_numbers(mount, capsys):
    page = mount(explorer(yardstick="LogME"))
    exec(explorables.copied(page))
    assert capsys.readouterr().out.strip() == str(explorer().order("LogME"))
    page.get_by_label("show what was measured").check()
    choose(page, "nearness for the body")
    page.get_by_label("far", exact=True).check()
    names = {}
    exec(explorables.copied(page), names)
    assert names["tau"] == pytest.approx(tau("nearness for the body"), rel=1e-12)
    page.get_by_role("button", name="Reset").click()
    assert page.get_by_label("LogME", exact=True).is_checked()
    assert page.get_by_label("right", exact=True).is_checked()
    assert not page.get_by_label("show what was measured").is_checked()
    assert page.locator("svg.sb-picture").count() == 0


@pytest.mark.browser
def test_several_on_a_page_do_not_touch_each_other(mount):
    page = mount(explorer(), explorer(source="far"))
    first, second = page.locator(".sb-explorable").all()
    before = second.inner_text()
    first.get_by_label("wrong", exact=True).check()
    first.get_by_label("LEEP", exact=True).check()
    first.get_by_label("show what was measured").check()
    assert second.inner_text() == before
    assert second.get_by_label("far", exact=True).is_checked()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_accessible_and_inside_the_page(mount, scheme, width):
    shown = SourceExplorer(revealed=True, source="letters, wrong labels", yardstick="LEEP")
    page = mount(SourceExplorer(), shown, explorer(), width=width, scheme=scheme)
    assert explorables.faults(page, width) == []
    assert explorables.smallest_target(page) >= 24


@pytest.mark.browser
def test_clean_up_paper_and_no_script(mount, browser):
    page = mount(explorer())
    assert explorables.left_behind(page, explorer()) == ((4, 1), (0, 0))
    page.emulate_media(media="print")
    assert page.locator(".sb-ranked").is_visible()
    assert not page.locator(".sb-toolbar").is_visible()
    assert explorables.visible_without_javascript(page, browser)
