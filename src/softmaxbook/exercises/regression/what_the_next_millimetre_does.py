"""What does the next millimetre do?"""

import numpy as np

from softmaxbook.checking import Exercise

SLOPE = 1.3  # of the logit, in a millimetre


def probability(millimetres):
    return 1 / (1 + np.exp(-SLOPE * millimetres))


def solution():
    """Compare the first two millimetres beyond the boundary."""
    p = probability(np.array([0.0, 1.0, 2.0]))
    factors, steps = np.diff(np.log(p / (1 - p))), np.diff(p)
    if np.isclose(*factors):
        return "a"
    return "b" if np.isclose(*steps) else "c" if factors[1] < factors[0] else "d"


def the_probability_is_a_line():
    """Then a few millimetres more would lead beyond 1. The straight line is the logarithm of the
    odds; the probability gains less and less."""
    return "b"


def the_odds_tire():
    """It is the probability that gains less and less. Odds have no upper end: 100 to one and 1000
    to one are both probabilities of nearly 1, and the second is ten times the first."""
    return "c"


def the_odds_are_a_line():
    """Then the odds would be below 0 a few millimetres on the other side. The straight line is the
    logarithm of the odds, and the odds are its exponential."""
    return "d"


EXERCISE = Exercise(
    title="What does the next millimetre do?",
    kind="predict",
    difficulty=1,
    opening=True,
    form="choice",
    statement="""
        A model says from the width of a petal how likely an iris is *virginica* and not
        *versicolor*. At one width it is undecided, half and half. One millimetre more, and the odds
        for virginica are several to one. What does the next millimetre do?
        """,
    options=(
        ("a", "It multiplies the odds by the same factor again."),
        ("b", "It adds the same amount to the probability again."),
        ("c", "It does less and less to the odds, because the probability cannot pass 1."),
        ("d", "It adds the same number to the odds again."),
    ),
    solution=solution,
    mistakes=(the_probability_is_a_line, the_odds_tire, the_odds_are_a_line),
    hints=(
        "Move a logit in the figure in equal steps. What do the odds do, and what the probability?",
        "The logit is a straight line in the width, and the odds are its exponential.",
    ),
    explanation="""
        The logarithm of the odds is the straight line, so equal steps in the width multiply the
        odds by equal factors, for ever. The *probability* gains less and less.
        """,
)
