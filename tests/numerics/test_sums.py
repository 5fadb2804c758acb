"""Sums keep their digits, and so does what is left of one beside its largest term."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest
from exact import rows
from hypothesis import assume, given
from hypothesis import strategies as st

from softmaxbook.numerics import sums
from softmaxbook.numerics.exponentials import shift_for
from softmaxbook.numerics.rows import SHORT, maxima


def rest_of(z):
    index, top = maxima(z)
    return sums.rest_of_sum(z, index, top, shift_for(z, 1.0, top), 1.0, np.empty_like(z))


@given(rows(st.floats(0, 1), min_size=2, max_size=300))
def test_separated_sums_round_once(weights):
    total = sums.row_sums(weights)
    assume(total > 1e-250)
    exact = sum(map(Fraction, weights.tolist()))
    rounding = abs(Fraction(float(sums.separated_sums(weights, total))) - exact)
    assert rounding <= Fraction(1.01 * 2.0**-53) * exact


def test_plain_sums_round_more_often():
    weights = np.full(127, 1 / 3)
    exact = sum(map(Fraction, weights.tolist()))
    plain, separated = sums.row_sums(weights), sums.separated_sums(weights, sums.row_sums(weights))
    assert abs(Fraction(float(separated)) - exact) < abs(Fraction(float(plain)) - exact)


def test_careful_sums_of_a_block_are_those_of_its_rows():
    rng = np.random.default_rng(20261121)
    weights = rng.choice([1e-3, 0.1, 0.7], size=(50, 40)) * rng.choice([1e-3, 1.0], size=(50, 1))
    largest = np.ones(50)
    together = sums.careful_sums(weights, largest)
    alone = [sums.careful_sums(row, np.float64(1.0)) for row in weights]
    np.testing.assert_array_equal(together, alone)


def test_rests_keep_their_digits_down_to_the_smallest_number():
    for gap in (1.0, 40.0, 700.0, 740.0, 744.0):
        z = np.concatenate([[0.0], np.full(99, -gap)])
        rest = rest_of(z)
        true = 99 * mpmath.exp(-gap)
        assert abs(mpmath.mpf(float(rest)) - true) <= max(true * 2**-51, mpmath.mpf(2) ** -1074)


def test_rests_are_there_where_every_exponential_underflows():
    z = np.concatenate([[0.0], np.full(10_000, -750.0)])
    assert np.exp(-750.0) == 0
    rest = rest_of(z)
    np.testing.assert_allclose(float(rest), float(10_000 * mpmath.exp(-750)), rtol=1e-3)


@given(rows(st.floats(1e-300, 1e300), min_size=1, max_size=SHORT))
def test_a_short_row_is_added_without_error_but_that_of_the_result(weights):
    exact = sum(map(Fraction, weights.tolist()))
    assert sums.row_sums(weights) == float(exact)


@pytest.mark.parametrize("weights", [[np.inf, 1.0], [np.nan, 1.0], [0.0, 0.0]])
def test_special_sums(weights):
    with np.errstate(all="raise"):
        np.testing.assert_equal(sums.row_sums(np.array(weights)), np.sum(weights))
