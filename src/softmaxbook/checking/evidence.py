"""Which of the inputs that fail shows most, and with how many digits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .outcomes import Outcome

VISIBLE = 1e-3  # a relative difference that six digits show well
DIGITS = (6, 9, 12, 17)


def most_telling(
    expected: Sequence[Outcome], outcomes: Sequence[Outcome], passed: Sequence[bool]
) -> int | None:
    """Return the position of the failing probe to show.

    It is the first one, for probes begin with the simplest; where its numbers hardly differ, the
    one with the largest relative difference.
    """
    failed = [k for k, ok in enumerate(passed) if not ok]
    if not failed:
        return None
    gaps = {k: _difference(expected[k], outcomes[k]) for k in failed}
    arrays = [(k, expected[k].array, outcomes[k].array) for k in failed]
    shapes = [(k, one, two) for k, one, two in arrays if one is not None and two is not None]
    differ = [(k, one.size != two.size) for k, one, two in shapes if one.shape != two.shape]
    if differ and differ[0][0] == failed[0]:  # one row alone has the size of many things
        return next((k for k, resized in differ if resized), failed[0])
    if gaps[failed[0]] >= VISIBLE:
        return failed[0]
    return max(failed, key=lambda k: (min(gaps[k], 1.0), -k))


def _difference(expected: Outcome, actual: Outcome) -> float:
    """Return the largest difference of two entries, relative to the right one."""
    one, two = expected.array, actual.array
    if one is None or two is None or one.shape != two.shape:
        return np.inf
    if "c" in (one.dtype.kind, two.dtype.kind):
        return np.inf
    right, gave = np.ravel(one).astype(float), np.ravel(two).astype(float)
    finite = np.isfinite(right) & np.isfinite(gave)
    if np.any(~finite & (right != gave) & ~(np.isnan(right) & np.isnan(gave))):
        return np.inf
    least = 1e-12 * float(np.max(np.abs(right[finite]), initial=0.0))
    size = np.maximum(np.abs(right[finite]), least)
    with np.errstate(all="ignore"):
        gap = np.abs(right[finite] - gave[finite]) / np.where(size > 0, size, 1.0)
    return float(np.max(gap, initial=0.0))


def telling_digits(one: NDArray[Any] | None, two: NDArray[Any] | None) -> int:
    """Return how many digits show that two arrays differ."""
    if one is None or two is None or one.shape != two.shape:
        return DIGITS[0]
    for digits in DIGITS:
        if _printed(one, digits) != _printed(two, digits):
            return digits
    return DIGITS[-1]


def _printed(array: NDArray[Any], digits: int) -> str:
    return np.array2string(array, precision=digits, threshold=30, floatmode="maxprec")
