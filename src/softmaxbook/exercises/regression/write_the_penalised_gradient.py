"""The gradient with a penalty."""

import numpy as np

from softmaxbook.checking import Aspect, Exercise, probe


def penalised_gradient(parameters, features, labels, penalty):
    weights, bias = parameters[:-1], parameters[-1]
    error = 1 / (1 + np.exp(-(features @ weights + bias))) - labels
    slope = features.T @ error + penalty * weights
    return np.append(slope, np.sum(error)) / len(labels)


def bias_penalised(parameters, features, labels, penalty, base=penalised_gradient):
    """The penalty reaches the intercept. It holds the weights only: otherwise the result would
    depend on where the features' zero is."""
    return base(parameters, features, labels, penalty) + np.append(
        np.zeros(len(parameters) - 1), penalty * parameters[-1] / len(labels)
    )


def sign_reversed(parameters, features, labels, penalty):
    """The error is p − y, prediction minus label. With y − p you climb."""
    weights, bias = parameters[:-1], parameters[-1]
    error = labels - 1 / (1 + np.exp(-(features @ weights + bias)))
    return np.append(features.T @ error + penalty * weights, np.sum(error)) / len(labels)


def not_divided(parameters, features, labels, penalty, base=penalised_gradient):
    """This is n times the gradient: F has the factor 1/n before everything."""
    return base(parameters, features, labels, penalty) * len(labels)


def penalty_not_divided(parameters, features, labels, penalty):
    """The factor 1/n stands before the loss, and is missing before the penalty. In F it is before
    both."""
    weights, bias = parameters[:-1], parameters[-1]
    error = 1 / (1 + np.exp(-(features @ weights + bias))) - labels
    slope = features.T @ error / len(labels) + penalty * weights
    return np.append(slope, np.mean(error))


def penalty_forgotten(parameters, features, labels, penalty, base=penalised_gradient):
    """The penalty is missing: its derivative is λ w."""
    return base(parameters, features, labels, 0.0)


def factor_two_in_the_penalty(parameters, features, labels, penalty, base=penalised_gradient):
    """The derivative of (λ/2) w² is λ w: the 2 cancels the 1/2."""
    return base(parameters, features, labels, 2 * penalty)


def half_left_in_the_penalty(parameters, features, labels, penalty, base=penalised_gradient):
    """The 1/2 stays in your penalty. The derivative of w² is 2w, which cancels it."""
    return base(parameters, features, labels, penalty / 2)


def intercept_without_gradient(parameters, features, labels, penalty, base=penalised_gradient):
    """The intercept has no gradient here. It has no *penalty*; its feature is always 1, so its
    gradient is the mean error."""
    out = np.array(base(parameters, features, labels, penalty))
    out[-1] = 0
    return out


def intercept_not_in_the_logit(parameters, features, labels, penalty):
    """The intercept is missing in the logit: w · x + b."""
    weights = parameters[:-1]
    error = 1 / (1 + np.exp(-(features @ weights))) - labels
    return np.append(features.T @ error + penalty * weights, np.sum(error)) / len(labels)


def slope_of_the_sigmoid(parameters, features, labels, penalty):
    """There is a factor p (1 − p) too many. It belongs to the squared error; the logarithm in
    cross-entropy cancels it."""
    weights, bias = parameters[:-1], parameters[-1]
    p = 1 / (1 + np.exp(-(features @ weights + bias)))
    error = (p - labels) * p * (1 - p)
    return np.append(features.T @ error + penalty * weights, np.sum(error)) / len(labels)


def sigmoid_reversed(parameters, features, labels, penalty):
    """Your sigmoid falls: a minus is missing in the exponent, `np.exp(-z)`."""
    weights, bias = parameters[:-1], parameters[-1]
    error = 1 / (1 + np.exp(features @ weights + bias)) - labels
    return np.append(features.T @ error + penalty * weights, np.sum(error)) / len(labels)


def no_sigmoid(parameters, features, labels, penalty):
    """The error is logit minus label, that of linear regression. The logit goes through the
    sigmoid first."""
    weights, bias = parameters[:-1], parameters[-1]
    error = features @ weights + bias - labels
    return np.append(features.T @ error + penalty * weights, np.sum(error)) / len(labels)


EXERCISE = Exercise(
    title="The gradient with a penalty",
    kind="write",
    difficulty=2,
    statement=r"""
        Logistic regression minimises

        $$ F(w, b) = \frac1n \Bigl( \sum_i \ell_i + \frac\lambda2 \lVert w \rVert^2 \Bigr),
        \qquad p_i = \sigma(w \cdot x_i + b), $$

        with the binary cross-entropy $\ell_i$. Write
        `penalised_gradient(parameters, features, labels, penalty)`. The **last** entry of
        `parameters`, and of the gradient, belongs to the intercept $b$.
        """,
    solution=penalised_gradient,
    mistakes=(
        bias_penalised,
        sign_reversed,
        not_divided,
        penalty_not_divided,
        penalty_forgotten,
        factor_two_in_the_penalty,
        half_left_in_the_penalty,
        intercept_without_gradient,
        intercept_not_in_the_logit,
        slope_of_the_sigmoid,
        sigmoid_reversed,
        no_sigmoid,
    ),
    either=(
        (penalty_forgotten, factor_two_in_the_penalty, half_left_in_the_penalty),
        (penalty_forgotten, bias_penalised),
        (not_divided, penalty_not_divided),
    ),
    aspects=(Aspect("values", 2), Aspect("penalty", 1)),
    probes=(
        probe(
            "no penalty",
            [0.5, -1.0, 0.25],
            [[1.0, 2.0], [0.0, -1.0], [3.0, 1.0]],
            [0.0, 1.0, 1.0],
            0.0,
        ),
        probe("one feature, no penalty", [0.7, -1.5], [[1.0], [2.0], [4.0]], [0.0, 1.0, 1.0], 0.0),
        probe(
            "a penalty", [2.0, -1.0], [[1.0], [-2.0], [0.5]], [1.0, 0.0, 0.0], 3.0, aspect="penalty"
        ),
        probe(
            "a penalty, two features",
            [0.5, -1.0, 2.0],
            [[1.0, 2.0], [0.0, -1.0], [3.0, 1.0], [1.0, 1.0]],
            [0.0, 1.0, 1.0, 0.0],
            0.8,
            aspect="penalty",
        ),
        probe(
            "all features 0",
            [1.0, 2.0, -0.5],
            [[0.0, 0.0], [0.0, 0.0], [0.0, 0.0]],
            [1.0, 0.0, 1.0],
            1.0,
            aspect="penalty",
            why="the data say nothing about the weights: only the penalty pulls.",
        ),
    ),
    fresh=lambda rng: (
        rng.normal(size=4),
        rng.normal(size=(5, 3)),
        np.array([0.0, 1.0, 1.0, 0.0, 1.0]),
        float(rng.uniform(0.5, 2)),
    ),
    hints=(
        "The error of row i is pᵢ − yᵢ. The gradient of Σ ℓ in w is features times errors.",
        "The intercept acts as the weight of a feature that is always 1, without penalty.",
        "`features.T @ error + penalty * weights` for the weights, the sum of the errors for the "
        "intercept; all of it divided by n.",
    ),
)
