"""From shares to decisions: a threshold, and how often what is then said is right."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from softmaxbook.learning.calibration import confidence_and_hits
from softmaxbook.learning.labels import check_class_numbers, check_shares, refuse
from softmaxbook.numerics.arrays import FloatArray, as_array, as_floats


class ClassRates(NamedTuple):
    """How well each class is found, and how far an answer that names it can be trusted.

    Parameters
    ----------
    precision : ndarray, shape (n_classes,)
        Of the rows that are said to be of the class, the share that is; NaN if none is said to be.
    recall : ndarray, shape (n_classes,)
        Of the rows of the class, the share that is said to be; NaN if there is none.
    """

    precision: FloatArray
    recall: FloatArray


def precision_and_recall(predicted: ArrayLike, labels: ArrayLike, n_classes: int) -> ClassRates:
    r"""Return precision and recall of every class.

    Parameters
    ----------
    predicted, labels : array_like of int, shape (n_samples,)
        Class numbers from 0 to n_classes − 1.
    n_classes : int

    Returns
    -------
    ClassRates

    Raises
    ------
    TypeError, ValueError
        If the shapes differ, or a number is no class.

    Notes
    -----
    With :math:`n_{jk}` rows of class j that are said to be of class k,

    .. math:: \mathrm{precision}_k = \frac{n_{kk}}{\sum_j n_{jk}}, \qquad
        \mathrm{recall}_k = \frac{n_{kk}}{\sum_j n_{kj}}.

    The mean of the recalls is the *balanced accuracy*. Recall does not depend on how frequent the
    classes are among the rows; precision does.

    Examples
    --------
    >>> rates = precision_and_recall([0, 0, 0, 1, 1], [0, 0, 1, 1, 0], 2)
    >>> rates.precision.round(3), rates.recall.round(3)
    (array([0.667, 0.5  ]), array([0.667, 0.5  ]))

    Derived in the chapter *remedies*.
    """
    said, truth = as_array(predicted, "predicted"), as_array(labels, "labels")
    if said.ndim != 1 or said.shape != truth.shape:
        raise ValueError(
            f"predicted and labels must have one shape (n_samples,), got {said.shape} and "
            f"{truth.shape}"
        )
    pairs = [check_class_numbers(numbers, n_classes) for numbers in (truth, said)]
    counts = np.zeros((n_classes, n_classes))
    np.add.at(counts, tuple(pairs), 1)
    with np.errstate(invalid="ignore"):
        return ClassRates(counts.diagonal() / counts.sum(axis=0), counts.diagonal() / counts.sum(1))


class Coverage(NamedTuple):
    """What a threshold on the confidence leaves of the answers, one entry for each threshold.

    Parameters
    ----------
    answered : ndarray, shape (n_thresholds,)
        The share of the rows whose largest probability reaches the threshold.
    wrong : ndarray, shape (n_thresholds,)
        The share of *those* rows that is answered wrongly; NaN where there are none.
    """

    answered: FloatArray
    wrong: FloatArray


def coverage(probabilities: ArrayLike, labels: ArrayLike, thresholds: ArrayLike) -> Coverage:
    """Return how many rows are answered, and how many of these wrongly, for some thresholds.

    Parameters
    ----------
    probabilities : array_like, shape (n_samples, n_classes)
    labels : array_like of int, shape (n_samples,)
    thresholds : array_like, shape (n_thresholds,)
        A row is answered if its largest probability is at least the threshold.

    Returns
    -------
    Coverage

    Raises
    ------
    TypeError, ValueError
        For rows without sum 1, labels that are no classes (the first is named), or thresholds that
        are not a list of numbers.

    Notes
    -----
    Which rows are answered depends on the model alone; a row of no known class has no label that
    could be right, and nothing in its probabilities says so.

    Examples
    --------
    >>> p = [[0.9, 0.1], [0.8, 0.2], [0.4, 0.6], [0.45, 0.55]]
    >>> coverage(p, [0, 0, 1, 0], [0.0, 0.7])
    Coverage(answered=array([1. , 0.5]), wrong=array([0.25, 0.  ]))

    References
    ----------
    Chow, *On Optimum Recognition Error and Reject Tradeoff* (1970), doi 10.1109/TIT.1970.1054406.

    Derived in the chapter *calibration*.
    """
    confidence, right = confidence_and_hits(probabilities, labels)
    limits = as_floats(thresholds, "thresholds")
    if limits.ndim != 1:
        raise ValueError(f"thresholds must have shape (n_thresholds,), got {limits.shape}")
    answered = confidence >= limits[:, None]
    count = answered.sum(axis=1)
    with np.errstate(invalid="ignore"):
        return Coverage(count / len(right), (answered & ~right).sum(axis=1) / count)


def at_base_rate(probabilities: ArrayLike, trained: ArrayLike, used: ArrayLike) -> FloatArray:
    r"""Return the probabilities where the classes are as frequent as they are in use.

    Parameters
    ----------
    probabilities : array_like, shape (..., n_classes)
        Of a model.
    trained, used : array_like, shape (n_classes,)
        The shares of the classes among its training rows, and where it is used. Only classes that
        it has seen can be corrected: each share in `trained` is positive.

    Returns
    -------
    ndarray, shape (..., n_classes)

    Raises
    ------
    TypeError, ValueError
        For rows or shares without sum 1, or a class without training rows.

    Notes
    -----
    If the inputs of each class are the same in both places, Bayes' rule gives

    .. math:: p'_k = \frac{p_k \, \pi'_k / \pi_k}{\sum_j p_j \, \pi'_j / \pi_j},

    with the shares :math:`\pi` in training and :math:`\pi'` in use: to each logit
    :math:`\log (\pi'_k / \pi_k)` is added.

    Examples
    --------
    >>> at_base_rate([0.2, 0.8], trained=[0.5, 0.5], used=[0.99, 0.01]).round(3)
    array([0.961, 0.039])

    References
    ----------
    Saerens, Latinne and Decaestecker, *Adjusting the Outputs of a Classifier to New a Priori
    Probabilities* (2002), doi 10.1162/089976602753284446.

    Derived in the chapter *remedies*.
    """
    p = check_shares(as_floats(probabilities, "probabilities"), "probabilities")
    before = check_shares(as_floats(trained, "trained"), "trained").astype(np.float64)
    after = check_shares(as_floats(used, "used"), "used").astype(np.float64)
    for name, share in (("trained", before), ("used", after)):
        if share.shape != p.shape[-1:]:
            raise ValueError(f"{name} must have shape ({p.shape[-1]},), got {share.shape}")
    refuse(before, before == 0, "leaves nothing of the class to correct", "trained")
    ratio = after / before
    moved: FloatArray = p * (ratio / ratio.max())
    total = moved.sum(axis=-1, keepdims=True)
    refuse(total, total == 0, "remains: no class of the row occurs in use", "probability")
    result: FloatArray = (moved / total).astype(p.dtype)
    return result
