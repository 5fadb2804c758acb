"""The mean of two logits."""

import numpy as np

from softmaxbook.checking import Exercise, probe


def solution(first, second):
    own = np.sqrt(first * second)
    return own / (own + np.sqrt((1 - first) * (1 - second)))


def arithmetic_mean(first, second):
    """This is the mean of the probabilities. Averaging logits gives their geometric mean,
    normalised."""
    return (first + second) / 2


def not_normalised(first, second):
    """This is the geometric mean of the two probabilities. Those of the other class have one too,
    and together they do not make 1: divide by their sum."""
    return np.sqrt(first * second)


def product_without_a_root(first, second):
    """You multiplied the probabilities and normalised. That adds the logits; their mean is half of
    the sum, which makes a root."""
    return first * second / (first * second + (1 - first) * (1 - second))


def harmonic_mean(first, second):
    """This is the harmonic mean. A mean of logarithms is a geometric mean: roots of products."""
    return 2 / (1 / first + 1 / second)


def product_alone(first, second):
    """This is the product: the probability that both are right, if they were independent. Averaging
    logits is something else."""
    return first * second


def the_surer_one(first, second):
    """This is the surer one alone."""
    return max(first, second)


def for_the_other_class(first, second):
    """This is the probability of the other class."""
    return 1 - solution(first, second)


EXERCISE = Exercise(
    title="The mean of two logits",
    kind="predict",
    difficulty=2,
    form="number",
    percent=True,
    statement=lambda first, second: (
        f"""
        Two networks decide between two classes. To the first class one gives the probability
        {first:g}, the other {second:g}.
        Their logits are averaged, then softmax is applied.
        Which probability does the first class get? Give three significant digits.
        """
    ),
    solution=solution,
    mistakes=(
        arithmetic_mean,
        not_normalised,
        product_without_a_root,
        harmonic_mean,
        product_alone,
        the_surer_one,
        for_the_other_class,
    ),
    probes=(probe("the question", 0.9, 0.3),),
    digits=3,
    tolerance=0.004,
    fresh=lambda rng: (
        int(rng.integers(75, 97)) / 100,
        int(rng.integers(15, 45)) / 100,
    ),
    nudge="Check: the two classes should get probabilities that add up to 1, by the same formula.",
    hints=(
        "A logit is the logarithm of a probability, up to a constant. What is a mean of logarithms "
        "the logarithm of?",
        "√(p q) for the first class, √((1 − p)(1 − q)) for the second. Normalise.",
    ),
    explanation=lambda first, second: (
        f"√({first:g} · {second:g}) = {np.sqrt(first * second):.4f} and "
        f"√({1 - first:.2g} · {1 - second:.2g}) = {np.sqrt((1 - first) * (1 - second)):.4f}; the "
        f"first over their sum is {solution(first, second):.4f}. The mean of the probabilities is "
        f"{(first + second) / 2:.4f}: the surer network has more to say in logits."
    ),
)
