"""Targets that do not add up to one."""

import numpy as np

from softmaxbook.checking import Exercise, probe


def target_gradient(probabilities, targets):
    return np.sum(targets, axis=-1, keepdims=True) * probabilities - targets


def sum_taken_for_one(probabilities, targets):
    """The sum of the targets is taken for 1, as in p − t. Here they have another sum: every t
    brings a p of its own, and Σ t of them meet."""
    return probabilities - targets


def only_through_its_own(probabilities, targets):
    """Each logit acts on its own term alone here, as in t (p − 1). It is also in the log-sum-exp of
    every other term: before pⱼ stands the sum Σₖ tₖ, not tⱼ."""
    return targets * (probabilities - 1)


def in_the_probabilities(probabilities, targets):
    """The quotient t/p belongs to the gradient in the *probabilities*. Go on to the logits: the
    derivative of log pₖ in zⱼ is 1 (if k = j) minus pⱼ."""
    return -targets / probabilities


def sum_over_the_batch(probabilities, targets):
    """The targets are summed over the whole batch. Each row has its own sum: `axis=-1,
    keepdims=True`."""
    return np.sum(targets) * probabilities - targets


def sum_before_both(probabilities, targets):
    """Σ t stands before p alone: each t is subtracted once."""
    return np.sum(targets, axis=-1, keepdims=True) * (probabilities - targets)


def divided_by_the_sum(probabilities, targets):
    """You make the targets add up to 1 first. That changes the loss: a row with twice the weight
    has twice the gradient."""
    return probabilities - targets / np.sum(targets, axis=-1, keepdims=True)


def sign_reversed(probabilities, targets, base=target_gradient):
    """The sign is reversed: the loss is *minus* Σ t log p."""
    return -base(probabilities, targets)


EXERCISE = Exercise(
    title="Targets that do not add up to one",
    kind="derive",
    difficulty=3,
    statement=r"""
        With weights, a row of targets $t$ need not add up to 1. Derive the gradient of

        $$ \ell = -\sum_k t_k \log p_k $$

        in the logits, in terms of $p$ and $t$, and write it as
        `target_gradient(probabilities, targets)`. Both have shape `(..., K)`; each row is an
        example of its own.
        """,
    solution=target_gradient,
    mistakes=(
        sum_taken_for_one,
        only_through_its_own,
        in_the_probabilities,
        sum_over_the_batch,
        sum_before_both,
        divided_by_the_sum,
        sign_reversed,
    ),
    probes=(
        probe("weight 3 on the label", [0.7, 0.2, 0.1], [0.0, 3.0, 0.0]),
        probe(
            "shares",
            [0.7, 0.2, 0.1],
            [0.5, 0.3, 0.2],
            why="these add up to 1: here the gradient is p − t.",
        ),
        probe("weighted shares", [0.25, 0.25, 0.5], [2.0, 0.5, 1.0]),
        probe("two rows", [[0.9, 0.1], [0.4, 0.6]], [[0.0, 2.0], [1.0, 0.0]]),
        probe("two weighted rows", [[0.5, 0.5], [0.2, 0.8]], [[0.3, 0.3], [4.0, 1.0]]),
    ),
    fresh=lambda rng: (rng.dirichlet(np.ones(4)), rng.uniform(0, 3, size=4)),
    hints=(
        "log pₖ = zₖ − log Σ exp(z). Put that in, and collect the two parts.",
        "ℓ = (Σ t) · log Σ exp(z) − Σ tₖ zₖ. The gradient of log-sum-exp is p.",
    ),
    explanation="(Σₖ tₖ) p − t: the first part from the log-sum-exp, the second from Σ tₖ zₖ.",
)
