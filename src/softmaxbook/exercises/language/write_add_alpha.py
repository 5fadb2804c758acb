"""The same small count for every token."""

import numpy as np

from softmaxbook.checking import Exercise, probe


def smoothed(counts, alpha):
    total = np.sum(counts, axis=-1, keepdims=True)
    return (counts + alpha) / (total + alpha * np.shape(counts)[-1])


def one_added_below(counts, alpha):
    """The denominator has α once. Every one of the K tokens got α: add α K, or the row sums to more
    than 1."""
    return (counts + alpha) / (np.sum(counts, axis=-1, keepdims=True) + alpha)


def nothing_added_below(counts, alpha):
    """The denominator is still the old one. Every token got α, so the sum of the row has grown too;
    a row without counts divides by 0 here."""
    return (counts + alpha) / np.sum(counts, axis=-1, keepdims=True)


def only_seen_types_below(counts, alpha):
    """You add α for each token that was *seen*. The unseen ones get α as well: there are K of them
    in all."""
    seen = np.sum(counts > 0, axis=-1, keepdims=True)
    return (counts + alpha) / (np.sum(counts, axis=-1, keepdims=True) + alpha * seen)


def nothing_added(counts, alpha):
    """These are the frequencies, without smoothing: what was never seen has the probability 0, and
    a row without counts divides by 0."""
    return counts / np.sum(counts, axis=-1, keepdims=True)


def only_the_unseen_get_alpha(counts, alpha):
    """You give α to the unseen tokens only. Then a token seen once loses against one never seen, if
    α is above 1; every count gets it."""
    filled = np.where(counts == 0, alpha, counts)
    return filled / np.sum(filled, axis=-1, keepdims=True)


def one_for_alpha(counts, alpha):
    """You add 1, whatever α is."""
    return (counts + 1) / (np.sum(counts, axis=-1, keepdims=True) + np.shape(counts)[-1])


def over_the_contexts(counts, alpha):
    """You normalise over the contexts. A row is a context, and its K next tokens sum to 1:
    `axis=-1, keepdims=True`."""
    return (counts + alpha) / (np.sum(counts, axis=0) + alpha * len(counts))


def one_sum_for_all(counts, alpha):
    """You divide by the sum over all contexts. That is the probability of the *pair*; asked for is
    that of the next token, given the context."""
    return (counts + alpha) / (np.sum(counts) + alpha * np.size(counts))


def alpha_below_only(counts, alpha):
    """α stands in the denominator only. Add it to each count too, or the unseen keep the
    probability 0."""
    total = np.sum(counts, axis=-1, keepdims=True)
    return counts / (total + alpha * np.shape(counts)[-1])


EXERCISE = Exercise(
    title="The same small count for every token",
    kind="write",
    difficulty=2,
    statement=r"""
        `counts[h, w]` says how often token $w$ followed the context $h$; its shape is `(H, K)`.
        Write `smoothed(counts, alpha)`: the probabilities of the next token after each context, if
        every token is given the same count $\alpha > 0$ in addition.
        A context that was never seen makes all tokens equally probable.
        """,
    solution=smoothed,
    mistakes=(
        one_added_below,
        nothing_added_below,
        only_seen_types_below,
        nothing_added,
        only_the_unseen_get_alpha,
        one_for_alpha,
        over_the_contexts,
        one_sum_for_all,
        alpha_below_only,
    ),
    probes=(
        probe("two contexts", [[3.0, 1.0, 0.0], [0.0, 2.0, 2.0]], 0.5),
        probe("one added", [[4.0, 0.0, 0.0, 1.0], [1.0, 1.0, 0.0, 0.0]], 1.0),
        probe(
            "a context that was never seen",
            [[0.0, 0.0], [5.0, 1.0], [2.0, 0.0]],
            0.1,
            why="its tokens are equally probable, ½ each.",
        ),
        probe("much smoothing", [[9.0, 0.0, 3.0], [0.0, 0.0, 1.0]], 20.0, why="nearly uniform."),
        probe("hardly any", [[2.0, 0.0, 0.0], [1.0, 0.0, 7.0]], 0.01),
    ),
    fresh=lambda rng: (
        rng.poisson(1.5, size=(3, 4)).astype(float),
        float(rng.choice([0.2, 0.5, 2.0])),
    ),
    hints=(
        "What is the sum of a row after every one of its K entries has grown by α?",
        "Old sum + α K. `keepdims=True` keeps it a column, so that each row is divided by its own.",
        "`(counts + alpha) / (counts.sum(axis=-1, keepdims=True) + alpha * K)`.",
    ),
    explanation="With α = 1 this is Laplace's rule: (c + 1) / (n + K).",
)
