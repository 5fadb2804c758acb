"""Cross-entropy from logits."""

import numpy as np

from softmaxbook.checking import Aspect, Exercise, probe


def mean_loss(logits, labels):
    shifted = logits - np.max(logits, axis=-1, keepdims=True)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))
    return -np.mean(log_p[np.arange(len(labels)), labels])


def sum_for_mean(logits, labels, base=mean_loss):
    """This is the sum over the rows. The mean is asked for."""
    return base(logits, labels) * len(labels)


def divided_by_every_entry(logits, labels, base=mean_loss):
    """You divide by the number of *entries*. A mean over one-hot rows counts their zeros too: sum
    along the row first, then average over the rows."""
    return base(logits, labels) / np.shape(logits)[-1]


def divided_by_the_classes(logits, labels):
    """You divide by the number of classes. The mean runs over the rows."""
    return mean_loss(logits, labels) * len(labels) / np.shape(logits)[-1]


def every_label_for_every_row(logits, labels):
    """`log_p[:, labels]` has an entry for every pair of a row and a label, an N × N table. Each
    row has one label: `log_p[np.arange(N), labels]`."""
    shifted = logits - np.max(logits, axis=-1, keepdims=True)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))
    return -np.mean(log_p[:, labels])


def label_as_a_factor(logits, labels):
    """The labels are class numbers, not one-hot rows: multiplying by a number 2 counts the row
    twice, and by 0 not at all. They are indices."""
    shifted = logits - np.max(logits, axis=-1, keepdims=True)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))
    return -np.mean(np.sum(log_p * labels[:, None], axis=-1))


def softmax_twice(logits, labels, base=mean_loss):
    """Softmax is applied twice: what goes into log-softmax are probabilities already. Even sure and
    right answers then cost much."""
    exponentials = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    return base(exponentials / np.sum(exponentials, axis=-1, keepdims=True), labels)


def log_of_softmax(logits, labels):
    """A probability loses digits below 2.2e−308 and is rounded to 0 below 2.4e−324, and log 0 is
    −∞. Subtract the log-sum-exp from the logits, and form no probability."""
    exponentials = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    p = exponentials / np.sum(exponentials, axis=-1, keepdims=True)
    return -np.mean(np.log(p[np.arange(len(labels)), labels]))


def shift_forgotten(logits, labels):
    """The exponentials of large logits overflow. Subtract each row's maximum first."""
    log_p = logits - np.log(np.sum(np.exp(logits), axis=-1, keepdims=True))
    return -np.mean(log_p[np.arange(len(labels)), labels])


def shifted_by_the_smallest(logits, labels):
    """You subtract the *smallest* logit of a row. The exponents are then positive, and a wide gap
    overflows. Subtract the largest."""
    shifted = logits - np.min(logits, axis=-1, keepdims=True)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))
    return -np.mean(log_p[np.arange(len(labels)), labels])


def one_maximum_for_all(logits, labels):
    """You subtract one maximum from the whole batch. A row far below it underflows to zeros
    altogether, and the logarithm of 0 is −∞. Each row has a maximum of its own."""
    shifted = logits - np.max(logits)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))
    return -np.mean(log_p[np.arange(len(labels)), labels])


def logarithm_forgotten(logits, labels):
    """No logarithm is taken: this is the mean probability of the labels. The loss is the mean of
    −log p."""
    exponentials = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    p = exponentials / np.sum(exponentials, axis=-1, keepdims=True)
    return -np.mean(p[np.arange(len(labels)), labels])


def logarithm_of_the_sum_forgotten(logits, labels):
    """You subtract the sum of the exponentials. Subtract its logarithm."""
    shifted = logits - np.max(logits, axis=-1, keepdims=True)
    log_p = shifted - np.sum(np.exp(shifted), axis=-1, keepdims=True)
    return -np.mean(log_p[np.arange(len(labels)), labels])


def logarithm_of_the_mean(logits, labels):
    """You take the logarithm of the mean probability. Take the mean of the logarithms: the loss
    is a sum of one cost per row."""
    exponentials = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    p = exponentials / np.sum(exponentials, axis=-1, keepdims=True)
    return -np.log(np.mean(p[np.arange(len(labels)), labels]))


def sign_reversed(logits, labels, base=mean_loss):
    """The sign is reversed: log p is negative, the loss is −log p."""
    return -base(logits, labels)


def normalised_over_the_batch(logits, labels):
    """One sum runs over all rows. Each row has its own sum of exponentials: `axis=-1,
    keepdims=True`."""
    shifted = logits - np.max(logits)
    log_p = shifted - np.log(np.sum(np.exp(shifted)))
    return -np.mean(log_p[np.arange(len(labels)), labels])


def labels_for_one_hot_rows(logits, labels):
    """You multiply by the labels as if they were one-hot rows. They are class numbers: either make
    rows of them, `np.eye(K)[labels]`, or use them as indices."""
    shifted = logits - np.max(logits, axis=-1, keepdims=True)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))
    return -np.mean(np.sum(labels * log_p, axis=-1))


def a_binary_loss_for_each_class(logits, labels):
    """Each class gets a binary cross-entropy here: −log(1 − p) of the other classes is added. With
    softmax the label's −log p alone is the loss; the others are in its denominator."""
    exponentials = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    p = exponentials / np.sum(exponentials, axis=-1, keepdims=True)
    hot = np.eye(p.shape[-1])[labels]
    return -np.mean(np.sum(np.log(np.where(hot == 1, p, 1 - p)), axis=-1))


def surprise_of_the_winner(logits, labels):
    """You take the largest probability of each row, whatever the label says. The loss looks at
    the label's, even where the model prefers another class."""
    shifted = logits - np.max(logits, axis=-1, keepdims=True)
    return np.mean(np.log(np.sum(np.exp(shifted), axis=-1)))


def squared(logits, labels):
    """This is a squared distance between probabilities and one-hot rows. Cross-entropy is −log p of
    the label."""
    exponentials = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    p = exponentials / np.sum(exponentials, axis=-1, keepdims=True)
    return np.mean(np.sum((p - np.eye(p.shape[-1])[labels]) ** 2, axis=-1))


def labels_counted_from_one(logits, labels, base=mean_loss):
    """Your labels begin at 1. Here they begin at 0, as indices do; −1 means the last class."""
    return base(logits, labels - 1)


EXERCISE = Exercise(
    title="Cross-entropy from logits",
    kind="write",
    difficulty=2,
    statement=r"""
        Write `mean_loss(logits, labels)`: the mean of $-\log p_y$ over the rows.
        `logits` has shape `(N, K)`, `labels` holds $N$ class numbers from 0.
        The loss must be finite wherever its true value is.
        """,
    solution=mean_loss,
    mistakes=(
        sum_for_mean,
        divided_by_every_entry,
        divided_by_the_classes,
        every_label_for_every_row,
        label_as_a_factor,
        softmax_twice,
        log_of_softmax,
        shift_forgotten,
        shifted_by_the_smallest,
        one_maximum_for_all,
        logarithm_forgotten,
        logarithm_of_the_sum_forgotten,
        logarithm_of_the_mean,
        sign_reversed,
        normalised_over_the_batch,
        labels_for_one_hot_rows,
        a_binary_loss_for_each_class,
        surprise_of_the_winner,
        squared,
        labels_counted_from_one,
    ),
    either=(
        (sum_for_mean, divided_by_every_entry, logarithm_of_the_mean, every_label_for_every_row),
    ),
    aspects=(Aspect("values", 2), Aspect("large logits", 1)),
    probes=(
        probe("one row", [[2.0, 1.0, -1.0]], [1]),
        probe(
            "two rows, two classes",
            [[2.0, 0.0], [1.0, 0.5]],
            [0, 1],
            why="here one-hot rows and class numbers have nearly the same shape.",
        ),
        probe("four rows", [[2.0, 1, -1], [0.5, 1.5, 0], [-1, 0, 2], [1, 2.5, 0.5]], [0, 1, 2, 0]),
        probe(
            "equal logits",
            [[0.0, 0.0, 0.0], [5.0, 5.0, 5.0]],
            [2, 0],
            why="a model that knows nothing pays log K.",
        ),
        probe(
            "a thousand",
            [[1000.0, 999.0], [998.0, 1000.0]],
            [0, 0],
            aspect="large logits",
            why="exp(1000) is `inf` in float64.",
        ),
        probe("sure and right", [[800.0, 0.0, 1.0]], [0], aspect="large logits"),
        probe(
            "sure and right, twice", [[900.0, 0.0], [-900.0, 0.0]], [0, 1], aspect="large logits"
        ),
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
        probe(
            "sure and wrong",
            [[0.0, 800.0, 1.0], [1.0, 0.0, 2.0]],
            [0, 2],
            aspect="large logits",
            why="p = exp(−800) is 0 in float64, but −log p is 800, an ordinary number.",
        ),
        probe("sure and wrong, below zero", [[-900.0, 0.0]], [0], aspect="large logits"),
    ),
    fresh=lambda rng: (rng.normal(scale=2, size=(3, 4)), rng.integers(0, 4, size=3)),
    hints=(
        "First the matrix of log p, by `shifted - log-sum-exp`, then one entry of each row.",
        "Two index arrays pick one entry per row: the row's number and its label.",
        "`-np.mean(log_p[np.arange(len(labels)), labels])`.",
    ),
)
