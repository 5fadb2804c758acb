"""Which row is a gradient?"""

import numpy as np

from softmaxbook.checking.specification import Exercise, listed

rows = {
    "a": np.array([0.2, -0.5, 0.2]),
    "b": np.array([-0.2, 0.5, -0.3]),
    "c": np.array([0.2, -0.5, 0.3]),
    "d": np.array([0.2, 0.5, 0.3]),
}
LABEL = 1


def can_be(row):
    p = row + np.eye(3)[LABEL]
    return np.all(p > 0) and np.isclose(p.sum(), 1)


def solution():
    return "".join(letter for letter, row in rows.items() if can_be(row))


def sum_not_zero():
    """These entries add up to −0.1. Probabilities add up to 1, and so does the one-hot row: the
    entries of p − y add up to 0."""
    return "a"


def sign_reversed():
    """This is y − p, the way to go. The gradient is p − y: it points uphill, and descent
    subtracts it."""
    return "b"


def label_forgotten():
    """These are the probabilities. The gradient has 1 less at the label."""
    return "d"


EXERCISE = Exercise(
    title="Which row is a gradient?",
    kind="choose",
    difficulty=1,
    form="choice",
    statement="""
        The label of an example is the **second** of three classes.
        Which row can be the gradient of its cross-entropy in the logits?
        """,
    options=tuple((letter, listed(row)) for letter, row in rows.items()),
    solution=solution,
    mistakes=(sum_not_zero, sign_reversed, label_forgotten),
    hints=(
        "The gradient is p − y. What do its entries add up to?",
        "Only the label's logit lowers the loss when it rises: where is the negative entry?",
    ),
    explanation="Adding the one-hot row gives p = (0.2, 0.5, 0.3): positive, with sum 1.",
)
