"""The printed binary cross-entropy."""

import numpy as np

from softmaxbook.checking import Exercise, probe


def binary_loss(p, y):
    return -(y * np.log(p) + (1 - y) * np.log(1 - p))


def as_printed(p, y):
    """The minus sign reaches only the first term, as in what was printed: for the other class the
    loss is negative, and falls as p goes to the wrong side."""
    return -y * np.log(p) + (1 - y) * np.log(1 - p)


def second_term_lost(p, y):
    """Only one of the two terms is left. An example of the other class then costs nothing, and one
    class for everything is the best model."""
    return -y * np.log(p)


def first_term_lost(p, y):
    """Only the term of class 0 is left. An example of class 1 then costs nothing, and p = 0 for
    everything is the best model."""
    return -(1 - y) * np.log(1 - p)


def minus_at_the_second_only(p, y):
    """The minus sign reaches only the second term. Both logarithms are negative, and need it."""
    return y * np.log(p) - (1 - y) * np.log(1 - p)


def no_minus_at_all(p, y, base=binary_loss):
    """The sign is reversed: both logarithms are negative, and a loss is not."""
    return -base(p, y)


def labels_exchanged(p, y, base=binary_loss):
    """The labels are exchanged: where y = 1, the loss is −log p, and 0 if p = 1."""
    return base(1 - p, y)


def one_minus_outside(p, y):
    """The second logarithm is that of 1 − p. You have 1 − log p."""
    return -(y * np.log(p) + (1 - y) * (1 - np.log(p)))


def same_logarithm_twice(p, y):
    """Both terms have log p. The probability of class 0 is 1 − p."""
    return -(y * np.log(p) + (1 - y) * np.log(p))


def averaged(p, y, base=binary_loss):
    """You average over the examples. The loss of each is asked for."""
    return np.mean(base(p, y))


def bracket_too_late(p, y):
    """The first factor stands before both terms, so one class costs nothing. It belongs to its own
    logarithm alone: open the bracket before it."""
    return -y * (np.log(p) + (1 - y) * np.log(1 - p))


EXERCISE = Exercise(
    title="The printed binary cross-entropy",
    kind="find",
    difficulty=2,
    statement=r"""
        This program is meant to be binary cross-entropy: `p` holds the probabilities of class 1,
        `y` the labels, 0 or 1, or a share between them where the labeller was not sure, and the
        loss of each example comes back.
        It is right for one class. Find the mistake and mend it.
        """,
    starter="""\
def binary_loss(p, y):
    if_one = y * np.log(p)
    if_zero = (1 - y) * np.log(1 - p)
    return -if_one + if_zero""",
    solution=binary_loss,
    mistakes=(
        as_printed,
        second_term_lost,
        first_term_lost,
        minus_at_the_second_only,
        no_minus_at_all,
        labels_exchanged,
        one_minus_outside,
        same_logarithm_twice,
        averaged,
        bracket_too_late,
    ),
    probes=(
        probe("both classes", [0.9, 0.2, 0.6], [1.0, 0.0, 1.0]),
        probe("class 0", [0.1, 0.9], [0.0, 0.0], why="the second should cost more."),
        probe("class 1", [0.7, 0.3, 0.4], [1.0, 1.0, 1.0]),
        probe(
            "shares",
            [0.5, 0.25, 0.9],
            [0.5, 0.75, 0.1],
            why="where the labeller is not sure, both terms count.",
        ),
        probe("class 0, and a doubt", [0.3, 0.6, 0.05], [0.0, 0.0, 0.3]),
    ),
    fresh=lambda rng: (rng.uniform(0.05, 0.95, size=4), np.array([0.0, 1.0, 1.0, 0.0])),
    hints=(
        "Compute the loss of y = 0 at p = 0.9 by hand. Which sign has it?",
        "How far does the minus sign reach?",
    ),
    explanation="Brackets: the minus sign belongs to both terms.",
)
