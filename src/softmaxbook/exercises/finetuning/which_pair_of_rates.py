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
    """The two are exchanged. The head starts at random and has far to go; the body is to stay close
    to where it started."""
    return "b"


def both_small():
    """The body stays, and so does the head: with so few steps at this rate it is nearly as random
    as before. Here it needs the larger rate."""
    return "d"


EXERCISE = Exercise(
    title="Which pair of rates?",
    kind="choose",
    difficulty=1,
    form="choice",
    statement=f"""
        A small made-up network, not the one of the tables above: a body of one layer, which
        stands for a pretrained one, and a new head with random weights.
        Both are trained for {STEPS} steps of plain gradient descent on twelve rows.
        The loss should fall below six tenths of what it was, and the body should move by less than
        a twentieth of its size.
        Which rates of head and body achieve both?
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
    explanation="The head starts at random and has only these steps, so it needs the large rate; "
    "the small one keeps the body in place. What counts as large depends on the network: in the "
    "grid of this chapter, on digits, a head rate of 0.3 loses to 0.003 at every rate of the body.",
)
