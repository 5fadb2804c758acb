"""What labels may be, and how they become targets: class numbers, one-hot rows, shares."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from softmaxbook.numerics.arrays import FloatArray, as_array

IntArray = NDArray[np.intp]


def one_hot(labels: ArrayLike, n_classes: int) -> FloatArray:
    """Return rows that are 1 at the label and 0 elsewhere.

    Parameters
    ----------
    labels : array_like of int, shape (...)
        Class numbers from 0 to n_classes − 1.
    n_classes : int

    Returns
    -------
    ndarray of float64, shape (..., n_classes)

    Raises
    ------
    TypeError, ValueError
        If a label is not such a number; the first offender is named.

    Examples
    --------
    >>> one_hot([2, 0], 3)
    array([[0., 0., 1.],
           [1., 0., 0.]])

    Used in the chapter *losses*.
    """
    numbers = check_class_numbers(_as_numbers(labels), n_classes)
    rows: FloatArray = (numbers[..., None] == np.arange(n_classes)).astype(np.float64)
    return rows


def check_labels(labels: ArrayLike, shape: tuple[int, ...]) -> IntArray | FloatArray:
    """Return class numbers (...) or shares (..., K) that fit logits of `shape` (..., K).

    The number of axes decides which of the two they are; integers with the shape of the logits
    are one-hot rows.
    """
    array = _as_numbers(labels)
    if array.shape == shape:
        return check_shares(array)
    if array.shape == shape[:-1]:
        return check_class_numbers(array, shape[-1])
    raise ValueError(
        f"labels have shape {array.shape}; logits of shape {shape} need labels of shape "
        f"{shape[:-1]} (class numbers) or {shape} (one-hot rows or shares)"
    )


def check_class_numbers(array: NDArray[Any], n_classes: int) -> IntArray:
    """Return whole numbers from 0 to n_classes − 1 as integers; name the first that is none."""
    if array.dtype.kind not in "biuf":
        raise TypeError(f"labels must be numbers, not {array.dtype}")
    if array.dtype.kind == "f":
        refuse(array, array != np.floor(array), "is not a whole number")
    classes = f"there are {n_classes} classes, numbered from 0"
    refuse(array, (array < 0) | (array >= n_classes), f"is not a class: {classes}")
    return array.astype(np.intp)


def check_shares(array: NDArray[Any], name: str = "labels") -> FloatArray:
    """Return rows of shares that are non-negative with sum 1; name the first row that is not."""
    shares = array if array.dtype.kind == "f" else array.astype(np.float64)
    refuse(shares, ~(shares >= 0), "is not a share in [0, 1]", name)
    # Summing K rounded shares loses at most about K units of roundoff.
    tolerance = max(1e-6, shares.shape[-1] * float(np.finfo(shares.dtype).eps))
    sums = shares.sum(axis=-1, dtype=np.float64)
    refuse(sums, ~(np.abs(sums - 1) <= tolerance), "is not 1", f"sum of {name}")
    return shares


def check_class_weight(class_weight: ArrayLike | None, n_classes: int) -> FloatArray:
    """Return one non-negative finite weight a class; None gives each class the weight 1."""
    if class_weight is None:
        return np.ones(n_classes)
    weight = _as_numbers(class_weight, "class_weight").astype(np.float64)
    if weight.shape != (n_classes,):
        raise ValueError(f"class_weight must have shape ({n_classes},), got {weight.shape}")
    allowed = (weight >= 0) & np.isfinite(weight)
    refuse(weight, ~allowed, "is not a non-negative finite weight", "class_weight")
    return weight


def balanced_weight(labels: ArrayLike, n_classes: int) -> FloatArray:
    """Return n / (K n_k) for each class k: weights that give every class the same total.

    Parameters
    ----------
    labels : array_like of int, shape (n_samples,)
    n_classes : int

    Returns
    -------
    ndarray, shape (n_classes,)

    Raises
    ------
    ValueError
        If a class has no row, a label is no class, or the labels are no row.

    Examples
    --------
    >>> balanced_weight([0, 0, 0, 1], 2).round(3)
    array([0.667, 2.   ])

    References
    ----------
    scikit-learn's ``class_weight="balanced"`` (``sklearn.utils.class_weight``).

    Derived in the chapter *remedies*.
    """
    numbers = check_class_numbers(_as_numbers(labels), n_classes)
    if numbers.ndim != 1:
        raise ValueError(f"labels must have shape (n_samples,), got {numbers.shape}")
    counts = np.bincount(numbers, minlength=n_classes)
    refuse(counts, counts == 0, "rows: a class without rows has no weight", "count")
    weight: FloatArray = len(numbers) / (n_classes * counts)
    return weight


def share_right(predicted: NDArray[Any], labels: ArrayLike) -> float:
    """Return the share of predictions that are the labels.

    Parameters
    ----------
    predicted : ndarray, shape (n_samples,)
        Numbers or names of classes.
    labels : array_like, shape (n_samples,)
        Of the same kind; one that is no class of the model's counts as missed.

    Raises
    ------
    TypeError
        If numbers would be compared with names: they never agree, and the share would be 0.
    ValueError
        If the shapes differ, there is nothing to take a share of, or a label is not whole.

    Examples
    --------
    >>> share_right(np.array(["cat", "dog"]), ["cat", "bird"])
    0.5
    """
    truth = as_array(labels, "labels")
    if truth.shape != predicted.shape:
        raise ValueError(f"{len(predicted)} rows need as many labels, got shape {truth.shape}")
    if not truth.size:
        raise ValueError("nothing to take a share of: there are no rows")
    strange = _kinds(truth) - _kinds(predicted)
    if strange:
        known = " and ".join(sorted(_kinds(predicted)))
        raise TypeError(f"labels hold {' and '.join(sorted(strange))}, the classes are {known}")
    if truth.dtype.kind == "f":
        refuse(truth, truth != np.floor(truth), "is a measurement, not a class")
    return float(np.mean(predicted == truth))


def _kinds(labels: NDArray[Any]) -> set[str]:
    """Return which kinds of labels there are: numbers, names, or whatever else, by its type."""
    if labels.dtype.kind in "biufc":
        return {"numbers"}
    kinds = {type(label) for label in labels.ravel().tolist()}
    named = {str: "names", bool: "numbers", int: "numbers", float: "numbers"}
    return {
        "numbers" if issubclass(kind, np.number) else named.get(kind, kind.__name__)
        for kind in kinds
    }


def refuse(values: NDArray[Any], wrong: NDArray[np.bool_], why: str, name: str = "labels") -> None:
    """Raise a ValueError that names the first of the `wrong` values and its place."""
    if wrong.any():
        place = tuple(int(i) for i in np.argwhere(wrong)[0])
        subscript = f"[{', '.join(map(str, place))}]" if place else ""
        raise ValueError(f"{name}{subscript} = {values[place]!s} {why}")


def _as_numbers(values: ArrayLike, name: str = "labels") -> NDArray[Any]:
    """Return `values` as an array of real numbers; truth values count as 0 and 1."""
    array = as_array(values, name)
    if array.dtype.kind == "b":
        return array.astype(np.intp)
    if array.dtype.kind in "iuf":
        return array
    hint = "; np.unique(labels, return_inverse=True) numbers names" if name == "labels" else ""
    raise TypeError(f"{name} must be numbers, not {array.dtype}{hint}")
