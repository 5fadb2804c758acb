"""An experiment repeated over seeds, and what may be said of its mean."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from softmaxbook.numerics.arrays import FloatArray, as_floats


class Interval(NamedTuple):
    """A mean with the limits of its confidence interval.

    Parameters
    ----------
    mean, low, high : float

    Examples
    --------
    >>> print(Interval(0.9, 0.88, 0.92))
    0.900 [0.880, 0.920]
    """

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        """Return mean [low, high] with three decimals and true minus signs."""
        return f"{self.mean:.3f} [{self.low:.3f}, {self.high:.3f}]".replace("-", "−")

    def choose(self, above: str, below: str, neither: str) -> str:
        """Return the words for an interval above 0, below 0, or with 0 in it.

        Examples
        --------
        >>> Interval(0.2, 0.1, 0.3).choose("better", "worse", "not shown to differ")
        'better'
        """
        return above if self.low > 0 else below if self.high < 0 else neither


def over_seeds(
    experiment: Callable[[int], ArrayLike], seeds: Iterable[int] = range(10), progress: bool = True
) -> FloatArray:
    """Return what an experiment measures, once a seed, with a progress bar.

    Parameters
    ----------
    experiment : callable
        From a seed to a number, or to an array whose shape is the same for every seed.
    seeds : iterable of int
    progress : bool
        Whether to show the bar (on stderr; it vanishes at the end).

    Returns
    -------
    ndarray, shape (n_seeds, ...)

    Examples
    --------
    >>> over_seeds(lambda seed: seed / 2, range(3), progress=False)
    array([0. , 0.5, 1. ])

    Used in the chapters *networks*, *remedies* and *calibration*.
    """
    from tqdm import tqdm

    bar = tqdm(list(seeds), desc="seeds", leave=False, disable=not progress)
    return np.array([experiment(seed) for seed in bar], dtype=np.float64)


def mean_interval(
    values: ArrayLike,
    confidence: float = 0.95,
    within: tuple[float, float] = (-math.inf, math.inf),
) -> Interval:
    r"""Return the mean of repeated measurements and Student's interval for it.

    Parameters
    ----------
    values : array_like, shape (n,)
        At least two. For two methods on the same seeds pass the *differences*: what the seeds have
        in common then cancels.
    confidence : float
        In (0, 1).
    within : pair of float
        Where every value lies, such as (0, 1) for shares; the interval is cut to it.

    Returns
    -------
    Interval

    Raises
    ------
    ValueError
        If there are fewer than two values, one is not finite or not within the limits, or the
        confidence is not in (0, 1).

    Notes
    -----
    .. math:: \bar x \pm t \, \frac{s}{\sqrt n},

    with t the quantile of Student's distribution with n − 1 degrees of freedom. It covers the true
    mean with the stated probability if the values are independent and normal. The seeds are what
    varies here; another test set would vary the result in addition.

    A mean of shares is a share, so cutting the interval leaves out nothing that could be true. Near
    0 and 1 shares are not normal, and the confidence is a rough one, cut or not.

    Examples
    --------
    >>> print(mean_interval([0.90, 0.92, 0.91, 0.93]))
    0.915 [0.894, 0.936]
    >>> print(mean_interval([1.0, 1.0, 0.97], within=(0, 1)))
    0.990 [0.947, 1.000]

    References
    ----------
    Student, *The Probable Error of a Mean* (1908), doi 10.1093/biomet/6.1.1.

    Used in the chapters *networks*, *remedies* and *calibration*.
    """
    from scipy.special import stdtrit  # as `scipy.stats.t.ppf`, which takes a second to load

    x = as_floats(values, "values").astype(np.float64)
    if x.ndim != 1 or len(x) < 2 or not np.isfinite(x).all():
        raise ValueError(f"an interval needs at least two finite values in a row, got {x}")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must be between 0 and 1, got {confidence}")
    low, high = within
    if x.min() < low or x.max() > high:
        raise ValueError(f"values must be within {low} and {high}, got {x.min()} to {x.max()}")
    half = float(stdtrit(len(x) - 1, (1 + confidence) / 2)) * x.std(ddof=1) / math.sqrt(len(x))
    mean = float(x.mean())
    return Interval(mean, float(max(mean - half, low)), float(min(mean + half, high)))


def holm(differences: ArrayLike) -> FloatArray:
    r"""Return how surely each of several mean differences is not 0, all of them together.

    Parameters
    ----------
    differences : array_like, shape (n_comparisons, n)
        A row for each comparison: paired differences over seeds, at least two.

    Returns
    -------
    ndarray, shape (n_comparisons,)
        Student's p-values, corrected after Holm, in the given order. Those below 0.05 are a list
        that holds a difference which is 0 in at most one of twenty such families.

    Raises
    ------
    ValueError
        If the differences have another shape, or one is not finite.

    Notes
    -----
    With the p-values in rising order, the corrected ones are

    .. math:: \tilde p_{(i)} = \max_{j \le i} \min\bigl( 1, \, (m - j + 1)\, p_{(j)} \bigr).

    The comparisons may depend on each other in any way.

    Examples
    --------
    >>> holm([[0.2, 0.3, 0.1, 0.2], [0.1, -0.1, 0.2, 0.0]]).round(3)
    array([0.033, 0.495])

    References
    ----------
    Holm, *A Simple Sequentially Rejective Multiple Test Procedure* (1979), Scandinavian Journal of
    Statistics 6, 65-70.

    Used in the chapters *finetuning* and *sharing*.
    """
    from scipy.special import stdtr  # as `scipy.stats.t.sf`, which takes a second to load

    rows = as_floats(differences, "differences").astype(np.float64)
    if rows.ndim != 2 or rows.shape[1] < 2 or not len(rows) or not np.isfinite(rows).all():
        raise ValueError(
            f"needs a row of at least two finite values each, got an array of shape {rows.shape}"
        )
    n = rows.shape[1]
    means, errors = rows.mean(axis=1), rows.std(axis=1, ddof=1) / math.sqrt(n)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(means == 0, 0, np.abs(means) / errors)  # infinite where all agree
    alone = 2 * stdtr(n - 1, -ratio)
    order = np.argsort(alone, kind="stable")
    steps = np.minimum(1, np.arange(len(rows), 0, -1) * alone[order])
    corrected = np.empty(len(rows))
    corrected[order] = np.maximum.accumulate(steps)
    return corrected
