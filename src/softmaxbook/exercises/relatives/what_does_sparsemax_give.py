"""What does sparsemax give the second class?"""

import numpy as np

from softmaxbook.checking import Exercise

scores = np.array([2.0, 1.0, -1.0])


def softmax(z):
    return np.exp(z) / np.exp(z).sum()


def solution():
    steps = np.linspace(0, 1, 101)
    first, second = np.meshgrid(steps, steps)
    points = np.stack([first, second, 1 - first - second], axis=-1)[first + second <= 1]
    nearest = points[np.sum((points - scores) ** 2, axis=-1).argmin()]
    share, theirs = nearest[1], softmax(scores)[1]
    if share == 0:
        return "c"
    return "a" if np.isclose(share, theirs, atol=0.02) else "b" if share < theirs else "d"


def the_same_as_softmax():
    """Softmax gives every class something, whatever the scores are. This map goes to the nearest
    point of the triangle, and that may lie on its edge."""
    return "a"


def less_but_something():
    """Try a point with a little of the second class, and move it towards the first corner: it comes
    nearer to the scores until nothing of the second class is left."""
    return "b"


def more_than_softmax():
    """To give the second class more, the point would have to move away from the first score, which
    lies beyond the corner already."""
    return "d"


EXERCISE = Exercise(
    title="What does sparsemax give?",
    kind="predict",
    difficulty=1,
    opening=True,
    form="choice",
    statement="""
        Take the scores 2, 1 and −1 as a point in space. Sparsemax returns the probabilities that
        lie *nearest* to it. Softmax gives the second class about a quarter.
        What does sparsemax give it?
        """,
    options=(
        ("a", "About the same as softmax."),
        ("b", "Less than softmax, but something."),
        ("c", "Exactly 0."),
        ("d", "More than softmax."),
    ),
    solution=solution,
    mistakes=(the_same_as_softmax, less_but_something, more_than_softmax),
    hints=(
        "Set these scores in the figure above, and read sparsemax; then raise the second.",
        "How far is the corner (1, 0, 0) from the scores, and how far is (0.9, 0.1, 0)?",
    ),
    explanation="""
        The nearest point is the corner of the first class, so the second gets exactly 0.
        It begins to get something when it is less than 1 below the first: that is the temperature.
        """,
)
