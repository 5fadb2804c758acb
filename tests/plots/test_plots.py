"""Each figure draws the numbers that it was given, and in the theme's colours."""

import matplotlib
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

matplotlib.use("Agg")
from matplotlib import pyplot as plt
from matplotlib.colors import to_hex

from softmaxbook import (
    OneVsOne,
    OneVsRest,
    SoftmaxRegression,
    entropy,
    logsumexp,
    plots,
    softmax,
    theme,
)

LOGITS = [2.0, 1.0, -1.0]
NAMES = ["cat", "dog", "ship"]
TEMPERATURES = np.geomspace(0.05, 50, 25)


@pytest.fixture
def ax():
    figure, axes = plt.subplots()
    yield axes
    plt.close(figure)


def curve(ax, label):
    (line,) = [line for line in ax.lines if line.get_label() == label]
    return line.get_xydata()


def test_class_bars_are_as_long_as_their_values(ax):
    plots.class_bars(ax, LOGITS, NAMES)
    assert [bar.get_width() for bar in ax.patches] == LOGITS
    assert [tick.get_text() for tick in ax.get_yticklabels()] == NAMES
    assert [text.get_text() for text in ax.texts] == ["2", "1", "−1"]


@pytest.mark.parametrize("values", [[0.0, 0.0], [-1.0, -3.0], [1e300, 1.0]])
def test_class_bars_show_every_value_within_the_frame(ax, values):
    plots.class_bars(ax, values, ["a", "b"])
    low, high = ax.get_xlim()
    assert low <= min(values)
    assert high > max(values)


def test_soft_maximum_stays_above_the_maximum_by_at_most_t_log_2(ax):
    plots.soft_maximum(ax, [0.5, 2.0])
    hard = curve(ax, "max(x, 0)")[:, 1]
    for temperature in (0.5, 2.0):
        gap = curve(ax, f"T = {temperature:g}")[:, 1] - hard
        assert gap.min() > 0
        assert gap.max() == pytest.approx(temperature * np.log(2))


def test_soft_step_is_the_slope_of_the_soft_maximum(ax):
    plots.soft_step(ax, [1.0])
    slope = curve(ax, "T = 1")
    plots.soft_maximum(ax, [1.0])
    x, height = ax.lines[-1].get_xydata().T
    between = (slope[1:, 1] + slope[:-1, 1]) / 2
    np.testing.assert_allclose(np.diff(height) / np.diff(x), between, atol=1e-4)


def test_temperature_curves_are_softmax(ax):
    plots.temperature_curves(ax, LOGITS, TEMPERATURES, NAMES)
    drawn = np.stack([curve(ax, name)[:, 1] for name in NAMES], axis=-1)
    np.testing.assert_array_equal(drawn, [softmax(LOGITS, temperature=t) for t in TEMPERATURES])
    assert ax.get_xscale() == "log"


def test_curves_differ_in_more_than_colour(ax):
    plots.temperature_curves(ax, LOGITS, TEMPERATURES, NAMES)
    lines = ax.lines[:3]
    assert len({line.get_linestyle() for line in lines}) == 3
    assert [to_hex(line.get_color()) for line in lines] == [theme.colour(f"c{k}") for k in range(3)]


def test_entropy_curve_rises_to_its_bound(ax):
    plots.entropy_curve(ax, LOGITS, TEMPERATURES)
    heights = ax.lines[0].get_ydata()
    assert np.all(np.diff(heights) > 0)
    assert heights[0] == entropy(softmax(LOGITS, temperature=TEMPERATURES[0]))
    assert heights[-1] < ax.lines[1].get_ydata()[0] == np.log(3)


@given(st.lists(st.floats(0, 1), min_size=3, max_size=3).filter(lambda p: sum(p) > 0))
def test_triangle_points_measure_probability_by_distance(weights):
    p = np.array(weights) / sum(weights)
    x, y = plots.triangle_points(p)
    # The share of a class is the distance from the side opposite its corner, over the height.
    side = np.sqrt(0.75)
    np.testing.assert_allclose([side - side * x - y / 2, side * x - y / 2, y], side * p, atol=1e-12)


def test_triangle_path_ends_where_the_last_temperature_puts_it(ax):
    plots.triangle(ax, NAMES)
    plots.triangle_path(ax, LOGITS, TEMPERATURES[::-1], "path")
    path = curve(ax, "path")
    np.testing.assert_allclose(path[0], plots.triangle_points(np.full(3, 1 / 3)), atol=0.02)
    np.testing.assert_allclose(path[-1], [0, 0], atol=1e-6)


def test_objective_contours_surround_softmax(ax):
    plots.triangle(ax, NAMES)
    plots.objective_contours(ax, LOGITS, 1.0)
    top = ax.lines[-1].get_xydata()[0]
    np.testing.assert_allclose(top, plots.triangle_points(softmax(LOGITS)))
    levels = ax.collections[-1].levels
    assert levels.max() < logsumexp(LOGITS)
    assert np.all(np.diff(levels) > 0)


def test_share_table_says_which_rows_are_distributions(ax):
    shares = np.array([[0.25, 0.75], [0.75, 0.75]])
    plots.share_table(ax, shares, "batch")
    sums = {
        text.get_text(): to_hex(text.get_color()) for text in ax.texts if "Σ" in text.get_text()
    }
    assert sums == {"Σ 1.00": theme.colour("good"), "Σ 1.50": theme.colour("bad")}
    assert [cell.get_alpha() for cell in ax.patches] == list(0.45 * shares.ravel())


def test_surprise_is_marked_on_its_curve_in_nats_and_bits(ax):
    plots.surprise_curve(ax, [0.5, 0.001])
    p, nats = ax.lines[0].get_data()
    np.testing.assert_allclose(np.exp(-nats), p)
    np.testing.assert_allclose(ax.lines[1].get_xydata(), [[0.5, np.log(2)], [0.001, np.log(1000)]])
    assert ax.get_xlim()[0] == 0
    (bits,) = ax.child_axes
    ax.figure.canvas.draw()
    assert bits.get_ylim()[1] / ax.get_ylim()[1] == pytest.approx(1 / np.log(2))


def test_cross_entropy_curves_are_lowest_at_the_true_share(ax):
    plots.cross_entropy_curves(ax, [0.3, 1.0])
    for share, (line, dot) in zip((0.3, 1.0), (ax.lines[:2], ax.lines[2:]), strict=True):
        p, loss = line.get_data()
        ((x, lowest),) = dot.get_xydata()
        assert x == share
        assert p[loss.argmin()] == pytest.approx(share, abs=0.01)
        assert lowest <= loss.min() <= lowest + 0.01


def test_gradient_arrows_lead_from_probability_to_target(ax):
    p = softmax(LOGITS)
    plots.gradient_arrows(ax, p, [0, 1, 0], NAMES)
    arrows = [text for text in ax.texts if text.arrow_patch is not None]
    assert [text.xyann[0] for text in arrows] == list(p)
    assert [text.xy[0] for text in arrows] == [0, 1, 0]
    changes = [text.get_text() for text in ax.texts if text.get_text()]
    assert changes == ["−0.71", "+0.74", "−0.04"]


def test_observed_shares_are_as_large_as_their_counts(ax):
    plots.observed_shares(ax, [1.5, 1.5, 1.5, 2.0], [0, 1, 1, 1])
    (discs,) = ax.collections
    np.testing.assert_allclose(discs.get_offsets(), [[1.5, 2 / 3], [2.0, 1.0]])
    assert discs.get_sizes()[0] == 3 * discs.get_sizes()[1]


def test_plane_levels_lie_where_the_function_has_them(ax):
    plots.plane_levels(ax, lambda q: q[:, 0] + 2 * q[:, 1], [-1, 0, 1], [-3, 0, 3], [0.5, 1.0])
    (drawn,) = ax.collections
    for level, path in zip((0.5, 1.0), drawn.get_paths(), strict=True):
        np.testing.assert_allclose(path.vertices @ [1, 2], level)


def test_descent_path_marks_its_steps_with_their_numbers(ax):
    plots.descent_path(ax, [[0, 0], [1, 1], [2, 1]], marked=[1, 2])
    way, dots = ax.lines
    np.testing.assert_array_equal(way.get_xydata(), [[0, 0], [1, 1], [2, 1]])
    np.testing.assert_array_equal(dots.get_xydata(), [[1, 1], [2, 1]])
    assert [(text.get_text(), *text.xy) for text in ax.texts] == [("1", 1, 1), ("2", 2, 1)]


THREE = np.array([[0.0, 0.0], [2.0, 0.0], [1.0, 2.0]]).repeat(3, axis=0)
SPECIES = np.repeat([0, 1, 2], 3)


@pytest.mark.parametrize("model", [SoftmaxRegression(), OneVsRest(), OneVsOne()])
def test_decision_regions_hold_what_the_model_predicts_there(ax, model):
    model.fit(THREE, SPECIES)
    plots.decision_regions(ax, model, THREE, SPECIES)
    points = np.random.default_rng(0).uniform(-0.4, 2.4, size=(100, 2))
    scores = np.sort(model.decision_function(points), axis=1)
    points = points[scores[:, -1] - scores[:, -2] > 0.05]  # not on a boundary
    for k, region in enumerate(ax.collections[:3]):
        inside = sum(path.contains_points(points) for path in region.get_paths()) > 0
        np.testing.assert_array_equal(inside, model.predict(points) == k)
    assert [line.get_label() for line in ax.lines] == ["0", "1", "2"]


def test_decision_regions_hatch_only_where_the_model_is_undecided(ax):
    model = OneVsRest().fit(THREE, SPECIES)
    plots.decision_regions(ax, model, THREE, SPECIES)
    *_, hatched = ax.collections
    assert hatched.hatches == ["////"]
    points = np.random.default_rng(0).uniform(-0.4, 2.4, size=(400, 2))
    points = points[np.abs(model.decision_function(points)).min(axis=1) > 0.05]
    inside = sum(path.contains_points(points) for path in hatched.get_paths()) > 0
    np.testing.assert_array_equal(inside, model.undecided(points))
    assert 0 < inside.sum() < len(points)
