"""Pulled back to the source."""

import numpy as np

from softmaxbook.checking import Exercise, probe


def pulled(features, targets, source, strength):
    n, d = np.shape(features)
    matrix = features.T @ features + n * strength * np.eye(d)
    return np.linalg.solve(matrix, features.T @ targets + n * strength * source)


def pulled_to_zero(features, targets, source, strength):
    """These weights are pulled to 0, as in ridge regression: the source has no say. The derivative
    of the penalty is 2λ(w − w₀), and w₀ goes to the right side."""
    return pulled(features, targets, 0 * source, strength)


def n_forgotten(features, targets, source, strength, base=pulled):
    """The number of rows is missing. The error is a mean: multiply the equation by n, and the
    penalty gets a factor n."""
    return base(features, targets, source, strength / len(targets))


def n_on_the_left_only(features, targets, source, strength):
    """The factor n stands in the matrix and is missing on the right, before the source. Then a
    strong pull leads to w₀/n."""
    n, d = np.shape(features)
    matrix = features.T @ features + n * strength * np.eye(d)
    return np.linalg.solve(matrix, features.T @ targets + strength * source)


def pushed_away(features, targets, source, strength, base=pulled):
    """The sign of the source is reversed: a strong pull should lead *to* w₀."""
    return base(features, targets, -source, strength)


def source_added_afterwards(features, targets, source, strength):
    """You learn the targets, and add the source's weights to the result. Either learn what the
    source leaves over, y − Xw₀, or put nλw₀ on the right side."""
    return source + pulled_to_zero(features, targets, source, strength)


def only_the_deviation(features, targets, source, strength):
    """This is how far the weights move away from the source, w − w₀. The weights themselves are
    asked for."""
    return pulled_to_zero(features, targets - features @ source, source, strength)


def not_pulled(features, targets, source, strength):
    """The penalty is missing: these are the least squares of the target alone."""
    return np.linalg.lstsq(features, targets, rcond=None)[0]


def mixed(features, targets, source, strength):
    """You mix the source's weights with those of the target in fixed shares. How strongly the data
    pull depends on the direction: solve the equation for w."""
    own = np.linalg.lstsq(features, targets, rcond=None)[0]
    return (own + strength * source) / (1 + strength)


def penalty_halved(features, targets, source, strength):
    """The pull is half of what it should be. Both squares bring a factor 2, and it cancels."""
    return pulled(features, targets, source, strength / 2)


def penalty_doubled(features, targets, source, strength):
    """The pull is twice what it should be. Both squares bring a factor 2, and it cancels."""
    return pulled(features, targets, source, strength * 2)


def source_without_strength(features, targets, source, strength):
    """On the right side w₀ stands alone. The derivative of the penalty brings λ (and, after
    multiplying, n) to it as well."""
    n, d = np.shape(features)
    matrix = features.T @ features + n * strength * np.eye(d)
    return np.linalg.solve(matrix, features.T @ targets + source)


def pull_without_identity(features, targets, source, strength):
    """nλ is added to *every* entry of XᵀX. It belongs on the diagonal: nλI."""
    n = len(targets)
    matrix = features.T @ features + n * strength
    return np.linalg.solve(matrix, features.T @ targets + n * strength * source)


def divided_on_the_left_only(features, targets, source, strength):
    """Only one of the two sums over the rows is divided by n. Multiply or divide *every* term."""
    n, d = np.shape(features)
    matrix = features.T @ features / n + strength * np.eye(d)
    return np.linalg.solve(matrix, features.T @ targets + strength * source)


def strength_squared(features, targets, source, strength):
    """The strength is squared. In the penalty only the distance is squared; λ stands before it."""
    return pulled(features, targets, source, strength**2)


def weights_for_rows(features, targets, source, strength):
    """You multiply by the number of weights. The mean runs over the *rows*."""
    d = np.shape(features)[1]
    matrix = features.T @ features + d * strength * np.eye(d)
    return np.linalg.solve(matrix, features.T @ targets + d * strength * source)


def n_on_the_right_only(features, targets, source, strength):
    """The factor n stands before the source and is missing in the matrix. Multiply *every* term of
    the equation."""
    n, d = np.shape(features)
    matrix = features.T @ features + strength * np.eye(d)
    return np.linalg.solve(matrix, features.T @ targets + n * strength * source)


def penalty_rewarded(features, targets, source, strength):
    """The penalty has the wrong sign: distance from the source is rewarded here. Both squares are
    minimised together."""
    return pulled(features, targets, source, -strength)


def gradient_at_the_source(features, targets, source, strength):
    """This is the gradient at the source. Set the gradient to 0 and solve for w."""
    return 2 / len(targets) * features.T @ (features @ source - targets)


EXERCISE = Exercise(
    title="Pulled back to the source",
    kind="derive",
    difficulty=3,
    statement=r"""
        Parameters can be transferred without being frozen: a penalty pulls them back to where the
        source had them. For a linear model with the source's weights $w_0$, the target minimises

        $$ \frac1n \lVert X w - y \rVert^2 + \lambda \lVert w - w_0 \rVert^2 . $$

        Derive the minimum, and write it as `pulled(features, targets, source, strength)`, with
        $X$ = features of shape `(n, d)`, $w_0$ = source and $\lambda$ = strength.
        What becomes of it with $\lambda$ very small, and very large?
        """,
    solution=pulled,
    mistakes=(
        pulled_to_zero,
        n_forgotten,
        n_on_the_left_only,
        pushed_away,
        source_added_afterwards,
        only_the_deviation,
        not_pulled,
        mixed,
        penalty_halved,
        penalty_doubled,
        source_without_strength,
        pull_without_identity,
        divided_on_the_left_only,
        strength_squared,
        weights_for_rows,
        n_on_the_right_only,
        penalty_rewarded,
        gradient_at_the_source,
    ),
    either=(
        (
            n_forgotten,
            n_on_the_left_only,
            n_on_the_right_only,
            divided_on_the_left_only,
            weights_for_rows,
        ),
    ),
    probes=(
        probe(
            "three rows",
            [[1.0, 0.0], [0.5, 1.0], [1.0, -1.0]],
            [1.0, 2.0, 0.0],
            [0.5, -1.0],
            0.3,
        ),
        probe(
            "one label",
            [[1.0, 2.0, -1.0]],
            [3.0],
            [1.0, 0.5, 2.0],
            0.5,
            why="one label moves the weights in one direction; in all others the source stays.",
        ),
        probe(
            "a strong pull",
            [[1.0, 1.0], [2.0, 0.0], [0.0, 1.0], [1.0, -1.0]],
            [2.0, 1.0, 0.5, 1.0],
            [3.0, -2.0],
            50.0,
            why="the data can hardly move the weights: the result is close to the source.",
        ),
        probe(
            "the source is right already",
            [[1.0, 2.0], [0.0, 1.0], [2.0, 1.0]],
            [4.0, 1.5, 3.5],
            [1.0, 1.5],
            2.0,
            why="both parts of the sum are 0 there.",
        ),
    ),
    fresh=lambda rng: (
        rng.normal(size=(5, 3)),
        rng.normal(size=5),
        rng.normal(size=3),
        float(rng.uniform(0.1, 1)),
    ),
    hints=(
        "Set the gradient in w to 0. It has two terms.",
        "(2/n) Xᵀ(Xw − y) + 2λ(w − w₀) = 0. Bring everything with w to the left.",
        "(XᵀX + nλI) w = Xᵀy + nλw₀.",
    ),
    explanation="A weak pull chooses among the solutions of the target the one nearest to the "
    "source; a strong one freezes.",
)
