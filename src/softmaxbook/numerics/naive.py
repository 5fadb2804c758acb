"""Softmax as it is written, kept to be seen to fail."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from softmaxbook.numerics.arrays import FloatArray, as_floats, check_axis
from softmaxbook.numerics.probabilities import softmax


@np.errstate(all="ignore")
def naive_softmax(logits: ArrayLike, axis: int = -1) -> FloatArray:
    """Return exp(z) / Σ exp(z) as it is written, kept to be seen to fail.

    Computed in the type of the logits, without a shift and without warnings. The result is NaN
    where an exponential overflows, and where all of them underflow.

    Examples
    --------
    >>> naive_softmax([1000.0, 1001.0])
    array([nan, nan])

    Discussed in the chapter *overflow*.
    """
    z = as_floats(logits)
    weights = np.exp(z)
    p: FloatArray = weights / weights.sum(axis=check_axis(z, axis), keepdims=True)
    return p


@np.errstate(all="ignore")
def naive_logsumexp(logits: ArrayLike, axis: int = -1) -> FloatArray:
    """Return log Σ exp(z) as it is written, kept to be seen to fail.

    Computed in the type of the logits, without a shift and without warnings. The result is inf
    where an exponential overflows, and −inf where all of them underflow.

    Examples
    --------
    >>> float(naive_logsumexp([1000.0, 1001.0]))
    inf

    Discussed in the chapter *overflow*.
    """
    z = as_floats(logits)
    total: FloatArray = np.log(np.exp(z).sum(axis=check_axis(z, axis)))
    return total


@np.errstate(all="ignore")
def naive_log_softmax(logits: ArrayLike, axis: int = -1) -> FloatArray:
    """Return z − log Σ exp(z) as it is written, kept to be seen to fail.

    Computed in the type of the logits, without a shift and without warnings. The result is −inf
    where an exponential overflows, and inf where all of them underflow.

    Examples
    --------
    >>> naive_log_softmax([1000.0, 1001.0])
    array([-inf, -inf])

    Discussed in the chapter *overflow*.
    """
    z = as_floats(logits)
    log_p: FloatArray = z - np.log(np.exp(z).sum(axis=check_axis(z, axis), keepdims=True))
    return log_p


@np.errstate(all="ignore")
def log_of_softmax(logits: ArrayLike, axis: int = -1) -> FloatArray:
    """Return log(softmax(z)), a logarithm taken too late, kept to be seen to fail.

    The softmax is the good one. Where a probability underflows to 0, its logarithm is −inf, and
    where one is close to 1, its logarithm has lost its digits.

    Examples
    --------
    >>> log_of_softmax([0.0, -800.0])
    array([  0., -inf])

    Discussed in the chapter *overflow*.
    """
    log_p: FloatArray = np.log(softmax(logits, axis))
    return log_p
