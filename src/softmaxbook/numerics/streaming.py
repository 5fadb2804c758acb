"""Softmax and log-sum-exp of a stream: one pass, two numbers of memory."""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from softmaxbook.numerics.arrays import FloatArray, as_floats, check_axis


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
    >>> from softmaxbook import softmax
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
