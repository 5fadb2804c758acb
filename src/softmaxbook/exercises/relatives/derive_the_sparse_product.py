"""Back-propagation through sparsemax."""

import numpy as np

from softmaxbook.checking import Aspect, Exercise, probe


def sparse_product(probabilities, cotangent):
    left = probabilities > 0
    mean = np.sum(left * cotangent, axis=-1, keepdims=True) / np.sum(left, axis=-1, keepdims=True)
    return left * (cotangent - mean)


def mean_of_all_classes(probabilities, cotangent):
    """The mean runs over all classes. Those with the probability 0 stay at 0 whatever the logits
    do: the mean is that of the classes that are left."""
    left = probabilities > 0
    return left * (cotangent - np.mean(cotangent, axis=-1, keepdims=True))


def mean_forgotten(probabilities, cotangent):
    """Nothing is subtracted. Raise all logits together, and the probabilities stay: the result has
    to sum to 0."""
    return (probabilities > 0) * cotangent


def the_others_move_too(probabilities, cotangent):
    """The classes without a probability get a gradient, too. A small change of their logits leaves
    them at 0, and moves nobody."""
    left = probabilities > 0
    mean = np.sum(left * cotangent, axis=-1, keepdims=True) / np.sum(left, axis=-1, keepdims=True)
    return cotangent - mean


def as_for_softmax(probabilities, cotangent):
    """This is softmax's product, p (g − Σ p g). Where p = z − τ, each logit moves its own
    probability at the rate 1, not p."""
    mean = np.sum(probabilities * cotangent, axis=-1, keepdims=True)
    return probabilities * (cotangent - mean)


def mean_by_probability(probabilities, cotangent):
    """You subtract the mean under p. All classes that are left count alike: τ is their plain
    mean, less 1 / k."""
    left = probabilities > 0
    return left * (cotangent - np.sum(probabilities * cotangent, axis=-1, keepdims=True))


def sum_for_the_mean(probabilities, cotangent):
    """You subtract the sum of the cotangents. Divide it by the number of classes that are left."""
    left = probabilities > 0
    return left * (cotangent - np.sum(left * cotangent, axis=-1, keepdims=True))


def one_mean_for_the_batch(probabilities, cotangent):
    """One mean for the whole batch: each row has its own, `axis=-1`."""
    left = probabilities > 0
    return left * (cotangent - np.sum(left * cotangent) / np.sum(left))


def sign_reversed(probabilities, cotangent, base=sparse_product):
    """The sign is reversed: where g lies above the mean, the result is positive."""
    return -base(probabilities, cotangent)


EXERCISE = Exercise(
    title="Back through sparsemax",
    kind="derive",
    difficulty=3,
    statement=r"""
        Where no class is at its threshold, sparsemax is $p_i = z_i - \tau$ for the $k$ classes that
        are left, with $\tau = (\sum_{\text{left}} z_j - 1) / k$, and 0 for the others.
        Derive its Jacobian, and write `sparse_product(probabilities, cotangent)`: $J^\top g$ for a
        batch with the classes along the last axis, without forming any matrix.
        """,
    solution=sparse_product,
    mistakes=(
        mean_of_all_classes,
        mean_forgotten,
        the_others_move_too,
        as_for_softmax,
        mean_by_probability,
        sum_for_the_mean,
        one_mean_for_the_batch,
        sign_reversed,
    ),
    aspects=(Aspect("values", 2), Aspect("batches", 1)),
    probes=(
        probe("two are left", [0.75, 0.25, 0.0], [1.0, 0.0, 5.0]),
        probe("three are left", [0.5, 0.0, 0.3, 0.2], [2.0, -1.0, 0.5, 0.0]),
        probe(
            "one is left",
            [0.0, 1.0, 0.0],
            [1.0, 2.0, 3.0],
            why="a sure answer stays sure under small changes.",
        ),
        probe("all are left", [0.2, 0.5, 0.3], [1.0, -2.0, 4.0]),
        probe(
            "two samples",
            [[0.6, 0.4, 0.0], [0.1, 0.2, 0.7]],
            [[1.0, 3.0, -2.0], [0.0, 1.0, 8.0]],
            aspect="batches",
        ),
        probe(
            "a square batch",
            [[1.0, 0.0], [0.5, 0.5]],
            [[2.0, 1.0], [4.0, 1.0]],
            aspect="batches",
        ),
    ),
    fresh=lambda rng: (
        np.array([0.5, 0.0, 0.25, 0.25])[rng.permutation(4)],
        rng.normal(size=4),
    ),
    hints=(
        "∂τ/∂zⱼ is 1/k for a class that is left, and 0 for the others.",
        "So J is the identity on the classes that are left, minus 1/k everywhere among them.",
        "Multiply that by g: what is subtracted from each entry?",
    ),
    explanation="J = diag(s) − s sᵀ / k, with s = 1 for the classes that are left. So Jᵀg takes "
    "the mean of g over them off, and is 0 elsewhere.",
)
