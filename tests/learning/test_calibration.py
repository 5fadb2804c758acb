"""Calibration: bins that add up, errors known by construction, and what chance contributes."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.calibration import calibration_curve

from softmaxbook.learning.calibration import (
    calibration_error_by_chance,
    expected_calibration_error,
    reliability,
    squared_calibration_error,
)
from softmaxbook.numerics.probabilities import softmax

binned = st.integers(1, 30), st.booleans()


def predictions(seed, n=200, truth=1.0):
    """Return probabilities and labels that are drawn from them at the temperature `truth`."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(scale=2, size=(n, 3))
    labels = (softmax(logits, temperature=truth).cumsum(axis=-1) < rng.random((n, 1))).sum(axis=-1)
    return softmax(logits), labels


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
@pytest.mark.parametrize("n_bins", [10, 15, 20])
def test_bins_do_not_depend_on_the_type(dtype, n_bins):
    sure = np.arange(n_bins // 2 + 1, n_bins + 1) / n_bins  # each at the upper limit of its bin
    p = np.stack([sure, 1 - sure], axis=1)
    labels = np.zeros(len(p), dtype=int)
    wide, narrow = (reliability(rows, labels, n_bins) for rows in (p, p.astype(dtype)))
    assert_array_equal(wide.counts, [0] * (n_bins // 2) + [1] * len(p))
    assert_array_equal(narrow.counts, wide.counts)


# identities


@given(st.integers(0, 999), *binned)
def test_bins_hold_every_row_and_average_to_the_whole(seed, n_bins, equal_counts):
    p, labels = predictions(seed)
    diagram = reliability(p, labels, n_bins, equal_counts)
    assert diagram.counts.sum() == len(labels)
    assert len(diagram.edges) == n_bins + 1
    full = diagram.counts > 0
    assert_array_equal(np.isnan(diagram.accuracy), ~full)
    shares = diagram.counts[full] / len(labels)
    assert shares @ diagram.confidence[full] == pytest.approx(p.max(axis=-1).mean())
    assert shares @ diagram.accuracy[full] == pytest.approx((p.argmax(axis=-1) == labels).mean())
    inside = diagram.confidence[full]
    assert (inside <= diagram.edges[1:][full] + 1e-12).all()
    assert (inside >= diagram.edges[:-1][full] - 1e-12).all()


@given(st.integers(0, 999), *binned)
def test_error_is_the_diagrams_distance_and_no_less_than_the_whole_gap(seed, n_bins, equal_counts):
    p, labels = predictions(seed)
    error = expected_calibration_error(p, labels, n_bins, equal_counts)
    diagram = reliability(p, labels, n_bins, equal_counts)
    distance = np.nan_to_num(np.abs(diagram.accuracy - diagram.confidence))
    assert error == pytest.approx(distance @ diagram.counts / len(labels))
    gap = abs(p.max(axis=-1).mean() - (p.argmax(axis=-1) == labels).mean())
    assert gap - 1e-12 <= error <= 1
    assert expected_calibration_error(p, labels, 1) == pytest.approx(gap)


def test_bins_hold_their_upper_limits():
    p = np.array([[0.5, 0.5], [0.75, 0.25], [1.0, 0.0]])
    assert_array_equal(reliability(p, [0, 0, 0], 4).counts, [0, 1, 1, 1])


@given(st.integers(0, 99))
def test_bins_of_equal_counts_are_equal(seed):
    p, labels = predictions(seed, n=60)
    counts = reliability(p, labels, 6, equal_counts=True).counts
    assert counts.max() - counts.min() <= 2


# second routes


@pytest.mark.parametrize("seed", range(5))
def test_scikit_learns_curve_agrees(seed):
    p, labels = predictions(seed)
    diagram = reliability(p, labels, 8)
    right = p.argmax(axis=-1) == labels
    accuracy, confidence = calibration_curve(right, p.max(axis=-1), n_bins=8)
    full = diagram.counts > 0
    assert_allclose(diagram.accuracy[full], accuracy)
    assert_allclose(diagram.confidence[full], confidence)


@pytest.mark.parametrize(("n", "truth"), [(2, 0.3), (5, 0.8), (9, 0.5)])
def test_debiased_square_is_right_on_average_over_all_outcomes(n, truth):
    # Every number of hits among n rows of one bin, with its binomial probability.
    confidence = 0.75
    p = np.tile([confidence, 1 - confidence], (n, 1))
    mean = plain = 0.0
    for hits in range(n + 1):
        chance = math.comb(n, hits) * truth**hits * (1 - truth) ** (n - hits)
        labels = np.array([0] * hits + [1] * (n - hits))
        mean += chance * squared_calibration_error(p, labels, 1)
        plain += chance * squared_calibration_error(p, labels, 1, debiased=False)
    assert mean == pytest.approx((confidence - truth) ** 2, abs=1e-12)
    assert plain - mean == pytest.approx(truth * (1 - truth) / n)  # the bias


# what chance does


def test_calibrated_model_has_an_error_that_chance_explains_and_overconfident_one_has_not():
    calm = sure = 0
    for seed in range(20):
        p, labels = predictions(seed, n=400)
        by_chance = calibration_error_by_chance(p, n_draws=200, seed=seed)
        error = expected_calibration_error(p, labels)
        assert error > 0.01  # though the model is perfect
        calm += error > np.quantile(by_chance, 0.95)
        q, labels = predictions(seed, n=400, truth=2.0)
        sure += expected_calibration_error(q, labels) > np.quantile(by_chance, 0.95)
    assert calm <= 4
    assert sure == 20


def test_chance_is_as_large_as_the_docstring_says():
    p = np.tile([0.8, 0.2], (900, 1))
    expected = math.sqrt(2 * 0.8 * 0.2 * 900 / math.pi) / 900
    drawn = calibration_error_by_chance(p, n_draws=4000)
    assert drawn.mean() == pytest.approx(expected, rel=0.05)
    # Ten times the bins, in rows of different confidence: about √10 times the error.
    spread = np.linspace(0.5, 0.99, 900)
    p = np.stack([spread, 1 - spread], axis=-1)
    few, many = (
        calibration_error_by_chance(p, bins, equal_counts=True, n_draws=300).mean()
        for bins in (3, 30)
    )
    assert many / few == pytest.approx(math.sqrt(10), rel=0.15)


def test_debiasing_takes_the_bias_of_calibrated_models_away():
    plain, fair = [], []
    for seed in range(200):
        p, labels = predictions(seed, n=150)
        plain.append(squared_calibration_error(p, labels, debiased=False))
        fair.append(squared_calibration_error(p, labels))
    noise = np.std(fair) / math.sqrt(len(fair))
    assert abs(np.mean(fair)) < 4 * noise
    assert np.mean(plain) > 20 * noise


def test_draws_repeat_with_their_seed():
    p, _ = predictions(0)
    assert_array_equal(
        calibration_error_by_chance(p, n_draws=5, seed=1),
        calibration_error_by_chance(p, n_draws=5, seed=1),
    )
    assert len(calibration_error_by_chance(p, n_draws=7)) == 7


# errors

P = np.array([[0.5, 0.5], [0.9, 0.1]])


@pytest.mark.parametrize(
    "function", [reliability, expected_calibration_error, squared_calibration_error]
)
@pytest.mark.parametrize(
    ("p", "labels", "message"),
    [
        ([[0.5, 0.6], [0.5, 0.5]], [0, 1], r"sum of probabilities\[0\] = 1.1 is not 1"),
        ([[1.5, -0.5], [0.5, 0.5]], [0, 1], r"probabilities\[0, 1\] = -0.5"),
        ([0.5, 0.5], [0, 1], r"shape \(n_samples, n_classes\), got \(2,\)"),
        (np.zeros((0, 2)), [], r"got \(0, 2\)"),
        (P, [0], r"labels must have shape \(2,\), got \(1,\)"),
        (P, P, r"labels must have shape \(2,\), got \(2, 2\)"),
        (P, [0, 2], r"labels\[1\] = 2 is not a class"),
    ],
)
def test_wrong_input(function, p, labels, message):
    with pytest.raises(ValueError, match=message):
        function(p, labels)


def test_wrong_bins():
    for function in (reliability, expected_calibration_error):
        with pytest.raises(ValueError, match="n_bins must be at least 1, got 0"):
            function(P, [0, 1], 0)
    with pytest.raises(ValueError, match="n_bins must be at least 1, got -1"):
        calibration_error_by_chance(P, -1)
    with pytest.raises(ValueError, match="2 bins need at least 4 rows, got 2"):
        squared_calibration_error(P, [0, 1], 2)
    with pytest.raises(ValueError, match="n_bins must be at least 1, got 0"):
        squared_calibration_error(P, [0, 1], 0)
