"""The scale of a score."""

import numpy as np

from softmaxbook.checking import Exercise, probe


def solution(width, variance):
    return variance * np.sqrt(width)


def only_the_width(width, variance):
    """√d is right if the numbers have the variance 1. Here each product has the variance of a
    query's number times that of a key's."""
    return np.sqrt(width)


def scaled_by_d(width, variance):
    """You divide by d times the variance. Variances add up, so the standard deviation grows
    with the root of d."""
    return variance * width


def variance_of_the_sum(width, variance):
    """This is the variance of the product, d times v squared. What a number is divided by acts on
    its standard deviation: take the root."""
    return width * variance**2


def variance_of_one_factor(width, variance):
    """You took the variance of one factor only. A product of two independent numbers with mean 0
    has the product of their variances."""
    return np.sqrt(width * variance)


def multiplied_for_divided(width, variance):
    """This is what the score is multiplied by. The question asks for the divisor: turn it
    over."""
    return 1 / (variance * np.sqrt(width))


EXERCISE = Exercise(
    title="The scale of a score",
    kind="predict",
    difficulty=1,
    form="number",
    statement=lambda width, variance: (
        f"""
        Queries and keys are {width:g} numbers wide. All numbers are independent, with mean 0 and
        variance {variance:g}.
        By which number must the product of a query and a key be divided, so that its standard
        deviation is 1?
        """
    ),
    solution=solution,
    mistakes=(
        only_the_width,
        scaled_by_d,
        variance_of_the_sum,
        variance_of_one_factor,
        multiplied_for_divided,
    ),
    probes=(probe("the question", 64.0, 4.0),),
    fresh=lambda rng: (float(rng.integers(4, 17) ** 2), float(rng.integers(2, 13)) / 2),
    nudge="Check: the square of your answer is the variance of a sum of d products.",
    hints=(
        "What is the variance of one product of two independent numbers with mean 0?",
        "A sum of d independent products has d times that variance; the divisor is its root.",
    ),
    explanation=lambda width, variance: (
        f"One product has the variance {variance:g}² = {variance**2:g}, the sum "
        f"{width:g} · {variance**2:g}, and its root is {solution(width, variance):g}."
    ),
)
