"""Softmax of one vector."""

import numpy as np

from softmaxbook.checking import Aspect, Exercise, probe


def softmax_vector(logits):
    shifted = logits - np.max(logits)
    exponentials = np.exp(shifted)
    return exponentials / np.sum(exponentials)


def shift_forgotten(logits):
    """`exp` overflows: exp(1000) is `inf`, and inf / inf is `nan`.
    Softmax does not change when a constant is subtracted from all logits. Subtract the largest:
    then no exponential exceeds 1."""
    return np.exp(logits) / np.sum(np.exp(logits))


def shift_after_the_exponential(logits):
    """You subtract the maximum from the exponentials. The shift belongs *inside*: exp(z − max),
    because only there it cancels. Outside it makes the largest entry 0."""
    exponentials = np.exp(logits) - np.max(np.exp(logits))
    return exponentials / np.sum(exponentials)


def only_shifted(logits):
    """These are the shifted logits. Take their exponentials, and divide by the sum."""
    return logits - np.max(logits)


def not_normalised(logits):
    """You do not divide the exponentials by their sum: the result does not add up to 1."""
    return np.exp(logits - np.max(logits))


def divided_by_the_largest(logits):
    """You divide by the largest exponential, so the largest entry is 1. Divide by the sum of the
    exponentials."""
    exponentials = np.exp(logits)
    return exponentials / np.max(exponentials)


def no_exponentials(logits):
    """You divide logits by their sum. Logits can be negative, and so can these shares. Take
    exponentials first."""
    return logits / np.sum(logits)


def sign_reversed(logits, base=softmax_vector):
    """The order is reversed: your largest probability belongs to the *smallest* logit. There is
    a minus sign too many before the logits."""
    return base(-logits)


def exponent_reversed(logits):
    """The exponent is turned round: max − z stands there in place of z − max. So the order is
    reversed, and a wide gap overflows."""
    exponentials = np.exp(np.max(logits) - logits)
    return exponentials / np.sum(exponentials)


def logarithm_of_it(logits, base=softmax_vector):
    """You return the logarithm of the probabilities. These are negative; the probabilities are
    the step before."""
    return np.log(base(logits))


def shifted_by_the_smallest(logits):
    """You subtract the *smallest* logit. The result is the same in exact arithmetic, but the
    exponents are then positive, and a gap of 1000 overflows again. Subtract the largest."""
    exponentials = np.exp(logits - np.min(logits))
    return exponentials / np.sum(exponentials)


EXERCISE = Exercise(
    title="Softmax of one vector",
    kind="write",
    difficulty=1,
    statement=r"""
        Write `softmax_vector(logits)`: $K$ logits in, an array of $K$ probabilities out,

        $$ p_i = \frac{e^{z_i}}{\sum_j e^{z_j}} . $$

        Logits of a thousand, and gaps of a thousand, must give probabilities too.
        """,
    solution=softmax_vector,
    mistakes=(
        shift_forgotten,
        shift_after_the_exponential,
        only_shifted,
        not_normalised,
        divided_by_the_largest,
        no_exponentials,
        sign_reversed,
        exponent_reversed,
        logarithm_of_it,
        shifted_by_the_smallest,
    ),
    aspects=(Aspect("values", 2), Aspect("large logits", 1)),
    probes=(
        probe("three classes", [2.0, 1.0, -1.0]),
        probe("ties", [0.5, 0.5, 0.0, 0.0], why="equal logits share equally."),
        probe("one class", [3.0], why="the only class has probability 1."),
        probe("whole numbers", [1, 2, 4], why="integers are logits too."),
        probe("below zero", [-3.0, -1.0, -2.5]),
        probe(
            "a thousand",
            [1000.0, 999.0, 998.0],
            aspect="large logits",
            why="exp(1000) is `inf` in float64.",
        ),
        probe(
            "minus a thousand",
            [-1000.0, -1001.0],
            aspect="large logits",
            why="exp(−1000) is 0 in float64, and 0 / 0 is `nan`.",
        ),
        probe(
            "a wide gap",
            [0.0, 1000.0],
            aspect="large logits",
            why="one class has it all; no `nan`, no warning needed.",
        ),
        probe(
            "a wide gap around zero",
            [-500.0, 500.0, 0.0],
            aspect="large logits",
            why="exp(−500) and exp(500) are finite, exp(1000) is not.",
        ),
    ),
    fresh=lambda rng: (rng.normal(scale=3, size=rng.integers(2, 7)),),
    hints=(
        "Three steps: exponentials, their sum, division. Try them on [2, 1, −1] first.",
        "For large logits: which constant can you subtract from all of them so that no "
        "exponential exceeds 1?",
        "`e = np.exp(logits - logits.max())`, and then divide.",
    ),
)
