"""The figures of the chapters on networks and remedies draw the numbers that they were given."""

import matplotlib
import numpy as np
import pytest

matplotlib.use("Agg")
from matplotlib import pyplot as plt
from matplotlib.collections import PathCollection
from matplotlib.patches import Rectangle

from softmaxbook import jacobian, plots, softmax
from softmaxbook.learning.intervals import Interval
from softmaxbook.learning.networks import ACTIVATIONS, Network

NAMES = [str(digit) for digit in range(10)]


@pytest.fixture
def ax():
    figure, axes = plt.subplots()
    yield axes
    plt.close(figure)


def cells(ax):
    return [patch for patch in ax.patches if isinstance(patch, Rectangle)]


def test_digit_has_one_cell_for_each_pixel_with_ink_from_top_to_bottom(ax):
    pixels = np.zeros(64)
    pixels[[0, 15]] = [1.0, 0.25]  # first row, first column; second row, last column
    plots.digit_cells(ax, pixels, left=3.0, top=5.0)
    frame, *ink = cells(ax)
    assert (frame.get_x(), frame.get_y(), frame.get_height()) == (3, 3, 2)
    assert [cell.get_xy() for cell in ink] == [(3.0, 4.75), (4.75, 4.5)]
    assert [cell.get_alpha() for cell in ink] == [1.0, 0.25]


def test_network_flow_shows_the_networks_numbers(ax):
    network = Network(64, 12, 10, seed=3)
    x = np.random.default_rng(0).normal(size=64)
    plots.network_flow(ax, network, x, np.zeros(64), NAMES)
    z = network.logits(x[None])[0]
    words = [text.get_text() for text in ax.texts]
    for logit in z:
        assert f"{logit:.1f}".replace("-", "−") in words
    _, *bars = cells(ax)
    shares = np.array([bar.get_width() for bar in bars])
    np.testing.assert_allclose(shares / shares.sum(), softmax(z), atol=1e-12)
    assert words[10 * 2] == NAMES[z.argmax()]  # after ten logits with ten names


def test_network_flow_tells_what_adds_from_what_takes_away(ax):
    network = Network(64, 12, 10, seed=3)
    x = np.random.default_rng(0).normal(size=64)
    plots.network_flow(ax, network, x, np.zeros(64), NAMES)
    p = network.parameters
    h = np.maximum(p["hidden.weight"] @ x, 0)
    parts = p["output.weight"][network.logits(x[None])[0].argmax()] * h
    drawn = [line for line in ax.lines if line.get_xdata()[0] != line.get_xdata()[1]]
    awake = parts[parts != 0]
    assert [line.get_linestyle() for line in drawn] == ["-" if a > 0 else "--" for a in awake]
    widths = [line.get_linewidth() for line in drawn]
    np.testing.assert_allclose(np.array(widths) / max(widths), abs(awake) / abs(awake).max())
    discs = [c for c in ax.collections if isinstance(c, PathCollection)]
    fills = [disc.get_alpha() for disc in discs[1:]]
    np.testing.assert_allclose(fills, h / h.max())


@pytest.mark.parametrize("derivative", [False, True])
def test_activations_are_drawn_as_they_are(ax, derivative):
    plots.activation_curves(ax, derivative)
    assert [line.get_label() for line in ax.lines] == list(ACTIVATIONS)
    for line, activation in zip(ax.lines, ACTIVATIONS.values(), strict=True):
        x, y = line.get_xydata().T
        expected = activation.derivative(x) if derivative else activation.function(x)
        np.testing.assert_array_equal(y, expected)


def test_slices_are_sigmoids_moved_by_the_log_sum_of_the_others(ax):
    plots.softmax_slices(ax, [[0], [2], [0] * 9])
    for line, moved in zip(ax.lines, (0, 2, np.log(9)), strict=True):
        x, y = line.get_xydata().T
        np.testing.assert_allclose(y, 1 / (1 + np.exp(moved - x)), rtol=1e-12)
    labels = [line.get_label() for line in ax.lines]
    assert labels == ["1 other of 0", "1 other of 2", "9 others of 0"]
    pair = np.stack([ax.lines[0].get_xdata(), np.zeros(401)], axis=-1)
    assert jacobian(pair)[:, 0, 0].max() == pytest.approx(0.25)


def test_interval_points_stand_where_the_means_are(ax):
    intervals = {"a": Interval(0.5, 0.4, 0.7), "b": Interval(0.2, 0.1, 0.3)}
    plots.interval_points(ax, intervals)
    ends, dots = ax.lines[::2], ax.lines[1::2]
    assert [list(line.get_xdata()) for line in ends] == [[0.4, 0.7], [0.1, 0.3]]
    assert [line.get_xdata()[0] for line in dots] == [0.5, 0.2]
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["a", "b"]
    low, high = ax.get_ylim()
    assert low > high  # the first name is on top
