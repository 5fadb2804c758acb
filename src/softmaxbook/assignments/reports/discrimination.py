"""Which exercise separates: whether those who do well elsewhere do well on it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

FEWEST = 10  # with fewer students the interval says nothing: it covers most of −1 … 1
NORMAL = 1.959963984540054  # of 95 %


@dataclass(frozen=True)
class Discrimination:
    """A corrected item–total correlation with its 95 % interval, or why there is none."""

    n: int
    r: float = math.nan
    low: float = math.nan
    high: float = math.nan
    why: str = ""

    @property
    def verdict(self) -> str:
        """Return what the interval allows to say."""
        if self.why:
            return self.why
        if self.low > 0:
            return "separates"
        return "the wrong way round: look at it" if self.high < 0 else "cannot be told"


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
    >>> [each.verdict for each in found]
    ['separates', 'separates', 'all earned the same']
    """
    table = np.asarray(points, dtype=float)
    total = table.sum(axis=1)
    return tuple(_of(column, total - column) for column in table.T)


def _of(item: np.ndarray, others: np.ndarray) -> Discrimination:
    n = len(item)
    if n < FEWEST:
        return Discrimination(n, why=f"too few students to tell ({n})")
    if np.ptp(item) == 0:
        return Discrimination(n, why="all earned the same")
    if np.ptp(others) == 0:
        return Discrimination(n, why="nothing to compare it with")
    r = float(np.clip(np.corrcoef(item, others)[0, 1], -1, 1))
    middle = math.atanh(math.copysign(min(abs(r), 1 - 1e-12), r))
    half = NORMAL / math.sqrt(n - 3)
    return Discrimination(n, r, math.tanh(middle - half), math.tanh(middle + half))
