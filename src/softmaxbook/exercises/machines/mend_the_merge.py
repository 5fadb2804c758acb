"""A worker's own probabilities."""

import numpy as np

from softmaxbook.checking import Aspect, Exercise, probe


def own_probabilities(logits, maxima, sums):
    top = np.max(maxima)
    return np.exp(logits - top) / np.sum(sums * np.exp(maxima - top))


def as_printed(logits, maxima, sums):
    """The sums are still added as they are. Each was scaled by its worker's own maximum: bring them
    all to the common one first, times exp(own − common)."""
    return np.exp(logits - np.max(maxima)) / np.sum(sums)


def rescaled_upwards(logits, maxima, sums):
    """The exponent has the wrong sign: under the larger, common maximum a sum gets *smaller*, times
    exp(own − common)."""
    top = np.max(maxima)
    return np.exp(logits - top) / np.sum(sums * np.exp(top - maxima))


def own_maximum_above(logits, maxima, sums):
    """Above the line you subtract the worker's own maximum, and below it the common one. Both have
    to be the same."""
    top = np.max(maxima)
    return np.exp(logits - np.max(logits)) / np.sum(sums * np.exp(maxima - top))


def own_softmax(logits, maxima, sums):
    """This is softmax among the worker's own classes: all workers' results together would sum to
    the number of workers. The sum below the line is that of all."""
    return np.exp(logits - np.max(logits)) / np.sum(np.exp(logits - np.max(logits)))


def shift_undone(logits, maxima, sums):
    """You undo the shifts: exp(1000) is `inf`. Keep everything relative to the largest maximum."""
    return np.exp(logits) / np.sum(sums * np.exp(maxima))


def maxima_counted_only(logits, maxima, sums):
    """You count one class for each worker: the sums are not used."""
    top = np.max(maxima)
    return np.exp(logits - top) / np.sum(np.exp(maxima - top) + 0 * sums)


def smallest_maximum(logits, maxima, sums):
    """You shift by the smallest maximum: the exponents of the others are positive, and overflow
    for a wide gap."""
    low = np.min(maxima)
    return np.exp(logits - low) / np.sum(sums * np.exp(maxima - low))


def not_divided(logits, maxima, sums):
    """These are the exponentials, relative to the common maximum. Divide them by the sum of all."""
    return np.exp(logits - np.max(maxima)) + 0 * np.sum(sums)


def largest_sum_taken(logits, maxima, sums):
    """You take the sum of the worker with the largest maximum for the sum of all."""
    return np.exp(logits - np.max(maxima)) / sums[np.argmax(maxima)]


EXERCISE = Exercise(
    title="A worker's own probabilities",
    kind="find",
    difficulty=2,
    statement=r"""
        The classes of one row are spread over several workers. Each has told all others its maximum
        $m_r$ and its scaled sum $s_r = \sum e^{z - m_r}$. The program below runs on one of them:
        `logits` are its own, `maxima` and `sums` have an entry for each worker.
        The probabilities of all workers together do not sum to 1. Find the mistake and mend it.
        """,
    starter="""\
def own_probabilities(logits, maxima, sums):
    top = np.max(maxima)
    total = np.sum(sums)
    return np.exp(logits - top) / total""",
    solution=own_probabilities,
    mistakes=(
        as_printed,
        rescaled_upwards,
        own_maximum_above,
        own_softmax,
        shift_undone,
        maxima_counted_only,
        smallest_maximum,
        not_divided,
        largest_sum_taken,
    ),
    aspects=(Aspect("values", 2), Aspect("far apart", 1)),
    probes=(
        probe("two workers", [2.0, 1.0], [2.0, 3.0], [1.0 + np.exp(-1.0), 1.5]),
        probe("three workers", [0.0, -1.0, 0.5], [0.5, 2.0, -1.0], [1.8, 1.25, 2.5]),
        probe("the largest is here", [4.0, 1.0], [4.0, 3.0], [1.0 + np.exp(-3.0), 2.0]),
        probe(
            "a thousand",
            [1000.0, 998.0],
            [1000.0, 1001.0],
            [1.0 + np.exp(-2.0), 1.25],
            aspect="far apart",
            why="exp(1000) is `inf` in float64.",
        ),
        probe(
            "a thousand apart",
            [0.0, -0.5],
            [0.0, 900.0, -900.0],
            [1.0 + np.exp(-0.5), 2.0, 1.5],
            aspect="far apart",
            why="this worker's classes have a probability of practically 0.",
        ),
        probe(
            "a thousand apart, and here is the largest",
            [900.0, 899.5],
            [900.0, 0.0, -100.0],
            [1.0 + np.exp(-0.5), 2.0, 1.5],
            aspect="far apart",
        ),
        probe(
            "a thousand apart, and this worker is the second",
            [900.0, 899.0],
            [0.0, 900.0],
            [1.5, 1.0 + np.exp(-1.0)],
            aspect="far apart",
        ),
        probe(
            "all far below zero",
            [-900.0, -902.0],
            [-900.0, -901.0],
            [1.0 + np.exp(-2.0), 1.75],
            aspect="far apart",
        ),
    ),
    fresh=lambda rng: (
        (z := rng.normal(size=3)),
        np.array([z.max(), *rng.normal(size=2)]),
        np.array([np.exp(z - z.max()).sum(), *rng.uniform(1, 4, size=2)]),
    ),
    hints=(
        "A worker with the maximum 2 says “1.5”. What would it have said under the maximum 3?",
        "A sum scaled by m becomes one scaled by M when it is multiplied by exp(m − M).",
    ),
    explanation="Σ exp(z − M) = Σᵣ sᵣ exp(mᵣ − M). The factors are at most 1, so nothing can "
    "overflow.",
)
