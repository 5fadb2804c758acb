"""The same headphones in a second colour."""

import numpy as np

from softmaxbook.checking import Exercise

utilities = np.array([1.0, 1.0, 1.0])


def shares(values):
    return np.exp(values) / np.exp(values).sum()


together = {
    "a": (1 / 3, "A third, as before: the two colours share it."),
    "b": (1 / 2, "A half."),
    "c": (2 / 3, "Two thirds: twice what A had."),
    "d": (3 / 8, "A little over a third: a colour is a small advantage."),
}


def solution():
    offered = np.append(utilities, utilities[0])
    wanted = shares(offered)[[0, 3]].sum()
    return "".join(key for key, (value, _) in together.items() if np.isclose(value, wanted))


def the_colours_share():
    """That is what most people would do, and softmax does not know it: for softmax the second
    colour is a fourth alternative like any other. Four equal exponentials stand below the line."""
    return "a"


def twice_as_much():
    """The two colours have twice the exponentials, but these are in the sum below the line as
    well: four equal exponentials, two of them theirs."""
    return "c"


def a_little_more():
    """Softmax gives no small advantages to a colour. All four have the same utility, so all four
    have the same share: how much do two of four have?"""
    return "d"


EXERCISE = Exercise(
    title="A second colour",
    kind="predict",
    difficulty=1,
    opening=True,
    form="choice",
    statement="""
        Three pairs of headphones are liked equally well, and each gets a third by softmax.
        Now the shop also offers A in a second colour: the same sound, the same price, and so the
        same utility.
        Which share do the two colours of A have together, if softmax is right?
        """,
    options=tuple((key, text) for key, (_, text) in together.items()),
    solution=solution,
    mistakes=(the_colours_share, twice_as_much, a_little_more),
    hints=(
        "Choose *a copy of A* in the figure and add the two shares in the column *softmax*.",
        "Four equal exponentials, divided by their sum: each has a quarter.",
    ),
    explanation="""
        Two of four equal alternatives have a half.
        The copy took a quarter from everybody in proportion, from B and C as much as from A.
        Buyers of B had no reason to change their minds, so softmax is wrong here, and the chapter
        says how to mend it.
        """,
)
