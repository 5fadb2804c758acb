"""Attention, a soft look-up: all at once, and in blocks that never hold all weights together."""

from __future__ import annotations

import math
import operator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from softmaxbook.numerics.arrays import FloatArray, as_array, as_floats
from softmaxbook.numerics.exponentials import difference
from softmaxbook.numerics.probabilities import softmax
from softmaxbook.numerics.rows import working_dtype


def attention(
    queries: ArrayLike,
    keys: ArrayLike,
    values: ArrayLike,
    mask: ArrayLike | None = None,
    causal: bool = False,
    scale: float | None = None,
) -> FloatArray:
    r"""Return, for each query, the mean of all values, weighted by how well their keys fit.

    Parameters
    ----------
    queries : array_like, shape (..., n, d)
    keys : array_like, shape (..., m, d)
    values : array_like, shape (..., m, e)
        A value for each key. Axes in front (batches, heads) are broadcast.
    mask : array_like, broadcast to shape (..., n, m), optional
        Truth values, True where a query may look; or floating-point numbers to add to the scores,
        −inf where it may not.
    causal : bool
        Whether query i may look at keys 0 to i only.
    scale : float, optional
        What products of queries and keys are multiplied by; 1 / √d by default.

    Returns
    -------
    ndarray, shape (..., n, e)
        In the floating-point type of the three together. A query that may look at nothing gets 0,
        where softmax alone would say NaN. What a query may not look at has no say, not even a value
        of ∞ or NaN.

    Raises
    ------
    TypeError
        If something is not real numbers, or the mask is of integers: 0 and 1 could mean either.
    ValueError
        If the shapes do not fit, there are no keys, or the scale is not finite.

    Notes
    -----
    .. math:: \operatorname{attention}(Q, K, V)
        = \operatorname{softmax}\!\left( \frac{Q K^\top}{\sqrt d} + M \right) V

    The scale keeps the variance of a score at 1 if the entries of queries and keys are independent
    with the variance 1: a sum of d products has the variance d. A. Vaswani and others, Attention is
    all you need, NeurIPS 2017, arXiv:1706.03762, section 3.2.1.

    Masks are added *before* softmax. Weights multiplied by 0 afterwards would no longer sum to 1.

    A row without anything to look at: PyTorch's ``scaled_dot_product_attention`` gives 0 as well
    (version 2.13), softmax of its scores NaN. A masked value of ∞ or NaN makes it NaN there, as 0
    times ∞ is.

    Examples
    --------
    >>> keys = [[1.0, 0.0], [0.0, 1.0]]
    >>> attention([[5.0, 0.0]], keys, [[10.0], [20.0]]).round(3)
    array([[10.283]])
    >>> attention([[5.0, 0.0]], keys, [[10.0], [20.0]], mask=[[False, True]])
    array([[20.]])

    Derived in the chapter *attention*.
    """
    given = _check(queries, keys, values, mask, scale)
    scores = _scores(given, causal)
    clean, odd = _split(given.values)
    mean = _weights(scores) @ clean
    if odd is not None:
        mean += _odd_ones(scores, odd)
    return mean.astype(given.dtype)


def attention_weights(
    queries: ArrayLike,
    keys: ArrayLike,
    mask: ArrayLike | None = None,
    causal: bool = False,
    scale: float | None = None,
) -> FloatArray:
    """Return how much each query looks at each key.

    Parameters
    ----------
    queries, keys, mask, causal, scale
        As for :func:`softmaxbook.attention`.

    Returns
    -------
    ndarray, shape (..., n, m)
        Rows with sum 1, or of 0 for a query that may look at nothing. Their
        :func:`softmaxbook.entropy` says how widely a query looks: from 0 for one key to log m.

    Raises
    ------
    TypeError, ValueError
        As :func:`softmaxbook.attention`.

    Examples
    --------
    >>> attention_weights([[0.0], [9.0]], [[1.0], [2.0]], causal=True).round(3)
    array([[1., 0.],
           [0., 1.]])

    Derived in the chapter *attention*.
    """
    given = _check(queries, keys, keys, mask, scale)
    return _weights(_scores(given, causal)).astype(given.dtype)


@np.errstate(all="ignore")
def attention_in_blocks(
    queries: ArrayLike,
    keys: ArrayLike,
    values: ArrayLike,
    mask: ArrayLike | None = None,
    causal: bool = False,
    scale: float | None = None,
    block_size: int = 256,
) -> FloatArray:
    r"""Return the same as :func:`softmaxbook.attention`, with the memory of one block.

    Parameters
    ----------
    queries, keys, values, mask, causal, scale
        As for :func:`softmaxbook.attention`.
    block_size : int
        How many queries, and how many keys, are looked at together; at least 1.

    Returns
    -------
    ndarray, shape (..., n, e)

    Raises
    ------
    TypeError, ValueError
        As :func:`softmaxbook.attention`; also if `block_size` is below 1.

    Notes
    -----
    For a block of queries the keys are read once, from left to right. Three things are kept for
    each query: the maximum m of its scores so far, the sum s of their exponentials relative to m,
    and the sum a of values weighted by the same exponentials. A block with scores z and values V
    changes them into

    .. math::
        \begin{aligned}
        m' &= \max(m, \max z), \\
        s' &= s\, e^{m - m'} + \sum_j e^{z_j - m'}, \\
        a' &= a\, e^{m - m'} + \sum_j e^{z_j - m'} V_j,
        \end{aligned}

    and a / s at the end is the mean. Each state is what one would have with the keys read so far,
    so that on paper the result is the same for every block size.

    M. N. Rabe and C. Staats, Self-attention does not need O(n²) memory, 2021, arXiv:2112.05682;
    T. Dao and others, FlashAttention, NeurIPS 2022, arXiv:2205.14135.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> q, k, v = rng.normal(size=(3, 1000, 16))
    >>> bool(np.allclose(attention_in_blocks(q, k, v, block_size=64), attention(q, k, v)))
    True

    Derived in the chapter *attention*.
    """
    given = _check(queries, keys, values, mask, scale)
    if operator.index(block_size) < 1:
        raise ValueError(f"block_size must be at least 1, got {block_size}")
    n, m = given.shape[-2:]
    clean, odd = _split(given.values)
    down = _room(clean)
    clean = np.ldexp(clean, -down) if down else clean
    out = np.empty((*given.shape[:-1], given.values.shape[-1]), given.dtype)
    for start in range(0, n, block_size):
        rows = slice(start, min(start + block_size, n))
        visible = min(m, rows.stop) if causal else m  # later keys are masked for all these queries
        state = _State.empty((*given.shape[:-2], rows.stop - start), given.values)
        strange: Any = 0
        for first in range(0, visible, block_size):
            columns = slice(first, min(first + block_size, m))
            block = _scores(given, causal, rows, columns)
            state = state.look(block, clean[..., columns, :])
            if odd is not None:
                strange = strange + _odd_ones(block, odd[..., columns, :])
        out[..., rows, :] = np.ldexp(state.mean(), down) + strange
    return out


class _State(NamedTuple):
    """What is known of some queries: maximum, sum and weighted sum of the values."""

    maximum: FloatArray
    total: FloatArray
    weighted: FloatArray

    @classmethod
    def empty(cls, shape: tuple[int, ...], values: FloatArray) -> _State:
        """Return what is known before any key."""
        dtype = values.dtype
        weighted = np.zeros((*shape, values.shape[-1]), dtype)
        return cls(np.full((*shape, 1), -np.inf, dtype), np.zeros((*shape, 1), dtype), weighted)

    def look(self, scores: FloatArray, values: FloatArray) -> _State:
        """Return what is known after some more keys."""
        maximum = np.maximum(self.maximum, scores.max(axis=-1, keepdims=True))
        shift = np.where(maximum == -np.inf, 0, maximum)
        weights = difference(scores, shift, out=np.empty_like(scores))
        np.exp(weights, out=weights)
        repair = np.exp(difference(self.maximum, shift, out=np.empty_like(shift)))
        total = self.total * repair + weights.sum(axis=-1, keepdims=True)
        return _State(maximum, total, self.weighted * repair + weights @ values)

    def mean(self) -> FloatArray:
        """Return the weighted mean of the values; 0 if no key could be seen."""
        unseen = self.maximum == -np.inf
        mean: FloatArray = self.weighted / np.where(unseen, 1, self.total)
        return mean


class _Given(NamedTuple):
    """Arguments, checked, in the type to compute with."""

    queries: FloatArray
    keys: FloatArray
    values: FloatArray
    mask: NDArray[Any] | None
    shape: tuple[int, ...]
    dtype: np.dtype[Any]


def _check(
    queries: ArrayLike,
    keys: ArrayLike,
    values: ArrayLike,
    mask: ArrayLike | None,
    scale: float | None,
) -> _Given:
    """Return the arguments with the scale in the queries; say which do not fit."""
    names = {"queries": queries, "keys": keys, "values": values}
    q, k, v = (as_floats(array, name) for name, array in names.items())
    for name, array in zip(names, (q, k, v), strict=True):
        if array.ndim < 2:
            raise ValueError(f"{name} must have at least two axes, their shape is {array.shape}")
    if q.shape[-1] != k.shape[-1] or not q.shape[-1]:
        raise ValueError(f"queries and keys must have one width, got {q.shape} and {k.shape}")
    if k.shape[-2] != v.shape[-2] or not k.shape[-2]:
        raise ValueError(f"each key needs a value, got keys {k.shape} and values {v.shape}")
    try:
        front = np.broadcast_shapes(q.shape[:-2], k.shape[:-2], v.shape[:-2])
    except ValueError:
        message = f"axes in front do not fit: queries {q.shape}, keys {k.shape}, values {v.shape}"
        raise ValueError(message) from None
    factor = 1 / math.sqrt(q.shape[-1]) if scale is None else float(scale)
    if not math.isfinite(factor):
        raise ValueError(f"scale must be finite, got {scale}")
    shape = (*front, q.shape[-2], k.shape[-2])
    dtype = np.result_type(q, k, v)
    work = working_dtype(dtype, 1.0)
    largest = max(1.0, float(np.abs(q[np.isfinite(q)]).max(initial=0)))
    if abs(factor) * largest > float(np.finfo(work).max):  # in single precision it would be ∞
        work = np.result_type(work, np.float64)
    q, k, v = (array.astype(work, copy=False) for array in (q, k, v))
    return _Given(q * work.type(factor), k, v, _check_mask(mask, shape), shape, dtype)


def _check_mask(mask: ArrayLike | None, shape: tuple[int, ...]) -> NDArray[Any] | None:
    """Return a mask as a view with the shape of the scores."""
    if mask is None:
        return None
    array = as_array(mask, "mask")
    if array.dtype.kind not in "bf":
        raise TypeError(
            f"mask must be truth values (True: may look) or floats to add, got {array.dtype}"
        )
    try:
        return np.broadcast_to(array, shape)
    except ValueError:
        message = f"mask has shape {array.shape}, which does not fit scores of shape {shape}"
        raise ValueError(message) from None


@np.errstate(all="ignore")
def _scores(
    given: _Given, causal: bool, rows: slice = slice(None), columns: slice = slice(None)
) -> FloatArray:
    """Return the scores of some queries and keys, −inf where a query may not look."""
    product = given.queries[..., rows, :] @ given.keys[..., columns, :].swapaxes(-1, -2)
    front = given.shape[:-2]
    scores: FloatArray = product
    if product.shape[:-2] != front:
        scores = np.broadcast_to(product, (*front, *product.shape[-2:])).copy()
    if given.mask is not None:
        part = given.mask[..., rows, columns]
        if part.dtype.kind == "b":
            np.copyto(scores, -np.inf, where=~part)
        else:
            scores += part
            np.copyto(scores, -np.inf, where=part == -np.inf)  # whatever it is added to
    if causal:
        n, m = given.shape[-2:]
        later = np.arange(n)[rows, None] < np.arange(m)[columns]
        np.copyto(scores, -np.inf, where=later)
    return scores


def _weights(scores: FloatArray) -> FloatArray:
    """Return softmax of the scores, and 0 where all of a row are −inf."""
    unseen = scores.max(axis=-1, keepdims=True) == -np.inf
    weights = softmax(scores)
    np.copyto(weights, 0, where=unseen)
    return weights


def _split(values: FloatArray) -> tuple[FloatArray, FloatArray | None]:
    """Return values with 0 in the place of what is not finite; and that alone, if there is any."""
    finite = np.isfinite(values)
    if finite.all():
        return values, None
    return np.where(finite, values, 0), np.where(finite, 0, values)


def _odd_ones(scores: FloatArray, odd: FloatArray) -> FloatArray:
    """Return 0, or the ∞ or NaN that a query sees, where 0 times ∞ must not count."""
    seen = (scores > -np.inf).astype(odd.dtype)
    found: FloatArray = np.zeros((*scores.shape[:-1], odd.shape[-1]), odd.dtype)
    for number, where in (
        (np.inf, odd == np.inf),
        (-np.inf, odd == -np.inf),
        (np.nan, np.isnan(odd)),
    ):
        found += np.where(seen @ where.astype(odd.dtype) > 0, number, 0)
    return found


def _room(values: FloatArray) -> int:
    """Return how many powers of two values must shrink for a finite sum of all of them."""
    exponent = math.frexp(float(np.abs(values).max(initial=0)))[1]
    needed: int = exponent + values.shape[-2].bit_length() - int(np.finfo(values.dtype).maxexp)
    return max(0, needed)
