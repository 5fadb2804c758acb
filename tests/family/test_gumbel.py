"""Gumbel noise draws what softmax says: identities, SciPy beside it, limits, infinities, errors."""

import numpy as np
import pytest
from exact import rows
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy.stats import chisquare

from softmaxbook import softmax
from softmaxbook.family.gumbel import gumbel_max, gumbel_softmax

MODERATE = st.floats(-20, 20)
few = settings(max_examples=30)


def frequencies(draws, n_classes):
    return np.bincount(draws, minlength=n_classes) / len(draws)


# identities


@few
@given(rows(MODERATE), st.integers(0, 2**32), st.floats(0.05, 20))
def test_the_relaxed_draw_leads_where_the_hard_draw_is(z, seed, temperature):
    hard = gumbel_max(z, seed, n_samples=20)
    soft = gumbel_softmax(z, seed, n_samples=20, temperature=temperature)
    assert soft.shape == (20, len(z))
    assert_allclose(soft.sum(axis=-1), 1, rtol=1e-14)
    assert_array_equal(soft[np.arange(20), hard], soft.max(axis=-1))


@few
@given(rows(MODERATE), st.integers(0, 2**32), st.integers(-1000, 1000))
def test_a_shift_of_the_logits_changes_no_draw(z, seed, shift):
    whole = np.rint(z)
    assert_array_equal(gumbel_max(whole, seed, 10), gumbel_max(whole + shift, seed, 10))


def test_any_axis_holds_the_classes():
    z = np.random.default_rng(1).normal(size=(2, 3, 4))
    turned = np.moveaxis(z, 1, -1)
    assert_array_equal(gumbel_max(z, 5, axis=1), gumbel_max(turned, 5))
    assert gumbel_max(z, 5, n_samples=7, axis=1).shape == (7, 2, 4)
    soft = gumbel_softmax(z, 5, n_samples=7, axis=1)
    assert soft.shape == (7, 2, 3, 4)
    assert_array_equal(np.moveaxis(soft, 2, -1), gumbel_softmax(turned, 5, n_samples=7))
    assert_allclose(gumbel_softmax(z, 5, axis=-3).sum(axis=0), 1)


# second routes


@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
def test_draws_what_softmax_says(temperature):
    z = np.array([2.0, 1.0, -1.0, 0.0, 1.5])
    draws = gumbel_max(z, 20261128, n_samples=40_000, temperature=temperature)
    expected = 40_000 * softmax(z, temperature=temperature)
    assert chisquare(np.bincount(draws, minlength=5), expected).pvalue > 0.01


def test_one_number_for_all_classes_would_always_draw_the_largest():
    z = np.array([2.0, 1.0, -1.0])
    uniform = np.random.default_rng(0).random((1000, 1))
    assert set((z - np.log(-np.log(uniform))).argmax(axis=-1)) == {0}
    assert set(gumbel_max(z, 0, n_samples=1000)) == {0, 1, 2}


def test_rows_and_draws_are_independent():
    draws = gumbel_max(np.zeros((2, 2)), 7, n_samples=20_000)
    pairs = np.bincount(2 * draws[:, 0] + draws[:, 1], minlength=4)
    assert chisquare(pairs).pvalue > 0.01
    assert chisquare(np.bincount(2 * draws[1:, 0] + draws[:-1, 0], minlength=4)).pvalue > 0.01


# limits


def test_cold_draws_are_one_hot_and_warm_ones_uniform():
    z = [2.0, 1.0, -1.0]
    cold = gumbel_softmax(z, 3, n_samples=200, temperature=1e-6)
    assert_allclose(np.sort(cold, axis=-1), [[0, 0, 1]] * 200, atol=1e-12)
    assert_allclose(gumbel_softmax(z, 3, n_samples=200, temperature=1e9), 1 / 3, rtol=1e-6)


def test_the_mean_of_warm_draws_is_not_softmax():
    z = np.array([2.0, 1.0, -1.0])
    means = [gumbel_softmax(z, 4, 20_000, temperature=t).mean(axis=0) for t in (0.01, 3.0)]
    assert_allclose(means[0], softmax(z), atol=0.01)
    assert np.abs(means[1] - softmax(z)).max() > 0.1


# infinities and types


def test_masks_are_never_drawn_and_infinite_logits_share():
    z = np.array([[-np.inf, 0.0, 0.0], [np.inf, 5.0, np.inf]])
    draws = gumbel_max(z, 11, n_samples=4000)
    assert_array_equal(frequencies(draws[:, 0], 3) > 0, [False, True, True])
    assert_allclose(frequencies(draws[:, 1], 3), [0.5, 0, 0.5], atol=0.03)
    assert (gumbel_softmax(z, 11, n_samples=100)[:, [0, 1], [0, 1]] == 0).all()


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_relaxed_draws_keep_the_type(dtype):
    z = np.array([10, -10, 3], dtype)
    soft = gumbel_softmax(z, 0, n_samples=2000, temperature=0.1)
    assert soft.dtype == dtype
    assert np.isfinite(soft).all()


def test_a_generator_goes_on_and_a_seed_begins_anew():
    rng = np.random.default_rng(0)
    first, second = gumbel_max(np.zeros(1000), rng, 3), gumbel_max(np.zeros(1000), rng, 3)
    assert (first != second).any()
    assert_array_equal(first, gumbel_max(np.zeros(1000), 0, 3))
    assert gumbel_max(np.zeros((0, 3)), 0).shape == (0,)


class Zeros(np.random.Generator):
    """A generator whose unluckiest numbers come first."""

    def random(self, size=None):
        """Return zeros: `numpy` may draw one, and its logarithm is −inf."""
        return np.zeros(size)


def test_the_smallest_uniform_number_does_no_harm():
    unlucky = Zeros(np.random.PCG64(0))
    assert gumbel_max([np.inf, 0.0, np.inf], unlucky) == 0
    assert np.isfinite(gumbel_softmax([1.0, 0.0, -np.inf], unlucky)).all()


# errors


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: gumbel_max([-np.inf] * 2, 0), ValueError, r"row \(\) .* masks of −inf alone"),
        (lambda: gumbel_max([[1, 2], [np.nan, 1]], 0), ValueError, r"row \(1,\) .* holds NaN"),
        (lambda: gumbel_max([1.0], 0, n_samples=-1), ValueError, "n_samples must not be negative"),
        (lambda: gumbel_softmax([1.0], 0, temperature=0), ValueError, "temperature"),
        (lambda: gumbel_max(["a"], 0), TypeError, "logits must be real numbers"),
        (lambda: gumbel_max([], 0), ValueError, "no entries"),
    ],
)
def test_errors_name_what_is_wrong(call, error, words):
    with pytest.raises(error, match=words):
        call()
