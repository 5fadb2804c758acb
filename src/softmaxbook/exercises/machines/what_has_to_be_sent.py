"""What has to be sent?"""

import numpy as np

from softmaxbook.checking import Exercise

parts = [np.array([1000.0, 999.0]), np.array([998.0, 1000.5]), np.array([-1000.0])]


def softmax(z):
    return np.exp(z - z.max()) / np.exp(z - z.max()).sum()


def solution():
    """Try the cheap messages; the first that gives the first worker its part is enough."""
    whole = softmax(np.concatenate(parts))[: len(parts[0])]
    maxima = np.array([part.max() for part in parts])
    with np.errstate(all="ignore"):
        plain = np.array([np.exp(part).sum() for part in parts])
        scaled = np.array([np.exp(part - part.max()).sum() for part in parts])
        attempts = {
            "a": np.exp(parts[0] - maxima.max()) / np.exp(maxima - maxima.max()).sum(),
            "b": np.exp(parts[0]) / plain.sum(),
            "c": np.exp(parts[0] - maxima.max()) / (scaled @ np.exp(maxima - maxima.max())),
        }
    return next((key for key, found in attempts.items() if np.allclose(found, whole)), "d")


def the_maximum_alone():
    """With the maxima alone nobody knows how many others there are, nor how near they come. The sum
    of all exponentials is needed."""
    return "a"


def the_sum_alone():
    """On paper, yes. But exp(1000) is infinite in float64, and infinity divided by infinity is not
    a number."""
    return "b"


def everything():
    """That would do, and it is what this page avoids: of all those logits the others need only what
    they add to one sum."""
    return "d"


EXERCISE = Exercise(
    title="What has to be sent?",
    kind="predict",
    difficulty=1,
    opening=True,
    form="choice",
    statement="""
        Four machines hold 50 000 logits each, all of one row of 200 000 classes. Some logits are
        about 1000. What is it enough that each tells the others, so that each can compute the
        probabilities of its own classes in float64?
        """,
    options=(
        ("a", "Its largest logit."),
        ("b", "The sum of its exponentials."),
        ("c", "Its largest logit, and the sum of its exponentials after subtracting it."),
        ("d", "All its logits."),
    ),
    solution=solution,
    mistakes=(the_maximum_alone, the_sum_alone, everything),
    hints=(
        "Move the logits in the figure: which numbers of a worker go into the table's last line?",
        "Softmax of one class is exp(z − m) divided by a sum. What of the others is in m, what in "
        "the sum?",
    ),
    explanation="""
        Two numbers a row, however many classes a machine holds: the maximum keeps every exponential
        in range, and the scaled sum is what the others need of all the rest.
        """,
)
