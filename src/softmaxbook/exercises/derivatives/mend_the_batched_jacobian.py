"""A Jacobian for every sample."""

import numpy as np

from softmaxbook.checking import Aspect, Exercise, probe


def batched_jacobian(p):
    identity = np.eye(p.shape[-1])
    return p[..., :, None] * identity - p[..., :, None] * p[..., None, :]


def as_printed(p):
    """This is still what was printed. `p[..., None] * p[..., None]` squares each entry instead of
    multiplying pᵢ by pⱼ: one of the two has to lie along the row."""
    return np.eye(p.shape[-1]) * p[..., None] - p[..., None] * p[..., None]


def outer_of_everything(p):
    """`np.outer` flattens the batch: it multiplies the entries of *different samples* too. Let
    broadcasting do it: `p[..., :, None] * p[..., None, :]`."""
    flat = np.ravel(p)
    return np.diag(flat) - np.outer(flat, flat)


def diagonal_by_column(p):
    """The diagonal matrix has lost its batch: without a new axis, the samples' probabilities run
    along the wrong axis, or do not fit. Use `p[..., :, None] * np.eye(K)`."""
    return p * np.eye(p.shape[-1]) - p[..., :, None] * p[..., None, :]


def diagonal_missing(p):
    """This is minus the outer product; diag(p) got lost on the way."""
    return -p[..., :, None] * p[..., None, :]


def sum_over_the_batch(p):
    """One matrix comes back: the batch was summed away. Each sample has a Jacobian of its own."""
    return np.sum(batched_jacobian(np.atleast_2d(p)), axis=0)


def identity_without_p(p):
    """I − p pᵀ: the identity has to be scaled by p, row by row."""
    return np.eye(p.shape[-1]) - p[..., :, None] * p[..., None, :]


EXERCISE = Exercise(
    title="A Jacobian for every sample",
    kind="find",
    difficulty=3,
    statement=r"""
        This program should turn a batch of probabilities of shape `(..., K)` into Jacobians of
        shape `(..., K, K)`. The shapes are right, the numbers are not. Find the mistake and mend
        it.
        """,
    starter="""\
def batched_jacobian(p):
    identity = np.eye(p.shape[-1])
    return p[..., :, None] * identity - p[..., :, None] * p[..., :, None]""",
    solution=batched_jacobian,
    mistakes=(
        as_printed,
        outer_of_everything,
        diagonal_by_column,
        diagonal_missing,
        sum_over_the_batch,
        identity_without_p,
    ),
    aspects=(Aspect("values", 1), Aspect("batches", 1)),
    probes=(
        probe("one sample", [0.7, 0.2, 0.1]),
        probe("two classes", [0.9, 0.1]),
        probe("two samples", [[0.7, 0.2, 0.1], [0.1, 0.3, 0.6]], aspect="batches"),
        probe(
            "a square batch",
            [[0.8, 0.2], [0.4, 0.6]],
            aspect="batches",
            why="here even wrong shapes fit together.",
        ),
        probe(
            "two by two samples",
            np.array([[[0.8, 0.2], [0.4, 0.6]], [[0.5, 0.5], [0.1, 0.9]]]),
            aspect="batches",
        ),
    ),
    fresh=lambda rng: (rng.dirichlet(np.ones(3)),),
    hints=(
        "Compute one Jacobian by hand, of [0.9, 0.1], and compare entry by entry.",
        "Beside the diagonal −pᵢpⱼ is expected: one factor must change along the row, the other "
        "along the column.",
    ),
    explanation="`p[..., :, None]` is a column, `p[..., None, :]` a row; their product is p pᵀ.",
)
