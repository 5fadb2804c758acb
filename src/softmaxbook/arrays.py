"""What every function of the package does to its input before the mathematics begins."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.floating[Any]]


def as_floats(values: ArrayLike, name: str = "logits") -> FloatArray:
    """Return `values` as a floating-point array, or say why that is not possible."""
    if isinstance(values, np.ma.MaskedArray):
        raise TypeError(f"{name} is a masked array: use {name}.filled(-np.inf), −inf is our mask")
    try:
        array = np.asarray(values)
    except ValueError as error:
        raise ValueError(f"{name} must be a full array; its rows differ in length") from error
    if array.dtype.kind == "f":
        return array
    if array.dtype.kind in "iub":
        return array.astype(np.float64)
    raise TypeError(f"{name} must hold real numbers, not {array.dtype}")


def check_axis(array: FloatArray, axis: int, name: str = "logits") -> int:
    """Return `axis` counted from the front; refuse one that is absent or empty."""
    if array.ndim == 0:
        raise ValueError(f"{name} must have at least one axis, got the single number {array}")
    if not -array.ndim <= axis < array.ndim:
        raise np.exceptions.AxisError(f"axis {axis} is not an axis of {name}, shape {array.shape}")
    if array.shape[axis] == 0:
        raise ValueError(f"{name} has no entries along axis {axis}, shape {array.shape}")
    return axis % array.ndim


def check_temperature(temperature: float) -> float:
    """Return `temperature` if it is positive and finite."""
    if not 0 < temperature < np.inf:
        raise ValueError(f"temperature must be positive and finite, got {temperature}")
    return float(temperature)
