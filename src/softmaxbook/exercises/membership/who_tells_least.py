"""Who tells least?"""

import numpy as np

from softmaxbook.checking.specification import Exercise, listed

# The losses of four rows that were learnt, and of four that were not.
networks = {
    "a": ([0.1, 0.2, 0.1, 0.3], [0.9, 0.4, 1.2, 0.2]),
    "b": ([0.5, 0.9, 0.4, 1.1], [0.6, 0.8, 0.3, 1.2]),
    "c": ([1.4, 0.9, 1.1, 0.6], [0.3, 0.2, 0.7, 0.5]),
    "d": ([0.01, 0.02, 0.01, 0.03], [0.3, 0.5, 0.2, 0.04]),
}


def auc(learnt, others):
    return np.mean([[(x < y) + (x == y) / 2 for y in others] for x in learnt])


def solution():
    leaks = {name: abs(auc(*losses) - 0.5) for name, losses in networks.items()}
    return min(leaks, key=lambda name: leaks[name])


def lower_for_what_was_learnt():
    """Most of the rows that were learnt have the lower loss here. An attacker who guesses “learnt”
    where the loss is low is mostly right."""
    return "a"


def reversed_and_still_telling():
    """Here the learnt rows have the higher loss, and that tells as much: the attacker turns the
    guess round. An area of 0 is as bad as one of 1."""
    return "c"


def small_losses_are_safe():
    """All losses are small, but what matters is whether the two groups can be told apart, and here
    they can, on another scale."""
    return "d"


EXERCISE = Exercise(
    title="Who tells least?",
    kind="choose",
    difficulty=1,
    form="choice",
    statement="""
        An attacker sees the loss of a network on a row, and guesses whether the network has learnt
        from that row.
        For four networks, the losses of four rows that were learnt and of four that were not are
        given.
        Which network tells the attacker least?
        """,
    options=tuple(
        (name, f"Learnt: {listed(learnt)}. Others: {listed(others)}.")
        for name, (learnt, others) in networks.items()
    ),
    solution=solution,
    mistakes=(lower_for_what_was_learnt, reversed_and_still_telling, small_losses_are_safe),
    hints=(
        "Take one learnt row and one other at random. How often is the loss of the learnt one "
        "lower?",
        "Half of the time is no information. Nearly always tells a lot, and so does nearly never.",
    ),
    explanation="About as many pairs lie in one order as in the other: the area under the curve is "
    "near a half, as for an attacker who tosses a coin.",
)
