"""Wrong answers to the exercises of *relatives* and *machines*, and words of their verdicts."""

# Written as learners write.

from functools import partial

import numpy as np

from wrong_answers import learning

WRONG = []
wrong = partial(learning.wrong, into=WRONG)

VALUES = {
    "what-does-sparsemax-give": [["zero", "one of the letters"], [0, "one of the letters"]],
    "what-a-lower-temperature-moves": [
        ["up", "one of the letters"],
        ["a, c", "one of the letters"],
    ],
    "the-cost-of-a-label": [
        [10, "mistake: questions counted"],
        ["65536", "mistake: all classes"],
        [600, "too small"],
        [-640, "Look at the sign"],
    ],
    "what-has-to-be-sent": [["everything", "one of the letters"], [2, "one of the letters"]],
    "one-number-for-two": [["lse", "one of the letters"], ["b and d", "one of the letters"]],
    "the-bytes-of-a-batch": [
        ["16 kB", "is not a number"],
        [24576, "mistake: one number a row"],
        [50000, "too large"],
    ],
}
WRONG += [(id, value, words) for id, values in VALUES.items() for value, words in values]


@wrong("write-sparsemax", "mistake: all of them never tried")
def loop_off_by_one(z):
    s = np.sort(z)[::-1]
    for k in range(1, len(z)):
        tau = (s[:k].sum() - 1) / k
        if s[k] <= tau:
            break
    return np.maximum(z - tau, 0)


@wrong("write-sparsemax", "Work out the input")
def shift_by_max(z):
    p = np.maximum(z - z.max() + 1, 0)
    return p / p.sum()


@wrong("write-sparsemax", "Work out the input")
def squares(z):
    p = np.maximum(z, 0) ** 2
    return p / p.sum()


@wrong("draw-with-gumbel-noise", "Work out the input")
def draws_by_cumsum(z, u, T):
    p = np.exp(z / T) / np.exp(z / T).sum()
    return np.array([np.searchsorted(np.cumsum(p), row[0]) for row in u])


@wrong("draw-with-gumbel-noise", "One axis too many")
def returns_noisy(z, u, T):
    return z / T - np.log(-np.log(u))


@wrong("draw-with-gumbel-noise", "Work out the input")
def probabilities_plus_noise(z, u, T):
    p = np.exp(z / T) / np.exp(z / T).sum()
    return np.argmax(p - np.log(-np.log(u)), axis=-1)


@wrong("mend-the-leaf", "agrees on 1 of 12 inputs")
def min_step(z, s):
    return np.min(1 / (1 + np.exp(-s * z)), axis=-1)


@wrong("mend-the-leaf", "agrees on 1 of 12 inputs")
def tanh_steps(z, s):
    return np.prod((1 + np.tanh(s * z)) / 2, axis=-1)


@wrong("mend-the-halving", "Work out the input")
def divided_after(z):
    p = np.maximum(z - z.max() + 1, 0) ** 2
    return p / p.sum()


@wrong("mend-the-halving", "Work out the input below")
def softmax(z):
    return np.exp(z) / np.exp(z).sum()


@wrong("write-the-mixture", "mistake: logits averaged")
def log_mean(z, w):
    e = np.exp(z) / np.exp(z).sum(-1, keepdims=True)
    p = np.exp(w @ np.log(e))
    return p / p.sum()


@wrong("write-the-mixture", "One axis too many")
def keeps_heads(z, w):
    e = np.exp(z) / np.exp(z).sum(-1, keepdims=True)
    return w[:, None] * e


@wrong("derive-the-sparse-product", "should add up to 0")
def divided_by_k(p, g):
    s = p > 0
    return s * (g - (s * g).mean(-1, keepdims=True))


@wrong("derive-the-sparse-product", "wrong for batches")
def full_matrix_of_first(p, g):
    s = (p > 0).astype(float)
    J = np.diag(s) - np.outer(s, s) / s.sum()
    return J @ g


@wrong("write-the-sampled-loss", "mistake: number of draws forgotten")
def divided_by_q(zy, z, q):
    return np.log(np.exp(zy) + np.sum(np.exp(z) / q)) - zy


@wrong("write-the-sampled-loss", "mistake: only the number")
def mean_for_sum(zy, z, q):
    return np.log(np.exp(zy) + np.mean(np.exp(z))) - zy


@wrong("write-the-sampled-loss", "the logarithm of the product with `proposal` were to base 10")
def log_ten(zy, z, q):
    c = z - np.log10(len(z) * q)
    return np.log(np.exp(zy) + np.sum(np.exp(c))) - zy


@wrong("mend-the-merge", "the mean were taken")
def mean_sum(z, m, s):
    return np.exp(z - m.max()) / np.mean(s * np.exp(m - m.max()))


@wrong("mend-the-merge", "off by one common factor")
def first_is_me(z, m, s):
    return np.exp(z - m[0]) / s[0]


@wrong("derive-the-gradient-of-a-part", "strangers not left out")
def index_error(p, y, first):
    g = p.copy()
    g[np.arange(len(y)), y - first] -= 1
    return g


@wrong("derive-the-gradient-of-a-part", "the `~` operator")
def log_gradient(p, y, first):
    own = y[:, None] - first == np.arange(p.shape[1])
    return -own / p


@wrong("write-the-loss-of-a-part", "`sums` were left out as a factor")
def logaddexp_of_maxima(z, m, s):
    return np.logaddexp.reduce(m) - z


@wrong("write-the-loss-of-a-part", "Work out the input below")
def log_of_each(z, m, s):
    return np.log(s.sum()) + m.sum() - z


@wrong("write-the-loss-of-a-part", "logarithm of the probability")
def surprise(label_logit, maxima, sums):
    top = max(maxima)
    p = np.exp(label_logit - top) / (sums * np.exp(maxima - top)).sum()
    return -np.log(p)


@wrong("write-the-loss-of-a-part", "logarithm of a bare quotient")
def surprise_of_exponentials(label_logit, maxima, sums):
    return -np.log(np.exp(label_logit) / (sums * np.exp(maxima)).sum())


@wrong("derive-the-gradient-of-a-part", "label used as a column")
def as_for_all_classes(probabilities, labels, first_class):
    gradient = probabilities.copy()
    gradient[range(len(labels)), labels] -= 1
    return gradient


@wrong("derive-the-gradient-of-a-part", "later strangers")
def earlier_ones_left_out(probabilities, labels, first_class):
    gradient = probabilities.copy()
    here = labels >= first_class
    gradient[np.flatnonzero(here), (labels - first_class)[here]] -= 1
    return gradient
