"""What happens to an array before the mathematics begins: checks, and a walk over its rows.

This is the lowest layer: it knows NumPy and nothing of softmax.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

FloatArray = NDArray[np.floating[Any]]

# A block and its result stay in a processor's caches, so that passing over them several times costs
# little more than passing once. Of the powers of two, this was the fastest in benchmarks/speed.py.
BLOCK_BYTES = 2**21


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
        For complex numbers, strings, objects and masked arrays.
    ValueError
        For nested lists whose rows differ in length.

    Examples
    --------
    >>> as_floats([2, 1, -1]).dtype
    dtype('float64')
    """
    if isinstance(values, np.ma.MaskedArray):
        raise TypeError(f"{name} is a masked array; a mask here is −inf: {name}.filled(-np.inf)")
    try:
        array = np.asarray(values)
    except ValueError as error:
        raise ValueError(f"{name} must be rectangular, its rows differ in length") from error
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


def row_blocks(
    source: FloatArray, target: FloatArray, axis: int, dtype: DTypeLike
) -> Iterator[tuple[FloatArray, FloatArray]]:
    """Walk over two arrays in blocks of rows along `axis`, in the type to compute with.

    Yields pairs ``(rows, results)``, with the axis last in both. Fill `results`: what stands
    in it afterwards is what `target` holds, in its own type. A one-dimensional array is one
    block of one dimension; every other block has two. Never write into `rows`.

    Where the axis is not the last one, rows lie side by side in memory, entry by entry. Large
    blocks of this kind are handed over as they are, because moving them would take longer.

    Parameters
    ----------
    source : ndarray, shape (..., K, ...)
        What to read, K entries along `axis`.
    target : ndarray, shape (..., M, ...)
        What to fill, C-contiguous; of the same shape except for M entries along `axis`.
    axis : int
        The axis, counted from the front.
    dtype : dtype
        The type of the blocks.

    Examples
    --------
    >>> z, sums = np.arange(6.0).reshape(3, 2), np.empty((1, 2))
    >>> for rows, results in row_blocks(z, sums, axis=0, dtype=float):
    ...     results[...] = rows.sum(axis=-1, keepdims=True)
    >>> sums
    array([[6., 9.]])
    """
    if source.size == 0:
        return
    n_read, n_write = source.shape[axis], target.shape[axis]
    row_bytes = n_read * np.dtype(dtype).itemsize
    if axis == source.ndim - 1 and source.dtype == dtype:
        if source.ndim == 1 or (source.ndim == 2 and len(source) * row_bytes <= BLOCK_BYTES):
            yield source, target
            return
        rows, results = source.reshape(-1, n_read), target.reshape(-1, n_write)
        step = max(1, BLOCK_BYTES // row_bytes)
        for i in range(0, len(rows), step):
            yield rows[i : i + step], results[i : i + step]
        return
    # What lies before the axis, the axis, and what lies behind it: three axes are enough.
    before, behind = math.prod(source.shape[:axis]), math.prod(source.shape[axis + 1 :])
    read = source.reshape(before, n_read, behind).transpose(0, 2, 1)
    write = target.reshape(before, n_write, behind).transpose(0, 2, 1)
    alike = read.strides[1] < read.strides[2] and source.dtype == dtype
    if alike and (before == 1 or n_read * behind >= 4096):
        yield from zip(read, write, strict=True)
        return
    wide = max(1, min(behind, BLOCK_BYTES // row_bytes))
    high = max(1, BLOCK_BYTES // (row_bytes * wide))
    for i in range(0, before, high):
        for j in range(0, behind, wide):
            part = (slice(i, i + high), slice(j, j + wide))
            rows = np.ascontiguousarray(read[part], dtype=dtype).reshape(-1, n_read)
            results = np.empty((len(rows), n_write), dtype=dtype)
            yield rows, results
            write[part] = results.reshape(write[part].shape)
