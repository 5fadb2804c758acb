"""Was this picture among the training pictures? What a network's confidence gives away."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from softmaxbook.learning.datasets import Part
from softmaxbook.numerics.arrays import FloatArray, as_floats
from softmaxbook.numerics.logarithms import log_softmax

if TYPE_CHECKING:
    from torch import nn


class Guesses(NamedTuple):
    """How well each threshold tells members from others, from the strictest to the laxest.

    Parameters
    ----------
    thresholds : ndarray, shape (n,)
        Falling; the first is infinite. Whoever scores at least the threshold is called a member.
    members, others : ndarray, shape (n,)
        The shares of members and of others that are called members, both rising from 0 to 1.
    """

    thresholds: FloatArray
    members: FloatArray
    others: FloatArray


def label_scores(model: nn.Module, data: Part) -> FloatArray:
    """Return the logarithm of the share that a network gives to each picture's label.

    Parameters
    ----------
    model : torch.nn.Module
        From pictures to logits; in evaluation mode afterwards.
    data : Part

    Returns
    -------
    ndarray, shape (n_samples,), float64
        At most 0; minus the cross-entropy of each row.

    Examples
    --------
    >>> from softmaxbook.transfer.backbones import load_backbone
    >>> from softmaxbook.transfer.glyphs import draw_glyphs
    >>> bool(label_scores(load_backbone("glyphnet"), draw_glyphs(48, seed=5)).max() <= 0)
    True

    Used in the chapter *membership*.
    """
    # The explorable judges scores that it has, and must not load PyTorch.
    from softmaxbook.learning.torch_networks import torch_logits

    logits = torch_logits(model, data.features).astype(np.float64)
    scores: FloatArray = log_softmax(logits)[np.arange(len(logits)), data.labels]
    return scores


def guesses(members: ArrayLike, others: ArrayLike) -> Guesses:
    """Return the shares called members by every threshold that makes a difference.

    Parameters
    ----------
    members, others : array_like, shape (n,)
        Scores of pictures that were trained on, and of pictures that were not. Higher is meant to
        look more like a member.

    Returns
    -------
    Guesses
        The receiver operating characteristic of the attack.

    Raises
    ------
    ValueError
        If one of the two is empty or not a row of numbers.

    Examples
    --------
    >>> found = guesses([3.0, 2.0], [2.0, 1.0])
    >>> found.members, found.others
    (array([0. , 0.5, 1. , 1. ]), array([0. , 0. , 0.5, 1. ]))

    References
    ----------
    Yeom, Giacomelli, Fredrikson and Jha, *Privacy Risk in Machine Learning: Analyzing the
    Connection to Overfitting* (2018), arXiv 1709.01604.

    Used in the chapter *membership*.
    """
    inside, outside = _scores(members, "members"), _scores(others, "others")
    thresholds = np.r_[np.inf, np.unique(np.r_[inside, outside])[::-1]]
    return Guesses(thresholds, _at_least(inside, thresholds), _at_least(outside, thresholds))


def attack_auc(members: ArrayLike, others: ArrayLike) -> float:
    r"""Return how often a member scores higher than another picture; ties count half.

    Parameters
    ----------
    members, others : array_like, shape (n,)
        As for `guesses`.

    Returns
    -------
    float
        In [0, 1]. One half is what guessing reaches.

    Raises
    ------
    ValueError
        As `guesses` does.

    Notes
    -----
    .. math:: P(S_\text{member} > S_\text{other}) + \tfrac12 P(S_\text{member} = S_\text{other}),

    over all pairs. It is the area under the curve of `guesses`.

    Examples
    --------
    >>> attack_auc([3.0, 2.0], [2.0, 1.0])
    0.875

    References
    ----------
    Hanley and McNeil, *The Meaning and Use of the Area under a Receiver Operating Characteristic
    (ROC) Curve* (1982), doi 10.1148/radiology.143.1.7063747.

    Derived in the chapter *membership*.
    """
    inside, outside = _scores(members, "members"), np.sort(_scores(others, "others"))
    below = np.searchsorted(outside, inside, side="left")
    not_above = np.searchsorted(outside, inside, side="right")
    return float(np.mean(below + not_above) / (2 * len(outside)))


def advantage(members: ArrayLike, others: ArrayLike, threshold: float) -> float:
    """Return the share of members called so minus the share of others called so.

    Parameters
    ----------
    members, others : array_like, shape (n,)
        As for `guesses`.
    threshold : float
        Whoever scores at least this is called a member.

    Returns
    -------
    float
        In [−1, 1]. 0 is what guessing reaches.

    Raises
    ------
    ValueError
        As `guesses` does.

    Notes
    -----
    With the score 1 for a right answer, 0 for a wrong one and the threshold ½, it is the accuracy
    on the training pictures minus that on others: the gap is an attack.

    Examples
    --------
    >>> advantage([-0.1, -0.2, -3.0], [-0.1, -2.0, -3.0], threshold=-1.0)
    0.3333333333333333

    References
    ----------
    Yeom and others (2018), arXiv 1709.01604: membership advantage.

    Derived in the chapter *membership*.
    """
    inside, outside = _scores(members, "members"), _scores(others, "others")
    return float(np.mean(inside >= threshold) - np.mean(outside >= threshold))


def _scores(values: ArrayLike, name: str) -> FloatArray:
    scores = as_floats(values, name)
    if scores.ndim != 1 or not len(scores) or np.isnan(scores).any():
        raise ValueError(f"{name} must be a row of scores, got shape {scores.shape}")
    return scores


def _at_least(scores: FloatArray, thresholds: FloatArray) -> FloatArray:
    """Return the share of scores that reach each threshold."""
    shares: FloatArray = 1 - np.searchsorted(np.sort(scores), thresholds, side="left") / len(scores)
    return shares
