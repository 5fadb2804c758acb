"""Which mask is causal?"""

import numpy as np

from softmaxbook.checking import Exercise

ONES = np.ones((4, 4), dtype=bool)
masks = {
    "a": np.tril(ONES, -1),
    "b": np.triu(ONES),
    "c": np.tril(ONES, 1),
    "d": np.tril(ONES),
}
NAMES = {
    "a": "np.tril(ones, -1)",
    "b": "np.triu(ones)",
    "c": "np.tril(ones, 1)",
    "d": "np.tril(ones)",
}


def is_causal(mask):
    later = np.arange(4)[:, None] < np.arange(4)
    return not mask[later].any() and np.diag(mask).all() and mask[~later].all()


def solution():
    return "".join(letter for letter, mask in masks.items() if is_causal(mask))


def itself_hidden():
    """Nobody may look at themselves here, so the first row is empty: softmax of nothing but −∞ is
    NaN. A position may look at itself."""
    return "a"


def upside_down():
    """This mask shows the future and hides the past. It is the right one for a function that
    wants to know what to hide, after its diagonal has been taken away."""
    return "b"


def one_too_far():
    """Row i is True up to key i + 1: each position sees the word that it is to predict. A model
    trained like this copies, and is of no use when the next word is not there yet."""
    return "c"


EXERCISE = Exercise(
    title="Which mask is causal?",
    kind="choose",
    difficulty=1,
    form="choice",
    statement="""
        Four words, one row a query; `True` means *may look*, and `ones = np.ones((4, 4), bool)`.
        The vector that comes out for a word is used to predict the *next* word.
        Which mask lets each word look at itself and at all earlier words, and at nothing else?
        """,
    options=tuple((letter, f"`{name}`") for letter, name in NAMES.items()),
    solution=solution,
    mistakes=(itself_hidden, upside_down, one_too_far),
    hints=(
        "Write down the first row of each: what may the first word see?",
        "`np.tril(ones, k)` keeps the columns j ≤ i + k of row i.",
    ),
    explanation="Row i of `np.tril(ones)` is True for the keys 0 to i.",
)
