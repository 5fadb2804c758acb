"""The smallest log-sum-exp."""

import numpy as np

from softmaxbook.checking import Aspect, Exercise, probe


def softplus(x):
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


def overflow(x):
    """The exponential overflows: exp(1000) is `inf`. Log-sum-exp of (0, x) takes the maximum out
    first; do the same here."""
    return np.log(1 + np.exp(x))


def overflow_with_log1p(x):
    """`log1p` keeps the small values, and for large x its exponential overflows. Take
    max(x, 0) out, so that the exponent is never positive."""
    return np.log1p(np.exp(x))


def one_plus_a_tiny_number(x):
    """In the tail the result is 0, because 1 + exp(−50) is rounded to 1. `np.log1p(y)` computes
    log(1 + y) without forming 1 + y."""
    return np.maximum(x, 0) + np.log(1 + np.exp(-np.abs(x)))


def a_rectifier(x):
    """A maximum with 0 is the limit for large |x|. Near 0 the logarithm is missing: softplus(0) =
    ln 2."""
    return np.maximum(x, 0)


def x_itself_too_early(x):
    """For large x you return x itself, and begin too early: softplus(16) is 16 + 1.1e-7. Written as
    max(x, 0) + log(1 + exp(−|x|)) it needs no limit."""
    return np.where(x > 15, x, np.log1p(np.exp(np.minimum(x, 15))))


def maximum_not_added_back(x):
    """max(x, 0) was taken out of the logarithm, and has to be added back to log(1 + exp(−|x|))."""
    return np.log1p(np.exp(-np.abs(x)))


def only_for_positive(x):
    """x is taken out of the logarithm whatever its sign, and on one side the exponential that is
    left overflows: the shift must be max(x, 0), not x."""
    return x + np.log1p(np.exp(-x))


def sign_reversed(x, base=softplus):
    """The sign of x is reversed: this is the mirror image."""
    return base(-x)


EXERCISE = Exercise(
    title="The smallest log-sum-exp",
    kind="write",
    difficulty=3,
    statement=r"""
        Write `softplus(x)` $= \ln(1 + e^x)$, element by element. It is the log-sum-exp of
        $(0, x)$ and the loss of a two-class problem. Every result must be right to nine digits
        (to six, if you compute in float32): for large $x$, for very negative $x$ (where it is close
        to $e^x$), and between.
        """,
    solution=softplus,
    exact=True,
    mistakes=(
        overflow,
        overflow_with_log1p,
        one_plus_a_tiny_number,
        a_rectifier,
        x_itself_too_early,
        maximum_not_added_back,
        only_for_positive,
        sign_reversed,
    ),
    aspects=(Aspect("values", 1), Aspect("large", 1), Aspect("tiny results", 1)),
    probes=(
        probe("around zero", [0.0, 1.0, -1.0], why="softplus(0) = ln 2."),
        probe("a table", [[2.0, -2.0], [5.0, -5.0]]),
        probe("between", [12.0, 20.0, 30.0], why="softplus(12) is 12 + 6.1e-6, not 12."),
        probe("before the 1 vanishes", [15.5, 17.0], why="softplus(17) is 17 + 4.1e-8."),
        probe("and once more", [[16.0, 15.75], [16.5, -15.5]]),
        probe(
            "large",
            [100.0, 1000.0],
            aspect="large",
            why="exp(1000) is `inf`; softplus(1000) is 1000.",
        ),
        probe("very large", [800.0, 0.0, 1e5], aspect="large"),
        probe(
            "very negative",
            [-40.0, -50.0],
            aspect="tiny results",
            why="1 + exp(−50) is rounded to 1; the result is exp(−50), not 0.",
        ),
        probe("still representable", [-700.0, -100.0], aspect="tiny results"),
        probe("minus two thousand", [-2000.0, -1500.0], aspect="tiny results"),
        probe(
            "far below zero",
            [-1000.0, -800.0, 3.0],
            aspect="tiny results",
            why="here the exponential itself is 0 in float64, and so is the result.",
        ),
    ),
    fresh=lambda rng: (rng.normal(scale=4, size=5),),
    hints=(
        "It is a log-sum-exp of two logits, 0 and x. What is their maximum?",
        "max(x, 0) + log(1 + exp(−|x|)): the exponent is never positive.",
        "`np.log1p(y)` is log(1 + y), accurate for tiny y.",
    ),
)
