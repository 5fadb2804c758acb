"""The k most probable."""

import numpy as np

from softmaxbook.checking import Exercise, probe


def keep_k(logits, k):
    order = np.argsort(-logits, kind="stable")[:k]
    kept = np.full(len(logits), -np.inf)
    kept[order] = logits[order]
    e = np.exp(kept - np.max(logits))
    return e / np.sum(e)


def one_too_few(logits, k, base=keep_k):
    """You keep one too few: `order[:k]` holds k of them, from 0 to k − 1."""
    return base(logits, max(k - 1, 1))


def one_too_many(logits, k, base=keep_k):
    """You keep one too many: `order[:k]` ends before the number k."""
    return base(logits, k + 1)


def all_that_tie(logits, k):
    """You compare with the k-th largest logit, and keep all that equal it: with ties these are more
    than k. Keep exactly k, among equals those that come first."""
    edge = np.sort(logits)[::-1][min(k, len(logits)) - 1]
    e = np.where(logits >= edge, np.exp(logits - np.max(logits)), 0)
    return e / np.sum(e)


def none_that_tie(logits, k):
    """You keep what is strictly above the (k + 1)-th logit. Where the k-th equals it, fewer than k
    are left. Keep exactly k, among equals those that come first."""
    if k >= len(logits):
        return keep_k(logits, k)
    edge = np.sort(logits)[::-1][k]
    e = np.where(logits > edge, np.exp(logits - np.max(logits)), 0)
    return e / np.sum(e)


def the_last_that_tie(logits, k):
    """Among equals you keep those that stand last: you sort upwards, and take from the end. Sort
    −logits with `kind="stable"`, and those that come first are kept."""
    order = np.argsort(logits, kind="stable")[::-1][:k]
    e = np.zeros(len(logits))
    e[order] = np.exp(logits[order] - np.max(logits))
    return e / np.sum(e)


def not_renormalised(logits, k):
    """What is kept has the probabilities of before, and sums to less than 1. Divide by the mass
    that was kept."""
    e = np.exp(logits - np.max(logits))
    p = e / np.sum(e)
    return np.where(keep_k(logits, k) > 0, p, 0)


def logits_set_to_zero(logits, k):
    """You set the other logits to 0, and e⁰ = 1 is no small weight. The logit of what cannot be
    drawn is −∞; or set the *probability* to 0."""
    kept = np.where(keep_k(logits, k) > 0, logits, 0.0)
    e = np.exp(kept - np.max(kept))
    return e / np.sum(e)


def the_least_probable(logits, k, base=keep_k):
    """You keep the k *least* probable. `argsort` sorts upwards: sort −logits, or take from the
    end."""
    e = np.exp(logits - np.max(logits)) * (base(-logits, k) > 0)
    return e / np.sum(e)


def the_first_k(logits, k):
    """You keep the first k classes as they stand. Sort them first."""
    e = np.exp(logits - np.max(logits)) * (np.arange(len(logits)) < k)
    return e / np.sum(e)


def shared_equally(logits, k):
    """Those that are kept get 1/k each. They keep their ratios: divide by their sum."""
    kept = keep_k(logits, k) > 0
    return kept / np.sum(kept)


def order_not_undone(logits, k):
    """The probabilities come back sorted. They belong to their classes: put them back to where the
    logits stood."""
    return np.sort(keep_k(logits, k))[::-1]


def of_those_kept_only(logits, k):
    """Only the k probabilities come back. Return one for each class, with 0 for those left out."""
    return keep_k(logits, k)[np.argsort(-logits, kind="stable")[:k]]


EXERCISE = Exercise(
    title="The k most probable",
    kind="write",
    difficulty=2,
    statement="""
        Write `keep_k(logits, k)` for one vector of moderate logits: the probabilities of the k most
        probable classes among themselves, and 0 for all others.
        Exactly k classes are kept (all, if there are fewer); among equals, those that come first.
        """,
    solution=keep_k,
    mistakes=(
        one_too_few,
        one_too_many,
        all_that_tie,
        none_that_tie,
        the_last_that_tie,
        not_renormalised,
        logits_set_to_zero,
        the_least_probable,
        the_first_k,
        shared_equally,
        order_not_undone,
        of_those_kept_only,
    ),
    probes=(
        probe("two of three", [1.0, 2.0, -1.0], 2),
        probe("three of five", [0.5, -1.0, 3.0, 1.5, 2.0], 3),
        probe(
            "ties at the edge",
            [1.0, 2.0, 1.0, 1.0, 0.0],
            2,
            why="classes 0, 2 and 3 share the second place, and the first of them is kept.",
        ),
        probe("all alike", [0.5, 0.5, 0.5, 0.5], 3, why="the first three are kept."),
        probe("more than there are", [1.0, 0.0, 2.5], 5, why="then it is softmax."),
        probe("two, from the end", [-2.0, 0.0, 1.0, 4.0, 3.0], 2),
    ),
    fresh=lambda rng: (rng.normal(scale=1.5, size=6), int(rng.integers(2, 5))),
    hints=(
        "`np.argsort(-logits, kind='stable')` gives the classes from the most probable on.",
        "Everything outside the first k of them gets the logit −∞, or the weight 0.",
        "Then softmax as always: the sum runs over what was kept.",
    ),
)
