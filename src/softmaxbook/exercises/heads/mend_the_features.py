"""Features by chance."""

import numpy as np

from softmaxbook.checking import Exercise, probe


def features_of(pictures, weight, dropout):
    return np.maximum(pictures @ weight.T, 0)


def still_dropped(pictures, weight, dropout):
    """Some features are still set to 0 by chance. Dropout belongs to training; when features are
    extracted, all of them stay."""
    hidden = np.maximum(pictures @ weight.T, 0)
    kept = np.random.default_rng(0).random(hidden.shape) >= dropout
    return hidden * kept / (1 - dropout)


def dropped_and_not_scaled(pictures, weight, dropout):
    """The scale is gone, and some features are still set to 0 by chance. Neither belongs here."""
    hidden = np.maximum(pictures @ weight.T, 0)
    kept = np.random.default_rng(0).random(hidden.shape) >= dropout
    return hidden * kept


def still_scaled_up(pictures, weight, dropout, base=features_of):
    """The division by 1 − p has stayed. It made up for what was dropped in training: it goes with
    the mask."""
    return base(pictures, weight, dropout) / (1 - dropout)


def scaled_down(pictures, weight, dropout, base=features_of):
    """You multiply by 1 − p. That belongs to dropout which does not divide in training; this one
    does, so nothing is left to do."""
    return base(pictures, weight, dropout) * (1 - dropout)


def relu_forgotten(pictures, weight, dropout):
    """The ReLU has gone with the dropout. It belongs to the network in both modes."""
    return pictures @ weight.T


def not_transposed(pictures, weight, dropout):
    """The transpose is missing: a row of `weight` belongs to one feature."""
    return np.maximum(pictures @ weight, 0)


def always_the_first(pictures, weight, dropout):
    """You drop the same features for every picture. That is repeatable, and still the features of
    a thinned network. Keep them all."""
    hidden = np.maximum(pictures @ weight.T, 0)
    kept = np.random.default_rng(0).random(hidden.shape[1]) >= dropout
    return hidden * kept / (1 - dropout)


def averaged_over_draws(pictures, weight, dropout):
    """You average over many draws. Their mean is what the network gives without any dropout, and
    that can be had at once."""
    hidden = np.maximum(pictures @ weight.T, 0)
    kept = np.random.default_rng(0).random((100, *hidden.shape)) >= dropout
    return np.mean(hidden * kept / (1 - dropout), axis=0)


def normalised(pictures, weight, dropout):
    """You divide each row by its sum. Features are no probabilities; the head takes them as they
    are."""
    hidden = np.maximum(pictures @ weight.T, 0)
    return hidden / np.sum(hidden, axis=1, keepdims=True)


def pixels_dropped(pictures, weight, dropout):
    """Now pixels are set to 0 by chance. Nothing is dropped in evaluation mode."""
    kept = np.random.default_rng(0).random(pictures.shape) >= dropout
    return np.maximum((pictures * kept) @ weight.T, 0)


def small_features_dropped(pictures, weight, dropout):
    """Features below `dropout` are set to 0. It is a probability and no threshold, and without
    chance there is no use for it."""
    hidden = np.maximum(pictures @ weight.T, 0)
    return hidden * (hidden >= dropout)


def sigmoid_for_relu(pictures, weight, dropout):
    """You changed the ReLU for a sigmoid. The head was promised the features of *this* network."""
    return 1 / (1 + np.exp(-(pictures @ weight.T)))


def brought_to_length_one(pictures, weight, dropout):
    """Each row is brought to length 1. That was not asked for: the network gives its features as
    they are."""
    hidden = np.maximum(pictures @ weight.T, 0)
    return hidden / np.linalg.norm(hidden, axis=1, keepdims=True)


def relu_on_the_pixels(pictures, weight, dropout):
    """The ReLU is applied to the pixels. It comes after the weights."""
    return np.maximum(pictures, 0) @ weight.T


EXERCISE = Exercise(
    title="Features by chance",
    kind="find",
    difficulty=2,
    statement="""
        The last hidden layer of a pretrained network had a ReLU and dropout, which set a feature to
        0 with probability `dropout` and divided the others by 1 − `dropout`.
        This program should extract the features of pictures once, for a head to be trained on.
        The same picture twice gives two different rows. Find the mistake and mend it.
        """,
    starter="""\
def features_of(pictures, weight, dropout):
    rng = np.random.default_rng(0)
    hidden = np.maximum(pictures @ weight.T, 0)
    kept = rng.random(hidden.shape) >= dropout
    return hidden * kept / (1 - dropout)""",
    solution=features_of,
    mistakes=(
        still_dropped,
        dropped_and_not_scaled,
        still_scaled_up,
        scaled_down,
        relu_forgotten,
        not_transposed,
        always_the_first,
        averaged_over_draws,
        normalised,
        pixels_dropped,
        small_features_dropped,
        sigmoid_for_relu,
        brought_to_length_one,
        relu_on_the_pixels,
    ),
    either=(
        (scaled_down, dropped_and_not_scaled),
        (scaled_down, still_scaled_up),
    ),
    probes=(
        probe(
            "the same picture twice",
            [[1.0, 2.0, 0.5], [1.0, 2.0, 0.5]],
            [[1.0, 0.5, 0.0], [0.5, -0.5, 1.5], [2.0, 1.0, -1.0], [0.0, 1.0, 1.0]],
            0.5,
            why="equal pictures have equal features.",
        ),
        probe(
            "as many features as pixels",
            [[0.5, -1.0], [2.0, 1.0], [1.0, 1.0]],
            [[1.0, -0.5], [3.0, 2.0]],
            0.25,
        ),
        probe(
            "one picture",
            [[1.0, -1.0, 2.0]],
            [[1.0, 0.0, 1.0], [1.0, 0.75, 0.0], [-1.0, 0.5, 0.0], [0.5, 0.5, 2.0], [1.0, 1.0, 1.0]],
            0.4,
        ),
        probe(
            "square again",
            [[1.0, 3.0], [0.0, 2.0]],
            [[0.0, 1.0], [1.0, 1.0]],
            0.5,
        ),
    ),
    fresh=lambda rng: (
        rng.random(size=(3, 4)),
        rng.normal(size=(5, 4)),
        float(rng.choice([0.2, 0.5])),
    ),
    hints=(
        "What has chance to do with the features of a finished network?",
        "In evaluation mode dropout does nothing at all. Which two steps belong to it?",
    ),
    explanation="`model.eval()` switches dropout off. Without it a head is trained on features "
    "that no picture will ever have again.",
)
