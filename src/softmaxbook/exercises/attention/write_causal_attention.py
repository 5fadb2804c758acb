"""Causal attention."""

import numpy as np

from softmaxbook.checking import Aspect, Exercise, probe


def causal_attention(queries, keys, values):
    scores = queries @ keys.T / np.sqrt(queries.shape[1])
    n, m = scores.shape
    scores = np.where(np.arange(n)[:, None] >= np.arange(m), scores, -np.inf)
    weights = np.exp(scores - np.max(scores, axis=1, keepdims=True))
    weights = weights / np.sum(weights, axis=1, keepdims=True)
    return weights @ values


def _attend(scores, values, axis=1):
    weights = np.exp(scores - np.max(scores, axis=axis, keepdims=True))
    return weights / np.sum(weights, axis=axis, keepdims=True) @ values


def _later(scores, from_diagonal=0):
    n, m = scores.shape
    return np.arange(n)[:, None] + from_diagonal < np.arange(m)


def mask_multiplied(queries, keys, values):
    """You multiply later scores by 0. A score of 0 is a score like any other, so later words keep
    a share. Put −∞ there."""
    scores = queries @ keys.T / np.sqrt(queries.shape[1])
    return _attend(scores * ~_later(scores), values)


def mask_after_softmax(queries, keys, values):
    """You set later weights to 0 *after* softmax: the rest of a row no longer adds up to 1. Put
    −∞ into the scores, before."""
    scores = queries @ keys.T / np.sqrt(queries.shape[1])
    weights = np.exp(scores - np.max(scores, axis=1, keepdims=True))
    weights = weights / np.sum(weights, axis=1, keepdims=True)
    return (weights * ~_later(scores)) @ values


def mask_forgotten(queries, keys, values):
    """Every word looks at every other one, also at those that come later. Hide key j from query i
    where j > i."""
    return _attend(queries @ keys.T / np.sqrt(queries.shape[1]), values)


def scaled_by_d(queries, keys, values):
    """You divide by d. The scores' standard deviation grows with √d: divide by that."""
    scores = queries @ keys.T / queries.shape[1]
    return _attend(np.where(_later(scores), -np.inf, scores), values)


def scale_forgotten(queries, keys, values):
    """The scores are not scaled: divide them by √d, the root of the width of a query."""
    scores = queries @ keys.T
    return _attend(np.where(_later(scores), -np.inf, scores), values)


def scaled_by_the_number_of_keys(queries, keys, values):
    """You divide by the root of the *number* of keys. The scale is the root of their width,
    `queries.shape[1]`."""
    scores = queries @ keys.T / np.sqrt(len(keys))
    return _attend(np.where(_later(scores), -np.inf, scores), values)


def sees_one_too_far(queries, keys, values):
    """Each word sees one word too far: key i + 1 from query i. Hide where j > i, not where
    j > i + 1."""
    scores = queries @ keys.T / np.sqrt(queries.shape[1])
    return _attend(np.where(_later(scores, 1), -np.inf, scores), values)


def itself_hidden(queries, keys, values):
    """A word may look at itself. With j ≥ i hidden the first row has no key left, and softmax
    turns it into NaN."""
    scores = queries @ keys.T / np.sqrt(queries.shape[1])
    return _attend(np.where(_later(scores, -1), -np.inf, scores), values)


def itself_hidden_by_a_large_number(queries, keys, values):
    """A word may look at itself. With j ≥ i hidden by a large negative number the first word sees
    nothing of its own, and all words alike."""
    scores = queries @ keys.T / np.sqrt(queries.shape[1])
    n, m = scores.shape
    scores = np.where(np.arange(n)[:, None] > np.arange(m), scores, -1e9)
    weights = np.exp(scores - np.max(scores, axis=1, keepdims=True))
    return weights / np.sum(weights, axis=1, keepdims=True) @ values


def not_normalised(queries, keys, values):
    """The weights are not divided by their sum: a row of weights has to add up to 1."""
    scores = queries @ keys.T / np.sqrt(queries.shape[1])
    n, m = scores.shape
    scores = np.where(np.arange(n)[:, None] >= np.arange(m), scores, -np.inf)
    return np.exp(scores - np.max(scores, axis=1, keepdims=True)) @ values


def shift_forgotten(queries, keys, values):
    """The exponentials of large scores overflow. Subtract each row's maximum first."""
    scores = queries @ keys.T / np.sqrt(queries.shape[1])
    n, m = scores.shape
    weights = np.exp(np.where(np.arange(n)[:, None] >= np.arange(m), scores, -np.inf))
    return weights / np.sum(weights, axis=1, keepdims=True) @ values


def looks_ahead_only(queries, keys, values):
    """The mask is upside down: earlier words are hidden, later ones are seen."""
    scores = queries @ keys.T / np.sqrt(queries.shape[1])
    n, m = scores.shape
    return _attend(np.where(np.arange(n)[:, None] > np.arange(m), -np.inf, scores), values)


def softmax_over_the_queries(queries, keys, values):
    """Your softmax runs down the columns, so the *queries* compete for a key. The keys compete for
    a query: each row of weights adds up to 1."""
    scores = queries @ keys.T / np.sqrt(queries.shape[1])
    return _attend(np.where(_later(scores), -np.inf, scores), values, axis=0)


def keys_ask_the_queries(queries, keys, values):
    """Your scores are transposed: row i must belong to *query* i, `queries @ keys.T`. In yours the
    keys ask, and the queries are looked at."""
    scores = keys @ queries.T / np.sqrt(queries.shape[1])
    return _attend(np.where(_later(scores), -np.inf, scores), values)


EXERCISE = Exercise(
    title="Causal attention",
    kind="write",
    difficulty=2,
    statement=r"""
        Write `causal_attention(queries, keys, values)` for the words of one text: arrays of the
        shapes `(n, d)`, `(n, d)` and `(n, e)`. Each word may look at itself and at those before
        it. The scores are scaled by $1 / \sqrt d$; the result has the shape `(n, e)`.
        """,
    solution=causal_attention,
    mistakes=(
        mask_multiplied,
        mask_after_softmax,
        mask_forgotten,
        scaled_by_d,
        scale_forgotten,
        scaled_by_the_number_of_keys,
        sees_one_too_far,
        itself_hidden,
        itself_hidden_by_a_large_number,
        not_normalised,
        shift_forgotten,
        looks_ahead_only,
        softmax_over_the_queries,
        keys_ask_the_queries,
    ),
    aspects=(Aspect("values", 3), Aspect("large scores", 1)),
    probes=(
        probe(
            "three words",
            [[1.0, 0.0], [0.0, 2.0], [1.0, 1.0]],
            [[1.0, 1.0], [2.0, 0.0], [0.0, 1.0]],
            [[1.0], [2.0], [5.0]],
            why="the first word sees nothing but itself: its output is its own value.",
        ),
        probe(
            "two words, four wide",
            [[1.0, 0.0, 1.0, 0.0], [0.0, 1.0, 2.0, 1.0]],
            [[0.0, 1.0, 1.0, 2.0], [1.0, 1.0, 0.0, 1.0]],
            [[1.0, 0.0], [0.0, 4.0]],
        ),
        probe(
            "four words",
            [[0.5, 1.0, -1.0], [1.0, 0.0, 2.0], [-1.0, 1.5, 0.0], [0.0, 1.0, 1.0]],
            [[1.0, 0.0, 1.0], [0.0, -1.0, 2.0], [2.0, 1.0, 0.0], [-1.0, 1.0, 1.0]],
            [[1.0, 2.0], [0.0, -3.0], [4.0, 0.0], [2.0, 7.0]],
        ),
        probe(
            "scores in the thousands",
            [[40.0, 0.0], [0.0, 40.0], [40.0, 40.0]],
            [[40.0, 1.0], [39.0, 40.0], [1.0, 39.9]],
            [[1.0], [2.0], [3.0]],
            aspect="large scores",
            why="subtract each row's largest score before `np.exp`.",
        ),
        probe(
            "a high score in the future",
            [[40.0, 0.0], [0.0, 1.0]],
            [[1.0, 0.0], [40.0, 0.0]],
            [[1.0], [2.0]],
            aspect="large scores",
            why="the largest score of the first row is hidden: it must not be the one subtracted.",
        ),
        probe(
            "low scores in the thousands",
            [[-40.0, 0.0], [0.0, -39.0]],
            [[40.0, 1.0], [39.0, 40.0]],
            [[1.0], [2.0]],
            aspect="large scores",
            why="exp(−1000) is 0, and 0 / 0 is `nan`.",
        ),
    ),
    fresh=lambda rng: (rng.normal(size=(4, 3)), rng.normal(size=(4, 3)), rng.normal(size=(4, 2))),
    hints=(
        "Three lines: scores, weights, mean. What is the shape of each?",
        "Where key j comes after query i, the score is −∞: "
        "`np.arange(n)[:, None] >= np.arange(n)` says where a word may look.",
        "Softmax over the keys, `axis=1`, then `weights @ values`.",
    ),
    explanation="The mask goes in before softmax, so that the weights of what is seen add up to 1.",
)
