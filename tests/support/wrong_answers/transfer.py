"""Wrong answers to the exercises of *transfer*, and words of their verdicts.

Most were written before the mistakes as which some of them are now told.
"""

# Written as learners write.
# ruff: noqa: RUF059

from functools import partial

import numpy as np

from wrong_answers import learning

WRONG = []
wrong = partial(learning.wrong, into=WRONG)

VALUES = {
    "who-notices-the-shuffle": [
        ["the first", "one of the letters"],
        ["a, c", "one of the letters"],
    ],
    "where-the-curves-meet": [
        ["7", "too small, by more than rounding"],
        [-7.5, "Look at the sign"],
        ["12,5", "mistake: head learns from nothing"],
        [5.5, "put your n into both errors"],
    ],
    "what-is-evidence": [["c and d", "one of the letters"], [3, "one of the letters"]],
}
WRONG += [(id, value, words) for id, values in VALUES.items() for value, words in values]


@wrong("standardise-by-the-training-part", "mistake: scaled to the range")
def to_zero_one(train, other):
    low, high = train.min(0), train.max(0)
    return (other - low) / np.where(high > low, high - low, 1)


@wrong("standardise-by-the-training-part", "mistake: mean size for spread")
def mean_absolute(train, other):
    d = np.abs(train - train.mean(0)).mean(0)
    return (other - train.mean(0)) / np.where(d > 0, d, 1)


@wrong(
    "standardise-by-the-training-part",
    "a small number in the denominator kept the standard deviation of",
)
def eps_in_the_denominator(train, other):
    return (other - train.mean(0)) / (train.std(0) + 1e-8)


@wrong("standardise-by-the-training-part", "mistake: median for mean")
def median_and_spread(train, other):
    s = train.std(0)
    return (other - np.median(train, axis=0)) / np.where(s > 0, s, 1)


@wrong("standardise-by-the-training-part", "mistake: small spreads lifted")
def spread_max_one(train, other):
    return (other - train.mean(0)) / np.maximum(train.std(0), 1)


@wrong("standardise-by-the-training-part", "a pixel at the border may be")
def nan_to_num_at_the_end(train, other):
    with np.errstate(all="ignore"):
        return np.nan_to_num((other - train.mean(0)) / train.std(0))


@wrong("standardise-by-the-training-part", "The result has shape")
def both_stacked_first(train, other):
    both = np.vstack([train, other])
    s = both.std(0)
    return (both - both.mean(0)) / np.where(s > 0, s, 1)


@wrong("standardise-by-the-training-part", "mistake: spread about zero")
def spread_about_zero(train, other):
    s = np.sqrt((train**2).mean(0))
    return (other - train.mean(0)) / np.where(s > 0, s, 1)


@wrong("standardise-by-the-training-part", "mistake: spread of all rows")
def test_centred_by_train_scaled_by_all(train, other):
    s = np.concatenate([train, other]).std(0)
    return (other - train.mean(0)) / np.where(s > 0, s, 1)


@wrong("standardise-by-the-training-part", "mistake: training part returned")
def forgot_where(train, other):
    m, s = train.mean(0), train.std(0)
    s[s == 0] = 1
    return (train - m) / s


@wrong("standardise-by-the-training-part", "mistake: mean of the other")
def test_mean_zero(train, other):
    z = (other - train.mean(0)) / np.where(train.std(0) > 0, train.std(0), 1)
    return z - z.mean(0)


@wrong("standardise-by-the-training-part", "a single picture has to be p")
def own_constant(train, other):
    s = np.where(other.std(0) > 0, train.std(0), 1)
    return (other - train.mean(0)) / s


@wrong("mend-the-interval", "the median were taken")
def paired_but_median(a, b, q):
    d = a - b
    h = q * d.std(ddof=1) / np.sqrt(len(d))
    return np.array([np.median(d) - h, np.median(d) + h])


@wrong("mend-the-interval", "One number comes back")
def half_only(a, b, q):
    d = a - b
    return q * d.std(ddof=1) / np.sqrt(len(d))


@wrong("mend-the-interval", "mistake: root of one less")
def root_of_n_minus_one(a, b, q):
    d = a - b
    h = q * d.std(ddof=1) / np.sqrt(len(d) - 1)
    return np.array([d.mean() - h, d.mean() + h])


@wrong("mend-the-interval", "mistake: mean and half width")
def mean_and_half(a, b, q):
    d = a - b
    return np.array([d.mean(), q * d.std(ddof=1) / np.sqrt(len(d))])


@wrong("mend-the-interval", "mistake: percentiles of the gains")
def percentiles(a, b, q):
    return np.percentile(a - b, [2.5, 97.5])


@wrong("mend-the-interval", "the result were in reverse order")
def upper_first(a, b, q):
    d = a - b
    h = q * d.std(ddof=1) / np.sqrt(len(d))
    return np.array([d.mean() + h, d.mean() - h])


@wrong("mend-the-interval", "mistake: all runs counted")
def n_is_both(a, b, q):
    d = a - b
    h = q * d.std(ddof=1) / np.sqrt(len(a) + len(b))
    return np.array([d.mean() - h, d.mean() + h])


@wrong("mend-the-interval", "mistake: covariance added")
def covariance_added(a, b, q):
    v = a.var(ddof=1) + b.var(ddof=1) + 2 * np.cov(a, b)[0, 1]
    h = q * np.sqrt(v / len(a))
    return np.array([(a - b).mean() - h, (a - b).mean() + h])


@wrong("mend-the-interval", "mistake: covariance once")
def covariance_once(a, b, q):
    v = a.var(ddof=1) + b.var(ddof=1) - np.cov(a, b)[0, 1]
    h = q * np.sqrt(v / len(a))
    return np.array([(a - b).mean() - h, (a - b).mean() + h])


@wrong("mend-the-interval", "mistake: sizes of the gains")
def absolute_gains(a, b, q):
    d = np.abs(a - b)
    h = q * d.std(ddof=1) / np.sqrt(len(d))
    return np.array([d.mean() - h, d.mean() + h])


@wrong("mend-the-interval", "mistake: unpaired and too small")
def no_ddof_unpaired(a, b, q):
    h = q * np.sqrt((a.var() + b.var()) / len(a))
    return np.array([(a - b).mean() - h, (a - b).mean() + h])


@wrong("mend-the-interval", "mistake: whole width")
def as_if_pooled(a, b, q):
    d = a - b
    h = q * np.sqrt(d.var(ddof=1) / len(d)) / 2
    return [d.mean() - h, d.mean() + h]


@wrong("mend-the-interval", "mistake: around zero")
def around_zero(a, b, q):
    d = a - b
    h = q * d.std(ddof=1) / np.sqrt(len(d))
    return [-h, h]


@wrong("derive-the-pull-to-the-source", "The result has shape")
def transposed_forgotten(X, y, w0, s):
    n, d = X.shape
    return np.linalg.solve(X @ X.T + n * s * np.eye(n), X @ w0)


@wrong("derive-the-pull-to-the-source", "step by step")
def descent(X, y, w0, s):
    w = w0.copy()
    for _ in range(200):
        w = w - 0.01 * (2 / len(y) * X.T @ (X @ w - y) + 2 * s * (w - w0))
    return w


@wrong("derive-the-pull-to-the-source", "mistake: gradient at the source")
def gradient(X, y, w0, s):
    return 2 / len(y) * X.T @ (X @ w0 - y)


@wrong("derive-the-pull-to-the-source", "step by step")
def lasso_like(X, y, w0, s):
    w = np.linalg.pinv(X) @ y
    return w0 + np.sign(w - w0) * np.maximum(np.abs(w - w0) - s, 0)


@wrong("derive-the-pull-to-the-source", "mistake: strength squared")
def strength_squared(X, y, w0, s):
    n, d = X.shape
    return np.linalg.solve(X.T @ X + n * s**2 * np.eye(d), X.T @ y + n * s**2 * w0)


@wrong("derive-the-pull-to-the-source", "mistake: weights for rows")
def divided_by_d(X, y, w0, s):
    n, d = X.shape
    return np.linalg.solve(X.T @ X + d * s * np.eye(d), X.T @ y + d * s * w0)


@wrong("derive-the-pull-to-the-source", "step by step")
def source_fitted(X, y, w0, s):
    n, d = X.shape
    return np.linalg.solve(X.T @ X + n * s * np.eye(d), X.T @ y + n * s * X.T @ X @ w0)


@wrong("derive-the-pull-to-the-source", "step by step")
def source_minus(X, y, w0, s):
    n, d = X.shape
    return np.linalg.solve(X.T @ X + n * s * np.eye(d), X.T @ (y - X @ w0)) - w0


@wrong("derive-the-pull-to-the-source", "mistake: penalty rewarded")
def on_the_left_minus(X, y, w0, s):
    n, d = X.shape
    return np.linalg.solve(X.T @ X - n * s * np.eye(d), X.T @ y - n * s * w0)


@wrong("derive-the-pull-to-the-source", "mistake: n on the right only")
def n_on_the_right_only(X, y, w0, s):
    n, d = X.shape
    return np.linalg.solve(X.T @ X + s * np.eye(d), X.T @ y + n * s * w0)


@wrong("derive-the-pull-to-the-source", "step by step")
def shapes(X, y, w0, s):
    return np.linalg.inv(X.T @ X + s) @ (X.T @ y + s * w0)


@wrong("derive-the-pull-to-the-source", "mistake: n forgotten")
def ridge_of_the_rest_without_n(X, y, w0, s):
    return w0 + np.linalg.solve(X.T @ X + s * np.eye(len(w0)), X.T @ (y - X @ w0))


@wrong("derive-the-pull-to-the-source", "mistake: pushed away and only the deviation")
def ridge_rest_minus(X, y, w0, s):
    return np.linalg.solve(X.T @ X + len(y) * s * np.eye(len(w0)), X.T @ (y + X @ w0))
