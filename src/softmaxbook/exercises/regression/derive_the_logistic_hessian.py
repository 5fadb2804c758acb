"""The curvature that Newton needs."""

import numpy as np

from softmaxbook.checking import Exercise, probe


def logistic_hessian(weights, features):
    p = 1 / (1 + np.exp(-(features @ weights)))
    return features.T @ (features * (p * (1 - p))[:, None]) / len(features)


def curvature_of_squares(weights, features):
    """This is the Hessian of least squares. The sigmoid bends: each row counts with its slope,
    p (1 − p)."""
    return features.T @ features / len(features) + 0 * weights[0]


def weighted_by_p(weights, features):
    """You weight the rows by p. The derivative of σ is p (1 − p)."""
    p = 1 / (1 + np.exp(-(features @ weights)))
    return features.T @ (features * p[:, None]) / len(features)


def not_divided(weights, features, base=logistic_hessian):
    """This is the Hessian of the sum. The loss is the mean: divide by the number of rows."""
    return base(weights, features) * len(features)


def weight_squared(weights, features):
    """The weight p (1 − p) stands at both features: it is squared. One of the two gets it."""
    p = 1 / (1 + np.exp(-(features @ weights)))
    scaled = features * (p * (1 - p))[:, None]
    return scaled.T @ scaled / len(features)


def diagonal_only(weights, features, base=logistic_hessian):
    """Only the diagonal is there. Beside it stand the mixed derivatives: the products of two
    features."""
    return np.diag(np.diag(base(weights, features)))


def sign_reversed(weights, features, base=logistic_hessian):
    """The sign is reversed. The loss is convex: no entry of the diagonal is negative."""
    return -base(weights, features)


def rows_for_features(weights, features):
    """This is X S Xᵀ, a matrix of *rows*. Parameters belong to columns: Xᵀ S X."""
    p = 1 / (1 + np.exp(-(features @ weights)))
    return (features * (p * (1 - p))[:, None]) @ features.T / len(features)


def one_average_weight(weights, features):
    """You average p (1 − p) first. Each row has its own: rows far from the boundary count
    little."""
    p = 1 / (1 + np.exp(-(features @ weights)))
    return features.T @ features * np.mean(p * (1 - p)) / len(features)


def gradients_multiplied(weights, features):
    """You multiply p x by itself: products of first derivatives. The second derivative comes from
    differentiating p once more: p (1 − p) x xᵀ."""
    p = 1 / (1 + np.exp(-(features @ weights)))
    return (features * p[:, None]).T @ (features * p[:, None]) / len(features)


def one_derivative_too_many(weights, features):
    """p (1 − 2p) comes from differentiating p (1 − p) or p², one step too far. The gradient holds
    p, and its derivative is p (1 − p)."""
    p = 1 / (1 + np.exp(-(features @ weights)))
    return features.T @ (features * (p * (1 - 2 * p))[:, None]) / len(features)


EXERCISE = Exercise(
    title="The curvature that Newton needs",
    kind="derive",
    difficulty=3,
    statement=r"""
        The gradient of the mean binary cross-entropy in the weights is
        $\frac1n \sum_i (p_i - y_i)\, x_i$, with $p_i = \sigma(w \cdot x_i)$. Differentiate once
        more, and write the Hessian as `logistic_hessian(weights, features)`.
        `features` has shape `(n, d)`, the result `(d, d)`.
        Why does it not need the labels?
        """,
    solution=logistic_hessian,
    mistakes=(
        curvature_of_squares,
        weighted_by_p,
        not_divided,
        weight_squared,
        diagonal_only,
        sign_reversed,
        rows_for_features,
        one_average_weight,
        gradients_multiplied,
        one_derivative_too_many,
    ),
    probes=(
        probe("three rows", [1.0, -0.5], [[1.0, 2.0], [0.0, 1.0], [3.0, -1.0]]),
        probe(
            "weights of 0",
            [0.0, 0.0],
            [[1.0, 2.0], [2.0, -1.0], [0.5, 3.0]],
            why="there p = 1/2 everywhere, and the Hessian is a quarter of that of least squares.",
        ),
        probe(
            "as many rows as features",
            [0.5, 2.0],
            [[1.0, 1.0], [3.0, -1.0]],
            why="here even a forgotten transposition has the right shape.",
        ),
        probe("far from the boundary", [3.0, 0.0], [[2.0, 1.0], [-2.0, 5.0], [0.1, 2.0]]),
    ),
    fresh=lambda rng: (rng.normal(size=3), rng.normal(size=(5, 3))),
    hints=(
        "Only pᵢ depends on w. What is its derivative in wⱼ?",
        "The derivative of σ is p (1 − p), times xᵢⱼ: each row gives p (1 − p) x xᵀ.",
        "Weight the rows by p (1 − p) once, then multiply by `features.T`.",
    ),
    explanation="The labels stand in the gradient as a constant, and vanish in the derivative.",
)
