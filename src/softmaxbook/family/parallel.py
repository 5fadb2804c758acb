"""Softmax over classes that are spread over several parts, which tell each other two numbers a row.

The parts may stand on different machines (``softmaxbook.family.torch_parallel``); here they are
arrays side by side, so that every step can be looked at.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from softmaxbook.learning.labels import check_class_numbers
from softmaxbook.numerics.arrays import FloatArray, as_array, as_floats, check_axis
from softmaxbook.numerics.exponentials import difference


class Summary(NamedTuple):
    """What a part tells the others about each of its rows: all that softmax needs of it.

    Parameters
    ----------
    maximum : ndarray, shape (...)
        m, the largest logit of the part; −inf for masks alone.
    scaled_sum : ndarray, shape (...)
        s = Σ exp(z − m) over the classes of the part; 0 for masks alone.

    Examples
    --------
    >>> summary = summarise([[3.0, 3.0]])
    >>> print(summary.maximum, summary.scaled_sum, summary.log_normaliser)
    [3.] [2.] [3.69314718]

    Derived in the chapter *machines*.
    """

    maximum: FloatArray
    scaled_sum: FloatArray

    @property
    def log_normaliser(self) -> FloatArray:
        """Log-sum-exp of what has been summarised, m + log s."""
        with np.errstate(all="ignore"):
            total: FloatArray = self.maximum + np.log(self.scaled_sum)
        return total


def split_classes(n_classes: int, n_parts: int) -> list[slice]:
    """Return which classes stand on which part: runs of equal length, up to one.

    Raises
    ------
    ValueError
        If there are fewer classes than parts, or no part.

    Examples
    --------
    >>> split_classes(10, 3)
    [slice(0, 4, None), slice(4, 7, None), slice(7, 10, None)]

    Used in the chapter *machines*.
    """
    if not 1 <= n_parts <= n_classes:
        raise ValueError(f"{n_classes} classes cannot be spread over {n_parts} parts")
    ends = [-(-n_classes * part // n_parts) for part in range(n_parts + 1)]
    return [slice(start, end) for start, end in itertools.pairwise(ends)]


@np.errstate(all="ignore")
def summarise(logits: ArrayLike) -> Summary:
    """Return the maximum and the scaled sum of each row of a part.

    Parameters
    ----------
    logits : array_like, shape (..., K_part)
        The logits of the part's own classes.

    Returns
    -------
    Summary
        In at least double precision: the sums of all parts are still to be added.

    Raises
    ------
    TypeError
        If the logits are not real numbers.
    ValueError
        If there are no classes.

    Examples
    --------
    >>> summarise([1000.0, 999.0])
    Summary(maximum=np.float64(1000.0), scaled_sum=np.float64(1.3678794411714423))

    Derived in the chapter *machines*.
    """
    given = as_floats(logits)
    check_axis(given, -1)
    z = given.astype(np.result_type(given.dtype, np.float64))
    maximum = z.max(axis=-1)
    return Summary(maximum, _relative(z, maximum[..., None]).sum(axis=-1))


@np.errstate(all="ignore")
def merge(summaries: Iterable[Summary]) -> Summary:
    r"""Return what the summaries of all parts say together.

    Parameters
    ----------
    summaries : iterable of Summary
        One for each part, of one shape.

    Returns
    -------
    Summary
        The same on every part, if every part merges the same summaries in the same order.

    Raises
    ------
    ValueError
        If there are none.

    Notes
    -----
    .. math:: m = \max_r m_r, \qquad s = \sum_r s_r\, e^{m_r - m}

    The merge is associative and commutative, so that parts can be merged in any order and in
    groups: M. Milakov and N. Gimelshein, Online normalizer calculation for softmax, 2018,
    arXiv:1805.02867, section 3. A vocabulary spread over devices in this way: M. Shoeybi and
    others, Megatron-LM, 2019, arXiv:1909.08053, section 3.

    Examples
    --------
    >>> merged = merge([summarise([1.0, 2.0]), summarise([4.0]), summarise([-np.inf])])
    >>> print(merged.maximum, merged.scaled_sum.round(6))
    4.0 1.185122

    Derived in the chapter *machines*.
    """
    parts = list(summaries)
    if not parts:
        raise ValueError("nothing to merge: there must be at least one summary")
    maxima, sums = (np.stack(arrays) for arrays in zip(*parts, strict=True))
    maximum = maxima.max(axis=0)
    return Summary(maximum, (sums * _relative(maxima, maximum)).sum(axis=0))


@np.errstate(all="ignore")
def softmax_of_part(logits: ArrayLike, whole: Summary) -> FloatArray:
    """Return the probabilities of a part's classes among *all* classes.

    Parameters
    ----------
    logits : array_like, shape (..., K_part)
        The logits of the part's own classes.
    whole : Summary
        The merged summary of all parts.

    Returns
    -------
    ndarray, shape (..., K_part)
        In the floating-point type of the logits. Over all parts each row sums to 1.

    Raises
    ------
    TypeError, ValueError
        As :func:`softmaxbook.family.parallel.summarise`.

    Examples
    --------
    >>> parts = [[2.0, 1.0], [-1.0]]
    >>> whole = merge(summarise(part) for part in parts)
    >>> [softmax_of_part(part, whole).round(6) for part in parts]
    [array([0.705385, 0.259496]), array([0.035119])]

    Derived in the chapter *machines*.
    """
    z = as_floats(logits)
    check_axis(z, -1)
    weights = _relative(z.astype(whole.maximum.dtype), whole.maximum[..., None])
    hopeless = whole.maximum[..., None] == -np.inf
    p: FloatArray = np.where(hopeless, np.nan, weights / whole.scaled_sum[..., None])
    return p.astype(z.dtype)


@np.errstate(all="ignore")
def loss_of_part(
    logits: ArrayLike, labels: ArrayLike, first_class: int, whole: Summary
) -> FloatArray:
    """Return the cross-entropy of the rows whose label stands on this part, 0 for the others.

    Parameters
    ----------
    logits : array_like, shape (n, K_part)
        The logits of the part's own classes.
    labels : array_like of int, shape (n,)
        Class numbers among all classes.
    first_class : int
        The number of the part's first class.
    whole : Summary
        The merged summary of all parts.

    Returns
    -------
    ndarray, shape (n,)
        In nats. The sum over the parts is the cross-entropy of each row: whoever has the label's
        logit knows the rest, so that no third number has to be sent. The scaled sum is rounded near
        1, so a loss below that rounding, 1e-16, comes out as 0 where
        :func:`softmaxbook.cross_entropy`, which sees the whole row, still has its digits.

    Raises
    ------
    TypeError, ValueError
        As :func:`softmaxbook.family.parallel.summarise`; also if the labels are not one number a
        row.

    Examples
    --------
    >>> parts, labels = [[[2.0, 1.0]], [[-1.0]]], [2]
    >>> whole = merge(summarise(part) for part in parts)
    >>> print(*(loss_of_part(parts[r], labels, 2 * r, whole).round(6) for r in (0, 1)))
    [0.] [3.349012]

    Derived in the chapter *machines*.
    """
    z = as_floats(logits)
    rows, own = _owned(z, labels, first_class)
    losses = np.zeros(len(z), whole.maximum.dtype)
    gap = whole.maximum[rows] - z[rows, own]
    losses[rows] = np.where(np.isnan(gap), 0, gap) + np.log(whole.scaled_sum[rows])
    losses[rows] = np.where(whole.maximum[rows] == -np.inf, np.nan, losses[rows])
    return losses


def gradient_of_part(
    logits: ArrayLike, labels: ArrayLike, first_class: int, whole: Summary
) -> FloatArray:
    """Return p − y for the classes of a part: the gradient of each row's own cross-entropy.

    Parameters
    ----------
    logits, labels, first_class, whole
        As for :func:`softmaxbook.family.parallel.loss_of_part`.

    Returns
    -------
    ndarray, shape (n, K_part)

    Raises
    ------
    TypeError, ValueError
        As :func:`softmaxbook.family.parallel.loss_of_part`.

    Examples
    --------
    >>> parts, labels = [[[2.0, 1.0]], [[-1.0]]], [2]
    >>> whole = merge(summarise(part) for part in parts)
    >>> print(*(gradient_of_part(parts[r], labels, 2 * r, whole).round(6) for r in (0, 1)))
    [[0.705385 0.259496]] [[-0.964881]]

    Derived in the chapter *machines*.
    """
    z = as_floats(logits)
    slopes = softmax_of_part(z, whole)
    slopes[_owned(z, labels, first_class)] -= 1
    return slopes


def merged_cross_entropy(
    parts: Sequence[ArrayLike], labels: ArrayLike
) -> tuple[FloatArray, list[FloatArray]]:
    """Return cross-entropy and its gradient from parts of the logits that are never joined.

    Parameters
    ----------
    parts : sequence of array_like, each of shape (n, K_part)
        The logits, cut along the classes; the lengths of the parts may differ.
    labels : array_like of int, shape (n,)
        Class numbers among all classes.

    Returns
    -------
    tuple of (ndarray, list of ndarray)
        The loss of each row, shape (n,), and the gradient of each part, shape (n, K_part).

    Raises
    ------
    TypeError
        If logits or labels are not numbers.
    ValueError
        If there are no parts, a label is no class, or the parts differ in their rows.

    Examples
    --------
    >>> loss, slopes = merged_cross_entropy([[[2.0, 1.0]], [[-1.0]]], [2])
    >>> print(loss.round(6), [part.round(6) for part in slopes])
    [3.349012] [array([[0.705385, 0.259496]]), array([[-0.964881]])]

    Derived in the chapter *machines*.
    """
    arrays = [as_floats(part, f"parts[{number}]") for number, part in enumerate(parts)]
    shapes = [array.shape for array in arrays]
    if len({shape[:-1] for shape in shapes}) != 1 or len(shapes[0]) != 2:
        raise ValueError(f"parts must be rows of one number, shape (n, K_part), got {shapes}")
    widths = [shape[-1] for shape in shapes]
    check_class_numbers(as_array(labels, "labels"), sum(widths))
    firsts = np.cumsum([0, *widths[:-1]])
    whole = merge(map(summarise, arrays))
    pieces = list(zip(arrays, firsts.tolist(), strict=True))
    losses = sum(loss_of_part(part, labels, first, whole) for part, first in pieces)
    return np.asarray(losses), [gradient_of_part(part, labels, f, whole) for part, f in pieces]


def _owned(
    z: FloatArray, labels: ArrayLike, first_class: int
) -> tuple[np.ndarray[tuple[int], np.dtype[np.intp]], np.ndarray[tuple[int], np.dtype[np.intp]]]:
    """Return the rows whose label is a class of the part, and which of its classes that is."""
    place = as_array(labels, "labels")
    if z.ndim != 2 or place.shape != z.shape[:1] or place.dtype.kind not in "iu":
        raise ValueError(
            f"logits (n, K_part) and one whole number a row are needed, got shape {z.shape} and "
            f"labels of shape {place.shape}, {place.dtype}"
        )
    own = place.astype(np.intp) - first_class
    rows = np.flatnonzero((own >= 0) & (own < z.shape[1]))
    return rows, own[rows]


def _relative(values: FloatArray, top: FloatArray) -> FloatArray:
    """Return exp(values − top), with ∞ − ∞ as 0; nothing but zeros where all are −inf."""
    top = np.where(top == -np.inf, 0, top)
    weights: FloatArray = np.exp(difference(values, top, out=np.empty_like(values)))
    return weights
