"""What the others do when one logit is nudged."""

import numpy as np

from softmaxbook.checking import Exercise

logits = np.array([1.0, 0.0, -1.0])


def softmax(z):
    return np.exp(z) / np.exp(z).sum()


def solution():
    change = softmax(logits + np.array([0.01, 0.0, 0.0])) - softmax(logits)
    assert change[1] < 0 > change[2]
    return "c" if change[1] < change[2] else "d"


def only_its_own_moves():
    """The probabilities sum to 1 before and after. If the first rises, somebody must give."""
    return "a"


def shared_equally():
    """The second class has more than the third. Softmax takes from each in proportion to what it
    has."""
    return "b"


def the_weakest_falls_most():
    """The third has the least, and so the least to lose: the loss is proportional to the
    probability."""
    return "d"


EXERCISE = Exercise(
    title="What do the others do?",
    kind="predict",
    difficulty=1,
    opening=True,
    form="choice",
    statement="""
        Three classes have the logits 1, 0 and −1.
        You raise the first logit by one hundredth, and the first probability rises.
        What do the other two do?
        """,
    options=(
        ("a", "They stay where they are."),
        ("b", "Both fall, by the same amount."),
        ("c", "Both fall, the second by more than the third."),
        ("d", "Both fall, the third by more than the second."),
    ),
    solution=solution,
    mistakes=(only_its_own_moves, shared_equally, the_weakest_falls_most),
    hints=(
        "The three probabilities sum to 1 before and after.",
        "Choose the entries of the first column in the figure above. Which is the most negative?",
    ),
    explanation="""
        What the first class wins is taken from the others in proportion to what they have, and the
        second class has more than the third.
        The next section measures it.
        """,
)
