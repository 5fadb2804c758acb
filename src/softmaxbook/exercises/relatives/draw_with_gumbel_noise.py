"""Draws from softmax by Gumbel noise."""

import numpy as np

from softmaxbook.checking import Exercise, probe


def drawn_classes(logits, uniforms, temperature):
    return np.argmax(logits / temperature - np.log(-np.log(uniforms)), axis=-1)


def one_number_for_all(logits, uniforms, temperature):
    """All classes of a draw get the same noise, or none. That shifts all logits alike, and the
    highest wins every time: each class needs a number of its own."""
    noise = -np.log(-np.log(uniforms[:, :1]))
    return np.argmax(logits / temperature + noise, axis=-1)


def one_logarithm(logits, uniforms, temperature):
    """The noise is −log U. That is exponential noise; Gumbel's is −log(−log U), with two
    logarithms."""
    return np.argmax(logits / temperature - np.log(uniforms), axis=-1)


def sign_of_the_noise(logits, uniforms, temperature):
    """The noise has the wrong sign. Gumbel noise leans to large values, −log(−log U); with
    log(−log U) the draws are other ones, and not softmax's."""
    return np.argmax(logits / temperature + np.log(-np.log(uniforms)), axis=-1)


def temperature_without_effect(logits, uniforms, temperature):
    """The temperature has no effect. Either it is missing, or it divides the noise as well: argmax
    does not see a common factor. It divides the logits alone."""
    return np.argmax((logits - np.log(-np.log(uniforms))) / temperature, axis=-1)


def temperature_upside_down(logits, uniforms, temperature):
    """A high temperature sharpens your draws. Either it multiplies the logits, or it divides the
    noise and not the logits, which is the same to argmax."""
    return np.argmax(temperature * logits - np.log(-np.log(uniforms)), axis=-1)


def plain_uniform_noise(logits, uniforms, temperature):
    """You add the uniform numbers themselves. A class more than 1 below the leader could then never
    win."""
    return np.argmax(logits / temperature + uniforms, axis=-1)


def smallest_taken(logits, uniforms, temperature):
    """You take the class with the *smallest* sum. The largest wins."""
    return np.argmin(logits / temperature - np.log(-np.log(uniforms)), axis=-1)


def first_row_for_all_draws(logits, uniforms, temperature):
    """All draws use the first row of numbers, so they all draw the same. Each draw has a row of its
    own."""
    noise = -np.log(-np.log(uniforms[:1] + 0 * uniforms))
    return np.argmax(logits / temperature + noise, axis=-1)


def over_the_draws(logits, uniforms, temperature):
    """The argmax runs over the draws. The classes lie along the last axis."""
    return np.argmax(logits / temperature - np.log(-np.log(uniforms)), axis=0)


def numbers(seed, n_draws, n_classes):
    return np.random.default_rng(seed).random((n_draws, n_classes))


EXERCISE = Exercise(
    title="Draw with Gumbel noise",
    kind="write",
    difficulty=2,
    statement=r"""
        Write `drawn_classes(logits, uniforms, temperature)`, which draws classes with the
        probabilities softmax(z / T) without computing a single probability.
        `logits` has shape `(K,)`, `uniforms` has shape `(n, K)`, with numbers from the unit
        interval: a row for each draw. Return the `n` numbers of the classes.
        """,
    solution=drawn_classes,
    mistakes=(
        one_number_for_all,
        one_logarithm,
        sign_of_the_noise,
        temperature_without_effect,
        temperature_upside_down,
        plain_uniform_noise,
        smallest_taken,
        first_row_for_all_draws,
        over_the_draws,
    ),
    probes=(
        probe("three classes", np.array([1.0, 0.5, -0.5]), numbers(1, 24, 3), 1.5),
        probe("cold", np.array([0.6, 0.3, 0.0]), numbers(2, 24, 3), 0.5),
        probe("warm", np.array([2.0, 0.0, -1.0, 1.0]), numbers(3, 30, 4), 4.0),
        probe("two classes", np.array([0.0, 0.75]), numbers(4, 30, 2), 2.5),
    ),
    fresh=lambda rng: (rng.normal(size=4), rng.random((30, 4)), float(rng.choice([0.3, 3.0]))),
    hints=(
        "To each logit, divided by T, comes noise of its own. The largest sum wins.",
        "Gumbel noise is −log(−log U).",
        "`np.argmax(…, axis=-1)`, and T divides the logits alone.",
    ),
    explanation="−log U is the time until the first event at rate 1; the argmax is the class whose "
    "event, at the rate exp(z / T), comes first.",
)
