"""Wrong answers to the exercises of *sharing*, *ensembles*, *fewshot* and
*membership*, and words of their verdicts.

Most were written before the mistakes as which some of them are now told.
"""

# Written as learners write.
# ruff: noqa: E731, E741

from functools import partial

import numpy as np

from wrong_answers import learning

WRONG = []
wrong = partial(learning.wrong, into=WRONG)

VALUES = {
    "which-yardstick-notices": [["LEEP", "one of the letters"], ["c, d", "one of the letters"]],
    "the-sure-and-the-unsure": [["seven", "one of the letters"], ["a, d", "one of the letters"]],
    "how-much-is-shared": [
        [19999, "too small"],
        [-20000, "Look at the sign"],
        ["40000", "mistake: body twice"],
    ],
    "who-tells-least": [["none", "one of the letters"], [0.5, "one of the letters"]],
    "the-mean-of-two-logits": [
        ["60 %", "mistake: arithmetic mean"],
        [0.81, "add up to 1, by the same"],
        [1.96, "between 0 and 1"],
    ],
}
WRONG += [(id, value, words) for id, values in VALUES.items() for value, words in values]


def softmax(z):
    e = np.exp(z - z.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


@wrong("write-the-geometric-mean", "mistake: softmax of probabilities")
def logits_as_p(p):
    return softmax(p.mean(0))


@wrong("write-the-geometric-mean", "mistake: arithmetic mean")
def log_of_mean(p):
    return softmax(np.log(p.mean(0)))


@wrong("write-the-geometric-mean", "mistake: product for mean")
def sum_of_logs(p):
    return softmax(np.log(p).sum(0))


@wrong("write-the-geometric-mean", "Along the last axis the entries sh")
def per_model_normalised(p):
    g = np.exp(np.log(p).mean(-1, keepdims=True))
    return (p / g).mean(0)


@wrong("write-the-geometric-mean", "mistake: the highest")
def max_vote(p):
    return p.max(0) / p.max(0).sum(-1, keepdims=True)


@wrong("write-the-geometric-mean", "mistake: the lowest")
def min_vote(p):
    return p.min(0) / p.min(0).sum(-1, keepdims=True)


@wrong("write-the-geometric-mean", "mistake: not normalised")
def root_without_norm(p):
    return np.prod(p, axis=0) ** (1 / len(p))


@wrong("write-the-geometric-mean", "mistake: root of the classes")
def root_of_classes(p):
    g = np.prod(p, axis=0) ** (1 / p.shape[-1])
    return g / g.sum(-1, keepdims=True)


@wrong("write-the-geometric-mean", "keepdims=True")
def no_keepdims(p):
    g = np.exp(np.log(p).mean(0))
    return g / g.sum(-1)


@wrong("write-the-geometric-mean", "Along the last axis the entries sh")
def nan_zero(p):
    g = np.where((p > 0).all(0), np.exp(np.log(np.where(p > 0, p, 1)).mean(0)), 0.0)
    return g / len(p) / g.sum()


@wrong("write-the-geometric-mean", "mistake: zeros left out")
def masked_zeros(p):
    g = np.exp(np.log(np.where(p > 0, p, 1)).mean(0))
    return g / g.sum(-1, keepdims=True)


@wrong("write-the-geometric-mean", "one network alone can forbid")
def clip_small(p):
    g = np.exp(np.log(np.clip(p, 1e-3, 1)).mean(0))
    return g / g.sum(-1, keepdims=True)


@wrong("write-the-geometric-mean", "mistake: two bases")
def log2_exp(p):
    g = np.exp(np.log2(p).mean(0))
    return g / g.sum(-1, keepdims=True)


@wrong("write-the-geometric-mean", "the mean ran along axis 2")
def wrong_axis_mean(p):
    g = np.exp(np.log(p).mean(-1))
    return g / g.sum(-1, keepdims=True)


@wrong("write-the-geometric-mean", "mistake: one sum for all")
def mean_then_norm_sum_rows(p):
    g = np.exp(np.log(p).mean(0))
    return (g.T / g.sum()).T


@wrong("write-the-geometric-mean", "the median were taken")
def median_logs(p):
    return softmax(np.median(np.log(p), axis=0))


@wrong("mend-reptile", "step by step")
def minus_reversed_rate(s, e, r):
    return s - (1 - r) * (e.mean(0) - s)


@wrong("mend-reptile", "mistake: median of the ends")
def median_end(s, e, r):
    return s + r * (np.median(e, axis=0) - s)


@wrong("mend-reptile", "mistake: divided again")
def divided_again(s, e, r):
    return s + r * (e - s).mean(0) / len(e)


@wrong("mend-reptile", "nothing were averaged in the mean of `ends`")
def per_task(s, e, r):
    return s + r * (e - s)


@wrong("mend-reptile", "step by step")
def rate_squared(s, e, r):
    return s + r**2 * (e.mean(0) - s)


@wrong("mend-reptile", "mistake: first task only")
def first_task(s, e, r):
    return s + r * (e[0] - s)


@wrong("mend-reptile", "the mean of `ends` ran along axis 1")
def axis_one(s, e, r):
    return s + r * (e.mean(1) - s)


@wrong("mend-reptile", "mistake: steps of one length")
def normalised_way(s, e, r):
    d = e.mean(0) - s
    return s + r * d / np.linalg.norm(d)


@wrong("mend-reptile", "mistake: nearest task only")
def closest(s, e, r):
    k = np.argmin(((e - s) ** 2).sum(1))
    return s + r * (e[k] - s)


@wrong("mend-reptile", "mistake: start among the ends")
def start_counted(s, e, r):
    return s + r * (np.vstack([s, e]).mean(0) - s)


@wrong("mend-reptile", "mistake: away from the tasks")
def ways_minus(s, e, r):
    return s + r * (s - e).mean(0)


@wrong("mend-reptile", "step by step")
def sign_of_way(s, e, r):
    return s + r * np.sign(e.mean(0) - s)


@wrong("mend-reptile", "mistake: half way always")
def mean_of_start_and_end(s, e, r):
    return (s + e.mean(0)) / 2


@wrong("mend-reptile", "mistake: away from the tasks and summed over the tasks")
def sum_minus(s, e, r):
    return s - r * (e - s).sum(0)


@wrong("mend-reptile", "mistake: start added")
def plus_start(s, e, r):
    return s + r * (e.mean(0) + s)


@wrong("mend-the-attack", "mistake: false alarms not mended")
def only_first_mended(l, o, t):
    return np.mean(l < t) - np.mean(o > t)


@wrong("mend-the-attack", "mistake: hits not mended")
def only_second_mended(l, o, t):
    return np.mean(l > t) - np.mean(o < t)


@wrong("mend-the-attack", "mistake: ratio")
def ratio(l, o, t):
    return np.mean(l < t) / max(np.mean(o < t), 1e-9)


@wrong("mend-the-attack", "step by step")
def threshold_mean(l, o, t):
    m = np.mean(np.concatenate([l, o]))
    return np.mean(l < m) - np.mean(o < m)


@wrong("mend-the-attack", "mistake: taken from one")
def one_minus(l, o, t):
    return 1 - (np.mean(l > t) - np.mean(o > t))


@wrong("mend-the-attack", "nearly all low losses are on")
def loss_sums(l, o, t):
    return np.sum(l[l < t]) - np.sum(o[o < t])


@wrong("mend-the-attack", "mistake: precision")
def precision(l, o, t):
    a, b = np.sum(l < t), np.sum(o < t)
    return a / (a + b)


@wrong("mend-the-attack", "nearly all low losses are on")
def mean_of_low_losses(l, o, t):
    return np.mean(l[l < t]) - np.mean(o[o < t])


@wrong("mend-the-attack", "mistake: balanced accuracy")
def balanced(l, o, t):
    return (np.mean(l < t) + np.mean(o >= t)) / 2


@wrong("mend-the-attack", "The result holds whole numbers. An")
def clipped(l, o, t):
    return max(0, np.mean(l < t) - np.mean(o < t))


@wrong("mend-the-attack", "mistake: groups exchanged")
def greater_equal_removed(l, o, t):
    return np.mean(l >= t) - np.mean(o >= t)


@wrong("mend-the-attack", "0.5 is not below 0.5.")
def half_border(l, o, t):
    return np.mean(l <= t) - np.mean(o < t)


@wrong("mend-the-attack", "mistake: border counts as learnt")
def leq_first(l, o, t):
    return np.mean(l <= t) - np.mean(o <= t)


@wrong("mend-the-attack", "mistake: misses less hits")
def swapped(l, o, t):
    return np.mean(o >= t) - np.mean(l < t)


@wrong("mend-the-attack", "mistake: above a half")
def accuracy_minus_half(l, o, t):
    return (np.sum(l < t) + np.sum(o >= t)) / (len(l) + len(o)) - 0.5


@wrong("write-the-auc", "mistake: sorted and paired")
def sorted_first(l, o):
    n = min(len(l), len(o))
    return np.mean(np.sort(l)[:n] < np.sort(o)[:n])


@wrong("write-the-auc", "mistake: below all others")
def minimum(l, o):
    return np.mean(l < o.min())


@wrong("write-the-auc", "mistake: median as threshold")
def median_threshold(l, o):
    t = np.median(np.concatenate([l, o]))
    return (np.mean(l < t) + np.mean(o >= t)) / 2


@wrong("write-the-auc", "2 times the right result")
def ties_whole_both(l, o):
    return np.mean(l[:, None] < o) + np.mean(l[:, None] <= o)


@wrong("write-the-auc", "step by step")
def no_broadcast(l, o):
    return np.mean(l < o)


@wrong("write-the-auc", "mistake: last pair only")
def loop_overwrites(l, o):
    wins = 0
    for a in l:
        for b in o:
            wins = (a < b) + (a == b) / 2
    return wins / (len(l) * len(o))


@wrong("write-the-auc", "mistake: area reversed and ties lost")
def loop_sum_no_ties_reversed(l, o):
    return sum(a > b for a in l for b in o) / (len(l) * len(o))


@wrong("write-the-auc", "mistake: divided by the rows")
def divided_by_sum(l, o):
    return sum((a < b) + (a == b) / 2 for a in l for b in o) / (len(l) + len(o))


@wrong("write-the-auc", "step by step")
def losses_multiplied(l, o):
    return np.mean(l[:, None] * (l[:, None] < o))


@wrong("write-the-auc", "An array comes back")
def one_for_each_row(l, o):
    return np.mean((l[:, None] < o) + (l[:, None] == o) / 2, axis=1)


@wrong("write-the-auc", "step by step")
def ties_quarter(l, o):
    return np.mean(l[:, None] < o) + np.mean(l[:, None] == o) / 4


@wrong("write-the-auc", "mistake: twice less one")
def wins_minus_losses(l, o):
    return np.mean(l[:, None] < o) - np.mean(l[:, None] > o)


@wrong("write-the-auc", "step by step")
def rank_sum(l, o):
    r = np.argsort(np.argsort(np.concatenate([l, o]))) + 1
    n, m = len(l), len(o)
    return (r[n:].sum() - m * (m + 1) / 2) / (n * m)


@wrong("write-the-auc", "mistake: area reversed and ties won")
def ties_and_reversed(l, o):
    return np.mean(l[:, None] >= o)


@wrong("write-the-auc", "does what “ties taken out”")
def wins_over_wins_and_losses(l, o):
    a, b = np.sum(l[:, None] < o), np.sum(l[:, None] > o)
    return a / (a + b) if a + b else 0.5


@wrong("write-the-auc", "mistake: first row only")
def first_with_all(l, o):
    return np.mean(l[0] < o) + np.mean(l[0] == o) / 2


@wrong("write-the-loss-of-two-tasks", "mistake: divided by all rows")
def zero_mean(s, k):
    return np.mean(s * k, axis=0).sum()


@wrong("write-the-loss-of-two-tasks", "mistake: first two tasks only")
def two_columns(s, k):
    return (s[:, 0] * k[:, 0]).sum() / max(k[:, 0].sum(), 1) + (s[:, 1] * k[:, 1]).sum() / max(
        k[:, 1].sum(), 1
    )


@wrong("write-the-loss-of-two-tasks", "mistake: largest task only")
def max_task(s, k):
    return np.max((s * k).sum(0) / np.maximum(k.sum(0), 1))


@wrong("write-the-loss-of-two-tasks", "mistake: one mean for both")
def weighted_by_count(s, k):
    c = k.sum(0)
    return ((s * k).sum(0) / np.maximum(c, 1) * c).sum() / c.sum()


@wrong("write-the-loss-of-two-tasks", "step by step")
def rows_with_any(s, k):
    r = k.any(1)
    return (s[r] * k[r]).sum(0).sum() / r.sum()


@wrong("write-the-loss-of-two-tasks", "the sign of the result were reversed")
def minus_sign(s, k):
    return -((s * k).sum(0) / np.maximum(k.sum(0), 1)).sum()


@wrong("write-the-loss-of-two-tasks", "mistake: means of the rows")
def axis_wrong(s, k):
    return ((s * k).sum(1) / np.maximum(k.sum(1), 1)).sum()


@wrong("write-the-loss-of-two-tasks", "mistake: logarithm again")
def log_again(s, k):
    return (-(np.log(s) * k).sum(0) / np.maximum(k.sum(0), 1)).sum()


@wrong("write-the-loss-of-two-tasks", "mistake: counted one more")
def count_plus_one(s, k):
    return ((s * k).sum(0) / (k.sum(0) + 1)).sum()


@wrong("write-the-loss-of-two-tasks", "mistake: one mean times the tasks")
def boolean_index_flat(s, k):
    return s[k == 1].mean() * s.shape[1]


@wrong("write-the-loss-of-two-tasks", "mistake: known as an index")
def index_by_int(s, k):
    return sum(np.mean(s[k[:, j], j]) for j in range(s.shape[1]))


@wrong("write-the-loss-of-two-tasks", "mistake: task without labels divided")
def empty_mean(s, k):
    return sum(s[k[:, j] == 1, j].mean() for j in range(s.shape[1]))


@wrong("write-the-loss-of-two-tasks", "mistake: last task forgotten")
def skip_last_task(s, k):
    return sum(s[k[:, j] == 1, j].mean() for j in range(s.shape[1] - 1) if k[:, j].any())


@wrong("write-the-loss-of-two-tasks", "mistake: tasks averaged")
def mean_of_task_means(s, k):
    return np.mean([s[k[:, j] == 1, j].mean() if k[:, j].any() else 0 for j in range(s.shape[1])])


@wrong("write-the-loss-of-two-tasks", "mistake: task without labels divided")
def nan_where_empty(s, k):
    return sum(s[k[:, j] == 1, j].sum() / k[:, j].sum() for j in range(s.shape[1]))


@wrong("write-the-loss-of-two-tasks", "mistake: unknown in the sum")
def mask_not_applied(s, k):
    return (s.sum(0) / np.maximum(k.sum(0), 1)).sum()


@wrong("derive-the-meta-gradient", "mistake: half of it")
def half_only_q(w, A, c, r):
    e = w - r * A @ (w - c)
    return (e - c) @ A / 2


@wrong("derive-the-meta-gradient", "mistake: curvature twice")
def squared_curvature(w, A, c, r):
    return A @ A @ (w - c) - r * A @ A @ A @ (w - c)


@wrong("derive-the-meta-gradient", "One axis too many")
def elementwise(w, A, c, r):
    e = w - r * (A * (w - c))
    return A * (e - c)


@wrong("derive-the-meta-gradient", "It is close")
def difference(w, A, c, r):
    f = lambda w: 0.5 * (w - r * A @ (w - c) - c) @ A @ (w - r * A @ (w - c) - c)
    return np.array([(f(w + 1e-2 * d) - f(w)) / 1e-2 for d in np.eye(len(w))])


@wrong("derive-the-meta-gradient", "One number comes back")
def loss_value(w, A, c, r):
    e = w - r * A @ (w - c)
    return 0.5 * (e - c) @ A @ (e - c)


@wrong("derive-the-meta-gradient", "step by step")
def inner_without_A(w, A, c, r):
    e = w - r * (w - c)
    return (np.eye(len(w)) - r * np.eye(len(w))) @ A @ (e - c)


@wrong("derive-the-meta-gradient", "mistake: optimum forgotten")
def optimum_forgotten(w, A, c, r):
    e = w - r * A @ w
    return (np.eye(len(w)) - r * A) @ A @ e


@wrong("derive-the-meta-gradient", "mistake: optimum forgotten at the end")
def optimum_forgotten_second(w, A, c, r):
    e = w - r * A @ (w - c)
    return (np.eye(len(w)) - r * A) @ A @ e


@wrong("derive-the-meta-gradient", "mistake: inner step doubled")
def two_in_the_inner(w, A, c, r):
    e = w - 2 * r * A @ (w - c)
    return (np.eye(len(w)) - 2 * r * A) @ A @ (e - c)


@wrong("derive-the-meta-gradient", "mistake: identity forgotten")
def factor_of_r_only(w, A, c, r):
    e = w - r * A @ (w - c)
    return -r * A @ A @ (e - c)


@wrong("derive-the-meta-gradient", "mistake: outer step taken")
def step_to_the_end(w, A, c, r):
    e = w - r * A @ (w - c)
    return w - r * A @ (e - c)


@wrong("derive-the-meta-gradient", "step by step")
def inverse_factor(w, A, c, r):
    e = w - r * A @ (w - c)
    return np.linalg.solve(np.eye(len(w)) + r * A, A @ (e - c))


@wrong("derive-the-meta-gradient", "`optimum` were added and not subtracted")
def optimum_sign(w, A, c, r):
    e = w - r * A @ (w + c)
    return (np.eye(len(w)) - r * A) @ A @ (e + c)


@wrong("derive-the-meta-gradient", "mistake: rate in front")
def rate_in_front(w, A, c, r):
    e = w - r * A @ (w - c)
    return r * A @ (e - c)


@wrong("derive-the-meta-gradient", "mistake: sign reversed and first order")
def minus_first_order(w, A, c, r):
    e = w - r * A @ (w - c)
    return -(A @ (e - c))


@wrong("derive-the-meta-gradient", "mistake: sign reversed and rate in front")
def end_minus_start_times(w, A, c, r):
    e = w - r * A @ (w - c)
    return (np.eye(len(w)) - r * A) @ (e - w)
