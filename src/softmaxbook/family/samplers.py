"""How a next token is drawn: what the filters leave of a distribution, and the draw itself.

A filter takes logits and returns probabilities with sum 1 in which the unlikely classes are 0.
"""

from __future__ import annotations

import operator
import sys
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from softmaxbook.family.gumbel import IntArray, Seed
from softmaxbook.family.tokens import token_numbers
from softmaxbook.numerics.arrays import FloatArray, as_floats, check_axis
from softmaxbook.numerics.probabilities import softmax

Filter = Callable[[FloatArray], FloatArray]
Model = Callable[[list[int]], ArrayLike]


def top_k(logits: ArrayLike, k: int, axis: int = -1, temperature: float = 1.0) -> FloatArray:
    """Return the probabilities of the k most probable classes among themselves, 0 for others.

    Parameters
    ----------
    logits : array_like, shape (..., K, ...)
        Scores of K classes along `axis`.
    k : int
        At least 1; more than K is the same as K. Exactly k classes are kept: among equals at the
        edge those with the lower numbers.
    axis : int
        The axis of the classes.
    temperature : float
        T, positive and finite, applied before the filter. It does not change who is kept.

    Returns
    -------
    ndarray
        Of the shape and the floating-point type of the logits.

    Raises
    ------
    TypeError
        If the logits are not real numbers, or k is not an integer.
    ValueError
        If k is below 1, there are no classes, or the temperature is not positive and finite.

    Notes
    -----
    A. Fan, M. Lewis and Y. Dauphin, Hierarchical neural story generation, ACL 2018,
    arXiv:1805.04833.

    Examples
    --------
    >>> top_k([2.0, 1.0, -1.0], k=2).round(3)
    array([0.731, 0.269, 0.   ])

    Used in the chapter *language*.
    """
    count = operator.index(k)
    if count < 1:
        raise ValueError(f"k must be at least 1, got {k}")
    return _filtered(logits, axis, temperature, lambda p, z: np.arange(p.shape[-1]) < count)


def nucleus(logits: ArrayLike, p: float, axis: int = -1, temperature: float = 1.0) -> FloatArray:
    """Return the probabilities of the smallest set of classes that has the mass p, 0 for others.

    Parameters
    ----------
    logits : array_like, shape (..., K, ...)
        Scores of K classes along `axis`.
    p : float
        In (0, 1]. The classes are taken from the most probable on, up to *and with* the one at
        which their sum reaches p; 1 keeps all.
    axis : int
        The axis of the classes.
    temperature : float
        T, positive and finite, applied before the filter: it changes who is kept.

    Returns
    -------
    ndarray
        Of the shape and the floating-point type of the logits.

    Raises
    ------
    TypeError
        If the logits are not real numbers.
    ValueError
        If p is not in (0, 1], there are no classes, or the temperature is not positive and finite.

    Notes
    -----
    A class is kept if the sum of those *before* it is less than p. So the most probable one is
    always kept, and the mass is never less than asked for. Also called top-p.

    A. Holtzman, J. Buys, L. Du, M. Forbes and Y. Choi, The curious case of neural text
    degeneration, ICLR 2020, arXiv:1904.09751, section 3.1.

    Examples
    --------
    >>> nucleus(np.log([0.5, 0.3, 0.2]), p=0.6)
    array([0.625, 0.375, 0.   ])

    Used in the chapter *language*.
    """
    if not 0 < p <= 1:
        raise ValueError(f"p must be in (0, 1], got {p}")

    def kept(ordered: FloatArray, logits: FloatArray) -> NDArray[np.bool_]:
        before = np.cumsum(ordered, axis=-1) - ordered
        wanted: NDArray[np.bool_] = before < p
        wanted[..., 0] = True
        return wanted | (p == 1)  # whatever rounding says of the sum

    return _filtered(logits, axis, temperature, kept)


def min_p(logits: ArrayLike, p: float, axis: int = -1, temperature: float = 1.0) -> FloatArray:
    """Return the probabilities of classes with at least p times the largest, 0 for others.

    Parameters
    ----------
    logits : array_like, shape (..., K, ...)
        Scores of K classes along `axis`.
    p : float
        In (0, 1]; 1 keeps the most probable and its equals.
    axis : int
        The axis of the classes.
    temperature : float
        T, positive and finite, applied before the filter: it changes who is kept.

    Returns
    -------
    ndarray
        Of the shape and the floating-point type of the logits.

    Raises
    ------
    TypeError
        If the logits are not real numbers.
    ValueError
        If p is not in (0, 1], there are no classes, or the temperature is not positive and finite.

    Notes
    -----
    The same as keeping logits within −T log p of the largest: how many they are depends on how
    certain the model is. M. N. Nguyen and others, Turning up the heat: min-p sampling for creative
    and coherent LLM outputs, ICLR 2025, arXiv:2407.01082.

    Examples
    --------
    >>> min_p(np.log([0.5, 0.3, 0.2]), p=0.5)
    array([0.625, 0.375, 0.   ])

    Used in the chapter *language*.
    """
    if not 0 < p <= 1:
        raise ValueError(f"p must be in (0, 1], got {p}")

    def kept(ordered: FloatArray, logits: FloatArray) -> NDArray[np.bool_]:
        if p == 1:  # probabilities may round to the largest, logits tell who is equal
            equal: NDArray[np.bool_] = logits == logits[..., :1]
            return equal
        enough: NDArray[np.bool_] = ordered >= p * ordered[..., :1]
        return enough

    return _filtered(logits, axis, temperature, kept)


def draw(probabilities: ArrayLike, rng: Seed, n_samples: int | None = None) -> IntArray:
    """Draw classes, never one with the probability 0.

    Parameters
    ----------
    probabilities : array_like, shape (..., K)
        Non-negative numbers along the last axis. A sum other than 1 is divided by.
    rng : numpy.random.Generator or int
        Where the numbers come from, or a seed.
    n_samples : int, optional
        How many draws of each row. Without it, one draw without an axis of its own.

    Returns
    -------
    ndarray of int, shape (...) or (n_samples, ...)
        Class numbers.

    Raises
    ------
    TypeError
        If the probabilities are not real numbers.
    ValueError
        If one is negative, infinite or NaN, or all of a row are 0; the first offender is named.
        Also if `n_samples` is negative.

    Notes
    -----
    A uniform number between 0 and the sum falls into the piece of one class; pieces are laid out in
    float64, whatever the type. One draw takes one uniform number, where Gumbel noise
    (:func:`softmaxbook.gumbel_max`) takes one for each class. Numbers near the ends of the range
    are first multiplied by a power of two, so that their sum neither overflows nor is rounded.

    Examples
    --------
    >>> np.bincount(draw([0.5, 0.0, 0.25, 0.25], rng=0, n_samples=1000))
    array([473,   0, 260, 267])

    Used in the chapter *language*.
    """
    p = as_floats(probabilities, "probabilities").astype(np.float64)
    check_axis(p, -1, "probabilities")
    rows = p.reshape(-1, p.shape[-1])
    wrong = np.argwhere(~((rows >= 0) & (rows < np.inf)))
    if len(wrong):
        row, place = wrong[0]
        raise ValueError(f"probability {rows[row, place]} of class {place} is not finite and ≥ 0")
    largest = rows.max(axis=-1, keepdims=True)
    if (largest == 0).any():
        raise ValueError("nothing to draw: every probability of a row is 0")
    if n_samples is not None and n_samples < 0:
        raise ValueError(f"n_samples must not be negative, got {n_samples}")
    rows = np.ldexp(rows, -np.frexp(largest)[1])
    shape = () if n_samples is None else (n_samples,)
    uniform = np.random.default_rng(rng).random((*shape, len(rows)))
    drawn = np.empty(uniform.shape, np.intp)
    for row, ends in enumerate(np.cumsum(rows, axis=-1)):
        found = np.searchsorted(ends, uniform[..., row] * ends[-1], side="right")
        # A product may round up to the whole sum, beyond the last class that has a piece.
        drawn[..., row] = np.minimum(found, np.searchsorted(ends, ends[-1]))
    return drawn.reshape((*shape, *p.shape[:-1]))[()]


def generate(
    model: Model,
    prompt: Sequence[int],
    n_tokens: int,
    rng: Seed,
    sampler: Filter = softmax,
    stop: int | None = None,
) -> list[int]:
    """Return a prompt and what a model says next, token by token.

    Parameters
    ----------
    model : callable
        From the tokens so far, a list of int, to the logits of the next, shape (K,).
    prompt : sequence of int
        At least one token.
    n_tokens : int
        How many to add at most.
    rng : numpy.random.Generator or int
        Where the numbers come from, or a seed.
    sampler : callable, optional
        From logits to probabilities: softmax, or a filter such as ``lambda z: top_k(z, 40)``.
    stop : int, optional
        After this token nothing is added.

    Returns
    -------
    list of int

    Raises
    ------
    TypeError
        If the prompt is no list of whole numbers.
    ValueError
        If a number is negative, the prompt is empty, or `n_tokens` is negative.

    Examples
    --------
    >>> clock = lambda tokens: np.where(np.arange(12) == (tokens[-1] + 1) % 12, 9.0, 0.0)
    >>> generate(clock, [10], 4, rng=0, sampler=lambda z: top_k(z, 1))
    [10, 11, 0, 1, 2]

    Used in the chapter *language*.
    """
    tokens = token_numbers(prompt, sys.maxsize)
    if not tokens:
        raise ValueError("the prompt is empty: give the model at least one token to go on from")
    if n_tokens < 0:
        raise ValueError(f"n_tokens must not be negative, got {n_tokens}")
    source = np.random.default_rng(rng)
    for _ in range(n_tokens):
        tokens.append(int(draw(sampler(as_floats(model(tokens))), source)))
        if tokens[-1] == stop:
            break
    return tokens


@np.errstate(all="ignore")
def _filtered(
    logits: ArrayLike,
    axis: int,
    temperature: float,
    kept: Callable[[FloatArray, FloatArray], NDArray[np.bool_]],
) -> FloatArray:
    """Return probabilities of which only those are left that `kept` chooses.

    It is given probabilities and logits in the falling order of the logits: where probabilities
    round to the same, the logits still tell who comes first.
    """
    given = as_floats(logits)
    axis = check_axis(given, axis)
    wide = np.moveaxis(given, axis, -1).astype(np.result_type(given.dtype, np.float64))
    p = softmax(wide, temperature=temperature)
    order = np.argsort(-wide, axis=-1, kind="stable")
    ordered = (np.take_along_axis(each, order, axis=-1) for each in (p, wide))
    keep = np.empty(p.shape, bool)
    np.put_along_axis(keep, order, kept(*ordered), axis=-1)
    p = np.where(keep | np.isnan(p), p, 0)
    shares: FloatArray = (p / p.sum(axis=-1, keepdims=True)).astype(given.dtype)
    return np.moveaxis(shares, -1, axis)
