"""Wrong answers to the exercises of *choices*, and words of their verdicts."""

# Written as learners write.

from functools import partial

import numpy as np

from wrong_answers import learning

WRONG = []
wrong = partial(learning.wrong, into=WRONG)

VALUES = {
    "a-second-colour": [["half", "one of the letters"], [0.5, "one of the letters"]],
    "the-share-of-a-rating": [
        ["66.8 %", "mistake: ratings for utilities"],
        [0.545, "mistake: divided by their sum"],
        [1.75, "between 0 and 1"],
    ],
    "a-temperature-from-choices": [
        [1.98, "mistake: worth for temperature"],
        ["0.7/ln(4)", "is not a number"],
        [0.6, "Check: softmax of the gap"],
    ],
    "which-ratio-stays": [["car and train", "one of the letters"], [1, "one of the letters"]],
    "the-share-of-a-nest": [
        [0.502, "mistake: no nest"],
        ["57 %", "too small, by more than rounding"],
        [1.3, "between 0 and 1"],
    ],
}
WRONG += [(id, value, words) for id, values in VALUES.items() for value, words in values]


@wrong("write-epsilon-greedy", "mistake: nothing explored")
def one_hot(values, epsilon):
    return (
        np.eye(len(values))[np.argmax(values)]
        if len(set(values)) == len(values)
        else ((values == values.max()) / (values == values.max()).sum())
    )


@wrong("write-epsilon-greedy", "mistake: temperature for epsilon")
def softmax_of_values(values, epsilon):
    e = np.exp(values / epsilon)
    return e / e.sum()


@wrong("write-epsilon-greedy", "mistake: an arm for its chance")
def drawn(values, epsilon):
    return np.argmax(values)


@wrong("write-nested-shares", "mistake: no nests")
def plain(utilities, nests, dissimilarity):
    e = np.exp(utilities - utilities.max())
    return e / e.sum()


@wrong("write-nested-shares", "nest")
def train_without_power(utilities, nests, dissimilarity):
    w = np.exp((utilities - utilities.max()) / dissimilarity)
    sums = np.array([w[nests == k].sum() for k in nests])
    p = w * sums ** (dissimilarity - 1)
    return p / p.sum() * 0.9


@wrong("mend-the-slope", "mistake: downhill")
def unchanged(coefficients, features, choices):
    u = features @ coefficients
    p = np.exp(u) / np.exp(u).sum(-1, keepdims=True)
    return (p[:, :, None] * features).sum((0, 1)) - features[range(len(choices)), choices].sum(0)


@wrong("mend-the-slope", "shape")
def not_summed(coefficients, features, choices):
    u = features @ coefficients
    p = np.exp(u) / np.exp(u).sum(-1, keepdims=True)
    return features[range(len(choices)), choices] - (p[:, :, None] * features).sum(1)


@wrong("derive-the-information", "mistake: not centred")
def second_moment(X, p):
    return X.T @ np.diag(p) @ X


@wrong("derive-the-information", "shape")
def jacobian_alone(X, p):
    return np.diag(p) - np.outer(p, p)
