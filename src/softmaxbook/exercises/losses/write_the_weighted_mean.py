"""A mean with class weights."""

import numpy as np

from softmaxbook.checking import Exercise, probe


def weighted_mean(losses, labels, class_weight):
    weights = class_weight[labels]
    return np.sum(weights * losses) / np.sum(weights)


def divided_by_the_rows(losses, labels, class_weight):
    """You divide by the number of rows. Then doubling all weights doubles the loss, and with it
    every step. Divide by the sum of the rows' weights."""
    return np.mean(class_weight[labels] * losses)


def divided_by_all_classes(losses, labels, class_weight):
    """You divide by the sum of the *classes'* weights. Every row brings a weight, its label's: sum
    those, one for each row."""
    return np.sum(class_weight[labels] * losses) / np.sum(class_weight)


def weights_made_shares(losses, labels, class_weight):
    """You make the weights add up to 1 over the *classes*, and then take a plain mean. The rows'
    weights have to add up to 1."""
    shares = class_weight / np.sum(class_weight)
    return np.mean(shares[labels] * losses)


def weights_in_order_of_rows(losses, labels, class_weight):
    """The first row gets the first weight, the second the second. The weight of a row is that of
    its class: `class_weight[labels]`."""
    return np.sum(class_weight * losses) / np.sum(class_weight)


def not_weighted(losses, labels, class_weight):
    """The weights are not used."""
    return np.mean(losses)


def sum_for_mean(losses, labels, class_weight):
    """This is the weighted sum. Divide by the sum of the rows' weights."""
    return np.sum(class_weight[labels] * losses)


def weights_inverted(losses, labels, class_weight, base=weighted_mean):
    """You divide by the weights where you should multiply: a large weight makes a class count
    *more*."""
    return base(losses, labels, 1 / class_weight)


def mean_of_class_means(losses, labels, class_weight):
    """You average within each class first, and then over the classes with their weights. That
    takes back what a frequent class counts; here every *row* counts with its weight."""
    present = np.unique(labels)
    means = np.array([np.mean(losses[labels == k]) for k in present])
    return np.sum(class_weight[present] * means) / np.sum(class_weight[present])


def weighted_twice(losses, labels, class_weight):
    """The weights multiply the losses twice. Once above the line, once in the sum below it."""
    weights = class_weight[labels]
    return np.sum(weights**2 * losses) / np.sum(weights)


def labels_for_weights(losses, labels, class_weight):
    """You multiply the losses by the class *numbers*. A label is an index: it says which weight
    the row gets."""
    return np.sum(labels * losses) / np.sum(class_weight[labels])


EXERCISE = Exercise(
    title="A mean with class weights",
    kind="write",
    difficulty=2,
    statement=r"""
        Each row has a loss, `losses`, and a class number, `labels`; each class has a weight,
        `class_weight`.
        Write `weighted_mean(losses, labels, class_weight)` as `"mean"` is meant for class numbers:
        doubling all weights must change nothing, and weights of 1 must give the plain mean.
        """,
    solution=weighted_mean,
    mistakes=(
        divided_by_the_rows,
        divided_by_all_classes,
        weights_made_shares,
        weights_in_order_of_rows,
        not_weighted,
        sum_for_mean,
        weights_inverted,
        mean_of_class_means,
        weighted_twice,
        labels_for_weights,
    ),
    probes=(
        probe(
            "four rows",
            [1.0, 2.0, 3.0, 6.0],
            [0, 0, 0, 1],
            [1.0, 3.0],
            why="their weights are 1, 1, 1 and 3, as if the last row stood there three times.",
        ),
        probe("three rows, three classes", [0.5, 2.0, 1.0], [2, 0, 0], [1.0, 2.0, 5.0]),
        probe(
            "equal weights",
            [1.0, 4.0, 1.0],
            [1, 0, 1],
            [2.0, 2.0],
            why="a weighted mean with equal weights is the mean.",
        ),
        probe("a class that is absent", [0.1, 0.7], [2, 2], [1.0, 9.0, 4.0]),
        probe("five rows", [1.0, 0.2, 0.3, 2.0, 5.0], [1, 0, 1, 2, 1], [1.0, 0.5, 7.0]),
    ),
    fresh=lambda rng: (
        rng.exponential(size=6),
        np.array([0, 1, 2, 1, 1, 0]),
        rng.uniform(1, 5, size=3),
    ),
    hints=(
        "Which weight has each row? One index gives them all.",
        "A weighted mean divides by the sum of the weights that stand above the line.",
    ),
)
