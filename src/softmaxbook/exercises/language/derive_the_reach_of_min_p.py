"""How far does min-p reach?"""

import numpy as np

from softmaxbook.checking import Exercise, probe


def reach(share, temperature):
    return -temperature * np.log(share)


def temperature_divided(share, temperature):
    """T is on the wrong side: the *logits* are divided by it, so a gap may be T times as wide."""
    return -np.log(share) / temperature


def temperature_forgotten(share, temperature):
    """The temperature is not used. The gap is divided by T before the exponential."""
    return -np.log(share)


def sign_reversed(share, temperature, base=reach):
    """The sign is reversed: the share is at most 1, so its logarithm is not positive. A distance is
    not negative."""
    return -base(share, temperature)


def base_two(share, temperature):
    """The logarithm is that of base 2. Softmax has e."""
    return -temperature * np.log2(share)


def base_ten(share, temperature):
    """The logarithm is that of base 10. Softmax has e."""
    return -temperature * np.log10(share)


def logarithm_forgotten(share, temperature):
    """This is a share, not a gap of logits: solve the exponential, by a logarithm."""
    return temperature * (1 - share)


def odds_for_ratio(share, temperature):
    """You took the odds of the share. The ratio to the largest probability *is* the share; the
    denominators cancel."""
    return temperature * np.log((1 + share) / share)


def inverse_for_logarithm(share, temperature):
    """You have T over the share. The ratio of two probabilities is an exponential of the gap: take
    its logarithm."""
    return temperature / share


EXERCISE = Exercise(
    title="How far does min-p reach?",
    kind="derive",
    difficulty=2,
    statement=r"""
        min-p keeps a token if its probability, at temperature $T$, is at least `share` times the
        largest one.
        In terms of the logits: how far below the largest logit may a token lie and still be kept?
        Derive it, and write it as `reach(share, temperature)`.
        Does it depend on what the other tokens have?
        """,
    solution=reach,
    mistakes=(
        temperature_divided,
        temperature_forgotten,
        sign_reversed,
        base_two,
        base_ten,
        logarithm_forgotten,
        odds_for_ratio,
        inverse_for_logarithm,
    ),
    probes=(
        probe("a tenth, hot", 0.1, 2.0),
        probe("a half, cold", 0.5, 0.5),
        probe("a hundredth", 0.01, 1.5),
        probe("everybody equal to the best", 1.0, 3.0, why="the gap is 0."),
    ),
    fresh=lambda rng: (float(rng.uniform(0.05, 0.6)), float(rng.uniform(1.2, 3))),
    hints=(
        "Write the ratio of two probabilities: the denominator cancels.",
        "e to the power of −gap/T is at least the share. Take the logarithm.",
    ),
    explanation="The gap is at most −T log(share), whatever the other tokens have.",
)
