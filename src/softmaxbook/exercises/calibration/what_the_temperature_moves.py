"""What does the temperature move?"""

import numpy as np

from softmaxbook.checking import Exercise

LOGITS = np.array([[3.0, 1.0, 0.0], [0.5, 2.0, 1.0], [1.0, 0.0, 4.0], [2.5, 2.0, -1.0]])
LABELS = np.array([0, 1, 0, 1])


def confidences(temperature):
    exponentials = np.exp(LOGITS / temperature)
    return exponentials / np.sum(exponentials, axis=-1, keepdims=True)


def stays(quantity):
    return np.allclose(quantity(confidences(1.0)), quantity(confidences(3.0)))


quantities = {
    "a": ("The mean confidence.", lambda p: np.mean(np.max(p, axis=-1))),
    "b": ("The mean cross-entropy.", lambda p: -np.mean(np.log(p[np.arange(4), LABELS]))),
    "c": ("The accuracy.", lambda p: np.mean(np.argmax(p, axis=-1) == LABELS)),
    "d": ("How far the accuracy is from the mean confidence.", None),
}


def solution():
    return "".join(
        letter for letter, (_, quantity) in quantities.items() if quantity and stays(quantity)
    )


def confidence_for_accuracy():
    """The confidence is the largest probability, what the model says of itself. A temperature of
    3 draws the logits together, and it falls. Which quantity asks only which class is largest?"""
    return "a"


def loss_for_accuracy():
    """The cross-entropy depends on the probability of the label, and that moves. To make it
    smaller is what the temperature is fitted for."""
    return "b"


def the_gap_stays():
    """The confidence moves and the accuracy does not, so the distance between them moves. It is
    what the remedy mends."""
    return "d"


EXERCISE = Exercise(
    title="What does the temperature move?",
    kind="predict",
    difficulty=1,
    opening=True,
    form="choice",
    statement="""
        All logits of a trained network are divided by the temperature 3 before softmax.
        What stays as it was?
        """,
    options=tuple((letter, text) for letter, (text, _) in quantities.items()),
    solution=solution,
    mistakes=(confidence_for_accuracy, loss_for_accuracy, the_gap_stays),
    hints=(
        "Which class has the largest logit before, and which after?",
        "Look for the quantity that depends on the order of the logits alone.",
    ),
    explanation="Division by a positive number keeps the order of the logits, so the same class "
    "wins.",
)
