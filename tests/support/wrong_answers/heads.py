"""Wrong answers to the exercises of *heads*, and words of their verdicts.

Most were written before the mistakes as which some of them are now told.
"""

# Written as learners write.
# ruff: noqa: NPY002

from functools import partial

import numpy as np

from wrong_answers import learning

WRONG = []
wrong = partial(learning.wrong, into=WRONG)

VALUES = {
    "what-moves-though-frozen": [
        ["batch norm", "one of the letters"],
        ["a/b", "one of the letters"],
    ],
    "how-many-numbers-learn": [
        [72000, "mistake: body only"],
        [651, "too large"],
        [6.5, "a hundredth of it"],
        ["48*64", "is not a number"],
    ],
    "the-head-of-the-source": [
        ["ln 48", "is not a number"],
        ["2.3", "mistake: classes of the target"],
        [1.68, "a number of outputs"],
        [48, "exponential of it"],
    ],
}
WRONG += [(id, value, words) for id, values in VALUES.items() for value, words in values]


def softmax(z):
    e = np.exp(z - z.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def train(x, y, K, r, n, W=None):
    W = np.zeros((K, x.shape[1])) if W is None else W
    for _ in range(n):
        W = W - r * (softmax(x @ W.T) - np.eye(K)[y]).T @ x / len(y)
    return W


@wrong("mend-the-frozen-normalisation", "mistake: batch divided by one less")
def nothing_mended_but_the_root(x, mean, var, scale, shift):
    m, v = x.mean(0), x.var(0, ddof=1)
    return scale * (x - m) / np.sqrt(v + 1e-5) + shift


@wrong("mend-the-frozen-normalisation", "mistake: one mean for all")
def whole_batch(x, mean, var, scale, shift):
    return scale * (x - x.mean()) / np.sqrt(x.var() + 1e-5) + shift


@wrong("mend-the-frozen-normalisation", "mistake: mean added")
def mean_added(x, mean, var, scale, shift):
    return scale * (x + mean) / np.sqrt(var + 1e-5) + shift


@wrong("mend-the-frozen-normalisation", "mistake: multiplied by the spread")
def multiplied_by_spread(x, mean, var, scale, shift):
    return scale * (x - mean) * np.sqrt(var + 1e-5) + shift


@wrong("mend-the-frozen-normalisation", "mistake: scale and shift exchanged")
def swapped_scale_shift(x, mean, var, scale, shift):
    return shift * (x - mean) / np.sqrt(var + 1e-5) + scale


@wrong("mend-the-frozen-normalisation", "mistake: not normalised")
def input_back(x, mean, var, scale, shift):
    return scale * x + shift


@wrong("mend-the-frozen-normalisation", "mistake: along the rows")
def layer_norm(x, mean, var, scale, shift):
    m, v = x.mean(1, keepdims=True), x.var(1, keepdims=True)
    return scale * (x - m) / np.sqrt(v + 1e-5) + shift


@wrong("mend-the-frozen-normalisation", "step by step")
def larger_eps(x, mean, var, scale, shift):
    return scale * (x - mean) / np.sqrt(var + 1e-3) + shift


@wrong("mend-the-frozen-normalisation", "One axis too few")
def first_row(x, mean, var, scale, shift):
    return (scale * (x - mean) / np.sqrt(var + 1e-5) + shift)[0]


@wrong("mend-the-frozen-normalisation", "mistake: brackets forgotten")
def mean_scaled_only(x, mean, var, scale, shift):
    return scale * x - mean / np.sqrt(var + 1e-5) + shift


@wrong("mend-the-frozen-normalisation", "mistake: mean moves first")
def moved(x, m, v, g, b):
    m = 0.9 * m + 0.1 * x.mean(0)
    return g * (x - m) / np.sqrt(v + 1e-5) + b


@wrong("mend-the-frozen-normalisation", "mistake: batch without the constant")
def batch_no_eps(x, m, v, g, b):
    return g * (x - x.mean(0)) / x.std(0) + b


@wrong("mend-the-frozen-normalisation", "mistake: shift forgotten and constant forgotten")
def kept_no_shift_no_eps(x, m, v, g, b):
    return g * (x - m) / np.sqrt(v)


@wrong("mend-the-features", "equal pictures have equal fe")
def another_seed(x, w, p):
    h = np.maximum(x @ w.T, 0)
    return h * (np.random.default_rng(1).random(h.shape) >= p) / (1 - p)


@wrong("mend-the-features", "equal pictures have equal fe")
def no_seed(x, w, p):
    h = np.maximum(x @ w.T, 0)
    return h * (np.random.random(h.shape) >= p) / (1 - p)


@wrong("mend-the-features", "mistake: pixels dropped")
def mask_of_the_pixels(x, w, p):
    return np.maximum((x * (np.random.default_rng(0).random(x.shape) >= p)) @ w.T, 0)


@wrong("mend-the-features", "mistake: small features dropped")
def threshold(x, w, p):
    h = np.maximum(x @ w.T, 0)
    return h * (h >= p)


@wrong("mend-the-features", "equal pictures have equal fe")
def mask_reversed(x, w, p):
    h = np.maximum(x @ w.T, 0)
    return h * (np.random.default_rng(0).random(h.shape) < p) / (1 - p)


@wrong("mend-the-features", "Within each result all entries are")
def scaled_by_p(x, w, p):
    return np.maximum(x @ w.T, 0) / p


@wrong("mend-the-features", "mistake: sigmoid for relu")
def sigmoid_features(x, w, p):
    return 1 / (1 + np.exp(-x @ w.T))


@wrong("mend-the-features", "the mean over the rows of the result were returned")
def mean_feature(x, w, p):
    return np.maximum(x @ w.T, 0).mean(0)


@wrong("mend-the-features", "mistake: scaled down and always the first")
def same_mask_for_rows_unscaled(x, w, p):
    h = np.maximum(x @ w.T, 0)
    return h * (np.random.default_rng(0).random(h.shape[1]) >= p)


@wrong("mend-the-features", "mistake: brought to length one")
def standard(x, w, p):
    h = np.maximum(x @ w.T, 0)
    return h / np.linalg.norm(h, axis=1, keepdims=True)


@wrong("mend-the-features", "mistake: scaled down")
def expectation_twice(x, w, p):
    h = np.maximum(x @ w.T, 0)
    return h * (1 - p) / (1 - p) * (1 - p)


@wrong("mend-the-features", "mistake: relu on the pixels")
def relu_on_pixels(x, w, p):
    return np.maximum(x, 0) @ w.T


@wrong("mend-the-features", "Within each result all entries are")
def half(x, w, p):
    return np.maximum(x @ w.T, 0) * p


@wrong("what-does-not-fit", "mistake: axes compared")
def shape_lengths(n, s):
    both = set(n) & set(s)
    return [len(set(n) - both), len(set(s) - both), sum(len(n[k]) != len(s[k]) for k in both)]


@wrong("what-does-not-fit", "The numbers are right")
def order_of_answer(n, s):
    both = set(n) & set(s)
    return [sum(n[k] != s[k] for k in both), len(n) - len(both), len(s) - len(both)]


@wrong("what-does-not-fit", "mistake: both sides together")
def symmetric(n, s):
    both = set(n) & set(s)
    k = len(set(n) ^ set(s))
    return [k, k, sum(n[k] != s[k] for k in both)]


@wrong("what-does-not-fit", "One number comes back")
def only_missing(n, s):
    return sum(k not in s for k in n)


@wrong("what-does-not-fit", "KeyError")
def key_error(n, s):
    return [sum(k not in s for k in n), sum(k not in n for k in s), sum(n[k] != s[k] for k in n)]


@wrong("what-does-not-fit", "Numbers are expected; what came ba")
def names_lists(n, s):
    return [k for k in n if k not in s], [k for k in s if k not in n], []


@wrong("what-does-not-fit", "Wherever it is wrong")
def shapes_as_values(n, s):
    return [len(set(n) - set(s)), len(set(s) - set(n)), len(set(n.values()) ^ set(s.values()))]


@wrong("what-does-not-fit", "mistake: whether for how many")
def booleans(n, s):
    return [
        any(k not in s for k in n),
        any(k not in n for k in s),
        any(n[k] != s.get(k, n[k]) for k in n),
    ]


@wrong("what-does-not-fit", "mistake: missing has no shape")
def wrong_and_missing_together(n, s):
    return [
        sum(k not in s for k in n),
        sum(k not in n for k in s),
        sum(n[k] != s.get(k) for k in n),
    ]


@wrong("what-does-not-fit", "mistake: order of axes ignored")
def transposed_is_fine(n, s):
    both = set(n) & set(s)
    return [len(n) - len(both), len(s) - len(both), sum(sorted(n[k]) != sorted(s[k]) for k in both)]


@wrong("what-does-not-fit", "the head has its name in bot")
def last_axis(n, s):
    both = set(n) & set(s)
    return [len(n) - len(both), len(s) - len(both), sum(n[k][-1] != s[k][-1] for k in both)]


@wrong("what-does-not-fit", "mistake: wrong shapes count as missing")
def set_of_items(n, s):
    a, b = set(n.items()), set(s.items())
    return [len(a - b), len(b - a), len(set(n) & set(s)) - len(a & b)]


@wrong("what-does-not-fit", "The result has shape")
def two_numbers(n, s):
    return [len(set(n) - set(s)), len(set(s) - set(n))]


@wrong("what-does-not-fit", "Wherever it is wrong")
def sums(n, s):
    both = set(n) & set(s)
    return [len(n) - len(both), len(s) - len(both), sum(sum(n[k]) != sum(s[k]) for k in both)]


@wrong("train-a-head", "step by step")
def random_start(x, y, K, r, n):
    return train(x, y, K, r, n, np.random.default_rng(0).normal(size=(K, x.shape[1])) * 0.01)


@wrong("train-a-head", "1 too large")
def ones_start(x, y, K, r, n):
    return train(x, y, K, r, n, np.ones((K, x.shape[1])))


@wrong("train-a-head", "mistake: row by row")
def row_by_row(x, y, K, r, n):
    W = np.zeros((K, x.shape[1]))
    for _ in range(n):
        for i in range(len(y)):
            W -= r * np.outer(softmax(W @ x[i]) - np.eye(K)[y[i]], x[i])
    return W


@wrong("train-a-head", "mistake: rate not used")
def rate_not_used(x, y, K, r, n):
    return train(x, y, K, 1.0, n)


@wrong("train-a-head", "step by step")
def falling_rate(x, y, K, r, n):
    W = np.zeros((K, x.shape[1]))
    for i in range(n):
        W -= r * (1 - i / n) * (softmax(x @ W.T) - np.eye(K)[y]).T @ x / len(y)
    return W


@wrong("train-a-head", "The result has shape")
def logits_returned(x, y, K, r, n):
    return x @ train(x, y, K, r, n).T


@wrong("train-a-head", "The result holds whole numbers. An")
def forecast_returned(x, y, K, r, n):
    return softmax(x @ train(x, y, K, r, n).T).argmax(1)


@wrong("train-a-head", "mistake: one step more")
def one_step_more(x, y, K, r, n):
    return train(x, y, K, r, n + 1)


@wrong("train-a-head", "mistake: one sum for all")
def global_softmax(x, y, K, r, n):
    W = np.zeros((K, x.shape[1]))
    for _ in range(n):
        e = np.exp(x @ W.T)
        W -= r * (e / e.sum() - np.eye(K)[y]).T @ x / len(y)
    return W


@wrong("train-a-head", "mistake: divided by the classes")
def divided_by_classes(x, y, K, r, n):
    return train(x, y, K, r * len(y) / K, n)


@wrong("train-a-head", "mistake: all labels in every row")
def labels_one_hot_wrong(x, y, K, r, n):
    W = np.zeros((K, x.shape[1]))
    for _ in range(n):
        p = softmax(x @ W.T)
        p[:, y] -= 1
        W -= r * p.T @ x / len(y)
    return W


@wrong("train-a-head", "mistake: uphill")
def label_minus_p(x, y, K, r, n):
    W = np.zeros((K, x.shape[1]))
    for _ in range(n):
        W -= r * (np.eye(K)[y] - softmax(x @ W.T)).T @ x / len(y)
    return W


@wrong("train-a-head", "The result has shape")
def n_classes_from_labels(x, y, K, r, n):
    return train(x, y, y.max() + 1, r, n)


@wrong("train-a-head", "mistake: with momentum")
def momentum(x, y, K, r, n):
    W = np.zeros((K, x.shape[1]))
    v = 0
    for _ in range(n):
        v = 0.9 * v + (softmax(x @ W.T) - np.eye(K)[y]).T @ x / len(y)
        W = W - r * v
    return W


@wrong("train-a-head", "mistake: with a bias")
def with_bias(x, y, K, r, n):
    W, b = np.zeros((K, x.shape[1])), np.zeros(K)
    for _ in range(n):
        g = (softmax(x @ W.T + b) - np.eye(K)[y]) / len(y)
        W -= r * g.T @ x
        b -= r * g.sum(0)
    return W


@wrong("train-a-head", "mistake: summed over the rows and transposed")
def transposed_shapes(x, y, K, r, n):
    W = np.zeros((x.shape[1], K))
    for _ in range(n):
        W -= r * x.T @ (softmax(x @ W) - np.eye(K)[y])
    return W


@wrong("train-a-head", "mistake: summed over the rows and softmax of softmax")
def summed_and_twice(x, y, K, r, n):
    W = np.zeros((K, x.shape[1]))
    for _ in range(n):
        p = softmax(softmax(x @ W.T))
        W -= r * (p - np.eye(K)[y]).T @ x
    return W


@wrong("derive-the-slope-at-the-features", "mistake: row of the label only")
def jacobian_of_p(f, W, b, y):
    p = softmax(f @ W.T + b)
    return (p[np.arange(len(y)), y] - 1)[:, None] * W[y] / len(y)


@wrong("derive-the-slope-at-the-features", "mistake: multiplied by the features")
def times_features(f, W, b, y):
    return (softmax(f @ W.T + b) - np.eye(len(b))[y]) @ W * f / len(y)


@wrong("derive-the-slope-at-the-features", "the sum over the rows of the result were returned")
def mean_over_rows(f, W, b, y):
    return ((softmax(f @ W.T + b) - np.eye(len(b))[y]) @ W).mean(0)


@wrong("derive-the-slope-at-the-features", "mistake: masked by a relu")
def relu_masked(f, W, b, y):
    return ((softmax(f @ W.T + b) - np.eye(len(b))[y]) @ W) * (f > 0) / len(y)


@wrong("derive-the-slope-at-the-features", "mistake: divided by the classes")
def divided_by_classes_d(f, W, b, y):
    return (softmax(f @ W.T + b) - np.eye(len(b))[y]) @ W / len(b)


@wrong("derive-the-slope-at-the-features", "step by step")
def bias_added_to_gradient(f, W, b, y):
    return (softmax(f @ W.T) - np.eye(len(b))[y]) @ W / len(y) + b.sum()


@wrong("derive-the-slope-at-the-features", "mistake: normalised over the rows")
def softmax_over_rows(f, W, b, y):
    z = f @ W.T + b
    p = np.exp(z) / np.exp(z).sum(0)
    return (p - np.eye(len(b))[y]) @ W / len(y)


@wrong("derive-the-slope-at-the-features", "mistake: logits for probabilities")
def logits_for_probabilities(f, W, b, y):
    return (f @ W.T + b - np.eye(len(b))[y]) @ W / len(y)


@wrong("derive-the-slope-at-the-features", "mistake: row of the label only")
def label_only(f, W, b, y):
    p = softmax(f @ W.T + b)
    out = np.zeros_like(p)
    out[np.arange(len(y)), y] = p[np.arange(len(y)), y] - 1
    return out @ W / len(y)


@wrong("derive-the-slope-at-the-features", "mistake: step taken")
def shifted_by_features(f, W, b, y):
    return f - (softmax(f @ W.T + b) - np.eye(len(b))[y]) @ W / len(y)


@wrong("derive-the-slope-at-the-features", "mistake: bias forgotten and summed over the rows")
def no_mean_no_bias(f, W, b, y):
    return (softmax(f @ W.T) - np.eye(len(b))[y]) @ W


@wrong("derive-the-slope-at-the-features", "mistake: sign reversed")
def y_minus_p(f, W, b, y):
    return (np.eye(len(b))[y] - softmax(f @ W.T + b)) @ W / len(y)


@wrong("derive-the-slope-at-the-features", "mistake: turned at the label")
def abs_slopes(f, W, b, y):
    return np.abs(softmax(f @ W.T + b) - np.eye(len(b))[y]) @ W / len(y)
