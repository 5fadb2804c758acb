"""A program for a batch, with two mistakes."""

import numpy as np

from softmaxbook.checking import Aspect, Exercise, probe


def classify(logits):
    maximum = np.max(logits, axis=1, keepdims=True)
    exponentials = np.exp(logits - maximum)
    return exponentials / np.sum(exponentials, axis=1, keepdims=True)


def as_printed(logits):
    """This still does what was printed: its columns add up to 1. Which axis holds the classes of
    one sample? Ask it of both lines that reduce the array."""
    exponentials = np.exp(logits - np.max(logits))
    return exponentials / np.sum(exponentials, axis=0)


def maximum_still_global(logits):
    """The maximum is still one for the whole batch: a row a thousand
    below it underflows to zeros, and 0 / 0 is `nan`."""
    exponentials = np.exp(logits - np.max(logits))
    return exponentials / np.sum(exponentials, axis=1, keepdims=True)


def sum_still_over_samples(logits):
    """The sum still runs over the samples, so the columns add up to 1."""
    exponentials = np.exp(logits - np.max(logits, axis=1, keepdims=True))
    return exponentials / np.sum(exponentials, axis=0)


def keepdims_forgotten(logits):
    """With `axis=1` the sums have shape (n,), and are lined up with the columns:
    `keepdims=True` keeps them a column."""
    exponentials = np.exp(logits - np.max(logits, axis=1, keepdims=True))
    return exponentials / np.sum(exponentials, axis=1)


def maximum_of_each_column(logits):
    """The maximum is taken of each *column* now; a shift cancels only if it
    is the same for all classes of a sample."""
    exponentials = np.exp(logits - np.max(logits, axis=0))
    return exponentials / np.sum(exponentials, axis=1, keepdims=True)


def maximum_dropped(logits):
    """Without any maximum the exponential of 1000 is `inf`."""
    exponentials = np.exp(logits)
    return exponentials / np.sum(exponentials, axis=1, keepdims=True)


EXERCISE = Exercise(
    title="A program for a batch",
    kind="find",
    difficulty=2,
    statement="""
        This program is meant for a batch of samples, one per row.
        It makes two mistakes. Find and mend both.
        """,
    starter="""\
def classify(logits):
    maximum = np.max(logits)
    exponentials = np.exp(logits - maximum)
    return exponentials / np.sum(exponentials, axis=0)""",
    solution=classify,
    mistakes=(
        as_printed,
        maximum_still_global,
        sum_still_over_samples,
        keepdims_forgotten,
        maximum_of_each_column,
        maximum_dropped,
    ),
    aspects=(Aspect("values", 1), Aspect("rows far apart", 1)),
    probes=(
        probe("two samples", [[2.0, 1.0, -1.0], [0.0, 0.5, 3.0]]),
        probe("a square batch", [[1.0, 2.0], [4.0, 0.0]]),
        probe(
            "one sample", [[1.0, 2.0, 3.0]], why="a single sample: its probabilities add up to 1."
        ),
        probe(
            "one sample a thousand higher",
            [[1000.0, 999.0], [0.0, 1.0]],
            aspect="rows far apart",
            why="the lower row must not turn into `nan`.",
        ),
        probe(
            "far apart, wide",
            [[-800.0, -802.0, -801.0], [800.0, 801.0, 799.0]],
            aspect="rows far apart",
        ),
    ),
    fresh=lambda rng: (rng.normal(scale=2, size=(3, rng.integers(4, 6))),),
    hints=(
        "Run it on two rows and add the result up: along which axis is the sum 1?",
        "Then put a row of 1000s above a row of zeros. What does the second row become?",
    ),
    explanation="One sum over the wrong axis, and one maximum for all rows where each needs one.",
)
