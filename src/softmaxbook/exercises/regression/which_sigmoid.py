"""Which sigmoid is it?"""

import numpy as np

from softmaxbook.checking import Exercise


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


options = {
    "a": ("σ(1)", sigmoid(1)),
    "b": ("σ(3 − 1)", sigmoid(3 - 1)),
    "c": ("σ(1 − 3)", sigmoid(1 - 3)),
    "d": ("σ(1) / (σ(1) + σ(3))", sigmoid(1) / (sigmoid(1) + sigmoid(3))),
}


def solution():
    p = np.exp(1) / (np.exp(1) + np.exp(3))
    return "".join(letter for letter, (_, value) in options.items() if np.isclose(value, p))


def other_logit_forgotten():
    """σ(1) is right if the other logit is 0. Here it is 3: only the difference counts."""
    return "a"


def wrong_difference():
    """This is the probability of the second class. From the first class's logit the other one is
    subtracted, not the reverse: its logit is smaller, so its probability is below one half."""
    return "b"


def each_its_own_sigmoid():
    """Two sigmoids, made to add up to 1: that is how one-vs-rest makes probabilities. Softmax
    compares exponentials, not sigmoids."""
    return "d"


EXERCISE = Exercise(
    title="Which sigmoid is it?",
    kind="choose",
    difficulty=1,
    form="choice",
    statement=r"""
        Softmax gets the two logits 1 and 3.
        Which expression is the probability of the **first** class?
        """,
    options=tuple((letter, text) for letter, (text, _) in options.items()),
    solution=solution,
    mistakes=(other_logit_forgotten, wrong_difference, each_its_own_sigmoid),
    hints=(
        "Is the probability above or below one half? That excludes some of them.",
        "Divide numerator and denominator of e / (e + e³) by e.",
    ),
    explanation="e / (e + e³) = 1 / (1 + e²) = σ(−2): own logit minus the other.",
)
