"""Softmax: from scores to probabilities, and how much the probabilities leave open."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from softmaxbook.numerics.arrays import FloatArray, as_floats, check_axis, check_temperature
from softmaxbook.numerics.exponentials import exponentials, shift_for
from softmaxbook.numerics.rows import by_rows, column, working_dtype
from softmaxbook.numerics.sums import row_sums


def _softmax(rows: FloatArray, temperature: float, out: FloatArray) -> None:
    """Fill `out` with the softmax of each row: exponentials, divided by their sum."""
    shift = shift_for(rows, temperature)
    weights = exponentials(rows, shift, temperature, out)
    weights /= column(row_sums(weights))


def softmax(logits: ArrayLike, axis: int = -1, temperature: float = 1.0) -> FloatArray:
    r"""Turn logits into probabilities: exp(z / T), divided by its sum.

    Parameters
    ----------
    logits : array_like, shape (..., K, ...)
        Scores z of K classes along `axis`; every other axis counts samples. An entry of −inf is a
        mask and gets the probability 0.
    axis : int
        The axis of the classes.
    temperature : float
        T, positive and finite. Below 1 it sharpens, above 1 it flattens.

    Returns
    -------
    ndarray
        Probabilities of the shape and the floating-point type of the logits (float64 for
        integers), each in [0, 1], with sum 1 along `axis` up to rounding. A row with +inf shares
        all its mass equally among its +inf entries. A row of masks alone, and a row with
        NaN, is NaN throughout.

    Raises
    ------
    TypeError
        If the logits are not real numbers.
    ValueError
        If there are no classes, or the temperature is not positive and finite.

    Notes
    -----
    .. math:: p_i = \frac{e^{z_i / T}}{\sum_{k=1}^{K} e^{z_k / T}}

    The exponentials are taken of z − c, with a shift c that changes nothing on paper, prevents
    overflow, and is chosen such that the subtraction is not rounded
    (``softmaxbook.numerics.exponentials.exact_shift``).

    The shifted formula with the maximum as the shift has the relative error bound
    (K + 2 + 2 (max z − min z)) u for every entry, to first order in the unit roundoff u
    (P. Blanchard, D. J. Higham and N. J. Higham, Accurately computing the log-sum-exp and softmax
    functions, IMA Journal of Numerical Analysis 41, 2311–2330, 2021, doi 10.1093/imanum/draa038,
    Theorem 4.3 and the line above it). Without rounding in z − c, the last term vanishes.

    Examples
    --------
    >>> softmax([2, 1, -1])
    array([0.70538451, 0.25949646, 0.03511903])
    >>> softmax([2, 1, -1], temperature=0.25)
    array([9.82007865e-01, 1.79861014e-02, 6.03366485e-06])
    >>> softmax([[1000.0, 1001.0], [5.0, -np.inf]])
    array([[0.26894142, 0.73105858],
           [1.        , 0.        ]])

    Derived in the chapter *probabilities*; its overflow and accuracy in *overflow*.
    """
    z = as_floats(logits)
    return by_rows(_softmax, z, check_axis(z, axis), check_temperature(temperature))


@np.errstate(all="ignore")
def entropy(probabilities: ArrayLike, axis: int = -1) -> FloatArray:
    r"""Return the entropy of probabilities in nats: how much they leave open.

    Parameters
    ----------
    probabilities : array_like, shape (..., K, ...)
        Numbers p ≥ 0 that sum to 1 along `axis`. The sum is not checked.
    axis : int
        The axis of the classes.

    Returns
    -------
    ndarray or scalar
        Between 0 (one class is certain) and log K (all are equally likely), one number for each
        row. Divide by log 2 for bits.

    Raises
    ------
    TypeError
        If the probabilities are not real numbers.
    ValueError
        If one is negative, or there are none along the axis.

    Notes
    -----
    .. math:: H(p) = -\sum_i p_i \log p_i, \qquad 0 \log 0 = 0

    The convention is the limit of p log p for p → 0. C. E. Shannon, A mathematical theory of
    communication, Bell System Technical Journal 27, 379–423, 1948, section 6,
    doi 10.1002/j.1538-7305.1948.tb01338.x.

    Examples
    --------
    >>> float(entropy([0.5, 0.5, 0.0]) / np.log(2))
    1.0

    Derived in the chapter *probabilities*.
    """
    given = as_floats(probabilities, "probabilities")
    axis = check_axis(given, axis, "probabilities")
    p = given.astype(working_dtype(given.dtype, 1.0), copy=False)
    if (p < 0).any():
        raise ValueError(f"probabilities must not be negative, got {p.min()}")
    surprise = np.where(p == 0, 0, p * -np.log(p))
    total: FloatArray = surprise.sum(axis=axis).astype(given.dtype)[()]
    return total


@np.errstate(all="ignore")
def sigmoid(x: ArrayLike) -> FloatArray:
    r"""Return 1 / (1 + exp(−x)), the probability of the first of two classes with logits x and 0.

    Parameters
    ----------
    x : array_like
        Real numbers.

    Returns
    -------
    ndarray or scalar
        Numbers in [0, 1], of the shape and the floating-point type of `x`.

    Raises
    ------
    TypeError
        If `x` does not hold real numbers.

    Notes
    -----
    .. math:: \sigma(x) = \frac{1}{1 + e^{-x}} = \frac{e^x}{e^x + 1} = 1 - \sigma(-x)

    The first form overflows for x far below 0, the second for x far above. Each is used on the side
    where its exponential is at most 1, so both tails keep their digits.

    Examples
    --------
    >>> sigmoid([-40.0, 0.0, 40.0])
    array([4.24835426e-18, 5.00000000e-01, 1.00000000e+00])

    Derived in the chapter *probabilities*.
    """
    given = as_floats(x, "x")
    value = given.astype(working_dtype(given.dtype, 1.0), copy=False)
    small = np.exp(-np.abs(value))
    p: FloatArray = (np.where(value >= 0, 1, small) / (1 + small)).astype(given.dtype)[()]
    return p
