"""Break this program."""

import numpy as np

from softmaxbook.checking import Exercise


def shown_program(logits):
    shifted = logits - np.max(logits)
    p = np.exp(shifted) / np.sum(np.exp(shifted))
    return np.log(p)


def true_value(logits):
    shifted = logits - np.max(logits)
    return shifted - np.log(np.sum(np.exp(shifted)))


def what_happens(logits):
    if logits.shape != (2,):
        raise ValueError("Hand over two logits, for example [1.0, 2.0]")
    right, gave = true_value(logits), shown_program(logits)
    wrong = np.isneginf(gave) & np.isfinite(right)
    close_together = np.abs(logits[0] - logits[1]) < 100 < np.max(np.abs(logits))
    return [wrong.any(), np.isinf(logits).any(), close_together, np.isnan(logits).any()]


def solution():
    return np.array([800.0, 0.0])


def gap_too_small():
    """The program is right here: the gap is not wide enough. At which gap is the smaller
    probability rounded to 0?"""
    return np.array([10.0, 0.0])


def large_and_close():
    """Large logits alone do no harm: the program subtracts the maximum. What matters is the gap
    between the two."""
    return np.array([1000.0, 999.0])


def infinite_logit():
    """With an infinite logit the true value is not finite either: −∞ means “masked” and stays
    −∞. Two ordinary numbers are enough."""
    return np.array([0.0, -np.inf])


EXERCISE = Exercise(
    title="Break this program",
    kind="find",
    difficulty=2,
    form="number",
    labels=("first logit", "second logit"),
    statement="""
        One might call this program stable, because it subtracts the maximum:

        ```python
        shifted = logits - np.max(logits)
        p = np.exp(shifted) / np.sum(np.exp(shifted))
        log_p = np.log(p)
        ```

        Find **two finite logits** (float64) for which it returns `-inf`, although the true
        value is finite.
        """,
    solution=solution,
    observe=what_happens,
    mistakes=(gap_too_small, large_and_close, infinite_logit),
    hints=(
        "log 0 is −∞. When is the smaller probability exactly 0?",
        "exp(−745.2) is 0 in float64. How large must the gap be?",
    ),
    explanation=(
        "At a gap of 800 the smaller probability, exp(−800), is rounded to 0. "
        "Its logarithm is −800: the program z − log Σ exp(z) finds it."
    ),
)
