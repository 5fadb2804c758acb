"""Wrong answers to the exercises of *finetuning*, and words of their verdicts.

Most were written before the mistakes as which some of them are now told.
"""

# Written as learners write.
# ruff: noqa: RET503

from functools import partial

import numpy as np

from wrong_answers import learning

WRONG = []
wrong = partial(learning.wrong, into=WRONG)

VALUES = {
    "which-weights-have-moved": [["head", "one of the letters"], [2, "one of the letters"]],
    "the-rate-of-a-stage": [
        ["0,00125 %", "a hundredth of it"],
        ["0.01", "mistake: one factor for all"],
        [0.004, "from the head back to the stage"],
    ],
    "which-pair-of-rates": [
        ["0.5 and 0.002", "one of the letters"],
        ["b or c", "one of the letters"],
    ],
}
WRONG += [(id, value, words) for id, values in VALUES.items() for value, words in values]


def softmax(z):
    e = np.exp(z - z.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


@wrong("mend-the-unfreezing", "at step 10 of ten steps each")
def every_plus_one(n, e, s):
    return np.arange(n) >= n - 1 - s // (e + 1)


@wrong("mend-the-unfreezing", "mistake: nothing at first")
def greater(n, e, s):
    return np.arange(n) > n - 1 - s // e


@wrong("mend-the-unfreezing", "The result has shape")
def reversed_list(n, e, s):
    return (np.arange(n) < 1 + s // e)[::-1][: 1 + s // e]


@wrong("mend-the-unfreezing", "mistake: round and round")
def modulo(n, e, s):
    return np.arange(n) >= n - 1 - s % e


@wrong("mend-the-unfreezing", "mistake: one step late")
def ceil(n, e, s):
    return np.arange(n) >= n - max(1, np.ceil(s / e))


@wrong("mend-the-unfreezing", "mistake: one stage early")
def starts_with_two(n, e, s):
    return np.arange(n) >= n - 2 - s // e


@wrong("mend-the-unfreezing", "Numbers are expected; what came ba")
def strings(n, e, s):
    return ["learn" if k >= n - 1 - s // e else "frozen" for k in range(n)]


@wrong("mend-the-unfreezing", "the sum over the rows of the result were returned")
def counts_open(n, e, s):
    return min(n, 1 + s // e)


@wrong("mend-the-unfreezing", "only the head learns, and it")
def head_frozen_forever(n, e, s):
    a = np.arange(n) >= n - 1 - s // e
    a[-1] = False
    return a


@wrong("mend-the-unfreezing", "there are no more stages to")
def first_never(n, e, s):
    a = np.arange(n) >= n - 1 - s // e
    a[0] = False
    return a


@wrong("mend-the-unfreezing", "mistake: from the pixels")
def reversed_order(n, e, s):
    return (np.arange(n) >= n - 1 - s // e)[::-1]


@wrong("mend-the-unfreezing", "mistake: frozen for learning and from the pixels")
def frozen_newest(n, e, s):
    return np.arange(n) > s // e


@wrong("mend-the-unfreezing", "there are no more stages to")
def clipped_below(n, e, s):
    return np.arange(n) >= max(1, n - 1 - s // e)


@wrong("mend-the-report", "the third rate was lucky on")
def median_seed(v, t):
    return np.median(t[np.argmax(v.mean(1))])


@wrong("mend-the-report", "mistake: both parts reported")
def mean_of_both(v, t):
    k = np.argmax(v.mean(1))
    return (v[k].mean() + t[k].mean()) / 2


@wrong("mend-the-report", "The result holds whole numbers. An")
def index_returned(v, t):
    return np.argmax(v.mean(1))


@wrong("mend-the-report", "nothing were averaged in the mean")
def row_returned(v, t):
    return t[np.argmax(v.mean(1))]


@wrong("mend-the-report", "mistake: one run chosen")
def argmax_flat(v, t):
    return t.ravel()[np.argmax(v)]


@wrong("mend-the-report", "The arguments come in the order")
def swapped_parts(v, t):
    return v[np.argmax(t.mean(1))].mean()


@wrong("mend-the-report", "mistake: test part chooses for each seed")
def best_of_each_seed(v, t):
    return t.max(0).mean()


@wrong("mend-the-report", "mistake: median chooses")
def median_chooses(v, t):
    return t[np.argmax(np.median(v, axis=1))].mean()


@wrong("mend-the-report", "step by step")
def min_chooses(v, t):
    return t[np.argmax(v.min(1))].mean()


@wrong("mend-the-report", "mistake: last seed chooses")
def last_seed_chooses(v, t):
    return t[np.argmax(v[:, -1])].mean()


@wrong("mend-the-report", "the third rate was lucky on")
def gap_chooses(v, t):
    return t[np.argmin(np.abs(v.mean(1) - t.mean(1)))].mean()


@wrong("mend-the-report", "step by step")
def minus_spread(v, t):
    return t[np.argmax(v.mean(1) - v.std(1))].mean()


@wrong("mend-the-report", "mistake: second best")
def second_best(v, t):
    return t.mean(1)[np.argsort(v.mean(1))[-2]]


@wrong("mend-the-report", "mistake: best validation run reported")
def validation_max(v, t):
    return v.max()


@wrong("mend-the-report", "the third rate was lucky on")
def weights_by_validation(v, t):
    return np.average(t.mean(1), weights=v.mean(1))


@wrong("stop-early", "step by step")
def while_off_by_one(a, p):
    best = 0
    k = 0
    while k < len(a) and k - best < p:
        if a[k] > a[best]:
            best = k
        k += 1
    return [k, best]


@wrong("stop-early", "mistake: best of all and patience")
def best_returned_value(a, p):
    k = np.argmax(a)
    return [min(k + p, len(a) - 1), k]


@wrong("stop-early", "One number comes back")
def one_number(a, p):
    return int(np.argmax(a))


@wrong("stop-early", "mistake: one look late")
def greater_than_patience(a, p):
    best = 0
    for k in range(len(a)):
        if a[k] > a[best]:
            best = k
        if k - best > p:
            break
    return [k, best]


@wrong("stop-early", "mistake: stops at the first drop")
def first_drop(a, p):
    for k in range(1, len(a)):
        if a[k] <= a[k - 1]:
            return [k, k - 1]
    return [len(a) - 1, len(a) - 1]


@wrong("stop-early", "mistake: number of looks")
def number_of_looks(a, p):
    best = 0
    for k in range(len(a)):
        if a[k] > a[best]:
            best = k
        if k - best == p:
            break
    return [k + 1, best]


@wrong("stop-early", "There it returns nothing")
def none_if_not(a, p):
    best = 0
    for k in range(len(a)):
        if a[k] > a[best]:
            best = k
        if k - best == p:
            return [k, best]


@wrong("stop-early", "step by step")
def window_mean(a, p):
    for k in range(p, len(a)):
        if a[k] < np.mean(a[k - p : k]):
            return [k, int(np.argmax(a[: k + 1]))]
    return [len(a) - 1, int(np.argmax(a))]


@wrong("stop-early", "step by step")
def best_starts_at_zero_value(a, p):
    best, wait, top = 0, 0, 1.0
    for k in range(len(a)):
        if a[k] > top:
            best, top, wait = k, a[k], 0
        else:
            wait += 1
        if wait == p:
            break
    return [k, best]


@wrong("stop-early", "does what “one look early”")
def waits_from_zero(a, p):
    best, wait = 0, 0
    for k in range(len(a)):
        if a[k] > a[best]:
            best, wait = k, 0
        else:
            wait += 1
        if wait >= p:
            break
    return [k, best]


@wrong("stop-early", "mistake: last of equal bests")
def last_best_of_ties(a, p):
    best = 0
    for k in range(len(a)):
        if a[k] > a[best]:
            best = k
        if k - best == p:
            break
    return [k, k - int(np.argmax(a[: k + 1][::-1]))]


@wrong("stop-early", "mistake: one look late and all bad looks counted")
def total_patience(a, p):
    best = bad = 0
    for k in range(1, len(a)):
        if a[k] > a[best]:
            best = k
        else:
            bad += 1
        if bad > p:
            return [k, best]
    return [len(a) - 1, best]


@wrong("stop-early", "mistake: best and patience added")
def last_is_best_plus_p(a, p):
    best = 0
    for k in range(len(a)):
        if a[k] > a[best]:
            best = k
        if k - best == p:
            break
    return [best + p, best]


@wrong("stop-early", "does what “never stops”")
def reset_by_equal(a, p):
    best = wait = 0
    for k in range(1, len(a)):
        if a[k] > a[best]:
            best, wait = k, 0
        elif a[k] == a[best]:
            wait = 0
        else:
            wait += 1
        if wait == p:
            return [k, best]
    return [len(a) - 1, best]


@wrong("write-a-step-in-groups", "Work out the input")
def linear_decay(w, g, st, fr, r, d, s):
    return np.where(fr, w, w - r * (1 - d * (st.max() - st)) * (g + s * w))


@wrong("write-a-step-in-groups", "mistake: by position")
def power_of_stage(w, g, st, fr, r, d, s):
    return np.where(fr, w, w - r * d ** (len(w) - 1 - np.arange(len(w))) * (g + s * w))


@wrong("write-a-step-in-groups", "step by step")
def frozen_inverted_shrink(w, g, st, fr, r, d, s):
    return w - r * d ** (st.max() - st) * (g * (1 - fr)) - s * w


@wrong("write-a-step-in-groups", "does what “last weight for head”")
def n_stages_constant(w, g, st, fr, r, d, s):
    return np.where(fr, w, w - r * d ** (2 - st) * (g + s * w))


@wrong("write-a-step-in-groups", "mistake: last weight for head")
def stage_of_the_last(w, g, st, fr, r, d, s):
    return np.where(fr, w, w - r * d ** (st[-1] - st) * (g + s * w))


@wrong("write-a-step-in-groups", "Work out the input")
def l1(w, g, st, fr, r, d, s):
    return np.where(fr, w, w - r * d ** (st.max() - st) * (g + s * np.sign(w)))


@wrong("write-a-step-in-groups", "mistake: shrinkage forgotten and all weights move")
def no_frozen_no_shrink(w, g, st, fr, r, d, s):
    return w - r * d ** (st.max() - st) * g


@wrong("write-a-step-in-groups", "`decay` were multiplied by the difference with `stages`")
def times_decay_linear(w, g, st, fr, r, d, s):
    return np.where(fr, w, w - r * d * (st.max() - st) * (g + s * w))


@wrong("write-a-step-in-groups", "mistake: head only")
def only_head(w, g, st, fr, r, d, s):
    return np.where(st == st.max(), w - r * (g + s * w), w)


@wrong("write-a-step-in-groups", "The result has shape")
def unfrozen_returned_only(w, g, st, fr, r, d, s):
    return (w - r * d ** (st.max() - st) * (g + s * w))[fr == 0]


@wrong("write-a-step-in-groups", "mistake: shrinks at the rate of the head")
def global_rate_for_shrink(w, g, st, fr, r, d, s):
    return np.where(fr, w, w - r * d ** (st.max() - st) * g - r * s * w)


@wrong("write-a-step-in-groups", "mistake: shrinkage doubled")
def two_s(w, g, st, fr, r, d, s):
    return np.where(fr, w, w - r * d ** (st.max() - st) * (g + 2 * s * w))


@wrong("write-a-step-in-groups", "mistake: only frozen move")
def frozen_first(w, g, st, fr, r, d, s):
    return np.where(fr == 0, w, w - r * d ** (st.max() - st) * (g + s * w))


@wrong("write-a-step-in-groups", "mistake: one factor too many")
def stage_plus_one(w, g, st, fr, r, d, s):
    return np.where(fr, w, w - r * d ** (st.max() - st + 1) * (g + s * w))


@wrong("write-a-step-in-groups", "mistake: shrinks at the rate of the head")
def decay_in_the_sum(w, g, st, fr, r, d, s):
    return np.where(fr, w, w - r * (d ** (st.max() - st) * g + s * w))


@wrong("derive-where-it-ends", "without an inverse")
def normal_equations(X, y, w0):
    return w0 + np.linalg.solve(X.T @ X, X.T @ (y - X @ w0))


@wrong("derive-where-it-ends", "step by step")
def few_steps(X, y, w0):
    w = w0.copy()
    for _ in range(50):
        w = w - 0.1 * X.T @ (X @ w - y) / len(y)
    return w


@wrong("derive-where-it-ends", "It is close")
def ridge_small(X, y, w0):
    return w0 + np.linalg.solve(X.T @ X + 1e-3 * np.eye(len(w0)), X.T @ (y - X @ w0))


@wrong("derive-where-it-ends", "mistake: half way")
def mean_of_both_w(X, y, w0):
    return (w0 + np.linalg.pinv(X) @ y) / 2


@wrong("derive-where-it-ends", "The result has shape")
def forecast(X, y, w0):
    return X @ (w0 + np.linalg.pinv(X) @ (y - X @ w0))


@wrong("derive-where-it-ends", "the weights move along the r")
def projected_twice(X, y, w0):
    P = np.linalg.pinv(X) @ X
    return P @ w0 + np.linalg.pinv(X) @ y


@wrong("derive-where-it-ends", "mistake: unseen reversed")
def unseen_minus(X, y, w0):
    P = np.linalg.pinv(X) @ X
    return np.linalg.pinv(X) @ y - (w0 - P @ w0)


@wrong("derive-where-it-ends", "The result has shape")
def a_returned(X, y, w0):
    return np.linalg.solve(X @ X.T, y - X @ w0)


@wrong("derive-where-it-ends", "mistake: first label only")
def first_row_only(X, y, w0):
    r = y[0] - X[0] @ w0
    return w0 + X[0] * r / (X[0] @ X[0])


@wrong("derive-where-it-ends", "mistake: one step of descent")
def gradient_step_n(X, y, w0):
    return w0 - 2 / len(y) * X.T @ (X @ w0 - y)


@wrong("derive-where-it-ends", "mistake: start added")
def rest_times_x(X, y, w0):
    return w0 + np.linalg.pinv(X) @ y - w0 @ X.T @ np.linalg.pinv(X).T * 0


@wrong("derive-where-it-ends", "the weights move along the r")
def transposed_pinv(X, y, w0):
    return w0 + (y - X @ w0) @ np.linalg.pinv(X).T * 2
