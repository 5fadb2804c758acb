"""Three photographs, one loss."""

import numpy as np

from softmaxbook.checking.specification import Exercise, listed, probe


def solution(given):
    return -np.mean(np.log(given))


def sum_for_mean(given):
    """This is the sum. The loss of a batch is the mean: divide by the number of photographs."""
    return -np.sum(np.log(given))


def logarithm_of_the_mean(given):
    """You averaged the probabilities and took one logarithm. Take a logarithm for each
    photograph, and average those."""
    return -np.log(np.mean(given))


def sign_lost(given):
    """The logarithm of a probability is negative; the loss is minus that logarithm."""
    return np.mean(np.log(given))


def base_two(given):
    """This is the mean in bits, with the logarithm to base 2. Losses use the natural one."""
    return -np.mean(np.log2(given))


def base_ten(given):
    """This is the mean with the logarithm to base 10. Losses use the natural one."""
    return -np.mean(np.log10(given))


def share_that_is_missing(given):
    """This is the mean of 1 − p, what is missing from certainty. The loss is the mean of −log p,
    which punishes small probabilities far more."""
    return np.mean(1 - given)


def likelihood(given):
    """This is the likelihood, the product of the probabilities. The loss is minus the logarithm
    of it, divided by the number of photographs."""
    return np.prod(given)


EXERCISE = Exercise(
    title="Three photographs, one loss",
    kind="predict",
    difficulty=1,
    form="number",
    statement=lambda given: (
        f"""
        A classifier gave the true classes of three photographs the probabilities
        {listed(given)}.
        What is the mean cross-entropy?
        """
    ),
    solution=solution,
    mistakes=(
        sum_for_mean,
        logarithm_of_the_mean,
        sign_lost,
        base_two,
        base_ten,
        share_that_is_missing,
        likelihood,
    ),
    probes=(probe("the question", [0.5, 0.8, 0.1]),),
    fresh=lambda rng: (
        np.array([rng.integers(35, 65), rng.integers(70, 95), rng.integers(4, 13)]) / 100,
    ),
    nudge="Check: e to the power of minus your answer lies between the smallest and the largest "
    "of the probabilities.",
    hints=(
        "One photograph costs −log p, with p the probability of its true class.",
        "Three logarithms, their mean, a minus sign.",
    ),
    explanation=lambda given: (
        f"−(ln {given[0]:g} + ln {given[1]:g} + ln {given[2]:g}) / 3 = {solution(given):.4f}."
    ),
)
