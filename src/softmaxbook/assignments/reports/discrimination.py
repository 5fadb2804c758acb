"""Which exercise separates: whether those who do well elsewhere do well on it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import ArrayLike

FEWEST = 10  # with fewer students the interval says nothing: it covers most of −1 … 1
NORMAL = 1.959963984540054  # of 95 %


class Finding(Enum):
    """What an interval allows to say, or why there is none; the value is the sentence."""

    SEPARATES = "separates"
    REVERSED = "the wrong way round: look at it"
    UNSURE = "cannot be told"
    TOO_FEW = "too few students to tell ({n})"
    ALL_THE_SAME = "all earned the same"
    NO_OTHERS = "nothing to compare it with"


@dataclass(frozen=True)
class Discrimination:
    """A corrected item–total correlation with its 95 % interval, or why there is none."""

    finding: Finding
    n: int
    r: float = math.nan
    low: float = math.nan
    high: float = math.nan

    @property
    def is_known(self) -> bool:
        """Return whether there is a correlation."""
        return not math.isnan(self.r)

    @property
    def said(self) -> str:
        """Return the finding in words."""
        return self.finding.value.format(n=self.n)


def discrimination(points: ArrayLike) -> tuple[Discrimination, ...]:
    r"""Return for each exercise how its points go along with those of all others.

    Parameters
    ----------
    points : array_like, shape (n, k)
        What each of `n` students earned for each of `k` exercises.

    Returns
    -------
    tuple of Discrimination
        One for each exercise. `r` lies between −1 and 1. Without a number where fewer than ten
        students are graded, where all earned the same, or where there is no other exercise.

    Notes
    -----
    An exercise is correlated with the sum of the *others*: with itself in the sum, even a coin
    would separate. The interval is Fisher's,
    :math:`\tanh(\operatorname{artanh} r \pm 1.96 / \sqrt{n - 3})`. It is exact for normal points
    and a large class only; points of a few steps are neither, so it is a guide.

    Examples
    --------
    >>> found = discrimination([[k, k + k % 2, 1] for k in range(12)])
    >>> [each.said for each in found]
    ['separates', 'separates', 'all earned the same']
    """
    table = np.asarray(points, dtype=float)
    total = table.sum(axis=1)
    return tuple(_of(column, total - column) for column in table.T)


def _of(item: np.ndarray, others: np.ndarray) -> Discrimination:
    n = len(item)
    if n < FEWEST:
        return Discrimination(Finding.TOO_FEW, n)
    if np.ptp(item) == 0:
        return Discrimination(Finding.ALL_THE_SAME, n)
    if np.ptp(others) == 0:
        return Discrimination(Finding.NO_OTHERS, n)
    r = float(np.clip(np.corrcoef(item, others)[0, 1], -1, 1))
    middle = math.atanh(math.copysign(min(abs(r), 1 - 1e-12), r))
    half = NORMAL / math.sqrt(n - 3)
    low, high = math.tanh(middle - half), math.tanh(middle + half)
    finding = Finding.SEPARATES if low > 0 else Finding.REVERSED if high < 0 else Finding.UNSURE
    return Discrimination(finding, n, r, low, high)
