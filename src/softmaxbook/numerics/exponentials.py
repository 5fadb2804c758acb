"""Exponentials of a row of logits, relative to one another, that keep every digit.

Softmax, its logarithm and log-sum-exp all begin with the numbers exp((z − c) / T), one common
shift c for a row. Any c gives the same softmax on paper. In floating-point arithmetic c decides
three things: whether an exponential overflows, whether a needed one underflows, and whether
z − c is rounded. A rounding error of z − c is an *absolute* error of an exponent, and so a
*relative* error of the exponential: for z − c near −700 in float64 it is worth 60 units in
the last place. The shift chosen here avoids all three.
"""

from __future__ import annotations

import functools
import math
from typing import Any, NamedTuple

import numpy as np

from softmaxbook.numerics.arrays import FloatArray


def working_dtype(dtype: np.dtype[Any], temperature: float) -> np.dtype[Any]:
    """Return the type to compute with: float32 for float16, at least float64 if T is not 1.

    Examples
    --------
    >>> working_dtype(np.dtype("float16"), 1.0), working_dtype(np.dtype("float32"), 0.5)
    (dtype('float32'), dtype('float64'))
    """
    enough = np.dtype(np.float32 if temperature == 1 else np.float64)
    return dtype if dtype.itemsize >= enough.itemsize else enough


class Reach(NamedTuple):
    """How far the exponential of a row of K logits reaches in a floating-point type.

    Attributes
    ----------
    unit : float
        The power of two next below or equal to T.
    ceiling : float
        H, a multiple of the unit: K exponentials up to exp((H + unit) / T) have a finite sum.
    floor : float
        exp(x / T) rounds to 0 for x ≤ −floor; a power of two.
    tiny : float
        A sum of K exponentials above it has lost nothing to underflow.
    """

    unit: float
    ceiling: float
    floor: float
    tiny: float


@functools.lru_cache(maxsize=1024)
def reach(dtype: np.dtype[Any], n_classes: int = 1, temperature: float = 1.0) -> Reach:
    """Compute :class:`Reach` from the limits of the type; needs a temperature below 2.

    Examples
    --------
    >>> reach(np.dtype("float64"), 10).ceiling, reach(np.dtype("float64")).floor
    (705.0, 1024.0)
    """
    info = np.finfo(dtype)
    unit = 2.0 ** (math.frexp(temperature)[1] - 1)
    highest = float(np.log(info.max)) - math.log(n_classes)
    lowest = float(np.log(info.smallest_subnormal)) - math.log(2)
    return Reach(
        unit=unit,
        ceiling=(math.floor(highest * (temperature / unit)) - 2) * unit,
        floor=2.0 ** math.ceil(math.log2(-lowest * (temperature / unit))) * unit,
        tiny=float(4 * n_classes * (info.smallest_subnormal / info.eps)),
    )


def column(values: Any) -> Any:
    """Return one number per row as a column; the number of a single row as it is."""
    return values if values.ndim == 0 else values[:, None]


def side_by_side(rows: FloatArray) -> bool:
    """Tell whether neighbours in memory belong to different rows, as along ``axis=0``.

    Along an axis of length 1 strides say nothing, and a copy may keep them.
    """
    return rows.ndim == 2 and 1 not in rows.shape and rows.strides[0] < rows.strides[1]


def maxima(rows: FloatArray) -> tuple[Any, Any]:
    """Return where a maximum of each row is in ``rows.ravel()``, and the maxima as a column.

    A row with NaN has the maximum NaN. For rows side by side the first is None: NumPy
    would have to move all of them to find out.

    Examples
    --------
    >>> index, top = maxima(np.array([[1.0, 3.0], [5.0, 4.0]]))
    >>> index
    array([1, 2])
    >>> top
    array([[3.],
           [5.]])
    """
    if side_by_side(rows):
        return None, rows.max(axis=-1, keepdims=True)
    index = rows.argmax(axis=-1)
    if rows.ndim == 2:
        index += np.arange(0, rows.size, rows.shape[-1])
    return index, column(rows.ravel()[index])


def smallest(values: Any) -> Any:
    """Return the smallest of some numbers, NaN if one is; faster than ``min`` for few."""
    return values if values.ndim == 0 else values.ravel()[values.argmin()]


def largest(values: Any) -> Any:
    """Return the largest of some numbers, NaN if one is; faster than ``max`` for few."""
    return values if values.ndim == 0 else values.ravel()[values.argmax()]


def difference(rows: FloatArray, top: Any, out: FloatArray) -> FloatArray:
    """Fill `out` with rows − top; +inf − (+inf) counts as 0, since infinite logits are equal."""
    np.subtract(rows, top, out=out)
    if not largest(top) < np.inf:
        np.copyto(out, 0, where=rows == np.inf)
    return out


def exact_shift(top: Any, n_classes: int, temperature: float = 1.0) -> Any:
    r"""Return a shift c for rows with the maxima m in `top`, such that z − c needs no rounding.

    Parameters
    ----------
    top : scalar or ndarray, shape (R, 1)
        The maxima of the rows.
    n_classes : int
        K, the number of entries in a row.
    temperature : float
        T, below 2.

    Returns
    -------
    None, scalar or ndarray, shape (R, 1)
        No shift, the same for all rows, or one for each row.

    Notes
    -----
    The shift is only as far as it must be: it moves the maxima into [0, H], down to −1 for some
    (:class:`Reach`), and leaves rows alone that are there. And it is a whole number wherever
    the digits behind the point matter.

    *Theorem.* Let m be finite. Then z − c is free of rounding error for every z ≤ m whose
    exponential exp(z − c) does not round to 0, except if H < m < 2048 and z < c / 2.

    *Proof* for one row in float64 and T = 1, where exp(z − m) rounds to 0 for z ≤ m − 1024. In each
    case below, either both numbers are within a factor of 2 of each other, and then their
    difference is exact by Sterbenz' lemma; or c is a multiple of the unit in the last place
    of z and \|z − c\| ≤ \|z\|, so that the difference needs no more digits than z has.

    - If 0 ≤ m ≤ H, then c = 0.
    - If m < 0, then c is m without its digits behind the point, so m ≤ c ≤ 0 and z ≤ c. For
      \|z\| < 2⁵³ the second reason applies, for larger \|z\| the first.
    - If H < m < 2048, then c is m − H without its digits behind the point. For z ≥ c the second
      reason applies, for c / 2 ≤ z < c the first.
    - If m ≥ 2048, then c is m up to less than 1, and the first reason applies. ∎

    In the exceptional case softmax is below exp(−H), at the end of the range. Rows that
    are shifted together satisfy the same inequalities, and so do other temperatures, with
    multiples of the unit in the place of whole numbers.

    P. H. Sterbenz, Floating-Point Computation, Prentice-Hall, 1974.

    Examples
    --------
    >>> float(exact_shift(np.float64(-1.1), 10)), float(exact_shift(np.float64(1000.1), 10))
    (-1.0, 295.0)
    >>> exact_shift(np.float64(20.0), 10) is None
    True

    Derived in the chapter *overflow*.
    """
    unit, ceiling, floor, _ = reach(top.dtype, n_classes, temperature)
    low, high = smallest(top), largest(top)
    if low >= 0 and high <= ceiling:
        return None
    if high - low <= ceiling and (2 * high <= low or low >= 2 * floor):
        shift = low
    else:
        shift = np.where(top < 2 * floor, top - np.minimum(np.maximum(top, 0), ceiling), top)
    if unit == 1:
        return np.trunc(shift)
    return np.where(np.abs(shift) < 2 * floor, np.trunc(shift / unit) * unit, shift)[()]


def quotient(values: FloatArray, divisor: float) -> tuple[FloatArray, FloatArray]:
    """Return x and e with x + e = values / divisor: the rounded quotient and its error.

    Needs 1 ≤ divisor < 2 and values of moderate size. The error e has seven digits itself.

    Notes
    -----
    The error is (values − x · divisor) / divisor. Both factors of the product are cut in two, so
    that the products of the parts have at most 53 bits and are exact: T. J. Dekker, A
    floating-point technique for extending the available precision, Numerische Mathematik 18,
    224–242, 1971, doi 10.1007/BF01397083.

    Examples
    --------
    >>> x, e = quotient(np.array([-700.0]), 1.1)
    >>> from fractions import Fraction
    >>> missing = Fraction(-700) / Fraction(1.1) - Fraction(float(x[0]))
    >>> round(float(missing) / float(e[0]), 6)
    1.0
    """
    x = values / divisor
    high, divisor_high = x.astype(np.float32).astype(x.dtype), math.floor(divisor * 2**25) / 2**25
    rest = values - high * divisor_high
    rest -= high * (divisor - divisor_high)
    rest -= (x - high) * divisor
    rest /= divisor
    return x, rest


def exponentials(rows: FloatArray, top: Any, temperature: float, out: FloatArray) -> FloatArray:
    """Fill `out` with exp((rows − c) / T), c the shift of :func:`exact_shift`; return it.

    Parameters
    ----------
    rows : ndarray, shape (R, K) or (K,)
        Logits.
    top : scalar or ndarray, shape (R, 1)
        Their maxima, as :func:`maxima` returns them.
    temperature : float
        T, positive; if it is not 1, the type must be at least float64.
    out : ndarray
        Like `rows`, to be overwritten.

    Examples
    --------
    >>> z = np.array([2.0, 1.0, -1.0])
    >>> exponentials(z, maxima(z)[1], 1.0, np.empty(3))
    array([7.3890561 , 2.71828183, 0.36787944])
    """
    if temperature != 1:
        return tempered_exponentials(rows, top, temperature, out)
    shift = exact_shift(top, rows.shape[-1])
    return np.exp(rows if shift is None else difference(rows, shift, out), out=out)


def tempered_exponentials(
    rows: FloatArray, top: Any, temperature: float, out: FloatArray
) -> FloatArray:
    """Fill `out` like :func:`exponentials`, repaired for the rounding error of the division.

    exp(x + e) = exp(x) (1 + e) to second order in e, the error of the quotient x.
    """
    exponent = math.frexp(temperature)[1] - 1
    divisor = math.ldexp(temperature, -exponent)  # 1 ≤ divisor < 2
    if exponent > 0:  # scale first: z − c could overflow where (z − c) / T does not
        rows, top, temperature = np.ldexp(rows, -exponent), np.ldexp(top, -exponent), divisor
    shift = exact_shift(top, rows.shape[-1], temperature)
    difference(rows, np.zeros_like(top) if shift is None else shift, out)
    if exponent < 0:  # scale last: z / T could overflow where (z − c) / T does not
        np.ldexp(out, -exponent, out=out)
    # Far below, exp is 0 in any case, but infinite differences would be repaired to NaN.
    np.maximum(out, -4 * reach(out.dtype).floor, out=out)
    x, error = quotient(out, divisor)
    np.exp(x, out=out)
    error *= out
    out += error
    return out


def row_sums(weights: FloatArray) -> Any:
    """Return the sum of each row, added in pairs, so that the error grows like log K.

    NumPy does so for rows in one piece. Rows side by side are folded in half until they are short.
    """
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
    weights = exponentials(rows, top, temperature, out)
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


def gaps(rows: FloatArray, top: Any, temperature: float, out: FloatArray) -> FloatArray:
    """Fill `out` with (rows − top) / T, which may be finite where rows − top is not; return it."""
    if temperature > 1:
        rows, top, temperature = rows / 2, top / 2, temperature / 2
    difference(rows, top, out)
    if temperature != 1:
        out /= temperature
    return out
