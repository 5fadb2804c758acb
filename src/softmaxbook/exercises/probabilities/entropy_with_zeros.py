"""Entropy, zeros included."""

import numpy as np

from softmaxbook.checking import Aspect, Exercise, probe


def entropy_of_rows(probabilities):
    positive = np.where(probabilities > 0, probabilities, 1.0)
    return -np.sum(probabilities * np.log(positive), axis=-1)


def zero_times_infinity(probabilities):
    """Where a probability is 0, the formula computes 0 · log 0 =
    0 · (−∞), which is `nan`. The limit of p log p is 0: give the logarithm something harmless
    where p = 0."""
    return -np.sum(probabilities * np.log(probabilities), axis=-1)


def sign_forgotten(probabilities, base=entropy_of_rows):
    """The sign is missing: log p is negative, and the entropy is not."""
    return -base(probabilities)


def in_bits(probabilities, base=entropy_of_rows):
    """You measured in bits, with the logarithm to base 2. Nats are asked for: `np.log`."""
    return base(probabilities) / np.log(2)


def one_number_for_all(probabilities, base=entropy_of_rows):
    """You added up the whole batch. Each row has its own entropy: `axis=-1`."""
    return np.sum(base(probabilities))


def mean_of_the_terms(probabilities, base=entropy_of_rows):
    """You took the mean over the classes, which divides by their number. Add up."""
    return base(probabilities) / np.shape(probabilities)[-1]


def weights_forgotten(probabilities):
    """The logarithms are added up without the weights p. The entropy is the *expected* surprise:
    each surprise counts as often as it happens."""
    positive = np.where(probabilities > 0, probabilities, 1.0)
    return -np.sum(np.log(positive), axis=-1)


def not_summed(probabilities):
    """These are the terms, one per class. The entropy is their sum."""
    positive = np.where(probabilities > 0, probabilities, 1.0)
    return -probabilities * np.log(positive)


EXERCISE = Exercise(
    title="Entropy, zeros included",
    kind="write",
    difficulty=3,
    statement=r"""
        Write `entropy_of_rows(probabilities)`: the entropy of each row in nats,

        $$ H(p) = -\sum_i p_i \ln p_i , $$

        over the last axis. Softmax rounds small probabilities to 0, and $0 \ln 0$ counts as 0.
        """,
    solution=entropy_of_rows,
    mistakes=(
        zero_times_infinity,
        sign_forgotten,
        in_bits,
        one_number_for_all,
        mean_of_the_terms,
        weights_forgotten,
        not_summed,
    ),
    either=((mean_of_the_terms, not_summed),),
    aspects=(Aspect("values", 2), Aspect("zeros", 1)),
    probes=(
        probe("a coin", [0.5, 0.5], why="ln 2, about 0.693 nats, which is 1 bit."),
        probe("three classes", [0.7, 0.2, 0.1]),
        probe("a batch", [[0.7, 0.2, 0.1], [0.3, 0.3, 0.4]]),
        probe("two positions of two", [[[0.9, 0.1], [0.4, 0.6]]]),
        probe("certain", [1.0, 0.0, 0.0], aspect="zeros", why="no surprise: the entropy is 0."),
        probe("a zero among others", [[0.5, 0.0, 0.5], [0.2, 0.3, 0.5]], aspect="zeros"),
    ),
    fresh=lambda rng: (rng.dirichlet(np.ones(5), size=3),),
    hints=(
        "Write −Σ p log p first, with `axis=-1`, and try [1, 0, 0].",
        "`np.where(p > 0, p, 1.0)` puts a 1 where the logarithm would meet a 0.",
    ),
)
