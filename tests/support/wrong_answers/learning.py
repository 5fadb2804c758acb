"""Wrong answers to the exercises of Part II that nobody registered, and words of their verdicts.

Each exercise is solved badly in at least two ways, as learners write.
"""

# ruff: noqa: E731

import numpy as np

WRONG = []

VALUES = {
    "the-mean-surprise": [
        ("0.7", "Check: e to the power of min"),
        (0.467, "mistake: base ten"),
        ("1,55", "mistake: base two"),
    ],
    "which-row-is-a-gradient": [("b or c", "one of the letters"), (2, "one of the letters")],
    "the-floor-of-softmax-twice": [
        (0.149, "Check with two classes: ther"),
        (-0.905, "Look at the sign"),
        (0.2, "Check with two classes: ther"),
    ],
    "where-is-the-boundary": [
        (5.6, "Check: weight times your ans"),
        (9.5, "Check: weight times your ans"),
        ("-2,6", "Check: weight times your ans"),
    ],
    "which-sigmoid": [("0.12", "one of the letters"), ("a/b", "one of the letters")],
    "what-the-data-determine": [
        (15, "Check with two classes: ther"),
        (21, "mistake: all weights no intercept"),
        (10, "Check with two classes: ther"),
    ],
    "count-the-parameters": [
        (98, "Draw it: how many arrows lea"),
        (47, "Draw it: how many arrows lea"),
        (30, "Draw it: how many arrows lea"),
    ],
    "the-first-loss": [
        (0.5, "Check: e to the power of you"),
        (8, "exponential of it"),
        ("ln 8", "is not a number"),
    ],
    "what-passes-the-relu": [("-2", "one of the letters"), ("1", "one of the letters")],
    "what-the-temperature-moves": [("c and d", "one of the letters"), (3, "one of the letters")],
    "two-bins": [
        (0.3, "Check: a mean of two distanc"),
        ("79 %", "Check: a mean of two distanc"),
        (0.1, "Check: a mean of two distanc"),
    ],
    "which-part-for-the-temperature": [
        ("validation", "one of the letters"),
        ("a, c", "one of the letters"),
    ],
    "what-smoothing-does-to-the-race": [
        ("smaller", "one of the letters"),
        (0, "one of the letters"),
    ],
    "what-one-more-is-worth": [("less", "one of the letters"), (0.8, "one of the letters")],
    "what-the-next-millimetre-does": [(2, "one of the letters"), ("odds", "one of the letters")],
    "what-a-silent-unit-learns": [("nothing", "one of the letters"), (0, "one of the letters")],
    "another-base-rate": [
        ("3.6 %", "mistake: no new sum"),
        (0.018, "mistake: base rate multiplied"),
        (0.5, "Check with odds"),
    ],
    "the-gap-of-smoothing": [
        (0.7, "mistake: difference of targets"),
        ("inf", "ordinary, finite"),
        (2.6, "Check: softmax of your answe"),
        (1.23, "Check: softmax of your answe"),
    ],
}
WRONG += [(id, value, words) for id, values in VALUES.items() for value, words in values]


def wrong(id, words, into=WRONG):
    def keep(answer):
        into.append((id, answer, words))
        return answer

    return keep


def softmax(z):
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


# ── losses ───────────────────────────────────────────────────────────────────────────────────


@wrong("write-the-mean-loss", "p = exp(−800) is 0 in float64,")
def clipped(z, y):
    p = np.clip(softmax(z), 1e-7, 1)
    return -np.log(p[np.arange(len(y)), y]).mean()


@wrong("write-the-mean-loss", "“a binary loss for each class”")
def binary_for_all(z, y):
    p = np.clip(softmax(z), 1e-300, 1 - 1e-16)
    t = np.eye(z.shape[1])[y]
    return -(t * np.log(p) + (1 - t) * np.log(1 - p)).sum() / len(y)


@wrong("write-the-mean-loss", "mistake: surprise of the winner")
def of_the_winner(z, y):
    return -np.log(softmax(z).max(axis=-1)).mean()


@wrong("write-the-mean-loss", "is a sum, a mean, or an index, missing")
def not_reduced(z, y):
    return -np.log(softmax(z)[np.arange(len(y)), y])


@wrong("write-the-mean-loss", "“labels for one hot rows”")
def labels_one_hot(z, y):
    return -np.mean(np.sum(y * np.log(softmax(z)), axis=-1))


@wrong("write-the-mean-loss", "mistake: labels counted from one and log of softmax")
def labels_from_one(z, y):
    return -np.log(softmax(z)[np.arange(len(y)), y - 1]).mean()


@wrong("write-its-gradient", "mistake: turned at the label")
def in_a_loop(z, y):
    g = softmax(z)
    for i in range(len(y)):
        g[i, y[i]] = 1 - g[i, y[i]]
    return g / len(y)


@wrong("write-its-gradient", "mistake: labels for one hot rows")
def one_hot_wanted(z, y):
    return (softmax(z) - y) / len(y)


@wrong("write-its-gradient", "the sum over the rows of the result were returned")
def averaged_over_rows(z, y):
    return (softmax(z) - np.eye(z.shape[1])[y]).mean(axis=0)


@wrong("write-its-gradient", "`logits` stood in place of the probabilities")
def logits_minus_labels(z, y):
    return (z - np.eye(z.shape[1])[y]) / len(y)


@wrong("write-its-gradient", "It is close")
def numerical(z, y):
    def loss(z):
        return -np.log(softmax(z)[np.arange(len(y)), y]).mean()

    g = np.zeros(z.shape)
    for i in np.ndindex(*z.shape):
        d = np.zeros(z.shape)
        d[i] = 1e-4
        g[i] = (loss(z + d) - loss(z)) / 1e-4
    return g


@wrong("mend-the-binary-loss", "mistake: bracket too late")
def brackets_elsewhere(p, y):
    return -y * (np.log(p) + (1 - y) * np.log(1 - p))


@wrong("mend-the-binary-loss", "where the labeller is not sure")
def absolute(p, y):
    return np.abs(y * np.log(p) - (1 - y) * np.log(1 - p))


@wrong("mend-the-binary-loss", "It is close")
def with_epsilon(p, y):
    return -(y * np.log(p + 1e-3) + (1 - y) * np.log(1 - p + 1e-3))


@wrong("mend-the-binary-loss", "np.where")
def if_per_array(p, y):
    if y == 1:
        return -np.log(p)
    return -np.log(1 - p)


@wrong("write-smoothed-targets", "mistake: label left out")
def set_by_hand(labels, K, eps):
    t = np.full((len(labels), K), eps / K)
    t[np.arange(len(labels)), labels] = 1 - eps
    return t


@wrong("write-smoothed-targets", "should add up to 1")
def others_from_all(labels, K, eps):
    t = np.full((len(labels), K), eps / (K - 1))
    t[np.arange(len(labels)), labels] = 1 - eps / K
    return t


@wrong("write-smoothed-targets", "should add up to 1")
def clip_targets(labels, K, eps):
    return np.clip(np.eye(K)[labels], eps, 1 - eps)


@wrong("write-smoothed-targets", "whole numbers")
def integers(labels, K, eps):
    t = np.zeros((len(labels), K), dtype=int)
    t[np.arange(len(labels)), labels] = 1
    t[:] = t * (1 - eps) + eps / K
    return t


@wrong("write-the-weighted-mean", "their weights are 1, 1, 1 and")
def by_count(losses, labels, w):
    n = np.bincount(labels, minlength=len(w))
    return np.sum(w[labels] * losses / n[labels]) / np.sum(w)


@wrong("write-the-weighted-mean", "mistake: weighted twice")
def twice_weighted(losses, labels, w):
    return np.sum(w[labels] ** 2 * losses) / np.sum(w[labels])


@wrong("write-the-weighted-mean", "mistake: labels for weights")
def labels_as_weights(losses, labels, w):
    return np.sum(labels * losses) / np.sum(w[labels])


@wrong("derive-the-weighted-gradient", "“only through its own”")
def only_where_target(p, t):
    return np.where(t > 0, np.sum(t, -1, keepdims=True) * p - t, 0)


@wrong("derive-the-weighted-gradient", "the mean were taken")
def mean_for_sum(p, t):
    return np.mean(t, axis=-1, keepdims=True) * p - t


@wrong("derive-the-weighted-gradient", "the maximum were taken")
def largest(p, t):
    return np.max(t, axis=-1, keepdims=True) * p - t


@wrong("derive-the-weighted-gradient", "wrong for batches")
def keepdims_lost(p, t):
    return np.sum(t, axis=-1) * p - t


# ── regression ───────────────────────────────────────────────────────────────────────────────


@wrong("write-the-penalised-gradient", "where (3,) is expected")
def weights_alone(w, X, y, lam):
    p = 1 / (1 + np.exp(-(X @ w[:-1] + w[-1])))
    return (X.T @ (p - y) + lam * w[:-1]) / len(y)


@wrong("write-the-penalised-gradient", "in another order")
def bias_first(w, X, y, lam):
    p = 1 / (1 + np.exp(-(X @ w[:-1] + w[-1])))
    g = X.T @ (p - y) + lam * w[:-1]
    return np.concatenate([[np.sum(p - y)], g]) / len(y)


@wrong("write-the-penalised-gradient", "sizes of a matrix product")
def no_intercept_column(w, X, y, lam):
    p = 1 / (1 + np.exp(-(X @ w)))
    return (X.T @ (p - y) + lam * w) / len(y)


@wrong("write-the-penalised-gradient", "mistake: no sigmoid")
def linear_regression(w, X, y, lam):
    e = X @ w[:-1] + w[-1] - y
    return np.append(X.T @ e + lam * w[:-1], e.sum()) / len(y)


@wrong("write-the-penalised-gradient", "the last entry is right")
def absolute_penalty(w, X, y, lam):
    p = 1 / (1 + np.exp(-(X @ w[:-1] + w[-1])))
    return np.append(X.T @ (p - y) + lam * np.sign(w[:-1]), np.sum(p - y)) / len(y)


@wrong("mend-one-vs-rest", "keepdims=True")
def without_keepdims(z):
    s = 1 / (1 + np.exp(-z))
    return s / s.sum(axis=-1)


@wrong("mend-one-vs-rest", "mistake: votes shared")
def rounded_scores(z):
    s = (z > 0).astype(float)
    return s / s.sum(axis=-1, keepdims=True)


@wrong("mend-one-vs-rest", "the scores are 0.88, 0.73 and")
def log_normalised(z):
    s = -np.logaddexp(0, -z)
    return s / s.sum(axis=-1, keepdims=True)


@wrong("mend-one-vs-rest", "mistake: logits divided")
def logits_normalised(z):
    return z / z.sum(axis=-1, keepdims=True)


@wrong("derive-the-logistic-hessian", "mistake: gradients multiplied")
def gradient_squared(w, X):
    p = 1 / (1 + np.exp(-(X @ w)))
    g = X * p[:, None]
    return g.T @ g / len(X)


@wrong("derive-the-logistic-hessian", "keepdims=True")
def by_columns(w, X):
    p = 1 / (1 + np.exp(-(X @ w)))
    return X.T @ (X * (p * (1 - p))) / len(X)


@wrong("derive-the-logistic-hessian", "mistake: one derivative too many")
def one_minus_two_p(w, X):
    p = 1 / (1 + np.exp(-(X @ w)))
    return X.T @ (X * (p * (1 - 2 * p))[:, None]) / len(X)


@wrong("derive-the-logistic-hessian", "is an axis summed away")
def a_vector(w, X):
    p = 1 / (1 + np.exp(-(X @ w)))
    return (X**2).T @ (p * (1 - p)) / len(X)


# ── networks ─────────────────────────────────────────────────────────────────────────────────


@wrong("mend-the-relu", "the first two pass, whatever t")
def relu_of_the_slope(a, s):
    return np.maximum(s, 0) * np.maximum(a, 0)


@wrong("mend-the-relu", "the first two pass, whatever t")
def product_positive(a, s):
    return s * (a * s > 0)


@wrong("mend-the-relu", "the first two pass, whatever t")
def leaky(a, s):
    return np.where(a > 0, s, 0.01 * s)


@wrong("mend-the-relu", "np.where")
def if_statement(a, s):
    return s if a > 0 else 0


@wrong("write-the-weight-gradient", "mistake: divided again")
def outer_mean(x, s):
    return np.mean([np.outer(b, a) for a, b in zip(x, s, strict=True)], axis=0)


@wrong("write-the-weight-gradient", "mistake: transposed")
def inputs_first(x, s):
    return x.T @ s


@wrong("write-the-weight-gradient", "mistake: entry by entry")
def elementwise(x, s):
    return np.sum(s * x, axis=0)


@wrong("write-the-weight-gradient", "mistake: last example only")
def last_kept(x, s):
    for a, b in zip(x, s, strict=True):
        g = np.outer(b, a)
    return g


@wrong("derive-the-first-layer", "mistake: slope of the sigmoid")
def sigmoid_slope(X, s, W, V):
    h = 1 / (1 + np.exp(-(X @ W.T)))
    return ((s @ V) * h * (1 - h)).T @ X


@wrong("derive-the-first-layer", "nothing positive enters the th")
def leaky_mask(X, s, W, V):
    a = X @ W.T
    return ((s @ V) * np.where(a > 0, 1, 0.01)).T @ X


@wrong("derive-the-first-layer", "mistake: last transpose forgotten")
def no_transpose_in_front(X, s, W, V):
    a = X @ W.T
    return ((s @ V) * (a > 0)) @ X


@wrong("derive-the-first-layer", "mistake: forward not transposed")
def forward_without_transpose(X, s, W, V):
    a = X @ W
    return ((s @ V) * (a > 0)).T @ X


@wrong("derive-the-first-layer", "mistake: mask from the weights")
def mask_on_the_result(X, s, W, V):
    return ((s @ V).T @ X) * (W > 0)


# ── remedies ─────────────────────────────────────────────────────────────────────────────────


@wrong("undo-the-weights", "mistake: weights applied again")
def through_logits_plus(q, w):
    return softmax(np.log(q) + np.log(w))


@wrong("undo-the-weights", "the model considers both equal")
def root_of_weights(q, w):
    p = q / np.sqrt(w)
    return p / p.sum(-1, keepdims=True)


@wrong("undo-the-weights", "wrong for batches")
def columns(q, w):
    p = q / w
    return p / p.sum(0)


@wrong("undo-the-weights", "mistake: weights off the logits")
def weights_as_logits(q, w):
    return softmax(np.log(q) - w)


@wrong("write-precision-and-recall", "mistake: exchanged")
def recall_first(said, labels, k):
    hits = ((said == k) & (labels == k)).sum()
    return hits / (labels == k).sum(), hits / (said == k).sum()


@wrong("write-precision-and-recall", "mistake: always class one")
def class_one_in_mind(said, labels, k):
    hits = ((said == 1) & (labels == 1)).sum()
    return hits / (said == 1).sum(), hits / (labels == 1).sum()


@wrong("write-precision-and-recall", "of three alarms one is true")
def f_measure(said, labels, k):
    hits = ((said == k) & (labels == k)).sum()
    p, r = hits / (said == k).sum(), hits / (labels == k).sum()
    return 2 * p * r / (p + r), r


# ── calibration ──────────────────────────────────────────────────────────────────────────────


@wrong("mend-the-ensemble", "mistake: votes counted")
def vote(z):
    return np.mean(np.eye(z.shape[-1])[z.argmax(-1)], axis=0)


@wrong("mend-the-ensemble", "the mean of the probabilities ran along axis 2")
def mean_of_classes(z):
    return softmax(z).mean(axis=-1)


@wrong("mend-the-ensemble", "the product were taken")
def product(z):
    return np.prod(softmax(z), axis=0)


@wrong("mend-the-ensemble", "the median were taken")
def median(z):
    return np.median(softmax(z), axis=0)


@wrong("write-the-threshold", "mistake: threshold outside")
def strictly_above(p, y, t):
    kept = p.max(-1) > t
    return kept.mean(), (p.argmax(-1) != y)[kept].mean() if kept.any() else 0.0


@wrong("write-the-threshold", "mistake: nothing answered forgotten")
def mean_of_nothing(p, y, t):
    kept = p.max(-1) >= t
    with np.errstate(invalid="ignore"):
        return kept.mean(), (kept & (p.argmax(-1) != y)).sum() / kept.sum()


@wrong("write-the-threshold", "mistake: divided by all rows")
def of_all(p, y, t):
    kept = p.max(-1) >= t
    return kept.mean(), ((p.argmax(-1) != y) & kept).mean()


@wrong("write-the-calibration-error", "mistake: in two bins")
def histogram_bins(c, r, n):
    edges = np.linspace(0, 1, n + 1)
    return sum(
        np.mean(m) * abs(r[m].mean() - c[m].mean())
        for k in range(n)
        if (m := (c >= edges[k]) & (c <= edges[k + 1])).any()
    )


@wrong("write-the-calibration-error", "It gives `nan`")
def empty_bins(c, r, n):
    edges = np.linspace(0, 1, n + 1)
    return sum(
        np.mean(m) * abs(r[m].mean() - c[m].mean())
        for k in range(n)
        for m in [(c > edges[k]) & (c <= edges[k + 1])]
    )


@wrong("write-the-calibration-error", "mistake: not divided")
def count_for_share(c, r, n):
    edges = np.linspace(0, 1, n + 1)
    return sum(
        np.sum(m) * abs(r[m].mean() - c[m].mean())
        for k in range(n)
        if (m := (c > edges[k]) & (c <= edges[k + 1])).any()
    )


@wrong("write-the-calibration-error", "mistake: middle of the bin")
def middle_of_the_bin(c, r, n):
    edges = np.linspace(0, 1, n + 1)
    return sum(
        np.mean(m) * abs(r[m].mean() - (edges[k] + edges[k + 1]) / 2)
        for k in range(n)
        if (m := (c > edges[k]) & (c <= edges[k + 1])).any()
    )


@wrong("write-the-calibration-error", "mistake: sign kept")
def no_absolute(c, r, n):
    edges = np.linspace(0, 1, n + 1)
    return sum(
        np.mean(m) * (c[m].mean() - r[m].mean())
        for k in range(n)
        if (m := (c > edges[k]) & (c <= edges[k + 1])).any()
    )


@wrong("derive-the-pull-on-beta", "the probabilities are softmax")
def in_the_numerator_only(z, y, beta):
    p = softmax(z)
    return np.mean((p * z).sum(-1) - beta * z[np.arange(len(y)), y])


@wrong("derive-the-pull-on-beta", "mistake: label alone")
def p_minus_one(z, y, beta):
    p = softmax(beta * z)
    return np.mean((p[np.arange(len(y)), y] - 1) * z[np.arange(len(y)), y])


@wrong(
    "derive-the-pull-on-beta", "nothing were averaged in the mean of the difference with `logits`"
)
def not_averaged(z, y, beta):
    p = softmax(beta * z)
    return (p * z).sum(-1) - z[np.arange(len(y)), y]


@wrong("derive-the-pull-on-beta", "It is close")
def numerical_slope(z, y, beta):
    f = lambda b: -np.mean(np.log(softmax(b * z)[np.arange(len(y)), y]))
    return (f(beta + 1e-3) - f(beta)) / 1e-3


@wrong("derive-the-pull-on-beta", "the probabilities are softmax")
def gradient_summed(z, y, beta):
    return np.mean(softmax(beta * z) - np.eye(z.shape[1])[y])
