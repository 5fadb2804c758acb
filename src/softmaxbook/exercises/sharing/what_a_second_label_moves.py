"""What a label of one task does to the answer of another."""

import numpy as np

from softmaxbook.checking import Exercise


def change(angle):
    """Return how the share of 8 changes by a step for the other head, turned by an angle."""
    first, second = np.array([1.0, 0.0]), np.array([np.cos(angle), np.sin(angle)])

    def share(head, features):
        return 1 / (1 + np.exp(-head @ features))

    features = np.zeros(2)
    after = features + (1 - share(second, features)) * second
    return share(first, after) - share(first, features)


def solution():
    signs = {int(np.sign(np.round(change(angle), 12))) for angle in (0, np.pi / 2, np.pi)}
    return "d" if signs == {-1, 0, 1} else "a"


def an_eight_is_even():
    """So it is with the heads at 0 degrees. Turn them to 180 degrees in the figure: the same
    label now drives the features the other way."""
    return "a"


def nobody_said_which():
    """So it is with the heads at 90 degrees. At other angles the step moves the features along
    what the first head reads."""
    return "b"


def it_can_only_harm():
    """So it is with the heads at 180 degrees. Turn them to 0 degrees in the figure."""
    return "c"


EXERCISE = Exercise(
    title="A label for the other head",
    kind="predict",
    difficulty=1,
    opening=True,
    form="choice",
    statement="""
        The picture shows an 8, and all that we have been told is that it is *even*: take the label
        *which digit* away.
        From now on, every step moves the features for the second head alone.
        What becomes of the share of 8 in the first head's answer?
        """,
    options=(
        ("a", "It rises, because an 8 is even."),
        ("b", "It stays, because nobody has said which digit it is."),
        ("c", "It falls."),
        ("d", "Any of these: it depends on the directions of the two heads."),
    ),
    solution=solution,
    mistakes=(an_eight_is_even, nobody_said_which, it_can_only_harm),
    hints=(
        "Along which direction does a step for the second head move the features?",
        "Try the heads at 0, at 90 and at 180 degrees.",
    ),
    explanation="""
        At 0° both heads look along the same direction, and what makes the picture even makes it an
        8.
        At 90° the features move where the first head does not look.
        At 180° the same label drives the features away from the 8.
        A label of one task moves what all tasks read, and the formula of the next section says how
        far.
        """,
)
