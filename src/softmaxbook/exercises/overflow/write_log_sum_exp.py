"""Log-sum-exp that does not overflow."""

import numpy as np

from softmaxbook.checking import Aspect, Exercise, probe


def log_sum_exp(logits):
    maximum = np.max(logits, axis=-1, keepdims=True)
    maximum = np.where(np.isfinite(maximum), maximum, 0.0)
    with np.errstate(divide="ignore"):
        total = np.log(np.sum(np.exp(logits - maximum), axis=-1))
    return total + maximum[..., 0]


def shift_forgotten(logits):
    """The exponentials overflow: exp(1000) is `inf`, and exp(−1000) is 0. Take
    exp(max) out of the sum, and add the maximum back after the logarithm."""
    return np.log(np.sum(np.exp(logits), axis=-1))


def maximum_not_added_back(logits):
    """You subtract the maximum and never add it back. Softmax does not need it back, because it
    cancels; here it is missing in the result."""
    maximum = np.max(logits, axis=-1, keepdims=True)
    return np.log(np.sum(np.exp(logits - maximum), axis=-1))


def maximum_subtracted_again(logits):
    """The maximum is subtracted twice: the second time it has to be *added*."""
    maximum = np.max(logits, axis=-1, keepdims=True)
    return np.log(np.sum(np.exp(logits - maximum), axis=-1)) - maximum[..., 0]


def minimum_for_maximum(logits):
    """You shift by the *smallest* logit. The exponents are then positive, and a wide gap
    overflows. Shift by the largest."""
    minimum = np.min(logits, axis=-1, keepdims=True)
    return np.log(np.sum(np.exp(logits - minimum), axis=-1)) + minimum[..., 0]


def mean_for_sum(logits, base=log_sum_exp):
    """A mean stands where the sum belongs: that takes ln K off."""
    return base(logits) - np.log(logits.shape[-1])


def axis_kept(logits, base=log_sum_exp):
    """The result has an axis of length 1 too many: each row becomes one number. Leave out the last
    `keepdims`."""
    return base(logits)[..., None]


def one_number_for_all(logits):
    """You sum over the whole array. Each row has its own log-sum-exp: `axis=-1`."""
    return np.max(logits) + np.log(np.sum(np.exp(logits - np.max(logits))))


def masked_row_forgotten(logits):
    """A row that holds nothing except −∞ gives `nan`: its maximum is −∞, and −∞ − (−∞) has no
    value. An empty sum is 0 and its logarithm −∞: shift by 0 where the maximum is
    not finite."""
    maximum = np.max(logits, axis=-1, keepdims=True)
    return np.log(np.sum(np.exp(logits - maximum), axis=-1)) + maximum[..., 0]


def logarithm_forgotten(logits):
    """This is the sum of the exponentials. Its logarithm is asked for."""
    return np.sum(np.exp(logits), axis=-1)


EXERCISE = Exercise(
    title="Log-sum-exp that does not overflow",
    kind="write",
    difficulty=2,
    statement=r"""
        Write `log_sum_exp(logits)`: $\log \sum_j e^{z_j}$ over the last axis, for logits of any
        size. A masked class has the logit $-\infty$ and counts for nothing; if all classes are
        masked, the result is $-\infty$.
        """,
    solution=log_sum_exp,
    mistakes=(
        shift_forgotten,
        maximum_not_added_back,
        maximum_subtracted_again,
        minimum_for_maximum,
        mean_for_sum,
        axis_kept,
        one_number_for_all,
        masked_row_forgotten,
        logarithm_forgotten,
    ),
    either=((mean_for_sum, logarithm_forgotten),),
    aspects=(
        Aspect("values", 2),
        Aspect("large logits", 2),
        Aspect("masks", 1),
        Aspect("all masked", 1),
    ),
    probes=(
        probe("three classes", [2.0, 1.0, -1.0]),
        probe("one class", [3.0], why="one logit is its own log-sum-exp."),
        probe("a batch", [[2.0, 1.0, -1.0], [0.0, 0.0, 0.0]]),
        probe(
            "a thousand",
            [1000.0, 999.0],
            aspect="large logits",
            why="exp(1000) is `inf`; the result is a little above 1000.",
        ),
        probe(
            "minus a thousand",
            [-1000.0, -1000.0],
            aspect="large logits",
            why="exp(−1000) is 0, and log 0 is −∞; the result is −1000 + ln 2.",
        ),
        probe("a wide gap", [[0.0, 1000.0], [-1000.0, 0.0]], aspect="large logits"),
        probe("one class masked", [1.0, -np.inf, 2.0], aspect="masks"),
        probe("masks in a batch", [[-np.inf, 5.0], [0.0, -np.inf]], aspect="masks"),
        probe("all masked", [-np.inf, -np.inf], aspect="all masked"),
        probe("a masked row", [[-np.inf, -np.inf], [1.0, 2.0]], aspect="all masked"),
    ),
    fresh=lambda rng: (rng.normal(scale=3, size=(2, 4)),),
    hints=(
        "Take exp(m) out of the sum. What becomes of it behind the logarithm?",
        "m + log Σ exp(z − m), with m the maximum of the row.",
        "If m is −∞, use 0 instead: `np.where(np.isfinite(m), m, 0.0)`.",
    ),
)
