"""The gradient of a query."""

import numpy as np

from softmaxbook.checking import Aspect, Exercise, probe


def query_gradient(query, keys, values, gradient):
    scores = keys @ query / np.sqrt(len(query))
    weights = np.exp(scores - np.max(scores))
    weights = weights / np.sum(weights)
    gains = values @ gradient
    slopes = weights * (gains - weights @ gains)
    return slopes @ keys / np.sqrt(len(query))


def _weights(query, keys, scale):
    scores = keys @ query / scale
    weights = np.exp(scores - np.max(scores))
    return weights / np.sum(weights)


def mean_not_subtracted(query, keys, values, gradient):
    """The slope at a score is p (v · g − o · g): how much the value is better than what is looked
    up on average. You forgot to subtract the average; it comes from the sum in softmax."""
    root = np.sqrt(len(query))
    return (_weights(query, keys, root) * (values @ gradient)) @ keys / root


def plain_mean_subtracted(query, keys, values, gradient):
    """You subtract the plain mean of the gains v · g. It is the mean *under the weights*,
    which is o · g."""
    root, gains = np.sqrt(len(query)), values @ gradient
    return (_weights(query, keys, root) * (gains - gains.mean())) @ keys / root


def unweighted_sum_subtracted(query, keys, values, gradient):
    """You subtract the sum of the gains v · g. Each counts with its weight: the mean under the
    weights is o · g."""
    scores = keys @ query / np.sqrt(len(query))
    weights = np.exp(scores - np.max(scores))
    weights = weights / np.sum(weights)
    gains = values @ gradient
    return (weights * (gains - np.sum(gains))) @ keys / np.sqrt(len(query))


def weights_not_normalised(query, keys, values, gradient):
    """The weights are not divided by their sum. Softmax first: they add up to 1."""
    scores = keys @ query / np.sqrt(len(query))
    weights = np.exp(scores - np.max(scores))
    gains = values @ gradient
    return (weights * (gains - weights @ gains)) @ keys / np.sqrt(len(query))


def diagonal_only(query, keys, values, gradient):
    """p (1 − p) is the diagonal of softmax's Jacobian. A score moves all the weights, not only
    its own."""
    root, p = np.sqrt(len(query)), _weights(query, keys, np.sqrt(len(query)))
    return (p * (1 - p) * (values @ gradient)) @ keys / root


def outer_scale_forgotten(query, keys, values, gradient):
    """The last step is missing its scale: a score is q · k / √d, so its derivative in q is
    k / √d, not k."""
    return query_gradient(query, keys, values, gradient) * np.sqrt(len(query))


def scale_left_out_everywhere(query, keys, values, gradient):
    """You use no scale at all, neither in the scores nor in their derivative. Both have the factor
    1 / √d."""
    p, gains = _weights(query, keys, 1.0), values @ gradient
    return (p * (gains - p @ gains)) @ keys


def scaled_by_d(query, keys, values, gradient):
    """You divide by d where √d belongs, in the scores and in their derivative."""
    width, gains = len(query), values @ gradient
    p = _weights(query, keys, width)
    return (p * (gains - p @ gains)) @ keys / width


def sign_reversed(query, keys, values, gradient, base=query_gradient):
    """The sign is reversed: a score whose value has a larger product with g than the average has a
    positive slope."""
    return -base(query, keys, values, gradient)


EXERCISE = Exercise(
    title="The gradient of a query",
    kind="derive",
    difficulty=3,
    statement=r"""
        One query $q$ looks at keys $k_j$ with the weights
        $p = \operatorname{softmax}(z)$, $z_j = q^\top k_j / \sqrt d$, and looks up
        $o = \sum_j p_j v_j$. A loss sends back $g = \partial L / \partial o$.
        Derive $\partial L / \partial q$, and write
        `query_gradient(query, keys, values, gradient)` for arrays of the shapes `(d,)`, `(m, d)`,
        `(m, e)` and `(e,)`.
        """,
    solution=query_gradient,
    mistakes=(
        mean_not_subtracted,
        plain_mean_subtracted,
        unweighted_sum_subtracted,
        weights_not_normalised,
        diagonal_only,
        outer_scale_forgotten,
        scale_left_out_everywhere,
        scaled_by_d,
        sign_reversed,
    ),
    aspects=(Aspect("values", 3), Aspect("nothing to gain", 1)),
    probes=(
        probe(
            "two keys",
            [1.0, 0.5, 0.0, 2.0],
            [[1.0, 0.0, 1.0, 0.0], [0.0, 2.0, 0.0, 1.0]],
            [[1.0, 0.0], [0.0, 3.0]],
            [1.0, 1.0],
        ),
        probe(
            "three keys",
            [1.0, -1.0],
            [[1.0, 0.0], [0.0, 1.0], [2.0, 1.0]],
            [[1.0], [2.0], [-4.0]],
            [1.5],
        ),
        probe(
            "three keys, three wide",
            [0.5, 1.0, -1.0],
            [[1.0, 0.0, 2.0], [0.0, 1.0, 0.0], [1.0, 1.0, -1.0]],
            [[2.0, 1.0], [5.0, 0.0], [-1.0, 1.0]],
            [1.0, -2.0],
        ),
        probe(
            "equal values",
            [1.0, 2.0],
            [[1.0, 0.0], [0.0, 1.0], [2.0, 2.0]],
            [[3.0, 1.0], [3.0, 1.0], [3.0, 1.0]],
            [1.0, -2.0],
            aspect="nothing to gain",
            why="whoever is looked at, the same value comes out: no query is better than another.",
        ),
        probe(
            "equal values, four wide",
            [1.0, 0.0, 1.0, 0.5],
            [[1.0, 0.0, 1.0, 0.0], [0.0, 2.0, 0.0, 1.0]],
            [[2.0], [2.0]],
            [3.0],
            aspect="nothing to gain",
        ),
    ),
    fresh=lambda rng: (
        rng.normal(size=4),
        rng.normal(size=(3, 4)),
        rng.normal(size=(3, 2)),
        rng.normal(size=2),
    ),
    hints=(
        "Go back step by step: from o to p, from p to z, from z to q.",
        "From p to z it is the product with softmax's Jacobian: "
        "p ∘ (u − ⟨p, u⟩) with u_j = v_j · g.",
        "From z to q: multiply by k_j / √d, and add up over the keys.",
    ),
    explanation=(
        "The slope at score j is p_j (v_j − o) · g, and each score has the slope k_j / √d in q."
    ),
)
