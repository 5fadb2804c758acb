"""Smoothed targets."""

import numpy as np

from softmaxbook.checking import Exercise, probe


def smoothed(labels, n_classes, smoothing):
    return (1 - smoothing) * np.eye(n_classes)[labels] + smoothing / n_classes


def others_share_it(labels, n_classes, smoothing):
    """You divide ε among the K − 1 *other* classes. It is spread over all K, the label included:
    each gets ε / K, and the label keeps 1 − ε + ε / K."""
    hot = np.eye(n_classes)[labels]
    return (1 - smoothing) * hot + smoothing / (n_classes - 1) * (1 - hot)


def label_left_out(labels, n_classes, smoothing):
    """The label gives ε away and gets nothing back, while the others get ε / K: the row does not
    add up to 1. The label gets its ε / K too."""
    hot = np.eye(n_classes)[labels]
    return (1 - smoothing) * hot + smoothing / n_classes * (1 - hot)


def not_divided(labels, n_classes, smoothing):
    """Every class gets all of ε. It is divided by the number of classes."""
    return (1 - smoothing) * np.eye(n_classes)[labels] + smoothing


def nothing_given_away(labels, n_classes, smoothing):
    """The label still has its whole 1. What the classes get must come from somewhere: multiply the
    one-hot row by 1 − ε."""
    return np.eye(n_classes)[labels] + smoothing / n_classes


def shares_exchanged(labels, n_classes, smoothing, base=smoothed):
    """ε and 1 − ε are exchanged: with a small ε, the label should keep nearly all."""
    return base(labels, n_classes, 1 - smoothing)


def divided_by_the_rows(labels, n_classes, smoothing):
    """You divide ε by the number of *rows*. It is spread over the classes."""
    return (1 - smoothing) * np.eye(n_classes)[labels] + smoothing / len(labels)


def not_smoothed(labels, n_classes, smoothing):
    """These are the one-hot rows: ε is not used."""
    return np.eye(n_classes)[labels]


EXERCISE = Exercise(
    title="Smoothed targets",
    kind="write",
    difficulty=2,
    statement=r"""
        Write `smoothed(labels, n_classes, smoothing)`, the targets of label smoothing, of shape
        `(N, n_classes)`: of each label's 1 a share $\varepsilon$ = `smoothing` is taken away and
        spread evenly over **all** classes.
        """,
    solution=smoothed,
    mistakes=(
        others_share_it,
        label_left_out,
        not_divided,
        nothing_given_away,
        shares_exchanged,
        divided_by_the_rows,
        not_smoothed,
    ),
    probes=(
        probe("four classes", [2, 0], 4, 0.2, why="each row adds up to 1."),
        probe("one label", [1], 3, 0.1),
        probe("two classes", [1, 0, 1], 2, 0.3),
        probe("all of it", [0, 1], 5, 1.0, why="with ε = 1 nothing of the label is left: 1/K."),
        probe("none of it", [0, 2], 3, 0.0),
    ),
    fresh=lambda rng: (rng.integers(0, 5, size=3), 5, float(rng.uniform(0.05, 0.4))),
    hints=(
        "Begin with one-hot rows. What is left of them, and what is added?",
        "(1 − ε) times the one-hot row, plus the same number everywhere. Which?",
        "Rows of `np.eye(n_classes)` are one-hot rows; ε / K is added to every entry.",
    ),
)
