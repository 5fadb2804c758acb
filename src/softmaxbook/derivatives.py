"""Derivatives of softmax and of log-sum-exp."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from softmaxbook.arrays import FloatArray, as_floats
from softmaxbook.probabilities import softmax


def jacobian(logits: ArrayLike, temperature: float = 1.0) -> FloatArray:
    """Return the Jacobian (diag(p) − ppᵀ) / T of softmax, (..., K) -> (..., K, K)."""
    p = softmax(logits, temperature=temperature)
    p_column, p_row = p[..., :, None], p[..., None, :]
    return p_column * (np.eye(p.shape[-1], dtype=p.dtype) - p_row) / temperature


def jvp(
    logits: ArrayLike, tangent: ArrayLike, axis: int = -1, temperature: float = 1.0
) -> FloatArray:
    """Return Jacobian times tangent, without forming the Jacobian."""
    p, t = softmax(logits, axis, temperature), as_floats(tangent, "tangent")
    return p * (t - (p * t).sum(axis=axis, keepdims=True)) / temperature


def vjp(
    logits: ArrayLike, cotangent: ArrayLike, axis: int = -1, temperature: float = 1.0
) -> FloatArray:
    """Return cotangent times Jacobian; the Jacobian is symmetric, so this is jvp."""
    return jvp(logits, as_floats(cotangent, "cotangent"), axis, temperature)


def logsumexp_hessian(logits: ArrayLike) -> FloatArray:
    """Return the Hessian of log-sum-exp, which is the Jacobian of its gradient softmax."""
    return jacobian(logits)


def finite_difference_jacobian(
    function: Callable[[FloatArray], ArrayLike], point: ArrayLike, step: float | None = None
) -> FloatArray:
    """Return the Jacobian of `function` at `point` by central differences."""
    x = as_floats(point, "point").astype(np.float64)
    if step is None:
        step = float(np.cbrt(np.finfo(np.float64).eps))
    columns = [
        (np.asarray(function(x + step * e)) - np.asarray(function(x - step * e))) / (2 * step)
        for e in np.eye(len(x))
    ]
    return np.stack(columns, axis=-1)
