"""Where the sum overflows."""

import numpy as np

from softmaxbook.checking import Exercise, probe


def threshold(largest, n_classes):
    return np.log(largest) - np.log(n_classes)


def the_sum_forgotten(largest, n_classes):
    """At ln(largest) a *single* exponential overflows. The sum of n of them does so earlier."""
    return np.log(largest)


def sign_of_the_number(largest, n_classes):
    """More classes overflow *earlier*: ln n is subtracted."""
    return np.log(largest) + np.log(n_classes)


def quotient_of_logarithms(largest, n_classes):
    """log(a / b) is log a − log b, not the quotient of the logarithms."""
    return np.log(largest) / np.log(2 * n_classes)


def divided_after_the_logarithm(largest, n_classes):
    """You divide the *logarithm* by n. Solve n · exp(z) = largest: divide first, then take the
    logarithm."""
    return np.log(largest) / n_classes


def base_ten(largest, n_classes, base=threshold):
    """The logarithm is the natural one: exp is a power of e."""
    return base(largest, n_classes) / np.log(10)


def logarithm_forgotten(largest, n_classes):
    """This is the largest exponential that is allowed. The *logit* is its logarithm."""
    return largest / n_classes


EXERCISE = Exercise(
    title="Where the sum overflows",
    kind="derive",
    difficulty=2,
    statement=r"""
        All `n_classes` logits are equal to $z$, and softmax runs without a shift in a format
        whose largest number is `largest`. Above which $z$ does the **sum** of the exponentials
        overflow? Write your formula as `threshold(largest, n_classes)`.
        """,
    solution=threshold,
    mistakes=(
        the_sum_forgotten,
        sign_of_the_number,
        quotient_of_logarithms,
        divided_after_the_logarithm,
        base_ten,
        logarithm_forgotten,
    ),
    probes=(
        probe("float16, ten classes", float(np.finfo(np.float16).max), 10),
        probe("float32, a thousand classes", float(np.finfo(np.float32).max), 1000),
        probe("float64, a vocabulary", float(np.finfo(np.float64).max), 50_000),
        probe(
            "one class",
            float(np.finfo(np.float32).max),
            1,
            why="one class: the limit of exp itself.",
        ),
    ),
    fresh=lambda rng: (float(2.0 ** int(rng.integers(10, 100))), int(rng.integers(2, 1000))),
    hints=(
        "The sum of n equal exponentials is n · exp(z). When does it reach the largest number?",
        "Solve n · exp(z) = largest for z.",
    ),
    explanation="n · exp(z) = M gives z = ln(M / n) = ln M − ln n.",
)
