"""How sure one may be of a perplexity, and how often a text repeats itself."""

from __future__ import annotations

import operator
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from softmaxbook.family.counts import check_logarithms, perplexity
from softmaxbook.family.gumbel import IntArray, Seed
from softmaxbook.family.tokens import token_numbers
from softmaxbook.learning.intervals import Interval
from softmaxbook.numerics.arrays import FloatArray, as_floats


def perplexity_interval(
    sentences: Sequence[ArrayLike],
    against: Sequence[ArrayLike] | None = None,
    rng: Seed = 0,
    n_resamples: int = 2000,
    confidence: float = 0.95,
) -> Interval:
    """Return the perplexity of a text and an interval for it, from resampled sentences.

    Parameters
    ----------
    sentences : sequence of array_like
        The natural log-probabilities of the tokens of each sentence.
    against : sequence of array_like, optional
        Those that another model gave to the same sentences. Then the *ratio* of the two
        perplexities is returned, and both are resampled together: below 1, the first is better.
    rng : numpy.random.Generator or int
    n_resamples : int
    confidence : float
        In (0, 1).

    Returns
    -------
    Interval

    Raises
    ------
    TypeError
        If log-probabilities are not real numbers.
    ValueError
        If there are fewer than two sentences or a sentence has no tokens, a log-probability is
        above 0, the two models' sentences differ in length, both give a sentence the probability
        0, or the confidence or the number of draws is out of range.

    Notes
    -----
    Tokens of one sentence depend on each other, so sentences are drawn, with replacement, and not
    tokens. The limits are quantiles of what the draws give. How far *another book* would lie from
    this one they do not say.

    Examples
    --------
    >>> logs = [np.log([0.5, 0.25]), np.log([0.25]), np.log([0.125, 0.5])]
    >>> interval = perplexity_interval(logs)
    >>> bool(interval.low < interval.mean < interval.high)
    True

    Used in the chapter *language*.
    """
    if len(sentences) < 2:
        raise ValueError(f"an interval needs at least two sentences, got {len(sentences)}")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must be between 0 and 1, got {confidence}")
    if operator.index(n_resamples) < 1:
        raise ValueError(f"n_resamples must be at least 1, got {n_resamples}")
    sums, lengths = _totals(sentences, "sentences")
    value = perplexity(np.concatenate([np.ravel(each) for each in sentences]))
    if against is not None:
        other, other_lengths = _totals(against, "against")
        if not np.array_equal(lengths, other_lengths):
            raise ValueError("the two models must have judged the same sentences, token by token")
        if np.isneginf(np.minimum(sums.min(), other.min())):
            raise ValueError("a ratio of perplexities needs probabilities above 0 in both models")
        sums = sums - other
        value = _exponential(-sums.sum() / lengths.sum())
    drawn = np.random.default_rng(rng).integers(len(sums), size=(n_resamples, len(sums)))
    found = _exponential(-sums[drawn].sum(axis=1) / lengths[drawn].sum(axis=1))
    ends = (1 - confidence) / 2, (1 + confidence) / 2
    if np.isfinite(found).all():
        low, high = np.quantile(found, ends)
    else:  # nothing can be interpolated between two infinite ones
        low, high = (
            np.quantile(found, ends[0], method="lower"),
            np.quantile(found, ends[1], method="higher"),
        )
    return Interval(value, float(low), float(high))


@np.errstate(over="ignore")
def _exponential(values: Any) -> Any:
    """Return exp(values), ∞ where it is too large: also a perplexity can be."""
    return np.exp(values)


def _totals(sentences: Sequence[ArrayLike], name: str) -> tuple[FloatArray, IntArray]:
    """Return the sum and the number of the log-probabilities of each sentence."""
    rows = [as_floats(each, f"{name}[{place}]") for place, each in enumerate(sentences)]
    for place, row in enumerate(rows):
        if row.ndim != 1 or not row.size:
            raise ValueError(
                f"{name}[{place}] must be the log-probabilities of a sentence's tokens, got shape "
                f"{row.shape}"
            )
        check_logarithms(row.astype(np.float64))
    return np.array([row.sum(dtype=np.float64) for row in rows]), np.array([len(r) for r in rows])


def repeated_share(tokens: Sequence[int], length: int = 4) -> float:
    """Return which share of the runs of tokens in a text has stood in it before.

    Parameters
    ----------
    tokens : sequence of int
    length : int
        Of a run, at least 1.

    Returns
    -------
    float
        0 if no run occurs twice; near 1 for a text that goes round in a circle.

    Raises
    ------
    ValueError
        If the length is below 1, or the text is shorter than a run.

    Examples
    --------
    >>> repeated_share([1, 2, 3, 1, 2, 3, 1, 2], length=2)
    0.5714285714285714

    Used in the chapter *language*.
    """
    if operator.index(length) < 1:
        raise ValueError(f"length must be at least 1, got {length}")
    tokens = token_numbers(tokens, sys.maxsize)
    runs = [tuple(tokens[place : place + length]) for place in range(len(tokens) - length + 1)]
    if not runs:
        raise ValueError(f"the text has {len(tokens)} tokens, fewer than a run of {length}")
    return 1 - len(set(runs)) / len(runs)
