"""Losses: cross-entropy from logits with its gradient, its two-class case, and KL divergence."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from softmaxbook.learning.labels import (
    IntArray,
    check_class_weight,
    check_labels,
    check_shares,
    refuse,
)
from softmaxbook.numerics.arrays import FloatArray, as_floats, check_axis
from softmaxbook.numerics.exponentials import exponentials, gaps, shift_for
from softmaxbook.numerics.probabilities import sigmoid
from softmaxbook.numerics.rows import row_slices, working_dtype

REDUCTIONS = ("mean", "sum", "none")


def cross_entropy(
    logits: ArrayLike,
    labels: ArrayLike,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
    class_weight: ArrayLike | None = None,
) -> FloatArray:
    r"""Return the cross-entropy −Σ t log p between targets and the softmax of logits.

    Parameters
    ----------
    logits : array_like, shape (..., n_classes)
    labels : array_like, shape (...) or (..., n_classes)
        Class numbers from 0, or rows of non-negative shares with sum 1 (one-hot rows are such).
    reduction : {"mean", "sum", "none"}
        "none" returns the loss of each row, shape (...).
    label_smoothing : float
        In [0, 1]: the share ε of each target that is spread evenly over all classes.
    class_weight : array_like, shape (n_classes,), optional
        Non-negative.

    Returns
    -------
    ndarray or number
        In nats, at least 0, in the dtype of the logits.

    Raises
    ------
    TypeError
        If logits or labels are not real numbers.
    ValueError
        If labels are out of range, of another shape, not whole, or shares without sum 1 (the first
        offender is named), or there is nothing to take a mean of.

    Notes
    -----
    With p = softmax(z) and t the target of one row, made of the label's one-hot row or shares s,

    .. math:: \ell = \sum_k t_k (-\log p_k), \qquad
        t_k = w_k \left( (1 - \varepsilon) s_k + \frac{\varepsilon}{K} \right).

    "mean" divides as PyTorch does: by the sum of the *labels' weights* for class numbers, but by
    the number of rows for shares, whatever their weights. Class numbers and their one-hot rows have
    therefore the same mean only without weights; sums agree always.

    A class with target 0 adds 0 even where its logit is −∞. The loss is infinite only where it has
    no other value: all of a target's mass counts, so smoothing and a mask of −∞ exclude each other.

    Examples
    --------
    >>> cross_entropy([[2.0, 1.0, -1.0]], [0]).round(6)
    np.float64(0.349012)
    >>> cross_entropy([[2.0, 1.0, -1.0], [0.0, 0.0, 0.0]], [2, 1], reduction="none").round(6)
    array([3.349012, 1.098612])

    Two rows with weights 3 and 1: class numbers divide by 4, one-hot rows by 2.

    >>> weights = [3.0, 1.0]
    >>> cross_entropy(np.zeros((2, 2)), [0, 1], class_weight=weights).round(6)
    np.float64(0.693147)
    >>> cross_entropy(np.zeros((2, 2)), [[1, 0], [0, 1]], class_weight=weights).round(6)
    np.float64(1.386294)

    References
    ----------
    Bishop, *Pattern Recognition and Machine Learning* (2006), equation 4.108.

    Derived in the chapter *losses*.
    """
    options = reduction, label_smoothing, class_weight
    return _evaluate(logits, labels, *options, gradient=False)[0]


def cross_entropy_gradient(
    logits: ArrayLike,
    labels: ArrayLike,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
    class_weight: ArrayLike | None = None,
) -> FloatArray:
    r"""Return the gradient of `cross_entropy` in the logits.

    Parameters
    ----------
    logits, labels, reduction, label_smoothing, class_weight
        As for `cross_entropy`.

    Returns
    -------
    ndarray, shape (..., n_classes)
        For "none", each row holds the gradient of its own loss.

    Raises
    ------
    TypeError, ValueError
        As `cross_entropy` does.

    Notes
    -----
    .. math:: \frac{\partial \ell}{\partial z_j} = p_j \sum_k t_k - t_j,

    which is p − t without weights. Each row sums to 0, and no entry exceeds the row's Σ t.

    Examples
    --------
    >>> cross_entropy_gradient([[2.0, 1.0, -1.0]], [0]).round(6)
    array([[-0.294615,  0.259496,  0.035119]])

    References
    ----------
    Bishop, *Pattern Recognition and Machine Learning* (2006), equation 4.109.

    Derived in the chapter *losses*.
    """
    options = reduction, label_smoothing, class_weight
    return _evaluate(logits, labels, *options, gradient=True)[1]


def cross_entropy_and_gradient(
    logits: ArrayLike,
    labels: ArrayLike,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
    class_weight: ArrayLike | None = None,
) -> tuple[FloatArray, FloatArray]:
    """Return `cross_entropy` and `cross_entropy_gradient` from one pass over the logits.

    Parameters
    ----------
    logits, labels, reduction, label_smoothing, class_weight
        As for `cross_entropy`.

    Returns
    -------
    tuple of (ndarray or number, ndarray)
        The loss and its gradient, shape (..., n_classes).

    Raises
    ------
    TypeError, ValueError
        As `cross_entropy` does.

    Examples
    --------
    >>> loss, gradient = cross_entropy_and_gradient([[0.0, 0.0]], [1])
    >>> print(loss.round(6), gradient)
    0.693147 [[ 0.5 -0.5]]

    Derived in the chapter *losses*.
    """
    options = reduction, label_smoothing, class_weight
    return _evaluate(logits, labels, *options, gradient=True)


@np.errstate(all="ignore")
def binary_cross_entropy(
    logits: ArrayLike, labels: ArrayLike, reduction: str = "mean"
) -> FloatArray:
    r"""Return the cross-entropy of two classes, from the logit of class 1 against class 0.

    Parameters
    ----------
    logits : array_like, shape (...)
    labels : array_like, shape (...)
        Numbers in [0, 1]: 0 and 1 for classes, anything between for the share of class 1.
    reduction : {"mean", "sum", "none"}

    Returns
    -------
    ndarray or number
        In nats, at least 0, in the dtype of the logits.

    Raises
    ------
    TypeError
        If logits or labels are not real numbers.
    ValueError
        If a label is outside [0, 1] (the first is named), labels and logits differ in shape, or
        there is nothing to take a mean of.

    Notes
    -----
    With σ = 1 / (1 + exp(−z)),

    .. math:: \ell = -y \log \sigma(z) - (1 - y) \log(1 - \sigma(z))
        = y \log(1 + e^{-z}) + (1 - y) \log(1 + e^{z}),

    which is `cross_entropy` of the logits [0, z]. No term is negative, so that nothing cancels.

    Examples
    --------
    >>> binary_cross_entropy([0.0, 3.0], [1, 0]).round(6)
    np.float64(1.870867)
    >>> cross_entropy([[0.0, 0.0], [0.0, 3.0]], [1, 0]).round(6)
    np.float64(1.870867)

    References
    ----------
    Bishop, *Pattern Recognition and Machine Learning* (2006), equation 4.90.

    Derived in the chapter *losses*.
    """
    z, y = _binary(logits, labels, reduction)
    losses = _weigh(y, np.logaddexp(0, -z)) + _weigh(1 - y, np.logaddexp(0, z))
    if reduction == "mean":
        losses = losses / z.size
    return _reduce(losses, reduction, as_floats(logits).dtype)


@np.errstate(all="ignore")
def binary_cross_entropy_gradient(
    logits: ArrayLike, labels: ArrayLike, reduction: str = "mean"
) -> FloatArray:
    """Return σ(z) − y, the gradient of `binary_cross_entropy` in the logits.

    Parameters
    ----------
    logits, labels, reduction
        As for `binary_cross_entropy`.

    Returns
    -------
    ndarray, shape (...)
        Divided by the number of logits for "mean".

    Raises
    ------
    TypeError, ValueError
        As `binary_cross_entropy` does.

    Examples
    --------
    >>> binary_cross_entropy_gradient([0.0, 3.0], [1, 0]).round(6)
    array([-0.25    ,  0.476287])

    References
    ----------
    Bishop, *Pattern Recognition and Machine Learning* (2006), equation 4.91.

    Derived in the chapter *losses*.
    """
    z, y = _binary(logits, labels, reduction)
    # (1 − y) σ(z) − y σ(−z): near 0 where the label is sure, without a cancelling 1 − 1.
    slopes = (1 - y) * sigmoid(z) - y * sigmoid(-z)
    if reduction == "mean":
        slopes = slopes / z.size
    return slopes.astype(as_floats(logits).dtype)


@np.errstate(all="ignore")
def kl_divergence(p: ArrayLike, q: ArrayLike, axis: int = -1) -> FloatArray:
    """Return the Kullback–Leibler divergence Σ p log(p / q), in nats.

    Parameters
    ----------
    p, q : array_like
        Probabilities with sum 1 along `axis`, of equally many classes; the other axes broadcast.
    axis : int
        The axis of the classes, counted in each of the two by itself.

    Returns
    -------
    ndarray or number
        At least 0; infinite where q is 0 and p is not.

    Raises
    ------
    TypeError
        If p or q are not real numbers.
    ValueError
        If one is negative or has a sum other than 1 (the first offender is named), or the two do
        not fit together.

    Notes
    -----
    Computed as Σ (p log(p / q) − p + q), which is the same since both sums are 1, and in which no
    term is negative (log x ≤ x − 1): rounding cannot make the divergence negative, and it stays
    accurate where p and q nearly agree. Terms with p = 0 add q.

    Cross-entropy is entropy plus divergence: −Σ p log q = H(p) + KL(p, q).

    Examples
    --------
    >>> kl_divergence([0.5, 0.5], [0.9, 0.1]).round(6)
    np.float64(0.510826)
    >>> kl_divergence([0.9, 0.1], [0.5, 0.5]).round(6)
    np.float64(0.368064)

    References
    ----------
    Kullback and Leibler, *On Information and Sufficiency* (1951), section 2.

    Derived in the chapter *losses*.
    """
    pair = [
        np.moveaxis(array, check_axis(array, axis, name), -1)
        for name, array in (("p", as_floats(p, "p")), ("q", as_floats(q, "q")))
    ]
    for name, rows in zip("pq", pair, strict=True):
        check_shares(rows, name)
    _check_fit(*(rows.shape for rows in pair))
    dtype = np.result_type(*pair)
    a, b = (rows.astype(working_dtype(dtype, 1.0)) for rows in pair)
    ratio = (b - a) / a
    near = a * (ratio - np.log1p(ratio))
    far = a * (np.log(a) - np.log(b)) - a + b  # a / b may overflow; its logarithm does not
    terms = np.where(np.abs(ratio) < 0.5, near, far)
    divergence: FloatArray = np.where(a > 0, terms, b).sum(axis=-1).astype(dtype)
    return divergence


def _check_fit(p: tuple[int, ...], q: tuple[int, ...]) -> None:
    """Refuse shapes, classes last, of other numbers of classes or that do not broadcast."""
    if p[-1] != q[-1]:
        raise ValueError(f"p and q must have as many classes, got {p[-1]} in p and {q[-1]} in q")
    try:
        np.broadcast_shapes(p, q)
    except ValueError:
        message = f"the other axes of p and q do not broadcast: {p[:-1]} and {q[:-1]}"
        raise ValueError(message) from None


def _binary(logits: ArrayLike, labels: ArrayLike, reduction: str) -> tuple[FloatArray, FloatArray]:
    """Return logits and labels of two classes, checked, in at least single precision."""
    z, y = as_floats(logits), as_floats(labels, "labels")
    _check_options(reduction)
    if y.shape != z.shape:
        raise ValueError(f"labels have shape {y.shape}; logits have {z.shape}")
    refuse(y, ~((y >= 0) & (y <= 1)), "is not in [0, 1]")
    if reduction == "mean" and not z.size:
        raise ValueError("nothing to take a mean of: there are no logits")
    dtype = working_dtype(z.dtype, 1.0)
    return z.astype(dtype), y.astype(dtype)


@np.errstate(all="ignore")
def _evaluate(
    logits: ArrayLike,
    labels: ArrayLike,
    reduction: str,
    smoothing: float,
    class_weight: ArrayLike | None,
    *,
    gradient: bool,
) -> tuple[FloatArray, FloatArray]:
    """Return the loss and, if asked for, its gradient (otherwise an empty array)."""
    z = as_floats(logits)
    check_axis(z, -1)
    _check_options(reduction, smoothing)
    n_classes = z.shape[-1]
    given = check_labels(labels, z.shape)
    weight = check_class_weight(class_weight, n_classes)
    if reduction == "mean":  # dividing first keeps the sum of huge losses from overflowing
        weight = weight / _divisor(given, weight, z.shape)
    dtype = working_dtype(z.dtype, 1.0)
    rows, targets = z.reshape(-1, n_classes), given.reshape(-1, *given.shape[z.ndim - 1 :])
    weight = weight.astype(dtype, copy=False)
    losses, slopes = np.empty(len(rows), dtype), np.empty_like(rows if gradient else rows[:0])
    for block in row_slices(len(rows), n_classes * dtype.itemsize):
        out = slopes[block] if gradient else None
        part = rows[block].astype(dtype, copy=False)
        losses[block] = _evaluate_block(part, targets[block], weight, smoothing, out)
    loss = _reduce(losses.reshape(z.shape[:-1]), reduction, z.dtype)
    return loss, slopes.reshape(z.shape if gradient else slopes.shape)


def _evaluate_block(
    z: FloatArray,
    labels: IntArray | FloatArray,
    weight: FloatArray,
    smoothing: float,
    out: FloatArray | None,
) -> FloatArray:
    """Return the losses of some rows; write their gradients to `out`.

    With m = max z, L = exp(m) and R the sum of the other exponentials, the probabilities are
    exp(z) / (L + R), and the surprise −log p is (m − z) + log(1 + R / L): two terms of one sign.
    """
    index = np.arange(len(z))
    best = index, z.argmax(axis=-1)
    top = z[best][:, None]
    e = exponentials(z, shift_for(z, 1.0, top), 1.0, np.empty_like(z))
    largest, e[best] = e[best], 0
    others = e.sum(axis=-1)
    e[best] = largest
    log_total, total = np.log1p(others / largest), largest + others
    if labels.ndim == 1 and not smoothing:  # the target has one entry: no need to write its zeros
        place = index, labels
        gap = np.where(z[place] == top[:, 0], 0, top[:, 0] - z[place])
        mass, surprise = weight[labels], gap + log_total
        if out is not None:
            np.multiply(e, (mass / total)[:, None], out=out)
            out[place] = mass * np.expm1(-surprise)  # p − 1, however near p is to 1
        return _weigh(mass, surprise)
    t = _target(labels, weight, smoothing)
    if out is not None:
        np.subtract(e * (t.sum(axis=-1) / total)[:, None], t, out=out)
    surprise = log_total[:, None] - gaps(z, top, 1.0, out=e)
    row_losses: FloatArray = _weigh(t, surprise).sum(axis=-1)
    return row_losses


def _target(labels: IntArray | FloatArray, weight: FloatArray, smoothing: float) -> FloatArray:
    """Return w ((1 − ε) s + ε / K) for rows of shares s, or for class numbers."""
    n_classes = len(weight)
    shares = labels if labels.ndim == 2 else labels[:, None] == np.arange(n_classes)
    target: FloatArray = weight * ((1 - smoothing) * shares + smoothing / n_classes)
    return target


def _weigh(target: FloatArray, surprise: FloatArray) -> FloatArray:
    """Return target times surprise, where a target of 0 gives 0 even to an infinite surprise."""
    return np.where((target == 0) & (surprise == np.inf), 0, target * surprise)


def _divisor(labels: IntArray | FloatArray, weight: FloatArray, shape: tuple[int, ...]) -> float:
    """Return what "mean" divides by: the sum of the labels' weights, or the number of rows."""
    by_number = labels.ndim < len(shape)
    divisor = float(weight[labels].sum()) if by_number else math.prod(shape[:-1])
    if not divisor:
        raise ValueError("nothing to take a mean of: no rows, or no label with a weight")
    return divisor


def _reduce(losses: FloatArray, reduction: str, dtype: np.dtype[Any]) -> FloatArray:
    """Return the losses, or their sum, in the dtype of the logits."""
    if reduction == "none":
        return losses.astype(dtype)[()]
    total: FloatArray = losses.sum(dtype=np.result_type(losses, np.float64)).astype(dtype)
    return total


def _check_options(reduction: str, smoothing: float = 0.0) -> None:
    """Refuse an unknown reduction, and smoothing outside [0, 1]."""
    if reduction not in REDUCTIONS:
        raise ValueError(f"reduction must be one of {REDUCTIONS}, got {reduction!r}")
    if not 0 <= smoothing <= 1:
        raise ValueError(f"label_smoothing must be in [0, 1], got {smoothing}")
