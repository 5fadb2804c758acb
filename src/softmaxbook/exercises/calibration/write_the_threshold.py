"""Answers above a threshold."""

import numpy as np

from softmaxbook.checking import Aspect, Exercise, probe


def coverage_and_error(probabilities, labels, threshold):
    answered = np.max(probabilities, axis=-1) >= threshold
    wrong = np.argmax(probabilities, axis=-1) != labels
    error = np.mean(wrong[answered]) if np.any(answered) else 0.0
    return np.mean(answered), error


def silence_counted(probabilities, labels, threshold, base=coverage_and_error):
    """Your first number is the share of rows that get *no* answer. Coverage is the share that gets
    one."""
    coverage, error = base(probabilities, labels, threshold)
    return 1 - coverage, error


def divided_by_all_rows(probabilities, labels, threshold):
    """You divide the wrong answers by all rows. Somebody who reads an answer wants to know how
    many of the *answers* are wrong."""
    answered = np.max(probabilities, axis=-1) >= threshold
    wrong = np.argmax(probabilities, axis=-1) != labels
    return np.mean(answered), np.mean(wrong & answered)


def silence_is_an_error(probabilities, labels, threshold):
    """You count a row without an answer as wrong. It is neither right nor wrong; the coverage says
    how many there are."""
    answered = np.max(probabilities, axis=-1) >= threshold
    wrong = np.argmax(probabilities, axis=-1) != labels
    return np.mean(answered), np.mean(wrong | ~answered)


def error_of_all_rows(probabilities, labels, threshold):
    """Your second number is the error of all rows, as if the threshold were 0. Count only among the
    rows that are answered."""
    answered = np.max(probabilities, axis=-1) >= threshold
    return np.mean(answered), np.mean(np.argmax(probabilities, axis=-1) != labels)


def right_for_wrong(probabilities, labels, threshold):
    """Your second number is the share of the answers that is *right*."""
    answered = np.max(probabilities, axis=-1) >= threshold
    right = np.argmax(probabilities, axis=-1) == labels
    return np.mean(answered), np.mean(right[answered]) if np.any(answered) else 0.0


def share_of_the_label(probabilities, labels, threshold):
    """You compare the threshold with the share of the *label*. In use nobody knows the label: what
    decides is the largest share."""
    answered = probabilities[np.arange(len(labels)), labels] >= threshold
    wrong = np.argmax(probabilities, axis=-1) != labels
    return np.mean(answered), np.mean(wrong[answered]) if np.any(answered) else 0.0


def every_share_counted(probabilities, labels, threshold):
    """You count all entries that reach the threshold. A row is answered once, by its largest
    share."""
    answered = np.max(probabilities, axis=-1) >= threshold
    wrong = np.argmax(probabilities, axis=-1) != labels
    error = np.mean(wrong[answered]) if np.any(answered) else 0.0
    return np.mean(probabilities >= threshold), error


def threshold_outside(probabilities, labels, threshold):
    """A row whose largest share *is* the threshold gets no answer from you. It reaches it: `>=`."""
    answered = np.max(probabilities, axis=-1) > threshold
    wrong = np.argmax(probabilities, axis=-1) != labels
    error = np.mean(wrong[answered]) if np.any(answered) else 0.0
    return np.mean(answered), error


def nothing_answered_forgotten(probabilities, labels, threshold):
    """Where no row is answered, you take the mean of nothing, which is `nan`. Say 0 there, as the
    exercise asks."""
    answered = np.max(probabilities, axis=-1) >= threshold
    wrong = np.argmax(probabilities, axis=-1) != labels
    with np.errstate(invalid="ignore"):
        return np.mean(answered), np.divide(np.sum(wrong & answered), np.sum(answered))


P = [[0.9, 0.1], [0.8, 0.2], [0.4, 0.6], [0.3, 0.7], [0.05, 0.95]]
Q = [[0.5, 0.3, 0.2], [0.1, 0.8, 0.1], [0.25, 0.25, 0.5], [0.05, 0.05, 0.9], [0.4, 0.35, 0.25]]

EXERCISE = Exercise(
    title="Answers above a threshold",
    kind="write",
    difficulty=2,
    statement="""
        A model answers a row only if its largest probability is at least a threshold.
        Write `coverage_and_error(probabilities, labels, threshold)` for probabilities of shape
        (n, K) and n class numbers. It returns two numbers: the share of the rows that are answered,
        and the share of the *answers* that is wrong, 0 if there is no answer.
        """,
    solution=coverage_and_error,
    mistakes=(
        silence_counted,
        divided_by_all_rows,
        silence_is_an_error,
        error_of_all_rows,
        right_for_wrong,
        share_of_the_label,
        every_share_counted,
        threshold_outside,
        nothing_answered_forgotten,
    ),
    aspects=(Aspect("values", 2), Aspect("borders", 1)),
    probes=(
        probe("five rows", P, [0, 1, 0, 1, 1], 0.75, why="three are answered, and one is wrong."),
        probe("three classes", Q, [0, 1, 0, 2, 1], 0.45),
        probe("everything is answered", Q, [0, 2, 0, 2, 1], 0.0),
        probe(
            "on the threshold",
            [[0.75, 0.25], [0.5, 0.5], [0.25, 0.75]],
            [1, 0, 1],
            0.75,
            aspect="borders",
            why="0.75 reaches the threshold of 0.75.",
        ),
        probe(
            "one on it, one above",
            [[0.5, 0.25, 0.25], [0.125, 0.75, 0.125], [0.375, 0.375, 0.25]],
            [1, 1, 0],
            0.5,
            aspect="borders",
        ),
        probe(
            "nothing is answered",
            P,
            [0, 1, 0, 1, 1],
            0.99,
            aspect="borders",
            why="a mean over no rows would be `nan`.",
        ),
        probe("nothing, of three classes", Q, [0, 1, 0, 2, 1], 0.95, aspect="borders"),
    ),
    fresh=lambda rng: (
        rng.dirichlet(np.ones(3), size=12),
        rng.integers(3, size=12),
        float(rng.choice([0.4, 0.5, 0.6])),
    ),
    hints=(
        "Which rows have a largest probability of at least the threshold? Their share is the "
        "coverage.",
        "Which of *those* rows name another class than the label?",
    ),
)
