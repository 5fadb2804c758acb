"""A language model that counts, and how well a model foresees a text."""

from __future__ import annotations

import math
import operator
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from softmaxbook.family.tokens import token_numbers
from softmaxbook.numerics.arrays import FloatArray, as_array, as_floats

SMOOTHINGS = ("interpolated", "add")
NOTHING: Counter[int] = Counter()
REACH = 250  # powers of ten that probabilities may fall, of the 308 that float64 has


class CountModel:
    r"""The probability of the next token, from how often it followed the last few.

    Parameters
    ----------
    n_tokens : int
        K, the size of the vocabulary.
    order : int
        How many tokens are looked at together, the next included: 1 for single tokens, 2 for
        pairs, 3 for triples.
    smoothing : {"interpolated", "add"}
        Where what was never seen gets its probability from: from shorter contexts, or from the same
        small count for every token.
    strength : float
        β or α below, positive; its order-th power must be from 1e-250 to 1e250, so that every
        probability is a number above 0.
    end : int
        The token that ends a sentence. It also stands for what is before a sentence.

    Raises
    ------
    TypeError
        If the number of tokens or the order is not a whole number.
    ValueError
        If a number is out of range, or there is no such smoothing.

    Notes
    -----
    With c(h, w) the count of token w after the context h, and c(h) the sum over w: "add" is

    .. math:: p(w \mid h) = \frac{c(h, w) + \alpha}{c(h) + \alpha K},

    for contexts of order − 1 tokens. "interpolated" is

    .. math::
        \begin{aligned}
        p(w \mid h) &= \frac{c(h, w) + \beta\, p(w \mid h')}{c(h) + \beta} \\
        &= \lambda \frac{c(h, w)}{c(h)} + (1 - \lambda)\, p(w \mid h'), \\
        \lambda &= \frac{c(h)}{c(h) + \beta},
        \end{aligned}

    with h' the context without its first token, and 1 / K below the empty one: the oftener a
    context was seen, the more it is trusted.

    S. F. Chen and J. Goodman, An empirical study of smoothing techniques for language modeling,
    Computer Speech and Language 13, 359–394, 1999, doi 10.1006/csla.1999.0128, section 2.

    Examples
    --------
    >>> model = CountModel(n_tokens=4, order=2).fit([[2, 3, 2, 3], [2, 3]])
    >>> model.probabilities([2]).round(3)
    array([0.062, 0.007, 0.09 , 0.84 ])

    Used in the chapter *language*.
    """

    def __init__(
        self,
        n_tokens: int,
        order: int = 3,
        smoothing: str = "interpolated",
        strength: float = 1.0,
        end: int = 0,
    ) -> None:
        order, n_tokens = operator.index(order), operator.index(n_tokens)
        if order < 1:
            raise ValueError(f"order must be at least 1, got {order}")
        if smoothing not in SMOOTHINGS:
            raise ValueError(f"smoothing must be one of {SMOOTHINGS}, got {smoothing!r}")
        if not 0 < strength < math.inf:
            raise ValueError(f"strength must be positive and finite, got {strength}")
        if order * abs(math.log10(strength)) > REACH:
            limit = f"{REACH / order:.0f}"
            raise ValueError(
                f"strength must be from 1e-{limit} to 1e{limit} with the order {order}, got "
                f"{strength}: beyond, probabilities under- or overflow"
            )
        if not 0 <= end < n_tokens:
            raise ValueError(f"end must be one of {n_tokens} tokens, got {end}")
        self.n_tokens, self.order, self.end = n_tokens, order, end
        self.smoothing, self.strength = smoothing, strength
        self.counts: dict[tuple[int, ...], Counter[int]] = {}
        self._totals: Counter[tuple[int, ...]] = Counter()  # of each context's counts

    def fit(self, sentences: Iterable[Sequence[int]]) -> Self:
        """Count sentences, in addition to what was counted before.

        Parameters
        ----------
        sentences : iterable of sequences of int
            Token numbers, without the end.

        Returns
        -------
        CountModel
            The model itself.

        Raises
        ------
        TypeError
            If a sentence is no list of whole numbers.
        ValueError
            If a number is no token.
        """
        shortest = 0 if self.smoothing == "interpolated" else self.order - 1
        for sentence in sentences:
            padded = [*self._padded(sentence), self.end]
            for place in range(self.order - 1, len(padded)):
                for length in range(shortest, self.order):
                    context = tuple(padded[place - length : place])
                    if context not in self.counts:
                        self.counts[context] = Counter()
                    self.counts[context][padded[place]] += 1
                    self._totals[context] += 1
        return self

    def probabilities(self, context: Sequence[int] = ()) -> FloatArray:
        """Return the probabilities of all tokens after a context.

        Parameters
        ----------
        context : sequence of int
            The sentence so far; only its last order − 1 tokens count. Nothing is its beginning.

        Returns
        -------
        ndarray, shape (K,)
            All positive, with sum 1.

        Raises
        ------
        TypeError
            If the context is no list of whole numbers.
        ValueError
            If nothing has been counted, or a number is no token.
        """
        if not self.counts:
            raise ValueError("nothing has been counted yet: call fit first")
        p = np.full(self.n_tokens, 1 / self.n_tokens)
        weight = self._weight
        for seen, total in self._seen(self._padded(context)):
            p *= weight
            p[list(seen)] += list(seen.values())
            p /= weight + total
        return p

    @property
    def _weight(self) -> float:
        """What the distribution below weighs beside the counts."""
        return self.strength * (self.n_tokens if self.smoothing == "add" else 1)

    def _seen(self, padded: list[int]) -> Iterator[tuple[Counter[int], int]]:
        """Yield what followed the last tokens and its number, the shortest context first."""
        shortest = self.order - 1 if self.smoothing == "add" else 0
        for length in range(shortest, self.order):
            context = tuple(padded[len(padded) - length :])
            yield self.counts.get(context, NOTHING), self._totals[context]

    def logits(self, context: Sequence[int] = ()) -> FloatArray:
        """Return the logarithms of ``probabilities``: softmax gives the probabilities back."""
        z: FloatArray = np.log(self.probabilities(context))
        return z

    def log_probabilities(self, sentence: Sequence[int]) -> FloatArray:
        """Return the log-probability of each token of a sentence and of its end, in nats.

        Parameters
        ----------
        sentence : sequence of int
            Token numbers, without the end.

        Returns
        -------
        ndarray, shape (len(sentence) + 1,)

        Raises
        ------
        TypeError, ValueError
            As ``probabilities``.
        """
        if not self.counts:
            raise ValueError("nothing has been counted yet: call fit first")
        padded = [*self._padded(sentence), self.end]
        found = []
        for place in range(self.order - 1, len(padded)):
            p, weight = 1 / self.n_tokens, self._weight
            for seen, total in self._seen(padded[max(0, place - self.order) : place]):
                p = (p * weight + seen[padded[place]]) / (weight + total)
            found.append(p)
        return np.log(found)

    def _padded(self, tokens: Iterable[int]) -> list[int]:
        """Return checked tokens behind as many ends as the first context needs."""
        return [self.end] * (self.order - 1) + token_numbers(tokens, self.n_tokens)


def perplexity(
    log_probabilities: ArrayLike, base: float = math.e, counted: ArrayLike | None = None
) -> float:
    r"""Return the perplexity of a text: among how many equally likely tokens one seems to guess.

    Parameters
    ----------
    log_probabilities : array_like, any shape
        Of the tokens of the text, each given those before it.
    base : float
        Of the logarithms, above 1: e for natural ones, 2 for bits.
    counted : array_like of bool, same shape, optional
        Which tokens count; False for padding. By default all.

    Returns
    -------
    float
        At least 1; K for a model that takes K tokens for equally likely. It does not depend on the
        base, as long as it is the logarithms' own.

    Raises
    ------
    TypeError
        If they are not real numbers.
    ValueError
        If one is above 0 or NaN, nothing counts, or the base is not above 1.

    Notes
    -----
    .. math:: b^{-\frac1n \sum_{i=1}^n \log_b p_i} = \Bigl( \prod_i p_i \Bigr)^{-1/n},

    the exponential of the mean cross-entropy, where base and logarithm must fit. Perplexities are
    compared on the same text, with the same tokens and the same vocabulary only.

    F. Jelinek, R. L. Mercer, L. R. Bahl and J. K. Baker, Perplexity: a measure of the difficulty of
    speech recognition tasks, Journal of the Acoustical Society of America 62, S63, 1977,
    doi 10.1121/1.2016299.

    Examples
    --------
    >>> round(perplexity(np.log([0.25, 0.5, 0.125])), 12)
    4.0
    >>> round(perplexity([-2, -1, -3], base=2), 12)
    4.0

    Derived in the chapter *language*.
    """
    if not 1 < base < math.inf:
        raise ValueError(f"base must be above 1, got {base}")
    logs = as_floats(log_probabilities, "log_probabilities").astype(np.float64)
    if counted is not None:
        kept = as_array(counted, "counted")
        if kept.shape != logs.shape or kept.dtype.kind != "b":
            raise ValueError(
                f"counted must be truth values of shape {logs.shape}, got {kept.dtype} of shape "
                f"{kept.shape}"
            )
        logs = logs[kept]
    if not logs.size:
        raise ValueError("no token counts: the perplexity of nothing is not defined")
    check_logarithms(logs)
    with np.errstate(over="ignore"):
        return float(np.exp(-logs.mean() * math.log(base)))


def check_logarithms(logs: FloatArray) -> None:
    """Refuse logarithms that are of no probability.

    Raises
    ------
    ValueError
        If one is above 0, or NaN; the first is named.
    """
    rounding = 1e-12  # a probability near 1 may come out as a little more
    if not (logs <= rounding).all():
        raise ValueError(f"a log-probability cannot be above 0, got {logs[~(logs <= rounding)][0]}")
