"""Sums of exponentials that keep every digit, and what a sum holds beside its largest term."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from softmaxbook.numerics.arrays import FloatArray
from softmaxbook.numerics.exponentials import (
    exponentials,
    reach,
    shift_for,
    tempered_exponentials,
)
from softmaxbook.numerics.rows import FEW, SHORT, column, largest, maxima, reduce_rows, smallest


def row_sums(weights: FloatArray) -> Any:
    """Return the sum of each row, with an error that grows like log K.

    One short row is added without any error but that of the result, and sooner.
    """
    if weights.ndim == 1 and len(weights) <= SHORT and weights.dtype.itemsize <= 8:
        return weights.dtype.type(math.fsum(weights.tolist()))
    return reduce_rows(np.add, weights)


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
    if weights.shape[-1] <= FEW or weights.dtype.itemsize < 8:
        return total
    if weights.ndim == 1:
        many = total < 2 * leader and 8 * largest(weights) < total
        return separated_sums(weights, total) if many else total
    where = np.flatnonzero(total < 2 * leader)
    if len(where):
        where = where[8 * reduce_rows(np.maximum, weights)[where] < total[where]]
        total[where] = separated_sums(weights[where], total[where])
    return total


def rest_of_sum(
    rows: FloatArray, index: Any, top: Any, shift: Any, temperature: float, out: FloatArray
) -> Any:
    """Return Σ exp((z − m) / T) − 1 for each row, without the cancellation of that −1.

    Parameters
    ----------
    rows, shift, temperature, out
        As for :func:`exponentials`; `out` is contiguous.
    index, top
        Where the maxima are, and the maxima m, as :func:`maxima` returns them: their term is left
        out.

    Notes
    -----
    A small rest is itself the log-probability of the largest logit, up to its sign, so that its
    relative error counts: :func:`careful_sums`, :func:`underflowing_rests`.

    Examples
    --------
    >>> z = np.array([0.0, -40.0])
    >>> index, top = maxima(z)
    >>> float(rest_of_sum(z, index, top, None, 1.0, np.empty(2))), float(np.exp(z).sum() - 1)
    (4.248354255291589e-18, 0.0)
    """
    weights = exponentials(rows, shift, temperature, out)
    flat = weights.ravel("K")  # a view
    leader = flat[index]
    flat[index] = 0
    rest = careful_sums(weights, leader) / leader
    tiny = reach(rows.dtype, rows.shape[-1]).tiny
    if smallest(rest) >= tiny:
        return rest
    rests, many, tops = np.atleast_1d(rest), np.atleast_2d(rows), np.reshape(top, (-1, 1))
    where = np.flatnonzero(rests < tiny)
    rests[where] = underflowing_rests(many[where], tops[where], temperature)
    return rests.reshape(rest.shape)[()]


def underflowing_rests(rows: FloatArray, top: FloatArray, temperature: float) -> FloatArray:
    """Return the same as :func:`rest_of_sum` where exponentials underflow but their sum may not.

    The square root of an exponential is the exponential at twice the temperature. Roots
    do not underflow, and may be scaled by a power of two before they are squared. Most rows
    have nothing to add: all their other entries are masks, or too far below.
    """
    near = np.count_nonzero(rows > top - temperature * reach(rows.dtype).floor, axis=-1)
    dtype = np.result_type(rows.dtype, np.float64)
    rests, where = np.zeros(len(rows), dtype), np.flatnonzero(near > 1)
    if not len(where):
        return rests
    rows, top = np.ascontiguousarray(rows[where], dtype), top[where].astype(dtype)
    shift = shift_for(rows, 2 * temperature, top)
    roots = tempered_exponentials(rows, shift, 2 * temperature, np.empty_like(rows))
    index, flat = maxima(rows)[0], roots.ravel()
    leader, exponent = np.frexp(flat[index])
    flat[index] = 0
    far = int(0.4 * reach(dtype).floor)
    squares = np.ldexp(roots, far - column(exponent)) ** 2
    total = separated_sums(squares, row_sums(squares)) / leader**2
    rests[where] = np.ldexp(total, -2 * far)
    return rests
