"""Several answers made into one: the mean of probabilities, the mean of logits, or votes."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from softmaxbook.numerics.arrays import FloatArray, as_floats
from softmaxbook.numerics.logarithms import log_softmax, logsumexp
from softmaxbook.numerics.probabilities import softmax


def mean_of_probabilities(logits: ArrayLike) -> FloatArray:
    r"""Return the mean of the members' probabilities.

    Parameters
    ----------
    logits : array_like, shape (n_members, n_samples, n_classes)

    Returns
    -------
    ndarray, shape (n_samples, n_classes)

    Raises
    ------
    ValueError
        If the logits have no such shape.

    Notes
    -----
    .. math:: \bar p_k = \frac1M \sum_m p_k^{(m)}.

    Its cross-entropy on a row is never above the mean of the members', because −log is convex; and
    its largest share is never above the mean of theirs, because the maximum is.

    Examples
    --------
    >>> mean_of_probabilities([[[5.0, 0.0]], [[0.0, 0.0]]]).round(3)
    array([[0.747, 0.253]])

    References
    ----------
    Lakshminarayanan, Pritzel and Blundell, *Simple and Scalable Predictive Uncertainty Estimation
    using Deep Ensembles* (2017), arXiv 1612.01474.

    Derived in the chapter *ensembles*.
    """
    mean: FloatArray = softmax(_members(logits)).mean(axis=0)
    return mean


def mean_of_logits(logits: ArrayLike) -> FloatArray:
    r"""Return the softmax of the members' mean logits.

    Parameters
    ----------
    logits : array_like, shape (n_members, n_samples, n_classes)

    Returns
    -------
    ndarray, shape (n_samples, n_classes)

    Raises
    ------
    ValueError
        If the logits have no such shape.

    Notes
    -----
    It is the geometric mean of the members' probabilities, normalised:

    .. math:: \operatorname{softmax}(\bar z)_k
        = \frac{\prod_m (p_k^{(m)})^{1/M}}{\sum_j \prod_m (p_j^{(m)})^{1/M}}.

    Its cross-entropy on a row is never above the mean of the members', because log-sum-exp is
    convex; `agreement_gain` is the difference.

    Examples
    --------
    >>> mean_of_logits([[[5.0, 0.0]], [[0.0, 0.0]]]).round(3)
    array([[0.924, 0.076]])

    References
    ----------
    Hinton, *Training Products of Experts by Minimizing Contrastive Divergence* (2002),
    doi 10.1162/089976602760128018: normalised products of distributions.

    Derived in the chapter *ensembles*.
    """
    shares: FloatArray = softmax(_members(logits).mean(axis=0))
    return shares


def votes(logits: ArrayLike) -> FloatArray:
    r"""Return the share of the members that name each class.

    Parameters
    ----------
    logits : array_like, shape (n_members, n_samples, n_classes)

    Returns
    -------
    ndarray, shape (n_samples, n_classes)

    Raises
    ------
    ValueError
        If the logits have no such shape.

    Notes
    -----
    It is `mean_of_probabilities` in the limit of a temperature of 0: a member's whole share goes
    to its most probable class, to the first of them if several are. A share can be 0, so the
    cross-entropy of votes can be infinite.

    Examples
    --------
    >>> votes([[[5.0, 0.0]], [[0.0, 0.1]], [[0.0, 0.1]]]).round(3)
    array([[0.333, 0.667]])

    Used in the chapter *ensembles*.
    """
    z = _members(logits)
    shares: FloatArray = np.eye(z.shape[-1])[z.argmax(axis=-1)].mean(axis=0)
    return shares


def agreement_gain(logits: ArrayLike) -> FloatArray:
    r"""Return how much cross-entropy `mean_of_logits` saves on each row, whatever the label.

    Parameters
    ----------
    logits : array_like, shape (n_members, n_samples, n_classes)

    Returns
    -------
    ndarray, shape (n_samples,)
        In nats, at least 0 up to rounding: the mean cross-entropy of the members minus that of
        their mean.

    Raises
    ------
    ValueError
        If the logits have no such shape.

    Notes
    -----
    .. math:: -\log \sum_k \prod_m \bigl(p_k^{(m)}\bigr)^{1/M},

    which needs no label. It is 0 where all members say the same.

    Examples
    --------
    >>> agreement_gain([[[5.0, 0.0], [1.0, 0.0]], [[0.0, 0.0], [1.0, 0.0]]]).round(3) + 0.0
    array([0.271, 0.   ])

    Derived in the chapter *ensembles*.
    """
    gain: FloatArray = -logsumexp(log_softmax(_members(logits)).mean(axis=0))
    return gain


def _members(logits: ArrayLike) -> FloatArray:
    z = as_floats(logits, "logits")
    if z.ndim != 3 or 0 in z.shape:
        raise ValueError(f"logits must have shape (members, samples, classes), got {z.shape}")
    return np.asarray(z, dtype=np.float64)
