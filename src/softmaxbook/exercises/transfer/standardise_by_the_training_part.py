"""Standardised by the training part."""

import numpy as np

from softmaxbook.checking import Aspect, Exercise, probe


def standardised(train, other):
    spread = np.std(train, axis=0)
    return (other - np.mean(train, axis=0)) / np.where(spread > 0, spread, 1.0)


def by_its_own(train, other):
    """Mean and spread are those of `other` itself. Then the test part is moved by what it holds,
    and the same picture gets other numbers in other company. Take both from `train`."""
    spread = np.std(other, axis=0)
    return (other - np.mean(other, axis=0)) / np.where(spread > 0, spread, 1.0)


def by_all_rows(train, other):
    """Mean and spread are those of all rows together, so the test part has a say in its own
    preparation. Take both from `train` alone."""
    return standardised(np.concatenate([train, other]), other)


def mean_of_the_other(train, other):
    """The mean is that of `other`, the spread that of `train`. Both belong to `train`."""
    spread = np.std(train, axis=0)
    return (other - np.mean(other, axis=0)) / np.where(spread > 0, spread, 1.0)


def spread_of_the_other(train, other):
    """The spread is that of `other`, the mean that of `train`. Both belong to `train`."""
    spread = np.std(other, axis=0)
    return (other - np.mean(train, axis=0)) / np.where(spread > 0, spread, 1.0)


def one_mean_for_all(train, other):
    """One mean and one spread serve all features. Each feature, a column, has its own:
    `axis=0`."""
    return (other - np.mean(train)) / np.std(train)


def along_the_rows(train, other):
    """Mean and spread run along the rows. A feature is a column: `axis=0`."""
    return (other - np.mean(other, axis=1, keepdims=True)) / np.std(other, axis=1, keepdims=True)


def variance_for_spread(train, other):
    """You divide by the variance. The spread is its square root."""
    spread = np.var(train, axis=0)
    return (other - np.mean(train, axis=0)) / np.where(spread > 0, spread, 1.0)


def not_centred(train, other):
    """The mean is not subtracted."""
    spread = np.std(train, axis=0)
    return other / np.where(spread > 0, spread, 1.0)


def only_centred(train, other):
    """The mean is subtracted, and nothing is divided by the spread."""
    return other - np.mean(train, axis=0)


def divided_by_one_less(train, other):
    """Your spread divides by n − 1 (`ddof=1`). Here, as in scikit-learn, it is divided by n."""
    spread = np.std(train, axis=0, ddof=1)
    return (other - np.mean(train, axis=0)) / np.where(spread > 0, spread, 1.0)


def constant_features_divided(train, other):
    """A feature that never changes in `train` has the spread 0, and you divide by it. Let its
    spread count as 1: `np.where(spread > 0, spread, 1)`."""
    return (other - np.mean(train, axis=0)) / np.std(train, axis=0)


def constant_features_zero(train, other):
    """A feature that is constant in `train` is set to 0. It may well change in `other`: subtract
    the mean, and divide by 1."""
    return standardised(train, other) * (np.std(train, axis=0) > 0)


def training_part_returned(train, other):
    """The training part comes back. It gives mean and spread; the rows of `other` are wanted."""
    return standardised(train, train)


def scaled_to_the_range(train, other):
    """You bring each feature to the range from 0 to 1. That is another preparation: subtract the
    mean, and divide by the spread."""
    low, high = np.min(train, axis=0), np.max(train, axis=0)
    return (other - low) / np.where(high > low, high - low, 1.0)


def spread_about_zero(train, other):
    """Your spread is the root of the mean square, about 0. Take the squares of the *deviations*
    from the mean."""
    spread = np.sqrt(np.mean(train**2, axis=0))
    return (other - np.mean(train, axis=0)) / np.where(spread > 0, spread, 1.0)


def spread_of_all_rows(train, other):
    """The spread is that of all rows together. Both mean and spread belong to `train` alone."""
    spread = np.std(np.concatenate([train, other]), axis=0)
    return (other - np.mean(train, axis=0)) / np.where(spread > 0, spread, 1.0)


def small_spreads_lifted(train, other):
    """Every spread below 1 counts as 1 here. Only a spread of 0 does."""
    return (other - np.mean(train, axis=0)) / np.maximum(np.std(train, axis=0), 1.0)


def median_for_mean(train, other):
    """You subtract the median. The mean is asked for."""
    spread = np.std(train, axis=0)
    return (other - np.median(train, axis=0)) / np.where(spread > 0, spread, 1.0)


def mean_size_for_spread(train, other):
    """Your spread is the mean size of the deviations. Square them, take the mean, and the root."""
    spread = np.mean(np.abs(train - np.mean(train, axis=0)), axis=0)
    return (other - np.mean(train, axis=0)) / np.where(spread > 0, spread, 1.0)


EXERCISE = Exercise(
    title="Standardised by the training part",
    kind="write",
    difficulty=2,
    statement="""
        Features of the target are standardised before a head learns on them: for each feature (a
        column), subtract the mean and divide by the spread, the root of the mean squared
        deviation.
        Write `standardised(train, other)`, which does that to the rows of `other`, a validation or
        test part, without letting `other` decide anything.
        A spread of 0 counts as 1.
        """,
    solution=standardised,
    mistakes=(
        by_its_own,
        by_all_rows,
        mean_of_the_other,
        spread_of_the_other,
        one_mean_for_all,
        along_the_rows,
        variance_for_spread,
        not_centred,
        only_centred,
        divided_by_one_less,
        constant_features_divided,
        constant_features_zero,
        training_part_returned,
        scaled_to_the_range,
        spread_about_zero,
        spread_of_all_rows,
        small_spreads_lifted,
        median_for_mean,
        mean_size_for_spread,
    ),
    aspects=(Aspect("values", 2), Aspect("constant features", 1)),
    probes=(
        probe("two features", [[0.0, 10.0], [0.2, 30.0], [0.4, 20.0]], [[0.1, 20.0], [0.6, 25.0]]),
        probe(
            "one row alone",
            [[1.0, -1.0], [3.0, 5.0]],
            [[4.0, 0.5]],
            why="a single picture has to be prepared like the same picture among others.",
        ),
        probe(
            "a shifted test part",
            [[0.0, 1.0, 2.0], [1.0, 3.0, 2.5], [5.0, 2.0, 0.0]],
            [[10.0, 11.0, 12.0], [12.0, 14.0, 15.0], [11.0, 10.0, 18.0]],
            why="that it lies elsewhere is a fact about the target, which its own mean would hide.",
        ),
        probe(
            "a feature that never changes",
            [[2.0, 5.0], [4.0, 5.0], [9.0, 5.0]],
            [[3.0, 5.0], [5.0, 7.0]],
            aspect="constant features",
            why="a pixel at the border may be white in all training pictures.",
        ),
        probe(
            "another one",
            [[0.0, 1.0], [0.0, 4.0]],
            [[3.0, 2.0], [1.0, 0.0], [0.0, 3.0]],
            aspect="constant features",
        ),
    ),
    fresh=lambda rng: (rng.normal(2, 3, size=(6, 3)), rng.normal(1, 4, size=(4, 3))),
    hints=(
        "Which rows would be there on the day when a single new picture comes in?",
        "Mean and spread of each column of `train`; then use them on `other`.",
        "`np.mean(train, axis=0)`, `np.std(train, axis=0)`, and a 1 where the second is 0.",
    ),
)
