"""Wrong answers to the exercises of *language*, and words of their verdicts."""

# Written as learners write.
# ruff: noqa: E741

from functools import partial

import numpy as np

from wrong_answers import learning

WRONG = []
wrong = partial(learning.wrong, into=WRONG)

VALUES = {
    "what-the-nucleus-keeps": [["three", "one of the letters"], [0.8, "one of the letters"]],
    "a-hotter-pair": [
        [9.0, "mistake: ratio divided"],
        ["3,1", "too large, by more than rounding"],
        [1 / 3, "mistake: turned around"],
        [-3.0, "Look at the sign"],
    ],
    "three-tokens-foreseen": [
        [24, "mistake: mean of perplexities"],
        [2000, "mistake: root forgotten"],
        [16.0, "1 over the largest"],
        ["13", "That is close"],
    ],
    "how-large-is-an-adapter": [
        [27648, "mistake: full matrix"],
        [1500, "too small"],
        ["29184", "mistake: frozen counted"],
    ],
}
WRONG += [(id, value, words) for id, values in VALUES.items() for value, words in values]


@wrong("write-add-alpha", "mistake: over the contexts")
def columns(c, a):
    return (c + a) / (c + a).sum(0)


@wrong("write-add-alpha", "mistake: one sum for all")
def joint(c, a):
    return (c + a) / (c + a).sum()


@wrong("write-add-alpha", "mistake: one added below")
def k_lost(c, a):
    return (c + a) / (c.sum(-1, keepdims=True) + a)


@wrong("write-top-k", "mistake: all that tie")
def threshold(z, k):
    p = np.exp(z - z.max())
    p[z < np.sort(z)[-min(k, len(z))]] = 0
    return p / p.sum()


@wrong("write-top-k", "mistake: logits set to zero")
def zeroed(z, k):
    z = z.copy()
    z[np.argsort(-z, kind="stable")[k:]] = 0
    e = np.exp(z - z.max())
    return e / e.sum()


@wrong("write-top-k", "mistake: not renormalised")
def kept_of_softmax(z, k):
    p = np.exp(z) / np.exp(z).sum()
    p[np.argsort(-z, kind="stable")[k:]] = 0
    return p


@wrong("write-the-nucleus", "mistake: cut before the crossing")
def too_early(p, s):
    o = np.argsort(-p, kind="stable")
    n = max(1, int(np.sum(np.cumsum(p[o]) <= s)))
    q = np.zeros(len(p))
    q[o[:n]] = p[o[:n]]
    return q / q.sum()


@wrong("write-the-nucleus", "mistake: not renormalised")
def no_sum(p, s):
    o = np.argsort(-p, kind="stable")
    q = p.copy()
    q[o[np.cumsum(p[o]) - p[o] >= s]] = 0
    return q


@wrong("mend-min-p", "mistake: largest only as a refuge")
def or_the_best(p, s):
    k = p >= s
    if not k.any():
        k = p == p.max()
    return p * k / (p * k).sum()


@wrong("mend-min-p", "mistake: relative to the mean")
def mean(p, s):
    k = p >= s / len(p)
    return p * k / p[k].sum()


@wrong("derive-the-reach-of-min-p", "mistake: temperature divided")
def cold(s, T):
    return np.log(1 / s) / T


@wrong("derive-the-reach-of-min-p", "mistake: sign reversed")
def minus(s, T):
    return T * np.log(s)


@wrong("mend-the-perplexity", "mistake: mean of perplexities")
def each_row(l, n):
    return np.mean([np.exp(-row[:k].mean()) for row, k in zip(l, n, strict=True)])


@wrong("mend-the-perplexity", "mistake: padding in the denominator")
def zero_padding(l, n):
    l = np.array([np.where(np.arange(len(row)) < k, row, 0) for row, k in zip(l, n, strict=True)])
    return np.exp(-l.mean())


@wrong("mend-the-perplexity", "mistake: another base")
def bits(l, n):
    return 2 ** (-sum(row[:k].sum() for row, k in zip(l, n, strict=True)) / n.sum())


@wrong("write-top-k", "the last that tie")
def sorted_upwards(logits, k):
    shares = np.zeros(len(logits))
    for place in sorted(range(len(logits)), key=lambda i: (logits[i], i))[-k:]:
        shares[place] = np.exp(logits[place])
    return shares / shares.sum()


@wrong("write-top-k", "the first of them is kept")
def another_of_the_equals(logits, k):
    order = sorted(range(len(logits)), key=lambda i: (-logits[i], i % 2 == 0, i))[:k]
    kept = np.where(np.isin(range(len(logits)), order), logits, -np.inf)
    return np.exp(kept) / np.exp(kept).sum()


@wrong("write-the-nucleus", "without the crossing")
def found_by_searching(p, share):
    order = np.argsort(-p)
    count = np.searchsorted(np.cumsum(p[order]), share)
    q = np.where(np.isin(range(len(p)), order[:count]), p, 0)
    return q / q.sum()


@wrong("write-the-nucleus", "unsorted subtracted")
def before_from_the_wrong_order(p, share):
    order = np.argsort(-p)
    kept = np.zeros(len(p), bool)
    kept[order] = np.cumsum(p[order]) - p < share
    q = np.where(kept, p, 0)
    return q / q.sum()


@wrong("write-the-nucleus", "mask read in sorted order")
def mask_by_reading(p, share):
    order = np.argsort(-p)
    kept = np.r_[0, np.cumsum(p[order])[:-1]] < share
    q = p * kept[order]
    return q / q.sum()
