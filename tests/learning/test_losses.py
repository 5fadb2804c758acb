"""Losses: their identities, PyTorch and mpmath beside them, limits, stored values, errors."""

import math

import mpmath
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.testing import assert_allclose, assert_array_equal
from scipy.special import rel_entr

from softmaxbook.learning.labels import one_hot
from softmaxbook.learning.losses import (
    binary_cross_entropy,
    binary_cross_entropy_gradient,
    cross_entropy,
    cross_entropy_and_gradient,
    cross_entropy_gradient,
    kl_divergence,
)
from softmaxbook.numerics.derivatives import finite_difference_jacobian
from softmaxbook.numerics.logarithms import log_softmax
from softmaxbook.numerics.probabilities import entropy, softmax
from softmaxbook.numerics.rows import BLOCK_BYTES

KINDS = "numbers", "one-hot", "shares"


@st.composite
def problems(draw, bound=30.0, kinds=KINDS, smooth=True):
    """Logits, labels and options, as a reader might have them."""
    n, k = draw(st.integers(1, 6)), draw(st.integers(1, 7))
    logits = draw(hnp.arrays(np.float64, (n, k), elements=st.floats(-bound, bound)))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    labels = rng.integers(k, size=n)
    kind = draw(st.sampled_from(kinds))
    if kind != "numbers":
        labels = one_hot(labels, k) if kind == "one-hot" else rng.dirichlet(np.ones(k), size=n)
    weight = rng.uniform(0.1, 3, size=k) if draw(st.booleans()) else None
    options = {"label_smoothing": draw(st.floats(0, 1)) if smooth else 0.0, "class_weight": weight}
    return logits, labels, options


def exact_loss(row, label):
    """Return −log p of the label by mpmath."""
    z = [mpmath.mpf(value) for value in row]
    others = mpmath.fsum(mpmath.exp(v - z[label]) for k, v in enumerate(z) if k != label)
    return mpmath.log1p(others)


# identities


@given(problems())
def test_loss_is_not_negative_and_gradient_rows_sum_to_zero(problem):
    logits, labels, options = problem
    loss, gradient = cross_entropy_and_gradient(logits, labels, "none", **options)
    assert (loss >= 0).all()
    assert_allclose(gradient.sum(axis=-1), 0, atol=1e-14)


@given(problems(kinds=["numbers"]), st.sampled_from(["sum", "none"]))
def test_class_numbers_are_one_hot_rows(problem, reduction):
    logits, labels, options = problem
    rows = one_hot(labels, logits.shape[-1])
    assert_allclose(
        cross_entropy(logits, labels, reduction, **options),
        cross_entropy(logits, rows, reduction, **options),
        rtol=1e-13,
    )
    assert_allclose(
        cross_entropy_gradient(logits, labels, reduction, **options),
        cross_entropy_gradient(logits, rows, reduction, **options),
        atol=1e-14,
    )


@given(problems(smooth=False))
def test_loss_is_expected_surprise_and_gradient_is_p_minus_y(problem):
    logits, labels, _ = problem
    y = labels if labels.ndim == 2 else one_hot(labels, logits.shape[-1])
    loss, gradient = cross_entropy_and_gradient(logits, labels, "none")
    assert_allclose(loss, -(y * log_softmax(logits)).sum(axis=-1), rtol=1e-12, atol=1e-14)
    assert_allclose(gradient, softmax(logits) - y, atol=1e-14)


@given(problems())
def test_reductions_agree(problem):
    logits, labels, options = problem
    rows, slopes = cross_entropy_and_gradient(logits, labels, "none", **options)
    for reduction in ("sum", "mean"):
        divisor = 1.0
        if reduction == "mean":
            weight = options["class_weight"]
            by_weight = weight is not None and labels.ndim == 1
            divisor = weight[labels].sum() if by_weight else len(logits)
        loss, gradient = cross_entropy_and_gradient(logits, labels, reduction, **options)
        assert_allclose(loss, rows.sum() / divisor, rtol=1e-13)
        assert_allclose(gradient, slopes / divisor, rtol=1e-12, atol=1e-15)
        assert_array_equal(cross_entropy(logits, labels, reduction, **options), loss)
        assert_array_equal(cross_entropy_gradient(logits, labels, reduction, **options), gradient)


@given(problems(kinds=["one-hot", "shares"], smooth=False))
def test_cross_entropy_is_entropy_plus_divergence(problem):
    logits, shares, _ = problem
    loss = cross_entropy(logits, shares, "none")
    assert_allclose(
        loss, entropy(shares) + kl_divergence(shares, softmax(logits)), rtol=1e-9, atol=1e-14
    )


@given(hnp.arrays(np.float64, 5, elements=st.floats(-700, 700)), st.integers(0, 31))
def test_two_classes_are_the_binary_case(z, bits):
    labels = bits >> np.arange(5) & 1
    logits = np.stack([np.zeros(5), z], axis=-1)
    for reduction in ("mean", "sum", "none"):
        assert_allclose(
            binary_cross_entropy(z, labels, reduction),
            cross_entropy(logits, labels, reduction),
            rtol=1e-14,
        )
        assert_allclose(
            binary_cross_entropy_gradient(z, labels, reduction),
            cross_entropy_gradient(logits, labels, reduction)[:, 1],
            rtol=1e-13,
            atol=1e-300,
        )


@given(st.integers(0, 2**32 - 1), st.integers(1, 8), st.floats(-3, 3))
def test_divergence_is_zero_only_for_equals(seed, k, scale):
    rng = np.random.default_rng(seed)
    p, q = softmax(10**scale * rng.normal(size=(2, k)))
    assert kl_divergence(p, p) == 0
    assert kl_divergence(p, q) >= 0
    if np.abs(p - q).max() > 1e-6:
        assert kl_divergence(p, q) > 1e-13


def test_blocks_of_rows_make_no_difference():
    rng = np.random.default_rng(5)
    logits, labels = (
        rng.normal(size=(3, BLOCK_BYTES // 1600, 100)),
        rng.integers(100, size=(3, BLOCK_BYTES // 1600)),
    )
    loss, gradient = cross_entropy_and_gradient(logits, labels, "none")
    assert loss.shape == labels.shape
    assert gradient.shape == logits.shape
    for i in range(3):
        assert_allclose(loss[i], cross_entropy(logits[i], labels[i], "none"), rtol=1e-14)
    shares = softmax(rng.normal(size=logits.shape))
    assert cross_entropy(logits, shares, "none").shape == labels.shape


def test_single_row_and_transposed_logits():
    row = np.array([2.0, 1.0, -1.0])
    assert_allclose(cross_entropy(row, 1), cross_entropy(row[None], [1]))
    assert cross_entropy(row, 1, "none").shape == ()
    assert cross_entropy_gradient(row, 1).shape == (3,)
    table = np.arange(12.0).reshape(3, 4)
    assert_allclose(
        cross_entropy(table.T, [0, 1, 2, 0]), cross_entropy(table.T.copy(), [0, 1, 2, 0])
    )


# second routes


def by_torch(logits, labels, reduction, label_smoothing, class_weight):
    z = torch.tensor(logits, requires_grad=True)
    weight = None if class_weight is None else torch.tensor(class_weight)
    loss = torch.nn.functional.cross_entropy(
        z, torch.tensor(labels), weight, reduction=reduction, label_smoothing=label_smoothing
    )
    loss.sum().backward()
    return loss.detach().numpy(), z.grad.numpy()


@settings(max_examples=300, deadline=None)
@given(problems(), st.sampled_from(["mean", "sum", "none"]))
def test_pytorch_agrees_in_value_and_gradient(problem, reduction):
    logits, labels, options = problem
    ours = cross_entropy_and_gradient(logits, labels, reduction, **options)
    peers = by_torch(logits, labels, reduction, **options)
    for our, peer in zip(ours, peers, strict=True):
        assert_allclose(our, peer, rtol=1e-12, atol=1e-12)


@settings(deadline=None)
@given(
    hnp.arrays(np.float64, (4,), elements=st.floats(-50, 50)),
    hnp.arrays(np.float64, (4,), elements=st.floats(0, 1)),
    st.sampled_from(["mean", "sum", "none"]),
)
def test_pytorch_agrees_on_two_classes(logits, labels, reduction):
    z = torch.tensor(logits, requires_grad=True)
    loss = torch.nn.functional.binary_cross_entropy_with_logits(
        z, torch.tensor(labels), reduction=reduction
    )
    loss.sum().backward()
    ours = binary_cross_entropy(logits, labels, reduction)
    assert_allclose(ours, loss.detach().numpy(), rtol=1e-12, atol=1e-12)
    slopes = binary_cross_entropy_gradient(logits, labels, reduction)
    assert_allclose(slopes, z.grad.numpy(), rtol=1e-12, atol=1e-12)


@settings(max_examples=25, deadline=None)
@given(problems(bound=5.0))
def test_finite_differences_give_the_gradient(problem):
    logits, labels, options = problem

    def loss(flat):
        return np.atleast_1d(cross_entropy(flat.reshape(logits.shape), labels, **options))

    differences = finite_difference_jacobian(loss, logits.ravel()).reshape(logits.shape)
    assert_allclose(cross_entropy_gradient(logits, labels, **options), differences, atol=1e-8)


@given(
    hnp.arrays(np.float64, st.integers(2, 5), elements=st.floats(-700, 700)),
    st.integers(0, 1),
)
def test_mpmath_agrees_even_where_the_loss_is_tiny(row, label):
    assert_allclose(
        cross_entropy(row, label), float(exact_loss(row, label)), rtol=1e-12, atol=1e-300
    )
    slope = float(mpmath.expm1(-exact_loss(row, label)))
    assert_allclose(cross_entropy_gradient(row, label)[label], slope, rtol=1e-12, atol=1e-300)


@given(
    hnp.arrays(np.float64, (3, 4), elements=st.floats(-8e307, 8e307)),
    st.lists(st.integers(0, 3), min_size=3, max_size=3),
)
def test_loss_is_finite_over_the_whole_range(logits, labels):
    rows = [exact_loss(row, label) for row, label in zip(logits, labels, strict=True)]
    loss, gradient = cross_entropy_and_gradient(logits, labels)
    assert_allclose(loss, float(mpmath.fsum(rows) / 3), rtol=1e-12, atol=1e-300)
    assert np.isfinite(gradient).all()


@given(hnp.arrays(np.float64, (2, 4), elements=st.floats(0, 1)), st.integers(0, 3))
def test_divergence_agrees_with_scipy_and_mpmath(weights, zero):
    weights[:, zero] += 1
    p, q = weights / weights.sum(axis=-1, keepdims=True)
    with mpmath.workdps(50):
        exact = mpmath.fsum(
            a * mpmath.log(a / b) if b else mpmath.inf
            for a, b in zip(map(mpmath.mpf, p), map(mpmath.mpf, q), strict=True)
            if a
        )
        # The rounded shares do not sum to exactly 1; the divergence counts what is missing.
        exact += mpmath.fsum(map(mpmath.mpf, q)) - mpmath.fsum(map(mpmath.mpf, p))
    assert_allclose(kl_divergence(p, q), float(exact), rtol=1e-9, atol=1e-25)
    assert_allclose(kl_divergence(p, q), rel_entr(p, q).sum(), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.longdouble])
def test_dtype_is_kept_and_accurate(dtype):
    rng = np.random.default_rng(8)
    logits, labels = rng.normal(scale=4, size=(500, 20)).astype(dtype), rng.integers(20, size=500)
    loss, gradient = cross_entropy_and_gradient(logits, labels)
    assert loss.dtype == gradient.dtype == dtype
    peer, slopes = cross_entropy_and_gradient(logits.astype(np.float64), labels)
    eps = max(float(np.finfo(dtype).eps), 1e-15)
    assert_allclose(float(loss), peer, rtol=2 * eps)
    # Entries below float16's smallest number become 0.
    assert_allclose(gradient.astype(float), slopes, rtol=20 * eps, atol=6e-8 if eps > 1e-4 else 0)
    assert kl_divergence(softmax(logits[0]), softmax(logits[1])).dtype == dtype
    assert binary_cross_entropy(logits[0], np.ones(20)).dtype == dtype


# limits


def test_smoothing_by_one_asks_for_the_uniform_distribution():
    logits = np.array([[3.0, -1.0, 0.5]])
    loss, gradient = cross_entropy_and_gradient(logits, [0], label_smoothing=1.0)
    assert_allclose(loss, -log_softmax(logits).mean())
    assert_allclose(gradient, softmax(logits) - 1 / 3, atol=1e-15)


def test_masked_class_costs_nothing_until_it_is_asked_for():
    masked = [[1.0, -np.inf, 0.0]]
    loss, gradient = cross_entropy_and_gradient(masked, [0])
    assert_allclose(loss, cross_entropy([[1.0, 0.0]], [0]))
    assert gradient[0, 1] == 0
    assert_allclose(
        cross_entropy(masked, [[0.5, 0.0, 0.5]]), cross_entropy([[1.0, 0.0]], [[0.5, 0.5]])
    )
    assert cross_entropy(masked, [1]) == np.inf
    assert_array_equal(np.isfinite(cross_entropy_gradient(masked, [1])), True)
    assert cross_entropy(masked, [0], label_smoothing=0.1) == np.inf
    assert cross_entropy(masked, [1], "sum", class_weight=[1, 0, 1]) == 0


def test_infinite_logits_share_and_nan_spreads_in_its_row_only():
    assert_allclose(cross_entropy([[np.inf, np.inf, 0.0]], [0]), np.log(2))
    assert cross_entropy([[np.inf, 0.0]], [0]) == 0
    assert cross_entropy([[np.inf, 0.0]], [1]) == np.inf
    logits = [[np.nan, 1.0, 2.0], [-np.inf] * 3, [0.0, 1.0, 2.0]]
    loss, gradient = cross_entropy_and_gradient(logits, [0, 1, 2], "none")
    assert_array_equal(np.isnan(loss), [True, True, False])
    assert_array_equal(np.isnan(gradient).any(axis=-1), [True, True, False])
    assert_array_equal(
        np.isnan(cross_entropy(logits, softmax(np.zeros((3, 3))), "none")), [1, 1, 0]
    )


def test_infinite_binary_logits():
    assert_array_equal(binary_cross_entropy([np.inf, -np.inf], [1, 0], "none"), [0, 0])
    assert_array_equal(binary_cross_entropy([np.inf, -np.inf], [0, 1], "none"), [np.inf, np.inf])
    assert_array_equal(binary_cross_entropy_gradient([np.inf, -np.inf], [0, 1], "none"), [1, -1])
    assert math.isnan(binary_cross_entropy([np.nan], [1]))


def test_mean_of_huge_losses_does_not_overflow():
    huge = np.array([[0.0, 1.5e308], [0.0, 1.5e308]])
    assert cross_entropy(huge, [0, 0]) == 1.5e308
    assert cross_entropy(huge, [0, 0], "sum") == np.inf  # 3e308 is not a float64
    assert binary_cross_entropy(huge[:, 1], [0, 0]) == 1.5e308
    small = np.array([[0, 60000], [0, 60000]], dtype=np.float16)
    assert cross_entropy(small, [0, 0]) == 60000
    assert cross_entropy(-small, [1, 1], "sum") == np.inf  # 120000 is not a float16


def test_divergence_where_ratios_overflow():
    tiny = 5e-324
    assert_allclose(kl_divergence([1.0, 0.0], [tiny, 1.0]), -np.log(tiny), rtol=1e-15)
    assert kl_divergence([0.5, 0.5], [1.0, 0.0]) == np.inf
    assert kl_divergence([0.0, 1.0], [0.0, 1.0]) == 0


def test_divergence_of_neighbours_keeps_its_digits():
    p = np.array([0.2, 0.3, 0.5])
    step = np.array([1.0, 2.0, -3.0]) * 2.0**-40
    q = p + step  # the sum of the steps is 0, and so is that of what rounding adds, nearly
    # To third order, with the exact difference of the floats.
    moved = q - p
    expected = (moved**2 / (2 * p) - moved**3 / (3 * p**2)).sum()
    assert_allclose(kl_divergence(p, q), expected, rtol=1e-4)
    assert abs((p * np.log(p / q)).sum() / expected - 1) > 1  # the bare formula loses them all


def test_divergence_broadcasts_over_rows_and_axes():
    p, q = softmax(np.random.default_rng(2).normal(size=(2, 3, 4)))
    assert_allclose(kl_divergence(p.T, q.T, axis=0), kl_divergence(p, q))
    assert_allclose(kl_divergence(p, q[0])[1], kl_divergence(p[1], q[0]))


def test_divergence_finds_its_axis_in_each_of_the_two():
    p = softmax(np.random.default_rng(2).normal(size=(3, 3)), axis=0)
    q = np.array([0.7, 0.2, 0.1])
    by_column = [kl_divergence(column, q) for column in p.T]
    assert_allclose(kl_divergence(p, q, axis=0), by_column)
    assert_allclose(kl_divergence(q, p, axis=0), [kl_divergence(q, column) for column in p.T])
    several = np.stack([p, p[:, ::-1]])
    assert_allclose(kl_divergence(several, p, axis=-2)[1], kl_divergence(several[1], p, axis=0))


def test_divergence_refuses_other_numbers_of_classes():
    for q in ([[1.0]], [0.5, 0.25, 0.25]):  # one class would broadcast against two
        with pytest.raises(ValueError, match=r"as many classes, got 2 in p and \d in q"):
            kl_divergence([[0.5, 0.5]], q)
    with pytest.raises(ValueError, match="the other axes of p and q do not broadcast"):
        kl_divergence(np.full((2, 2), 0.5), np.full((3, 2), 0.5))


# stored values: mpmath 1.3.0 with 60 digits, 2026-11-21


@pytest.mark.parametrize(
    ("logits", "label", "loss"),
    [
        ([2.0, 1.0, -1.0], 0, 0.34901221676818639),
        ([12.5, 0.6, -23.0], 0, 6.790381753067538e-6),
        ([0.0, 50.0], 1, 1.9287498479639178e-22),
        ([0.0, 800.0], 0, 800.0),
    ],
)
def test_stored_losses(logits, label, loss):
    assert_allclose(cross_entropy(logits, label), loss, rtol=1e-14)


# errors

LOGITS = np.zeros((3, 4))


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ([0, 4, 7], r"labels\[1\] = 4 is not a class: there are 4 classes, numbered from 0"),
        ([0, 1, -1], r"labels\[2\] = -1 is not a class"),
        ([0, 0.5, 1.5], r"labels\[1\] = 0.5 is not a whole number"),
        ([0, 1, np.nan], r"labels\[2\] = nan is not"),
        ([0, 1, np.inf], r"labels\[2\] = inf is not a class"),
        ([0, 1], r"labels have shape \(2,\); .* shape \(3,\) \(class numbers\) or \(3, 4\)"),
        ([[0], [1], [2]], r"labels have shape \(3, 1\)"),
        (0, r"labels have shape \(\)"),
        (np.full((3, 4), 0.3), r"sum of labels\[0\] = 1.2 is not 1"),
        (np.eye(3, 4) * [[1], [1], [5]], r"sum of labels\[2\] = 5.0 is not 1"),
        (np.eye(3, 4) - 2 * np.eye(3, 4, 1), r"labels\[0, 1\] = -2.0 is not a share"),
        (np.where(np.eye(3, 4), np.nan, 0), r"labels\[0, 0\] = nan is not a share"),
        ([[1], [1, 2], [3]], "labels must be rectangular"),
    ],
)
@pytest.mark.parametrize("function", [cross_entropy, cross_entropy_gradient])
def test_wrong_labels_name_the_first_offender(function, labels, message):
    with pytest.raises(ValueError, match=message):
        function(LOGITS, labels)


@pytest.mark.parametrize("labels", [["a", "b", "c"], [1j, 0, 0], [None, 1, 2]])
def test_labels_that_are_no_numbers(labels):
    with pytest.raises(TypeError, match="labels must be numbers, not"):
        cross_entropy(LOGITS, labels)


def test_names_are_told_how_to_become_numbers():
    with pytest.raises(TypeError, match=r"np\.unique\(labels, return_inverse=True\)"):
        cross_entropy(LOGITS, ["cat", "dog", "cat"])


@pytest.mark.parametrize("labels", [[False, True, True], [0.0, 1.0, 1.0], np.uint8([0, 1, 1])])
def test_other_ways_to_write_whole_numbers(labels):
    logits = np.arange(12.0).reshape(3, 4)
    assert cross_entropy(logits, labels) == cross_entropy(logits, [0, 1, 1])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"reduction": "average"}, r"reduction must be one of .*, got 'average'"),
        ({"label_smoothing": -0.1}, r"label_smoothing must be in \[0, 1\], got -0.1"),
        ({"label_smoothing": 1.1}, r"label_smoothing must be in \[0, 1\], got 1.1"),
        ({"label_smoothing": math.nan}, "label_smoothing must be in"),
        ({"class_weight": [1, 2, 3]}, r"class_weight must have shape \(4,\), got \(3,\)"),
        ({"class_weight": [1, -2, 3, 4]}, r"class_weight\[1\] = -2.0 is not a non-negative"),
        ({"class_weight": [1, 2, np.inf, 4]}, r"class_weight\[2\] = inf"),
        ({"class_weight": [0, 1, 1, 1]}, "no label with a weight"),
    ],
)
def test_wrong_options(options, message):
    with pytest.raises(ValueError, match=message):
        cross_entropy(LOGITS, [0, 0, 0], **options)


@pytest.mark.parametrize("function", [cross_entropy, cross_entropy_gradient])
def test_no_rows_have_no_mean(function):
    with pytest.raises(ValueError, match="nothing to take a mean of"):
        function(np.zeros((0, 4)), np.zeros(0, dtype=int))
    with pytest.raises(ValueError, match="nothing to take a mean of"):
        binary_cross_entropy(np.zeros(0), np.zeros(0))
    assert cross_entropy(np.zeros((0, 4)), np.zeros(0, dtype=int), "sum") == 0


@pytest.mark.parametrize("logits", [["a", "b"], [1j, 2]])
def test_logits_that_are_no_numbers(logits):
    with pytest.raises(TypeError, match="logits"):
        cross_entropy(logits, 0)


@pytest.mark.parametrize("logits", [1.0, np.zeros((2, 0))])
def test_logits_without_classes(logits):
    with pytest.raises(ValueError, match="logits"):
        cross_entropy(logits, [0, 0])


@pytest.mark.parametrize("function", [binary_cross_entropy, binary_cross_entropy_gradient])
def test_wrong_binary_labels(function):
    with pytest.raises(ValueError, match=r"labels\[1\] = 2.0 is not in \[0, 1\]"):
        function([0.0, 0.0], [1, 2])
    with pytest.raises(ValueError, match=r"labels have shape \(2, 1\); logits have \(2,\)"):
        function([0.0, 0.0], [[1], [0]])
    with pytest.raises(ValueError, match="reduction must be"):
        function([0.0], [1], "total")


def test_wrong_distributions():
    with pytest.raises(ValueError, match=r"sum of q\[1\] = 0.5 is not 1"):
        kl_divergence([0.5, 0.5], [[1.0, 0.0], [0.5, 0.0]])
    with pytest.raises(ValueError, match=r"p\[0\] = -0.5 is not a share"):
        kl_divergence([-0.5, 1.5], [0.5, 0.5])
    with pytest.raises(TypeError, match="p must"):
        kl_divergence(["a"], [1.0])


@pytest.mark.parametrize("labels", [[3], [-1], [0.5]])
def test_one_hot_refuses_what_is_no_class(labels):
    with pytest.raises(ValueError, match=r"labels\[0\]"):
        one_hot(labels, 3)
