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
import sys
from typing import Any, NamedTuple

import numpy as np

from softmaxbook.numerics.arrays import FloatArray
from softmaxbook.numerics.rows import highest, largest, smallest


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
    lowest : float
        exp(x / T) is a normal number for x ≥ lowest.
    """

    unit: float
    ceiling: float
    floor: float
    tiny: float
    lowest: float


@functools.lru_cache(maxsize=1024)
def reach(dtype: np.dtype[Any], n_classes: int = 1, temperature: float = 1.0) -> Reach:
    """Compute :class:`Reach` from the limits of the type.

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
        ceiling=min((math.floor(highest * (temperature / unit)) - 2) * unit, sys.float_info.max),
        floor=2.0 ** math.ceil(math.log2(-lowest * (temperature / unit))) * unit,
        tiny=float(4 * n_classes * (info.smallest_subnormal / info.eps)),
        lowest=math.ceil(np.log(info.smallest_normal)) * temperature,
    )


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
        T, positive.

    Returns
    -------
    None, scalar or ndarray, shape (R, 1)
        No shift, the same for all rows, or one for each row.

    Notes
    -----
    The shift is only as far as it must be: it moves the maxima into [0, H], down to −1 for some
    (``Reach``), and leaves rows alone that are there. And it is a whole number wherever
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
    unit, ceiling, floor, *_ = reach(top.dtype, n_classes, temperature)
    low, high = smallest(top), largest(top)
    if low > -unit and high <= ceiling:
        return None
    if low == high:
        shift = low - min(max(low, 0), ceiling) if low < 2 * floor else low
    elif high - low <= ceiling and (2 * high <= low or low >= 2 * floor):
        shift = low
    else:
        shift = top - np.minimum(np.maximum(top, 0), ceiling)
        if not high < 2 * floor:
            shift = np.where(top < 2 * floor, shift, top)
    if unit == 1:
        shift = np.trunc(shift)
    else:
        shift = np.where(np.abs(shift) < 2 * floor, np.trunc(shift / unit) * unit, shift)
    return np.asarray(shift, top.dtype)[()]


def shift_for(rows: FloatArray, temperature: float, top: Any = None) -> Any:
    """Return a shift c for which no exponential exp((z − c) / T) overflows or is needed and lost.

    Where all exponentials are normal numbers as they are, it is None: no shift. Otherwise it is
    that of :func:`exact_shift`.

    Parameters
    ----------
    rows : ndarray, shape (R, K) or (K,)
        Logits.
    temperature : float
        T, positive.
    top : scalar or ndarray, shape (R, 1), optional
        The maxima of the rows, where they are known.

    Examples
    --------
    >>> shift_for(np.array([-20.0, -21.0]), 1.0) is None
    True
    >>> float(shift_for(np.array([-720.0, -721.0]), 1.0))
    -720.0
    """
    n_classes = rows.shape[-1]
    limits = reach(rows.dtype, n_classes, temperature)
    high = top is not None and smallest(top) > -limits.unit
    tops = rows if top is None else top
    if (high or smallest(rows) >= limits.lowest) and largest(tops) <= limits.ceiling:
        return None
    return exact_shift(highest(rows) if top is None else top, n_classes, temperature)


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


def exponentials(rows: FloatArray, shift: Any, temperature: float, out: FloatArray) -> FloatArray:
    """Fill `out` with exp((rows − shift) / T), all digits kept; return it.

    Parameters
    ----------
    rows : ndarray
        Logits.
    shift : None, scalar or ndarray
        From :func:`shift_for`.
    temperature : float
        T, positive; if it is not 1, the type must be at least float64.
    out : ndarray
        Like `rows`, to be overwritten.

    Examples
    --------
    >>> exponentials(np.array([2.0, 1.0, -1.0]), None, 1.0, np.empty(3))
    array([7.3890561 , 2.71828183, 0.36787944])
    """
    if temperature != 1:
        return tempered_exponentials(rows, shift, temperature, out)
    return np.exp(rows if shift is None else difference(rows, shift, out), out)


def tempered_exponentials(
    rows: FloatArray, shift: Any, temperature: float, out: FloatArray
) -> FloatArray:
    """Fill `out` like :func:`exponentials`, repaired for the rounding error of the division.

    exp(x + e) = exp(x) (1 + e) to second order in e, the error of the quotient x.
    """
    exponent = math.frexp(temperature)[1] - 1
    divisor = math.ldexp(temperature, -exponent)  # 1 ≤ divisor < 2
    np.ldexp(rows if shift is None else difference(rows, shift, out), -exponent, out=out)
    # Far below, exp is 0 in any case, but infinite differences would be repaired to NaN.
    np.maximum(out, -4 * reach(out.dtype).floor, out=out)
    x, error = quotient(out, divisor)
    np.exp(x, out=out)
    error *= out
    out += error
    return out


def gaps(
    rows: FloatArray, top: Any, temperature: float, out: FloatArray, finite: bool = False
) -> FloatArray:
    """Fill `out` with (rows − top) / T, which may be finite where rows − top is not; return it.

    It takes less time to be told that all of `top` is `finite` than to look.
    """
    if temperature > 1:
        rows, top, temperature = rows / 2, top / 2, temperature / 2
    if finite:
        np.subtract(rows, top, out)
    else:
        difference(rows, top, out)
    if temperature != 1:
        out /= temperature
    return out
