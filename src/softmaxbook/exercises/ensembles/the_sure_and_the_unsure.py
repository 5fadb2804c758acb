"""One is sure, two are not."""

import numpy as np

from softmaxbook.checking import Exercise

LOGITS = np.array([[8.0, 0.0], [0.0, 2.0], [0.0, 2.0]])  # one row a network
CLASSES = ("seven", "one")

answers = {
    "a": ("A seven, both times.", ("seven", "seven")),
    "b": ("A one, both times.", ("one", "one")),
    "c": ("Averaged probabilities: a one. Averaged logits: a seven.", ("one", "seven")),
    "d": ("Averaged probabilities: a seven. Averaged logits: a one.", ("seven", "one")),
}


def softmax(z):
    return np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)


def solution():
    of_probabilities = CLASSES[np.argmax(np.mean(softmax(LOGITS), axis=0))]
    of_logits = CLASSES[np.argmax(softmax(np.mean(LOGITS, axis=0)))]
    forecasts = (of_probabilities, of_logits)
    return "".join(letter for letter, (_, each) in answers.items() if each == forecasts)


def the_sure_one_always_wins():
    """Its logit is large, but a probability cannot be above 1. In the mean of probabilities one
    network has at most a third of the say."""
    return "a"


def the_majority_always_wins():
    """Two of three are enough in a mean of probabilities. A logit has no upper limit: in a mean of
    logits one network can outvote any number of others."""
    return "b"


def exchanged():
    """It is the other way round. Which of the two has an upper limit, a probability or a logit?"""
    return "d"


EXERCISE = Exercise(
    title="One is sure, two are not",
    kind="predict",
    difficulty=1,
    form="choice",
    statement="""
        Three networks, tuned with different seeds, look at one picture.
        The first gives *seven* a logit that is 8 above that of *one*.
        The two others give *one* a logit that is 2 above that of *seven*.
        What is it, if their probabilities are averaged, and what, if their logits are?
        """,
    options=tuple((letter, text) for letter, (text, _) in answers.items()),
    solution=solution,
    mistakes=(the_sure_one_always_wins, the_majority_always_wins, exchanged),
    hints=(
        "Which probability of *seven* does each network give, about?",
        "The mean of the gaps of the logits: 8, −2 and −2.",
    ),
    explanation="""
        In logits the gaps 8, −2 and −2 have a mean above 0: a seven.
        As probabilities of *seven* they are nearly 1, and twice little more than a tenth: the mean
        is below a half, so a one.
        Averaging logits lets the sure outvote the many; averaging probabilities lets nobody count
        for more than one.
        """,
)
