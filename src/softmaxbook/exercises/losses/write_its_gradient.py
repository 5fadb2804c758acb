"""The gradient of the mean loss."""

import numpy as np

from softmaxbook.checking import Aspect, Exercise, probe


def loss_gradient(logits, labels):
    exponentials = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    p = exponentials / np.sum(exponentials, axis=-1, keepdims=True)
    p[np.arange(len(labels)), labels] -= 1
    return p / len(labels)


def sign_reversed(logits, labels, base=loss_gradient):
    """The sign is reversed: the gradient is p − y, which points uphill."""
    return -base(logits, labels)


def mean_forgotten(logits, labels, base=loss_gradient):
    """Nothing is divided by the number of rows: the loss is their mean. Without it the right
    learning rate depends on the size of the batch."""
    return base(logits, labels) * len(labels)


def divided_by_every_entry(logits, labels, base=loss_gradient):
    """You divide by the number of entries. The loss is a mean over rows: divide by their number
    alone."""
    return base(logits, labels) / np.shape(logits)[-1]


def divided_by_the_classes(logits, labels):
    """You divide by the number of classes. The mean runs over the rows."""
    return loss_gradient(logits, labels) * len(labels) / np.shape(logits)[-1]


def label_not_subtracted(logits, labels):
    """These are the probabilities. Subtract the one-hot row: 1 at the label."""
    exponentials = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    return exponentials / np.sum(exponentials, axis=-1, keepdims=True) / len(labels)


def class_number_subtracted(logits, labels):
    """You subtract the *number* of the class from all entries of its row. A label is an index: 1
    is subtracted at that place."""
    exponentials = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    p = exponentials / np.sum(exponentials, axis=-1, keepdims=True)
    return (p - labels[:, None]) / len(labels)


def every_label_in_every_row(logits, labels):
    """`p[:, labels] -= 1` subtracts at the labels of *all* rows, in each row. Use both indices:
    `p[np.arange(N), labels]`."""
    exponentials = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    p = exponentials / np.sum(exponentials, axis=-1, keepdims=True)
    p[:, labels] -= 1
    return p / len(labels)


def only_the_label(logits, labels):
    """Only the label's logit gets a gradient. The others are in the sum below the line: their
    entries are p."""
    exponentials = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    p = exponentials / np.sum(exponentials, axis=-1, keepdims=True)
    rows, out = np.arange(len(labels)), np.zeros(np.shape(logits))
    out[rows, labels] = p[rows, labels] - 1
    return out / len(labels)


def slope_of_the_sigmoid(logits, labels, base=loss_gradient):
    """There is a factor p (1 − p) too many. It belongs to the squared error; in cross-entropy the
    logarithm cancels it."""
    exponentials = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    p = exponentials / np.sum(exponentials, axis=-1, keepdims=True)
    return base(logits, labels) * p * (1 - p)


def in_the_probabilities(logits, labels):
    """One over p belongs to the gradient in the *probabilities*. The chain rule goes on to the
    logits, through the Jacobian of softmax."""
    exponentials = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    p = exponentials / np.sum(exponentials, axis=-1, keepdims=True)
    rows, out = np.arange(len(labels)), np.zeros(np.shape(logits))
    out[rows, labels] = -1 / p[rows, labels]
    return out / len(labels)


def shift_forgotten(logits, labels):
    """The exponentials of large logits overflow. Subtract each row's maximum first."""
    p = np.exp(logits) / np.sum(np.exp(logits), axis=-1, keepdims=True)
    p[np.arange(len(labels)), labels] -= 1
    return p / len(labels)


def shifted_by_the_smallest(logits, labels):
    """You subtract the *smallest* logit of a row. The exponents are then positive, and a wide gap
    overflows. Subtract the largest."""
    p = np.exp(logits - np.min(logits, axis=-1, keepdims=True))
    p = p / np.sum(p, axis=-1, keepdims=True)
    p[np.arange(len(labels)), labels] -= 1
    return p / len(labels)


def one_maximum_for_all(logits, labels):
    """You subtract one maximum from the whole batch. A row far below it underflows to zeros
    altogether, and 0 / 0 is `nan`. Each row has a maximum of its own."""
    p = np.exp(logits - np.max(logits))
    p = p / np.sum(p, axis=-1, keepdims=True)
    p[np.arange(len(labels)), labels] -= 1
    return p / len(labels)


def labels_for_one_hot_rows(logits, labels):
    """You subtract the labels as if they were one-hot rows. They are class numbers: either make
    rows of them, `np.eye(K)[labels]`, or use them as indices."""
    exponentials = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    p = exponentials / np.sum(exponentials, axis=-1, keepdims=True)
    return (p - labels) / len(labels)


def turned_at_the_label(logits, labels):
    """At the label you have 1 − p. Its entry is p − 1, like the others p minus the target: it is
    negative, because raising this logit lowers the loss."""
    exponentials = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    p = exponentials / np.sum(exponentials, axis=-1, keepdims=True)
    return np.abs(p - np.eye(p.shape[-1])[labels]) / len(labels)


def turned_beside_the_label(logits, labels):
    """Beside the label you have −p. The entries there are p: raising these logits raises the
    loss."""
    return -turned_at_the_label(logits, labels)


EXERCISE = Exercise(
    title="The gradient of the mean loss",
    kind="write",
    difficulty=2,
    statement=r"""
        Write `loss_gradient(logits, labels)`: the gradient of the **mean** cross-entropy in the
        logits, an array of the shape `(N, K)` of the logits.
        `labels` holds $N$ class numbers from 0.
        """,
    solution=loss_gradient,
    mistakes=(
        sign_reversed,
        mean_forgotten,
        divided_by_every_entry,
        divided_by_the_classes,
        label_not_subtracted,
        class_number_subtracted,
        every_label_in_every_row,
        only_the_label,
        slope_of_the_sigmoid,
        in_the_probabilities,
        shift_forgotten,
        shifted_by_the_smallest,
        one_maximum_for_all,
        labels_for_one_hot_rows,
        turned_at_the_label,
        turned_beside_the_label,
    ),
    either=((mean_forgotten, divided_by_every_entry),),
    aspects=(Aspect("values", 3), Aspect("large logits", 1)),
    probes=(
        probe("one row", [[2.0, 1.0, -1.0]], [1], why="the entries add up to 0."),
        probe("four rows", [[2.0, 1, -1], [0.5, 1.5, 0], [-1, 0, 2], [1, 2.5, 0.5]], [0, 1, 2, 0]),
        probe("two rows, two classes", [[2.0, 0.0], [1.0, 0.5]], [1, 0]),
        probe(
            "a thousand",
            [[1000.0, 999.0], [998.0, 1000.0]],
            [0, 0],
            aspect="large logits",
            why="exp(1000) is `inf` in float64.",
        ),
        probe("far apart", [[800.0, 0.0, 1.0]], [1], aspect="large logits"),
        probe("far apart, and right", [[0.0, 900.0], [1.0, 2.0]], [1, 0], aspect="large logits"),
        probe(
            "rows a thousand apart",
            [[1000.0, 999.0], [0.0, 1.0]],
            [0, 0],
            aspect="large logits",
            why="every row needs a shift of its own.",
        ),
        probe(
            "the other way round",
            [[-800.0, -799.0, -801.0], [2.0, 1.0, 0.0]],
            [1, 2],
            aspect="large logits",
        ),
    ),
    fresh=lambda rng: (rng.normal(scale=2, size=(3, 4)), rng.integers(0, 4, size=3)),
    hints=(
        "For one row the gradient is p − y, with y the one-hot row of the label.",
        "Subtract 1 from p at the place of the label, in every row, with two index arrays.",
        "The mean over N rows divides each row's gradient by N.",
    ),
)
