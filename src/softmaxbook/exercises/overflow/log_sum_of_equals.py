"""A thousand equal logits."""

import numpy as np

from softmaxbook.checking import Exercise, probe


def solution(count, logit):
    return logit + np.log(count)


def the_maximum_alone(count, logit):
    """This is the maximum, the lower end of what log-sum-exp can be. Many logits at the maximum
    lift it by the logarithm of their number."""
    return logit + 0 * count


def number_without_logarithm(count, logit):
    """You added the number of logits. They add inside the logarithm: + ln n."""
    return logit + count


def the_sum_of_the_logits(count, logit):
    """You added up the logits. The exponentials are added up; then the logarithm is taken."""
    return logit * count


def base_ten(count, logit):
    """The logarithm is the natural one."""
    return logit + np.log10(count)


def the_number_alone(count, logit):
    """ln n is what the exponentials contribute once their common factor is taken out. That
    factor, the logit, is added back."""
    return np.log(count) + 0 * logit


def multiplied(count, logit):
    """The factor n stands inside the logarithm: it becomes a summand ln n."""
    return logit * np.log(count)


EXERCISE = Exercise(
    title="A thousand equal logits",
    kind="predict",
    difficulty=2,
    form="number",
    statement=lambda count, logit: (
        f"""
        There are {count:d} logits, and each of them is {logit:g}.
        What is $\\log \\sum_j e^{{z_j}}$? Give four significant digits.
        """
    ),
    solution=solution,
    mistakes=(
        the_maximum_alone,
        number_without_logarithm,
        the_sum_of_the_logits,
        base_ten,
        the_number_alone,
        multiplied,
    ),
    probes=(probe("the question", 1000, 800.0),),
    digits=4,
    tolerance=0.0012,
    fresh=lambda rng: (int(rng.integers(2, 10)) * 100, float(rng.integers(70, 95)) * 10),
    nudge="Check with two equal logits of 0: there it is ln 2.",
    hints=(
        "$e^{800}$ is too large for float64. Take it out of the sum as a common factor.",
        "The sum is n · e^z. Take the logarithm of the product.",
    ),
    explanation=lambda count, logit: (
        f"log({count} · e^{logit:g}) = {logit:g} + ln {count} = {logit + np.log(count):.4f}."
    ),
)
