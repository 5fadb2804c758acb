"""A rival's logit rises."""

import numpy as np

from softmaxbook.checking.specification import Exercise, listed, probe


def solution(probabilities):
    return -probabilities[0] * probabilities[1]


def sign_lost(probabilities):
    """The size is right, the sign is not: when a rival's logit rises, this probability falls."""
    return probabilities[0] * probabilities[1]


def the_diagonal_formula(probabilities):
    """p₁(1 − p₁) is how p₁ answers to its own logit. Here another logit moves: −p₁p₂."""
    return probabilities[0] * (1 - probabilities[0])


def no_influence(probabilities):
    """z₂ does not stand above the line of p₁, but it stands in the sum below it."""
    return 0.0 * probabilities[0]


def mixed_formula(probabilities):
    """p₁(1 − p₂) mixes two formulas. The 1 comes from the derivative of the numerator, and the
    numerator of p₁ does not contain z₂."""
    return probabilities[0] * (1 - probabilities[1])


def one_factor_lost(probabilities):
    """−p₂ is the derivative of log p₁. The derivative of p₁ itself has the factor p₁ too."""
    return -probabilities[1]


def squared_probability(probabilities):
    """The derivative of 1/S is −1/S² times that of S, which is exp(z₂): one factor p₂ comes from
    there, and the other is p₁, not p₂ again."""
    return -(probabilities[1] ** 2)


EXERCISE = Exercise(
    title="A rival's logit rises",
    kind="predict",
    difficulty=1,
    form="number",
    statement=lambda probabilities: (
        f"""
        Softmax gives three classes the probabilities
        {listed(probabilities)}.
        What is the derivative of the **first** probability with respect to the **second** logit?
        """
    ),
    solution=solution,
    mistakes=(
        sign_lost,
        the_diagonal_formula,
        no_influence,
        mixed_formula,
        one_factor_lost,
        squared_probability,
    ),
    probes=(probe("the question", [0.6, 0.3, 0.1]),),
    fresh=lambda rng: (
        (np.diff([0, *sorted(rng.choice(np.arange(10, 91), 2, replace=False)), 100]) / 100).round(
            2
        ),
    ),
    nudge="Check: the derivatives with respect to all three logits add up to 0.",
    hints=(
        "Does the first probability rise or fall when the second logit rises?",
        "p₁ = exp(z₁) / S. Only S depends on z₂: differentiate 1/S.",
    ),
    explanation="∂p₁/∂z₂ = −exp(z₁) exp(z₂) / S² = −p₁p₂.",
)
