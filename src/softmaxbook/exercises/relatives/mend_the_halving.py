"""Entmax by halving an interval."""

import numpy as np

from softmaxbook.checking import Exercise, probe


def entmax_by_halving(logits):
    halves = logits / 2
    low, high = np.max(halves) - 1, np.max(halves)
    for _ in range(60):
        middle = (low + high) / 2
        if np.sum(np.maximum(halves - middle, 0) ** 2) > 1:
            low = middle
        else:
            high = middle
    return np.maximum(halves - low, 0) ** 2


def threshold(values, root=2.0):
    low, high = np.max(values) - 1, np.max(values)
    for _ in range(60):
        middle = (low + high) / 2
        if np.sum(np.maximum(values - middle, 0) ** root) > 1:
            low = middle
        else:
            high = middle
    return low


def halved(values, power, root=2.0):
    return np.maximum(values - threshold(values, root), 0) ** power


def as_printed(logits):
    """This still takes the logits as they are. It sums to 1 and looks right, but it is 1.5-entmax
    at the temperature ½: the definition has *half* of each logit."""
    return halved(logits, 2.0)


def multiplied_by_two(logits):
    """You double the logits. The factor is α − 1 = ½: halve them."""
    return halved(2 * logits, 2.0)


def factor_of_alpha(logits):
    """You multiply by α = 1.5. The factor is α − 1 = ½."""
    return halved(1.5 * logits, 2.0)


def quarters(logits):
    """You halve the logits twice."""
    return halved(logits / 4, 2.0)


def not_squared(logits):
    """Halves without squares: that is sparsemax at the temperature 2. The power is 1 / (α − 1)
    = 2, in the sum and in the result."""
    return halved(logits / 2, 1.0, 1.0)


def squared_in_the_sum_only(logits):
    """The sum in the loop squares, and the result does not: its entries do not sum to 1."""
    return halved(logits / 2, 1.0)


def halves_in_the_result_only(logits):
    """The threshold was sought for the whole logits and used on the halves. Halve them once, before
    the loop."""
    return np.maximum(logits - threshold(logits), 0) ** 2 / 2


def result_halved_not_the_logits(logits):
    """You halve the threshold. The logits are halved; the threshold follows by itself."""
    return np.maximum(logits - threshold(logits) / 2, 0) ** 2


EXERCISE = Exercise(
    title="Entmax by halving",
    kind="find",
    difficulty=2,
    statement=r"""
        1.5-entmax is $p_i = \max(z_i / 2 - \tau, 0)^2$ with the one $\tau$ for which the sum is 1.
        This program finds $\tau$ by halving an interval. Its results sum to 1, and they are wrong:
        too many classes get exactly 0. Find the mistake and mend it.
        """,
    starter="""\
def entmax_by_halving(logits):
    low, high = np.max(logits) - 1, np.max(logits)
    for _ in range(60):
        middle = (low + high) / 2
        if np.sum(np.maximum(logits - middle, 0) ** 2) > 1:
            low = middle
        else:
            high = middle
    return np.maximum(logits - low, 0) ** 2""",
    solution=entmax_by_halving,
    mistakes=(
        as_printed,
        multiplied_by_two,
        factor_of_alpha,
        quarters,
        not_squared,
        squared_in_the_sum_only,
        halves_in_the_result_only,
        result_halved_not_the_logits,
    ),
    probes=(
        probe("three scores", [2.0, 1.0, -1.0]),
        probe("near each other", [0.5, 0.25, 0.0, -0.25]),
        probe("two left", [1.0, 0.0, -3.0]),
        probe("three left", [3.0, 2.5, 1.75, 0.5]),
        probe(
            "one and a half apart",
            [0.0, -1.5],
            why="a class needs a gap of 2 to lose everything, and this is less.",
        ),
    ),
    fresh=lambda rng: (rng.normal(size=5),),
    hints=(
        "Compare the formula in the statement with the line that squares. What is missing?",
        "For which gap between two logits does the lower one get exactly 0? With the printed "
        "program it is 1.",
    ),
    explanation="z / 2 comes from the factor α − 1. Without it everything is at half the "
    "temperature, and nothing but the definition tells.",
)
