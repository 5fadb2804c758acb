"""What passes the ReLU?"""

import numpy as np

from softmaxbook.checking.specification import Exercise, listed

ENTERED, CAME_BACK = -2.0, 3.0
options = {"a": 3.0, "b": 0.0, "c": -6.0, "d": -3.0}


def solution():
    step = 1e-6
    slope = (np.maximum(ENTERED + step, 0) - np.maximum(ENTERED - step, 0)) / (2 * step)
    return "".join(k for k, value in options.items() if np.isclose(value, slope * CAME_BACK))


def mask_from_the_gradient():
    """The gradient that comes back is positive, but that does not matter. What entered the ReLU
    decides: it was negative, and there the ReLU is flat."""
    return "a"


def multiplied_by_what_entered():
    """You multiplied by what entered. The chain rule multiplies by the slope of the ReLU there,
    which is 0 or 1."""
    return "c"


def slope_of_minus_one():
    """The ReLU does not turn negative numbers round; it makes them 0. Its slope there is 0."""
    return "d"


EXERCISE = Exercise(
    title="What passes the ReLU?",
    kind="choose",
    difficulty=1,
    form="choice",
    statement="""
        On the way forward, −2 entered the ReLU of a hidden unit.
        On the way back, the gradient of the loss in what the unit *gave* is 3.
        What is the gradient in what *entered* it?
        """,
    options=tuple((letter, listed([value])) for letter, value in options.items()),
    solution=solution,
    mistakes=(mask_from_the_gradient, multiplied_by_what_entered, slope_of_minus_one),
    hints=(
        "If −2 had been −2.001, what would the unit have given? And what would the loss have been?",
        "The chain rule: 3 times the slope of the ReLU at the place that was entered.",
    ),
    explanation="The ReLU is flat at −2, so nothing that came before it can change the loss.",
)
