"""Mixtures of softmaxes, and how many numbers a softmax layer needs to say what they say."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from softmaxbook.numerics.arrays import FloatArray, as_floats, check_axis
from softmaxbook.numerics.logarithms import log_softmax, logsumexp
from softmaxbook.numerics.probabilities import softmax
from softmaxbook.numerics.rows import working_dtype


def mixture_of_softmaxes(logits: ArrayLike, mixing_logits: ArrayLike) -> FloatArray:
    """Return a weighted mean of several softmaxes; ``log_mixture`` is its logarithm.

    Parameters
    ----------
    logits : array_like, shape (..., H, K)
        Scores of K classes by each of H heads.
    mixing_logits : array_like, shape (..., H)
        Scores of the heads.

    Returns
    -------
    ndarray, shape (..., K)
        Probabilities, as :func:`softmaxbook.softmax` returns them.

    Raises
    ------
    TypeError
        If one of the two does not hold real numbers.
    ValueError
        If there are no classes or heads, or the shapes do not fit.

    Examples
    --------
    >>> mixture_of_softmaxes([[9.0, 0.0, 0.0], [0.0, 0.0, 9.0]], [0.0, 0.0]).round(3)
    array([0.5, 0. , 0.5])

    Derived in the chapter *relatives*.
    """
    z, a, dtype = _checked(logits, mixing_logits)
    shares = softmax(a)[..., None] * softmax(z)
    p: FloatArray = shares.sum(axis=-2).astype(dtype)
    return p


@np.errstate(all="ignore")
def log_mixture(logits: ArrayLike, mixing_logits: ArrayLike) -> FloatArray:
    r"""Return the logarithm of a mixture of softmaxes, without forming its probabilities.

    Parameters
    ----------
    logits, mixing_logits
        As for :func:`softmaxbook.family.mixtures.mixture_of_softmaxes`.

    Returns
    -------
    ndarray, shape (..., K)
        Log-probabilities, at most 0 up to rounding.

    Raises
    ------
    TypeError, ValueError
        As :func:`softmaxbook.family.mixtures.mixture_of_softmaxes`.

    Notes
    -----
    .. math:: p_k = \sum_{h=1}^{H} \pi_h \operatorname{softmax}(z_h)_k, \qquad
        \pi = \operatorname{softmax}(a)

    The mean is taken of probabilities. The mean of the *logits* would be one softmax again.

    Z. Yang, Z. Dai, R. Salakhutdinov and W. W. Cohen, Breaking the softmax bottleneck: a high-rank
    RNN language model, ICLR 2018, arXiv:1711.03953, section 2.4.

    Examples
    --------
    >>> log_mixture([[0.0, -800.0], [0.0, -900.0]], [0.0, 0.0])
    array([   0.        , -800.69314718])

    Derived in the chapter *relatives*.
    """
    z, a, dtype = _checked(logits, mixing_logits)
    terms = log_softmax(a)[..., None] + log_softmax(z)
    return logsumexp(terms, axis=-2).astype(dtype)


def _checked(
    logits: ArrayLike, mixing_logits: ArrayLike
) -> tuple[FloatArray, FloatArray, np.dtype[Any]]:
    """Return both in the type to compute with, and the type of what is returned."""
    z, a = as_floats(logits), as_floats(mixing_logits, "mixing_logits")
    check_axis(z, -1)
    check_axis(a, -1, "mixing_logits")
    if z.shape[:-1] != a.shape:
        raise ValueError(
            f"mixing_logits must have one number a head, shape {z.shape[:-1]}, got {a.shape}"
        )
    dtype = np.result_type(z, a)
    work = working_dtype(dtype, 1.0)
    return z.astype(work), a.astype(work), dtype


def softmax_rank(log_probabilities: ArrayLike, tolerance: float | None = None) -> int:
    r"""Return how many numbers a context needs, for one softmax layer to give these rows.

    Parameters
    ----------
    log_probabilities : array_like, shape (n_contexts, n_classes)
        Finite logarithms of probabilities; logits do as well.
    tolerance : float, optional
        Singular values up to this count as 0; not negative. By default what rounding can make
        of 0.

    Returns
    -------
    int
        The smallest width d of features h and weights W (no intercept) with softmax(h W) in each
        row, from 0 for uniform rows to min(n_contexts, n_classes − 1).

    Raises
    ------
    TypeError
        If they are not real numbers.
    ValueError
        If they are not a matrix, or not finite: the rank is that of a matrix of numbers. Also if
        the tolerance is negative or NaN.

    Notes
    -----
    Logits H W of features of width d have the rank d at most. Log-probabilities are logits from
    which each row's log-sum-exp is subtracted, so what counts is the smallest rank among all
    matrices that differ from A = log P by a number added to each row,

    .. math:: \min_c \operatorname{rank}(A + c \mathbf{1}^\top)
        = \operatorname{rank}\!\left( A \left( I - \tfrac1K \mathbf{1} \mathbf{1}^\top \right)
        \right),

    since the projection on the right makes every one of them into the same matrix, which is one
    of them itself, and no product has a larger rank than its factors. The rank of A itself is the
    same or larger by 1. Yang and others (2018, arXiv:1711.03953), section 2.2.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> narrow = rng.normal(size=(50, 3)) @ rng.normal(size=(3, 40))
    >>> softmax_rank(log_softmax(narrow))
    3
    >>> heads = rng.normal(size=(50, 2, 3)) @ rng.normal(size=(3, 40))
    >>> softmax_rank(log_mixture(heads, np.zeros((50, 2))))
    39

    Derived in the chapter *relatives*.
    """
    a = as_floats(log_probabilities, "log_probabilities").astype(np.float64)
    if a.ndim != 2 or not a.size:
        raise ValueError(f"log_probabilities must be a matrix with entries, got shape {a.shape}")
    if not np.isfinite(a).all():
        raise ValueError("log_probabilities must be finite: a probability of 0 has no logarithm")
    if tolerance is not None and not tolerance >= 0:
        raise ValueError(f"tolerance must not be negative, got {tolerance}")
    exponent = int(np.frexp(np.abs(a).max())[1])  # a power of two away, squares are in range
    a = np.ldexp(a, -exponent)
    singular = np.linalg.svd(a - a.mean(axis=1, keepdims=True), compute_uv=False)
    if tolerance is None:
        # The subtraction of the mean rounds by the size of the numbers, however small what is left.
        tolerance = max(a.shape) * float(np.finfo(np.float64).eps) * float(np.linalg.norm(a))
    else:
        tolerance = math.ldexp(tolerance, -exponent)
    return int(np.count_nonzero(singular > tolerance))
