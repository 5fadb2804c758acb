"""Scores that guess how well a source will serve a target, before anything is trained on it."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from softmaxbook.learning.labels import one_hot
from softmaxbook.numerics.arrays import FloatArray, as_array, as_floats


def leep(probabilities: ArrayLike, labels: ArrayLike) -> float:
    r"""Return the log expected empirical prediction of a source model on a target.

    Parameters
    ----------
    probabilities : array_like, shape (n_samples, n_source_classes)
        What the source model, with its own head, says of the target's pictures. Rows sum to 1.
    labels : array_like of int, shape (n_samples,)
        Classes of the target, from 0.

    Returns
    -------
    float
        At most 0; higher promises better transfer.

    Raises
    ------
    ValueError
        If there is not one label a row, or rows are not probabilities.

    Notes
    -----
    .. math::

        \frac1n \sum_i \log \sum_z P(y_i \mid z) \, \theta_z(x_i),
        \qquad P(y, z) = \frac1n \sum_{i : y_i = y} \theta_z(x_i)

    with θ the source's probabilities: read off which target classes go with which source class, and
    predict by that table.

    Examples
    --------
    >>> leep([[1.0, 0.0], [0.0, 1.0]], [1, 0])
    0.0

    References
    ----------
    Nguyen, Hassner, Seeger and Archambeau, *LEEP: A New Measure to Evaluate Transferability of
    Learned Representations* (2020), arXiv 2002.12462, equation 2.

    Derived in the chapter *outlook*.
    """
    theta, y = _checked(probabilities, labels)
    if (theta < 0).any() or not np.allclose(theta.sum(axis=1), 1, atol=1e-4):
        raise ValueError("each row of probabilities must be at least 0 and sum to 1")
    joint = one_hot(y, int(y.max()) + 1).T @ theta / len(y)
    total = joint.sum(axis=0)
    table = joint / np.where(total > 0, total, 1)
    predicted = np.einsum("nz,nz->n", theta, table[y])
    return float(np.mean(np.log(predicted)))


def log_evidence(features: ArrayLike, labels: ArrayLike, max_iterations: int = 100) -> float:
    r"""Return the logarithm of the largest evidence of the labels, given features (LogME).

    Parameters
    ----------
    features : array_like, shape (n_samples, n_features)
        What a source model computes of the target's pictures.
    labels : array_like of int, shape (n_samples,)
        Classes of the target, from 0.
    max_iterations : int
        Of the fixed point for each class.

    Returns
    -------
    float
        Per sample, the mean over the classes; higher promises better transfer.

    Raises
    ------
    ValueError
        If there is not one label a row, or a value is not finite.

    Notes
    -----
    For each class, the indicator t of its labels is modelled as a linear function of the features F
    with weights of precision α and noise of precision β. Its evidence is the density at t of

    .. math:: \mathcal N \bigl( 0, \; \beta^{-1} I + \alpha^{-1} F F^\top \bigr),

    and α and β go to where it is largest, by α ← γ / ‖m‖² and β ← (n − γ) / ‖Fm − t‖², with m
    the mean of the weights and γ their effective number.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> y = np.arange(60) % 3
    >>> good, bad = np.eye(3)[y] + 0.1 * rng.normal(size=(60, 3)), rng.normal(size=(60, 3))
    >>> log_evidence(good, y) > log_evidence(bad, y)
    True

    References
    ----------
    You, Liu, Wang and Long, *LogME: Practical Assessment of Pre-trained Models for Transfer
    Learning* (2021), arXiv 2102.11005, algorithm 1. MacKay, *Bayesian Interpolation* (1992),
    doi 10.1162/neco.1992.4.3.415: the fixed point.

    Derived in the chapter *outlook*.
    """
    table, y = _checked(features, labels)
    left, singular, _ = np.linalg.svd(table, full_matrices=False)
    targets = one_hot(y, int(y.max()) + 1).T
    return float(
        np.mean([_largest_evidence(left.T @ t, singular**2, t, max_iterations) for t in targets])
    )


def _largest_evidence(
    parts: FloatArray, squares: FloatArray, target: FloatArray, max_iterations: int
) -> float:
    """Return the largest log evidence per sample of one target.

    `parts` are the target's coordinates along the left singular vectors, `squares` the squared
    singular values: in this basis every weight stands alone.
    """
    n, outside = len(target), float(target @ target - parts @ parts)
    alpha = beta = 1.0
    value = -np.inf
    for _ in range(max_iterations):
        shares = beta * squares / (alpha + beta * squares)
        gamma = float(shares.sum())
        # F m is parts · shares, and m² its square over the squared singular value.
        length = float(np.sum((beta / (alpha + beta * squares)) ** 2 * squares * parts**2))
        error = float(np.sum(((1 - shares) * parts) ** 2)) + max(outside, 0.0)
        previous, value = value, _log_density(parts, squares, outside, n, alpha, beta)
        if abs(value - previous) < 1e-9 * n or not 0 < gamma < n or not length or not error:
            break
        alpha, beta = gamma / length, (n - gamma) / error
    return value / n


def _log_density(
    parts: FloatArray, squares: FloatArray, outside: float, n: int, alpha: float, beta: float
) -> float:
    """Return log N(target; 0, I / β + F Fᵀ / α)."""
    variances = 1 / beta + squares / alpha
    quadratic = float(np.sum(parts**2 / variances)) + beta * max(outside, 0.0)
    log_determinant = float(np.log(variances).sum()) - (n - len(squares)) * np.log(beta)
    return float(-0.5 * (n * np.log(2 * np.pi) + log_determinant + quadratic))


def _checked(rows: ArrayLike, labels: ArrayLike) -> tuple[FloatArray, NDArray[np.intp]]:
    table, given = as_floats(rows, "rows").astype(np.float64), as_array(labels, "labels")
    if given.dtype.kind not in "iu" and given.size:
        raise TypeError(f"labels must be whole numbers, got {given.dtype}")
    y = given.astype(np.intp)
    if table.ndim != 2 or y.shape != table.shape[:1] or not y.size:
        raise ValueError(f"each row needs a label, got shapes {table.shape} and {y.shape}")
    if not np.isfinite(table).all():
        raise ValueError("every value must be finite")
    return table, y
