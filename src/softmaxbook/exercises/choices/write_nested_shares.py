"""Nested logit."""

import numpy as np

from softmaxbook.checking import Aspect, Exercise, probe


def softmax(z):
    e = np.exp(z - np.max(z))
    return e / np.sum(e)


def log_sum(z):
    return np.max(z) + np.log(np.sum(np.exp(z - np.max(z))))


def nested_shares(utilities, nests, dissimilarity):
    names = np.unique(nests)
    within, values = np.zeros(len(utilities)), np.zeros(len(names))
    for k, name in enumerate(names):
        scaled = utilities[nests == name] / dissimilarity
        e = np.exp(scaled - np.max(scaled))
        within[nests == name] = e / np.sum(e)
        values[k] = dissimilarity * (np.max(scaled) + np.log(np.sum(e)))
    e = np.exp(values - np.max(values))
    return within * (e / np.sum(e))[np.searchsorted(names, nests)]


def value_without_its_parameter(utilities, nests, dissimilarity):
    """The inclusive value lacks its λ, and what comes out is softmax of u/λ over all: the nests
    cancel. log Σ exp(u/λ) is in units of the nest; λ times it is a utility."""
    names = np.unique(nests)
    scaled = utilities / dissimilarity
    values = np.array([log_sum(scaled[nests == name]) for name in names])
    out = np.zeros(len(utilities))
    for name, share in zip(names, softmax(values), strict=True):
        out[nests == name] = share * softmax(scaled[nests == name])
    return out


def not_scaled_within(utilities, nests, dissimilarity):
    """Within a nest you take softmax of the utilities as they are. There they are divided by λ:
    alternatives that are alike compete more sharply."""
    names = np.unique(nests)
    scaled = utilities / dissimilarity
    values = np.array([dissimilarity * log_sum(scaled[nests == name]) for name in names])
    out = np.zeros(len(utilities))
    for name, share in zip(names, softmax(values), strict=True):
        out[nests == name] = share * softmax(utilities[nests == name])
    return out


def value_not_scaled_inside(utilities, nests, dissimilarity):
    """The inclusive value is λ · log Σ exp(u/λ). You left out the division by λ inside."""
    names = np.unique(nests)
    scaled = utilities / dissimilarity
    values = np.array([dissimilarity * log_sum(utilities[nests == name]) for name in names])
    out = np.zeros(len(utilities))
    for name, share in zip(names, softmax(values), strict=True):
        out[nests == name] = share * softmax(scaled[nests == name])
    return out


def no_nests(utilities, nests, dissimilarity):
    """This is softmax over all: neither the nests nor λ are used, and irrelevant alternatives
    stay irrelevant."""
    return softmax(utilities)


def only_within(utilities, nests, dissimilarity):
    """These are the shares within each nest, so every nest adds up to 1. Multiply them by the
    share of the nest."""
    out = np.zeros(len(utilities))
    for name in np.unique(nests):
        out[nests == name] = softmax(utilities[nests == name] / dissimilarity)
    return out


def only_the_nests(utilities, nests, dissimilarity):
    """Each alternative has the share of its whole nest. Multiply by its share within the nest."""
    names = np.unique(nests)
    scaled = utilities / dissimilarity
    values = np.array([dissimilarity * log_sum(scaled[nests == name]) for name in names])
    return softmax(values)[np.searchsorted(names, nests)]


def best_of_the_nest(utilities, nests, dissimilarity):
    """A nest is worth more than its best member, because there is a choice: its value is
    λ · log Σ exp(u/λ), not the maximum."""
    names = np.unique(nests)
    values = np.array([np.max(utilities[nests == name]) for name in names])
    out = np.zeros(len(utilities))
    for name, share in zip(names, softmax(values), strict=True):
        out[nests == name] = share * softmax(utilities[nests == name] / dissimilarity)
    return out


def mean_of_the_nest(utilities, nests, dissimilarity):
    """The value of a nest is not the mean of its members: a bad member that is added would make it
    worse, and nobody has to take it."""
    names = np.unique(nests)
    values = np.array([np.mean(utilities[nests == name]) for name in names])
    out = np.zeros(len(utilities))
    for name, share in zip(names, softmax(values), strict=True):
        out[nests == name] = share * softmax(utilities[nests == name] / dissimilarity)
    return out


def parameter_upside_down(utilities, nests, dissimilarity, base=nested_shares):
    """You use 1/λ for λ: within a nest utilities are *divided* by λ."""
    return base(utilities, nests, 1 / dissimilarity)


def shift_forgotten(utilities, nests, dissimilarity):
    """The exponentials overflow: u/λ is large where λ is small. Subtract the largest of a nest
    before `exp`, and add it again after `log`."""
    names = np.unique(nests)
    weights = np.exp(utilities / dissimilarity)
    sums = np.array([np.sum(weights[nests == name]) for name in names])
    shares = sums**dissimilarity / np.sum(sums**dissimilarity)
    place = np.searchsorted(names, nests)
    return shares[place] * weights / sums[place]


EXERCISE = Exercise(
    title="Nested logit",
    kind="write",
    difficulty=2,
    statement=r"""
        Write `nested_shares(utilities, nests, dissimilarity)`: the share of each alternative in a
        nested logit model in which every nest has the same $\lambda$ = `dissimilarity`.
        `nests` holds the number of each alternative's nest.
        Large utilities must work too.
        """,
    solution=nested_shares,
    mistakes=(
        value_without_its_parameter,
        not_scaled_within,
        value_not_scaled_inside,
        no_nests,
        only_within,
        only_the_nests,
        best_of_the_nest,
        mean_of_the_nest,
        parameter_upside_down,
        shift_forgotten,
    ),
    aspects=(Aspect("values", 2), Aspect("large utilities", 1)),
    probes=(
        probe("car and two buses", [0.5, 0.0, 0.2], [0, 1, 1], 0.5),
        probe("two nests of two", [1.0, 0.0, 0.5, -0.5], [0, 0, 1, 1], 0.4),
        probe("in another order", [0.3, 1.0, -0.2, 0.6], [1, 0, 1, 0], 0.7),
        probe(
            "nests of one",
            [1.0, 0.0, -1.0],
            [0, 1, 2],
            0.3,
            why="a nest of one has the value of its member, so this is softmax.",
        ),
        probe("λ = 1", [0.5, 1.5, 0.0], [0, 0, 1], 1.0, why="with λ = 1 there are no nests."),
        probe("nearly one alternative", [0.0, 0.0, 0.1], [0, 1, 1], 0.05),
        probe(
            "a thousand",
            [1000.0, 1000.5, 999.0],
            [0, 1, 1],
            0.5,
            aspect="large utilities",
            why="exp(2000) is `inf` in float64.",
        ),
        probe(
            "one far above the nest", [1000.0, 0.0, 0.5], [0, 1, 1], 0.5, aspect="large utilities"
        ),
        probe("small λ", [3.0, 2.0, 2.5], [0, 1, 1], 0.002, aspect="large utilities"),
    ),
    fresh=lambda rng: (
        rng.normal(size=5),
        np.array([0, 1, 1, 2, 2]),
        float(rng.uniform(0.2, 0.9)),
    ),
    hints=(
        "Two softmaxes: one over the nests' values, one within each nest. What are the values?",
        "λ · log Σ exp(u/λ) over the members of a nest.",
        "The share of an alternative is the share of its nest, times softmax(u/λ) within it.",
    ),
)
