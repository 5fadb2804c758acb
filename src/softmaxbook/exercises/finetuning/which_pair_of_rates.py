"""Which pair of rates?"""

import numpy as np

from softmaxbook.checking.specification import Exercise, listed

LARGE, SMALL, STEPS = 0.5, 0.002, 40
PAIRS = {"a": (LARGE, LARGE), "b": (SMALL, LARGE), "c": (LARGE, SMALL), "d": (SMALL, SMALL)}


def tuned(head_rate, body_rate):
    """Return the last loss over the first, and how far the body went, as a share of its size."""
    rng = np.random.default_rng(0)
    pictures, labels = rng.normal(size=(12, 6)), np.arange(12) % 3
    body, head = rng.normal(size=(8, 6)) / 2, rng.normal(size=(3, 8)) / 3
    pretrained, losses = body.copy(), []
    for _ in range(STEPS):
        features = np.tanh(pictures @ body.T)
        p = np.exp(features @ head.T)
        p /= np.sum(p, axis=1, keepdims=True)
        losses.append(-np.mean(np.log(p[np.arange(12), labels])))
        slopes = (p - np.eye(3)[labels]) / 12
        back = (slopes @ head * (1 - features**2)).T @ pictures
        head = head - head_rate * slopes.T @ features
        body = body - body_rate * back
    moved = np.linalg.norm(body - pretrained) / np.linalg.norm(pretrained)
    return losses[-1] / losses[0], moved


def solution():
    ends = {letter: tuned(*rates) for letter, rates in PAIRS.items()}
    learns = [letter for letter, (left, _) in ends.items() if left < 0.6]
    keeps = [letter for letter, (_, moved) in ends.items() if moved < 0.05]
    return "".join(letter for letter in PAIRS if letter in learns and letter in keeps)


def both_large():
    """It learns quickly, and the body is moved as fast as the head: in the first steps by what a
    random head tells it. What the source taught is soon written over."""
    return "a"


def swapped():
    """The two are exchanged. The head knows nothing and has the way before it; the body knows much
    and should hardly move."""
    return "b"


def both_small():
    """The body stays, and so does the head: after all steps it is nearly as random as before. It
    needs the larger rate."""
    return "d"


EXERCISE = Exercise(
    title="Which pair of rates?",
    kind="choose",
    difficulty=1,
    form="choice",
    statement=f"""
        A new head with random weights stands on a pretrained body, and both are trained for
        {STEPS} steps.
        The loss should fall, and the body should stay close to what the source taught it.
        Which rates of head and body do both?
        """,
    options=tuple(
        (letter, f"Head {listed([head])}, body {listed([body])}.")
        for letter, (head, body) in PAIRS.items()
    ),
    solution=solution,
    mistakes=(both_large, swapped, both_small),
    hints=(
        "Which of the two knows something already, and which has everything to learn?",
        "The gradient that reaches the body comes through the head. What is it worth at first?",
    ),
    explanation="The head starts at random, so it gets the large rate; the body starts where it is "
    "useful, so it gets the small one.",
)
