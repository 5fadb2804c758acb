"""Where fine-tuning ends."""

import numpy as np

from softmaxbook.checking import Exercise, probe


def end_of_tuning(features, targets, start):
    rest = targets - features @ start
    return start + features.T @ np.linalg.solve(features @ features.T, rest)


def from_zero(features, targets, start):
    """This is where descent from 0 ends: the smallest weights that fit. The start is not used, and
    it decides everything in the directions that the rows do not see."""
    return np.linalg.pinv(features) @ targets


def start_added(features, targets, start):
    """You fit the targets and add the start. Then it fits them no longer: what has to be learnt is
    what the start leaves over, y − Xw₀."""
    return start + np.linalg.pinv(features) @ targets


def step_alone(features, targets, start):
    """This is how far the weights move. Add the start."""
    return np.linalg.pinv(features) @ (targets - features @ start)


def one_step(features, targets, start):
    """This is one step of length 1. Descent goes on until the rest is 0: XXᵀa = y − Xw₀ tells how
    much of each row is needed."""
    return start + features.T @ (targets - features @ start)


def away_from_the_targets(features, targets, start):
    """The sign of the rest is reversed: it is target minus forecast that has to be learnt."""
    return start - np.linalg.pinv(features) @ (targets - features @ start)


def scaled_row_by_row(features, targets, start):
    """Each row is fitted as if it were alone. Rows overlap: solve for all of them together, with
    the matrix XXᵀ."""
    rest = targets - features @ start
    return start + features.T @ (rest / np.sum(features**2, axis=1))


def only_the_unseen(features, targets, start):
    """This is what the rows do not see of the start. Add what fits the targets."""
    return start - np.linalg.pinv(features) @ features @ start


def start_untouched(features, targets, start):
    """The weights have not moved."""
    return start + 0 * features[0]


def penalised(features, targets, start):
    """There is a penalty of 1 in your matrix. Nothing pulls here: descent ends where the loss is
    0."""
    rest = targets - features @ start
    matrix = features @ features.T + np.eye(len(targets))
    return start + features.T @ np.linalg.solve(matrix, rest)


def divided_by_n(features, targets, start):
    """There is a division by n that remains. In XXᵀa = y − Xw₀ the mean's n has cancelled: the rest
    has to become 0."""
    rest = targets - features @ start
    return start + np.linalg.pinv(features) @ rest / (1 + len(targets))


def one_step_of_descent(features, targets, start):
    """This is one step of descent with the rate 1. It goes on until the rest is 0: which sum of
    rows, added to the start, makes Xw = y?"""
    return start + 2 / len(targets) * features.T @ (targets - features @ start)


def first_label_only(features, targets, start):
    """Only the first label is fitted. All of them have to be, together."""
    rest = targets[0] - features[0] @ start
    return start + features[0] * rest / np.sum(features[0] ** 2)


def unseen_reversed(features, targets, start):
    """What the rows do not see of the start has the wrong sign. It stays as it is."""
    unseen = start - np.linalg.pinv(features) @ features @ start
    return np.linalg.pinv(features) @ targets - unseen


def half_way(features, targets, start):
    """This is half way between the start and the smallest weights that fit. Descent from the start
    goes straight to the nearest weights that fit."""
    return (start + np.linalg.pinv(features) @ targets) / 2


EXERCISE = Exercise(
    title="Where fine-tuning ends",
    kind="derive",
    difficulty=3,
    statement=r"""
        A linear model with the source's weights $w_0$ is fine-tuned by gradient descent on the mean
        squared error $\frac1n \lVert X w - y \rVert^2$, in small steps, until the loss is 0. There
        are fewer labels than weights, so many $w$ fit; the rows of $X$ are independent.
        Derive where descent ends, and write it as `end_of_tuning(features, targets, start)`.
        Every gradient is a sum of rows of $X$. So how far can the weights get from $w_0$?
        """,
    solution=end_of_tuning,
    mistakes=(
        from_zero,
        start_added,
        step_alone,
        one_step,
        away_from_the_targets,
        scaled_row_by_row,
        only_the_unseen,
        start_untouched,
        penalised,
        divided_by_n,
        one_step_of_descent,
        first_label_only,
        unseen_reversed,
        half_way,
    ),
    probes=(
        probe(
            "one label, two weights",
            [[1.0, 2.0]],
            [4.0],
            [1.0, -1.0],
            why="the weights move along the row, and not across it.",
        ),
        probe(
            "two labels, three weights",
            [[1.0, 0.0, 1.0], [1.0, 1.0, 0.0]],
            [2.0, 0.0],
            [0.5, 1.0, -1.0],
        ),
        probe(
            "three labels, four weights",
            [[2.0, 1.0, 0.0, -1.0], [0.5, -1.0, 1.0, 0.0], [0.0, 1.0, 1.0, 2.0]],
            [1.0, 3.0, -1.0],
            [1.0, 0.0, 2.0, 1.0],
        ),
        probe(
            "the source fits already",
            [[1.0, -1.0, 2.0], [0.0, 1.0, 1.0]],
            [-0.5, 1.5],
            [2.0, 2.0, -0.5],
            why="the loss is 0 at the start, and no step is taken.",
        ),
    ),
    fresh=lambda rng: (rng.normal(size=(3, 6)), rng.normal(size=3), rng.normal(size=6)),
    hints=(
        "Each step adds a sum of rows, so w = w₀ + Xᵀa for some a, one number per row.",
        "At the end Xw = y. Put w = w₀ + Xᵀa into it.",
        "XXᵀa = y − Xw₀. Solve for a.",
    ),
    explanation="Of all weights that fit, these are the nearest to the source: in every direction "
    "that the labels do not see, the source stays.",
)
