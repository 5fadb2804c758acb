"""A sigmoid for every number."""

import numpy as np

from softmaxbook.checking import Aspect, Exercise, probe


def stable_sigmoid(x):
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, small) / (1 + small)


def the_other_form_for_all(x):
    """The exponential overflows on one side, and ∞ / ∞ is nan. There are two forms, $1 / (1 +
    e^{-x})$ and $e^x / (1 + e^x)$: use each where its exponential is at most 1."""
    return np.exp(x) / (1 + np.exp(x))


def clipped(x):
    """`x` is clipped, so that everything beyond the limit gets the same value. The small tail is
    about $e^{-|x|}$, and goes on falling."""
    return 1 / (1 + np.exp(-np.clip(x, -30, 30)))


def one_minus(x):
    """The small tail is the difference of two numbers near 1, and its digits are lost. That holds
    for `(1 + tanh(x / 2)) / 2` too. Divide the small exponential itself."""
    return 1 - 1 / (1 + np.exp(np.clip(x, -700, 700)))


def tangent_unscaled(x):
    """This is tanh, which runs from −1 to 1. The sigmoid runs from 0 to 1."""
    return np.tanh(x)


def sign_reversed(x, base=stable_sigmoid):
    """It falls where it should rise: the sign of `x` is reversed. At 0 nobody sees it."""
    return base(-np.asarray(x))


def logarithm(x):
    """This is the logarithm of the sigmoid."""
    return -np.logaddexp(0, -x)


def without_the_one(x):
    """The 1 in the denominator is missing, and an exponential alone is left."""
    return np.exp(np.minimum(x, 700))


def slope(x):
    """This is the sigmoid's slope, $\\sigma(1 - \\sigma)$."""
    small = np.exp(-np.abs(x))
    return small / (1 + small) ** 2


def softmax_of_all(x):
    """The numbers were taken as logits of one softmax, so that they share one sum. Each is a
    question of its own, against a logit of 0."""
    e = np.exp(x - np.max(x))
    return e / np.sum(e)


def an_epsilon_added(x):
    """A small number is added in the denominator or to the result. Nothing here can be divided by
    0, and small values are changed by it."""
    return stable_sigmoid(x) + 1e-7


EXERCISE = Exercise(
    title="A sigmoid for every number",
    kind="write",
    difficulty=2,
    statement=r"""
        Write `stable_sigmoid(x)` for an array: $\sigma(x) = 1 / (1 + e^{-x})$.
        Both tails must keep their digits: $\sigma(-700)$ is about $e^{-700}$ and not 0, and
        $\sigma(1000)$ is 1 and not `nan`.
        """,
    solution=stable_sigmoid,
    mistakes=(
        the_other_form_for_all,
        clipped,
        one_minus,
        tangent_unscaled,
        sign_reversed,
        logarithm,
        without_the_one,
        slope,
        softmax_of_all,
        an_epsilon_added,
    ),
    exact=True,
    aspects=(Aspect("values", 1), Aspect("tails", 1)),
    probes=(
        probe("around zero", [-2.0, -0.5, 0.0, 1.5]),
        probe("a small array", [[3.0, -1.0], [0.25, -4.0]]),
        probe("whole numbers", [-3, 0, 2], why="integers are numbers too."),
        probe(
            "far below",
            [-40.0, -300.0, -700.0],
            aspect="tails",
            why="the values are about exp(−40), exp(−300) and exp(−700).",
        ),
        probe("below", [-45.0, -60.0, -100.0], aspect="tails", why="1 − 1 is 0, and σ(x) is not."),
        probe("far above", [40.0, 300.0, 700.0, 1000.0], aspect="tails"),
        probe("further above", [720.0, 5000.0], aspect="tails", why="exp(720) is `inf`."),
        probe(
            "further below",
            [-720.0, -800.0, -1000.0],
            aspect="tails",
            why="exp(720) is `inf` in float64, and exp(−1000) is 0.",
        ),
    ),
    fresh=lambda rng: (rng.normal(scale=4, size=5),),
    hints=(
        "Multiply numerator and denominator by $e^x$. For which numbers is this form the safe one?",
        "In each form look for the exponential that can overflow. With −|x| none can.",
        "`small = np.exp(-np.abs(x))`, and the result is 1 or `small`, over `1 + small`.",
    ),
    explanation=r"Each form is used where its exponential is at most 1, so nothing overflows, and "
    "nothing is subtracted from 1.",
)
