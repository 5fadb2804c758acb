"""The geometric mean of forecasts."""

import numpy as np

from softmaxbook.checking import Aspect, Exercise, probe


def geometric_forecast(probabilities):
    with np.errstate(divide="ignore"):
        means = np.exp(np.mean(np.log(probabilities), axis=0))
    return means / np.sum(means, axis=-1, keepdims=True)


def arithmetic_mean(probabilities):
    """This is the arithmetic mean, the mean of the probabilities. Asked for is the geometric one:
    the exponential of the mean of their logarithms."""
    return np.mean(probabilities, axis=0)


def not_normalised(probabilities):
    """The rows add up to less than 1. Divide each by its sum."""
    return np.exp(np.mean(np.log(probabilities), axis=0))


def product_for_mean(probabilities):
    """You multiply the forecasts and normalise. That *adds* logarithms: ten equal networks would be
    far surer than each of them. Take the mean."""
    means = np.prod(probabilities, axis=0)
    return means / np.sum(means, axis=-1, keepdims=True)


def one_sum_for_all(probabilities):
    """One sum runs over all rows. Each row has its own: `axis=-1, keepdims=True`."""
    means = np.exp(np.mean(np.log(probabilities), axis=0))
    return means / np.sum(means)


def normalised_over_the_rows(probabilities):
    """The columns add up to 1, not the rows. The classes are the last axis."""
    means = np.exp(np.mean(np.log(probabilities), axis=0))
    return means / np.sum(means, axis=0, keepdims=True)


def rows_averaged(probabilities):
    """You average over the rows. The networks lie along the first axis."""
    means = np.exp(np.mean(np.log(probabilities), axis=1))
    return means / np.sum(means, axis=-1, keepdims=True)


def exponential_forgotten(probabilities):
    """These are logarithms, or you normalised logarithms. Take the exponential of their mean
    first."""
    means = np.mean(np.log(probabilities), axis=0)
    return means / np.sum(means, axis=-1, keepdims=True)


def softmax_of_probabilities(probabilities):
    """You average the probabilities and apply softmax to them. Softmax takes *logits*, such as the
    mean of the logarithms."""
    means = np.exp(np.mean(probabilities, axis=0))
    return means / np.sum(means, axis=-1, keepdims=True)


def normalised_by_the_networks(probabilities):
    """You divide by the number of networks. The mean has done that; what is missing is the sum of
    each row."""
    return np.exp(np.mean(np.log(probabilities), axis=0)) / len(probabilities)


def square_root_always(probabilities):
    """You take the square root of the product. With two networks that is the geometric mean; with
    m of them it is the m-th root."""
    means = np.sqrt(np.prod(probabilities, axis=0))
    return means / np.sum(means, axis=-1, keepdims=True)


def harmonic_mean(probabilities):
    """This is the harmonic mean. A mean of *logarithms* is wanted."""
    means = 1 / np.mean(1 / probabilities, axis=0)
    return means / np.sum(means, axis=-1, keepdims=True)


def a_little_added(probabilities):
    """A small constant is added before the logarithm, so a class that one network excludes gets a
    share. The logarithm of 0 is −∞, and its exponential is 0: that is what is wanted."""
    means = np.exp(np.mean(np.log(probabilities + 1e-6), axis=0))
    return means / np.sum(means, axis=-1, keepdims=True)


def root_of_the_classes(probabilities):
    """You take the root whose order is the number of *classes*. It is the number of networks: a
    mean over them."""
    means = np.prod(probabilities, axis=0) ** (1 / np.shape(probabilities)[-1])
    return means / np.sum(means, axis=-1, keepdims=True)


def zeros_left_out(probabilities):
    """A probability of 0 is left out of the mean, as if that network had said nothing. It excludes
    the class: the mean of the logarithms is −∞."""
    logarithms = np.log(np.where(probabilities > 0, probabilities, 1.0))
    means = np.exp(np.mean(logarithms, axis=0))
    return means / np.sum(means, axis=-1, keepdims=True)


def two_bases(probabilities):
    """The logarithm is to base 2 and the exponential to base e. Use `np.log` with `np.exp`."""
    means = np.exp(np.mean(np.log2(probabilities), axis=0))
    return means / np.sum(means, axis=-1, keepdims=True)


def the_lowest(probabilities):
    """You take the lowest probability that any network gives. The geometric mean asks them all."""
    means = np.min(probabilities, axis=0)
    return means / np.sum(means, axis=-1, keepdims=True)


def the_highest(probabilities):
    """You take the highest probability that any network gives. The geometric mean asks them all."""
    means = np.max(probabilities, axis=0)
    return means / np.sum(means, axis=-1, keepdims=True)


EXERCISE = Exercise(
    title="The geometric mean of forecasts",
    kind="write",
    difficulty=2,
    statement=r"""
        Several networks give `probabilities` of shape `(networks, rows, classes)`. Averaging their
        logits gives the normalised geometric mean: a class's share is proportional to
        $\exp \bigl( \frac1m \sum_j \log p_j \bigr)$ over the $m$ networks.
        Write it as `geometric_forecast(probabilities)`, of shape `(rows, classes)`.
        A class that one network excludes gets 0.
        """,
    solution=geometric_forecast,
    mistakes=(
        arithmetic_mean,
        not_normalised,
        product_for_mean,
        one_sum_for_all,
        normalised_over_the_rows,
        rows_averaged,
        exponential_forgotten,
        softmax_of_probabilities,
        normalised_by_the_networks,
        square_root_always,
        harmonic_mean,
        a_little_added,
        root_of_the_classes,
        zeros_left_out,
        two_bases,
        the_lowest,
        the_highest,
    ),
    aspects=(Aspect("values", 2), Aspect("zeros", 1)),
    probes=(
        probe("two networks, one row", np.array([[[0.9, 0.1]], [[0.5, 0.5]]])),
        probe(
            "three networks, two rows",
            np.array(
                [
                    [[0.7, 0.2, 0.1], [0.3, 0.3, 0.4]],
                    [[0.2, 0.5, 0.3], [0.1, 0.8, 0.1]],
                    [[0.6, 0.3, 0.1], [0.5, 0.25, 0.25]],
                ]
            ),
        ),
        probe(
            "four equal networks",
            np.array([[[0.8, 0.2], [0.3, 0.7]]] * 4),
            why="four copies know no more than one: the forecast is the same.",
        ),
        probe(
            "one excludes a class",
            np.array([[[0.5, 0.5, 0.0]], [[0.2, 0.3, 0.5]]]),
            aspect="zeros",
            why="one network alone can forbid a class; in a mean of probabilities it cannot.",
        ),
        probe(
            "three exclude different rows' classes",
            np.array(
                [[[0.0, 1.0], [0.4, 0.6]], [[0.7, 0.3], [0.9, 0.1]], [[0.2, 0.8], [1.0, 0.0]]]
            ),
            aspect="zeros",
        ),
    ),
    fresh=lambda rng: (rng.dirichlet(np.ones(4), size=(3, 2)),),
    hints=(
        "Three steps: logarithms, their mean over the networks, exponentials.",
        "What do the rows add up to after that?",
    ),
    explanation="The geometric mean is never larger than the arithmetic one, so something is left "
    "over in each row, and normalising gives it to the classes on which the networks agree.",
)
