"""A private exercise, as an instructor keeps it in the folder ``exercises/`` of a course."""

# mypy: allow-untyped-defs, allow-untyped-calls
# A mistake's docstring is the hint that the learner reads.
# ruff: noqa: D103, D205, D209, D401, D404

import numpy as np

from softmaxbook.checking import Aspect, Exercise, probe


def margin(logits):
    ordered = np.sort(logits, axis=-1)
    return ordered[..., -1] - ordered[..., -2]


def largest_minus_smallest(logits):
    """You subtract the smallest logit. The margin is the lead over the runner-up."""
    return np.max(logits, axis=-1) - np.min(logits, axis=-1)


def largest_minus_mean(logits):
    """You subtract the mean. The margin compares the winner with one class, the runner-up."""
    return np.max(logits, axis=-1) - np.mean(logits, axis=-1)


def in_probabilities(logits):
    """This is the margin of the probabilities. The margin of the logits is asked for."""
    exponentials = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    ordered = np.sort(exponentials / np.sum(exponentials, axis=-1, keepdims=True), axis=-1)
    return ordered[..., -1] - ordered[..., -2]


def sign_reversed(logits, base=margin):
    """The sign is reversed: a winner's lead is never negative."""
    return -base(logits)


def next_lower_value(logits):
    """With a tie for the first place the margin is 0. You skip the equals of the winner and take
    the next lower *value*; take the next *class*."""
    best = np.max(logits, axis=-1, keepdims=True)
    return best[..., 0] - np.max(np.where(logits < best, logits, -np.inf), axis=-1)


def one_margin_for_all(logits):
    """You sort the whole array. Each row has a winner of its own: `axis=-1`."""
    ordered = np.sort(logits, axis=None)
    return ordered[-1] - ordered[-2]


EXERCISE = Exercise(
    id="winning-margin",
    title="The margin of the winner",
    chapter="this course",
    kind="write",
    difficulty=1,
    statement="""
        Write `margin(logits)`: by how much the largest logit of each row leads the second
        largest. The classes are along the last axis, and there are at least two.
        """,
    solution=margin,
    mistakes=(
        largest_minus_smallest,
        largest_minus_mean,
        in_probabilities,
        sign_reversed,
        next_lower_value,
        one_margin_for_all,
    ),
    aspects=(Aspect("values", 2), Aspect("ties", 1)),
    probes=(
        probe("three classes", [2.0, 1.0, -1.0]),
        probe("the winner last", [-1.0, 0.5, 0.0, 4.0]),
        probe("a batch", [[2.0, 1.0, -1.0], [0.0, 0.5, 3.0]]),
        probe("rows far apart", [[5.0, 3.0, 1.0], [0.0, -4.0, -1.0]]),
        probe("two winners", [2.0, 2.0, 1.0], aspect="ties", why="nobody leads."),
        probe("a tie in one row", [[1.0, 1.0, 0.0], [3.0, 0.0, 2.0]], aspect="ties"),
    ),
    fresh=lambda rng: (rng.normal(scale=2, size=(2, 4)),),
    hints=(
        "Which two logits of a row decide it? Sort a row and look.",
        "`np.sort(logits, axis=-1)` puts the two at the end of each row.",
    ),
)
