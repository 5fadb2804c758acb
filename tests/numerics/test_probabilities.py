"""Softmax has the properties that its chapter proves, and its digits are right."""

import itertools

import mpmath
import numpy as np
import pytest
import scipy.special
import torch
from exact import ANY, awkward_rows, error, errors, rows, truth
from hypothesis import assume, example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from softmaxbook import entropy, finite_difference_jacobian, jacobian, logsumexp, sigmoid, softmax

EPS = 2.0**-52
MODERATE = st.floats(-50, 50)
TEMPERATURES = st.floats(-20, 20).map(lambda x: 2.0**x)
PAIRS = st.integers(1, 8).flatmap(lambda n: hnp.arrays(np.float64, (2, n), elements=MODERATE))

# Identities: the properties in the chapter's table


@given(rows(ANY | MODERATE), TEMPERATURES)
def test_sums_to_one(z, temperature):
    assert abs(softmax(z, temperature=temperature).sum() - 1) <= 4 * EPS


@given(rows(ANY | MODERATE), TEMPERATURES)
def test_lies_between_zero_and_one(z, temperature):
    p = softmax(z, temperature=temperature)
    assert (p >= 0).all()
    assert (p <= 1).all()
    with np.errstate(over="ignore"):
        spread = np.ptp(z)
    if len(z) > 1 and spread < 36 * temperature:  # so near, rounding does not reach the ends
        assert (p > 0).all()
        assert (p < 1).all()


@given(rows(ANY | MODERATE))
def test_keeps_the_order(z):
    p = softmax(z)
    assert p[z.argmax()] == p.max()
    for i, j in itertools.permutations(range(len(z)), 2):
        if z[i] >= z[j]:
            assert p[i] >= p[j]
        if float(z[i]) - float(z[j]) > 1e-14 * max(1, abs(z[i])) and p[i] > 1e-300:
            assert p[i] > p[j]


@given(rows(MODERATE, min_size=2), st.integers(0, 7), st.floats(0.01, 5))
def test_up_in_own_logit_down_in_others(z, k, step):
    k %= len(z)
    before, raised = softmax(z), z.copy()
    raised[k] += step
    after = softmax(raised)
    assume(1e-10 < before[k] < 1 - 1e-10)  # else the change is lost in rounding
    assert after[k] > before[k]
    others = np.arange(len(z)) != k
    assert (after[others] < before[others]).all()
    shrinkage = after[others] / before[others]
    np.testing.assert_allclose(shrinkage, shrinkage[0], rtol=1e-14)


def test_a_larger_input_can_give_a_smaller_output():
    assert softmax([3.0, 1.0, -1.0])[1] < softmax([2.0, 1.0, -1.0])[1]


@given(PAIRS)
def test_is_monotone_as_a_map(pair):
    x, y = pair
    assert np.dot(softmax(x) - softmax(y), x - y) >= -1e-13


@given(rows(ANY | MODERATE), st.randoms(use_true_random=False))
def test_is_permutation_equivariant(z, random):
    order = random.sample(range(len(z)), len(z))
    np.testing.assert_allclose(softmax(z[order]), softmax(z)[order], rtol=4 * EPS, atol=5e-324)


@given(hnp.arrays(np.float64, st.integers(1, 8), elements=st.integers(-1000, 1000)),
       st.integers(-(2**40), 2**40))  # fmt: skip
def test_is_shift_invariant(z, shift):
    np.testing.assert_allclose(softmax(z + shift), softmax(z), rtol=8 * EPS, atol=1e-323)


@given(rows(MODERATE, min_size=2))
def test_is_not_scale_invariant(z):
    assume(0.01 < np.ptp(z) < 30)
    assert not np.allclose(softmax(2 * z), softmax(z), rtol=1e-6, atol=0)
    np.testing.assert_allclose(softmax(2 * z), softmax(z, temperature=0.5), rtol=8 * EPS)


@given(rows(MODERATE, min_size=2), st.integers(1, 7))
def test_forgets_absent_classes(z, kept):
    kept = min(kept, len(z))
    p, masked = softmax(z), z.copy()
    masked[kept:] = -np.inf
    expected = p[:kept] / p[:kept].sum()
    np.testing.assert_allclose(softmax(z[:kept]), expected, rtol=1e-14)
    np.testing.assert_allclose(softmax(masked)[:kept], expected, rtol=1e-14)
    assert (softmax(masked)[kept:] == 0).all()


@given(rows(MODERATE), TEMPERATURES)
def test_derivative_matches_finite_differences(z, temperature):
    step = 1e-5 * temperature
    measured = finite_difference_jacobian(lambda x: softmax(x, temperature=temperature), z, step)
    tolerance = 1e-9 / temperature + 4 * EPS * np.abs(z).max() / temperature / 1e-5
    np.testing.assert_allclose(measured, jacobian(z, temperature), rtol=0, atol=tolerance)


@given(PAIRS, st.floats(0.1, 10))
def test_is_half_lipschitz(pair, temperature):
    p, q = softmax(pair, temperature=temperature)
    for norm in (1, 2, np.inf):
        distance = np.linalg.norm(pair[0] - pair[1], norm)
        assert np.linalg.norm(p - q, norm) <= distance / (2 * temperature) + 4 * EPS


def test_one_half_is_the_best_constant():
    p, q = softmax([[0.0, 0.0], [1e-4, -1e-4]])
    assert np.linalg.norm(p - q) > 0.4999999 * np.linalg.norm([1e-4, 1e-4])


@given(rows(MODERATE, min_size=2), st.floats(0, 40))
def test_saturates(z, lead):
    z[0] = z[1:].max() + lead
    gap = z[0] - z[1:].max()
    assert softmax(z)[1:].sum() <= (len(z) - 1) * np.exp(-gap) * (1 + 1e-14)


@given(rows(MODERATE), rows(st.floats(0.01, 1), min_size=8, max_size=8), st.floats(0.1, 10))
def test_maximises_score_plus_entropy(z, weights, temperature):
    q = weights[: len(z)] / weights[: len(z)].sum()
    p = softmax(z, temperature=temperature)
    best = p @ z + temperature * entropy(p)
    assert best >= q @ z + temperature * entropy(q) - 1e-12
    np.testing.assert_allclose(best, temperature * logsumexp(z / temperature), rtol=0, atol=1e-12)


# Second routes


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    ("shape", "axis"),
    [((7,), 0), ((5, 3), 1), ((5, 3), 0), ((2, 3, 4), 1), ((2, 3, 4), -3), ((700, 300), 0),
     ((3, 70_000), 1), ((70_000, 3), 0)],
)  # fmt: skip
def test_agrees_with_scipy_and_torch(dtype, shape, axis):
    z = (4 * np.random.default_rng(20261121).normal(size=shape)).astype(dtype)
    p = softmax(z, axis)
    assert p.dtype == dtype
    assert p.flags.c_contiguous
    # The others round z − max, and add the exponentials one after the other.
    tolerance = (z.shape[axis] + 2 + 2 * np.ptp(z)) * np.finfo(dtype).eps / 2
    np.testing.assert_allclose(p, scipy.special.softmax(z, axis=axis), rtol=tolerance)
    np.testing.assert_allclose(p, torch.softmax(torch.tensor(z), axis).numpy(), rtol=tolerance)


@pytest.mark.parametrize("temperature", [1.0, 0.3, 17.0, 2.0**-1000, 5e-324, 1.7e308])
def test_is_within_the_published_bound_of_the_truth(temperature):
    u = 2.0**-53
    for z in awkward_rows(1, np.float64, 900):
        z = z if temperature == 1 else np.clip(z, -1e308, 1e308) * min(temperature, 1)
        true = truth(z, temperature).p
        spread = (z.max() - z[np.isfinite(z)].min()) / temperature
        bound = (len(z) + 2 + 2 * min(spread, 1e16)) * u  # Theorem 4.3 of Blanchard et al.
        for computed, exact in zip(softmax(z, temperature=temperature), true, strict=True):
            # Where the true value is subnormal, it is representable with half a unit's error only.
            assert abs(computed - exact) <= bound * exact + mpmath.mpf(2) ** -1073


@pytest.mark.parametrize(("seed", "longest"), [(2, 30), (3, 1000)])
def test_is_a_few_units_from_the_truth(seed, longest):
    cases = list(awkward_rows(seed, np.float64, 900 if longest < 100 else 45, longest))
    true = [truth(z).p for z in cases]
    assert max(errors(softmax(z), p, z.dtype) for z, p in zip(cases, true, strict=True)) < 8

    def shifted_by_the_maximum(z):
        with np.errstate(over="ignore"):
            weights = np.exp(z - z.max())
        return weights / weights.sum()

    usual = [
        errors(shifted_by_the_maximum(z), p, z.dtype) for z, p in zip(cases, true, strict=True)
    ]
    assert max(usual) > 50


@pytest.mark.parametrize("temperature", [1.0, 0.37])
def test_float16_is_rounded_once(temperature):
    for z in awkward_rows(4, np.float16, 600):
        p = softmax(z, temperature=temperature)
        assert p.dtype == np.float16
        assert errors(p, truth(z, temperature).p, np.float16) < 0.51


def test_float32_is_a_few_units_from_the_truth():
    worst = 0.0
    for z in awkward_rows(6, np.float32, 900):
        p = softmax(z)
        assert p.dtype == np.float32
        worst = max(worst, errors(p, truth(z).p, np.float32))
    assert worst < 10  # NumPy's own exponential is off by up to 2.5 units in float32
    tempered = [softmax(z, temperature=0.3) for z in awkward_rows(6, np.float32, 300)]
    true = [truth(z, 0.3).p for z in awkward_rows(6, np.float32, 300)]
    assert max(errors(*pair, np.float32) for pair in zip(tempered, true, strict=True)) < 0.51


def test_a_long_row_is_accurate():
    z = np.random.default_rng(20261121).normal(scale=3, size=20_000)
    assert errors(softmax(z), truth(z).p, z.dtype) < 6


@given(st.floats(-800, 800))
def test_sigmoid_is_softmax_of_two(x):
    np.testing.assert_allclose(sigmoid(x), softmax([x, 0.0])[0], rtol=4 * EPS, atol=5e-324)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_sigmoid_is_near_the_truth(dtype):
    x = np.linspace(-800, 800, 4001).astype(dtype)
    true = [1 / (1 + mpmath.exp(-mpmath.mpf(float(v)))) for v in x]
    assert errors(sigmoid(x), true, dtype) < (0.51 if dtype == np.float16 else 4)
    with np.errstate(over="ignore"):
        one_sided = 1 - 1 / (1 + np.exp(x))
    assert errors(one_sided, true, dtype) > 100


@given(rows(st.floats(0, 1), min_size=1))
def test_entropy_agrees_with_scipy(weights):
    assume(weights.sum() > 0.01)
    p = weights / weights.sum()
    np.testing.assert_allclose(entropy(p), scipy.special.entr(p).sum(), rtol=1e-14, atol=1e-300)


@given(
    hnp.arrays(np.float64, hnp.array_shapes(min_dims=2, max_dims=3), elements=MODERATE), st.data()
)
def test_entropy_lies_between_zero_and_log_k(z, data):
    axis = data.draw(st.integers(-z.ndim, z.ndim - 1))
    h = entropy(softmax(z, axis), axis)
    assert h.shape == z.sum(axis=axis).shape
    assert (h >= 0).all()
    assert (h <= np.log(z.shape[axis]) + 4 * EPS).all()


# Limits


@given(hnp.arrays(np.float64, st.integers(1, 8), elements=st.integers(-5, 5)))
def test_low_temperature_shares_among_the_largest(z):
    winners = z == z.max()
    for temperature in (1e-3, 1e-300, 5e-324):
        p = softmax(z, temperature=temperature)
        np.testing.assert_allclose(p, winners / winners.sum(), rtol=2 * EPS)


@given(rows())
def test_high_temperature_is_uniform(z):
    # Logits have at most 2.05e3 magnitudes 1e308 of float64 between them, the temperature as many.
    p = softmax(z / 1e10, temperature=1.7e308)
    np.testing.assert_allclose(p, 1 / len(z), rtol=1e-9)


@given(rows(ANY | MODERATE), TEMPERATURES)
@example(np.array([1e308, -1e308]), 8e307)
@example(np.array([5e-324, 0.0]), 5e-324)
def test_entropy_falls_with_the_temperature(z, temperature):
    cool, warm = (entropy(softmax(z, temperature=t)) for t in (temperature, 2 * temperature))
    assert cool <= warm + 8 * EPS


@given(ANY)
def test_one_class_is_certain(x):
    assert softmax([x]).tolist() == [1.0]
    assert entropy([1.0]) == 0


def test_entropy_counts_zero_as_nothing():
    assert entropy([1.0, 0.0]) == 0
    assert entropy([0.5, 0.5, 0.0]) == entropy([0.5, 0.5])
    assert np.isnan(entropy([np.nan, 0.5]))


# Masks, infinities, not a number


@pytest.mark.parametrize(
    ("logits", "p"),
    [
        ([-np.inf, 0.0], [0, 1]),
        ([-np.inf, -1e308, -1e308], [0, 0.5, 0.5]),
        ([np.inf, 1.0, np.inf], [0.5, 0, 0.5]),
        ([np.inf, -np.inf], [1, 0]),
        ([-np.inf, -np.inf], [np.nan, np.nan]),
        ([np.nan, 1.0], [np.nan, np.nan]),
        ([np.inf, np.nan], [np.nan, np.nan]),
        ([1e308, -1e308], [1, 0]),
    ],
)
@pytest.mark.parametrize("temperature", [1.0, 0.1, 3.0])
@pytest.mark.parametrize("dtype", [np.float64, np.longdouble])
def test_special_values(logits, p, temperature, dtype):
    with np.errstate(all="raise"):  # no warning, whatever the reader has asked NumPy for
        np.testing.assert_array_equal(softmax(np.array(logits, dtype), temperature=temperature), p)


def test_a_strange_row_leaves_the_others_alone():
    z = np.array(
        [[np.nan, 1], [np.inf, 1], [-np.inf, -np.inf], [0, 0], [1e308, -1e308], [5e3, 5e3]]
    )
    expected = [[np.nan] * 2, [1, 0], [np.nan] * 2, [0.5, 0.5], [1, 0], [0.5, 0.5]]
    np.testing.assert_array_equal(softmax(z), expected)
    np.testing.assert_array_equal(softmax(z.T, axis=0), np.transpose(expected))
    np.testing.assert_array_equal(softmax(z, temperature=0.5), expected)


@pytest.mark.parametrize(("x", "p"), [(np.inf, 1), (-np.inf, 0), (np.nan, np.nan), (-1e308, 0)])
def test_special_values_of_the_sigmoid(x, p):
    with np.errstate(all="raise"):
        np.testing.assert_equal(sigmoid(x), p)


# Types and shapes


def test_types_are_kept():
    for dtype in (np.float16, np.float32, np.float64, np.longdouble):
        z = np.array([[1, 2], [3, 5]], dtype)
        for result in (softmax(z), softmax(z, 0, 2.0), entropy(softmax(z)), sigmoid(z)):
            assert result.dtype == dtype
    for z in ([1, 2], [True, False], np.uint8([1, 2])):
        assert softmax(z).dtype == np.float64


def test_longdouble_has_more_digits():
    if np.finfo(np.longdouble).eps == EPS:
        pytest.skip("longdouble is float64 on this platform")
    z = np.array([0.3, -20.1, -11000.2], np.longdouble)
    with mpmath.workdps(60):
        weights = [mpmath.exp(mpmath.mpf(repr_digits(x))) for x in z]
        true = [w / sum(weights) for w in weights]
        computed = [mpmath.mpf(repr_digits(x)) for x in softmax(z)]
        assert max(abs(c / t - 1) for c, t in zip(computed, true, strict=True)) < 1e-18


def repr_digits(x):
    """Return all digits of a longdouble as a string, exactly."""
    fraction, exponent = np.frexp(x)
    whole = int(np.ldexp(fraction, 64))
    return mpmath.mpf(whole) * mpmath.mpf(2) ** (int(exponent) - 64)


def test_inputs_are_not_changed():
    for z in (np.array([1e3, 2e3, -np.inf]), np.ones((3, 4), np.float16), np.ones((2, 3)).T):
        z.flags.writeable = False
        before = z.copy()
        softmax(z)
        softmax(z, 0, 0.5)
        sigmoid(z)
        np.testing.assert_array_equal(z, before)


def test_no_samples_are_no_problem():
    assert softmax(np.empty((0, 3))).shape == (0, 3)
    assert softmax(np.empty((3, 0)), axis=0).shape == (3, 0)
    assert entropy(np.empty((0, 3))).shape == (0,)


def test_views_with_steps():
    z = np.random.default_rng(1).normal(size=(6, 8))
    np.testing.assert_array_equal(softmax(z[::2, ::-2]), softmax(z[::2, ::-2].copy()))


# Stored values. mpmath 1.3.0, 50 digits, 21 November 2026:
# nstr(exp(z_i) / sum(exp(z)), 17) for the examples of the chapter.


@pytest.mark.parametrize(
    ("logits", "p"),
    [
        ([2, 1, -1], [0.70538451269824116, 0.25949646034241912, 0.035119026959339724]),
        ([3, 1, 2, 4], [0.23688281808991013, 0.032058603280084988, 0.087144318742032567,
                        0.64391425988797231]),
        ([12.5, 0.6, -23], [0.99999320964130152, 6.7903586980951229e-6, 3.8242206600907791e-16]),
    ],
)  # fmt: skip
def test_stored_values(logits, p):
    np.testing.assert_allclose(softmax(logits), p, rtol=4 * EPS)


# Errors


@pytest.mark.parametrize("function", [softmax, entropy])
def test_what_cannot_be_normalised_is_refused(function):
    with pytest.raises(TypeError, match="must be real numbers"):
        function([1j])
    with pytest.raises(ValueError, match="has no entries along axis -1"):
        function([])
    with pytest.raises(ValueError, match="must have at least one axis"):
        function(1.0)
    with pytest.raises(np.exceptions.AxisError, match=r"no axis 1: its shape is \(2,\)"):
        function([0.5, 0.5], axis=1)


def test_other_refusals():
    with pytest.raises(ValueError, match="temperature must be positive and finite, got 0"):
        softmax([1.0], temperature=0)
    with pytest.raises(ValueError, match=r"probabilities must not be negative, got -0\.5"):
        entropy([1.5, -0.5])
    with pytest.raises(TypeError, match="x must be real numbers"):
        sigmoid("1")


def test_the_measure_can_tell():
    one = mpmath.mpf(1)
    assert error(1.0, one, np.float64) == 0
    assert error(1 + EPS, one, np.float64) == 1
    assert error(np.nan, one, np.float64) == np.inf
    assert error(-np.inf, mpmath.mpf(10) ** 400, np.float64) == np.inf
