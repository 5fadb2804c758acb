"""Three tokens foreseen."""

import numpy as np

from softmaxbook.checking import Exercise, probe
from softmaxbook.checking.specification import listed


def solution(given):
    return np.exp(-np.mean(np.log(given)))


def mean_of_perplexities(given):
    """You averaged 1/p over the tokens. Average the surprises −log p, and take the exponential of
    that mean: the geometric mean of 1/p, not the arithmetic one."""
    return np.mean(1 / given)


def one_over_the_mean(given):
    """You averaged the probabilities. A text's probability is their product: average the
    logarithms."""
    return 1 / np.mean(given)


def another_base(given):
    """Logarithm and power have different bases here: 2 to the power of a mean of natural
    logarithms. With base 2 in both places, or e in both, the perplexity is the same."""
    return 2 ** -np.mean(np.log(given))


def bits_to_the_power_of_e(given):
    """Logarithm and power have different bases here: e to the power of a mean in bits. Take the
    same base in both places."""
    return np.exp(-np.mean(np.log2(given)))


def root_forgotten(given):
    """This is 1 over the probability of the whole text. Perplexity is per token: divide the
    logarithm by the number of tokens."""
    return 1 / np.prod(given)


def cross_entropy(given):
    """This is the mean surprise, in nats. Perplexity is its exponential."""
    return -np.mean(np.log(given))


def upside_down(given):
    """This is the mean probability, the geometric one. Perplexity is 1 over it: a number of
    choices, at least 1."""
    return np.exp(np.mean(np.log(given)))


EXERCISE = Exercise(
    title="Three tokens foreseen",
    kind="predict",
    difficulty=1,
    form="number",
    statement=lambda given: (
        f"""
        A model gave the three tokens of a text the probabilities {listed(given)}, each after those
        before it.
        What is the perplexity of the text?
        """
    ),
    solution=solution,
    mistakes=(
        mean_of_perplexities,
        one_over_the_mean,
        another_base,
        bits_to_the_power_of_e,
        root_forgotten,
        cross_entropy,
        upside_down,
    ),
    probes=(probe("the question", [0.5, 0.05, 0.02]),),
    fresh=lambda rng: (
        np.array([rng.integers(35, 85), rng.integers(4, 10), rng.integers(1, 4)]) / 100,
    ),
    nudge="Check: the answer lies between 1 over the largest and 1 over the smallest probability.",
    hints=(
        "Average the surprises −log p of the three tokens.",
        "Then the exponential, of the same base as the logarithm.",
    ),
    explanation=lambda given: (
        f"The product of the three is {np.prod(given):.4g}; 1 over its third root is "
        f"{solution(given):.4g}."
    ),
)
