"""The picture of a class shows each share once, at its place."""

import matplotlib
import pytest

matplotlib.use("Agg")
from matplotlib import pyplot as plt

from softmaxbook import plots


@pytest.fixture
def ax():
    figure, axes = plt.subplots()
    yield axes
    plt.close(figure)


def test_each_share_is_a_bar_in_the_cell_of_its_student_and_question(ax):
    plots.marks_grid(ax, ["first", "second"], {"ada": [1.0, 0.25], "bob": [0.5, 0.0]})
    frames, bars = ax.patches[0::2], ax.patches[1::2]
    assert [bar.get_height() for bar in frames] == [-0.8] * 4
    assert [bar.get_height() / -0.8 for bar in bars] == [1.0, 0.25, 0.5, 0.0]
    assert [round(bar.get_x() + 0.4) for bar in bars] == [0, 0, 1, 1]
    assert [round(bar.get_y() - 0.4) for bar in bars] == [0, 1, 0, 1]
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["ada", "bob"]
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["first", "second"]


def test_full_marks_differ_from_others_in_more_than_colour(ax):
    plots.marks_grid(ax, ["only"], {"ada": [1.0], "bob": [0.9]})
    full, most = ax.patches[1], ax.patches[3]
    assert full.get_facecolor() != most.get_facecolor()
    assert full.get_height() != most.get_height()
