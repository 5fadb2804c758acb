"""Sparsemax by sorting."""

import numpy as np

from softmaxbook.checking import Exercise, probe


def nearest_probabilities(logits):
    ordered = np.sort(logits)[::-1]
    thresholds = (np.cumsum(ordered) - 1) / np.arange(1, len(logits) + 1)
    size = np.sum(ordered > thresholds)
    return np.maximum(logits - thresholds[size - 1], 0)


def one_class_too_many(logits):
    """The threshold is that of one class more than are left: the entries sum to something else than
    1. With k classes left, take the k-th threshold, which has the index k − 1."""
    ordered = np.sort(logits)[::-1]
    thresholds = (np.cumsum(ordered) - 1) / np.arange(1, len(logits) + 1)
    size = np.sum(ordered > thresholds)
    return np.maximum(logits - thresholds[size] if size < len(logits) else thresholds[-1], 0)


def one_class_too_few(logits):
    """The threshold is that of one class fewer than are left. The last one that is above its own
    threshold still counts."""
    ordered = np.sort(logits)[::-1]
    thresholds = (np.cumsum(ordered) - 1) / np.arange(1, len(logits) + 1)
    size = np.sum(ordered > thresholds)
    return np.maximum(logits - thresholds[np.maximum(size - 2, 0)], 0)


def all_of_them_never_tried(logits):
    """The case that all classes are left is never tried: the count ends at one class fewer. The
    largest k may be the number of classes."""
    ordered = np.sort(logits)[::-1]
    thresholds = (np.cumsum(ordered) - 1) / np.arange(1, len(logits) + 1)
    size = min(int(np.sum(ordered > thresholds)), len(logits) - 1)
    return np.maximum(logits - thresholds[size - 1], 0)


def all_classes_left(logits):
    """Your threshold lets all classes take part, as it does if they are sorted from the smallest
    up, too. If it leaves some of them negative, clipping these to 0 makes the sum larger than 1:
    leave them out *before* the threshold is computed."""
    return np.maximum(logits - (np.sum(logits) - 1) / len(logits), 0)


def clipped_and_divided(logits):
    """You clip the logits at 0 and divide. The zero of the logits means nothing: add 5 to all of
    them, and the result has to stay."""
    return np.maximum(logits, 0) / np.maximum(logits, 0).sum()


def one_forgotten(logits):
    """The threshold lacks the 1: from the sum of the k largest logits subtract the 1 that the
    probabilities have to sum to, then divide by k."""
    ordered = np.sort(logits)[::-1]
    thresholds = np.cumsum(ordered) / np.arange(1, len(logits) + 1)
    size = np.sum(ordered > (np.cumsum(ordered) - 1) / np.arange(1, len(logits) + 1))
    return np.maximum(logits - thresholds[size - 1], 0)


def not_sorted(logits):
    """You add the logits up in the order in which they come. The k classes that are left are the k
    largest: sort first."""
    thresholds = (np.cumsum(logits) - 1) / np.arange(1, len(logits) + 1)
    size = np.sum(logits > thresholds)
    return np.maximum(logits - thresholds[size - 1], 0)


def not_clipped(logits):
    """The threshold is subtracted, and nothing is clipped: what falls below 0 is given 0."""
    ordered = np.sort(logits)[::-1]
    thresholds = (np.cumsum(ordered) - 1) / np.arange(1, len(logits) + 1)
    return logits - thresholds[np.sum(ordered > thresholds) - 1]


def softmax_itself(logits):
    """This is softmax, and it never gives an exact 0. The nearest probabilities are asked for."""
    return np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum()


EXERCISE = Exercise(
    title="Sparsemax by sorting",
    kind="write",
    difficulty=2,
    statement=r"""
        Write `nearest_probabilities(logits)` for one vector: $p_i = \max(z_i - \tau, 0)$ with the
        one $\tau$ for which the sum is 1.
        With the logits in falling order, the $k$ largest are left for the largest $k$ with

        $$ z_{(k)} > \tau_k, \qquad \tau_k = \frac{z_{(1)} + \dots + z_{(k)} - 1}{k} , $$

        and $\tau$ is that $\tau_k$.
        """,
    solution=nearest_probabilities,
    mistakes=(
        one_class_too_many,
        one_class_too_few,
        all_of_them_never_tried,
        all_classes_left,
        clipped_and_divided,
        one_forgotten,
        not_sorted,
        not_clipped,
        softmax_itself,
    ),
    probes=(
        probe("one is left", [2.0, 1.0, -1.0], why="the second is exactly 1 below: it gets 0."),
        probe("two are left", [2.0, 1.5, -1.0]),
        probe("the largest is last", [-0.5, 0.25, 1.0, 1.0 / 3]),
        probe("all are left", [0.125, 0.5, 0.25]),
        probe("all four are left", [0.5, 0.25, 0.375, 0.3]),
        probe("three of five", [0.0, 3.0, 2.75, 2.5, -4.0]),
        probe("below zero", [-3.0, -2.5, -5.0, -2.25]),
    ),
    fresh=lambda rng: (rng.normal(scale=0.7, size=6),),
    hints=(
        "`np.sort(logits)[::-1]` has the falling order, and `np.cumsum` the sums of the k largest.",
        "`ordered > thresholds` is true for the first k and false from there on. Count.",
        "The first threshold has the index 0.",
    ),
    explanation="If k classes are left, they sum to (their logits) − k τ = 1, which gives τ.",
)
