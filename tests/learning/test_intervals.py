"""Intervals cover what they say, and an experiment sees every seed once."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.stats import ttest_1samp

from softmaxbook.learning.intervals import mean_interval, over_seeds


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
