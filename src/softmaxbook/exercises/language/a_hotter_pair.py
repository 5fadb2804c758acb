"""A hotter pair."""

import numpy as np

from softmaxbook.checking import Exercise, probe


def solution(ratio, temperature):
    return ratio ** (1 / temperature)


def temperature_multiplied(ratio, temperature):
    """You multiply the logits by T. They are divided by it: a high temperature makes tokens more
    alike."""
    return ratio**temperature


def ratio_divided(ratio, temperature):
    """You divide the ratio by T. It is the logits that are divided, and their difference is the
    logarithm of the ratio."""
    return ratio / temperature


def temperature_forgotten(ratio, temperature):
    """This is the ratio at temperature 1. Dividing the logits changes it."""
    return ratio


def ratio_multiplied(ratio, temperature):
    """You multiply the ratio by T. A higher temperature brings the two tokens closer, and what is
    divided are the logits."""
    return ratio * temperature


def difference_of_the_logits(ratio, temperature):
    """This is the difference of the logits at that temperature. The ratio of the probabilities is
    its exponential."""
    return np.log(ratio) / temperature


def turned_around(ratio, temperature):
    """You have the less probable token over the more probable one."""
    return ratio ** (-1 / temperature)


EXERCISE = Exercise(
    title="A hotter pair",
    kind="predict",
    difficulty=1,
    form="number",
    statement=lambda ratio, temperature: (
        f"""
        At temperature 1, *the* is {ratio:g} times as probable as *its*.
        How many times as probable is it at temperature {temperature:g}?
        """
    ),
    solution=solution,
    mistakes=(
        temperature_multiplied,
        ratio_divided,
        temperature_forgotten,
        ratio_multiplied,
        difference_of_the_logits,
        turned_around,
    ),
    probes=(probe("the question", 27.0, 3.0),),
    fresh=lambda rng: (
        float(rng.integers(8, 129)),
        float(rng.choice([1.5, 2.5, 3.0, 4.0])),
    ),
    nudge="Check: a temperature above 1 brings the ratio nearer to 1, and keeps who is ahead.",
    hints=(
        "The ratio of two probabilities is e to the power of the difference of their logits.",
        "The difference is divided by T; so the ratio is raised to the power 1/T.",
    ),
    explanation=lambda ratio, temperature: (
        f"{ratio:g} to the power of 1 ÷ {temperature:g} is {solution(ratio, temperature):.4g}."
    ),
)
