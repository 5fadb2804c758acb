"""How sharp is the maximum?"""

import numpy as np

from softmaxbook.checking import Exercise, probe


def information(features, probabilities):
    mean = probabilities @ features
    centred = features - mean
    return centred.T @ (probabilities[:, None] * centred)


def not_centred(features, probabilities):
    """You left out the product of the means. Adding the same to a feature of all alternatives
    changes no choice, so it must not change the information: subtract the mean under p."""
    return features.T @ (probabilities[:, None] * features)


def plain_mean_subtracted(features, probabilities):
    """You subtract the plain mean of the features. The mean under the shares p is what remains of
    the log-sum-exp."""
    centred = features - np.mean(features, axis=0)
    return centred.T @ (probabilities[:, None] * centred)


def without_weights(features, probabilities):
    """The alternatives count alike here. Weigh each by its share: an alternative that nobody takes
    tells nothing."""
    centred = features - probabilities @ features
    return centred.T @ centred


def diagonal_of_the_jacobian(features, probabilities):
    """Only p (1 − p) of each alternative is used. Beside the diagonal the Jacobian of softmax has
    −pᵢpⱼ: the shares move together."""
    return features.T @ ((probabilities * (1 - probabilities))[:, None] * features)


def sign_reversed(features, probabilities, base=information):
    """The sign is reversed: this is the second derivative of the log-likelihood, which is negative
    at a maximum. The information is *minus* it."""
    return -base(features, probabilities)


def only_the_diagonal(features, probabilities, base=information):
    """Only the diagonal is there. Two features that go together cannot be told apart by choices,
    and that is what the entries beside it say."""
    return np.diag(np.diag(base(features, probabilities)))


def covariance_for_information(features, probabilities, base=information):
    """This is the inverse: the covariance of the coefficients from this choice alone. Choices add
    up their informations, and the sum is inverted at the end."""
    return np.linalg.pinv(base(features, probabilities))


def product_of_the_means_added(features, probabilities):
    """You add the product of the means. E[x xᵀ] − E[x] E[x]ᵀ is a covariance: it is subtracted."""
    mean = probabilities @ features
    return features.T @ (probabilities[:, None] * features) + np.outer(mean, mean)


EXERCISE = Exercise(
    title="How sharp is the maximum?",
    kind="derive",
    difficulty=3,
    statement=r"""
        In one choice $J$ alternatives have the features $x_j$, the rows of `features`, shape
        `(J, d)`, and the shares $p = \operatorname{softmax}(X\beta)$, `probabilities`.
        Derive the *information* of the choice, minus the second derivative of
        $\log p_y$ in $\beta$, and write it as `information(features, probabilities)`, a
        $d \times d$ matrix.
        Why does it not matter which alternative $y$ was taken?
        """,
    solution=information,
    mistakes=(
        not_centred,
        plain_mean_subtracted,
        without_weights,
        diagonal_of_the_jacobian,
        sign_reversed,
        only_the_diagonal,
        covariance_for_information,
        product_of_the_means_added,
    ),
    probes=(
        probe(
            "three alternatives",
            [[1.0, 0.5], [0.0, 2.0], [2.0, -1.0]],
            [0.5, 0.2, 0.3],
        ),
        probe(
            "a sure choice",
            [[1.0, 2.0], [3.0, -1.0]],
            [0.95, 0.05],
            why="a choice that everybody foresees tells little.",
        ),
        probe(
            "the same for all, besides",
            [[5.0, 1.0], [5.0, 3.0], [5.0, 0.0]],
            [0.2, 0.3, 0.5],
            why="a feature that is the same for all alternatives tells nothing.",
        ),
        probe(
            "four alternatives",
            [[0.5, 1.0], [1.5, 2.5], [-1.0, 0.0], [2.0, 1.0]],
            [0.1, 0.4, 0.3, 0.2],
        ),
    ),
    fresh=lambda rng: (rng.normal(size=(4, 2)), rng.dirichlet(np.ones(4))),
    hints=(
        "log p of the chosen one is x·β minus the log-sum-exp of Xβ. Which of the two terms has a "
        "second derivative?",
        "The second derivative of log-sum-exp in the logits is diag(p) − p pᵀ; the chain rule puts "
        "X on both sides.",
        "Xᵀ (diag p − p pᵀ) X is the covariance of the features under p.",
    ),
    explanation="""
        The utility of the chosen one is linear in β, so only the log-sum-exp is curved, and that
        does not know what was chosen: Xᵀ (diag p − p pᵀ) X, the covariance of the features of a
        choice that the model makes.
        """,
)
