"""Wrong answers to exercises that came later, and words of their verdicts."""

# Written as learners write.

from functools import partial

import numpy as np

from wrong_answers import learning

WRONG = []
wrong = partial(learning.wrong, into=WRONG)

ASKED_FIRST = (
    "half-of-the-pixels-moved",
    "pixels-or-features",
    "which-way-with-one-label",
    "what-a-second-label-moves",
    "who-turns-the-answer",
    "one-point-a-class",
    "names-alone",
    "after-forty-tokens",
)
WRONG += [("the-spread-of-a-mean", value, "is not a number") for value in ("1/M", "small")]
WRONG += [(id, value, "one of the letters") for id in ASKED_FIRST for value in ("both", 1)]


def log_p(z):
    z = z - z.max(-1, keepdims=True)
    return z - np.log(np.exp(z).sum(-1, keepdims=True))


@wrong("write-the-sigmoid", "mistake: the other form for all")
def positive_form(x):
    return np.exp(x) / (np.exp(x) + 1)


@wrong("write-the-sigmoid", "mistake: one minus")
def from_the_other_side(x):
    with np.errstate(over="ignore"):
        return 1 - 1 / (1 + np.exp(x))


def loss(z, y):
    return -log_p(np.asarray(z, dtype=float))[y]


@wrong("check-a-gradient", "mistake: forward")
def one_sided(z, y, h):
    return [(loss(z + h * e, y) - loss(z, y)) / h for e in np.eye(len(z))]


@wrong("check-a-gradient", "mistake: exact gradient")
def by_the_formula(z, y, h):
    p = np.exp(log_p(z))
    p[y] -= 1
    return p


@wrong("write-the-soft-loss", "mistake: divided by every entry")
def one_mean(z, t):
    return -(t * log_p(z)).mean()


@wrong("write-the-soft-loss", "mistake: sum for mean")
def no_mean(z, t):
    return -(t * log_p(z)).sum()


@wrong("put-a-new-head", "mistake: without a bias")
def no_bias(n_features, n_classes):
    return [n_classes, n_classes * n_features]


@wrong("put-a-new-head", "mistake: frozen with the body")
def all_frozen(n_features, n_classes):
    return [n_classes]


def follow(rate, n_steps, opens):
    a = b = 1.0
    for step in range(n_steps):
        error = 2 * (a * b - 3)
        a, b = a - rate * error * b * opens(step), b - rate * error * a
    return [a, b]


@wrong("mend-the-late-optimiser", "mistake: as printed")
def never_handed_over(rate, n_steps, open_at):
    return follow(rate, n_steps, lambda step: False)


@wrong("mend-the-late-optimiser", "mistake: open from the start")
def never_frozen(rate, n_steps, open_at):
    return follow(rate, n_steps, lambda step: True)


@wrong("write-parameter-groups", "mistake: one rate for all")
def same_rate(w, rate, decay):
    return w - rate * np.prod(w) / w


@wrong("write-parameter-groups", "mistake: reversed order")
def first_is_fastest(w, rate, decay):
    return w - rate * decay ** np.arange(len(w)) * np.prod(w) / w
