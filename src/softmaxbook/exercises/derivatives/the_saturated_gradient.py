"""A gradient that vanishes."""

import numpy as np

from softmaxbook.checking import Exercise, probe


def solution(gap):
    p = 1 / (1 + np.exp(-gap))
    return p * (1 - p)


def the_probability_itself(gap):
    """This is the probability p. Its derivative with respect to its own logit is p(1 − p)."""
    return 1 / (1 + np.exp(-gap))


def the_small_probability(gap):
    """This is 1 − p, the other class's probability. It is close, and the factor p is missing."""
    return 1 / (1 + np.exp(gap))


def the_largest_value(gap):
    """1/4 is the derivative at a gap of 0, where it is largest. It shrinks as the gap grows."""
    return 0.25 + 0 * gap


def squared(gap):
    """p² instead of p(1 − p): one factor is the other class."""
    return 1 / (1 + np.exp(-gap)) ** 2


def the_exponential_alone(gap):
    """exp(−gap) is what p(1 − p) comes close to for a wide gap. Here the gap is not wide enough
    for that."""
    return np.exp(-gap)


EXERCISE = Exercise(
    title="A gradient that vanishes",
    kind="predict",
    difficulty=1,
    form="number",
    digits=3,
    statement=lambda gap: (
        f"""
        Two classes; the first logit is larger by {gap:g}.
        By how much does the first probability change per unit of its own logit?
        Give the derivative with three significant digits: zeros at the front do not count.
        """
    ),
    solution=solution,
    mistakes=(
        the_probability_itself,
        the_small_probability,
        the_largest_value,
        squared,
        the_exponential_alone,
    ),
    probes=(probe("the question", 3.0),),
    fresh=lambda rng: (float(rng.integers(14, 33)) / 10,),
    nudge="Check: move the gap by 0.1 and see how the sigmoid of the gap changes.",
    hints=(
        "First the probability: with two classes it is the sigmoid of the gap.",
        "Then p(1 − p).",
    ),
    explanation=lambda gap: (
        f"p = {1 / (1 + np.exp(-gap)):.4f}, and p(1 − p) is small because 1 − p is."
    ),
)
