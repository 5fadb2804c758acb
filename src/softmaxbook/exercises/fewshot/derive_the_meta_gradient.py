"""Through the inner step."""

import numpy as np

from softmaxbook.checking import Exercise, probe


def meta_gradient(start, curvature, optimum, rate):
    end = start - rate * curvature @ (start - optimum)
    slope = curvature @ (end - optimum)
    return slope - rate * curvature @ slope


def first_order(start, curvature, optimum, rate):
    """This is the gradient at the end of the inner step, as in *first-order* MAML. The end depends
    on the start: the chain rule brings the factor I − rate · A."""
    end = start - rate * curvature @ (start - optimum)
    return curvature @ (end - optimum)


def gradient_at_the_start(start, curvature, optimum, rate):
    """This is the gradient at the start, without any inner step. The loss is taken where the step
    ends."""
    return curvature @ (start - optimum) + 0 * rate


def reptiles_direction(start, curvature, optimum, rate):
    """This is the way of the inner step, which Reptile uses. Asked for is the gradient of the loss
    after it."""
    return rate * curvature @ (start - optimum)


def factor_reversed(start, curvature, optimum, rate):
    """The factor is I + rate · A here. The inner step *subtracts* the gradient, so its derivative
    is I − rate · A."""
    end = start - rate * curvature @ (start - optimum)
    slope = curvature @ (end - optimum)
    return slope + rate * curvature @ slope


def inner_step_uphill(start, curvature, optimum, rate):
    """Your inner step goes uphill, in the step and in its derivative: subtract the gradient."""
    return meta_gradient(start, curvature, optimum, -rate)


def entry_by_entry(start, curvature, optimum, rate):
    """Only the diagonal of A counts here: the weights are multiplied entry by entry. Use the matrix
    product."""
    return meta_gradient(start, np.diag(np.diag(curvature)), optimum, rate)


def curvature_forgotten_in_the_factor(start, curvature, optimum, rate):
    """Your factor is 1 − rate. The inner step's derivative holds the curvature: I − rate · A."""
    return (1 - rate) * first_order(start, curvature, optimum, rate)


def curvature_forgotten_in_the_slope(start, curvature, optimum, rate):
    """The gradient of the loss at the end is A (w′ − c). You left out A."""
    end = start - rate * curvature @ (start - optimum)
    return end - optimum - rate * curvature @ (end - optimum)


def sign_reversed(start, curvature, optimum, rate, base=meta_gradient):
    """The sign is reversed: the minus belongs to the step of descent."""
    return -base(start, curvature, optimum, rate)


def factor_two(start, curvature, optimum, rate):
    """There is a factor 2 too many. The loss has a ½, which the derivative of the square takes
    away."""
    return 2 * meta_gradient(start, curvature, optimum, rate)


def squared_once_more(start, curvature, optimum, rate):
    """The factor stands there once too often: one for the way that is left, one for the chain rule,
    and no third."""
    slope = meta_gradient(start, curvature, optimum, rate)
    return slope - rate * curvature @ slope


def where_the_step_ends(start, curvature, optimum, rate):
    """This is where the inner step ends. Asked for is the gradient, in the start, of the loss
    there."""
    return start - rate * curvature @ (start - optimum)


def optimum_forgotten(start, curvature, optimum, rate, base=meta_gradient):
    """The optimum c is left out. The loss is that of w − c, at the start and at the end."""
    return base(start, curvature, 0 * optimum, rate)


def optimum_forgotten_at_the_end(start, curvature, optimum, rate):
    """At the end of the step the optimum c is left out: the gradient there is A (w′ − c)."""
    end = start - rate * curvature @ (start - optimum)
    slope = curvature @ end
    return slope - rate * curvature @ slope


def inner_step_doubled(start, curvature, optimum, rate):
    """Your inner step is twice as long. The ½ of the loss cancels the 2 of the square, so ∇ℓ is
    A (w − c)."""
    return meta_gradient(start, curvature, optimum, 2 * rate)


def identity_forgotten(start, curvature, optimum, rate):
    """In dw′/dw you left out the identity: w′ = w − αA(w − c) holds w itself too."""
    end = start - rate * curvature @ (start - optimum)
    return -rate * curvature @ curvature @ (end - optimum)


def outer_step_taken(start, curvature, optimum, rate):
    """This is the start after a further step. The gradient itself is asked for."""
    end = start - rate * curvature @ (start - optimum)
    return start - rate * curvature @ (end - optimum)


def curvature_twice(start, curvature, optimum, rate):
    """There is one A too many. One stands in the gradient of the loss, and one in the factor, with
    α before it."""
    return curvature @ (curvature @ (start - optimum - rate * curvature @ (start - optimum)))


def half_of_it(start, curvature, optimum, rate, base=first_order):
    """You kept the ½ before the square. Its derivative takes it away."""
    return base(start, curvature, optimum, rate) / 2


def rate_in_front(start, curvature, optimum, rate):
    """This is a step: rate times the gradient at the end. The gradient in the start is asked for,
    and it has the factor I − rate · A."""
    end = start - rate * curvature @ (start - optimum)
    return rate * curvature @ (end - optimum)


EXERCISE = Exercise(
    title="Through the inner step",
    kind="derive",
    difficulty=3,
    statement=r"""
        A task has the loss $\ell(w) = \frac12 (w - c)^\top A \, (w - c)$, with a symmetric matrix
        $A$. MAML looks for a start $w$ from which *one step* of descent ends low: with
        $w' = w - \alpha \nabla \ell(w)$ it minimises $\ell(w')$ as a function of $w$.
        Derive its gradient in $w$, with all terms, and write it as
        `meta_gradient(start, curvature, optimum, rate)`: $A$ = curvature, $c$ = optimum,
        $\alpha$ = rate.
        What does the first-order version leave out?
        """,
    solution=meta_gradient,
    mistakes=(
        first_order,
        gradient_at_the_start,
        reptiles_direction,
        factor_reversed,
        inner_step_uphill,
        entry_by_entry,
        curvature_forgotten_in_the_factor,
        curvature_forgotten_in_the_slope,
        sign_reversed,
        factor_two,
        squared_once_more,
        where_the_step_ends,
        optimum_forgotten,
        optimum_forgotten_at_the_end,
        inner_step_doubled,
        identity_forgotten,
        outer_step_taken,
        curvature_twice,
        half_of_it,
        rate_in_front,
    ),
    either=(
        (half_of_it, where_the_step_ends),
        (half_of_it, factor_two),
        (sign_reversed, where_the_step_ends),
    ),
    probes=(
        probe(
            "two weights",
            [1.0, -1.0],
            [[2.0, 0.5], [0.5, 1.0]],
            [0.0, 1.0],
            0.1,
        ),
        probe(
            "three weights",
            [0.5, 2.0, -1.0],
            [[1.0, 0.2, 0.0], [0.2, 3.0, -0.5], [0.0, -0.5, 2.0]],
            [1.0, 0.0, 0.5],
            0.25,
        ),
        probe(
            "a large inner step",
            [2.0, 0.0],
            [[1.0, -0.3], [-0.3, 2.0]],
            [-1.0, 1.0],
            0.8,
            why="along the steep direction the step goes beyond the optimum.",
        ),
        probe(
            "no inner step",
            [1.0, 3.0],
            [[2.0, 1.0], [1.0, 2.0]],
            [0.0, 1.0],
            0.0,
            why="then it is the task's own gradient.",
        ),
    ),
    fresh=lambda rng: (
        rng.normal(size=3),
        (lambda b: b @ b.T + np.eye(3))(rng.normal(size=(3, 3)) / 2),
        rng.normal(size=3),
        float(rng.uniform(0.1, 0.4)),
    ),
    hints=(
        "∇ℓ(w) = A(w − c). So w′ = w − αA(w − c). How does w′ change with w?",
        "The chain rule: (dw′/dw)ᵀ ∇ℓ(w′), and dw′/dw = I − αA.",
        "(I − αA) A (w′ − c).",
    ),
    explanation="First-order MAML drops the factor I − αA, and with it all second derivatives.",
)
