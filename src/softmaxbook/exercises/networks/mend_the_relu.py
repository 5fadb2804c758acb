"""Back through a ReLU."""

import numpy as np

from softmaxbook.checking import Exercise, probe


def relu_backward(entered, slope):
    return slope * (entered > 0)


def mask_from_the_slope(entered, slope):
    """The slope's own sign decides in this program. What *entered* decides: `entered > 0`. A
    negative slope may well pass."""
    return slope * (slope > 0)


def multiplied_by_the_output(entered, slope):
    """You multiply by what the ReLU gave. The chain rule multiplies by its *derivative*, 0 or 1."""
    return slope * np.maximum(entered, 0)


def no_mask(entered, slope):
    """Everything passes. Where a negative number entered, the ReLU is flat, and its derivative
    is 0."""
    return slope * np.ones_like(entered)


def mask_reversed(entered, slope):
    """The mask is reversed: the slope should pass where something *positive* entered."""
    return slope * (entered <= 0)


def sign_for_a_mask(entered, slope):
    """`np.sign` is −1 where something negative entered. The ReLU's derivative is 0 there."""
    return slope * np.sign(entered)


def zero_passes(entered, slope):
    """At 0 the slope passes. The statement, as PyTorch, takes 0 for the derivative there: `>`, not
    `>=`."""
    return slope * (entered >= 0)


def both_positive(entered, slope):
    """Here the slope has to be positive too. Only what entered decides."""
    return slope * ((entered > 0) & (slope > 0))


def mask_alone(entered, slope):
    """This is the derivative of the ReLU. The chain rule multiplies it by the slope that came
    back."""
    return 1.0 * (entered > 0)


EXERCISE = Exercise(
    title="Back through a ReLU",
    kind="find",
    difficulty=2,
    statement="""
        `entered` is what went into a ReLU, `slope` the gradient of the loss in what came out of it.
        This program should return the gradient in `entered`; at exactly 0 the ReLU's derivative is
        taken to be 0. Training with it gets nowhere. Find the mistake and mend it.
        """,
    starter="""\
def relu_backward(entered, slope):
    passes = slope > 0
    return slope * passes""",
    solution=relu_backward,
    mistakes=(
        mask_from_the_slope,
        multiplied_by_the_output,
        no_mask,
        mask_reversed,
        sign_for_a_mask,
        zero_passes,
        both_positive,
        mask_alone,
    ),
    probes=(
        probe(
            "four cases",
            [2.0, 2.0, -3.0, -3.0],
            [0.5, -0.5, 0.5, -0.5],
            why="the first two pass, whatever their sign; the last two do not.",
        ),
        probe("a negative slope", [1.5], [-2.0], why="it passes: a positive number entered."),
        probe("at zero", [0.0, 0.0, 1.0], [2.0, -1.0, -3.0]),
        probe("at zero, in a batch", [[0.0, 2.0], [-1.0, 0.5]], [[1.0, -1.0], [4.0, 3.0]]),
        probe("nothing positive entered", [-1.0, -0.1], [3.0, -2.0], why="all of it is stopped."),
    ),
    fresh=lambda rng: (rng.normal(size=(2, 6)), rng.normal(size=(2, 6))),
    hints=(
        "Draw the ReLU. On which axis is the place where it has a kink?",
        "The derivative is taken at the place that was entered on the way forward.",
    ),
)
