"""The gradient of a part."""

import numpy as np

from softmaxbook.checking import Exercise, probe


def part_gradient(probabilities, labels, first_class):
    own = labels[:, None] - first_class == np.arange(probabilities.shape[1])
    return probabilities - own


def first_class_forgotten(probabilities, labels, first_class):
    """The labels count among *all* classes, and the columns among the worker's own: subtract
    `first_class` from the labels."""
    return probabilities - (labels[:, None] == np.arange(probabilities.shape[1]))


def first_class_added(probabilities, labels, first_class):
    """`first_class` is added to the labels. The worker's column 0 is class `first_class`, so it has
    to be subtracted."""
    own = labels[:, None] + first_class == np.arange(probabilities.shape[1])
    return probabilities - own


def counted_from_the_end(probabilities, labels, first_class):
    """A label that stands on an earlier worker becomes a negative index, and NumPy counts it from
    the end. Such a row has no label here: nothing is subtracted."""
    gradient = np.array(probabilities)
    for row, label in enumerate(labels):
        place = label - first_class
        if place < probabilities.shape[1] and place >= -probabilities.shape[1]:
            gradient[row, place] -= 1
    return gradient


def strangers_not_left_out(probabilities, labels, first_class):
    """Not every label stands on this worker. For one that does not, `labels - first_class` is no
    column of yours: beyond the last it is an IndexError, and below 0 NumPy counts from the end.
    Change only the rows whose label is here."""
    gradient = np.array(probabilities)
    gradient[np.arange(len(labels)), labels - first_class] -= 1
    return gradient


def later_strangers_not_left_out(probabilities, labels, first_class):
    """You leave out labels that stand on an earlier worker. Those on a later one are beyond your
    last column, an IndexError: leave them out as well."""
    gradient = np.array(probabilities)
    for row, place in enumerate(labels - first_class):
        if place >= 0:
            gradient[row, place] -= 1
    return gradient


def label_used_as_a_column(probabilities, labels, first_class):
    """You index your columns by the labels, which count among *all* classes: an IndexError where
    there are fewer columns, and another class's entry where there are not. Subtract `first_class`,
    and change only the rows whose label is here."""
    gradient = np.array(probabilities)
    gradient[np.arange(len(labels)), labels] -= 1
    return gradient


def ends_used_for_strangers(probabilities, labels, first_class):
    """A label that stands elsewhere is moved to the nearest column that there is. Such a row has no
    label here: nothing is subtracted."""
    place = np.clip(labels - first_class, 0, probabilities.shape[1] - 1)
    return probabilities - (place[:, None] == np.arange(probabilities.shape[1]))


def nothing_subtracted(probabilities, labels, first_class):
    """These are the probabilities. Where the label is one of the worker's classes, 1 has to be
    subtracted."""
    return probabilities + 0.0 * labels[:, None]


def subtracted_from_the_whole_row(probabilities, labels, first_class):
    """You subtract 1 from every class of a row whose label is here. Only the label's own entry
    changes."""
    place = labels - first_class
    here = (place >= 0) & (place < probabilities.shape[1])
    return probabilities - here[:, None]


def normalised_again(probabilities, labels, first_class):
    """You make the worker's own probabilities sum to 1 first. They are shares of *all* classes, and
    sum to less."""
    own = labels[:, None] - first_class == np.arange(probabilities.shape[1])
    return probabilities / probabilities.sum(axis=1, keepdims=True) - own


def sign_reversed(probabilities, labels, first_class, base=part_gradient):
    """The sign is reversed: p − y, not y − p."""
    return -base(probabilities, labels, first_class)


EXERCISE = Exercise(
    title="The gradient of a part",
    kind="derive",
    difficulty=2,
    statement=r"""
        A worker holds the classes `first_class`, `first_class + 1`, … It has merged the summaries,
        so it knows the `probabilities` of its own classes, one row for each row of the batch.
        `labels` count among all classes, and may stand on another worker.
        From $\ell = \operatorname{LSE}(z) - z_y$ derive the derivative of each row's loss in the
        logits of the worker, and write it as `part_gradient(probabilities, labels, first_class)`.
        """,
    solution=part_gradient,
    mistakes=(
        first_class_forgotten,
        first_class_added,
        counted_from_the_end,
        strangers_not_left_out,
        later_strangers_not_left_out,
        label_used_as_a_column,
        ends_used_for_strangers,
        nothing_subtracted,
        subtracted_from_the_whole_row,
        normalised_again,
        sign_reversed,
    ),
    probes=(
        probe("the label is here", [[0.2, 0.3, 0.1]], [4], 3),
        probe(
            "three labels",
            [[0.1, 0.4], [0.25, 0.25], [0.5, 0.2]],
            [2, 5, 3],
            2,
            why="the second stands on another worker.",
        ),
        probe(
            "labels before and behind",
            [[0.2, 0.1, 0.3], [0.1, 0.1, 0.1], [0.3, 0.2, 0.2]],
            [0, 7, 3],
            2,
        ),
        probe("just before", [[0.3, 0.2, 0.1], [0.2, 0.2, 0.4]], [3, 2], 4),
        probe("one class before", [[0.2, 0.1, 0.3], [0.4, 0.1, 0.1]], [0, 1], 1),
        probe("the first worker", [[0.6, 0.2], [0.3, 0.1]], [1, 2], 0),
        probe("all of them here", [[0.2, 0.3, 0.1], [0.1, 0.1, 0.2]], [1, 2], 1),
    ),
    fresh=lambda rng: (
        rng.dirichlet(np.ones(6), size=4)[:, :3],
        rng.integers(0, 9, size=4),
        int(rng.integers(2, 5)),
    ),
    hints=(
        "The derivative of log-sum-exp in a logit is that class's probability, wherever it stands.",
        "−z_y has the derivative −1 in one logit, which only one of the workers holds.",
        "Compare `labels − first_class` with the numbers of the columns.",
    ),
    explanation="p for each own class, and 1 less where the class is the label. No further message "
    "is needed.",
)
