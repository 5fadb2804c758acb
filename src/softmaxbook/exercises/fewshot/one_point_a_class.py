"""Where softmax regression draws its borders after one point of each class."""

import numpy as np

from softmaxbook.checking import Exercise


def solution():
    """Fit two points on a line, 1 and 4, and see where the border lies."""
    points, weight, constant = np.array([1.0, 4.0]), 0.0, 0.0
    for _ in range(20_000):
        error = 1 / (1 + np.exp(-(weight * points + constant))) - np.array([0.0, 1.0])
        weight -= 0.1 * (error @ points + 0.1 * weight)
        constant -= 0.1 * error.sum()
    return "a" if abs(-constant / weight - points.mean()) < 0.05 else "b"


def the_outer_point_pulls():
    """The constant terms cost nothing, so the border can lie wherever the likelihood wants it,
    and nothing in the likelihood speaks for either side."""
    return "b"


def nothing_is_determined():
    """Without a penalty many borders separate the points. The penalty on the weights chooses
    one: the shortest weights for the same shares."""
    return "c"


def through_the_points():
    """Then each labelled point would be half of another class, and the loss would be far from
    its least."""
    return "d"


EXERCISE = Exercise(
    title="One point of each class",
    kind="predict",
    difficulty=1,
    opening=True,
    form="choice",
    statement="""
        Where does softmax regression draw its borders, when it has seen one point of each class,
        and pays for long weights but not for the constant terms?
        """,
    options=(
        (
            "a",
            "Nearly half way between each two points, so that the nearest labelled point decides.",
        ),
        ("b", "Much nearer to some points than to others: it depends on how far out a point lies."),
        ("c", "Anywhere: three points do not determine a border."),
        ("d", "Through the labelled points themselves."),
    ),
    solution=solution,
    mistakes=(the_outer_point_pulls, nothing_is_determined, through_the_points),
    hints=(
        "Two points on a line, and a penalty on the slope alone: what would the border gain "
        "by moving?",
        "Turn on the regions in the figure, and drag one point far out.",
    ),
    explanation="""
        It pays for long weights and not for the constant terms, and then nothing speaks for either
        side.
        The next cell counts on how much of the plane the two rules agree.
        """,
)
