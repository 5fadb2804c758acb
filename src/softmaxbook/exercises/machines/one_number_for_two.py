"""One number in place of two."""

import numpy as np

from softmaxbook.checking import Exercise

parts = [np.array([1000.0, 999.0, 10.0]), np.array([998.0, 1000.5])]


def log_sum(values):
    return np.max(values) + np.log(np.sum(np.exp(values - np.max(values))))


def plain_sum(values):
    with np.errstate(over="ignore", invalid="ignore"):
        return np.sum(np.exp(values))


texts = {
    "a": "Its maximum.",
    "b": "Its log-sum-exp.",
    "c": "The mean of its logits.",
    "d": "The sum of its exponentials.",
}


def solution():
    """Merge each message as well as it can be merged: which gives the log-sum-exp of the row?"""
    merged = {
        "a": log_sum([np.max(part) for part in parts]),
        "b": log_sum([log_sum(part) for part in parts]),
        "c": log_sum([np.mean(part) for part in parts]),
        "d": np.log(sum(plain_sum(part) for part in parts)),
    }
    whole = log_sum(np.concatenate(parts))
    return "".join(key for key, value in merged.items() if np.isclose(value, whole, rtol=1e-12))


def maxima_only():
    """The log-sum-exp of the maxima counts one class for each worker. All the others
    are missing."""
    return "a"


def means_only():
    """Two rows with the same mean can have very different sums of exponentials: 0, 0 and 9, −9, for
    instance."""
    return "c"


def plain_sums():
    """The sums would be enough on paper. Here they are infinite: exp(1000) is beyond float64."""
    return "d"


EXERCISE = Exercise(
    title="One number in place of two",
    kind="choose",
    difficulty=1,
    form="choice",
    statement="""
        A colleague wants to send one number for each row in place of two. Logits reach 1000, in
        float64. Which one would do for the loss?
        """,
    options=tuple(texts.items()),
    solution=solution,
    mistakes=(maxima_only, means_only, plain_sums),
    hints=(
        "From which single number can a worker's share of the sum of exponentials be got back?",
        "m and s together stand for s exp(m). What is the logarithm of that?",
    ),
    explanation="""
        m + log s, the log-sum-exp of the part: log-sum-exps merge by log-sum-exp. It costs digits
        where s is huge or the loss is tiny, as a large m covers the last digits of log s; that is
        why the programs of this page send both.
        """,
)
