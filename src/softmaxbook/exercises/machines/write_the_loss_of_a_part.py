"""The loss from summaries."""

import numpy as np

from softmaxbook.checking import Aspect, Exercise, probe


def loss_from_summaries(label_logit, maxima, sums):
    top = np.max(maxima)
    return np.log(np.sum(sums * np.exp(maxima - top))) + (top - label_logit)


def maximum_not_added_back(label_logit, maxima, sums):
    """The common maximum is missing: add it to the logarithm of the scaled sum."""
    top = np.max(maxima)
    return np.log(np.sum(sums * np.exp(maxima - top))) - label_logit


def sums_added(label_logit, maxima, sums):
    """The sums are added as they are. Each was scaled by its worker's own maximum: bring them to
    the common one first."""
    return np.log(np.sum(sums)) + (np.max(maxima) - label_logit)


def label_forgotten(label_logit, maxima, sums):
    """The label is missing: the loss is the log-sum-exp of the row, minus the logit of the
    label."""
    top = np.max(maxima)
    return np.log(np.sum(sums * np.exp(maxima - top))) + top + 0 * label_logit


def log_sums_added(label_logit, maxima, sums):
    """You add the log-sum-exps of the workers. Sums are added, not their logarithms."""
    return np.sum(maxima + np.log(sums)) - label_logit


def largest_part_only(label_logit, maxima, sums):
    """Only the worker with the largest log-sum-exp counts in your result: all of them do."""
    return np.max(maxima + np.log(sums)) - label_logit


def shift_undone(label_logit, maxima, sums):
    """You undo the shifts: exp(1000) is `inf`. Keep the sum relative to the largest maximum."""
    return np.log(np.sum(sums * np.exp(maxima))) - label_logit


def smallest_maximum(label_logit, maxima, sums):
    """You shift by the smallest maximum: the exponents of the others are positive, and overflow for
    a wide gap. Take the largest."""
    low = np.min(maxima)
    return np.log(np.sum(sums * np.exp(maxima - low))) + (low - label_logit)


def logarithm_of_the_probability(label_logit, maxima, sums):
    """You take the logarithm of the label's probability. Below e^−745 that is rounded to 0, whose
    logarithm is −∞. Subtract logarithms: log-sum-exp less the label's logit."""
    top = np.max(maxima)
    with np.errstate(divide="ignore"):
        return -np.log(np.exp(label_logit - top) / np.sum(sums * np.exp(maxima - top)))


def logarithm_of_a_bare_quotient(label_logit, maxima, sums):
    """You divide exponentials without a shift. exp(1000) is `inf`, and inf / inf is `nan`: stay
    relative to the largest maximum, and subtract logarithms."""
    with np.errstate(all="ignore"):
        return -np.log(np.exp(label_logit) / np.sum(sums * np.exp(maxima)))


def probability_returned(label_logit, maxima, sums):
    """No logarithm is taken of the label's probability. The loss is minus its logarithm."""
    top = np.max(maxima)
    return np.exp(label_logit - top) / np.sum(sums * np.exp(maxima - top))


def sign_reversed(label_logit, maxima, sums, base=loss_from_summaries):
    """The sign is reversed: the loss is *minus* the logarithm of the probability."""
    return -base(label_logit, maxima, sums)


EXERCISE = Exercise(
    title="The loss from summaries",
    kind="write",
    difficulty=3,
    statement=r"""
        One worker holds the label of a row, with the logit `label_logit`. It has everybody's maxima
        $m_r$ and scaled sums $s_r = \sum e^{z - m_r}$. Write
        `loss_from_summaries(label_logit, maxima, sums)`, the cross-entropy of the row, for logits
        of any size.
        """,
    solution=loss_from_summaries,
    mistakes=(
        maximum_not_added_back,
        sums_added,
        label_forgotten,
        log_sums_added,
        largest_part_only,
        shift_undone,
        smallest_maximum,
        logarithm_of_the_probability,
        logarithm_of_a_bare_quotient,
        probability_returned,
        sign_reversed,
    ),
    aspects=(Aspect("values", 2), Aspect("large logits", 1)),
    probes=(
        probe("two workers", 1.0, [2.0, 0.5], [1.5, 2.0]),
        probe("three workers", -1.0, [0.0, 1.0, -0.5], [1.0, 1.75, 3.0]),
        probe("the label leads", 3.0, [3.0, 1.0], [1.25, 1.5]),
        probe(
            "a thousand",
            999.0,
            [1000.0, 1001.0],
            [1.5, 1.25],
            aspect="large logits",
            why="exp(1000) is `inf` in float64.",
        ),
        probe("minus a thousand", -1001.0, [-1000.0, -1000.5], [1.5, 2.5], aspect="large logits"),
        probe("far apart", -800.0, [0.0, 800.0], [1.5, 2.0], aspect="large logits"),
        probe("the first leads", -800.0, [800.0, 0.0], [1.5, 2.0], aspect="large logits"),
        probe("the first leads, and right", 799.0, [800.0, 0.0], [1.5, 2.0], aspect="large logits"),
        probe("the last leads, and right", 900.0, [0.0, 900.0], [2.0, 1.25], aspect="large logits"),
        probe(
            "the second of three leads",
            0.0,
            [-1600.0, 1600.0, 0.0],
            [1.0, 1.75, 3.0],
            aspect="large logits",
        ),
    ),
    fresh=lambda rng: (float(rng.normal()), rng.normal(size=3), rng.uniform(1, 5, size=3)),
    hints=(
        "The loss is log-sum-exp minus the label's logit.",
        "With the common maximum M, log-sum-exp is M + log Σ s exp(m − M).",
    ),
    explanation="The worker that holds the label needs nothing else from the others; they need "
    "nothing for the loss at all, and for the gradient the same two numbers.",
)
