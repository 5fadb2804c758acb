"""The derivative of log-softmax."""

import numpy as np

from softmaxbook.checking import Exercise, probe


def log_jacobian(probabilities):
    return np.eye(len(probabilities)) - probabilities


def transposed(probabilities, base=log_jacobian):
    """The result is transposed. This Jacobian is not symmetric: row i is about log pᵢ, and column j
    about logit j, so that beside the diagonal all rows are alike."""
    return base(probabilities).T


def of_softmax_itself(probabilities):
    """This is the Jacobian of p. The derivative of log pᵢ is that of pᵢ, *divided by pᵢ*."""
    return np.diag(probabilities) - np.outer(probabilities, probabilities)


def sign_reversed(probabilities, base=log_jacobian):
    """Every sign is reversed: log pᵢ rises with its own logit."""
    return -base(probabilities)


def one_over_p(probabilities):
    """diag(1/p) is the derivative of log p with respect to p. The chain rule goes on: times the
    Jacobian of p with respect to the logits."""
    return np.diag(1 / probabilities)


def outer_product_kept(probabilities):
    """Dividing row i of diag(p) − p pᵀ by pᵢ makes the diagonal 1, and takes pᵢ out of the second
    term too: −pⱼ stays, not −pᵢpⱼ."""
    return np.eye(len(probabilities)) - np.outer(probabilities, probabilities)


def diagonal_only(probabilities):
    """Only the diagonal is there. Beside it stands −pⱼ: every logit is in the sum."""
    return np.diag(1 - probabilities)


EXERCISE = Exercise(
    title="The derivative of log-softmax",
    kind="derive",
    difficulty=2,
    statement=r"""
        Derive the Jacobian of $\log p$,

        $$ L_{ij} = \frac{\partial \log p_i}{\partial z_j} , $$

        in terms of the probabilities alone, and write it as `log_jacobian(probabilities)`.
        Its rows are about probabilities, its columns about logits.
        """,
    solution=log_jacobian,
    mistakes=(
        transposed,
        of_softmax_itself,
        sign_reversed,
        one_over_p,
        outer_product_kept,
        diagonal_only,
    ),
    probes=(
        probe("three classes", [0.7, 0.2, 0.1]),
        probe("two classes", [0.9, 0.1], why="here each row adds up to 0, the columns do not."),
        probe("equal classes", [0.25, 0.25, 0.25, 0.25], why="only here the matrix is symmetric."),
        probe("nearly certain", [0.999, 0.0005, 0.0005]),
    ),
    fresh=lambda rng: (rng.dirichlet(np.ones(4)),),
    hints=(
        "log pᵢ = zᵢ − log Σₖ exp(zₖ). Differentiate the two terms.",
        "The first term gives 1 if i = j. The second one does not depend on i.",
    ),
    explanation="∂zᵢ/∂zⱼ is the identity, and the derivative of the log-sum-exp is p: I − 1 pᵀ.",
)
