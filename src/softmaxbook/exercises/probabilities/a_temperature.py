"""A temperature."""

import numpy as np

from softmaxbook.checking import Aspect, Exercise, probe


def tempered(logits, temperature):
    scaled = logits / temperature
    exponentials = np.exp(scaled - np.max(scaled, axis=-1, keepdims=True))
    return exponentials / np.sum(exponentials, axis=-1, keepdims=True)


def multiplied(logits, temperature, base=tempered):
    """You multiply by the temperature. A *high* temperature flattens: divide by it."""
    return base(logits, 1 / temperature)


def ignored(logits, temperature, base=tempered):
    """The temperature has no effect. If you divide the exponentials by it, it cancels in the
    normalisation; it belongs to the logits, inside the exponential."""
    return base(logits, 1.0)


def outside_the_exponential(logits, temperature, base=tempered):
    """You divide the *probabilities* by the temperature, and they no longer add up to 1. Divide
    the logits."""
    return base(logits, 1.0) / temperature


def above_the_line_only(logits, temperature):
    """The temperature stands in the numerator and not in the sum below it, so the rows do not
    add up to 1. Scale the logits once, before everything else."""
    shifted = logits - np.max(logits, axis=-1, keepdims=True)
    return np.exp(shifted / temperature) / np.sum(np.exp(shifted), axis=-1, keepdims=True)


def wrong_axis(logits, temperature, base=tempered):
    """The sum runs over the samples, down the columns. A sample is a row: `axis=-1`."""
    return np.swapaxes(base(np.swapaxes(logits, 0, -1), temperature), 0, -1)


def shift_forgotten(logits, temperature):
    """At a low temperature an exponential overflows: 80 / 0.1 is 800, and exp(800) is `inf`.
    Subtract the maximum of the *scaled* logits."""
    exponentials = np.exp(logits / temperature)
    return exponentials / np.sum(exponentials, axis=-1, keepdims=True)


def shifted_by_the_smallest(logits, temperature):
    """You subtract the *smallest* logit. The exponents are then positive, and a wide gap, divided
    by a low temperature, overflows. Subtract the largest."""
    scaled = logits / temperature
    exponentials = np.exp(scaled - np.min(scaled, axis=-1, keepdims=True))
    return exponentials / np.sum(exponentials, axis=-1, keepdims=True)


def no_exponentials(logits, temperature):
    """You divide the scaled logits by their sum. They can be negative, and so can these shares.
    Take exponentials first."""
    scaled = logits / temperature
    return scaled / np.sum(scaled, axis=-1, keepdims=True)


def only_shifted(logits, temperature):
    """These are the scaled and shifted logits. Take their exponentials, and divide by the sum."""
    scaled = logits / temperature
    return scaled - np.max(scaled, axis=-1, keepdims=True)


EXERCISE = Exercise(
    title="A temperature",
    kind="write",
    difficulty=2,
    statement=r"""
        Write `tempered(logits, temperature)`: softmax over the last axis at temperature $T > 0$,

        $$ p_i = \frac{e^{z_i / T}}{\sum_j e^{z_j / T}} . $$

        It must work at low temperatures too, where $z_i / T$ is large.
        """,
    solution=tempered,
    mistakes=(
        multiplied,
        ignored,
        outside_the_exponential,
        above_the_line_only,
        wrong_axis,
        shift_forgotten,
        shifted_by_the_smallest,
        no_exponentials,
        only_shifted,
    ),
    either=((multiplied, ignored, outside_the_exponential, above_the_line_only),),
    aspects=(Aspect("values", 2), Aspect("low temperatures", 1)),
    probes=(
        probe("temperature 1", [2.0, 1.0, -1.0], 1.0, why="this is plain softmax."),
        probe("warm", [2.0, 1.0, -1.0], 2.0, why="a high temperature flattens."),
        probe("cold", [2.0, 1.0, -1.0], 0.5, why="a low temperature sharpens."),
        probe("a batch", [[2.0, 1.0, 0.0], [-1.0, 3.0, 0.0]], 4.0),
        probe("a batch, cold", [[2.0, 1.0], [-1.0, 3.0], [0.0, 0.5]], 0.8),
        probe(
            "very cold",
            [80.0, 79.0, 70.0],
            0.1,
            aspect="low temperatures",
            why="80 / 0.1 is 800, and exp(800) is `inf`.",
        ),
        probe("very cold, below zero", [-90.0, -90.1], 0.1, aspect="low temperatures"),
        probe(
            "very cold, far apart",
            [5.0, -5.0, 0.0],
            0.01,
            aspect="low temperatures",
            why="the gap of 10 becomes one of 1000.",
        ),
        probe(
            "very cold, far apart, a batch",
            [[0.0, 90.0], [80.0, 1.0]],
            0.1,
            aspect="low temperatures",
        ),
    ),
    fresh=lambda rng: (rng.normal(scale=2, size=(2, 3)), float(rng.choice([0.25, 0.4, 3.0, 5.0]))),
    hints=(
        "The temperature changes the logits, before anything else happens to them.",
        "Scale first, then take the maximum of what you scaled.",
    ),
)
