"""Softmax of a batch."""

import numpy as np

from softmaxbook.checking import Aspect, Exercise, probe


def softmax_batch(logits):
    shifted = logits - np.max(logits, axis=-1, keepdims=True)
    exponentials = np.exp(shifted)
    return exponentials / np.sum(exponentials, axis=-1, keepdims=True)


def wrong_axis(logits, base=softmax_batch):
    """The sum runs over the samples, down the *columns*. A sample is a row, and its classes are
    along the last axis: `axis=-1`."""
    return np.swapaxes(base(np.swapaxes(logits, 0, -1)), 0, -1)


def sum_of_each_column(logits):
    """Each row has its own maximum, but the sum runs over the samples, down the columns: `axis=-1`
    for both."""
    exponentials = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    return exponentials / np.sum(exponentials, axis=0, keepdims=True)


def no_axis(logits):
    """The whole array adds up to 1. Without `axis=`, `np.sum` runs over everything; each row
    needs a sum of its own."""
    exponentials = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    return exponentials / np.sum(exponentials)


def keepdims_forgotten(logits):
    """Without `keepdims=True` the row sums have shape (n,), and NumPy lines them up with the
    *columns*: an error for most shapes, and silently wrong numbers for a square array."""
    exponentials = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    return exponentials / np.sum(exponentials, axis=-1)


def one_maximum_for_all(logits):
    """You subtract one maximum from the whole batch. A row far below it underflows to zeros
    altogether, and 0 / 0 is `nan`. Each row has a maximum of its own."""
    exponentials = np.exp(logits - np.max(logits))
    return exponentials / np.sum(exponentials, axis=-1, keepdims=True)


def maximum_of_each_column(logits):
    """The maximum is taken of each *column*. A shift cancels only if it is the same for all classes
    of a sample: `axis=-1`."""
    exponentials = np.exp(logits - np.max(logits, axis=0, keepdims=True))
    return exponentials / np.sum(exponentials, axis=-1, keepdims=True)


def shift_forgotten(logits):
    """The shift is missing: exp(1000) is `inf`, and inf / inf is `nan`.
    Subtract each row's maximum first."""
    exponentials = np.exp(logits)
    return exponentials / np.sum(exponentials, axis=-1, keepdims=True)


def shifted_by_the_smallest(logits):
    """You subtract the *smallest* logit of each row. The exponents are then positive, and a gap of
    1000 overflows again. Subtract the largest."""
    exponentials = np.exp(logits - np.min(logits, axis=-1, keepdims=True))
    return exponentials / np.sum(exponentials, axis=-1, keepdims=True)


def sign_reversed(logits, base=softmax_batch):
    """The order is reversed: in each row the largest probability belongs to the *smallest* logit.
    There is a minus sign too many before the logits."""
    return base(-logits)


def exponent_reversed(logits):
    """The exponent is turned round: max − z stands there in place of z − max. So the order is
    reversed, and a wide gap overflows."""
    exponentials = np.exp(np.max(logits, axis=-1, keepdims=True) - logits)
    return exponentials / np.sum(exponentials, axis=-1, keepdims=True)


def divided_by_the_largest(logits):
    """You divide by the *largest* exponential of a row, which makes its largest entry 1. Divide by
    the sum."""
    exponentials = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    return exponentials / np.max(exponentials, axis=-1, keepdims=True)


def only_shifted(logits):
    """These are the shifted logits. Take their exponentials, and divide by the sum."""
    return logits - np.max(logits, axis=-1, keepdims=True)


def first_axis_kept_only(logits, base=softmax_batch):
    """Every axis but the last is flattened into one. The result has
    the shape of the input: work with `axis=-1` and leave the other axes alone."""
    return base(logits).reshape(-1, logits.shape[-1])


EXERCISE = Exercise(
    title="Softmax of a batch",
    kind="write",
    difficulty=2,
    statement=r"""
        Write `softmax_batch(logits)` for a batch: every row is a sample, its classes are along
        the **last** axis. Each row of the result adds up to 1, and it has the input's shape,
        whether that is `(K,)`, `(n, K)` or `(n, m, K)`.
        """,
    solution=softmax_batch,
    mistakes=(
        wrong_axis,
        sum_of_each_column,
        no_axis,
        keepdims_forgotten,
        one_maximum_for_all,
        maximum_of_each_column,
        shift_forgotten,
        shifted_by_the_smallest,
        sign_reversed,
        exponent_reversed,
        divided_by_the_largest,
        only_shifted,
        first_axis_kept_only,
    ),
    either=((wrong_axis, no_axis, keepdims_forgotten),),
    aspects=(Aspect("values", 2), Aspect("any number of axes", 1), Aspect("large logits", 1)),
    probes=(
        probe("two rows of three", [[2.0, 1.0, -1.0], [0.0, 0.5, 3.0]]),
        probe("three rows of two", [[2.0, 1.0], [0.0, 0.5], [-1.0, 4.0]]),
        probe(
            "a square batch",
            [[1.0, 2.0], [4.0, 0.0]],
            why="here a forgotten `keepdims` raises no error.",
        ),
        probe("one row", [[1.0, 2.0, 3.0]]),
        probe("a single vector", [1.0, 2.0, 3.0], aspect="any number of axes"),
        probe(
            "three axes",
            np.arange(12.0).reshape(2, 2, 3) % 5,
            aspect="any number of axes",
            why="two sequences, two positions, three classes.",
        ),
        probe(
            "one row a thousand higher",
            [[1000.0, 999.0], [0.0, 1.0]],
            aspect="large logits",
            why="every row needs a shift of its own.",
        ),
        probe(
            "both rows at a thousand",
            [[1000.0, 999.0], [998.0, 1001.0]],
            aspect="large logits",
            why="exp(1000) is `inf` in float64.",
        ),
        probe(
            "rows around −1000",
            [[-1000.0, -1001.0, -999.0], [1.0, 2.0, 3.0]],
            aspect="large logits",
        ),
        probe(
            "a wide gap in a row",
            [[0.0, 1000.0], [2.0, 1.0]],
            aspect="large logits",
            why="one class has it all; no `nan`.",
        ),
        probe(
            "a wide gap in each row",
            [[500.0, -500.0, 0.0], [0.0, 1.0, -900.0]],
            aspect="large logits",
        ),
    ),
    fresh=lambda rng: (rng.normal(scale=2, size=(rng.integers(2, 4), rng.integers(4, 6))),),
    hints=(
        "Solve one vector first. Then ask of each `np.max` and `np.sum`: over which axis?",
        "`axis=-1` takes the last axis; `keepdims=True` keeps it with length one, so that the "
        "division finds its row.",
        "`e = np.exp(logits - logits.max(axis=-1, keepdims=True))`.",
    ),
)
