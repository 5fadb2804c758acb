"""What helps against the limits of softmax: temperature, class weights, label smoothing.

Weight decay and dropout are settings of the networks' training; `calibration` measures what is
gained.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from softmaxbook.learning.labels import (
    check_class_weight,
    check_labels,
    check_shares,
    one_hot,
    refuse,
)
from softmaxbook.numerics.arrays import FloatArray, as_floats
from softmaxbook.numerics.probabilities import softmax

# over-confidence: temperature scaling


def fit_temperature(logits: ArrayLike, labels: ArrayLike) -> float:
    r"""Return the temperature with the smallest cross-entropy on a *validation* set.

    Parameters
    ----------
    logits : array_like, shape (n_samples, n_classes)
        Of rows that the model was not trained on, and that are not the test set.
    labels : array_like, shape (n_samples,) or (n_samples, n_classes)
        Class numbers or shares.

    Returns
    -------
    float
        T > 0, for `softmax(logits, temperature=T)`. Above 1 the model was too sure of itself.

    Raises
    ------
    TypeError, ValueError
        For wrong logits or labels, as `cross_entropy`; and where there is no such temperature: all
        labels have the largest logit (T → 0 is best), or the logits are no better than chance
        (T → ∞ is).

    Notes
    -----
    In the inverse temperature β = 1 / T the mean cross-entropy is convex, with the derivatives

    .. math:: \frac{d\ell}{d\beta} = \operatorname{mean} \Bigl( \sum_k p_k z_k - z_y \Bigr), \qquad
        \frac{d^2\ell}{d\beta^2} = \operatorname{mean} \operatorname{Var}_p(z) \ge 0.

    The root of the first is found by Newton's method, kept inside a bracket by bisection: at the
    best temperature the logits have on average the value that the model itself expects.

    One number for all rows keeps the order of the classes, and with it the accuracy.

    Examples
    --------
    Two classes with the logits 0 and 3, right 3 times in 4: T turns 3 into log 3.

    >>> logits, labels = np.tile([0.0, 3.0], (4, 1)), [1, 1, 1, 0]
    >>> temperature = fit_temperature(logits, labels)
    >>> softmax(logits[0], temperature=temperature).round(6)
    array([0.25, 0.75])

    References
    ----------
    Guo, Pleiss, Sun and Weinberger, *On Calibration of Modern Neural Networks* (2017), section 4.2,
    arXiv 1706.04599.

    Derived in the chapter *calibration*.
    """
    z = as_floats(logits).astype(np.float64)
    if z.ndim != 2 or not z.size:
        raise ValueError(f"logits must have shape (n_samples, n_classes), got {z.shape}")
    refuse(z, ~np.isfinite(z), "is not finite", "logits")
    given = check_labels(labels, z.shape)
    shares = given if given.ndim == 2 else one_hot(given, z.shape[1])
    z = z - z.max(axis=-1, keepdims=True)
    scale = -z.min() or 1.0  # sharper or flatter logits only change the unit of T
    z = z / scale
    wanted = float((shares * z).sum(axis=-1).mean())
    if wanted == 0:
        raise ValueError("every label has the largest logit: T → 0 is best, no T > 0 is")
    if wanted <= float(z.mean()):
        raise ValueError("the logits are no better than chance: T → ∞ is best")
    return scale / _inverse_temperature(z, wanted)


def _inverse_temperature(z: FloatArray, wanted: float) -> float:
    """Return the β at which the mean of Σ p z is `wanted`, with p = softmax(β z)."""
    low, high, beta = 0.0, math.inf, 1.0
    for _ in range(200):
        p = softmax(beta * z)
        expected = (p * z).sum(axis=-1)
        slope = float(expected.mean()) - wanted
        low, high = (low, beta) if slope > 0 else (beta, high)
        bend = float(((p * z**2).sum(axis=-1) - expected**2).mean())
        trial = beta - slope / bend if bend > 0 else math.nan
        if not low < trial < high:
            trial = 2 * beta if high == math.inf else (low + high) / 2
        if abs(trial - beta) <= 4e-16 * beta:
            break
        beta = trial
    return beta


# imbalance: weights


def weighted_probabilities(probabilities: ArrayLike, class_weight: ArrayLike) -> FloatArray:
    r"""Return what weighted cross-entropy makes of the true probabilities.

    Parameters
    ----------
    probabilities : array_like, shape (..., n_classes)
    class_weight : array_like, shape (n_classes,)
        Positive.

    Returns
    -------
    ndarray, shape (..., n_classes)

    Raises
    ------
    TypeError, ValueError
        For rows without sum 1, or weights that are not positive.

    Notes
    -----
    The expected weighted cross-entropy −Σ w_k p_k log q_k is smallest for

    .. math:: q_k = \frac{w_k \, p_k}{\sum_j w_j \, p_j},

    as for classes that are more frequent by the factor w: a rare class with a large weight is
    predicted more often, and its probability is too large on purpose.
    `unweighted_probabilities` takes it back.

    Examples
    --------
    >>> weighted_probabilities([0.9, 0.1], [1.0, 9.0])
    array([0.5, 0.5])

    References
    ----------
    Elkan, *The Foundations of Cost-Sensitive Learning* (2001), section 3.

    Derived in the chapter *remedies*.
    """
    p = as_floats(probabilities, "probabilities")
    check_shares(p, "probabilities")
    weight = check_class_weight(class_weight, p.shape[-1])
    refuse(weight, weight == 0, "leaves nothing of the class", "class_weight")
    tilted: FloatArray = p * (weight / weight.max())
    tilted = tilted / tilted.sum(axis=-1, keepdims=True)
    return tilted.astype(p.dtype)


def unweighted_probabilities(probabilities: ArrayLike, class_weight: ArrayLike) -> FloatArray:
    """Return the true probabilities from those of a model trained with class weights.

    Parameters
    ----------
    probabilities : array_like, shape (..., n_classes)
        Of the model.
    class_weight : array_like, shape (n_classes,)
        The weights of its training, positive.

    Returns
    -------
    ndarray, shape (..., n_classes)

    Raises
    ------
    TypeError, ValueError
        As `weighted_probabilities` does.

    Notes
    -----
    The inverse of `weighted_probabilities`: division by the weights, in logits z − log w.

    Examples
    --------
    >>> unweighted_probabilities([0.5, 0.5], [1.0, 9.0])
    array([0.9, 0.1])

    References
    ----------
    Saerens, Latinne and Decaestecker, *Adjusting the Outputs of a Classifier to New a Priori
    Probabilities* (2002), doi 10.1162/089976602753284446.

    Derived in the chapter *remedies*.
    """
    weight = as_floats(class_weight, "class_weight").astype(np.float64)
    refuse(weight, ~(weight > 0), "leaves nothing of the class", "class_weight")
    return weighted_probabilities(probabilities, 1 / weight)


# separable data: label smoothing


def optimal_logit_gap(label_smoothing: float, n_classes: int) -> float:
    r"""Return how far the label's logit should be above the others under label smoothing.

    Parameters
    ----------
    label_smoothing : float
        ε in [0, 1].
    n_classes : int
        K, at least 2.

    Returns
    -------
    float
        In [0, ∞]; infinite for ε = 0, where no gap is ever enough.

    Raises
    ------
    ValueError
        If ε is not in [0, 1] or K is less than 2.

    Notes
    -----
    Cross-entropy is smallest where the probabilities are the target: 1 − ε + ε / K for the label
    and ε / K for each other class. The difference of their logarithms is

    .. math:: \log \Bigl( 1 + \frac{K (1 - \varepsilon)}{\varepsilon} \Bigr).

    Examples
    --------
    >>> round(optimal_logit_gap(0.1, 10), 6)
    4.51086

    References
    ----------
    Szegedy and others, *Rethinking the Inception Architecture for Computer Vision* (2016),
    section 7, arXiv 1512.00567.

    Derived in the chapter *remedies*.
    """
    if not 0 <= label_smoothing <= 1 or n_classes < 2:
        raise ValueError(
            f"need label_smoothing in [0, 1] and 2 classes, got {label_smoothing} and {n_classes}"
        )
    if label_smoothing == 0:
        return math.inf
    if label_smoothing < 1e-300:  # the quotient could overflow
        return math.log(n_classes) - math.log(label_smoothing)
    return math.log1p(n_classes * (1 - label_smoothing) / label_smoothing)
