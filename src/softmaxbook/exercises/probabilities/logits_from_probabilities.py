"""Back to the logits."""

import numpy as np

from softmaxbook.checking import Exercise, probe


def logits_of(probabilities):
    logarithms = np.log(probabilities)
    return logarithms - np.mean(logarithms, axis=-1, keepdims=True)


def mean_not_removed(probabilities):
    """Nothing is subtracted. Every constant may be added to logits; here it has to be minus their
    mean."""
    return np.log(probabilities)


def mean_of_the_probabilities(probabilities):
    """You subtract the logarithm of the *mean probability*. The mean of the logarithms is
    another number, and a smaller one."""
    return np.log(probabilities) - np.log(np.mean(probabilities, axis=-1, keepdims=True))


def one_against_the_rest(probabilities):
    """log(p / (1 − p)) turns one sigmoid back, each class against the rest. Softmax of these
    values does not give the probabilities back, except for two classes."""
    odds = np.log(probabilities / (1 - probabilities))
    return odds - np.mean(odds, axis=-1, keepdims=True)


def largest_removed(probabilities):
    """You subtract the largest logarithm, which makes the largest logit 0. It is the *mean* of
    the logits that should be 0."""
    logarithms = np.log(probabilities)
    return logarithms - np.max(logarithms, axis=-1, keepdims=True)


def base_two(probabilities, base=logits_of):
    """The logarithm to base 2 gives logits that are 1 / ln 2 times too large. Take `np.log`."""
    return base(probabilities) / np.log(2)


def sign_reversed(probabilities, base=logits_of):
    """The sign is reversed: a larger probability has a larger logit."""
    return -base(probabilities)


def one_mean_for_all(probabilities):
    """One mean for the whole batch: only all rows together have mean 0. Each row needs its own:
    `axis=-1, keepdims=True`."""
    return np.log(probabilities) - np.mean(np.log(probabilities))


EXERCISE = Exercise(
    title="Back to the logits",
    kind="derive",
    difficulty=2,
    statement=r"""
        Softmax loses something: logits $z$ and $z + c$ have the same probabilities. Derive the
        way back. Given probabilities along the last axis, all positive, which logits **with mean
        0** have exactly these probabilities? Write the formula as `logits_of(probabilities)`.
        """,
    solution=logits_of,
    mistakes=(
        mean_not_removed,
        mean_of_the_probabilities,
        one_against_the_rest,
        largest_removed,
        base_two,
        sign_reversed,
        one_mean_for_all,
    ),
    probes=(
        probe("two classes", [0.8, 0.2], why="here it is half the log odds, and minus that."),
        probe("three classes", [0.7, 0.2, 0.1]),
        probe("nothing preferred", [0.25, 0.25, 0.25, 0.25], why="equal probabilities: all zero."),
        probe("a batch", [[0.7, 0.2, 0.1], [0.05, 0.05, 0.9]]),
        probe("certain above doubtful", [[0.98, 0.02], [0.5, 0.5]]),
        probe("nearly certain", [1e-9, 1 - 1e-9]),
    ),
    fresh=lambda rng: (rng.dirichlet(np.ones(4), size=2),),
    hints=(
        "Take the logarithm of the definition: log pᵢ = zᵢ − log Σ exp(zⱼ). What is the same for "
        "all i?",
        "So zᵢ = log pᵢ + c. Choose c such that the mean of the logits is 0.",
    ),
    explanation="Softmax of log p is p itself, because exp(log p) already adds up to 1.",
)
