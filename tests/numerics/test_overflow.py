"""Logarithms keep their digits, streams have no order, and formats end where they say."""

import math

import mpmath
import numpy as np
import pytest
import scipy.special
import torch
from exact import ANY, DIGITS, awkward_rows, error, errors, rows, truth, ulp
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import softmaxbook as sb
from softmaxbook.numerics.overflow import Thresholds

EPS = 2.0**-52
MODERATE = st.floats(-50, 50)
CHUNKS = st.lists(rows(ANY | MODERATE, min_size=0), min_size=1, max_size=6)


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


# Streams


def read(chunks):
    """Return the state after reading all chunks."""
    running = sb.RunningLogSumExp()
    for chunk in chunks:
        running.update(chunk)
    return running


@given(CHUNKS)
def test_a_stream_gives_what_the_whole_gives(chunks):
    z, running = np.concatenate(chunks), read(chunks)
    if len(z) == 0:
        assert (running.maximum, running.scaled_sum, running.value) == (-np.inf, 0, -np.inf)
    else:
        assert running.maximum == z.max()
        near = 16 * EPS * max(1.0, np.abs(z).max())
        np.testing.assert_allclose(running.value, sb.logsumexp(z), rtol=4 * EPS, atol=near)


@given(CHUNKS, CHUNKS, CHUNKS)
def test_merging_is_associative_and_commutative(a, b, c):
    left = read(a).merge(read(b)).merge(read(c))
    right = read(c).merge(read(b).merge(read(a)))
    assert left.maximum == right.maximum
    np.testing.assert_allclose(left.scaled_sum, right.scaled_sum, rtol=1e-13)


def test_a_rising_stream_stays_accurate():
    z = np.arange(2000) * 0.37
    running = read(z[:, None])
    true = mpmath.log(mpmath.fsum(mpmath.exp(x) for x in z))
    assert error(running.value, true, np.float64) < 4


@pytest.mark.parametrize(
    ("chunks", "state"),
    [
        ([[-np.inf, -np.inf]], (-np.inf, 0, -np.inf)),
        ([[-np.inf], [1.0], [-np.inf]], (1, 1, 1)),
        ([[1.0], [np.inf], [np.inf, 2.0]], (np.inf, 2, np.inf)),
        ([[1.0], [np.nan], [2.0]], (np.nan, np.nan, np.nan)),
        ([[np.nan], [np.inf]], (np.nan, np.nan, np.nan)),
        ([[1e308], [-1e308]], (1e308, 1, 1e308)),
        ([[], [[1, 1], [1, 1]]], (1, 4, 1 + math.log(4))),
    ],
)
def test_special_streams(chunks, state):
    with np.errstate(all="raise"):
        running = read(chunks)
        np.testing.assert_equal((running.maximum, running.scaled_sum, running.value), state)


@given(rows(ANY | MODERATE, max_size=20), st.integers(1, 25))
def test_online_softmax_is_softmax(z, chunk_size):
    near = 700 * EPS  # two roundings of differences up to 745
    np.testing.assert_allclose(
        sb.online_softmax(z, chunk_size), sb.softmax(z), rtol=near, atol=1e-322
    )


def test_online_softmax_of_special_rows():
    with np.errstate(all="raise"):
        np.testing.assert_array_equal(
            sb.online_softmax([-np.inf, np.inf, 1, np.inf], 2), [0, 0.5, 0, 0.5]
        )
        assert np.isnan(sb.online_softmax([-np.inf, -np.inf], 1)).all()
        assert np.isnan(sb.online_softmax([np.nan, 1], 1)).all()
        assert sb.online_softmax(np.float16([1, 2]), 1).dtype == np.float16


@given(st.lists(hnp.arrays(np.float64, st.tuples(st.integers(1, 5), st.just(4)), elements=MODERATE),
                min_size=1, max_size=5))  # fmt: skip
def test_weighted_mean_of_a_stream(blocks):
    together = np.concatenate(blocks)
    mean = sb.softmax_weighted_mean((block[:, 0], block[:, 1:]) for block in blocks)
    expected = sb.softmax(together[:, 0]) @ together[:, 1:]
    np.testing.assert_allclose(mean, expected, rtol=0, atol=1e-12)


def test_weighted_mean_passes_masked_blocks():
    vectors = np.array([[1.0], [2.0]])
    blocks = [
        (np.full(2, -np.inf), vectors),
        (np.zeros(2), vectors),
        (np.full(2, -np.inf), vectors),
    ]
    assert sb.softmax_weighted_mean(blocks) == 1.5
    assert np.isnan(sb.softmax_weighted_mean(blocks[:1]))


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


# The naive formulas: right where nothing overflows, and wrong where they are said to be


@given(rows(MODERATE))
def test_naive_formulas_are_right_for_moderate_logits(z):
    np.testing.assert_allclose(sb.naive_softmax(z), sb.softmax(z), rtol=1e-14)
    np.testing.assert_allclose(sb.naive_logsumexp(z), sb.logsumexp(z), rtol=0, atol=1e-13)
    np.testing.assert_allclose(sb.naive_log_softmax(z), sb.log_softmax(z), rtol=0, atol=1e-13)
    np.testing.assert_allclose(sb.log_of_softmax(z), sb.log_softmax(z), rtol=0, atol=1e-13)


def test_naive_formulas_fail():
    up, down, apart = [1000.0, 1001.0], [-1000.0, -1001.0], [0.0, -800.0]
    assert np.isnan(sb.naive_softmax(up)).all()
    assert np.isnan(sb.naive_softmax(down)).all()
    assert sb.naive_logsumexp(up) == np.inf == -sb.naive_logsumexp(down)
    assert (sb.naive_log_softmax(up) == -np.inf).all()
    assert (sb.naive_log_softmax(down) == np.inf).all()
    assert sb.log_of_softmax(apart).tolist() == [0, -np.inf]
    assert sb.log_softmax(apart)[1] == -800
    assert np.isnan(sb.naive_softmax(np.float16([12, 0]))[0])  # in the type of the logits
    assert np.isfinite(sb.naive_softmax(np.float16([11, 0]))).all()


@pytest.mark.parametrize(
    "function", [sb.naive_softmax, sb.naive_logsumexp, sb.naive_log_softmax, sb.log_of_softmax]
)
def test_naive_formulas_take_an_axis_and_refuse_the_rest(function):
    z = np.arange(6.0).reshape(2, 3)
    np.testing.assert_array_equal(function(z, 0), function(z.T).T)
    with pytest.raises(TypeError, match="must be real numbers"):
        function(["a"])
    with pytest.raises(ValueError, match="has no entries"):
        function([])


# Formats

SMALL_FORMATS = {"float16": np.float16, "bfloat16": torch.bfloat16}


def every_number(name):
    """Return all finite numbers of a 16-bit format, in order, as float64."""
    patterns = np.arange(2**16, dtype=np.uint16)
    if name == "float16":
        numbers = patterns.view(np.float16)
    else:
        numbers = (patterns.astype(np.uint32) << 16).view(np.float32)
    return np.unique(numbers[np.isfinite(numbers)].astype(np.float64))


def converted(values, name):
    """Round float64 numbers to a format as NumPy or PyTorch does, and return them as float64."""
    if name == "bfloat16":
        return torch.tensor(values).to(torch.bfloat16).to(torch.float64).numpy()
    with np.errstate(over="ignore"):
        return np.asarray(values).astype(name).astype(np.float64)


@pytest.mark.parametrize("name", ["float16", "bfloat16"])
def test_every_number_rounds_to_itself_and_midpoints_to_even(name):
    f, numbers = sb.FORMATS[name], every_number(name)
    assert len(numbers) == 2**16 - 2**f.precision - 1  # without infinities, NaN and one zero
    np.testing.assert_array_equal(f.round(numbers), numbers)
    middle = (numbers[1:] + numbers[:-1]) / 2
    middle = np.concatenate([[-f.max - (numbers[1] - numbers[0]) / 2], middle])
    middle = np.append(middle, -middle[0])
    lower = np.concatenate([[-np.inf], numbers])
    upper = np.append(numbers, np.inf)
    np.testing.assert_array_equal(f.round(np.nextafter(middle, -np.inf)), lower)
    np.testing.assert_array_equal(f.round(np.nextafter(middle, np.inf)), upper)
    at = f.round(middle)
    assert ((at == lower) | (at == upper)).all()
    np.testing.assert_array_equal(at[1:] == upper[1:], at[:-1] != lower[1:])  # every other number
    assert f.round(f.smallest_subnormal / 2) == 0  # and 0 is among them


@pytest.mark.parametrize("name", sb.FORMATS)
def test_rounding_is_what_numpy_and_torch_do(name):
    f, rng = sb.FORMATS[name], np.random.default_rng(20261121)
    anywhere = rng.choice([-1, 1], 100_000) * 2.0 ** rng.uniform(-1074, 1023.9, 100_000)
    lowest, highest = f.min_exponent - f.precision - 2, min(f.max_exponent + 2, 1023.9)
    inside = 2.0 ** rng.uniform(lowest, highest, 100_000)
    numbers = converted(inside[inside < f.max / 2], name)
    between = numbers + np.spacing(numbers) * 2.0 ** (52 - f.precision)  # ties, where normal
    special = np.array([0.0, -0.0, np.inf, -np.inf, f.max, -f.max, 5e-324, -5e-324])
    for values in (anywhere, inside, between, special):
        with np.errstate(all="raise"):
            rounded = f.round(values)
        expected = converted(values, name)
        np.testing.assert_array_equal(rounded, expected)
        np.testing.assert_array_equal(np.signbit(rounded), np.signbit(expected))
    assert np.isnan(f.round(np.nan))


@given(st.sampled_from(sorted(sb.FORMATS)), rows(st.floats(width=64)))
def test_rounding_twice_is_rounding_once(name, values):
    f = sb.FORMATS[name]
    np.testing.assert_array_equal(f.round(f.round(values)), f.round(values))


@pytest.mark.parametrize("name", sb.FORMATS)
def test_limits_are_those_of_the_libraries(name):
    f = sb.FORMATS[name]
    info = torch.finfo(getattr(torch, name))
    assert (f.max, f.smallest_normal) == (info.max, info.tiny)
    assert f.unit_roundoff == info.eps / 2
    assert f.smallest_subnormal == f.smallest_normal * info.eps
    if name != "bfloat16":
        assert f.smallest_subnormal == np.finfo(name).smallest_subnormal
    assert isinstance(f.round(0.1), float)


# Thresholds


@pytest.mark.parametrize("name", sb.FORMATS)
def test_thresholds_are_logarithms_of_limits(name):
    f, t = sb.FORMATS[name], sb.thresholds(name)
    with mpmath.workdps(40):
        half = mpmath.mpf(2) ** (f.max_exponent - f.precision)
        true = Thresholds(
            overflow=mpmath.log(mpmath.mpf(f.max) + half),
            subnormal=mpmath.log(f.smallest_normal),
            smallest=mpmath.log(f.smallest_subnormal),
            underflow=mpmath.log(f.smallest_subnormal) - mpmath.log(2),
        )
    for limit in ("overflow", "subnormal", "smallest", "underflow"):
        assert error(getattr(t, limit), getattr(true, limit), np.float64) <= 1
    assert sb.thresholds(f) == t


@pytest.mark.parametrize("name", ["float16", "bfloat16"])
def test_exp_leaves_small_formats_at_the_thresholds(name):
    """Every input of the format, with the library's exponential and a correctly rounded one."""
    f, t, x = sb.FORMATS[name], sb.thresholds(name), every_number(name)
    with np.errstate(all="ignore"):
        if name == "float16":
            library = np.exp(x.astype(np.float16)).astype(np.float64)
        else:
            library = torch.exp(torch.tensor(x).to(torch.bfloat16)).to(torch.float64).numpy()
        for y in (library, f.round(np.exp(x))):
            np.testing.assert_array_equal(np.isinf(y), x > t.overflow)
            np.testing.assert_array_equal(y == 0, x < t.underflow)
            np.testing.assert_array_equal(y < f.smallest_normal, x < t.subnormal)


@pytest.mark.parametrize("name", ["float32", "float64"])
def test_exp_leaves_large_formats_at_the_thresholds(name):
    """The numbers of the format on either side of a threshold, as the hardware takes them.

    NumPy's exponential in float32 may be wrong by 2.5 units, so that its own limit may be a few
    inputs away; the next but seven inputs must fall on the right side.
    """
    f, t, dtype = sb.FORMATS[name], sb.thresholds(name), np.dtype(name).type
    away = 8 if name == "float32" else 1

    def either_side(limit):
        below = above = dtype(limit)
        for _ in range(away):
            below, above = np.nextafter(below, dtype(-np.inf)), np.nextafter(above, dtype(np.inf))
        return np.exp(below), np.exp(above)

    with np.errstate(all="ignore"):
        below, above = either_side(t.overflow)
        assert np.isfinite(below)
        assert np.isinf(above)
        below, above = either_side(t.underflow)
        assert below == 0
        assert above == f.smallest_subnormal
        below, above = either_side(t.subnormal)
        assert below < f.smallest_normal <= above
        below, above = either_side(t.smallest)
        assert below == above == f.smallest_subnormal


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


def test_more_refusals():
    with pytest.raises(ValueError, match="temperature must be positive and finite, got -1"):
        sb.log_softmax([1.0], temperature=-1)
    with pytest.raises(ValueError, match=r"logits must be one row, their shape is \(1, 1\)"):
        sb.online_softmax([[1.0]], 1)
    with pytest.raises(ValueError, match="chunk_size must be at least 1, got 0"):
        sb.online_softmax([1.0], 0)
    with pytest.raises(ValueError, match="has no entries"):
        sb.online_softmax([], 1)
    with pytest.raises(TypeError, match="chunk must be real numbers"):
        sb.RunningLogSumExp().update(["1"])
    with pytest.raises(ValueError, match="at least one pair"):
        sb.softmax_weighted_mean([])
    with pytest.raises(KeyError):
        sb.thresholds("float8")
