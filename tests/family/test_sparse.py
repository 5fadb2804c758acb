"""Sparsemax and entmax: identities, bisection and PyTorch beside the sorting, limits, errors."""

import mpmath
import numpy as np
import pytest
import torch
from exact import ANY, rows
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from softmaxbook import finite_difference_jacobian, jacobian, softmax, vjp
from softmaxbook.family.sparse import entmax, entmax15, entmax_jacobian, entmax_vjp, sparsemax

MODERATE = st.floats(-20, 20)
TEMPERATURES = st.floats(-8, 8).map(lambda x: 2.0**x)
ALPHAS = st.sampled_from([1.0, 1.05, 1.5, 1.8, 2.0, 3.0, 20.0])
by_sorting = pytest.mark.parametrize(("function", "alpha"), [(sparsemax, 2.0), (entmax15, 1.5)])
every = pytest.mark.parametrize(
    "function", [sparsemax, entmax15, lambda z, *a, **k: entmax(z, 1.3, *a, **k)]
)

# identities


@every
@given(rows(ANY | MODERATE), TEMPERATURES)
def test_are_probabilities_in_the_order_of_the_logits(function, z, temperature):
    p = function(z, temperature=temperature)
    assert abs(p.sum() - 1) <= 1e-14
    assert (p >= 0).all()
    order = np.argsort(z, kind="stable")
    assert (np.diff(p[order]) >= 0).all()


@every
@given(rows(MODERATE), st.floats(-20, 20))
def test_a_shift_changes_nothing(function, z, shift):
    assert_allclose(function(z + shift), function(z), atol=1e-13)


@given(rows(MODERATE), rows(MODERATE, min_size=8, max_size=8))
def test_sparsemax_is_the_nearest_point_of_the_simplex(z, other):
    p, q = sparsemax(z), softmax(other[: len(z)])
    assert ((p - z) ** 2).sum() <= ((q - z) ** 2).sum() + 1e-12
    # The angle at the projection is obtuse for every point of the simplex, so for every corner.
    assert ((z - p) - (z - p) @ p).max() <= 1e-13 * max(1, np.abs(z).max())


@by_sorting
@given(z=rows(MODERATE), temperature=TEMPERATURES)
def test_is_what_its_definition_says(function, alpha, z, temperature):
    p = function(z, temperature=temperature)
    left = p > 0
    tau = (alpha - 1) * z / temperature - p ** (alpha - 1)
    scale = max(1, np.abs(z).max() / temperature)
    assert np.ptp(tau[left]) <= 1e-13 * scale + 1e-7 * (alpha != 2)
    assert ((alpha - 1) * z / temperature)[~left].max(initial=-np.inf) <= (
        tau[left].min() + 1e-7 * scale
    )


@given(rows(MODERATE), ALPHAS, TEMPERATURES)
def test_the_jacobian_is_a_covariance(z, alpha, temperature):
    matrix = entmax_jacobian(z, alpha, temperature)
    scale = max(1, np.abs(matrix).max())
    assert_allclose(matrix, matrix.T, rtol=1e-14, atol=1e-15 * scale)
    assert_allclose(matrix.sum(axis=-1), 0, atol=1e-13 * scale)
    assert np.linalg.eigvalsh(matrix).min() >= -1e-13 * scale


@given(rows(MODERATE, min_size=5, max_size=5), ALPHAS, TEMPERATURES)
def test_the_product_is_that_with_the_jacobian(z, alpha, temperature):
    c = np.array([1.0, -2.0, 0.5, 3.0, 0.0])
    product = entmax_vjp(z, c, alpha, temperature=temperature)
    matrix = entmax_jacobian(z, alpha, temperature)
    assert_allclose(product, matrix @ c, atol=1e-12 * max(1, np.abs(matrix).max()))


# second routes


@by_sorting
@given(z=rows(ANY | MODERATE), temperature=TEMPERATURES)
def test_sorting_agrees_with_bisection(function, alpha, z, temperature):
    p = function(z, temperature=temperature)
    assert_allclose(p, entmax(z, alpha, temperature=temperature), atol=1e-14)


@by_sorting
@pytest.mark.parametrize(
    ("shape", "axis"),
    [((7,), 0), ((5, 3), 0), ((2, 3, 4), 1), ((300, 70), 0), ((3, 7000), 1), ((40, 300), -1)],
)
@pytest.mark.parametrize("scale", [0.001, 1.0, 30.0])
def test_every_axis_is_like_the_last(function, alpha, shape, axis, scale):
    z = scale * np.random.default_rng(20261128).normal(size=shape)
    p = function(z, axis)
    assert_array_equal(p, np.moveaxis(function(np.moveaxis(z, axis, -1)), -1, axis))
    assert_allclose(p.sum(axis=axis), 1, rtol=1e-14)
    assert_allclose(p, entmax(z, alpha, axis), rtol=1e-10, atol=1e-15)


@by_sorting
def test_agrees_with_torch_written_by_hand(function, alpha):
    z = np.random.default_rng(20261128).normal(size=(200, 50))
    x = torch.tensor((alpha - 1) * z, requires_grad=True)
    ordered = x.sort(descending=True).values
    k = torch.arange(1, 51).double()
    mean = ordered.cumsum(-1) / k
    if alpha == 2:
        tau = mean - 1 / k
    else:
        variance = (ordered**2).cumsum(-1) / k - mean**2
        tau = mean - ((1 / k - variance).clamp(min=1e-300)).sqrt()
    size = (tau < ordered).sum(-1, keepdim=True)
    p = (x - tau.gather(-1, size - 1)).clamp(min=0) ** (1 / (alpha - 1))
    assert_allclose(function(z), p.detach().numpy(), atol=1e-13)
    c = np.random.default_rng(1).normal(size=z.shape)
    theirs = torch.autograd.grad((p * torch.tensor(c)).sum(), x)[0].numpy() * (alpha - 1)
    assert_allclose(entmax_vjp(z, c, alpha), theirs, atol=1e-12)


@given(rows(st.floats(-3, 3), min_size=2, max_size=6), st.sampled_from([1.1, 1.5, 2, 2.5]),
       st.floats(0.3, 3))  # fmt: skip
@settings(max_examples=40)
def test_the_jacobian_agrees_with_finite_differences(z, alpha, temperature):
    p = entmax(z, alpha, temperature=temperature)
    threshold = (alpha - 1) * z / temperature - p ** (alpha - 1)
    distance = np.abs((alpha - 1) * z / temperature - threshold[p.argmax()])
    assume((p > 0.02).sum() + (distance[p == 0] > 0.01).sum() == len(z))  # away from every kink

    def function(x):
        return entmax(x, alpha, temperature=temperature)

    measured = finite_difference_jacobian(function, z, 1e-6)
    assert_allclose(entmax_jacobian(z, alpha, temperature), measured, atol=2e-6, rtol=1e-5)


@given(rows(MODERATE, min_size=2), TEMPERATURES)
def test_alpha_one_is_softmax(z, temperature):
    assert_array_equal(entmax(z, 1, temperature=temperature), softmax(z, temperature=temperature))
    assert_allclose(entmax_jacobian(z, 1), jacobian(z), atol=1e-14)
    assert_allclose(entmax_vjp(z, z, 1), vjp(z, z), atol=1e-13)


# limits


@given(rows(MODERATE))
def test_alpha_near_one_is_near_softmax(z):
    assert_allclose(entmax(z, 1 + 1e-9), softmax(z), atol=1e-6)
    assert_allclose(entmax(z, 1 + 1e-14), softmax(z), atol=1e-11)


@every
def test_cold_is_argmax_and_warm_is_uniform(function):
    z = np.array([1.0, 3.0, 3.0, -2.0])
    assert_allclose(function(z, temperature=1e-9), [0, 0.5, 0.5, 0], rtol=1e-15)
    assert_allclose(function(z, temperature=1e9), 0.25, rtol=1e-7)


@given(st.floats(-3, 3))
def test_sparsemax_of_two_is_a_straight_line_with_ends(difference):
    p = sparsemax([difference, 0.0])
    assert_allclose(p[0], np.clip((1 + difference) / 2, 0, 1), atol=1e-15)


def test_the_derivative_at_a_kink_is_that_of_the_classes_with_a_probability():
    assert_array_equal(sparsemax([1.0, 0.0]), [1, 0])
    assert_array_equal(entmax_jacobian([1.0, 0.0], 2), np.zeros((2, 2)))


def test_ties_share():
    assert_array_equal(sparsemax([5.0, 5.0, 5.0, 5.0]), [0.25] * 4)
    assert_allclose(entmax15([0.0, 0.0]), [0.5, 0.5], rtol=1e-15)


# infinities, types, stored values


@every
def test_infinite_logits_and_nan_are_treated_as_by_softmax(function):
    inf, nan = np.inf, np.nan
    z = [[0.1, -inf, 0], [-inf] * 3, [inf, 1, inf], [inf, -inf, 5], [nan, 1, 2], [1, inf, nan]]
    p = function(np.array(z))
    assert p[0, 1] == 0
    assert_allclose(p[0].sum(), 1)
    assert_allclose(p[1:], softmax(np.array(z))[1:], rtol=1e-15)


@every
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_keeps_the_type_and_rounds_once(function, dtype):
    z = np.random.default_rng(20261128).normal(size=(50, 40)).astype(dtype)
    p = function(z)
    assert p.dtype == dtype
    assert_array_equal(p, function(z.astype(np.float64)).astype(dtype))
    assert entmax_vjp(z, z, 1.5).dtype == dtype


@every
def test_integers_count_as_float64(function):
    assert_array_equal(function(np.array([1, 200, 199], np.uint8)), function([1.0, 200.0, 199.0]))
    assert function([1, 0]).dtype == np.float64
    assert_array_equal(function([True, False]), function([1.0, 0.0]))


@every
def test_the_whole_range_of_floats(function):
    largest = np.finfo(np.float64).max
    assert_array_equal(function([largest, -largest]), [1, 0])
    assert_allclose(function([largest, -largest], temperature=largest / 2).sum(), 1)
    assert_array_equal(function(np.array([6e4, -6e4], np.float16), temperature=1e5).sum(), 1)
    assert function(np.zeros((0, 3))).shape == (0, 3)


def test_stored_values():
    # By mpmath with 50 digits, from (a − τ)² + (b − τ)² = 1 with a = 1, b = 1/2.
    with mpmath.workdps(50):
        tau = (mpmath.mpf(3) / 2 - mpmath.sqrt(mpmath.mpf(9) / 4 - mpmath.mpf(1) / 2)) / 2
        p = [float((mpmath.mpf(x) / 2 - tau) ** 2) for x in (2, 1)]
    assert_allclose(entmax15([2.0, 1.0, -1.0]), [*p, 0], rtol=1e-15)
    assert_allclose(p, [0.8307189138830738, 0.16928108611692617], rtol=1e-15)
    assert_allclose(sparsemax([0.3, 0.1, 0.0, -2.0]), np.array([0.5, 0.3, 0.2, 0]), atol=1e-16)


# errors


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: sparsemax(["a"]), TypeError, "logits must be real numbers"),
        (lambda: sparsemax([1j]), TypeError, "logits.real"),
        (lambda: entmax15([]), ValueError, "no entries along axis -1"),
        (lambda: entmax15(3.0), ValueError, "single number"),
        (lambda: sparsemax([1.0], temperature=0), ValueError, "temperature must be positive"),
        (lambda: sparsemax([[1.0]], axis=2), np.exceptions.AxisError, "no axis 2"),
        (lambda: entmax([1.0], 0.5), ValueError, "alpha must be finite and at least 1"),
        (lambda: entmax([1.0], np.nan), ValueError, "got nan"),
        (lambda: entmax_vjp([1.0, 2.0], [1.0], 2), ValueError, "logits and cotangent"),
        (lambda: entmax_jacobian([1.0], np.inf), ValueError, "alpha"),
    ],
)
def test_errors_name_what_is_wrong(call, error, words):
    with pytest.raises(error, match=words):
        call()


@pytest.mark.parametrize(("function", "alpha"), [(sparsemax, 2.0), (entmax15, 1.5)])
@pytest.mark.parametrize("temperature", [8e306, 9e307, 1e308, np.finfo(float).max])
@pytest.mark.parametrize(
    "z",
    [[2.0, 1.0, -np.inf], [1e308, 1.0, -1e308], [-1e308, -1e308, -1.7e308], [np.inf, 1.0, 2.0]],
)
def test_the_hottest_temperatures_agree_with_bisection(function, alpha, temperature, z):
    found = function(z, temperature=temperature)
    assert_allclose(found, entmax(z, alpha, temperature=temperature), atol=1e-12)
    assert_allclose(found.sum(), 1, rtol=1e-14)
