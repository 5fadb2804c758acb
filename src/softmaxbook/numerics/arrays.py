"""What happens to an array before the mathematics begins: checks, and a walk over its rows.

This is the lowest layer: it knows NumPy and nothing of softmax.
"""

from __future__ import annotations

import math
import operator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.floating[Any]]


def read_only(array: NDArray[Any]) -> NDArray[Any]:
    """Return `array`, which nobody can change any more: it is shared by all who ask for it.

    Examples
    --------
    >>> read_only(np.zeros(2)).flags.writeable
    False
    """
    array.flags.writeable = False
    return array


def refuse_string(names: object, what: str) -> None:
    """Refuse one string where a list of them is expected: it would be spelt out, letter by letter.

    Raises
    ------
    TypeError
        For a string.

    Examples
    --------
    >>> refuse_string("head", "stages")
    Traceback (most recent call last):
    TypeError: stages must be a list of names, ['head'], not the string 'head'
    """
    if isinstance(names, str):
        raise TypeError(f"{what} must be a list of names, [{names!r}], not the string {names!r}")


def as_array(values: ArrayLike, name: str) -> NDArray[Any]:
    """Return `values` as an array of whatever type they have, or say why that cannot be.

    Parameters
    ----------
    values : array_like
        Tensors of PyTorch are read too, if NumPy can.
    name : str
        What to call them in an error message.

    Raises
    ------
    TypeError
        For tensors that NumPy cannot read: of bfloat16, with a gradient, or not on the CPU.
    ValueError
        For nested lists whose rows differ in length.

    Examples
    --------
    >>> as_array(["a", "b"], "labels").shape
    (2,)
    """
    try:
        return np.asarray(values)
    except ValueError as error:
        raise ValueError(f"{name} must be rectangular, its rows differ in length") from error
    except (TypeError, RuntimeError) as error:
        raise TypeError(
            f"{name} cannot be read by NumPy; of a tensor, pass {name}.detach().cpu().float(): "
            f"{error}"
        ) from error


def as_floats(values: ArrayLike, name: str = "logits") -> FloatArray:
    """Return `values` as an array of floating-point numbers, or say why that cannot be.

    Parameters
    ----------
    values : array_like
        Real numbers. Floating-point types are kept; integers and booleans become float64.
    name : str
        What to call them in an error message.

    Returns
    -------
    ndarray
        The values themselves where possible, not a copy: never write into it.

    Raises
    ------
    TypeError
        For complex numbers, strings, objects, masked arrays, and tensors that NumPy cannot read.
    ValueError
        For nested lists whose rows differ in length.

    Examples
    --------
    >>> as_floats([2, 1, -1]).dtype
    dtype('float64')
    """
    if type(values) is np.ndarray and values.dtype.kind == "f" and values.dtype.isnative:
        return values
    if isinstance(values, np.ma.MaskedArray):
        raise TypeError(
            f"{name} is a masked array; a mask here is −inf: {name}.astype(float).filled(-np.inf)"
        )
    array = as_array(values, name)
    kind = array.dtype.kind
    if kind == "f":
        return array if array.dtype.isnative else array.astype(array.dtype.newbyteorder("="))
    if kind in "iub":
        return array.astype(np.float64)
    advice = {
        "c": f"take {name}.real if the imaginary parts are zero",
        "U": f"convert them first: np.asarray({name}, dtype=float)",
        "S": f"convert them first: np.asarray({name}, dtype=float)",
        "O": f"convert them first: np.asarray({name}, dtype=float)",
        "V": f"of bfloat16, pass {name}.astype(np.float32)",  # the type that JAX brings along
    }.get(kind, "pass numbers")
    raise TypeError(f"{name} must be real numbers, got {array.dtype}; {advice}")


def check_axis(array: FloatArray, axis: int, name: str = "logits") -> int:
    """Return `axis` counted from the front; refuse one that is not there or has no entries.

    Parameters
    ----------
    array : ndarray
        The array whose axis is meant.
    axis : int
        Which axis; negative numbers count from the end.
    name : str
        What to call the array in an error message.

    Raises
    ------
    ValueError
        If the array is a single number, or has no entries along the axis.
    numpy.exceptions.AxisError
        If there is no such axis.
    TypeError
        If `axis` is not an integer; ``None`` is not accepted, flatten the array instead.

    Examples
    --------
    >>> check_axis(np.zeros((2, 3)), -1)
    1
    """
    if array.ndim == 0:
        raise ValueError(f"{name} must have at least one axis, got the single number {array}")
    try:
        axis = operator.index(axis)
    except TypeError:
        message = f"axis must be one integer, got {axis!r}; for all entries at once: {name}.ravel()"
        raise TypeError(message) from None
    if not -array.ndim <= axis < array.ndim:
        message = f"{name} has no axis {axis}: its shape is {array.shape}"
        raise np.exceptions.AxisError(message)
    if array.shape[axis] == 0:
        raise ValueError(f"{name} has no entries along axis {axis}: its shape is {array.shape}")
    return axis % array.ndim


def check_temperature(temperature: float) -> float:
    """Return `temperature`, a positive finite number, or explain its limits.

    Raises
    ------
    ValueError
        If the temperature is zero, negative, infinite or not a number.

    Examples
    --------
    >>> check_temperature(2)
    2.0
    """
    value = float(temperature)
    if not 0 < value < math.inf:
        raise ValueError(
            f"temperature must be positive and finite, got {temperature}; as T → 0 the largest "
            "logits share the probability, as T → ∞ all classes get the same"
        )
    return value
