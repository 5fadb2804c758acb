"""Logarithms keep their digits, whatever the logits, and say where they cannot."""

import mpmath
import numpy as np
import pytest
import scipy.special
import torch
from exact import ANY, DIGITS, awkward_rows, error, errors, rows, truth, ulp
from hypothesis import assume, given
from hypothesis import strategies as st

import softmaxbook as sb

EPS = 2.0**-52
MODERATE = st.floats(-50, 50)


def scale_of(z, lse):
    """Return the larger of |log-sum-exp| and the largest finite input in magnitude."""
    return max(abs(lse), *(abs(mpmath.mpf(float(x))) for x in z if np.isfinite(x)))


# Identities


@given(rows(ANY | MODERATE))
def test_logsumexp_lies_between_the_maximum_and_log_k_more(z):
    total, top = sb.logsumexp(z), z.max()
    assert total >= top
    assert total - top <= np.log(len(z)) + 4 * EPS * max(1, abs(top))


@given(rows(MODERATE), st.floats(-1000, 1000))
def test_logsumexp_is_translation_equivariant(z, shift):
    moved = sb.logsumexp(z + shift) - shift
    np.testing.assert_allclose(moved, sb.logsumexp(z), rtol=0, atol=1e-12)
    assume(abs(shift) > 1)
    assert abs(sb.logsumexp(z + shift) - sb.logsumexp(z)) > 0.9  # and not invariant


@given(rows(MODERATE), rows(MODERATE, min_size=8, max_size=8), st.floats(0, 1))
def test_logsumexp_is_convex(x, y, between):
    y = y[: len(x)]
    inside = sb.logsumexp(between * x + (1 - between) * y)
    assert inside <= between * sb.logsumexp(x) + (1 - between) * sb.logsumexp(y) + 1e-12


@given(rows(MODERATE))
def test_softmax_is_the_gradient_of_logsumexp(z):
    gradient = sb.finite_difference_jacobian(sb.logsumexp, z)
    np.testing.assert_allclose(gradient, sb.softmax(z), rtol=0, atol=1e-7)


@given(rows(ANY | MODERATE))
def test_log_probabilities_are_probabilities(z):
    log_p = sb.log_softmax(z)
    assert (log_p <= 0).all()
    assert abs(np.exp(log_p).sum() - 1) <= 8 * EPS * max(1, np.log(len(z)))
    assert abs(sb.logsumexp(log_p)) <= 8 * EPS


@given(rows(MODERATE), st.floats(0.05, 20))
def test_log_softmax_is_the_logarithm_of_softmax(z, temperature):
    log_p, p = sb.log_softmax(z, temperature=temperature), sb.softmax(z, temperature=temperature)
    normal = p > 1e-300
    np.testing.assert_allclose(np.exp(log_p[normal]), p[normal], rtol=1e-12)


@given(rows(ANY | MODERATE))
def test_log_softmax_is_the_input_less_logsumexp(z):
    scale = max(1.0, np.abs(z).max())
    with np.errstate(over="ignore"):
        expected = z - sb.logsumexp(z)
    np.testing.assert_allclose(sb.log_softmax(z), expected, rtol=EPS, atol=8 * EPS * scale)


# Second routes


@pytest.mark.parametrize("temperature", [1.0, 0.37, 2.0, 19.0, 2.0**-1000, 1.7e308])
def test_log_softmax_is_within_four_units_of_the_truth(temperature):
    count = 1800 if temperature == 1 else 450
    for z in awkward_rows(11, np.float64, count, longest=60 if temperature == 1 else 30):
        true = truth(z, temperature).log_p
        assert errors(sb.log_softmax(z, temperature=temperature), true, np.float64) < 4


@pytest.mark.parametrize("longest", [200, 2000])
def test_long_rows_are_within_four_units_of_the_truth(longest):
    for z in awkward_rows(12, np.float64, 4500 // longest + 5, longest):
        assert errors(sb.log_softmax(z), truth(z).log_p, np.float64) < 4


def test_ties_are_within_four_units_of_the_truth():
    """One logit above many equal ones: the rounding errors of their sum must not add up."""
    rng = np.random.default_rng(13)
    naive = 0.0
    for _ in range(3000):
        others, n = rng.normal() * 10 ** rng.uniform(-2, 3), int(rng.integers(2, 600))
        z = np.append(np.full(n, others), others + np.log(n) + rng.uniform(-2, 40))
        with mpmath.workdps(DIGITS):
            true = -mpmath.log1p(n * mpmath.exp(mpmath.mpf(z[0]) - mpmath.mpf(z[-1])))
        assert error(sb.log_softmax(z)[-1], true, np.float64) < 4
        plain = -np.log1p(np.exp(z[:-1] - z[-1]).sum())
        naive = max(naive, error(plain, true, np.float64))
    assert naive > 8


@pytest.mark.parametrize("n_classes", [2, 9, 150])
def test_columns_are_within_four_units_of_the_truth(n_classes):
    """Along axis 0 the package adds in another order, and finds the largest term otherwise."""
    columns = [np.resize(z, n_classes) for z in awkward_rows(16, np.float64, 90)]
    columns = [z for z in columns if z.max() > -np.inf]
    z = np.stack(columns, axis=1)
    log_p, p, lse = sb.log_softmax(z, 0), sb.softmax(z, 0), sb.logsumexp(z, 0)
    for j, column in enumerate(columns):
        true = truth(column)
        assert errors(log_p[:, j], true.log_p, np.float64) < 4
        assert errors(p[:, j], true.p, np.float64) < 8
        assert error(lse[j], true.lse, np.float64, ulp(scale_of(column, true.lse), np.float64)) < 4


def test_the_usual_formula_is_not_within_four_units():
    def usual(z):
        with np.errstate(all="ignore"):
            gaps = z - z.max()
            return gaps - np.log(np.exp(gaps).sum())

    worst = [errors(usual(z), truth(z).log_p, z.dtype) for z in awkward_rows(11, np.float64, 200)]
    assert max(worst) > 1e6


def test_logsumexp_is_within_four_units_of_the_larger_of_result_and_input():
    for z in awkward_rows(14, np.float64, 1800):
        true = truth(z).lse
        unit = ulp(scale_of(z, true), np.float64)
        assert error(sb.logsumexp(z), true, np.float64, unit) < 4
        if z.max() >= 0:  # nothing cancels: then the result is accurate in its own units
            assert error(sb.logsumexp(z), true, np.float64) < 4


def test_cancellation_forbids_a_small_relative_error():
    z = np.full(2, -np.log(2.0))
    true, moved = truth(z).lse, truth(np.nextafter(z, 0)).lse
    assert abs(moved - true) > abs(
        true
    )  # one step of the input moves the truth by more than itself
    assert error(sb.logsumexp(z), true, np.float64, ulp(scale_of(z, true), np.float64)) < 1


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_other_types_are_near_the_truth(dtype):
    half = 0.51 if dtype == np.float16 else 6  # float16 is computed in float32 and rounded once
    for z in awkward_rows(15, dtype, 450):
        true = truth(z)
        log_p, lse = sb.log_softmax(z), sb.logsumexp(z)
        assert log_p.dtype == lse.dtype == dtype
        assert errors(log_p, true.log_p, dtype) < half
        assert error(lse, true.lse, dtype, ulp(scale_of(z, true.lse), dtype)) < half


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    ("shape", "axis"), [((7,), 0), ((5, 3), 0), ((2, 3, 4), 1), ((700, 300), -2)]
)
def test_agree_with_scipy_and_torch(dtype, shape, axis):
    z = (4 * np.random.default_rng(20261121).normal(size=shape)).astype(dtype)
    near = {"rtol": 400 * np.finfo(dtype).eps, "atol": 40 * np.finfo(dtype).eps}
    for ours, theirs, torchs in [
        (sb.log_softmax, scipy.special.log_softmax, torch.log_softmax),
        (sb.logsumexp, scipy.special.logsumexp, torch.logsumexp),
    ]:
        result = ours(z, axis)
        assert result.dtype == dtype
        np.testing.assert_allclose(result, theirs(z, axis=axis), **near)
        np.testing.assert_allclose(result, torchs(torch.tensor(z), axis).numpy(), **near)


# Masks, infinities, not a number


@pytest.mark.parametrize(
    ("logits", "log_p", "lse"),
    [
        ([-np.inf, 3.0], [-np.inf, 0], 3),
        ([np.inf, 1.0, np.inf], [-np.log(2), -np.inf, -np.log(2)], np.inf),
        ([-np.inf, -np.inf], [np.nan, np.nan], -np.inf),
        ([np.nan, 1.0], [np.nan, np.nan], np.nan),
        ([np.inf, np.nan], [np.nan, np.nan], np.nan),
    ],
)
@pytest.mark.parametrize("dtype", [np.float64, np.longdouble])
def test_special_values(logits, log_p, lse, dtype):
    z = np.array(logits, dtype)
    with np.errstate(all="raise"):
        np.testing.assert_allclose(sb.log_softmax(z), log_p, rtol=EPS)
        np.testing.assert_equal(sb.logsumexp(z), lse)
        if np.isfinite(lse):
            return  # a temperature changes the values of ordinary rows
        np.testing.assert_allclose(sb.log_softmax(z, temperature=0.5), log_p, rtol=EPS)


def test_gaps_beyond_the_range():
    with np.errstate(all="raise"):
        assert sb.log_softmax([1e308, -1e308]).tolist() == [0, -np.inf]
        assert sb.logsumexp([1e308, -1e308]) == 1e308
        assert sb.log_softmax([1e308, -1e308], temperature=10.0).tolist() == [0, -2e307]
        assert sb.log_softmax([1e308, 9.9e307], temperature=0.1)[1] == -(1e308 - 9.9e307) / 0.1


def test_a_strange_row_leaves_the_others_alone():
    z = np.array([[np.nan, 1], [np.inf, 1], [-np.inf, -np.inf], [0, 0], [0, -740], [5e3, 5e3]])
    small = float(mpmath.exp(-740))
    log_p = [
        [np.nan] * 2,
        [0, -np.inf],
        [np.nan] * 2,
        [-np.log(2)] * 2,
        [-small, -740],
        [-np.log(2)] * 2,
    ]
    lse = [np.nan, np.inf, -np.inf, np.log(2), small, 5e3 + np.log(2)]
    np.testing.assert_allclose(sb.log_softmax(z), log_p, rtol=EPS)
    np.testing.assert_allclose(sb.log_softmax(z.T, axis=0), np.transpose(log_p), rtol=EPS)
    np.testing.assert_allclose(sb.logsumexp(z), lse, rtol=EPS)


def test_shapes_and_types():
    z = np.random.default_rng(3).normal(size=(2, 3, 4))
    assert sb.logsumexp(z, axis=1).shape == (2, 4)
    assert sb.log_softmax(z, axis=1).shape == z.shape
    assert isinstance(sb.logsumexp([1, 2]), np.float64)
    assert sb.logsumexp(np.empty((0, 3))).shape == (0,)
    assert sb.log_softmax(np.empty((0, 3))).shape == (0, 3)
    assert sb.logsumexp(np.array([1, 2], np.longdouble)).dtype == np.longdouble


@pytest.mark.parametrize("function", [sb.softmax, sb.log_softmax, sb.logsumexp])
def test_memory_order_does_not_matter(function):
    z = 3 * np.random.default_rng(3).normal(size=(70, 80))
    for axis in (0, 1):
        expected = function(z, axis)
        for same in (np.asfortranarray(z), np.repeat(z, 2, axis=1)[:, ::2], z[::-1][::-1]):
            np.testing.assert_allclose(function(same, axis), expected, rtol=1e-14)


@pytest.mark.parametrize("shape", [(1, 3), (3, 1), (1, 1), (1, 2, 3), (2, 1, 3), (1, 70_000)])
def test_axes_of_length_one_are_no_special_case(shape):
    z = -50.0 * np.arange(np.prod(shape)).reshape(shape)
    for axis in range(z.ndim):
        theirs = scipy.special.logsumexp(z, axis)
        np.testing.assert_allclose(sb.logsumexp(z, axis), theirs, atol=1e-15)
        theirs = scipy.special.log_softmax(z, axis)
        np.testing.assert_allclose(sb.log_softmax(z, axis), theirs, atol=1e-15)
    repeated = np.broadcast_to([0.0, -50.0, -60.0], (1, 3))
    assert sb.logsumexp(repeated) == sb.logsumexp([0.0, -50.0, -60.0]) > 0


def test_inputs_are_not_changed():
    z = np.array([[1e3, 2e3, -np.inf], [0, -800, -800]])
    z.flags.writeable = False
    before = z.copy()
    sb.log_softmax(z)
    sb.log_softmax(z, 0, 3.0)
    sb.logsumexp(z)
    sb.online_softmax(z[1], 2)
    sb.RunningLogSumExp().update(z)
    np.testing.assert_array_equal(z, before)


# Errors


@pytest.mark.parametrize("function", [sb.log_softmax, sb.logsumexp])
def test_refusals(function):
    with pytest.raises(TypeError, match="logits must be real numbers"):
        function([1j])
    with pytest.raises(ValueError, match="logits has no entries along axis -1"):
        function([])
    with pytest.raises(ValueError, match="at least one axis"):
        function(1.0)
    with pytest.raises(np.exceptions.AxisError, match="logits has no axis 2"):
        function([[1.0]], axis=2)


def test_a_temperature_must_be_positive():
    with pytest.raises(ValueError, match="temperature must be positive and finite, got -1"):
        sb.log_softmax([1.0], temperature=-1)
