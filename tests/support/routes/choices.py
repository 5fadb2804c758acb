"""Second routes to the solutions of the exercises on choices: the package, or differences."""

import numpy as np

import softmaxbook as sb
from softmaxbook.family.bandits import epsilon_greedy


def log_likelihood(coefficients, features, choices):
    """Return the log-likelihood of choices, from the package's loss."""
    return -sb.cross_entropy(features @ coefficients, choices, "sum")


def slope(coefficients, features, choices):
    """Return the differences of the log-likelihood."""
    found = sb.finite_difference_jacobian(
        lambda beta: np.atleast_1d(log_likelihood(beta, features, choices)), coefficients
    )
    return found[0]


def information(features, probabilities):
    """Return X transposed, times the package's Jacobian, times X."""
    return features.T @ sb.jacobian(np.log(probabilities)) @ features


ROUTES = {
    "choices": {
        "write-epsilon-greedy": epsilon_greedy,
        "write-nested-shares": lambda u, nests, scale: sb.nested_logit(u, nests, scale),
        "mend-the-slope": slope,
        "derive-the-information": information,
    }
}
"""Functions by the ids of the exercises, by chapter."""
