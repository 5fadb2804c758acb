"""The shift needs no rounding, and the error of the quotient is known."""

import math
from fractions import Fraction

import numpy as np
import pytest
from exact import ANY, awkward_rows, rows
from hypothesis import assume, example, given
from hypothesis import strategies as st

from softmaxbook.numerics import exponentials as ex
from softmaxbook.numerics.rows import maxima


def differences(z, temperature=1.0):
    """Return (z, c, computed z − c) for the entries whose exponential does not round to 0."""
    with np.errstate(over="ignore"):
        shift = ex.exact_shift(maxima(z)[1], len(z), temperature)
        c = z.dtype.type(0) if shift is None else shift
        d = z - c
    reach = 745.2 * temperature
    return [(float(x), float(c), float(y)) for x, y in zip(z, d, strict=True) if y > -reach]


# The theorem of exact_shift


@given(rows(ANY | st.floats(-800, 800) | st.floats(-3000, 3000)))
@example(np.array([-1e-300, -5.0]))
@example(np.array([-0.1, -0.3, -700.1]))
@example(np.array([2048.1, 2047.3]))
@example(np.array([1e16, 1e16 - 2, 1e16 - 700]))
def test_differences_are_exact(z):
    m = z.max()
    ceiling = ex.reach(z.dtype, len(z)).ceiling
    for x, c, d in differences(z):
        if not (ceiling < m < 2048 and x < c / 2):  # the exception
            assert Fraction(x) - Fraction(c) == Fraction(d)


def test_differences_from_the_maximum_are_not_exact():
    z = np.array([-0.1, -0.3, -700.3])
    assert Fraction(z[2]) - Fraction(z[0]) != Fraction(z[2] - z[0])
    assert all(Fraction(x) - Fraction(c) == Fraction(d) for x, c, d in differences(z))


@given(st.floats(700.0, 2047.0), rows(st.floats(0, 8), max_size=3))
def test_the_exception_is_harmless(m, z):
    for x, c, d in differences(np.append(z, m)):
        if x - m > math.log(2.3e-308):  # the share is a normal number
            assert abs(Fraction(x) - Fraction(c) - Fraction(d)) <= Fraction(2.0**-52)


@given(rows(ANY), st.floats(-60, 0))
def test_differences_are_exact_at_low_temperatures(z, log_temperature):
    temperature = 2.0**log_temperature
    m = z.max()
    _, ceiling, floor, *_ = ex.reach(z.dtype, len(z), temperature)
    for x, c, d in differences(z, temperature):
        if not (ceiling < m < 2 * floor and x < c / 2):
            assert Fraction(x) - Fraction(c) == Fraction(d)


@given(rows(ANY, min_size=1, max_size=5), st.integers(1, 10**7))
def test_maxima_land_between_zero_and_the_ceiling(tops, n_classes):
    top, ceiling = tops[:, None], ex.reach(tops.dtype, n_classes).ceiling
    with np.errstate(over="ignore"):
        shift = ex.exact_shift(top, n_classes)
    landed = top - (0 if shift is None else shift)
    assert (landed > -1).all()
    assert (landed < ceiling + 1).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.longdouble])
@pytest.mark.parametrize("n_classes", [1, 2, 1000, 10**7])
def test_sums_cannot_overflow(dtype, n_classes):
    ceiling = ex.reach(np.dtype(dtype), n_classes).ceiling
    with np.errstate(all="raise"):
        assert np.isfinite(dtype(n_classes) * np.exp(dtype(ceiling + 1)))


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.longdouble])
def test_exponentials_are_zero_below_the_floor(dtype):
    floor = ex.reach(np.dtype(dtype)).floor
    assert np.exp(dtype(-floor)) == 0 < np.exp(dtype(-floor / 2))


def test_a_common_shift_is_one_number():
    together = np.array([[-45.1], [-30.2]])
    apart = np.array([[-45.1], [3.2]])
    assert np.ndim(ex.exact_shift(together, 10)) == 0
    assert np.shape(ex.exact_shift(apart, 10)) == (2, 1)


# A second route to exact exponents: subtract the maximum, and put back what that has lost


def repaired_exponentials(z):
    """Return exp(z − m) of a row, with the rounding error of z − m recovered by TwoSum."""
    m = z.max()
    d = z - m
    part = d + m
    lost = (z - part) - (m - (part - d))
    return np.exp(d) * (1 + lost)


@given(rows(st.floats(-700, 700) | st.floats(-30, 30), min_size=2, max_size=20))
@example(np.array([-0.1, -0.3, -700.3]))
@example(np.array([1500.7, 1499.2, 800.3]))
def test_both_ways_not_to_lose_a_digit_agree(z):
    other = repaired_exponentials(z)
    shifted = ex.exponentials(z, ex.shift_for(z, 1.0), 1.0, np.empty_like(z))
    share, theirs = shifted / math.fsum(shifted), other / math.fsum(other)
    normal = theirs > 1e-290
    np.testing.assert_allclose(share[normal], theirs[normal], rtol=5 * 2.0**-52)


def test_the_maximum_alone_does_not_agree():
    z = np.array([-0.1, -0.3, -700.3])
    plain = np.exp(z - z.max())
    assert abs(plain[2] / repaired_exponentials(z)[2] - 1) > 50 * 2.0**-52


# The repair of the division


@given(st.floats(-1500, 1500), st.floats(1, 2, exclude_max=True))
def test_the_error_of_a_quotient(value, divisor):
    assume(abs(value) > 1e-30)
    x, error = ex.quotient(np.array([value]), divisor)
    missing = Fraction(value) / Fraction(divisor) - Fraction(float(x[0]))
    assert abs(missing - Fraction(float(error[0]))) <= Fraction(2.0**-75) * abs(Fraction(value))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_block_gives_what_its_rows_give(dtype):
    for row in awkward_rows(5, dtype, 300):
        block = np.stack([row, row[::-1]])
        with np.errstate(all="ignore"):
            alone = ex.exponentials(row, ex.shift_for(row, 1.0), 1.0, np.empty_like(row))
            both = ex.exponentials(block, ex.shift_for(block, 1.0), 1.0, np.empty_like(block))
        np.testing.assert_array_equal(both, np.stack([alone, alone[::-1]]))


# Small things


def test_infinities_are_equal():
    z = np.array([np.inf, 1.0, -np.inf])
    with np.errstate(invalid="ignore"):
        d = ex.difference(z, np.float64(np.inf), np.empty(3))
    assert d.tolist() == [0, -np.inf, -np.inf]


@given(rows(ANY), st.floats(-40, 40))
def test_gaps_overflow_only_if_they_must(z, log_temperature):
    temperature = 2.0**log_temperature
    with np.errstate(over="ignore"):
        gaps = ex.gaps(z, z.max(), temperature, np.empty_like(z))
    for x, gap in zip(z.tolist(), gaps.tolist(), strict=True):
        exact = (Fraction(x) - Fraction(float(z.max()))) / Fraction(temperature)
        if abs(exact) < Fraction(1.79e308):
            assert abs(Fraction(gap) - exact) <= abs(exact) * Fraction(2.0**-51) + Fraction(5e-324)
        else:
            assert gap < -1.78e308
