"""The figures on transfer say which body is frozen, and put sources in their place."""

from itertools import pairwise

import matplotlib
import pytest

matplotlib.use("Agg")
from matplotlib import pyplot as plt
from matplotlib.patches import Rectangle

from softmaxbook import plots
from softmaxbook.learning.intervals import Interval
from softmaxbook.plots.transfer import KINDS


@pytest.fixture
def ax():
    figure, axes = plt.subplots()
    yield axes
    plt.close(figure)


def test_every_kind_is_drawn_and_only_the_frozen_body_is_hatched():
    figure, axes = plt.subplots(1, 3)
    plots.transfer_kinds(axes)
    words = [text.get_text() for ax in axes for text in ax.texts]
    assert [word for word in words if word in KINDS] == list(KINDS)
    assert words.count("new head") == 3
    patches = [patch for ax in axes for patch in ax.patches]
    boxes = [p for p in patches if isinstance(p, Rectangle) and p.get_height() > 1]
    plt.close(figure)
    assert len(boxes) == 12
    assert [bool(box.get_hatch()) for box in boxes].count(True) == 1
    assert words.count("weights") == 2
    assert words.count("similarities") == 1


def test_sources_stand_at_their_score_with_their_interval(ax):
    places = {"near": 1.0, "far": 9.0}
    intervals = {"near": Interval(0.2, 0.1, 0.3), "far": Interval(-0.1, -0.2, 0.0)}
    plots.source_points(ax, places, intervals)
    ranges, points = ax.lines[0::2], ax.lines[1::2]
    assert [list(line.get_xdata()) for line in ranges] == [[1, 1], [9, 9]]
    assert [list(line.get_ydata()) for line in ranges] == [[0.1, 0.3], [-0.2, 0.0]]
    assert [list(line.get_ydata()) for line in points] == [[0.2], [-0.1]]
    assert {text.get_text(): text.xy for text in ax.texts} == {
        "near": (1.0, 0.2),
        "far": (9.0, -0.1),
    }


def test_names_of_sources_do_not_hide_each_other(ax):
    means = {"a": 0.50, "b": 0.501, "c": 0.499, "d": 0.02, "e": 0.01}
    intervals = {name: Interval(m, m - 0.01, m + 0.01) for name, m in means.items()}
    plots.source_points(ax, {name: 1.0 for name in means}, intervals)
    heights = {text.get_text(): text.xyann[1] for text in ax.texts}
    assert list(heights) == ["b", "a", "c", "d", "e"]
    rows = list(heights.values())
    assert min(a - b for a, b in pairwise(rows)) > 0.05
    assert rows[0] == 0.501  # nothing is in its way
    assert min(rows) >= 0
