"""Intervals cover what they say, and an experiment sees every seed once."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.stats import ttest_1samp

from softmaxbook.learning.intervals import holm, mean_interval, over_seeds


def test_interval_is_students():
    values = np.random.default_rng(0).normal(size=12)
    for confidence in (0.5, 0.95, 0.999):
        interval = mean_interval(values, confidence)
        peer = ttest_1samp(values, 0).confidence_interval(confidence)
        assert_allclose(interval[1:], (peer.low, peer.high), rtol=1e-12)
        assert interval.mean == values.mean()


def test_interval_covers_as_often_as_it_says():
    draws = np.random.default_rng(1).normal(loc=3, size=(4000, 5))
    covered = [low <= 3 <= high for _, low, high in map(mean_interval, draws)]
    assert np.mean(covered) == pytest.approx(0.95, abs=0.015)


def test_every_seed_is_seen_once(capsys):
    seen = []

    def experiment(seed):
        seen.append(seed)
        return seed**2

    assert_array_equal(over_seeds(experiment, (3, 5)), [9, 25])
    assert seen == [3, 5]
    assert "seeds" in capsys.readouterr().err
    assert len(over_seeds(experiment, progress=False)) == 10
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("values", [[1.0], [], [[1.0, 2.0]], [1.0, np.nan]])
def test_too_little_for_an_interval(values):
    with pytest.raises(ValueError, match="at least two finite values"):
        mean_interval(values)


def test_an_interval_of_shares_is_cut_to_shares():
    values = [1.0, 1.0, 0.97]
    whole, cut = mean_interval(values), mean_interval(values, within=(0, 1))
    assert whole.high > 1
    assert cut == (whole.mean, whole.low, 1.0)
    assert mean_interval([0.0, 0.0, 0.02], within=(0, 1)).low == 0
    with pytest.raises(ValueError, match=r"within 0 and 1, got 0\.5 to 1\.5"):
        mean_interval([0.5, 1.5], within=(0, 1))


@pytest.mark.parametrize("confidence", [0, 1, 95, np.nan])
def test_confidence_is_a_probability(confidence):
    with pytest.raises(ValueError, match="between 0 and 1"):
        mean_interval([1.0, 2.0], confidence)


def test_one_comparison_is_students_test():
    values = np.random.default_rng(2).normal(loc=0.5, size=9)
    assert_allclose(holm([values]), [ttest_1samp(values, 0).pvalue], rtol=1e-12)
    interval = mean_interval(values)
    assert (holm([values])[0] < 0.05) == (interval.low > 0 or interval.high < 0)


def test_holm_multiplies_by_what_is_left_and_never_falls():
    rows = np.random.default_rng(3).normal(loc=[[0.0], [0.4], [0.8], [1.2], [2.0]], size=(5, 8))
    alone = np.array([ttest_1samp(row, 0).pvalue for row in rows])
    order = np.argsort(alone)
    by_hand, largest = np.empty(5), 0.0
    for rank, place in enumerate(order):
        largest = max(largest, min(1.0, (5 - rank) * alone[place]))
        by_hand[place] = largest
    assert_allclose(holm(rows), by_hand, rtol=1e-12)
    assert (holm(rows) >= alone).all()


def test_holm_is_wrong_about_any_of_many_as_rarely_as_it_says():
    rng = np.random.default_rng(4)
    families = 600
    false = [(holm(rng.normal(size=(10, 6))) < 0.05).any() for _ in range(families)]
    assert np.mean(false) == pytest.approx(0.05, abs=4 * np.sqrt(0.05 * 0.95 / families))


def test_values_that_all_agree_are_surely_different_or_surely_not():
    assert_array_equal(holm([[0.0, 0.0, 0.0], [1.0, 1.0, 1.0]]), [1, 0])


def test_holm_needs_rows_of_finite_values():
    for wrong in ([1.0, 2.0], [[1.0]], [[1.0, np.nan]], np.zeros((0, 3))):
        with pytest.raises(ValueError, match="a row of at least two finite values each"):
            holm(wrong)
