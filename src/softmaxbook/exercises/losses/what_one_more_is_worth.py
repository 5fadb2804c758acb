"""What is one more worth?"""

import numpy as np

from softmaxbook.checking import Exercise

LOGITS, LABEL = np.array([2.0, 1.0, -1.0]), 1


def loss(logits):
    return np.log(np.sum(np.exp(logits))) - logits[LABEL]


def solution():
    falls = loss(LOGITS) - loss(LOGITS + np.eye(3)[LABEL])
    return "a" if np.isclose(falls, 1) else "b" if 0 < falls < 1 else "c" if falls > 1 else "d"


def the_label_alone():
    """The loss is LSE(z) − z of the label. The second term falls by 1, but log-sum-exp rises with
    every logit, so it takes a part of the gain back."""
    return "a"


def more_than_it_gave():
    """The other classes do lose shares, but that is the same change, seen from the other side:
    log-sum-exp rises with the label's logit, and takes a part of the gain back."""
    return "c"


def it_rises():
    """The label is dog, so a larger logit of dog makes the label more probable, and the loss
    smaller."""
    return "d"


EXERCISE = Exercise(
    title="What is one more worth?",
    kind="predict",
    difficulty=1,
    opening=True,
    form="choice",
    statement=r"""
        The three logits are 2, 1 and −1, the label says *dog*, and the loss is
        $-\log p_{\text{dog}}$. Raise the logit of *dog* by 1 and leave the others.
        By how much does the loss fall?
        """,
    options=(
        ("a", "By exactly 1."),
        ("b", "By less than 1."),
        ("c", "By more than 1."),
        ("d", "It rises."),
    ),
    solution=solution,
    mistakes=(the_label_alone, more_than_it_gave, it_rises),
    hints=(
        "Try it in the figure, and watch the loss.",
        "Write −log p as a difference: log-sum-exp minus the label's logit. What does each of them "
        "do?",
    ),
    explanation="""
        The loss is log-sum-exp minus the label's logit, and both rise. The more probable *dog*
        already is, the more log-sum-exp takes back: what has been learnt cannot be learnt again.
        """,
)
