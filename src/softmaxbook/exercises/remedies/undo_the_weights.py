"""Taking class weights back."""

import numpy as np

from softmaxbook.checking import Aspect, Exercise, probe


def without_weights(probabilities, class_weight):
    divided = probabilities / class_weight
    return divided / np.sum(divided, axis=-1, keepdims=True)


def not_normalised(probabilities, class_weight):
    """The rows do not add up to 1 any more: divide by their sums."""
    return probabilities / class_weight


def weights_applied_again(probabilities, class_weight):
    """You multiply by the weights: that tilts the probabilities a second time. Training has
    multiplied; now divide."""
    tilted = probabilities * class_weight
    return tilted / np.sum(tilted, axis=-1, keepdims=True)


def divided_by_the_weights_sum(probabilities, class_weight):
    """You make the weights add up to 1, and stop there. It is the *result* that has to add up to
    1, and each row of it has its own sum."""
    return probabilities / (class_weight / np.sum(class_weight))


def multiplied_without_norm(probabilities, class_weight):
    """You multiply by the weights, and the rows do not add up to 1. Divide by the weights, then
    by the row's sum."""
    return probabilities * class_weight


def weights_subtracted(probabilities, class_weight):
    """You take the logarithm of the weights off the *probabilities*. In logits one subtracts,
    in probabilities one divides."""
    moved = probabilities - np.log(class_weight)
    return moved / np.sum(moved, axis=-1, keepdims=True)


def softmax_again(probabilities, class_weight):
    """Softmax is applied to numbers that are probabilities already. Dividing by the sum is
    enough."""
    exponentials = np.exp(probabilities / class_weight)
    return exponentials / np.sum(exponentials, axis=-1, keepdims=True)


def one_sum_for_all(probabilities, class_weight):
    """One sum runs over the whole batch. Each row has its own: `axis=-1, keepdims=True`."""
    divided = probabilities / class_weight
    return divided / np.sum(divided)


def weights_not_used(probabilities, class_weight):
    """The weights are not used: these are the model's own, tilted probabilities."""
    return probabilities / np.sum(probabilities, axis=-1, keepdims=True)


def weights_off_the_logits(probabilities, class_weight):
    """You subtract w from log q. Dividing q by w subtracts the *logarithm* of w."""
    tilted = probabilities * np.exp(-class_weight)
    return tilted / np.sum(tilted, axis=-1, keepdims=True)


EXERCISE = Exercise(
    title="Taking class weights back",
    kind="write",
    difficulty=2,
    statement=r"""
        A model trained with class weights $w$ learns $q_k \propto w_k p_k$ in place of the true
        probabilities $p$: it believes in rare classes more than it should.
        Write `without_weights(probabilities, class_weight)`, which returns $p$ from the model's
        $q$, of shape `(..., K)`.
        """,
    solution=without_weights,
    mistakes=(
        not_normalised,
        weights_applied_again,
        divided_by_the_weights_sum,
        multiplied_without_norm,
        weights_subtracted,
        softmax_again,
        one_sum_for_all,
        weights_not_used,
        weights_off_the_logits,
    ),
    aspects=(Aspect("values", 2), Aspect("batches", 1)),
    probes=(
        probe(
            "nine to one",
            [0.5, 0.5],
            [1.0, 9.0],
            why="the model considers both equal, because the second class counted nine times.",
        ),
        probe("three classes", [0.2, 0.5, 0.3], [1.0, 2.0, 4.0]),
        probe(
            "equal weights",
            [0.7, 0.3],
            [2.0, 2.0],
            why="equal weights tilt nothing.",
        ),
        probe("two rows", [[0.5, 0.5], [0.9, 0.1]], [1.0, 3.0], aspect="batches"),
        probe(
            "two rows, three classes",
            [[0.1, 0.2, 0.7], [0.4, 0.4, 0.2]],
            [1.0, 0.5, 5.0],
            aspect="batches",
        ),
    ),
    fresh=lambda rng: (rng.dirichlet(np.ones(4)), rng.uniform(0.5, 5, size=4)),
    hints=(
        "Training multiplied by the weights. What takes that back?",
        "Divide by the weights. What do the rows add up to now?",
    ),
)
