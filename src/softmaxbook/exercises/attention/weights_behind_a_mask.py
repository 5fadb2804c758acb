"""Weights behind a mask."""

import numpy as np

from softmaxbook.checking.specification import Exercise, listed, probe


def solution(scores, hidden):
    masked = np.where(np.arange(3) == hidden, -np.inf, scores)
    return np.exp(masked) / np.sum(np.exp(masked))


def mask_multiplied(scores, hidden):
    """You multiplied the hidden score by 0. A score of 0 is an ordinary score, with the
    exponential 1: the key keeps a share. It must become −∞."""
    masked = scores * (np.arange(3) != hidden)
    return np.exp(masked) / np.sum(np.exp(masked))


def mask_after_softmax(scores, hidden):
    """You set the weight to 0 after softmax. The others are then too small: they add up to less
    than 1."""
    return np.exp(scores) / np.sum(np.exp(scores)) * (np.arange(3) != hidden)


def mask_ignored(scores, hidden):
    """This is softmax of all three scores. The hidden key must get 0."""
    return np.exp(scores) / np.sum(np.exp(scores))


def even_shares(scores, hidden):
    """You shared the weight evenly among the visible keys. Softmax of their scores is not even."""
    return (np.arange(3) != hidden) / 2


EXERCISE = Exercise(
    title="Weights behind a mask",
    kind="predict",
    difficulty=1,
    form="number",
    digits=3,
    labels=("first key", "second key", "third key"),
    statement=lambda scores, hidden: (
        f"""
        A query has the scores {listed(scores)} with three keys, and may not look at the
        {("first", "second", "third")[int(hidden)]}.
        What are the three weights, to three decimals?
        """
    ),
    solution=solution,
    mistakes=(mask_multiplied, mask_after_softmax, mask_ignored, even_shares),
    probes=(probe("the question", [2.0, 1.0, -1.0], 1),),
    fresh=lambda rng: (
        np.array([rng.integers(12, 28), rng.integers(3, 11), -rng.integers(3, 15)]) / 10,
        int(rng.integers(3)),
    ),
    nudge="Check: the weights add up to 1, and one of them is 0.",
    hints=(
        "The hidden score becomes −∞. What is its exponential?",
        "Softmax of the two visible scores alone, and 0 for the hidden key.",
    ),
    explanation=lambda scores, hidden: (
        "Softmax of the visible scores is "
        f"{', '.join(f'{p:.4f}' for p in solution(scores, hidden))}; e to the power of −∞ is 0."
    ),
)
