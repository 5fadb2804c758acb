"""Two bins of confidence."""

import numpy as np

from softmaxbook.checking import Exercise, probe


def solution(counts, confidence, accuracy):
    return np.sum(counts * np.abs(accuracy - confidence)) / np.sum(counts)


def bins_weighted_equally(counts, confidence, accuracy):
    """Both bins count the same here. A bin counts with the number of its answers."""
    return np.mean(np.abs(accuracy - confidence))


def distances_cancel(counts, confidence, accuracy):
    """One bin is too sure and the other not sure enough, and in your sum they cancel. Take the
    distance of each bin first, without its sign."""
    return np.abs(np.sum(counts * (accuracy - confidence))) / np.sum(counts)


def accuracy_for_error(counts, confidence, accuracy):
    """This is the accuracy over all answers. The calibration error compares it with the
    confidence, bin by bin."""
    return np.sum(counts * accuracy) / np.sum(counts)


def confidence_for_error(counts, confidence, accuracy):
    """This is the mean confidence. How far it is from the accuracy is asked for, bin by bin."""
    return np.sum(counts * confidence) / np.sum(counts)


def largest_distance(counts, confidence, accuracy):
    """This is the largest distance, called the maximum calibration error. The expected one is the
    mean over the answers."""
    return np.max(np.abs(accuracy - confidence))


def squared_distances(counts, confidence, accuracy):
    """You squared the distances. The expected calibration error takes them as they are, without
    sign."""
    return np.sum(counts * (accuracy - confidence) ** 2) / np.sum(counts)


def told(count, confidence, accuracy):
    return (
        f"{count} answers with a mean confidence of {100 * confidence:.0f} %, "
        f"of which {100 * accuracy:.0f} % are right"
    )


EXERCISE = Exercise(
    title="Two bins of confidence",
    kind="predict",
    difficulty=1,
    form="number",
    percent=True,
    statement=lambda counts, confidence, accuracy: (
        f"""
        A model's answers are sorted into two bins by their confidence.
        One holds {told(counts[0], confidence[0], accuracy[0])}.
        The other holds {told(counts[1], confidence[1], accuracy[1])}.
        What is the expected calibration error?
        """
    ),
    solution=solution,
    mistakes=(
        bins_weighted_equally,
        distances_cancel,
        accuracy_for_error,
        confidence_for_error,
        largest_distance,
        squared_distances,
    ),
    probes=(probe("the question", [80, 20], [0.95, 0.6], [0.85, 0.8]),),
    fresh=lambda rng: (
        np.array([0, 100]) + np.array([5, -5]) * rng.integers(11, 19),
        np.array([rng.integers(90, 99), rng.integers(51, 63)]) / 100,
        np.array([rng.integers(76, 87), rng.integers(70, 83)]) / 100,
    ),
    nudge="Check: a mean of two distances lies between them.",
    hints=(
        "How far is each bin's share of right answers from its confidence?",
        "The mean of the distances over all answers: each bin counts with its number.",
    ),
    explanation=lambda counts, confidence, accuracy: (
        f"({counts[0]} · {abs(accuracy[0] - confidence[0]):.2f} + {counts[1]} · "
        f"{abs(accuracy[1] - confidence[1]):.2f}) / {np.sum(counts)} = "
        f"{solution(counts, confidence, accuracy):.4f}."
    ),
)
