"""The Jacobian is what it is proved to be, its products need no matrix, and checks can fail."""

import mpmath
import numpy as np
import pytest
import torch
from exact import DIGITS, errors, rows
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import softmaxbook as sb

EPS = 2.0**-52
MODERATE = st.floats(-50, 50)
TEMPERATURES = st.floats(-6, 6).map(lambda x: 2.0**x)
ANY = st.floats(allow_nan=False, allow_infinity=False)


def rows_of(count, elements=MODERATE):
    """Return a strategy: `count` rows of one length."""
    sizes = st.integers(1, 8)
    return sizes.flatmap(lambda k: hnp.arrays(np.float64, (count, k), elements=elements))


def true_jacobian(z, temperature=1.0):
    """Return the Jacobian from mpmath at 80 digits."""
    with mpmath.workdps(DIGITS):
        t = mpmath.mpf(float(temperature))
        w = [mpmath.exp((mpmath.mpf(float(x)) - mpmath.mpf(float(max(z)))) / t) for x in z]
        p = [x / mpmath.fsum(w) for x in w]
        others = [mpmath.fsum(p[:i] + p[i + 1 :]) for i in range(len(p))]
        return [
            [p[i] * (others[i] if i == j else -p[j]) / t for j in range(len(p))]
            for i in range(len(p))
        ]


# Identities


@given(rows(ANY | MODERATE), TEMPERATURES)
def test_is_symmetric_with_rows_that_sum_to_zero(z, temperature):
    J = sb.jacobian(z, temperature)
    np.testing.assert_array_equal(J, J.T)
    assert (np.abs(J.sum(axis=1)) <= 8 * EPS * np.diag(J)).all()
    assert (np.diag(J) >= 0).all()
    assert (J - np.diag(np.diag(J)) <= 0).all()


@given(rows(MODERATE), TEMPERATURES)
def test_eigenvalues_lie_between_zero_and_one_half(z, temperature):
    values = np.linalg.eigvalsh(sb.jacobian(z, temperature)) * temperature
    assert values.min() >= -1e-15
    assert values.max() <= 0.5 + 1e-15


def test_one_half_is_attained():
    np.testing.assert_allclose(np.linalg.eigvalsh(sb.jacobian([3.0, 3.0])).max(), 0.5, rtol=EPS)


@given(rows(st.floats(-10, 10), min_size=2))
def test_only_constants_are_mapped_to_zero(z):
    J = sb.jacobian(z)
    assert np.linalg.matrix_rank(J, tol=1e-3 * sb.softmax(z).min()) == len(z) - 1
    np.testing.assert_allclose(J @ np.ones(len(z)), 0, atol=1e-16)


@given(rows(st.floats(-10, 10)))
def test_is_the_covariance_of_the_drawn_class(z):
    p, one_hot = sb.softmax(z), np.eye(len(z))
    centred = one_hot - p
    np.testing.assert_allclose(sb.jacobian(z), (p[:, None] * centred).T @ centred, atol=1e-15)


@given(rows_of(2), TEMPERATURES)
def test_quadratic_form_is_a_variance(pair, temperature):
    z, v = pair
    p = sb.softmax(z, temperature=temperature)
    variance = p @ (v - p @ v) ** 2 / temperature
    near = 1e-12 * (1 + np.abs(v).max() ** 2) / temperature
    np.testing.assert_allclose(v @ sb.jacobian(z, temperature) @ v, variance, rtol=0, atol=near)


@given(rows(MODERATE), TEMPERATURES)
def test_temperature_scales_logits_and_derivative(z, temperature):
    near = 1e-13 / temperature
    np.testing.assert_allclose(
        sb.jacobian(z, temperature), sb.jacobian(z / temperature) / temperature, atol=near
    )


@given(rows(MODERATE))
def test_hessian_of_logsumexp_is_the_jacobian(z):
    np.testing.assert_array_equal(sb.logsumexp_hessian(z), sb.jacobian(z))


@given(rows_of(2), TEMPERATURES)
def test_products_agree_with_the_matrix(pair, temperature):
    z, t = pair
    expected = sb.jacobian(z, temperature) @ t
    near = 1e-14 * (1 + np.abs(t).max()) / temperature
    for product in (sb.jvp, sb.vjp):
        result = product(z, t, temperature=temperature)
        np.testing.assert_allclose(result, expected, rtol=0, atol=near)


@given(rows_of(3), TEMPERATURES)
def test_jvp_and_vjp_are_adjoint(three, temperature):
    z, t, c = three
    forward = sb.jvp(z, t, temperature=temperature) @ c
    backward = sb.vjp(z, c, temperature=temperature) @ t
    near = 1e-12 * (1 + np.abs(three).max() ** 2) / temperature
    np.testing.assert_allclose(forward, backward, rtol=0, atol=near)


@given(rows_of(2), st.floats(-1e6, 1e6))
def test_constants_in_the_tangent_change_nothing(pair, constant):
    z, t = pair
    moved = sb.jvp(z, t + constant)
    np.testing.assert_allclose(moved, sb.jvp(z, t), rtol=0, atol=4 * EPS * (100 + abs(constant)))
    np.testing.assert_allclose(sb.jvp(z, np.full_like(z, constant)), 0, atol=EPS * abs(constant))


# Second routes


@given(rows(MODERATE), TEMPERATURES)
def test_jacobian_agrees_with_finite_differences(z, temperature):
    check = sb.check_jacobian(
        lambda x: sb.softmax(x, temperature=temperature),
        lambda x: sb.jacobian(x, temperature),
        z,
        step=1e-5 * max(1, np.abs(z).max()) * min(temperature, 1),
    )
    assert check.largest_error < 1e-6 / temperature**3, check


@pytest.mark.parametrize("temperature", [1.0, 0.3])
def test_autograd_agrees(temperature):
    rng = np.random.default_rng(20261121)
    for k in (1, 2, 10, 300):
        z, t = 4 * rng.normal(size=(2, k))
        x = torch.tensor(z)

        def softmax(x):
            return torch.softmax(x / temperature, -1)

        J = torch.autograd.functional.jacobian(softmax, x).numpy()
        np.testing.assert_allclose(sb.jacobian(z, temperature), J, rtol=1e-11, atol=1e-15)
        _, forward = torch.autograd.functional.jvp(softmax, x, torch.tensor(t))
        np.testing.assert_allclose(sb.jvp(z, t, temperature=temperature), forward, atol=1e-14)
        _, backward = torch.autograd.functional.vjp(softmax, x, torch.tensor(t))
        np.testing.assert_allclose(sb.vjp(z, t, temperature=temperature), backward, atol=1e-14)
        H = torch.autograd.functional.hessian(lambda x: torch.logsumexp(x, -1), x).numpy()
        np.testing.assert_allclose(sb.logsumexp_hessian(z), H, rtol=1e-11, atol=1e-15)


# About PyTorch's own code, which uses at the first `jvp` what PyTorch has deprecated.
@pytest.mark.filterwarnings("ignore:.torch.jit.script. is deprecated:DeprecationWarning:torch")
@pytest.mark.filterwarnings("ignore:.torch.jit.script. is deprecated:FutureWarning:torch")
def test_forward_and_backward_mode_of_pytorch_agree():
    rng = np.random.default_rng(20261121)
    softmax = torch.nn.Softmax(dim=-1)
    for k in (1, 2, 10, 300):
        z, t = 4 * rng.normal(size=(2, k))
        x, direction = torch.tensor(z), torch.tensor(t)
        value, forward = torch.func.jvp(softmax, (x,), (direction,))
        np.testing.assert_allclose(sb.softmax(z), value, rtol=1e-14)
        np.testing.assert_allclose(sb.jvp(z, t), forward, atol=1e-14)
        _, pull = torch.func.vjp(softmax, x)
        np.testing.assert_allclose(sb.vjp(z, t), pull(direction)[0], atol=1e-14)


@pytest.mark.parametrize("temperature", [1.0, 0.3, 40.0])
def test_entries_are_a_few_units_from_the_truth(temperature):
    rng = np.random.default_rng(20261121)
    for _ in range(150):
        z = rng.normal(size=rng.integers(2, 8)) * 10 ** rng.uniform(-2, 2.3) * temperature
        true = true_jacobian(z, temperature)
        for row, exact in zip(sb.jacobian(z, temperature), true, strict=True):
            normal = [j for j, x in enumerate(exact) if abs(x) > 1e-290]  # all digits are there
            if not normal:
                continue
            assert errors(row[normal], [exact[j] for j in normal], z.dtype) < 16


def test_saturated_derivatives_keep_their_digits():
    z, small = [40.0, 0.0], float(mpmath.exp(-40))
    expected = small * np.array([[1, -1], [-1, 1]])
    p = sb.softmax(z)
    assert p[0] * (1 - p[0]) == 0  # the formula as it stands
    np.testing.assert_allclose(sb.jacobian(z), expected, rtol=4 * EPS)
    np.testing.assert_allclose(sb.vjp(z, [1.0, 0.0]), expected[0], rtol=4 * EPS)
    np.testing.assert_allclose(sb.vjp(z, [0.3, 0.1]), 0.2 * expected[0], rtol=8 * EPS)


@given(rows_of(2, st.floats(-300, 300)))
def test_saturated_products_keep_their_digits(pair):
    z, t = pair
    true = true_jacobian(z)
    with mpmath.workdps(DIGITS):
        exact = [mpmath.fsum(a * mpmath.mpf(b) for a, b in zip(r, t, strict=True)) for r in true]
        size = [mpmath.fsum(abs(a) * mpmath.mpf(np.ptp(t)) for a in r) for r in true]
        for computed, right, scale in zip(sb.jvp(z, t), exact, size, strict=True):
            near = 64 * EPS * scale + 4 * EPS**2 * np.abs(t).max() + 1e-307
            assert abs(mpmath.mpf(float(computed)) - right) <= near


def test_softmax_is_smooth_where_the_maximum_changes():
    J = [sb.jacobian([x, 0.0]) for x in (-1e-9, 0.0, 1e-9)]
    np.testing.assert_allclose(J[0], J[2], rtol=1e-8)
    np.testing.assert_allclose(J[0], J[1], rtol=1e-8)


# Finite differences


@given(rows(st.floats(-3, 3)))
def test_finite_differences_are_exact_for_squares(x):
    measured = sb.finite_difference_jacobian(lambda v: v**2, x)
    np.testing.assert_allclose(measured, np.diag(2 * x), rtol=0, atol=1e-9)


def test_finite_differences_take_any_shape():
    x = np.array([1.0, 2.0, 3.0])
    assert sb.finite_difference_jacobian(np.sum, x).shape == (3,)
    assert sb.finite_difference_jacobian(np.outer(x, x).__matmul__, x).shape == (3, 3)
    assert sb.finite_difference_jacobian(lambda v: np.outer(v, v), x).shape == (3, 3, 3)
    assert sb.finite_difference_jacobian(np.sum, [1, 2]).tolist() == pytest.approx([1, 1])
    assert x.tolist() == [1, 2, 3]


def test_the_default_step_is_close_to_the_best():
    z = np.array([2.0, 1.0, -1.0])

    def worst(step):
        return np.abs(sb.finite_difference_jacobian(sb.softmax, z, step) - sb.jacobian(z)).max()

    default = worst(None)
    assert default < 1e-9
    assert default < 10 * min(worst(10.0**e) for e in range(-10, 0))
    assert worst(1e-1) > 100 * default
    assert worst(1e-12) > 100 * default


def test_large_coordinates_get_large_steps():
    x = np.array([1e8, -3e12])
    measured = sb.finite_difference_jacobian(lambda v: v**2 / 1e8, x)
    np.testing.assert_allclose(np.diag(measured), 2 * x / 1e8, rtol=1e-9)


def test_a_check_says_what_is_wrong():
    z = np.array([2.0, 1.0, -1.0])
    good = sb.check_jacobian(sb.softmax, sb.jacobian, z)
    assert good
    assert "agrees" in str(good)
    mistakes = {
        "no outer product": lambda x: np.diag(sb.softmax(x)),
        "wrong sign": lambda x: -sb.jacobian(x),
        "wrong temperature": lambda x: sb.jacobian(x, 1.001),
        "not a number": lambda x: np.nan * sb.jacobian(x),
    }
    for mistake in mistakes.values():
        bad = sb.check_jacobian(sb.softmax, mistake, z)
        assert not bad
        assert "DISAGREES" in str(bad)
    bad = sb.check_jacobian(
        sb.softmax, lambda x: sb.jacobian(x) + np.eye(3)[1] * np.eye(3)[:, 2:], z
    )
    assert bad.index == (2, 1)
    assert bad.claimed == pytest.approx(bad.measured + 1)
    assert sb.check_jacobian(sb.logsumexp, sb.softmax, z)


# Limits and special values


@given(st.integers(2, 8))
def test_uniform_probabilities(k):
    J = sb.jacobian(np.zeros(k))
    np.testing.assert_allclose(J, np.eye(k) / k - 1 / k**2, rtol=8 * EPS)


def test_masks_have_no_derivative():
    z = [1.0, -np.inf, 2.0]
    with np.errstate(all="raise"):
        J = sb.jacobian(z)
        product = sb.vjp(z, [1.0, 5.0, 2.0])
    assert (J[1] == 0).all()
    assert (J[:, 1] == 0).all()
    assert product[1] == 0
    np.testing.assert_allclose(J[np.ix_([0, 2], [0, 2])], sb.jacobian([1.0, 2.0]), rtol=EPS)


def test_not_a_number_spreads_over_its_row_only():
    z = np.array([[np.nan, 1.0], [0.0, 1.0], [-np.inf, -np.inf]])
    for result in (sb.jacobian(z), sb.jvp(z, np.ones((3, 2)))):
        assert np.isnan(result[[0, 2]]).all()
        assert np.isfinite(result[1]).all()


@given(st.floats(750, 1e300))
def test_saturation_ends_in_zero(gap):
    assert (sb.jacobian([gap, 0.0]) == 0).all()
    assert (sb.vjp([gap, 0.0], [1.0, -1.0]) == 0).all()


# Shapes and types


@given(hnp.arrays(np.float64, st.tuples(st.integers(1, 3), st.integers(1, 4), st.integers(1, 5)),
                  elements=st.floats(-5, 5)), TEMPERATURES)  # fmt: skip
def test_batches_are_their_samples(z, temperature):
    t = np.cos(z)
    J = sb.jacobian(z, temperature)
    assert J.shape == (*z.shape, z.shape[-1])
    for i in np.ndindex(z.shape[:-1]):
        np.testing.assert_allclose(J[i], sb.jacobian(z[i], temperature), rtol=1e-13, atol=1e-300)
    for axis in range(-3, 3):
        moved = sb.jvp(np.moveaxis(z, axis, -1), np.moveaxis(t, axis, -1), -1, temperature)
        along = sb.jvp(z, t, axis, temperature)
        assert along.shape == z.shape
        np.testing.assert_allclose(np.moveaxis(along, axis, -1), moved, rtol=0, atol=1e-14)


def test_types():
    for dtype in (np.float16, np.float32, np.float64, np.longdouble):
        z = np.array([1, 2], dtype)
        for result in (sb.jacobian(z), sb.jacobian(z, 2.0), sb.jvp(z, z), sb.vjp(z, z, 0, 0.5)):
            assert result.dtype == dtype
    assert sb.jvp(np.float32([1, 2]), np.float64([1, 2])).dtype == np.float64
    assert sb.jacobian([1, 2]).dtype == np.float64


def test_float16_is_rounded_once():
    z = np.linspace(-4, 4, 9).astype(np.float16)
    J = sb.jacobian(z.astype(np.float64))
    np.testing.assert_array_equal(sb.jacobian(z), J.astype(np.float16))


def test_inputs_are_not_changed():
    z, t = np.array([[1.0, 2.0]]), np.array([[3.0, 4.0]])
    z.flags.writeable = t.flags.writeable = False
    sb.jacobian(z)
    sb.jvp(z, t)
    sb.vjp(z, t, 0)
    assert (z.tolist(), t.tolist()) == ([[1, 2]], [[3, 4]])


# Stored values. By hand: softmax(log 3, 0) = (3/4, 1/4), and 3/4 · 1/4 = 3/16.


def test_stored_values():
    z = [np.log(3.0), 0.0]
    np.testing.assert_allclose(sb.jacobian(z), np.array([[3, -3], [-3, 3]]) / 16, rtol=4 * EPS)
    np.testing.assert_allclose(sb.jvp(z, [1.0, 0.0]), [3 / 16, -3 / 16], rtol=4 * EPS)


# Errors


def test_refusals():
    with pytest.raises(
        ValueError, match=r"logits and tangent must have one shape, got \(2,\) and \(3,\)"
    ):
        sb.jvp([1.0, 2.0], [1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match="logits and cotangent must have one shape"):
        sb.vjp([1.0, 2.0], 1.0)
    with pytest.raises(TypeError, match="cotangent must be real numbers"):
        sb.vjp([1.0], ["1"])
    with pytest.raises(TypeError, match="tangent must be real numbers"):
        sb.jvp([1.0], [1j])
    with pytest.raises(np.exceptions.AxisError, match="logits has no axis 1"):
        sb.jvp([1.0], [1.0], axis=1)
    for function in (sb.jacobian, sb.logsumexp_hessian):
        with pytest.raises(ValueError, match="logits has no entries"):
            function([])
        with pytest.raises(ValueError, match="at least one axis"):
            function(1.0)
    with pytest.raises(ValueError, match="temperature must be positive"):
        sb.jacobian([1.0], 0)
    with pytest.raises(ValueError, match="temperature must be positive"):
        sb.jvp([1.0], [1.0], temperature=0)


def test_refusals_of_the_checker():
    with pytest.raises(ValueError, match="point must be one row of numbers"):
        sb.finite_difference_jacobian(np.sum, [[1.0]])
    with pytest.raises(ValueError, match="step must be positive, got -1"):
        sb.finite_difference_jacobian(np.sum, [1.0], step=-1)
    with pytest.raises(ValueError, match=r"the derivative must have shape \(2, 2\), got \(2,\)"):
        sb.check_jacobian(sb.softmax, sb.softmax, [1.0, 2.0])


def test_large_tangents_are_allowed():
    z, t = np.array([0.0, 0.0]), np.array([8e307, -8e307])
    assert sb.jvp(z, t).tolist() == [4e307, -4e307]
