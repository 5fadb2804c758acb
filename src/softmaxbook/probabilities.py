"""Softmax: from scores to probabilities."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from softmaxbook.arrays import FloatArray, as_floats, check_axis, check_temperature


def shift(logits: FloatArray, axis: int, temperature: float) -> FloatArray:
    """Return (logits − max) / temperature; rows with +inf become 0 there and −inf elsewhere."""
    top = logits.max(axis=axis, keepdims=True)
    with np.errstate(all="ignore"):
        shifted = (logits - top) / logits.dtype.type(temperature)
    infinite = np.where(logits == np.inf, logits.dtype.type(0), -logits.dtype.type(np.inf))
    return np.where(top == np.inf, infinite, shifted)


def softmax(logits: ArrayLike, axis: int = -1, temperature: float = 1.0) -> FloatArray:
    """Turn logits into probabilities."""
    z = as_floats(logits)
    axis = check_axis(z, axis)
    weights = np.exp(shift(z, axis, check_temperature(temperature)))
    return weights / weights.sum(axis=axis, keepdims=True)


def entropy(probabilities: ArrayLike, axis: int = -1) -> FloatArray:
    """Return the entropy −Σ p log p in nats, with 0 log 0 = 0."""
    p = as_floats(probabilities, "probabilities")
    axis = check_axis(p, axis, "probabilities")
    log_p = np.log(np.where(p > 0, p, 1))
    return -(p * log_p).sum(axis=axis)


def sigmoid(x: ArrayLike) -> FloatArray:
    """Return 1 / (1 + exp(−x))."""
    x = as_floats(x, "x")
    weight = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, weight) / (1 + weight)
