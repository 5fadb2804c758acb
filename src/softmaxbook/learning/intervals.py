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
        """Return mean [low, high] with three decimals."""
        return f"{self.mean:.3f} [{self.low:.3f}, {self.high:.3f}]"


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

    Used in the chapters *networks* and *remedies*.
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

    Used in the chapters *networks* and *remedies*.
    """
    from scipy.stats import t

    x = as_floats(values, "values").astype(np.float64)
    if x.ndim != 1 or len(x) < 2 or not np.isfinite(x).all():
        raise ValueError(f"an interval needs at least two finite values in a row, got {x}")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must be between 0 and 1, got {confidence}")
    low, high = within
    if x.min() < low or x.max() > high:
        raise ValueError(f"values must be within {low} and {high}, got {x.min()} to {x.max()}")
    half = float(t.ppf((1 + confidence) / 2, len(x) - 1)) * x.std(ddof=1) / math.sqrt(len(x))
    mean = float(x.mean())
    return Interval(mean, float(max(mean - half, low)), float(min(mean + half, high)))
