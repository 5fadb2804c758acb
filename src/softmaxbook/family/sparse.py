"""Sparsemax and entmax: relatives of softmax that give unlikely classes the probability 0.

All of them are one map, with a number α that says how soon a class is given up.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from softmaxbook.numerics.arrays import FloatArray, as_floats, check_axis, check_temperature
from softmaxbook.numerics.derivatives import one_shape, weighted_mean
from softmaxbook.numerics.exponentials import gaps
from softmaxbook.numerics.probabilities import softmax
from softmaxbook.numerics.rows import maxima, row_blocks, working_dtype

HALVINGS = 60  # of an interval of length log K or less: what is left is below rounding
HOT = 1e307  # a temperature above it may overflow when it is divided by α − 1


def sparsemax(logits: ArrayLike, axis: int = -1, temperature: float = 1.0) -> FloatArray:
    r"""Return the probabilities that are nearest to the logits: most of them are exactly 0.

    Parameters
    ----------
    logits : array_like, shape (..., K, ...)
        Scores z of K classes along `axis`. An entry of −inf is a mask and gets 0.
    axis : int
        The axis of the classes.
    temperature : float
        T, positive and finite. A class that is T or more below the largest logit gets 0.

    Returns
    -------
    ndarray
        Probabilities of the shape and the floating-point type of the logits (float64 for
        integers), with sum 1 along `axis` up to rounding. Infinite logits and NaN are treated as
        :func:`softmaxbook.softmax` treats them.

    Raises
    ------
    TypeError
        If the logits are not real numbers.
    ValueError
        If there are no classes, or the temperature is not positive and finite.

    Notes
    -----
    The Euclidean projection of z / T onto the simplex of all probabilities,

    .. math:: \operatorname{sparsemax}(z) = \arg\min_{p \in \Delta} \lVert p - z / T \rVert^2,
        \qquad p_i = \max(z_i / T - \tau, 0),

    with the one τ for which the sum is 1. If k classes are left, τ follows from the sum of the
    k largest logits, and k is the largest number for which the k-th is above its τ. Only classes
    within T of the largest logit can be left, so only these are sorted. A step of Newton's at the
    end, exact on paper, takes the rounding errors of the running sums away.

    A. F. T. Martins and R. F. Astudillo, From softmax to sparsemax: a sparse model of attention and
    multi-label classification, ICML 2016, arXiv:1602.02068, Algorithm 1.

    Examples
    --------
    >>> sparsemax([2.0, 1.5, -1.0])
    array([0.75, 0.25, 0.  ])
    >>> sparsemax([2.0, 1.0, -1.0])
    array([1., 0., 0.])

    Derived in the chapter *relatives*.
    """
    return _by_sorting(logits, axis, temperature, 2.0, _linear_threshold)


def entmax15(logits: ArrayLike, axis: int = -1, temperature: float = 1.0) -> FloatArray:
    r"""Return 1.5-entmax of the logits, half way between softmax and sparsemax.

    Parameters
    ----------
    logits : array_like, shape (..., K, ...)
        Scores z of K classes along `axis`. An entry of −inf is a mask and gets 0.
    axis : int
        The axis of the classes.
    temperature : float
        T, positive and finite. A class that is 2 T or more below the largest logit gets 0.

    Returns
    -------
    ndarray
        Probabilities, as :func:`softmaxbook.sparsemax` returns them.

    Raises
    ------
    TypeError, ValueError
        As :func:`softmaxbook.sparsemax`.

    Notes
    -----
    .. math:: p_i = \max\!\left(\frac{z_i}{2 T} - \tau, 0\right)^2, \qquad \sum_i p_i = 1

    For the k largest logits τ is the root of a quadratic equation in their mean and variance, and
    k the largest number for which the k-th is above its τ. Computed as
    :func:`softmaxbook.sparsemax` is.

    B. Peters, V. Niculae and A. F. T. Martins, Sparse sequence-to-sequence models, ACL 2019,
    arXiv:1905.05702, section 3 and Algorithm 2.

    Examples
    --------
    >>> entmax15([2.0, 1.0, -1.0]).round(6)
    array([0.830719, 0.169281, 0.      ])

    Derived in the chapter *relatives*.
    """
    return _by_sorting(logits, axis, temperature, 1.5, _quadratic_threshold)


@np.errstate(all="ignore")
def entmax(logits: ArrayLike, alpha: float, axis: int = -1, temperature: float = 1.0) -> FloatArray:
    r"""Return α-entmax of the logits by bisection: softmax for α = 1, sparsemax for α = 2.

    Parameters
    ----------
    logits : array_like, shape (..., K, ...)
        Scores z of K classes along `axis`. An entry of −inf is a mask and gets 0.
    alpha : float
        α, at least 1 and finite. The larger, the fewer classes keep a probability.
    axis : int
        The axis of the classes.
    temperature : float
        T, positive and finite. Above α = 1, a class that is T / (α − 1) or more below the largest
        logit gets 0.

    Returns
    -------
    ndarray
        Probabilities, as :func:`softmaxbook.sparsemax` returns them.

    Raises
    ------
    TypeError
        If the logits are not real numbers.
    ValueError
        If there are no classes, α is below 1, or the temperature is not positive and finite.

    Notes
    -----
    What is maximised is the mean logit plus T times Tsallis' entropy of order α, as softmax
    maximises it with Shannon's. With the gap g = (max z − z) / T the solution is

    .. math:: p_i = \bigl[1 - (\alpha - 1)(g_i + c)\bigr]_+^{1 / (\alpha - 1)}
        \;\xrightarrow{\alpha \to 1}\; e^{-g_i - c},

    with the one c for which the sum is 1. It lies between 0, where the largest probability is
    1, and (1 − K^(1 − α)) / (α − 1), where the largest is 1 / K. Halving that interval needs no
    sorting and works for every α. Powers are taken by way of ``log1p``, so that nothing is lost
    as α → 1.

    B. Peters, V. Niculae and A. F. T. Martins, Sparse sequence-to-sequence models, ACL 2019,
    arXiv:1905.05702, Algorithm 1.

    Examples
    --------
    >>> for alpha in (1, 1.5, 2):
    ...     print(entmax([2.0, 1.0, -1.0], alpha).round(6))
    [0.705385 0.259496 0.035119]
    [0.830719 0.169281 0.      ]
    [1. 0. 0.]

    Derived in the chapter *relatives*.
    """
    if check_alpha(alpha) == 1:
        return softmax(logits, axis, temperature)
    z, t = as_floats(logits), check_temperature(temperature)
    axis = check_axis(z, axis)
    p = np.empty(z.shape, z.dtype)
    for rows, result in row_blocks(z, p, axis, np.result_type(z.dtype, np.float64)):
        many = np.atleast_2d(rows)
        gap = -gaps(many, maxima(many)[1], t, out=np.empty_like(many))
        result[...] = _bisected(gap, alpha).reshape(result.shape)
    return p


@np.errstate(all="ignore")
def entmax_jacobian(logits: ArrayLike, alpha: float, temperature: float = 1.0) -> FloatArray:
    r"""Return all partial derivatives of α-entmax by its logits.

    Parameters
    ----------
    logits : array_like, shape (..., K)
        Scores of K classes along the last axis.
    alpha : float
        At least 1: 1 for softmax, 1.5 for :func:`softmaxbook.entmax15`, 2 for
        :func:`softmaxbook.sparsemax`.
    temperature : float
        T, positive and finite.

    Returns
    -------
    ndarray, shape (..., K, K)
        Symmetric and positive semidefinite; its rows sum to 0. Where a class is just about to get
        a probability the map has a kink, and the result is the derivative on the side where it
        has none.

    Raises
    ------
    TypeError, ValueError
        As :func:`softmaxbook.family.sparse.entmax`.

    Notes
    -----
    .. math:: J = \frac{1}{T} \left( \operatorname{diag}(q)
        - \frac{q\,q^\top}{\sum_k q_k} \right), \qquad
        q_i = \begin{cases} p_i^{2 - \alpha} & p_i > 0 \\ 0 & p_i = 0 \end{cases}

    For α = 1 this is softmax's Jacobian. For α = 2, q counts the classes that are left. Peters,
    Niculae and Martins (2019, arXiv:1905.05702), Proposition 2.

    Examples
    --------
    >>> entmax_jacobian([2.0, 1.5, -1.0], alpha=2)
    array([[ 0.5, -0.5,  0. ],
           [-0.5,  0.5,  0. ],
           [ 0. ,  0. ,  0. ]])

    Derived in the chapter *relatives*.
    """
    z = as_floats(logits)
    check_axis(z, -1)
    rows = z.astype(working_dtype(z.dtype, 1.0), copy=False)
    q = _slopes(rows, alpha, -1, temperature)
    total = q.sum(axis=-1)[..., None, None]
    matrix: FloatArray = (
        np.eye(z.shape[-1]) * q[..., None] - q[..., :, None] * q[..., None, :] / total
    )
    return (matrix / temperature).astype(z.dtype, copy=False)


@np.errstate(all="ignore")
def entmax_vjp(
    logits: ArrayLike,
    cotangent: ArrayLike,
    alpha: float,
    axis: int = -1,
    temperature: float = 1.0,
) -> FloatArray:
    r"""Return a cotangent times the Jacobian of α-entmax in O(K): the step backwards in training.

    Parameters
    ----------
    logits : array_like, shape (..., K, ...)
        Scores of K classes along `axis`.
    cotangent : array_like, same shape
        c, the derivatives of a loss by the probabilities.
    alpha : float
        As for :func:`softmaxbook.family.sparse.entmax_jacobian`. For 1, 1.5 and 2 the
        probabilities are the exact ones, for others they are bisected.
    axis : int
        The axis of the classes.
    temperature : float
        T, positive and finite.

    Returns
    -------
    ndarray
        Jᵀ c = J c for each sample, of the shape of the logits. It sums to 0 along `axis`, and is 0
        for every class without probability.

    Raises
    ------
    TypeError
        If one of the two does not hold real numbers.
    ValueError
        If the shapes differ, or as :func:`softmaxbook.family.sparse.entmax` says.

    Notes
    -----
    .. math:: J c = \frac{1}{T}\, q \odot
        \left(c - \frac{\langle q, c \rangle}{\sum_k q_k} \mathbf{1}\right)

    Only a mean over the classes that are left has to be taken off.

    Examples
    --------
    >>> entmax_vjp([2.0, 1.5, -1.0], [1.0, 0.0, 5.0], alpha=2)
    array([ 0.5, -0.5,  0. ])

    Derived in the chapter *relatives*.
    """
    z, c = one_shape(logits, cotangent, "cotangent")
    axis, work = check_axis(z, axis), working_dtype(z.dtype, 1.0)
    q = _slopes(z.astype(work, copy=False), alpha, axis, temperature).swapaxes(axis, -1)
    share = q / q.sum(axis=-1, keepdims=True)
    c = c.astype(work, copy=False).swapaxes(axis, -1)
    c = c - weighted_mean(share, c)
    change: FloatArray = q * (c - weighted_mean(share, c)) / temperature
    return change.swapaxes(axis, -1).astype(z.dtype, copy=False)


def check_alpha(alpha: float) -> float:
    """Return α, a finite number from 1 on, or explain its limits.

    Raises
    ------
    ValueError
        If it is below 1, infinite or not a number.

    Examples
    --------
    >>> check_alpha(2)
    2.0
    """
    if not 1 <= alpha < math.inf:
        raise ValueError(f"alpha must be finite and at least 1 (softmax), got {alpha}")
    return float(alpha)


@np.errstate(all="ignore")
def _by_sorting(
    logits: ArrayLike,
    axis: int,
    temperature: float,
    alpha: float,
    threshold: Callable[[FloatArray], Any],
) -> FloatArray:
    """Return α-entmax, where `threshold` finds 1 − (α − 1) c from the sorted (α − 1) g."""
    z, t = as_floats(logits), check_temperature(temperature)
    axis = check_axis(z, axis)
    if t > HOT:
        z, t = z / 4, t / 4
    p = np.empty(z.shape, z.dtype)
    for rows, result in row_blocks(z, p, axis, z.dtype):
        many, target = np.atleast_2d(rows), np.atleast_2d(result)
        _project(many, t / (alpha - 1), 1 / (alpha - 1), threshold, target)
    return p


def _project(
    rows: FloatArray,
    reach: float,
    power: float,
    threshold: Callable[[FloatArray], Any],
    out: FloatArray,
) -> None:
    """Fill `out`; a class that is `reach` or more below the largest logit has no probability."""
    top = maxima(rows)[1]
    near = rows >= top - 1.01 * reach  # some more, so that rounding leaves nobody out
    counts = np.count_nonzero(near, axis=-1)
    dtype = np.result_type(rows.dtype, np.float64)
    z, highest = rows[near].astype(dtype), np.repeat(top.astype(dtype), counts)
    below = -gaps(z, highest, reach, out=np.empty_like(z)) if z.size else z
    ordered = np.full((len(rows), int(counts.max(initial=1))), np.inf, dtype)
    ordered[np.arange(ordered.shape[1]) < counts[:, None]] = below
    ordered.sort(axis=-1)
    limits = threshold(ordered)
    out[...] = 0
    out[near] = np.maximum(np.repeat(limits, counts) - below, 0) ** power
    out[np.isnan(top[:, 0]) | (top[:, 0] == -np.inf)] = np.nan


def _linear_threshold(y: FloatArray) -> Any:
    """Return t with Σ max(t − y, 0) = 1 for each row of sorted gaps y ≥ 0; ∞ is no entry."""
    sizes, sums = np.arange(1, y.shape[1] + 1), np.cumsum(y, axis=-1)
    size = np.count_nonzero(sizes * y < 1 + sums, axis=-1)
    t = (1 + sums[np.arange(len(y)), size - 1]) / size
    return t - (np.maximum(t[:, None] - y, 0).sum(axis=-1) - 1) / size


def _quadratic_threshold(y: FloatArray) -> Any:
    """Return t with Σ max(t − y, 0)² = 1 for each row of sorted gaps y ≥ 0; ∞ is no entry."""
    sizes = np.arange(1, y.shape[1] + 1)
    means = np.cumsum(y, axis=-1) / sizes
    variances = np.cumsum(y * y, axis=-1) / sizes - means * means
    t = means + np.sqrt(np.maximum(1 / sizes - variances, 0))
    size = np.count_nonzero(y < t, axis=-1)
    t = t[np.arange(len(y)), size - 1]
    roots = np.maximum(t[:, None] - y, 0)
    return t - ((roots * roots).sum(axis=-1) - 1) / (2 * roots.sum(axis=-1))


def _bisected(gap: FloatArray, alpha: float) -> FloatArray:
    """Return the probabilities of rows of gaps g ≥ 0 by halving the interval of c."""

    def powers(c: FloatArray) -> FloatArray:
        base = np.log1p(np.maximum((1 - alpha) * (gap + c), -1))
        power: FloatArray = np.exp(base / (alpha - 1))
        return power

    low = np.zeros((len(gap), 1), gap.dtype)
    high = low - math.expm1((1 - alpha) * math.log(gap.shape[1])) / (alpha - 1)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        too_much = powers(middle).sum(axis=-1, keepdims=True) > 1
        low, high = np.where(too_much, middle, low), np.where(too_much, high, middle)
    p = powers(low)
    p /= p.sum(axis=-1, keepdims=True)
    return p


def _slopes(z: FloatArray, alpha: float, axis: int, temperature: float) -> FloatArray:
    """Return q = p^(2 − α) for classes with a probability, 0 for the others."""
    exact = {1.0: softmax, 1.5: entmax15, 2.0: sparsemax}.get(check_alpha(alpha))
    p = exact(z, axis, temperature) if exact else entmax(z, alpha, axis, temperature)
    return np.where(p > 0, p ** (2 - alpha), p)
