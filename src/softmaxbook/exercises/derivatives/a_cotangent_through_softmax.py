"""Back-propagation through softmax."""

import numpy as np

from softmaxbook.checking import Aspect, Exercise, probe


def softmax_vjp(probabilities, cotangent):
    weighted = np.sum(probabilities * cotangent, axis=-1, keepdims=True)
    return probabilities * (cotangent - weighted)


def mean_forgotten(probabilities, cotangent):
    """p · g is what the diagonal of J alone would give, without its −p pᵀ. Subtract from g its
    mean under p first."""
    return probabilities * cotangent


def subtracted_outside(probabilities, cotangent):
    """You subtract Σ p g from p · g. It has to be subtracted from g, *before* the multiplication
    with p: the result is p (g − Σ p g)."""
    weighted = np.sum(probabilities * cotangent, axis=-1, keepdims=True)
    return probabilities * cotangent - weighted


def plain_mean(probabilities, cotangent):
    """You subtract the plain mean of g. The mean is taken *under p*: Σ pⱼ gⱼ."""
    return probabilities * (cotangent - np.mean(cotangent, axis=-1, keepdims=True))


def unweighted_sum(probabilities, cotangent):
    """You subtract Σ g. Each gⱼ counts with its probability: Σ pⱼ gⱼ."""
    return probabilities * (cotangent - np.sum(cotangent, axis=-1, keepdims=True))


def diagonal_only(probabilities, cotangent):
    """p (1 − p) g treats softmax as an element-wise function. Its entries are tied by the sum:
    the product with J has a term from every class."""
    return probabilities * (1 - probabilities) * cotangent


def p_missing_before_the_cotangent(probabilities, cotangent):
    """Before g the factor p is missing: diag(p) g is p · g, entry by entry."""
    weighted = np.sum(probabilities * cotangent, axis=-1, keepdims=True)
    return cotangent - probabilities * weighted


def summed_over_the_batch(probabilities, cotangent):
    """The sum runs over the whole batch, so the samples mix. Each row has its own: `axis=-1`."""
    return probabilities * (cotangent - np.sum(probabilities * cotangent))


def keepdims_forgotten(probabilities, cotangent):
    """Without `keepdims=True` the row sums line up with the columns: an error for most shapes,
    and silently wrong for a square batch."""
    return probabilities * (cotangent - np.sum(probabilities * cotangent, axis=-1))


def sign_reversed(probabilities, cotangent, base=softmax_vjp):
    """The sign is reversed: where g lies above its mean under p, the result is positive."""
    return -base(probabilities, cotangent)


EXERCISE = Exercise(
    title="Back-propagation through softmax",
    kind="write",
    difficulty=2,
    statement=r"""
        A loss sends back $g = \partial L / \partial p$. Write
        `softmax_vjp(probabilities, cotangent)`, which returns $\partial L / \partial z = J^\top g$
        for a batch (classes along the last axis), **without** forming any $K \times K$ matrix.
        """,
    solution=softmax_vjp,
    mistakes=(
        mean_forgotten,
        subtracted_outside,
        plain_mean,
        unweighted_sum,
        diagonal_only,
        p_missing_before_the_cotangent,
        summed_over_the_batch,
        keepdims_forgotten,
        sign_reversed,
    ),
    aspects=(Aspect("values", 2), Aspect("batches", 1)),
    probes=(
        probe(
            "one sample",
            [0.7, 0.2, 0.1],
            [1.0, 0.0, 0.0],
            why="this is the first row of the Jacobian.",
        ),
        probe(
            "a constant cotangent",
            [0.7, 0.2, 0.1],
            [2.0, 2.0, 2.0],
            why="the probabilities always add up to 1, so nothing flows back.",
        ),
        probe("signs", [0.1, 0.6, 0.3], [-1.0, 0.5, 2.0]),
        probe(
            "a batch of two",
            [[0.7, 0.2, 0.1], [0.3, 0.3, 0.4]],
            [[1.0, 0.0, -1.0], [0.0, 2.0, 1.0]],
            aspect="batches",
        ),
        probe(
            "a square batch",
            [[0.8, 0.2], [0.4, 0.6]],
            [[1.0, 0.0], [3.0, -1.0]],
            aspect="batches",
            why="here a forgotten `keepdims` raises no error.",
        ),
    ),
    fresh=lambda rng: (rng.dirichlet(np.ones(4), size=1)[0], rng.normal(size=4)),
    hints=(
        "Write J = diag(p) − p pᵀ, and multiply: what is p pᵀ g?",
        "pᵀ g is one number per sample: the mean of g under p.",
        "p · (g − that number), with `keepdims=True`.",
    ),
    explanation="J is symmetric, so Jᵀg = diag(p) g − p (pᵀ g) = p · (g − pᵀ g).",
)
