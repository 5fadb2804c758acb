"""The Jacobian of softmax."""

import numpy as np

from softmaxbook.checking import Aspect, Exercise, probe


def softmax_jacobian(logits):
    exponentials = np.exp(logits - np.max(logits))
    p = exponentials / np.sum(exponentials)
    return np.diag(p) - np.outer(p, p)


def softmax(logits):
    exponentials = np.exp(logits - np.max(logits))
    return exponentials / np.sum(exponentials)


def diagonal_only(logits):
    """Only the diagonal is there. A logit moves every probability, because all share one sum:
    beside the diagonal stands −pᵢpⱼ."""
    p = softmax(logits)
    return np.diag(p * (1 - p))


def sign_beside_the_diagonal(logits):
    """The entries beside the diagonal are positive. A rival's logit that rises
    takes probability away: −pᵢpⱼ. Each row then adds up to 0."""
    p = softmax(logits)
    return np.outer(p, p) + np.diag(p - 2 * p * p)


def sign_on_the_diagonal(logits):
    """The diagonal is negative. A probability rises with its own logit: pᵢ(1 − pᵢ) stands there."""
    p = np.exp(logits - np.max(logits)) / np.sum(np.exp(logits - np.max(logits)))
    return 2 * np.diag(p * p) - np.diag(p) - np.outer(p, p)


def plus_the_outer_product(logits):
    """You *add* the outer product. Row sums tell: the probabilities add up to 1 whatever the
    logits are, so each row of the Jacobian adds up to 0."""
    p = softmax(logits)
    return np.diag(p) + np.outer(p, p)


def diagonal_formula_everywhere(logits):
    """pᵢ(1 − pⱼ) stands everywhere. The 1 comes from the numerator, which depends on logit j
    only if j = i: it belongs on the diagonal alone."""
    p = softmax(logits)
    return np.outer(p, 1 - p)


def identity_without_p(logits):
    """I − p pᵀ stands there: the diagonal matrix has the probabilities on it, not ones."""
    p = np.exp(logits - np.max(logits)) / np.sum(np.exp(logits - np.max(logits)))
    return np.eye(len(p)) - np.outer(p, p)


def sign_reversed(logits, base=softmax_jacobian):
    """Every sign is reversed: a probability *rises* with its own logit, so the diagonal is
    positive."""
    return -base(logits)


def a_vector(logits):
    """p(1 − p) is the diagonal, as a vector. The Jacobian has one row per probability and
    one column per logit."""
    p = softmax(logits)
    return p * (1 - p)


def shift_forgotten(logits):
    """Your softmax inside overflows: exp(1000) is `inf`. Subtract the
    largest logit first."""
    p = np.exp(logits) / np.sum(np.exp(logits))
    return np.diag(p) - np.outer(p, p)


def of_the_logits(logits):
    """You put the *logits* into diag(p) − p pᵀ. Its p are the probabilities: softmax first."""
    return np.diag(logits) - np.outer(logits, logits)


def of_the_logarithms(logits):
    """This is the Jacobian of log p: each row is divided by its pᵢ. Asked for is that of p
    itself."""
    p = np.exp(logits - np.max(logits)) / np.sum(np.exp(logits - np.max(logits)))
    return np.eye(len(p)) - p


def squares_for_the_outer_product(logits):
    """`p * p` multiplies entry by entry and gives a vector of squares; NumPy then takes it from
    every row. p pᵀ has all products pᵢpⱼ: `np.outer(p, p)`."""
    p = softmax(logits)
    return np.diag(p) - p * p


def inner_for_the_outer_product(logits):
    """`p @ p.T` of a vector is one number, the sum of the squares: transposing a vector does
    nothing. p pᵀ is `np.outer(p, p)`, or `p[:, None] * p[None, :]`."""
    p = softmax(logits)
    return np.diag(p) - p @ p.T


EXERCISE = Exercise(
    title="The Jacobian of softmax",
    kind="write",
    difficulty=2,
    statement=r"""
        Write `softmax_jacobian(logits)` for one vector of $K$ logits: the $K \times K$ matrix

        $$ J_{ij} = \frac{\partial p_i}{\partial z_j} . $$
        """,
    solution=softmax_jacobian,
    mistakes=(
        diagonal_only,
        sign_beside_the_diagonal,
        sign_on_the_diagonal,
        plus_the_outer_product,
        diagonal_formula_everywhere,
        identity_without_p,
        sign_reversed,
        a_vector,
        shift_forgotten,
        of_the_logits,
        of_the_logarithms,
        squares_for_the_outer_product,
        inner_for_the_outer_product,
    ),
    aspects=(Aspect("values", 2), Aspect("large logits", 1)),
    probes=(
        probe("three classes", [2.0, 1.0, -1.0]),
        probe("two equal classes", [0.0, 0.0], why="the largest derivative there is: 1/4."),
        probe("four classes", [0.5, -1.0, 0.0, 2.0]),
        probe("one class", [1.5], why="its probability is always 1: the derivative is 0."),
        probe("a thousand", [1000.0, 999.0, 998.0], aspect="large logits"),
        probe(
            "saturated",
            [1000.0, 0.0],
            aspect="large logits",
            why="nothing moves any more: all entries are 0.",
        ),
    ),
    fresh=lambda rng: (rng.normal(size=rng.integers(3, 6)),),
    hints=(
        "Differentiate pᵢ = exp(zᵢ) / S with the quotient rule, once for j = i and once for j ≠ i.",
        "On the diagonal pᵢ − pᵢ², beside it −pᵢpⱼ. What do both have in common?",
        "`np.diag(p) - np.outer(p, p)`.",
    ),
)
