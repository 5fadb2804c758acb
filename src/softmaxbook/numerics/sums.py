"""Sums of exponentials that keep every digit, and what a sum holds beside its largest term."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from softmaxbook.numerics.arrays import FloatArray
from softmaxbook.numerics.exponentials import exponentials, reach, tempered_exponentials
from softmaxbook.numerics.rows import SHORT, column, maxima, side_by_side, smallest


def row_sums(weights: FloatArray) -> Any:
    """Return the sum of each row, added in pairs, so that the error grows like log K.

    NumPy does so for rows in one piece. Rows side by side are folded in half until they are short.
    One short row is added without any error but that of the result, and sooner.
    """
    if weights.ndim == 1 and len(weights) <= SHORT and weights.dtype.itemsize <= 8:
        return weights.dtype.type(math.fsum(weights.tolist()))
    if side_by_side(weights):
        while weights.shape[1] > 8:
            half = weights.shape[1] // 2
            folded = weights[:, :half] + weights[:, half : 2 * half]
            folded[:, 0] += weights[:, 2 * half :].sum(axis=1)  # the last one, if K is odd
            weights = folded
    return np.add.reduce(weights, axis=-1)


def separated_sums(weights: FloatArray, roughly: Any) -> Any:
    """Return the sums of rows, given as `roughly`, with hardly more than one rounding error.

    Adding and subtracting a larger number cuts each weight into a multiple of that number's last
    place and a rest. The multiples are added without any error, and the rests are so small
    that errors in their sum do not matter: S. M. Rump, T. Ogita and S. Oishi, Accurate
    floating-point summation, part I, SIAM Journal on Scientific Computing 31, 189–224, 2008,
    doi 10.1137/050645671.

    Examples
    --------
    >>> weights = np.full(127, 1 / 3)
    >>> truth = math.fsum(weights)
    >>> float(separated_sums(weights, row_sums(weights)) - truth), float(row_sums(weights) - truth)
    (0.0, 1.4210854715202004e-14)
    """
    much = column(2 * roughly)
    high = (weights + much) - much
    return row_sums(high) + row_sums(weights - high)


def careful_sums(weights: FloatArray, leader: Any) -> Any:
    """Return row sums with :func:`separated_sums` where plain ones could be off by several units.

    This matters where the logarithm of 1 + sum / leader inherits the relative error of the sum, and
    many terms are of like size: if they are equal, their rounding errors add up instead of
    averaging out. In float32 the exponentials themselves are less accurate than any sum.
    """
    total = row_sums(weights)
    if weights.shape[-1] <= 12 or weights.dtype.itemsize < 8:
        return total
    doubtful = total < 2 * leader
    if not np.count_nonzero(doubtful):
        return total
    if weights.ndim == 1:
        many = 8 * weights.max() < total
        return separated_sums(weights, total) if many else total
    where = np.flatnonzero(doubtful & (8 * weights.max(axis=-1) < total))
    total[where] = separated_sums(weights[where], total[where])
    return total


def underflowing_rest(rows: FloatArray, index: Any, top: Any, temperature: float) -> Any:
    """Return the same as :func:`rest_of_sum` where exponentials underflow but their sum may not.

    The square root of an exponential is the exponential at twice the temperature. Roots
    do not underflow, and may be scaled by a power of two before they are squared.
    """
    dtype = np.result_type(rows.dtype, np.float64)
    rows, top = rows.astype(dtype), top.astype(dtype)
    roots = tempered_exponentials(rows, top, 2 * temperature, np.empty_like(rows))
    leader, exponent = np.frexp(roots.ravel()[index])
    roots.ravel()[index] = 0
    far = int(0.4 * reach(dtype).floor)
    squares = np.ldexp(roots, far - column(exponent)) ** 2
    return np.ldexp(separated_sums(squares, row_sums(squares)) / leader**2, -2 * far)


def rest_of_sum(rows: FloatArray, index: Any, top: Any, temperature: float, out: FloatArray) -> Any:
    """Return Σ exp((z − m) / T) − 1 for each row, without the cancellation of that −1.

    Parameters
    ----------
    rows, top, temperature, out
        As for :func:`exponentials`; `out` must be contiguous and is overwritten.
    index
        Where the maxima m are, as :func:`maxima` returns it: their term is left out.

    Notes
    -----
    A small rest is itself the log-probability of the largest logit, up to its sign, so that its
    relative error counts: :func:`careful_sums`, :func:`underflowing_rest`.

    Examples
    --------
    >>> z = np.array([0.0, -40.0])
    >>> index, top = maxima(z)
    >>> float(rest_of_sum(z, index, top, 1.0, np.empty(2))), float(np.exp(z).sum() - 1)
    (4.248354255291589e-18, 0.0)
    """
    weights = exponentials(rows, temperature, out, top)
    if index is None:
        return rest_side_by_side(rows, weights, temperature)
    leader = weights.ravel()[index]
    weights.ravel()[index] = 0  # a view: the results of a block are contiguous
    rest = careful_sums(weights, leader) / leader
    tiny = reach(rows.dtype, rows.shape[-1]).tiny
    if smallest(rest) >= tiny or rows.shape[-1] == 1:
        return rest
    return np.where(rest >= tiny, rest, underflowing_rest(rows, index, top, temperature))


def rest_side_by_side(rows: FloatArray, weights: FloatArray, temperature: float) -> Any:
    """Return the same as :func:`rest_of_sum` for rows side by side.

    Where the rest is large, 1 may be subtracted from the whole. Otherwise all terms equal to the
    largest are left out, and counted by what is missing. Rows near underflow are moved.
    """
    leader = weights.max(axis=-1)
    whole = row_sums(weights) / leader
    if smallest(whole) >= 4:
        return whole - 1
    np.copyto(weights, 0, where=weights == column(leader))
    rest = row_sums(weights) / leader
    rest += np.rint(whole - rest) - 1
    if smallest(rest) >= reach(rows.dtype, rows.shape[-1]).tiny:
        return rest
    moved = np.ascontiguousarray(rows)
    return rest_of_sum(moved, *maxima(moved), temperature, np.empty_like(moved))
