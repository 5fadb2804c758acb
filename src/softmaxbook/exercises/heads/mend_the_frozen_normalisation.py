"""A frozen normalisation."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

from ..specification import Exercise, probe


def frozen_norm(inputs, mean, variance, scale, shift):
    return scale * (inputs - mean) / np.sqrt(variance + 1e-5) + shift


def statistics_of_the_batch(inputs, mean, variance, scale, shift):
    """Mean and variance are those of the batch, as in training mode. A frozen layer uses the ones
    that it has kept, so that a picture's features do not depend on its neighbours."""
    own = np.mean(inputs, axis=0), np.var(inputs, axis=0)
    return scale * (inputs - own[0]) / np.sqrt(own[1] + 1e-5) + shift


def mean_of_the_batch(inputs, mean, variance, scale, shift, base=frozen_norm):
    """The mean is still that of the batch. The layer has kept one: `mean`."""
    return base(inputs, np.mean(inputs, axis=0), variance, scale, shift)


def variance_of_the_batch(inputs, mean, variance, scale, shift, base=frozen_norm):
    """The variance is still that of the batch. The layer has kept one: `variance`."""
    return base(inputs, mean, np.var(inputs, axis=0), scale, shift)


def statistics_move_first(inputs, mean, variance, scale, shift):
    """The kept statistics move towards those of the batch before they are used. In a frozen layer
    they stay where the source left them."""
    moved = 0.9 * mean + 0.1 * np.mean(inputs, axis=0)
    return frozen_norm(inputs, moved, 0.9 * variance + 0.1 * np.var(inputs, axis=0), scale, shift)


def variance_for_spread(inputs, mean, variance, scale, shift):
    """You divide by the variance. Divide by its square root."""
    return scale * (inputs - mean) / (variance + 1e-5) + shift


def constant_outside_the_root(inputs, mean, variance, scale, shift):
    """The constant 1e-5 stands outside the root. Add it to the variance."""
    return scale * (inputs - mean) / (np.sqrt(variance) + 1e-5) + shift


def constant_forgotten(inputs, mean, variance, scale, shift):
    """The constant 1e-5 is missing. It is small beside most variances, and all there is beside a
    variance of 0."""
    return scale * (inputs - mean) / np.sqrt(variance) + shift


def scale_and_shift_forgotten(inputs, mean, variance, scale, shift, base=frozen_norm):
    """Scale and shift are missing. They are parameters of the source, frozen with the rest."""
    return base(inputs, mean, variance, 1.0, 0.0)


def shift_forgotten(inputs, mean, variance, scale, shift, base=frozen_norm):
    """The shift is missing."""
    return base(inputs, mean, variance, scale, 0.0)


def scale_forgotten(inputs, mean, variance, scale, shift, base=frozen_norm):
    """The scale is missing: multiply by it after the division."""
    return base(inputs, mean, variance, 1.0, shift)


def shifted_before_scaling(inputs, mean, variance, scale, shift):
    """The shift is scaled too. Scale first, then shift."""
    return scale * ((inputs - mean) / np.sqrt(variance + 1e-5) + shift)


EXERCISE = Exercise(
    id="mend-the-frozen-normalisation",
    title="A frozen normalisation",
    chapter="heads",
    kind="find",
    difficulty=2,
    statement="""
        A layer of batch normalisation has kept a `mean` and a `variance` for each feature from the
        source, and has learnt a `scale` and a `shift`.
        Under a new head it shall be frozen: whatever rows come with it, a row gets the same
        result. To the variance 1e-5 is added before the root.
        This program gives a row alone something else than the same row in a batch.
        Find the mistake and mend it.
        """,
    starter="""\
def frozen_norm(inputs, mean, variance, scale, shift):
    mean = np.mean(inputs, axis=0)
    variance = np.var(inputs, axis=0)
    return scale * (inputs - mean) / (variance + 1e-5) ** 0.5 + shift""",
    solution=frozen_norm,
    mistakes=(
        statistics_of_the_batch,
        mean_of_the_batch,
        variance_of_the_batch,
        statistics_move_first,
        variance_for_spread,
        constant_outside_the_root,
        constant_forgotten,
        scale_and_shift_forgotten,
        shift_forgotten,
        scale_forgotten,
        shifted_before_scaling,
    ),
    probes=(
        probe(
            "two rows",
            [[1.0, 4.0], [3.0, -2.0]],
            [0.5, 1.0],
            [4.0, 0.25],
            [2.0, 0.5],
            [1.0, -1.0],
        ),
        probe(
            "one row alone",
            [[1.0, 4.0]],
            [0.5, 1.0],
            [4.0, 0.25],
            [2.0, 0.5],
            [1.0, -1.0],
            why="its own mean is itself: by that, nothing of the picture would be left.",
        ),
        probe(
            "a dead feature",
            [[0.01, 2.0], [0.02, 1.0], [0.0, 3.0]],
            [0.0, 2.0],
            [0.0, 1.0],
            [1.5, 1.0],
            [0.5, 0.0],
            why="the source has never seen this feature change.",
        ),
        probe(
            "small variances",
            [[0.1, -0.1], [0.2, 0.3]],
            [0.1, 0.1],
            [1e-5, 4e-5],
            [0.5, 2.0],
            [0.3, 0.1],
        ),
    ),
    fresh=lambda rng: (
        rng.normal(1, 2, size=(4, 3)),
        rng.normal(size=3),
        rng.uniform(0.5, 4, size=3),
        rng.uniform(0.5, 2, size=3),
        rng.normal(size=3),
    ),
    hints=(
        "Which of the five arguments are never used?",
        "In which mode does batch normalisation look at the batch, and in which at what it kept?",
    ),
    explanation="This is what `model.eval()` changes in such a layer.",
)
