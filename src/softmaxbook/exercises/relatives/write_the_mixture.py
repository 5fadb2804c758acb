"""A mixture of softmaxes."""

import numpy as np

from softmaxbook.checking import Exercise, probe


def softmax_mixture(logits, weights):
    e = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    return weights @ (e / np.sum(e, axis=-1, keepdims=True))


def logits_averaged(logits, weights):
    """You average the logits and take one softmax. That is one softmax again, as narrow as the
    others: average the *probabilities* of the heads."""
    z = weights @ logits
    return np.exp(z - z.max()) / np.exp(z - z.max()).sum()


def weights_ignored(logits, weights):
    """All heads count alike. They have weights."""
    e = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    return np.mean(e / np.sum(e, axis=-1, keepdims=True), axis=0) + 0 * weights.sum()


def softmax_of_the_weights(logits, weights):
    """The weights sum to 1 already. A softmax of them makes them nearly equal."""
    w = np.exp(weights) / np.exp(weights).sum()
    e = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    return w @ (e / np.sum(e, axis=-1, keepdims=True))


def heads_compete(logits, weights):
    """The softmax runs over the heads. Each head has a softmax of its own, over the classes:
    `axis=-1`."""
    e = np.exp(logits - np.max(logits, axis=0))
    return weights @ (e / np.sum(e, axis=0))


def exponentials_summed_first(logits, weights):
    """You add up the exponentials of all heads and divide once. Then a head with high logits counts
    more than its weight says: divide in each head first."""
    e = weights @ np.exp(logits - np.max(logits))
    return e / e.sum()


def heads_multiplied(logits, weights):
    """You multiply the heads. A class that one head rules out would then be ruled out at all, and a
    mixture must keep it."""
    e = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    return np.prod((e / np.sum(e, axis=-1, keepdims=True)) ** weights[:, None], axis=0)


def likeliest_head_only(logits, weights):
    """You take the head with the largest weight. All of them count, each with its weight."""
    z = logits[np.argmax(weights)]
    return np.exp(z - z.max()) / np.exp(z - z.max()).sum()


def not_normalised(logits, weights):
    """The heads are not divided by their sums."""
    return weights @ np.exp(logits - np.max(logits, axis=-1, keepdims=True))


EXERCISE = Exercise(
    title="A mixture of softmaxes",
    kind="write",
    difficulty=2,
    statement="""
        Write `softmax_mixture(logits, weights)`. `logits` has a row for each head and a column for
        each class, `weights` one positive number for each head; they sum to 1.
        Return the probabilities of the mixture, one for each class.
        """,
    solution=softmax_mixture,
    mistakes=(
        logits_averaged,
        weights_ignored,
        softmax_of_the_weights,
        heads_compete,
        exponentials_summed_first,
        heads_multiplied,
        likeliest_head_only,
        not_normalised,
    ),
    probes=(
        probe(
            "two heads that disagree",
            [[4.0, 0.0, 0.0], [0.0, 0.0, 3.0]],
            [0.75, 0.25],
            why="each is sure of another class, and the mixture keeps both.",
        ),
        probe("three heads", [[1.0, 2.0], [0.0, -1.0], [3.0, 0.5]], [0.5, 0.3, 0.2]),
        probe("one is louder", [[5.0, 4.0, 3.0], [-1.0, 1.0, 0.0]], [0.4, 0.6]),
        probe("four classes", [[0.0, 1.0, 2.0, -1.0], [2.0, 0.5, 0.0, 1.0]], [0.9, 0.1]),
    ),
    fresh=lambda rng: (rng.normal(scale=2, size=(3, 4)), rng.dirichlet([2.0, 3.0, 4.0])),
    hints=(
        "First a softmax for each head, then the weighted mean.",
        "`weights @ probabilities` is that mean, for all classes at once.",
    ),
    explanation="The mean of probabilities is not a softmax of mean logits, and that is the point "
    "of a mixture: it can say what no single narrow head can.",
)
