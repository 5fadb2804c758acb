"""A frozen normalisation."""

import numpy as np

from softmaxbook.checking import Exercise, probe


def frozen_norm(inputs, mean, variance, scale, shift):
    return scale * (inputs - mean) / np.sqrt(variance + 1e-5) + shift


def statistics_of_the_batch(inputs, mean, variance, scale, shift):
    """Mean and variance are those of the batch, as in training mode. A frozen layer uses the ones
    that it has kept, so that a picture's features do not depend on its neighbours."""
    own = np.mean(inputs, axis=0), np.var(inputs, axis=0)
    return scale * (inputs - own[0]) / np.sqrt(own[1] + 1e-5) + shift


def mean_of_the_batch(inputs, mean, variance, scale, shift):
    """The mean is still that of the batch. The layer has kept one: `mean`."""
    return frozen_norm(inputs, np.mean(inputs, axis=0), variance, scale, shift)


def variance_of_the_batch(inputs, mean, variance, scale, shift):
    """The variance is still that of the batch. The layer has kept one: `variance`."""
    return frozen_norm(inputs, mean, np.var(inputs, axis=0), scale, shift)


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


def scale_and_shift_forgotten(inputs, mean, variance, scale, shift):
    """Scale and shift are missing. They are parameters of the source, frozen with the rest."""
    return frozen_norm(inputs, mean, variance, 1.0, 0.0)


def shift_forgotten(inputs, mean, variance, scale, shift, base=frozen_norm):
    """The shift is missing."""
    return base(inputs, mean, variance, scale, 0.0)


def scale_forgotten(inputs, mean, variance, scale, shift, base=frozen_norm):
    """The scale is missing: multiply by it after the division."""
    return base(inputs, mean, variance, 1.0, shift)


def shifted_before_scaling(inputs, mean, variance, scale, shift):
    """The shift is scaled too. Scale first, then shift."""
    return scale * ((inputs - mean) / np.sqrt(variance + 1e-5) + shift)


def one_mean_for_all(inputs, mean, variance, scale, shift):
    """One mean and one variance of the whole batch serve all features. Each feature has kept its
    own: `mean` and `variance`."""
    spread = np.sqrt(np.var(inputs) + 1e-5)
    return scale * (inputs - np.mean(inputs)) / spread + shift


def along_the_rows(inputs, mean, variance, scale, shift):
    """Mean and variance run along the rows: that is layer normalisation. This layer has kept a mean
    and a variance for each feature."""
    middle = np.mean(inputs, axis=1, keepdims=True)
    spread = np.sqrt(np.var(inputs, axis=1, keepdims=True) + 1e-5)
    return scale * (inputs - middle) / spread + shift


def batch_divided_by_one_less(inputs, mean, variance, scale, shift):
    """The statistics are those of the batch, with n − 1. Use the ones that the layer has kept; from
    a single row there is no variance at all."""
    own = np.var(inputs, axis=0, ddof=1) if len(inputs) > 1 else np.nan * variance
    return scale * (inputs - np.mean(inputs, axis=0)) / np.sqrt(own + 1e-5) + shift


def mean_added(inputs, mean, variance, scale, shift):
    """The mean is added. Subtract it."""
    return frozen_norm(inputs, -mean, variance, scale, shift)


def multiplied_by_the_spread(inputs, mean, variance, scale, shift):
    """You multiply by the spread. Divide by it."""
    return scale * (inputs - mean) * np.sqrt(variance + 1e-5) + shift


def scale_and_shift_exchanged(inputs, mean, variance, scale, shift):
    """Scale and shift are exchanged: multiply by `scale`, add `shift`."""
    return frozen_norm(inputs, mean, variance, shift, scale)


def brackets_forgotten(inputs, mean, variance, scale, shift):
    """Brackets are missing: only the mean is divided by the spread. Subtract first."""
    return scale * inputs - mean / np.sqrt(variance + 1e-5) + shift


def not_normalised(inputs, mean, variance, scale, shift):
    """`mean` and `variance` are not used: nothing is normalised. Subtract the kept mean and divide
    by the root of the kept variance."""
    return scale * inputs + shift


def mean_moves_first(inputs, mean, variance, scale, shift):
    """The kept mean moves towards that of the batch before it is used. In a frozen layer it stays
    where the source left it."""
    return frozen_norm(inputs, 0.9 * mean + 0.1 * np.mean(inputs, axis=0), variance, scale, shift)


def batch_without_the_constant(inputs, mean, variance, scale, shift):
    """The statistics are those of the batch, and 1e-5 is missing, so a row alone is 0 / 0. Use the
    statistics that the layer has kept, and add 1e-5 to the variance."""
    own = np.std(inputs, axis=0)
    with np.errstate(invalid="ignore"):
        return scale * (inputs - np.mean(inputs, axis=0)) / own + shift


EXERCISE = Exercise(
    title="A frozen normalisation",
    kind="find",
    difficulty=2,
    statement="""
        A layer of batch normalisation has kept a `mean` and a `variance` for each feature from the
        source, and has learnt a `scale` and a `shift`.
        Under a new head it is to be frozen: whatever rows come with it, a row gets the same
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
        one_mean_for_all,
        along_the_rows,
        batch_divided_by_one_less,
        mean_added,
        multiplied_by_the_spread,
        scale_and_shift_exchanged,
        brackets_forgotten,
        not_normalised,
        mean_moves_first,
        batch_without_the_constant,
    ),
    either=(
        (shift_forgotten, scale_and_shift_exchanged),
        (scale_forgotten, scale_and_shift_exchanged),
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
