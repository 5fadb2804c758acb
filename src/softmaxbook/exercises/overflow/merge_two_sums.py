"""Online softmax: merging two chunks."""

import numpy as np

from softmaxbook.checking import Aspect, Exercise, probe


def merge(max_1, sum_1, max_2, sum_2):
    maximum = np.maximum(max_1, max_2)
    shift = np.where(np.isfinite(maximum), maximum, 0.0)
    total = sum_1 * np.exp(max_1 - shift) + sum_2 * np.exp(max_2 - shift)
    return maximum, total


def sums_added(max_1, sum_1, max_2, sum_2):
    """You add the two sums as they are. They were shifted by *different* maxima: bring both to
    the common one first."""
    return np.maximum(max_1, max_2), sum_1 + sum_2


def rescaled_the_wrong_way(max_1, sum_1, max_2, sum_2):
    """The exponent has the wrong sign. A sum that was shifted by its own, smaller maximum gets
    *smaller* under the larger one: times exp(own − common)."""
    maximum = np.maximum(max_1, max_2)
    return maximum, sum_1 * np.exp(maximum - max_1) + sum_2 * np.exp(maximum - max_2)


def first_sum_only_rescaled(max_1, sum_1, max_2, sum_2):
    """You rescale the first sum only. That is right when the second one holds the maximum, and
    the order of the chunks is not known."""
    maximum = np.maximum(max_1, max_2)
    return maximum, sum_1 * np.exp(max_1 - maximum) + sum_2


def second_sum_only_rescaled(max_1, sum_1, max_2, sum_2):
    """You rescale the second sum only. That is right when the first one holds the maximum, and the
    order of the chunks is not known."""
    maximum = np.maximum(max_1, max_2)
    shift = np.where(np.isfinite(maximum), maximum, 0.0)
    return maximum, sum_1 + sum_2 * np.exp(max_2 - shift)


def second_maximum_taken(max_1, sum_1, max_2, sum_2):
    """You always shift by the second maximum. The common one is the *larger*: otherwise an
    exponent is positive, and may overflow."""
    return max_2, sum_1 * np.exp(max_1 - max_2) + sum_2


def shift_undone(max_1, sum_1, max_2, sum_2):
    """You undo the shifts: exp(max) · sum is the plain sum of exponentials, and overflows. Keep
    the sums shifted by the common maximum."""
    return np.maximum(max_1, max_2), sum_1 * np.exp(max_1) + sum_2 * np.exp(max_2)


def minimum_for_maximum(max_1, sum_1, max_2, sum_2):
    """You shift by the smaller maximum. Then the other chunk's exponent is positive, and
    overflows for a wide gap."""
    minimum = np.minimum(max_1, max_2)
    return minimum, sum_1 * np.exp(max_1 - minimum) + sum_2 * np.exp(max_2 - minimum)


def empty_chunks_forgotten(max_1, sum_1, max_2, sum_2):
    """Two empty chunks make `nan`: both maxima are −∞, and −∞ − (−∞) has no value. Shift by 0 where
    the maximum is −∞."""
    maximum = np.maximum(max_1, max_2)
    return maximum, sum_1 * np.exp(max_1 - maximum) + sum_2 * np.exp(max_2 - maximum)


EXERCISE = Exercise(
    title="Online softmax: merging two chunks",
    kind="write",
    difficulty=3,
    statement=r"""
        Rows of logits were cut into two chunks. Of each chunk you know, for every row, the maximum
        $m$ and the shifted sum $s = \sum e^{z - m}$. Write `merge(max_1, sum_1, max_2, sum_2)`,
        which returns the pair (maxima, shifted sums) of the whole rows. The arguments are arrays
        with one entry per row; a chunk without entries has $m = -\infty$ and $s = 0$.
        """,
    solution=merge,
    mistakes=(
        sums_added,
        rescaled_the_wrong_way,
        first_sum_only_rescaled,
        second_sum_only_rescaled,
        second_maximum_taken,
        shift_undone,
        minimum_for_maximum,
        empty_chunks_forgotten,
    ),
    aspects=(Aspect("values", 2), Aspect("far apart", 1), Aspect("empty chunks", 1)),
    probes=(
        probe("the second is larger", [1.0], [1.5], [3.0], [1.2]),
        probe("the first is larger", [4.0], [2.0], [3.0], [1.0]),
        probe(
            "two rows",
            [2.0, 0.0],
            [1.5, 1.0],
            [2.0, 1.0],
            [2.5, 3.0],
            why="in the first row the maxima are equal, and the sums may be added.",
        ),
        probe(
            "a thousand apart",
            [1000.0, -1000.0],
            [2.0, 3.0],
            [0.0, 0.0],
            [1.0, 1.5],
            aspect="far apart",
        ),
        probe("a thousand apart, turned round", [0.0], [1.0], [1000.0], [2.0], aspect="far apart"),
        probe(
            "one chunk is empty",
            [-np.inf, 2.0],
            [0.0, 1.5],
            [2.0, -np.inf],
            [1.5, 0.0],
            aspect="empty chunks",
        ),
        probe("both are empty", [-np.inf], [0.0], [-np.inf], [0.0], aspect="empty chunks"),
        probe(
            "one row of two is empty",
            [-np.inf, 1.0],
            [0.0, 1.5],
            [-np.inf, 3.0],
            [0.0, 2.0],
            aspect="empty chunks",
        ),
    ),
    fresh=lambda rng: tuple(rng.uniform(1, 4, size=(4, 3))),
    hints=(
        "Which maximum does the whole row have?",
        "A sum shifted by its own maximum m becomes one shifted by M when it is multiplied by "
        "exp(m − M).",
        "Where M is −∞, both chunks are empty: shift by 0 there, with `np.where`.",
    ),
    explanation="Attention kernels merge block after block like this, and read each logit once.",
)
