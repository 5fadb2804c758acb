"""The figures of the chapter on membership draw the numbers that they were given."""

import matplotlib
import numpy as np
import pytest

matplotlib.use("Agg")
from matplotlib import pyplot as plt
from matplotlib.colors import to_hex
from matplotlib.patches import StepPatch

from softmaxbook import plots
from softmaxbook.theme import LIGHT
from softmaxbook.transfer.membership import guesses


@pytest.fixture
def ax():
    figure, axes = plt.subplots()
    yield axes
    plt.close(figure)


def test_attack_curves_are_the_guesses_and_the_diagonal(ax):
    found = guesses([3.0, 2.0, 1.5], [2.0, 1.0, 0.0])
    plots.attack_curves(ax, {"one": found})
    curve, diagonal = ax.lines
    np.testing.assert_array_equal(curve.get_xdata(), found.others)
    np.testing.assert_array_equal(curve.get_ydata(), found.members)
    assert [*diagonal.get_xdata(), *diagonal.get_ydata()] == [0, 1, 0, 1]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["one", "guessing"]


def test_histograms_of_both_sides_share_their_bins_and_face_each_other(ax):
    members, others = [0.0, 0.9, 1.0, 1.0], [0.0, 0.1, 0.1, 0.5]
    plots.score_histogram(ax, members, others, n_bins=2)
    above, below = (patch.get_data() for patch in ax.patches if isinstance(patch, StepPatch))
    np.testing.assert_array_equal(above.edges, below.edges)
    np.testing.assert_array_equal(above.values, [1, 3])
    np.testing.assert_array_equal(below.values, [-3, -1])
    colours = [to_hex(patch.get_facecolor()) for patch in ax.patches]
    assert colours == [LIGHT["c0"], LIGHT["c1"]]
    assert ax.yaxis.get_major_formatter()(-2, None) == "2"
