"""Floating-point formats, and where the exponential leaves them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from softmaxbook.numerics.arrays import FloatArray, as_floats


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

    Used in the chapter *overflow*.

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
