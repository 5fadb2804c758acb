"""Turning up the temperature."""

import numpy as np

from softmaxbook.checking import Exercise, probe


def by_temperature(logits, temperature):
    scaled = logits / temperature
    exponentials = np.exp(scaled - np.max(scaled))
    p = exponentials / np.sum(exponentials)
    return p * (np.sum(p * logits) - logits) / temperature**2


def tempered(logits, temperature):
    exponentials = np.exp((logits - np.max(logits)) / temperature)
    return exponentials / np.sum(exponentials)


def sign_reversed(logits, temperature, base=by_temperature):
    """The sign is reversed. A rising temperature takes probability from the *largest* logit."""
    return -base(logits, temperature)


def one_factor_short(logits, temperature, base=by_temperature):
    """You divide by T once. The derivative of z/T with respect to T is −z/T²."""
    return base(logits, temperature) * temperature


def inner_derivative_forgotten(logits, temperature, base=by_temperature):
    """The inner derivative is missing: d(z/T)/dT = −z/T² brings the factor 1/T²."""
    return base(logits, temperature) * temperature**2


def mean_forgotten(logits, temperature):
    """You differentiated the numerator alone. The sum below the line depends on T too, and brings
    the mean of the logits under p."""
    return -tempered(logits, temperature) * logits / temperature**2


def plain_mean(logits, temperature):
    """You subtract from the plain mean of the logits. The mean is taken under p: Σ pⱼ zⱼ."""
    p = tempered(logits, temperature)
    return p * (np.mean(logits) - logits) / temperature**2


def probability_forgotten(logits, temperature):
    """This is the derivative of log p. Times pᵢ it is that of pᵢ."""
    p = tempered(logits, temperature)
    return (np.sum(p * logits) - logits) / temperature**2


def at_temperature_one(logits, temperature):
    """Your probabilities are those at T = 1. They, too, are taken at the given temperature."""
    p = tempered(logits, 1.0)
    return p * (np.sum(p * logits) - logits) / temperature**2


EXERCISE = Exercise(
    title="Turning up the temperature",
    kind="derive",
    difficulty=3,
    statement=r"""
        With the logits fixed, how does each probability
        $p_i = e^{z_i/T} / \sum_j e^{z_j/T}$ move when the temperature rises? Derive
        $\partial p_i / \partial T$, and write it as `by_temperature(logits, temperature)` for
        one vector of logits.
        """,
    solution=by_temperature,
    mistakes=(
        sign_reversed,
        one_factor_short,
        inner_derivative_forgotten,
        mean_forgotten,
        plain_mean,
        probability_forgotten,
        at_temperature_one,
    ),
    either=((one_factor_short, inner_derivative_forgotten),),
    probes=(
        probe("three classes, T = 2", [2.0, 1.0, -1.0], 2.0),
        probe("three classes, T = 1/2", [2.0, 1.0, -1.0], 0.5),
        probe("T = 1", [0.5, 3.0, 1.0], 1.0, why="here 1/T and 1/T² are the same."),
        probe(
            "equal logits",
            [1.0, 1.0, 1.0],
            2.0,
            why="they share equally at every temperature: nothing moves.",
        ),
        probe("two classes", [4.0, 1.0], 3.0),
    ),
    fresh=lambda rng: (rng.normal(scale=2, size=4), float(rng.choice([0.6, 1.5, 2.5]))),
    hints=(
        "Start from log pᵢ = zᵢ/T − log Σ exp(zⱼ/T), which is easier to differentiate.",
        "d(log pᵢ)/dT = −zᵢ/T² + Σ pⱼ zⱼ/T². Then p′ = p · (log p)′.",
    ),
    explanation=(
        "A logit above the mean loses probability when the temperature rises; one below gains."
    ),
)
