"""A batch with padding."""

import numpy as np

from softmaxbook.checking import Aspect, Exercise, probe


def attend(queries, keys, values, lengths):
    scores = queries @ np.swapaxes(keys, 1, 2) / np.sqrt(queries.shape[-1])
    padding = np.arange(keys.shape[1]) >= lengths[:, None]
    scores = np.where(padding[:, None, :], -np.inf, scores)
    largest = np.max(scores, axis=-1, keepdims=True)
    weights = np.exp(scores - np.where(np.isfinite(largest), largest, 0.0))
    total = np.sum(weights, axis=-1, keepdims=True)
    return weights / np.where(total > 0, total, 1.0) @ values


def _scores(queries, keys):
    return queries @ np.swapaxes(keys, 1, 2) / np.sqrt(queries.shape[-1])


def _mean(scores, values):
    """Return the weighted mean, with 0 for a row of −inf alone."""
    largest = np.max(scores, axis=-1, keepdims=True)
    weights = np.exp(scores - np.where(np.isfinite(largest), largest, 0.0))
    total = np.sum(weights, axis=-1, keepdims=True)
    return weights / np.where(total > 0, total, 1.0) @ values


def as_printed(queries, keys, values, lengths):
    """This still does what was printed: padding gets the score 0, which is a score like any other,
    and the key *after* the last word is not hidden. Look at both."""
    scores = _scores(queries, keys)
    padding = np.arange(keys.shape[1]) > lengths[:, None]
    scores = np.where(padding[:, None, :], 0.0, scores)
    weights = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
    return weights / np.sum(weights, axis=-1, keepdims=True) @ values


def padding_still_counted(queries, keys, values, lengths):
    """The score of padding is 0, and e to the power of 0 is 1: padding keeps a share of the weight.
    It has to be −∞."""
    scores = _scores(queries, keys)
    padding = np.arange(keys.shape[1]) >= lengths[:, None]
    return _mean(np.where(padding[:, None, :], 0.0, scores), values)


def one_key_too_many(queries, keys, values, lengths):
    """One padded key is still seen: keys are counted from 0, so the words of a text of length 3 are
    the keys 0, 1 and 2."""
    scores = _scores(queries, keys)
    padding = np.arange(keys.shape[1]) > lengths[:, None]
    return _mean(np.where(padding[:, None, :], -np.inf, scores), values)


def empty_text_is_nan(queries, keys, values, lengths):
    """The empty text gives `nan`: each of its scores is −∞, and softmax divides 0 by 0. Give such
    rows 0."""
    scores = _scores(queries, keys)
    padding = np.arange(keys.shape[1]) >= lengths[:, None]
    scores = np.where(padding[:, None, :], -np.inf, scores)
    weights = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
    return weights / np.sum(weights, axis=-1, keepdims=True) @ values


def large_number_for_infinity(queries, keys, values, lengths):
    """You write −10⁹ instead of −∞. That hides padding as long as there are words; for the empty
    text all scores are equal, and it gets the mean of its padding."""
    scores = _scores(queries, keys)
    padding = np.arange(keys.shape[1]) >= lengths[:, None]
    return _mean(np.where(padding[:, None, :], -1e9, scores), values)


def masked_after_softmax(queries, keys, values, lengths):
    """You take padding away *after* softmax, by making its weights or its values 0. The divisor
    has counted it, so the result is too close to 0. Hide it in the scores."""
    seen = np.arange(keys.shape[1]) < lengths[:, None]
    return _mean(_scores(queries, keys), values * seen[:, :, None])


def queries_hidden(queries, keys, values, lengths):
    """You hide rows: the *queries* of padding. What must not be seen is keys, columns of the
    scores."""
    scores = _scores(queries, keys)
    padding = np.arange(queries.shape[1]) >= lengths[:, None]
    return _mean(np.where(padding[:, :, None], -np.inf, scores), values)


EXERCISE = Exercise(
    title="A batch with padding",
    kind="find",
    difficulty=2,
    statement="""
        Texts of different lengths stand in one batch, filled up at the end with words that mean
        nothing. The program is to look at the first `lengths[b]` keys of text `b` only, and to
        return 0 for a text without words. High scores must work too, those of padding included.
        The shapes are `(b, n, d)`, `(b, n, d)`, `(b, n, e)` and `(b,)`.
        It runs, and it makes three mistakes. Find and mend them.
        """,
    starter="""\
def attend(queries, keys, values, lengths):
    scores = queries @ np.swapaxes(keys, 1, 2) / np.sqrt(queries.shape[-1])
    padding = np.arange(keys.shape[1]) > lengths[:, None]
    scores = np.where(padding[:, None, :], 0.0, scores)
    weights = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
    return weights / np.sum(weights, axis=-1, keepdims=True) @ values""",
    solution=attend,
    mistakes=(
        as_printed,
        padding_still_counted,
        one_key_too_many,
        empty_text_is_nan,
        large_number_for_infinity,
        masked_after_softmax,
        queries_hidden,
    ),
    aspects=(Aspect("values", 2), Aspect("an empty text", 1)),
    probes=(
        probe(
            "two words and one",
            [[[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]], [[2.0, 1.0], [1.0, 0.0], [0.0, 0.0]]],
            [[[1.0, 1.0], [0.0, 2.0], [3.0, 3.0]], [[1.0, 0.0], [2.0, 2.0], [1.0, 4.0]]],
            [[[1.0], [2.0], [50.0]], [[3.0], [60.0], [70.0]]],
            [2, 1],
            why="the values of padding are large, so that it shows where they leak.",
        ),
        probe(
            "no padding",
            [[[1.0, 0.0], [0.0, 1.0]]],
            [[[1.0, 1.0], [0.0, 2.0]]],
            [[[1.0, 0.0], [2.0, 1.0]]],
            [2],
        ),
        probe(
            "one word of three",
            [[[1.0, -1.0], [0.5, 1.0], [2.0, 1.0]]],
            [[[1.0, 2.0], [0.0, 1.0], [1.0, 1.0]]],
            [[[4.0], [-30.0], [90.0]]],
            [1],
            why="every query sees the same single value.",
        ),
        probe(
            "padding scores high",
            [[[40.0, 0.0], [0.0, 1.0]]],
            [[[1.0, 0.0], [40.0, 0.0]]],
            [[[1.0], [2.0]]],
            [1],
            why="the largest score of the first row is padding: it must not be the one subtracted.",
        ),
        probe(
            "a text without words",
            [[[1.0, 0.0], [0.0, 1.0]], [[1.0, 1.0], [0.0, 1.0]]],
            [[[1.0, 1.0], [0.0, 2.0]], [[1.0, 0.0], [0.0, 1.0]]],
            [[[1.0], [2.0]], [[3.0], [4.0]]],
            [0, 1],
            aspect="an empty text",
            why="the first text has length 0.",
        ),
        probe(
            "an empty text of three",
            [[[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]],
            [[[1.0, 1.0], [0.0, 2.0], [2.0, 0.0]]],
            [[[1.0, 5.0], [2.0, 0.0], [3.0, 1.0]]],
            [0],
            aspect="an empty text",
        ),
    ),
    fresh=lambda rng: (
        rng.normal(size=(2, 4, 3)),
        rng.normal(size=(2, 4, 3)),
        10 * rng.normal(size=(2, 4, 2)),
        rng.integers(1, 4, size=2),
    ),
    hints=(
        "Run it on a text of one word with two words of padding. Which value should come out?",
        "Ask of the mask: which keys does it mark for a length of 1? And of its score: what is the "
        "exponential of 0?",
        "For the empty text every weight is 0. Divide by 1 where the sum is 0.",
    ),
    explanation="Keys from `lengths` on are padding; their score is −∞; a row without keys gets 0.",
)
