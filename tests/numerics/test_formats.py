"""The formats round as the libraries do, and the exponential leaves them where it is said to."""

import mpmath
import numpy as np
import pytest
import torch
from exact import error, rows
from hypothesis import given
from hypothesis import strategies as st

import softmaxbook as sb
from softmaxbook.numerics.formats import Thresholds

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


def test_an_unknown_format_is_refused():
    with pytest.raises(KeyError):
        sb.thresholds("float8")
