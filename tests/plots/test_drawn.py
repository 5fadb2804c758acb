"""The table of a figure holds what its artists draw, and nothing else."""

import csv
import io

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.patches import PathPatch
from matplotlib.textpath import TextPath

from softmaxbook import plots, softmax, theme
from softmaxbook.drawn import COLUMNS, table

NUMBERS = st.floats(-1e9, 1e9)


@pytest.fixture
def ax():
    figure, axes = plt.subplots()
    yield axes
    plt.close(figure)


def rows(figure, kind=None):
    """Return the rows of a table without its head, or those of one kind without panel and kind."""
    head, *found = csv.reader(io.StringIO(table(figure)))
    assert tuple(head) == COLUMNS
    return [row[2:] for row in found if row[1] == kind] if kind else found


def places(found):
    return np.array([[float(x), float(y)] for _, x, y, _ in found])


@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=9))
def test_a_line_is_there_point_by_point(points):
    figure, axes = plt.subplots()
    (line,) = axes.plot(*zip(*points, strict=True), label="a, b")
    found = rows(figure, "line")
    plt.close(figure)
    np.testing.assert_allclose(places(found), line.get_xydata(), rtol=1e-5)
    assert {name for name, *_ in found} == {"a, b"}


def test_bars_end_where_they_are_drawn_and_have_the_words_of_their_ticks(ax):
    up = ax.bar([0, 1], [3, -2], bottom=[0, 1], label="up")
    ax.set_xticks([0, 1], ["cat", "dog"])
    assert rows(ax.figure, "bar") == [["up", "cat", "3", ""], ["up", "dog", "-1", ""]]
    assert [bar.get_y() + bar.get_height() for bar in up] == [3, -1]
    ax.plot([0, 0.5, 1], [1, 1, 1])  # goes between the words: its places are numbers
    assert [x for _, x, _, _ in rows(ax.figure, "line")] == ["0", "0.5", "1"]


def test_each_kind_of_artist_is_read(ax):
    cloud = ax.scatter([1, 2], [3, 5])
    ax.stairs([4, 6], [0, 1, 3], label="counts")
    contours = ax.contour([[0, 1], [1, 2]], levels=[0.5, 1.25])
    ax.axvline(7)
    ax.axline((0, 1), slope=2)
    ax.add_patch(plt.Rectangle((1, 2), 3, 4, alpha=0.25))
    ax.add_patch(plt.Polygon([(0, 0), (2, 0), (1, 3)]))
    ax.errorbar([1], [2], yerr=[0.5])
    ax.fill_between([0, 1], [2, 3])
    ax.text(1, 2, "said")
    ax.text(0.5, 0.5, "in the corner", transform=ax.transAxes)
    ax.annotate("", (1, 1), (0, 0), arrowprops={"arrowstyle": "->"})
    ax.add_patch(PathPatch(TextPath((0, 0), "s")))
    ax.set(title="Panel", xlabel="across", ylabel="up")
    ax.legend()
    found = rows(ax.figure)
    assert found[0] == ["Panel", "axes", "", "across", "up", ""]
    kinds = {kind for _, kind, *_ in found}
    assert kinds == {
        *("axes", "line", "step", "box", "shape", "point", "contour", "interval", "area", "words"),
    }
    np.testing.assert_array_equal(places(rows(ax.figure, "point")), cloud.get_offsets())
    assert [row[1:3] for row in rows(ax.figure, "step")] == [["0", "4"], ["1", "6"], ["3", "6"]]
    assert {value for *_, value in rows(ax.figure, "contour")} == {"0.5", "1.25"}
    drawn = np.concatenate([path.vertices for path in contours.get_paths()])
    np.testing.assert_allclose(places(rows(ax.figure, "contour")), drawn, rtol=1e-5)
    lines = [row[1:3] for row in rows(ax.figure, "line")]
    assert [lines.count(each) for each in (["7", ""], ["0", "1"], ["1", "3"])] == [1, 1, 1]
    assert [row[1:] for row in rows(ax.figure, "box")] == [["1", "2", "0.25"], ["4", "6", "0.25"]]
    assert [row[1:3] for row in rows(ax.figure, "shape")][1:3] == [["2", "0"], ["1", "3"]]
    assert [row[2] for row in rows(ax.figure, "interval")] == ["1.5", "2.5"]
    assert ["0", "2"] in [row[1:3] for row in rows(ax.figure, "area")]
    assert rows(ax.figure, "words") == [["said", "1", "2", ""]]


def test_what_has_no_name_is_told_apart(ax):
    ax.plot([1, 2])
    ax.plot([3, 4])
    assert [name for name, *_ in rows(ax.figure, "line")] == ["1", "1", "2", "2"]


def test_panels_are_told_apart():
    figure, (left, right) = plt.subplots(ncols=2)
    left.plot([1])
    right.plot([2])
    assert [(row[0], row[4]) for row in rows(figure) if row[1] == "line"] == [
        ("1", "1"),
        ("2", "2"),
    ]
    plt.close(figure)


def test_a_figure_of_the_book_holds_the_numbers_that_it_was_given(ax):
    temperatures = np.geomspace(0.05, 50, 25)
    plots.temperature_curves(ax, [2.0, 1.0, -1.0], temperatures, ["cat", "dog", "ship"])
    dog = [row for row in rows(ax.figure, "line") if row[0] == "dog"]
    expected = [(t, softmax([2.0, 1.0, -1.0], temperature=t)[1]) for t in temperatures]
    np.testing.assert_allclose(places(dog), expected, rtol=1e-5)


def test_showing_a_figure_keeps_its_data(ax):
    ax.plot([0.5], label='100 % & "<b>"')
    expected = table(ax.figure)
    picture = theme.show(ax.figure, alt="A point.")
    assert picture.data == expected
    assert "sb-data" not in picture.without_data()
    assert "sb-data" not in theme.Picture(picture.svg, "A point.")._repr_html_()
