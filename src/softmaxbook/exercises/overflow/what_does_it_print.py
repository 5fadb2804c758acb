"""What a program without a shift prints."""

import numpy as np

from softmaxbook.checking import Exercise


def solution():
    z = np.array([1000.0, 1001.0])
    with np.errstate(all="ignore"):
        p = np.exp(z) / np.sum(np.exp(z))
    return "d" if np.isnan(p).all() else "a"


def exact_as_on_paper():
    """On paper, yes. In float64 the exponential of 1000 is above the largest number: look at what
    each of the four steps gives."""
    return "a"


def the_larger_takes_all():
    """A gap of 1 never gives 0 and 1: the true shares are about one quarter and three quarters.
    What goes wrong here comes before the division."""
    return "b"


def infinity_twice():
    """The exponentials are infinite, both of them. But they are then divided by their sum, which
    is infinite too."""
    return "c"


EXERCISE = Exercise(
    title="What does it print?",
    kind="predict",
    difficulty=1,
    opening=True,
    form="choice",
    statement="""
        Two classes have the logits 1000 and 1001.
        A program computes `exp(z) / sum(exp(z))` in float64.
        What does it print?
        """,
    options=(
        ("a", "The true answer, about one quarter and three quarters."),
        ("b", "0 and 1."),
        ("c", "Infinity twice."),
        ("d", "“Not a number” twice."),
    ),
    solution=solution,
    mistakes=(exact_as_on_paper, the_larger_takes_all, infinity_twice),
    hints=(
        "Press “1000 and 1001” in the laboratory above, and choose float64.",
        "Go through the four steps: exponentials, their sum, then each divided by the sum.",
    ),
    explanation="""
        Both exponentials overflow to infinity, their sum is infinity, and infinity divided by
        infinity is not a number.
        The true answer is that of the logits 0 and 1, because softmax depends on differences only:
        a little more than one quarter, and a little less than three quarters.
        """,
)
