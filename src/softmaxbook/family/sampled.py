"""Sampled softmax: a loss that looks at the label and a few drawn classes, and its correction."""

from __future__ import annotations

import operator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from softmaxbook.family.gumbel import IntArray
from softmaxbook.learning.labels import check_class_numbers, check_shares, refuse
from softmaxbook.learning.losses import cross_entropy, cross_entropy_gradient
from softmaxbook.numerics.arrays import FloatArray, as_array, as_floats, check_axis


def uniform_proposal(n_classes: int) -> FloatArray:
    """Return 1 / K for each of K classes.

    Raises
    ------
    ValueError
        If there are no classes.

    Examples
    --------
    >>> uniform_proposal(4)
    array([0.25, 0.25, 0.25, 0.25])

    Used in the chapter *relatives*.
    """
    return np.full(_check_count(n_classes), 1 / n_classes)


def log_uniform_proposal(n_classes: int) -> FloatArray:
    r"""Return probabilities that fall like 1 / rank, for classes sorted by how often they come.

    Parameters
    ----------
    n_classes : int
        K, at least 1. Class 0 is the most frequent.

    Returns
    -------
    ndarray, shape (K,)

    Raises
    ------
    ValueError
        If there are no classes.

    Notes
    -----
    .. math:: q_k = \frac{\log(k + 2) - \log(k + 1)}{\log(K + 1)}, \qquad k = 0, \dots, K - 1

    The whole part of exp(U log(K + 1)) − 1 with a uniform U has it. It is nearly Zipf's law of
    words.

    Examples
    --------
    >>> log_uniform_proposal(3)
    array([0.5       , 0.29248125, 0.20751875])

    Used in the chapter *relatives*.
    """
    k = np.arange(_check_count(n_classes))
    q: FloatArray = np.log1p(1 / (k + 1)) / np.log(n_classes + 1)
    return q


@np.errstate(all="ignore")
def candidate_logits(
    logits: ArrayLike,
    labels: ArrayLike,
    samples: ArrayLike,
    proposal: ArrayLike,
    corrected: bool = True,
) -> FloatArray:
    r"""Return the logits of the label and of drawn classes, ready for softmax among themselves.

    Parameters
    ----------
    logits : array_like, shape (n, K)
        Only entries at labels and samples are read.
    labels : array_like of int, shape (n,)
        Class numbers.
    samples : array_like of int, shape (m,) or (n, m)
        Classes drawn independently from the proposal: the same for all rows, or for each its own.
    proposal : array_like, shape (K,) or (n, K)
        q, the probabilities with which classes are drawn.
    corrected : bool
        Whether to subtract log(m q) from the logits of the samples.

    Returns
    -------
    ndarray, shape (n, 1 + m)
        The label's logit first, as it is. A sample that is the label itself is masked by −inf.

    Raises
    ------
    TypeError
        If something is not a number.
    ValueError
        If a label or sample is no class, a sample has the probability 0, a proposal does not sum
        to 1, or shapes do not fit.

    Notes
    -----
    With the correction, the sum of exponentials is an unbiased estimate of the whole sum,

    .. math:: \mathbb{E}\Bigl[ e^{z_y}
        + \sum_{j: s_j \ne y} e^{z_{s_j} - \log(m q_{s_j})} \Bigr] = \sum_{k=1}^{K} e^{z_k},

    since each of m draws adds e^{z_k} / (m q_k) with the probability q_k. Its logarithm, and so the
    loss and its gradient, are biased all the same, less and less as m grows; not at all if the
    classes besides the label are drawn as softmax itself says. Without the correction the bias
    stays however many are drawn: among many classes, what is learnt is near log(p / q), not log p.

    S. Jean, K. Cho, R. Memisevic and Y. Bengio, On using very large target vocabulary for neural
    machine translation, ACL 2015, arXiv:1412.2007; G. Blanc and S. Rendle, Adaptive sampled softmax
    with kernel based sampling, ICML 2018, arXiv:1712.00527.

    Examples
    --------
    >>> candidate_logits([[2.0, 1.0, -1.0]], [0], [1, 0, 2], uniform_proposal(3))
    array([[ 2.,  1., -inf, -1.]])

    Derived in the chapter *relatives*.
    """
    z, place, chosen, q = _checked(logits, labels, samples, proposal)
    rows = np.arange(len(z))[:, None]
    others = z[rows, chosen]
    if corrected:
        others = others - np.log(chosen.shape[1] * q[rows, chosen])
    others = np.where(chosen == place, -np.inf, others)
    candidates: FloatArray = np.concatenate([z[rows, place], others], axis=1).astype(z.dtype)
    return candidates


def sampled_cross_entropy(
    logits: ArrayLike,
    labels: ArrayLike,
    samples: ArrayLike,
    proposal: ArrayLike,
    corrected: bool = True,
) -> FloatArray:
    """Return the cross-entropy of each row among its label and some drawn classes.

    Parameters
    ----------
    logits, labels, samples, proposal, corrected
        As for :func:`softmaxbook.family.sampled.candidate_logits`.

    Returns
    -------
    ndarray, shape (n,)
        In nats.

    Raises
    ------
    TypeError, ValueError
        As :func:`softmaxbook.family.sampled.candidate_logits`.

    Examples
    --------
    >>> logits, q = [[2.0, 1.0, -1.0]], uniform_proposal(3)
    >>> sampled_cross_entropy(logits, [0], [1, 2, 0], q).round(6)
    array([0.349012])
    >>> sampled_cross_entropy(logits, [0], [2], q, corrected=False).round(6)
    array([0.048587])

    Derived in the chapter *relatives*.
    """
    candidates = candidate_logits(logits, labels, samples, proposal, corrected)
    return cross_entropy(candidates, np.zeros(len(candidates), np.intp), reduction="none")


def sampled_cross_entropy_gradient(
    logits: ArrayLike,
    labels: ArrayLike,
    samples: ArrayLike,
    proposal: ArrayLike,
    corrected: bool = True,
) -> FloatArray:
    """Return the gradient of ``sampled_cross_entropy`` in all logits: mostly 0.

    Parameters
    ----------
    logits, labels, samples, proposal, corrected
        As for :func:`softmaxbook.family.sampled.candidate_logits`.

    Returns
    -------
    ndarray, shape (n, K)
        Each row is the gradient of its own loss; a class drawn twice gets both parts.

    Raises
    ------
    TypeError, ValueError
        As :func:`softmaxbook.family.sampled.candidate_logits`.

    Examples
    --------
    >>> logits, q = [[2.0, 1.0, -1.0, 0.0]], uniform_proposal(4)
    >>> sampled_cross_entropy_gradient(logits, [0], [1, 2], q).round(6)
    array([[-0.45514 ,  0.400886,  0.054254,  0.      ]])

    Derived in the chapter *relatives*.
    """
    candidates = candidate_logits(logits, labels, samples, proposal, corrected)
    slopes = cross_entropy_gradient(candidates, np.zeros(len(candidates), np.intp), "none")
    z, place, chosen, _ = _checked(logits, labels, samples, proposal)
    gradient = np.zeros_like(z)
    columns = np.concatenate([place, chosen], axis=1)
    np.add.at(gradient, (np.arange(len(z))[:, None], columns), slopes)
    return gradient


def _checked(
    logits: ArrayLike, labels: ArrayLike, samples: ArrayLike, proposal: ArrayLike
) -> tuple[FloatArray, IntArray, IntArray, FloatArray]:
    """Return logits (n, K), labels (n, 1), samples (n, m) and a proposal (n, K), checked."""
    z = as_floats(logits)
    if z.ndim != 2:
        raise ValueError(f"logits must be rows, shape (n, K), got {z.shape}")
    check_axis(z, -1)
    n, n_classes = z.shape
    place, chosen = as_array(labels, "labels"), as_array(samples, "samples")
    if place.shape != (n,):
        raise ValueError(f"labels must have shape ({n},), got {place.shape}")
    if chosen.ndim not in (1, 2) or not chosen.size or chosen.shape[:-1] not in ((), (n,)):
        raise ValueError(f"samples must have shape (m,) or ({n}, m), m ≥ 1, got {chosen.shape}")
    q = as_floats(proposal, "proposal")
    if q.shape not in ((n_classes,), (n, n_classes)):
        raise ValueError(f"proposal must have one probability a class, got shape {q.shape}")
    check_shares(q, "proposal")
    q = np.broadcast_to(q, z.shape)
    chosen = np.broadcast_to(_classes(chosen, n_classes, "samples"), (n, chosen.shape[-1]))
    drawn = np.take_along_axis(q, chosen, axis=1)
    refuse(drawn, drawn == 0, "yet its class was drawn", "proposal of samples")
    return z, _classes(place, n_classes, "labels")[:, None], chosen, q


def _classes(numbers: NDArray[np.generic], n_classes: int, name: str) -> IntArray:
    """Return class numbers as integers, or say which of `name` is none."""
    try:
        return check_class_numbers(numbers, n_classes)
    except (TypeError, ValueError) as error:
        raise type(error)(str(error).replace("labels", name, 1)) from None


def _check_count(n_classes: int) -> int:
    """Return how many classes there are: at least one."""
    if operator.index(n_classes) < 1:
        raise ValueError(f"n_classes must be at least 1, got {n_classes}")
    return operator.index(n_classes)
