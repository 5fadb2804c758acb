"""The expected calibration error."""

import numpy as np

from softmaxbook.checking import Aspect, Exercise, probe


def calibration_error(confidence, right, n_bins):
    bins = np.clip(np.ceil(confidence * n_bins) - 1, 0, n_bins - 1)
    total = 0.0
    for k in range(n_bins):
        inside = bins == k
        total += np.abs(np.sum(right[inside] - confidence[inside]))
    return total / len(confidence)


def bins_weighted_equally(confidence, right, n_bins):
    """All bins that are not empty count the same here, a bin of one answer as much as a bin of a
    thousand. A bin counts with the number of its answers."""
    bins = np.clip(np.ceil(confidence * n_bins) - 1, 0, n_bins - 1)
    full = np.unique(bins)
    return np.mean([np.abs(np.mean(right[bins == k] - confidence[bins == k])) for k in full])


def divided_by_all_bins(confidence, right, n_bins):
    """You add up the bins' distances and divide by the number of bins, the empty ones too. A bin
    counts with the number of its answers, and an empty one not at all."""
    bins = np.clip(np.ceil(confidence * n_bins) - 1, 0, n_bins - 1)
    full = np.unique(bins)
    gaps = [np.abs(np.mean(right[bins == k] - confidence[bins == k])) for k in full]
    return np.sum(gaps) / n_bins


def one_bin(confidence, right, n_bins):
    """This compares the accuracy of all answers with their mean confidence. Bins that are too sure
    and bins that are not sure enough cancel: take the distance in each bin first."""
    return np.abs(np.mean(right - confidence))


def a_bin_for_every_answer(confidence, right, n_bins):
    """You take the distance of every single answer. One answer is right or wrong, never 70 %
    right: average within the bin first, then take the distance."""
    return np.mean(np.abs(right - confidence))


def largest_bin_only(confidence, right, n_bins):
    """This is the largest distance, the *maximum* calibration error. The expected one is the mean
    over the answers."""
    bins = np.clip(np.ceil(confidence * n_bins) - 1, 0, n_bins - 1)
    full = np.unique(bins)
    return np.max([np.abs(np.mean(right[bins == k] - confidence[bins == k])) for k in full])


def squared(confidence, right, n_bins):
    """You square the distances. The expected calibration error takes them without sign, and
    unsquared."""
    bins = np.clip(np.ceil(confidence * n_bins) - 1, 0, n_bins - 1)
    total = 0.0
    for k in np.unique(bins):
        inside = bins == k
        total += np.sum(inside) * np.mean(right[inside] - confidence[inside]) ** 2
    return total / len(confidence)


def bins_over_the_data(confidence, right, n_bins):
    """Your bins run from the smallest confidence to the largest. They divide the whole range from
    0 to 1."""
    low, high = np.min(confidence), np.max(confidence)
    width = (high - low) / n_bins
    bins = np.clip(np.ceil((confidence - low) / width) - 1, 0, n_bins - 1)
    total = 0.0
    for k in range(n_bins):
        inside = bins == k
        total += np.abs(np.sum(right[inside] - confidence[inside]))
    return total / len(confidence)


def lower_limit_inside(confidence, right, n_bins):
    """An answer on the border of two bins is in the upper one here. The bins are meant to hold
    their *upper* limits: (0.5, 0.75]."""
    bins = np.clip(np.floor(confidence * n_bins), 0, n_bins - 1)
    total = 0.0
    for k in range(n_bins):
        inside = bins == k
        total += np.abs(np.sum(right[inside] - confidence[inside]))
    return total / len(confidence)


def not_divided(confidence, right, n_bins, base=calibration_error):
    """The sum over the bins is not divided by the number of all answers: a mean distance cannot be
    above 1."""
    return base(confidence, right, n_bins) * len(confidence)


def sign_kept(confidence, right, n_bins):
    """The signs are kept, so that bins which are too sure cancel those which are not sure enough.
    Take the distance of each bin without its sign."""
    return np.mean(confidence - right)


def middle_of_the_bin(confidence, right, n_bins):
    """You compare the accuracy with the middle of the bin. The confidences in it have a mean of
    their own."""
    bins = np.clip(np.ceil(confidence * n_bins) - 1, 0, n_bins - 1)
    total = 0.0
    for k in range(n_bins):
        inside = bins == k
        total += np.abs(np.sum(right[inside] - (k + 0.5) / n_bins))
    return total / len(confidence)


def in_two_bins(confidence, right, n_bins):
    """An answer on the border of two bins is counted in both. Each bin holds its upper limit and
    not its lower one: `>` on one side, `<=` on the other."""
    edges = np.linspace(0, 1, n_bins + 1)
    total = 0.0
    for k in range(n_bins):
        inside = (confidence >= edges[k]) & (confidence <= edges[k + 1])
        total += np.abs(np.sum(right[inside] - confidence[inside]))
    return total / len(confidence)


EXERCISE = Exercise(
    title="The expected calibration error",
    kind="write",
    difficulty=3,
    statement=r"""
        `confidence` holds the largest probability of each answer, `right` a 1 where the answer was
        right and a 0 where not. Write `calibration_error(confidence, right, n_bins)`:

        $$ \sum_b \frac{n_b}{n} \lvert \text{accuracy}_b - \text{confidence}_b \rvert $$

        over `n_bins` equally wide bins from 0 to 1, each with its upper limit inside, as
        $(0.5, 0.75]$. Empty bins count nothing.
        """,
    solution=calibration_error,
    mistakes=(
        bins_weighted_equally,
        divided_by_all_bins,
        one_bin,
        a_bin_for_every_answer,
        largest_bin_only,
        squared,
        bins_over_the_data,
        lower_limit_inside,
        not_divided,
        sign_kept,
        middle_of_the_bin,
        in_two_bins,
    ),
    either=((not_divided, bins_weighted_equally, divided_by_all_bins, largest_bin_only),),
    aspects=(Aspect("values", 2), Aspect("borders", 1)),
    probes=(
        probe(
            "five answers, two bins",
            [0.9, 0.8, 0.95, 0.4, 0.7],
            [1.0, 0.0, 1.0, 1.0, 0.0],
            2,
        ),
        probe(
            "eight answers, four bins",
            [0.3, 0.45, 0.6, 0.65, 0.8, 0.9, 0.95, 0.99],
            [1.0, 1.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0],
            4,
            why="the lowest bin is empty: a mean over it would be `nan`.",
        ),
        probe("six answers", [0.3, 0.55, 0.63, 0.7, 0.85, 0.9], [1.0, 1.0, 1.0, 1.0, 1.0, 0.0], 5),
        probe(
            "on the border",
            [0.5, 0.75, 0.75, 0.3, 0.9],
            [1.0, 0.0, 1.0, 0.0, 1.0],
            4,
            aspect="borders",
            why="0.75 belongs to the bin from 0.5 to 0.75.",
        ),
        probe(
            "one half and certain",
            [0.5, 0.6, 1.0, 0.9, 0.5],
            [1.0, 0.0, 0.0, 1.0, 1.0],
            2,
            aspect="borders",
            why="a confidence of exactly 1 belongs to the last bin.",
        ),
    ),
    fresh=lambda rng: (
        rng.uniform(0.3, 1, size=12),
        (rng.random(12) < 0.7).astype(float),
        4,
    ),
    hints=(
        "Go through the bins, and look for the answers inside: above the lower limit, up to the "
        "upper one.",
        "Skip a bin without answers. Otherwise: its mean of `right` minus its mean of "
        "`confidence`, without sign.",
        "Multiply each distance by the number of answers in the bin, add up, divide by n.",
    ),
)
