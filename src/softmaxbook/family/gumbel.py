"""Gumbel noise: a draw from softmax as an argmax, and its smooth relaxation."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from softmaxbook.numerics.arrays import FloatArray, as_floats, check_axis, check_temperature
from softmaxbook.numerics.exponentials import gaps
from softmaxbook.numerics.probabilities import softmax

Seed = int | np.random.Generator
IntArray = NDArray[np.intp]


def gumbel_max(
    logits: ArrayLike,
    rng: Seed,
    n_samples: int | None = None,
    axis: int = -1,
    temperature: float = 1.0,
) -> IntArray:
    r"""Draw classes with the probabilities softmax(z / T), without computing them.

    Parameters
    ----------
    logits : array_like, shape (..., K, ...)
        Scores z of K classes along `axis`. A mask of −inf is never drawn; entries of +inf are
        drawn equally often, and nothing else in their row is.
    rng : numpy.random.Generator or int
        Where the noise comes from, or a seed.
    n_samples : int, optional
        How many draws of each row. Without it, one draw without an axis of its own.
    axis : int
        The axis of the classes.
    temperature : float
        T, positive and finite.

    Returns
    -------
    ndarray of int, shape (...) or (n_samples, ...)
        Class numbers; the axis of the classes is gone.

    Raises
    ------
    TypeError
        If the logits are not real numbers.
    ValueError
        If a row has nothing to draw (masks alone, or NaN), `n_samples` is negative, there are no
        classes, or the temperature is not positive and finite.

    Notes
    -----
    With one independent number U from the unit interval for *each* class of each draw,

    .. math:: \arg\max_k \left( \frac{z_k}{T} + G_k \right) \sim \operatorname{softmax}(z / T),
        \qquad G = -\log(-\log U).

    One number for all classes would shift all logits alike, and always draw the largest.
    C. J. Maddison, D. Tarlow and T. Minka, A* sampling, NeurIPS 2014, arXiv:1411.0030, section 2.

    Examples
    --------
    >>> draws = gumbel_max([2.0, 1.0, -1.0], rng=0, n_samples=10_000)
    >>> np.bincount(draws) / 10_000
    array([0.7091, 0.2561, 0.0348])

    Derived in the chapter *relatives*.
    """
    noisy = _with_noise(logits, rng, n_samples, axis, check_temperature(temperature))
    drawn: IntArray = noisy.argmax(axis=-1)
    return drawn


@np.errstate(all="ignore")
def gumbel_softmax(
    logits: ArrayLike,
    rng: Seed,
    n_samples: int | None = None,
    axis: int = -1,
    temperature: float = 1.0,
) -> FloatArray:
    r"""Draw points of the simplex that are nearly one-hot rows: a draw with a derivative.

    Parameters
    ----------
    logits : array_like, shape (..., K, ...)
        Scores z of K classes along `axis`; infinities as for :func:`softmaxbook.gumbel_max`.
    rng : numpy.random.Generator or int
        Where the noise comes from, or a seed. The same seed gives the same noise to
        :func:`softmaxbook.gumbel_max`.
    n_samples : int, optional
        How many draws of each row. Without it, one draw without an axis of its own.
    axis : int
        The axis of the classes.
    temperature : float
        T of the relaxation, positive and finite: it divides logits *and* noise.

    Returns
    -------
    ndarray, shape (..., K, ...) or (n_samples, ..., K, ...)
        Rows with sum 1, in the floating-point type of the logits.

    Raises
    ------
    TypeError, ValueError
        As :func:`softmaxbook.gumbel_max`.

    Notes
    -----
    .. math:: y = \operatorname{softmax}\!\left( \frac{z + G}{T} \right)

    For every T the largest entry of y is at k with the probability softmax(z)_k. As T → 0, y
    becomes the one-hot row of that draw, and its derivative vanishes almost everywhere; as T grows,
    y tends to the uniform row, and its mean is no longer softmax(z).

    E. Jang, S. Gu and B. Poole, Categorical reparameterization with Gumbel-softmax, ICLR 2017,
    arXiv:1611.01144; C. J. Maddison, A. Mnih and Y. W. Teh, The concrete distribution, ICLR 2017,
    arXiv:1611.00712.

    Examples
    --------
    >>> logits = [2.0, 1.0, -1.0]
    >>> gumbel_softmax(logits, rng=3, temperature=0.5).round(3)
    array([0.589, 0.232, 0.18 ])
    >>> gumbel_softmax(logits, rng=3, temperature=0.05).round(3)
    array([1., 0., 0.])
    >>> int(gumbel_max(logits, rng=3))
    0

    Derived in the chapter *relatives*.
    """
    t = check_temperature(temperature)
    y = softmax(_with_noise(logits, rng, n_samples, axis, 1.0), temperature=t)
    given = as_floats(logits)
    behind = given.ndim - 1 - check_axis(given, axis)
    return np.moveaxis(y, -1, y.ndim - 1 - behind).astype(given.dtype)


@np.errstate(all="ignore")
def _with_noise(
    logits: ArrayLike, rng: Seed, n_samples: int | None, axis: int, temperature: float
) -> FloatArray:
    """Return (z − max z) / T + G with the classes along the last axis."""
    given = as_floats(logits)
    z = np.moveaxis(given, check_axis(given, axis), -1)
    if n_samples is not None and n_samples < 0:
        raise ValueError(f"n_samples must not be negative, got {n_samples}")
    top = z.max(axis=-1, keepdims=True)
    empty = np.argwhere(~(top[..., 0] > -np.inf))
    if len(empty):
        row = tuple(empty[0].tolist())
        why = "holds NaN" if np.isnan(top[row]).any() else "holds masks of −inf alone"
        raise ValueError(f"nothing to draw: the row {row} of logits {why}")
    wide = z.astype(np.result_type(z.dtype, np.float64))
    shape = z.shape if n_samples is None else (n_samples, *z.shape)
    uniform = np.maximum(np.random.default_rng(rng).random(shape), 2.0**-54)
    if z.size:
        wide = gaps(wide, top.astype(wide.dtype), temperature, np.empty_like(wide))
    noisy: FloatArray = wide - np.log(-np.log(uniform))
    return noisy
