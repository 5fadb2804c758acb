"""What does the nucleus keep?"""

import numpy as np

from softmaxbook.checking import Exercise

TOKENS = ("the", "a", "its", "no")
p = np.array([0.5, 0.25, 0.15, 0.1])
SHARE = 0.8

options = {"a": 2, "b": 3, "c": 4, "d": 1}


def solution():
    kept = int(np.searchsorted(np.cumsum(p), SHARE) + 1)
    return "".join(letter for letter, count in options.items() if count == kept)


def cut_before_the_crossing():
    """The first two have 0.75 together, which is less than was asked for. The token with which the
    sum reaches 0.8 is kept too."""
    return "a"


def one_too_many():
    """With the third token the sum is 0.9: the mass is reached, and no further one is taken."""
    return "c"


def share_of_the_largest():
    """You keep what has at least 0.8 times the largest probability. That is min-p; the nucleus adds
    up probabilities, from the largest on."""
    return "d"


EXERCISE = Exercise(
    title="What does the nucleus keep?",
    kind="choose",
    difficulty=1,
    form="choice",
    statement="""
        The next token is *the* with probability 0.5, *a* with 0.25, *its* with 0.15, and *no* with
        0.1.
        Which tokens does the nucleus with p = 0.8 keep?
        """,
    options=tuple((letter, ", ".join(TOKENS[:count])) for letter, count in options.items()),
    solution=solution,
    mistakes=(cut_before_the_crossing, one_too_many, share_of_the_largest),
    hints=(
        "Add the probabilities up, the largest first: 0.5, 0.75, …",
        "The smallest set with *at least* 0.8. Which token takes the sum there?",
    ),
    explanation="The sums are 0.5, 0.75 and 0.9: the third token crosses 0.8, and is kept.",
)
