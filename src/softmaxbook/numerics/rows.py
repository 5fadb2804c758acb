"""How a function meets the rows of an array: block by block, each row whole and last.

What is computed for one row stands in a kernel, such as `_softmax`; the walk over blocks, types and
memory orders stands here, once.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from softmaxbook.numerics.arrays import FloatArray

# A block and its result stay in a processor's caches, so that passing over them several times costs
# little more than passing once. Of the powers of two, this was the fastest in benchmarks/speed.py.
BLOCK_BYTES = 2**21

# Rows of up to so many entries cost more time in NumPy's loops than in their numbers. Many of them
# are laid side by side, where a loop runs over the rows.
SHORT, MANY = 16, 256

# So many numbers may be added one after the other, and the error stays within a few units.
FEW = 12

_SINGLE, _DOUBLE = np.dtype(np.float32), np.dtype(np.float64)


def working_dtype(dtype: np.dtype[Any], temperature: float) -> np.dtype[Any]:
    """Return the type to compute with: float32 for float16, at least float64 if T is not 1.

    Examples
    --------
    >>> working_dtype(np.dtype("float16"), 1.0), working_dtype(np.dtype("float32"), 0.5)
    (dtype('float32'), dtype('float64'))
    """
    enough = _SINGLE if temperature == 1 else _DOUBLE
    return dtype if dtype.itemsize >= enough.itemsize else enough


@np.errstate(all="ignore")
def by_rows(
    kernel: Callable[[FloatArray, float, FloatArray], object],
    source: FloatArray,
    axis: int,
    temperature: float = 1.0,
    width: int | None = None,
) -> FloatArray:
    """Return what a kernel makes of each row along `axis`.

    Parameters
    ----------
    kernel : callable
        Called as ``kernel(rows, temperature, out)`` with blocks of rows, the axis last, in the type
        to compute with: it fills `out`, and never writes into `rows`. One-dimensional input is one
        block of one dimension; every other block has two.
    source : ndarray, shape (..., K, ...)
        What to read, K entries along `axis`.
    axis : int
        The axis, counted from the front.
    temperature : float
        Handed on to the kernel; the type to compute with depends on it, see :func:`working_dtype`.
    width : int, optional
        How many entries a row of results has; K where it is not given.

    Returns
    -------
    ndarray, shape (..., width, ...)
        The results in the type of the source. What floating-point arithmetic would warn of is in
        the results, and no warning is given.

    Examples
    --------
    >>> def total(rows, temperature, out):
    ...     out[...] = rows.sum(axis=-1, keepdims=True)
    >>> by_rows(total, np.arange(6.0).reshape(3, 2), axis=0, width=1)
    array([[6., 9.]])
    """
    shape, dtype = source.shape, working_dtype(source.dtype, temperature)
    if width is not None:
        shape = (*shape[:axis], width, *shape[axis + 1 :])
    target = np.empty(shape, source.dtype)
    if dtype is not source.dtype or not _is_one_block(source, axis):
        for rows, results in row_blocks(source, target, axis, dtype):
            kernel(rows, temperature, results)
    elif axis == source.ndim - 1:
        kernel(source, temperature, target)
    else:
        kernel(source.T, temperature, target.T)
    return target


def _is_one_block(source: FloatArray, axis: int) -> bool:
    """Tell whether an array can be handed over as it is: one row, a few, or rows side by side."""
    if source.ndim == 1:
        return True
    if source.ndim > 2 or source.size == 0:
        return False
    few = len(source) < MANY and source.nbytes <= BLOCK_BYTES
    return source.flags.c_contiguous and (axis == 0 or few)


def row_slices(n_rows: int, row_bytes: int) -> Iterator[slice]:
    """Yield slices of rows that make blocks of about :data:`BLOCK_BYTES`.

    Examples
    --------
    >>> list(row_slices(5, BLOCK_BYTES // 2))
    [slice(0, 2, None), slice(2, 4, None), slice(4, 6, None)]
    """
    step = max(1, BLOCK_BYTES // row_bytes)
    return (slice(start, start + step) for start in range(0, n_rows, step))


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
        if source.ndim == 1:
            yield source, target
            return
        all_rows, all_results = source.reshape(-1, n_read), target.reshape(-1, n_write)
        blocks = row_slices(len(all_rows), row_bytes)
        yield from _laid_side_by_side((all_rows[part], all_results[part]) for part in blocks)
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


def _laid_side_by_side(
    blocks: Iterator[tuple[FloatArray, FloatArray]],
) -> Iterator[tuple[FloatArray, FloatArray]]:
    """Hand over blocks of many short rows with the rows side by side in memory, others as they are.

    The results are moved back.
    """
    for rows, results in blocks:
        if side_by_side(rows) or (rows.shape[-1] <= SHORT and len(rows) >= MANY):
            beside = np.empty(results.shape[::-1], results.dtype).T
            yield np.asfortranarray(rows), beside
            results[...] = beside
        else:
            yield rows, results


def column(values: Any) -> Any:
    """Return one number per row as a column; the number of a single row as it is."""
    return values if values.ndim == 0 else values[:, None]


def side_by_side(rows: FloatArray) -> bool:
    """Tell whether neighbours in memory belong to different rows, as along ``axis=0``.

    Along an axis of length 1 strides say nothing, and a copy may keep them.
    """
    return rows.ndim == 2 and 1 not in rows.shape and rows.strides[0] < rows.strides[1]


def reduce_rows(ufunc: np.ufunc, rows: FloatArray) -> Any:
    """Return one number for each row: its sum, with ``np.add``, or its maximum, ``np.maximum``.

    NumPy adds rows in one piece in pairs, so that the error grows like log K, and rows side by side
    one entry after the other. Therefore these are folded, eight layers at a time, until they are
    short; folding also lets NumPy's loops run over many numbers.

    Examples
    --------
    >>> reduce_rows(np.add, np.array([[1.0, 3.0], [5.0, 4.0]]))
    array([4., 9.])
    """
    if not side_by_side(rows):
        return ufunc.reduce(rows, axis=-1)
    entries = rows.T
    while len(entries) > FEW:
        n, width = len(entries) // 8, entries.shape[1]
        layers = ufunc.reduce(entries[: 8 * n].reshape(8, n, width), axis=0)
        if len(entries) > 8 * n:
            ufunc(layers[0], ufunc.reduce(entries[8 * n :], axis=0), out=layers[0])
        entries = layers
    return ufunc.reduce(entries, axis=0)


def maxima(rows: FloatArray) -> tuple[Any, Any]:
    """Return where a maximum of each row is in ``rows.ravel("K")``, and the maxima as a column.

    A row with NaN has the maximum NaN.

    Examples
    --------
    >>> index, top = maxima(np.array([[1.0, 3.0], [5.0, 4.0]]))
    >>> index
    array([1, 2])
    >>> top
    array([[3.],
           [5.]])
    """
    if rows.ndim == 1:
        index = rows.argmax()
        return index, rows[index]
    if side_by_side(rows):
        index = _leading_entries(rows.T)
        index *= len(rows)
        index += np.arange(len(rows))
    else:
        index = rows.argmax(axis=-1)
        index += np.arange(0, rows.size, rows.shape[1])
    return index, column(rows.ravel("K").take(index))


def highest(rows: FloatArray) -> Any:
    """Return the maxima of :func:`maxima` alone: of many rows side by side, sooner.

    Examples
    --------
    >>> highest(np.array([[1.0, 3.0], [5.0, 4.0]]))
    array([[3.],
           [5.]])
    """
    if side_by_side(rows) and rows.size >= 4096:
        return column(reduce_rows(np.maximum, rows))
    return maxima(rows)[1]


def _leading_entries(entries: FloatArray) -> Any:
    """Return ``entries.argmax(axis=0)``, for which NumPy would move all entries.

    Few are compared with their maximum. Of many, eight layers are folded into one, and only the
    eight entries of the group that wins are looked into.
    """
    (n_entries, width), n = entries.shape, len(entries) // 8
    if entries.size < 4096:
        return entries.argmax(axis=0)
    if n_entries < 128:
        top = reduce_rows(np.maximum, entries.T)
        leads = entries == top
        if np.isnan(largest(top)):  # NaN equals nothing, and is the maximum
            leads |= np.isnan(entries)
        places, leading = leads.ravel().nonzero()[0], np.empty(width, np.intp)
        leading[places % width] = places // width
        return leading
    layers = entries[: 8 * n].reshape(8, n, width)
    group = np.maximum.reduce(layers, axis=0).argmax(axis=0)
    places = np.arange(0, layers.size, n * width)[:, None] + (group * width + np.arange(width))
    candidates = np.concatenate([layers.ravel().take(places), entries[8 * n :]])
    winner = candidates.argmax(axis=0)
    return np.where(winner < 8, winner * n + group, winner + (8 * n - 8))


def smallest(values: Any) -> Any:
    """Return the smallest of some numbers, NaN if one is; faster than ``min`` for few."""
    if values.ndim == 2 and values.shape[1] != 1:
        values = values.ravel("K")
    return values.item(values.argmin())


def largest(values: Any) -> Any:
    """Return the largest number, NaN if one is, −inf of none; faster than ``max`` for few."""
    if values.ndim == 2 and values.shape[1] != 1:
        values = values.ravel("K")
    return values.item(values.argmax()) if values.size else -math.inf
