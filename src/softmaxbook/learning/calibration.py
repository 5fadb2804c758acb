"""Calibration: whether a model is right as often as it is sure, and what chance adds to that."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from softmaxbook.learning.labels import IntArray, check_labels, check_shares
from softmaxbook.numerics.arrays import FloatArray, as_array, as_floats


class Reliability(NamedTuple):
    """A reliability diagram as numbers, one entry per bin of confidence.

    Parameters
    ----------
    edges : ndarray, shape (n_bins + 1,)
        In the type of the probabilities.
    counts : ndarray of int, shape (n_bins,)
    confidence, accuracy : ndarray, shape (n_bins,)
        Means over the bin's rows; NaN where there are none.
    """

    edges: FloatArray
    counts: IntArray
    confidence: FloatArray
    accuracy: FloatArray


def reliability(
    probabilities: ArrayLike, labels: ArrayLike, n_bins: int = 15, equal_counts: bool = False
) -> Reliability:
    """Return, for bins of confidence, how sure the model was and how often it was right.

    Parameters
    ----------
    probabilities : array_like, shape (n_samples, n_classes)
    labels : array_like of int, shape (n_samples,)
    n_bins : int
    equal_counts : bool
        Whether the bins hold equally many rows; otherwise they are equally wide.

    Returns
    -------
    Reliability

    Raises
    ------
    TypeError, ValueError
        For rows without sum 1, labels that are no classes (the first is named), or fewer than one
        bin.

    Notes
    -----
    Confidence is the largest probability of a row, and the row is right if it is the label's. Bin m
    of M is the interval ((m − 1) / M, m / M]. A calibrated model has accuracy = confidence in every
    bin, up to chance.

    Examples
    --------
    >>> diagram = reliability([[0.9, 0.1], [0.8, 0.2], [0.4, 0.6]], [0, 1, 1], n_bins=2)
    >>> diagram.counts, diagram.confidence.round(3), diagram.accuracy.round(3)
    (array([0, 3]), array([  nan, 0.767]), array([  nan, 0.667]))

    References
    ----------
    Guo, Pleiss, Sun and Weinberger, *On Calibration of Modern Neural Networks* (2017), section 2,
    arXiv 1706.04599.

    Derived in the chapter *calibration*.
    """
    confidence, right = confidence_and_hits(probabilities, labels)
    return _binned(confidence, right, _edges(confidence, n_bins, equal_counts))


def expected_calibration_error(
    probabilities: ArrayLike, labels: ArrayLike, n_bins: int = 15, equal_counts: bool = False
) -> float:
    r"""Return the mean distance between confidence and accuracy, over bins of confidence.

    Parameters
    ----------
    probabilities, labels, n_bins, equal_counts
        As for `reliability`.

    Returns
    -------
    float
        In [0, 1].

    Raises
    ------
    TypeError, ValueError
        As `reliability` does.

    Notes
    -----
    .. math:: \mathrm{ECE} = \sum_b \frac{n_b}{n} \lvert \mathrm{acc}_b - \mathrm{conf}_b \rvert.

    It is biased upwards: chance moves each bin's accuracy away from its confidence, and a distance
    cannot be negative. A perfectly calibrated model has an ECE of about
    Σ √(2 conf (1 − conf) n_b / π) / n, more with more bins and fewer rows.
    `calibration_error_by_chance` draws that part; `squared_calibration_error` subtracts it.

    Examples
    --------
    >>> p = np.tile([0.9, 0.1], (4, 1))
    >>> round(expected_calibration_error(p, [0, 0, 0, 1]), 6)
    0.15

    References
    ----------
    Pakdaman Naeini, Cooper and Hauskrecht, *Obtaining Well Calibrated Probabilities Using Bayesian
    Binning* (2015), doi 10.1609/aaai.v29i1.9602.

    Derived in the chapter *calibration*.
    """
    confidence, right = confidence_and_hits(probabilities, labels)
    return _error(confidence, right, _edges(confidence, n_bins, equal_counts))


def calibration_error_by_chance(
    probabilities: ArrayLike,
    n_bins: int = 15,
    equal_counts: bool = False,
    n_draws: int = 1000,
    seed: int = 0,
) -> FloatArray:
    """Return the ECE that these probabilities would have if they were true, drawn many times.

    Parameters
    ----------
    probabilities : array_like, shape (n_samples, n_classes)
    n_bins, equal_counts
        As for `reliability`.
    n_draws, seed : int

    Returns
    -------
    ndarray, shape (n_draws,)
        Their mean is the part of an ECE that chance explains; an ECE above nearly all of them
        cannot be blamed on it.

    Raises
    ------
    TypeError, ValueError
        As `reliability` does.

    Notes
    -----
    Each draw lets every row be right with the probability of its confidence. It is the consistency
    resampling of Bröcker and Smith with the rows kept as they are.

    Examples
    --------
    >>> p = np.tile([0.9, 0.1], (100, 1))
    >>> float(calibration_error_by_chance(p).mean().round(2))
    0.02

    References
    ----------
    Bröcker and Smith, *Increasing the Reliability of Reliability Diagrams* (2007),
    doi 10.1175/WAF993.1.

    Derived in the chapter *calibration*.
    """
    confidence = check_shares(_table(probabilities), "probabilities").max(axis=-1)
    edges = _edges(confidence, n_bins, equal_counts)
    rng = np.random.default_rng(seed)
    return np.array(
        [
            _error(confidence, rng.random(len(confidence)) < confidence, edges)
            for _ in range(n_draws)
        ]
    )


def squared_calibration_error(
    probabilities: ArrayLike, labels: ArrayLike, n_bins: int = 15, debiased: bool = True
) -> float:
    r"""Return the mean *squared* distance between confidence and accuracy, without its bias.

    Parameters
    ----------
    probabilities, labels, n_bins
        As for `reliability`; the bins hold equally many rows, at least two.
    debiased : bool
        Whether to subtract what chance adds.

    Returns
    -------
    float
        With `debiased` it may be negative: its mean over many data sets is right, not its sign.

    Raises
    ------
    TypeError, ValueError
        As `reliability` does, and for fewer than two rows in a bin.

    Notes
    -----
    .. math:: \sum_b \frac{n_b}{n} \Bigl( (\mathrm{conf}_b - \mathrm{acc}_b)^2
        - \frac{\mathrm{acc}_b (1 - \mathrm{acc}_b)}{n_b - 1} \Bigr).

    Given the confidences of a bin, the square exceeds the true one on average by the variance of
    its accuracy. The subtracted term estimates that variance without bias, if all rows of the bin
    are right with the same probability; otherwise it subtracts a little too much.

    Examples
    --------
    >>> p = np.tile([0.75, 0.25], (8, 1))
    >>> round(squared_calibration_error(p, [0, 0, 0, 0, 0, 0, 1, 1], n_bins=1), 6)
    -0.026786

    References
    ----------
    Kumar, Liang and Ma, *Verified Uncertainty Calibration* (2019), arXiv 1909.10155.

    Derived in the chapter *calibration*.
    """
    confidence, right = confidence_and_hits(probabilities, labels)
    _check_bins(n_bins)
    if len(right) < 2 * n_bins:
        raise ValueError(f"{n_bins} bins need at least {2 * n_bins} rows, got {len(right)}")
    total = 0.0
    order = np.argsort(confidence, kind="stable")
    for rows in np.array_split(order, n_bins):
        accuracy = right[rows].mean()
        square = (confidence[rows].mean() - accuracy) ** 2
        chance = accuracy * (1 - accuracy) / (len(rows) - 1) if debiased else 0.0
        total += len(rows) * float(square - chance)
    return total / len(right)


def confidence_and_hits(
    probabilities: ArrayLike, labels: ArrayLike
) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Return each row's largest probability, and whether it is the label's."""
    p = check_shares(_table(probabilities), "probabilities")
    truth = as_array(labels, "labels")
    if truth.shape != p.shape[:1]:
        raise ValueError(f"labels must have shape ({len(p)},), got {truth.shape}")
    numbers = check_labels(truth, p.shape)
    right: NDArray[np.bool_] = p.argmax(axis=-1) == numbers
    return p.max(axis=-1), right


def _table(probabilities: ArrayLike) -> FloatArray:
    p = as_floats(probabilities, "probabilities")
    if p.ndim != 2 or not p.size:
        raise ValueError(f"probabilities must have shape (n_samples, n_classes), got {p.shape}")
    return p


def _check_bins(n_bins: int) -> None:
    if n_bins < 1:
        raise ValueError(f"n_bins must be at least 1, got {n_bins}")


def _edges(confidence: FloatArray, n_bins: int, equal_counts: bool) -> FloatArray:
    """Return the limits of the bins, from 0 to 1."""
    _check_bins(n_bins)
    # In the type of the confidences: float32(0.6) is above 0.6, and belongs to the bin up to 0.6.
    edges = (np.arange(n_bins + 1) / n_bins).astype(confidence.dtype)
    if equal_counts:
        edges[1:-1] = np.quantile(confidence, edges[1:-1])
    return edges


def _binned(confidence: FloatArray, right: NDArray[np.bool_], edges: FloatArray) -> Reliability:
    """Sort rows into bins that hold their upper limits."""
    n_bins = len(edges) - 1
    place = np.clip(np.searchsorted(edges, confidence) - 1, 0, n_bins - 1)
    counts = np.bincount(place, minlength=n_bins)
    with np.errstate(invalid="ignore"):
        sure = np.bincount(place, confidence, n_bins) / counts
        hits = np.bincount(place, right, n_bins) / counts
    return Reliability(edges, counts, sure, hits)


def _error(confidence: FloatArray, right: NDArray[np.bool_], edges: FloatArray) -> float:
    """Return Σ |accuracy − confidence| n_b / n; empty bins count nothing."""
    diagram = _binned(confidence, right, edges)
    full = diagram.counts > 0
    distance = np.abs(diagram.accuracy - diagram.confidence)[full]
    return float(distance @ diagram.counts[full]) / len(confidence)
