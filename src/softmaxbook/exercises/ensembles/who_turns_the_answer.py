"""Which way of joining answers one sure member can turn."""

import numpy as np

from softmaxbook.checking import Exercise


def softmax(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def solution():
    said = np.array([[1000.0, 0.0, 0.0], [0.0, 2.5, -0.5], [-0.5, 2.5, 0.0]])
    votes = np.bincount(said.argmax(axis=1), minlength=3).argmax()
    joint = (votes, softmax(said).mean(axis=0).argmax(), said.mean(axis=0).argmax())
    turned = [letter for letter, answer in zip("abc", joint, strict=True) if answer == 0]
    return turned[0] if len(turned) == 1 else "d"


def a_vote_can_be_heavy():
    """A vote counts one, however sure it is."""
    return "a"


def a_probability_without_end():
    """A probability cannot exceed 1: member 1 brings at most a third of the mean, and the other
    two bring more to B."""
    return "b"


def two_always_win():
    """One of the three has no upper end: which of votes, probabilities and logits can be as
    large as you like?"""
    return "d"


EXERCISE = Exercise(
    title="One against two",
    kind="predict",
    difficulty=1,
    opening=True,
    form="choice",
    statement="""
        Members 2 and 3 are quite sure of B.
        Now member 1 becomes surer and surer of A, as sure as you like.
        Which joint answer turns to A?
        """,
    options=(
        ("a", "The count of the votes."),
        ("b", "The mean of the probabilities."),
        ("c", "The mean of the logits."),
        ("d", "None of them: two stand against one."),
    ),
    solution=solution,
    mistakes=(a_vote_can_be_heavy, a_probability_without_end, two_always_win),
    hints=(
        "How much can one member bring at most, in each of the three ways?",
        "Move the logit of A in member 1 as far as it goes.",
    ),
    explanation="""
        A vote counts one, however sure it is, and a probability cannot exceed 1; but a logit has no
        upper end.
        The first cell below asks all three.
        """,
)
