"""What a lower temperature of Gumbel-softmax moves."""

import numpy as np

from softmaxbook.checking import Exercise

logits = np.array([1.0, 0.0, -1.0])


def won(temperature):
    uniforms = np.random.default_rng(0).random((10_000, 3))
    noisy = (logits - np.log(-np.log(uniforms))) / temperature
    points = np.exp(noisy - noisy.max(axis=-1, keepdims=True))
    return np.mean(points.argmax(axis=-1) == 0)


def solution():
    warm, cold = won(2.0), won(0.5)
    return "b" if warm == cold else "a" if cold > warm else "c"


def sharper_means_more_wins():
    """The points move towards the corners. Which corner a point moves to was settled by z + G,
    before anything was divided."""
    return "a"


def fewer_wins():
    """A lower temperature takes nothing from the leader of a draw: dividing all entries by the same
    positive number keeps their order."""
    return "c"


def depends_on_the_noise():
    """Take the same noise at both temperatures. In which draw could the order of the entries of
    (z + G) / T differ?"""
    return "d"


EXERCISE = Exercise(
    title="What a lower temperature moves",
    kind="choose",
    difficulty=1,
    form="choice",
    statement="""
        Many points softmax((z + G) / T) are drawn, with Gumbel noise G. Then T is lowered from 2 to
        one half. What happens to the part of the draws in which the *first* class is the largest?
        """,
    options=(
        ("a", "It rises, as the first class has the highest logit."),
        ("b", "It stays exactly where it was."),
        ("c", "It falls."),
        ("d", "It may go either way, with the noise."),
    ),
    solution=solution,
    mistakes=(sharper_means_more_wins, fewer_wins, depends_on_the_noise),
    hints=(
        "In the figure at the top, tick “relaxed draws” and move the temperature.",
        "What does a division by T do to the order of three numbers?",
    ),
    explanation="""
        The order of the entries of (z + G) / T is that of z + G. So at every temperature the
        largest entry is the first with the probability softmax(z): what moves is how near to a
        corner the points lie.
        """,
)
