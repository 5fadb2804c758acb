"""Cross-entropy with soft targets."""

import numpy as np

from softmaxbook.checking import Aspect, Exercise, probe


def soft_loss(logits, targets):
    shifted = logits - np.max(logits, axis=-1, keepdims=True)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))
    return -np.mean(np.sum(targets * log_p, axis=-1))


def _log_p(logits):
    shifted = logits - np.max(logits, axis=-1, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))


def divided_by_every_entry(logits, targets, base=soft_loss):
    """The mean runs over all entries. Add along the row first: a row is one loss, and the mean is
    over the rows."""
    return base(logits, targets) / np.shape(logits)[-1]


def divided_by_the_classes(logits, targets):
    """You divide by the number of classes. The mean runs over the rows."""
    return soft_loss(logits, targets) * len(targets) / np.shape(logits)[-1]


def sum_for_mean(logits, targets, base=soft_loss):
    """This is the sum over the rows. The mean is asked for."""
    return base(logits, targets) * len(logits)


def sign_reversed(logits, targets, base=soft_loss):
    """The sign is reversed: logarithms of probabilities are negative, the loss is not."""
    return -base(logits, targets)


def hardened(logits, targets):
    """Only the class with the largest share counts. A soft target gives every class its share of
    the loss."""
    rows = np.arange(len(logits))
    return -np.mean(_log_p(logits)[rows, np.argmax(targets, axis=-1)])


def log_of_softmax(logits, targets):
    """Softmax first, then the logarithm: a probability below 2.4e−324 is rounded to 0, and log 0
    is −∞. Subtract the log-sum-exp from the logits."""
    return -np.mean(np.sum(targets * np.log(np.exp(_log_p(logits))), axis=-1))


def shift_forgotten(logits, targets):
    """The exponentials of large logits overflow. Subtract each row's maximum first."""
    log_p = logits - np.log(np.sum(np.exp(logits), axis=-1, keepdims=True))
    return -np.mean(np.sum(targets * log_p, axis=-1))


def shifted_by_the_smallest(logits, targets):
    """You subtract the *smallest* logit of a row. The exponents are then positive, and a wide gap
    overflows. Subtract the largest."""
    shifted = logits - np.min(logits, axis=-1, keepdims=True)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))
    return -np.mean(np.sum(targets * log_p, axis=-1))


def one_maximum_for_all(logits, targets):
    """You subtract one maximum from the whole batch. A row far below it underflows to zeros
    altogether, and the logarithm of 0 is −∞. Each row has a maximum of its own."""
    shifted = logits - np.max(logits)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))
    return -np.mean(np.sum(targets * log_p, axis=-1))


def roles_exchanged(logits, targets):
    """The roles are exchanged: the model's shares weight the logarithms of the targets."""
    p = np.exp(_log_p(logits))
    return -np.mean(np.sum(p * np.log(np.maximum(targets, 1e-300)), axis=-1))


def entropy_subtracted(logits, targets):
    """This is the Kullback–Leibler divergence: the targets' own entropy is subtracted. It changes
    no gradient, but it is another number."""
    own = np.sum(targets * np.log(np.maximum(targets, 1e-300)), axis=-1)
    return soft_loss(logits, targets) + np.mean(own)


def sure_rows_forgotten(logits, targets):
    """Each class is asked by itself: −log(1 − p) of what the target leaves is added. With softmax
    the shares add up to 1, and the sum of t log p is the whole loss."""
    log_p = _log_p(logits)
    other = np.log(np.maximum(-np.expm1(log_p), 1e-300))
    return -np.mean(np.sum(targets * log_p + (1 - targets) * other, axis=-1))


def normalised_over_the_batch(logits, targets):
    """One sum of exponentials runs over all rows. Each row has a sum of its own: `axis=-1,
    keepdims=True`."""
    shifted = logits - np.max(logits)
    log_p = shifted - np.log(np.sum(np.exp(shifted)))
    return -np.mean(np.sum(targets * log_p, axis=-1))


def classes_down_the_columns(logits, targets):
    """Your softmax runs down the columns, over the rows of the batch. The classes are along the
    last axis: `axis=-1`."""
    shifted = logits - np.max(logits, axis=0, keepdims=True)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=0, keepdims=True))
    return -np.mean(np.sum(targets * log_p, axis=-1))


def softmax_twice(logits, targets):
    """Softmax is applied twice: what goes into log-softmax are probabilities already."""
    return soft_loss(np.exp(_log_p(logits)), targets)


def logarithm_forgotten(logits, targets):
    """No logarithm is taken: this is the mean of t · p. The loss has minus that of t · log p."""
    return -np.mean(np.sum(targets * np.exp(_log_p(logits)), axis=-1))


def logarithm_of_the_sum_forgotten(logits, targets):
    """You subtract the sum of the exponentials. Subtract its logarithm."""
    shifted = logits - np.max(logits, axis=-1, keepdims=True)
    log_p = shifted - np.sum(np.exp(shifted), axis=-1, keepdims=True)
    return -np.mean(np.sum(targets * log_p, axis=-1))


def squared(logits, targets):
    """This is a squared distance between shares. Cross-entropy weights −log p by the targets."""
    return np.mean(np.sum((np.exp(_log_p(logits)) - targets) ** 2, axis=-1))


EXERCISE = Exercise(
    title="Cross-entropy with soft targets",
    kind="write",
    difficulty=2,
    statement=r"""
        A target need not be one class. Smoothing, mixing pictures, or several people's labels give
        each class a share, and the shares of a row add up to 1.
        Write `soft_loss(logits, targets)` for two arrays of shape `(N, K)`: the mean over the rows
        of $-\sum_k t_k \log p_k$, with $p$ the softmax of the row.
        The loss must be finite wherever its true value is.
        """,
    solution=soft_loss,
    mistakes=(
        divided_by_every_entry,
        divided_by_the_classes,
        sum_for_mean,
        sign_reversed,
        hardened,
        log_of_softmax,
        shift_forgotten,
        shifted_by_the_smallest,
        one_maximum_for_all,
        roles_exchanged,
        entropy_subtracted,
        sure_rows_forgotten,
        normalised_over_the_batch,
        classes_down_the_columns,
        softmax_twice,
        logarithm_forgotten,
        logarithm_of_the_sum_forgotten,
        squared,
    ),
    either=((divided_by_every_entry, sum_for_mean),),
    aspects=(Aspect("values", 2), Aspect("large logits", 1)),
    probes=(
        probe("one row", [[2.0, 1.0, -1.0]], [[0.7, 0.2, 0.1]]),
        probe("two rows", [[2.0, 0.0], [1.0, 0.5]], [[0.9, 0.1], [0.25, 0.75]]),
        probe(
            "one-hot rows",
            [[2.0, 1, -1], [0.5, 1.5, 0], [-1, 0, 2]],
            [[1.0, 0, 0], [0, 1, 0], [0, 1, 0]],
            why="a hard target is a soft one too.",
        ),
        probe("equal shares", [[1.0, 3.0, -2.0]], [[1 / 3, 1 / 3, 1 / 3]]),
        probe("whole numbers", [[2, 1, -1], [0, 3, 1]], [[0.5, 0.25, 0.25], [0.1, 0.8, 0.1]]),
        probe(
            "a thousand",
            [[1000.0, 999.0], [998.0, 1000.0]],
            [[0.5, 0.5], [0.9, 0.1]],
            aspect="large logits",
            why="exp(1000) is `inf` in float64.",
        ),
        probe(
            "rows a thousand apart",
            [[1000.0, 999.0], [0.0, 1.0]],
            [[0.5, 0.5], [0.9, 0.1]],
            aspect="large logits",
            why="every row needs a shift of its own.",
        ),
        probe(
            "the other way round",
            [[-800.0, -799.0, -801.0], [2.0, 1.0, 0.0]],
            [[0.2, 0.3, 0.5], [0.6, 0.4, 0.0]],
            aspect="large logits",
        ),
        probe(
            "sure and wrong",
            [[0.0, 800.0, 1.0]],
            [[0.5, 0.5, 0.0]],
            aspect="large logits",
            why="p is 0 in float64, and −log p is 800.",
        ),
        probe(
            "sure and wrong, below zero",
            [[0.0, -900.0], [1.0, 2.0]],
            [[0.2, 0.8], [0.6, 0.4]],
            aspect="large logits",
        ),
        probe("large and equal", [[900.0, 900.0, 899.0]], [[0.2, 0.3, 0.5]], aspect="large logits"),
        probe("right by far", [[720.0, 0.0]], [[0.5, 0.5]], aspect="large logits"),
        probe(
            "right by far, twice",
            [[0.0, 730.0], [-725.0, 0.0]],
            [[0.1, 0.9], [0.3, 0.7]],
            aspect="large logits",
        ),
    ),
    fresh=lambda rng: (rng.normal(scale=2, size=(3, 4)), rng.dirichlet(np.ones(4), size=3)),
    hints=(
        "First the matrix of log p. Then each entry is weighted by the target's.",
        "Which axis do the classes lie on, and what is the mean taken over?",
        "`-np.mean(np.sum(targets * log_p, axis=-1))`.",
    ),
    explanation="With one-hot rows it is the loss of the labels.",
)
