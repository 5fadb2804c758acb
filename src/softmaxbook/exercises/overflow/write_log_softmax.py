"""Log-softmax."""

import numpy as np

from softmaxbook.checking import Aspect, Exercise, probe


def log_probabilities(logits):
    shifted = logits - np.max(logits, axis=-1, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))


def log_of_softmax(logits):
    """The logarithm of softmax: a probability loses digits below 2.2e−308 and is rounded to 0 below
    2.4e−324, and log 0 is −∞. Subtract the log-sum-exp from the logits instead: no small number
    is ever formed."""
    exponentials = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    return np.log(exponentials / np.sum(exponentials, axis=-1, keepdims=True))


def shift_forgotten(logits):
    """The exponentials overflow. Subtract the maximum first, from every logit."""
    return logits - np.log(np.sum(np.exp(logits), axis=-1, keepdims=True))


def shifted_by_the_smallest(logits):
    """You subtract the *smallest* logit. The exponents are then positive, and a wide gap overflows.
    Subtract the largest."""
    shifted = logits - np.min(logits, axis=-1, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))


def maximum_counted_once(logits):
    """The maximum is subtracted inside the sum, and not from the logit before it: the two terms
    belong to different shifts. The result is off by the maximum."""
    maximum = np.max(logits, axis=-1, keepdims=True)
    return logits - np.log(np.sum(np.exp(logits - maximum), axis=-1, keepdims=True))


def maximum_subtracted_twice(logits):
    """The maximum is subtracted twice: from the logits, and again beside the logarithm, where it
    would have to be added."""
    maximum = np.max(logits, axis=-1, keepdims=True)
    return logits + maximum - np.log(np.sum(np.exp(logits - maximum), axis=-1, keepdims=True))


def shift_is_not_all(logits):
    """You subtract the maximum and stop there. The largest logit then has log p = 0, p = 1;
    subtract the logarithm of the sum too."""
    return logits - np.max(logits, axis=-1, keepdims=True)


def logarithm_of_the_sum_forgotten(logits):
    """You subtract the sum of the exponentials. Subtract its logarithm."""
    shifted = logits - np.max(logits, axis=-1, keepdims=True)
    return shifted - np.sum(np.exp(shifted), axis=-1, keepdims=True)


def logarithm_forgotten(logits, base=log_probabilities):
    """No logarithm is taken: those of the probabilities are asked for."""
    return np.exp(base(logits))


def sign_reversed(logits, base=log_probabilities):
    """The sign is reversed: log p is negative. (−log p is the loss of that class.)"""
    return -base(logits)


def a_small_constant_added(logits):
    """You add a small constant before the logarithm. That turns −∞ into a wrong finite number:
    log 1e−12 is −27.6, and the true value here is far below. Use z − log-sum-exp."""
    exponentials = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    return np.log(exponentials / np.sum(exponentials, axis=-1, keepdims=True) + 1e-12)


def wrong_axis(logits, base=log_probabilities):
    """The sum runs over the samples, down the columns: `axis=-1`."""
    return np.swapaxes(base(np.swapaxes(logits, 0, -1)), 0, -1)


def one_sum_for_all(logits):
    """The maximum is each row's own; the sum runs over the whole batch. Each row has its own sum:
    `axis=-1, keepdims=True`."""
    shifted = logits - np.max(logits, axis=-1, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted)))


EXERCISE = Exercise(
    title="Log-softmax",
    kind="write",
    difficulty=2,
    statement=r"""
        Write `log_probabilities(logits)`: the logarithms of the softmax probabilities over the last
        axis. They must be right where the probability itself is too small for a float.
        """,
    solution=log_probabilities,
    mistakes=(
        log_of_softmax,
        shift_forgotten,
        shifted_by_the_smallest,
        maximum_counted_once,
        maximum_subtracted_twice,
        shift_is_not_all,
        logarithm_of_the_sum_forgotten,
        logarithm_forgotten,
        sign_reversed,
        a_small_constant_added,
        wrong_axis,
        one_sum_for_all,
    ),
    either=(
        (logarithm_forgotten, a_small_constant_added),
        (wrong_axis, one_sum_for_all),
    ),
    aspects=(Aspect("values", 2), Aspect("large logits", 1), Aspect("wide gaps", 1)),
    probes=(
        probe("three classes", [2.0, 1.0, -1.0]),
        probe("one class", [3.0], why="log 1 = 0."),
        probe("a batch", [[2.0, 1.0, -1.0], [0.0, 0.5, 3.0]]),
        probe(
            "a thousand",
            [1000.0, 999.0],
            aspect="large logits",
            why="exp(1000) is `inf` in float64.",
        ),
        probe(
            "minus a thousand", [[-1000.0, -1001.0, -999.0], [1.0, 2.0, 3.0]], aspect="large logits"
        ),
        probe(
            "a gap of 800",
            [800.0, 0.0],
            aspect="wide gaps",
            why="p = exp(−800) is 0 in float64, but log p is −800, an ordinary number.",
        ),
        probe("a gap of 1000, below zero", [0.0, -1000.0, -2.0], aspect="wide gaps"),
    ),
    fresh=lambda rng: (rng.normal(scale=3, size=(2, 4)),),
    hints=(
        "log(a / b) = log a − log b. What is the logarithm of the numerator?",
        "log p = z − log Σ exp(z). Shift both terms by the maximum.",
        "`shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))`.",
    ),
)
