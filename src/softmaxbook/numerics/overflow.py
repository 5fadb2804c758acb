"""Overflow: where the exponential leaves the floating-point range, and how to stay inside."""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from softmaxbook.numerics.arrays import (
    FloatArray,
    as_floats,
    check_axis,
    check_temperature,
    row_blocks,
)
from softmaxbook.numerics.exponentials import column, gaps, maxima, rest_of_sum, working_dtype
from softmaxbook.numerics.probabilities import softmax


@np.errstate(all="ignore")
def logsumexp(logits: ArrayLike, axis: int = -1) -> FloatArray:
    r"""Return the logarithm of the sum of the exponentials, a smooth maximum.

    Parameters
    ----------
    logits : array_like, shape (..., K, ...)
        Real numbers z; −inf adds nothing to the sum.
    axis : int
        The axis to sum over.

    Returns
    -------
    ndarray or scalar
        Log-sum-exp without `axis`, in the floating-point type of the logits (float64 for integers).
        It lies between max z and max z + log K. A row of −inf alone gives −inf, the logarithm
        of an empty sum; a row with +inf gives +inf; a row with NaN gives NaN.

    Raises
    ------
    TypeError
        If the logits are not real numbers.
    ValueError
        If there is nothing to sum.

    Notes
    -----
    .. math:: \operatorname{LSE}(z) = \log \sum_k e^{z_k}
        = m + \log\Bigl(1 + \sum_{k \ne j} e^{z_k - m}\Bigr),
        \qquad m = z_j = \max_k z_k

    The maximum stays outside the sum, so that ``log1p`` sees the rest with all its digits
    (P. Blanchard, D. J. Higham and N. J. Higham, Accurately computing the log-sum-exp and softmax
    functions, IMA Journal of Numerical Analysis 41, 2311–2330, 2021, doi 10.1093/imanum/draa038,
    Algorithm 4.1). The error is a few units in the last place of the larger of the
    result and max \|z\|; where the two terms cancel, the condition number max \|z\| / \|LSE\| of
    equation (2.2) there forbids a small relative error.

    Examples
    --------
    >>> float(logsumexp([1000.0, 1000.0]))
    1000.6931471805599
    >>> float(logsumexp([0.0, -40.0]))
    4.248354255291589e-18

    Derived in the chapter *overflow*.
    """
    z = as_floats(logits)
    axis = check_axis(z, axis)
    total = np.empty((*z.shape[:axis], 1, *z.shape[axis + 1 :]), z.dtype)
    for rows, result in row_blocks(z, total, axis, working_dtype(z.dtype, 1.0)):
        index, top = maxima(rows)
        rest = rest_of_sum(rows, index, top, 1.0, out=np.empty_like(rows))
        result[...] = np.where(np.isinf(top), top, top + column(np.log1p(rest)))
    return total.squeeze(axis)[()]


@np.errstate(all="ignore")
def log_softmax(logits: ArrayLike, axis: int = -1, temperature: float = 1.0) -> FloatArray:
    r"""Return the logarithm of softmax, without forming the probabilities.

    Parameters
    ----------
    logits : array_like, shape (..., K, ...)
        Scores z of K classes along `axis`.
    axis : int
        The axis of the classes.
    temperature : float
        T, positive and finite.

    Returns
    -------
    ndarray
        Log-probabilities, at most 0, of the shape and the floating-point type of the logits
        (float64 for integers). Masks are −inf; of k entries +inf each is −log k, and the
        others in their row are −inf; a row of masks alone, and a row with NaN, is NaN.

    Raises
    ------
    TypeError
        If the logits are not real numbers.
    ValueError
        If there are no classes, or the temperature is not positive and finite.

    Notes
    -----
    .. math:: \log p_i = \frac{z_i - m}{T}
        - \log\Bigl(1 + \sum_{k \ne j} e^{(z_k - m) / T}\Bigr),
        \qquad m = z_j = \max_k z_k

    Both terms have the same sign, so nothing cancels. For the largest logit the first is 0, and
    ``log1p`` keeps even a log-probability of −1e-300. Algorithm 4.1 of Blanchard, Higham
    and Higham (2021, doi 10.1093/imanum/draa038), carried to the logarithm.

    Examples
    --------
    >>> log_softmax([0.0, -40.0])
    array([-4.24835426e-18, -4.00000000e+01])
    >>> log_softmax([0.0, -800.0])[1], log_of_softmax([0.0, -800.0])[1]
    (np.float64(-800.0), np.float64(-inf))

    Derived in the chapter *overflow*.
    """
    z, t = as_floats(logits), check_temperature(temperature)
    axis = check_axis(z, axis)
    log_p = np.empty(z.shape, z.dtype)
    for rows, result in row_blocks(z, log_p, axis, working_dtype(z.dtype, t)):
        index, top = maxima(rows)
        rest = rest_of_sum(rows, index, top, t, out=result)
        gaps(rows, top, t, out=result)
        result -= column(np.log1p(rest))
    return log_p


def _relative(values: Any, top: float) -> Any:
    """Return exp(values − top), with ∞ − ∞ as 0; nothing but zeros if all are −inf."""
    if top == -math.inf:
        return np.zeros_like(values)
    return np.exp(np.where(values == top, 0.0, values - top))


class RunningLogSumExp:
    r"""Log-sum-exp of a stream, in one pass and with two numbers of memory.

    Attributes
    ----------
    maximum : float
        m, the largest number so far; −inf at the beginning.
    scaled_sum : float
        s, the sum of exp(z − m) over all numbers so far; 0 at the beginning.

    Notes
    -----
    Two states are united by bringing both sums to the larger maximum:

    .. math:: (m_1, s_1) \oplus (m_2, s_2)
        = \bigl(m,\; s_1 e^{m_1 - m} + s_2 e^{m_2 - m}\bigr),
        \qquad m = \max(m_1, m_2)

    This is associative and commutative, so a stream may be cut, and its parts read in any
    order. In floating-point arithmetic the last digits depend on the order. M. Milakov and
    N. Gimelshein, Online normalizer calculation for softmax, 2018, arXiv:1805.02867, section 3.

    Examples
    --------
    >>> running = RunningLogSumExp().update([3.0, 1.0]).update([1000.0])
    >>> running.maximum, running.scaled_sum, running.value
    (1000.0, 1.0, 1000.0)

    Derived in the chapter *overflow*.
    """

    def __init__(self) -> None:
        self.maximum = -math.inf
        self.scaled_sum = 0.0

    def update(self, chunk: ArrayLike) -> RunningLogSumExp:
        """Read the numbers of `chunk`, of any shape; return the same object."""
        values = as_floats(chunk, "chunk").astype(np.float64)
        if values.size == 0:
            return self
        top = float(values.max())
        with np.errstate(all="ignore"):
            return self._unite(top, float(_relative(values, top).sum()))

    def merge(self, other: RunningLogSumExp) -> RunningLogSumExp:
        """Take over what `other` has read; return the same object."""
        return self._unite(other.maximum, other.scaled_sum)

    @np.errstate(all="ignore")
    def _unite(self, maximum: float, scaled_sum: float) -> RunningLogSumExp:
        top = float(np.maximum(self.maximum, maximum))
        kept = self.scaled_sum * float(_relative(self.maximum, top))
        self.scaled_sum = kept + scaled_sum * float(_relative(maximum, top))
        self.maximum = top
        return self

    @property
    def value(self) -> float:
        """The logarithm of the sum of the exponentials of all numbers read; −inf before any."""
        if self.scaled_sum == 0:
            return -math.inf
        return self.maximum + math.log(self.scaled_sum)


@np.errstate(all="ignore")
def online_softmax(logits: ArrayLike, chunk_size: int) -> FloatArray:
    """Return the softmax of one row, reading it twice instead of three times.

    Parameters
    ----------
    logits : array_like, shape (K,)
        One row of logits.
    chunk_size : int
        How many logits are looked at together, at least 1.

    Returns
    -------
    ndarray, shape (K,)
        The same as :func:`softmaxbook.softmax`, up to rounding.

    Raises
    ------
    ValueError
        If the logits are not one row, or the chunks would be empty.

    Notes
    -----
    The first pass leaves the maximum and the sum (:class:`RunningLogSumExp`), the second
    divides. Algorithm 3 of M. Milakov and N. Gimelshein, Online normalizer calculation for
    softmax, 2018, arXiv:1805.02867.

    Examples
    --------
    >>> online_softmax([2.0, 1.0, -1.0], chunk_size=2)
    array([0.70538451, 0.25949646, 0.03511903])

    Derived in the chapter *overflow*.
    """
    z = as_floats(logits)
    check_axis(z, 0)
    if z.ndim != 1:
        raise ValueError(f"logits must be one row, their shape is {z.shape}")
    if operator.index(chunk_size) < 1:
        raise ValueError(f"chunk_size must be at least 1, got {chunk_size}")
    chunks = [slice(start, start + chunk_size) for start in range(0, len(z), chunk_size)]
    running = RunningLogSumExp()
    for chunk in chunks:
        running.update(z[chunk])
    p = np.empty_like(z)
    for chunk in chunks:
        weights = _relative(z[chunk].astype(np.float64), running.maximum)
        p[chunk] = weights / running.scaled_sum
    return p


@np.errstate(all="ignore")
def softmax_weighted_mean(chunks: Iterable[tuple[ArrayLike, ArrayLike]]) -> FloatArray:
    """Return Σ softmax(z)_k v_k over a stream of logits and vectors, in one pass.

    Parameters
    ----------
    chunks : iterable of (logits, vectors)
        Logits of shape (n,) and vectors of shape (n, d); n may differ from chunk to chunk.

    Returns
    -------
    ndarray, shape (d,)
        The mean of all vectors, weighted by the softmax of all logits; neither the weights
        nor the logits are ever held together. NaN if all logits are −inf.

    Raises
    ------
    ValueError
        If there are no chunks.

    Notes
    -----
    The sum of the weights and the weighted sum of the vectors are both relative to the maximum
    so far, so one factor repairs both, and the division waits until the end: M. N. Rabe and
    C. Staats, Self-attention does not need O(n²) memory, 2021, arXiv:2112.05682. Attention kernels
    compute this for blocks of queries: T. Dao et al., FlashAttention, 2022, arXiv:2205.14135.

    Examples
    --------
    >>> vectors = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    >>> softmax_weighted_mean([([2.0], vectors[:1]), ([1.0, -1.0], vectors[1:])])
    array([0.74050354, 0.29461549])
    >>> softmax([2.0, 1.0, -1.0]) @ vectors
    array([0.74050354, 0.29461549])

    Derived in the chapter *overflow*.
    """
    maximum, total, weighted = -math.inf, 0.0, None
    for logits, vectors in chunks:
        z, v = as_floats(logits).astype(np.float64), as_floats(vectors, "vectors")
        top = float(np.maximum(maximum, z.max()))
        weights, repair = _relative(z, top), float(_relative(maximum, top))
        total = total * repair + weights.sum()
        weighted = weights @ v + (0 if weighted is None else weighted * repair)
        maximum = top
    if weighted is None:
        raise ValueError("chunks must hold at least one pair of logits and vectors")
    mean: FloatArray = weighted / total
    return mean


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


@dataclass(frozen=True)
class FloatFormat:
    """A binary floating-point format with subnormal numbers and infinities.

    Attributes
    ----------
    name : str
        What it is called.
    precision : int
        Significant bits, the hidden one included.
    min_exponent, max_exponent : int
        The smallest and the largest e of a normal number ±1.xxx · 2^e.

    Notes
    -----
    IEEE 754-2019, section 3.3; bfloat16 follows the same rules with 8 exponent bits.

    Examples
    --------
    >>> FORMATS["float16"].max, FORMATS["float16"].unit_roundoff
    (65504.0, 0.00048828125)

    Introduced in the chapter *overflow*.
    """

    name: str
    precision: int
    min_exponent: int
    max_exponent: int

    @property
    def max(self) -> float:
        """The largest finite number."""
        return (2 - 2.0 ** (1 - self.precision)) * 2.0**self.max_exponent

    @property
    def smallest_normal(self) -> float:
        """The smallest positive number with all significant bits."""
        return 2.0**self.min_exponent

    @property
    def smallest_subnormal(self) -> float:
        """The smallest positive number."""
        return 2.0 ** (self.min_exponent - self.precision + 1)

    @property
    def unit_roundoff(self) -> float:
        """The largest relative error of rounding to nearest, in the range of normal numbers."""
        return 2.0**-self.precision

    @np.errstate(all="ignore")
    def round(self, values: ArrayLike) -> FloatArray:
        """Return the nearest numbers of the format, as float64; ties go to the even one.

        From half a unit above the largest number on, the nearest is an infinity. Rounds
        float64 values once, as a conversion does.

        Examples
        --------
        >>> FORMATS["bfloat16"].round([0.1, 1e39, 1e-45])
        array([0.10009766,        inf, 0.        ])
        """
        x = as_floats(values, "values").astype(np.float64)
        _, exponent = np.frexp(x)  # x = f · 2^exponent with 1/2 ≤ |f| < 1
        last_place = np.maximum(exponent - self.precision, self.min_exponent - self.precision + 1)
        rounded = np.ldexp(np.rint(np.ldexp(x, -last_place)), last_place)
        return np.where(np.abs(rounded) > self.max, np.copysign(np.inf, x), rounded)[()]


FORMATS = {
    format.name: format
    for format in (
        FloatFormat("float16", precision=11, min_exponent=-14, max_exponent=15),
        FloatFormat("bfloat16", precision=8, min_exponent=-126, max_exponent=127),
        FloatFormat("float32", precision=24, min_exponent=-126, max_exponent=127),
        FloatFormat("float64", precision=53, min_exponent=-1022, max_exponent=1023),
    )
}


@dataclass(frozen=True)
class Thresholds:
    """Where exp(x) leaves a format; four numbers x, from the top down.

    Attributes
    ----------
    overflow : float
        Above it, exp(x) rounds to infinity.
    subnormal : float
        Below it, exp(x) is less than the smallest normal number and loses leading digits.
    smallest : float
        Here exp(x) is the smallest positive number.
    underflow : float
        Below it, exp(x) rounds to 0: half of the smallest positive number is left.
    """

    overflow: float
    subnormal: float
    smallest: float
    underflow: float


def thresholds(format: str | FloatFormat) -> Thresholds:
    """Return the inputs at which the exponential leaves a floating-point format.

    Parameters
    ----------
    format : str or FloatFormat
        A key of `FORMATS`, or a format of your own.

    Returns
    -------
    Thresholds
        Logarithms of limits of the format, computed in integers up to the last logarithm.

    Notes
    -----
    Rounding to nearest turns into infinity what is at least half a unit above the largest number,
    and into 0 what is at most half of the smallest positive one. IEEE 754-2019, section 4.3.1.

    Examples
    --------
    >>> thresholds("float64").overflow, thresholds("float16").underflow
    (709.782712893384, -17.328679513998633)

    Derived in the chapter *overflow*.
    """
    f = FORMATS[format] if isinstance(format, str) else format
    half_above_max = 2 ** (f.max_exponent + 1) - 2 ** (f.max_exponent - f.precision)
    smallest = f.min_exponent - f.precision + 1
    return Thresholds(
        overflow=math.log(half_above_max),
        subnormal=-math.log(2**-f.min_exponent),
        smallest=-math.log(2**-smallest),
        underflow=-math.log(2 ** (1 - smallest)),
    )
