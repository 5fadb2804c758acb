"""What the body would hear."""

import numpy as np

from softmaxbook.checking import Aspect, Exercise, probe


def features_gradient(features, weight, bias, labels):
    logits = features @ weight.T + bias
    p = np.exp(logits - np.max(logits, axis=1, keepdims=True))
    p = p / np.sum(p, axis=1, keepdims=True)
    return (p - np.eye(len(bias))[labels]) @ weight / len(labels)


def slopes(features, weight, bias, labels):
    logits = features @ weight.T + bias
    p = np.exp(logits - np.max(logits, axis=1, keepdims=True))
    return p / np.sum(p, axis=1, keepdims=True) - np.eye(len(bias))[labels]


def transpose_too_many(features, weight, bias, labels):
    """On the way forward the features are multiplied by `weight.T`. On the way back it is `weight`
    itself: with as many classes as features nothing else tells you."""
    return slopes(features, weight, bias, labels) @ weight.T / len(labels)


def gradient_of_the_weights(features, weight, bias, labels):
    """This is the gradient in the head's weights. Asked for is the one in its *inputs*: the slopes
    times the weights."""
    return slopes(features, weight, bias, labels).T @ features / len(labels)


def stops_at_the_logits(features, weight, bias, labels):
    """This is the gradient in the logits. One step is left, through the head's weights to the
    features."""
    return slopes(features, weight, bias, labels) / len(labels)


def labels_forgotten(features, weight, bias, labels):
    """The labels are missing: the gradient in the logits is p − y."""
    y = np.eye(len(bias))[labels]
    return (slopes(features, weight, bias, labels) + y) @ weight / len(labels)


def probabilities_forgotten(features, weight, bias, labels):
    """Only the labels pull here. The other classes push, each with its probability: p − y."""
    return -np.eye(len(bias))[labels] @ weight / len(labels)


def bias_forgotten(features, weight, bias, labels, base=features_gradient):
    """The bias is missing from the logits. It has no slope in the features, and it moves the
    probabilities."""
    return base(features, weight, 0 * bias, labels)


def summed_over_the_rows(features, weight, bias, labels, base=features_gradient):
    """The division by the number of rows is missing: the loss is the mean."""
    return base(features, weight, bias, labels) * len(labels)


def divided_by_every_entry(features, weight, bias, labels):
    """You divide by the number of entries. The loss is a mean over rows: divide by their number
    alone."""
    return features_gradient(features, weight, bias, labels) / len(bias)


def divided_by_the_classes(features, weight, bias, labels):
    """You divide by the number of classes. The mean runs over the rows."""
    return features_gradient(features, weight, bias, labels) * len(labels) / len(bias)


def sign_reversed(features, weight, bias, labels, base=features_gradient):
    """The sign is reversed. The minus belongs to the step of descent."""
    return -base(features, weight, bias, labels)


def softmax_before_the_loss(features, weight, bias, labels):
    """There is one softmax too many: the loss takes logits, and got probabilities."""
    p = slopes(features, weight, bias, labels) + np.eye(len(bias))[labels]
    q = np.exp(p) / np.sum(np.exp(p), axis=1, keepdims=True) - np.eye(len(bias))[labels]
    return (p * (q - np.sum(p * q, axis=1, keepdims=True))) @ weight / len(labels)


def through_the_jacobian_again(features, weight, bias, labels):
    """The slopes go through softmax's Jacobian a second time. p − y is the gradient in the
    *logits*: the Jacobian is in it."""
    s = slopes(features, weight, bias, labels)
    p = s + np.eye(len(bias))[labels]
    return (p * (s - np.sum(p * s, axis=1, keepdims=True))) @ weight / len(labels)


def row_of_the_label_only(features, weight, bias, labels):
    """Only the label's row of the weights counts here. All classes have a slope: Σ (p − y) w."""
    s = slopes(features, weight, bias, labels)
    rows = np.arange(len(labels))
    return s[rows, labels][:, None] * weight[labels] / len(labels)


def every_label_in_every_row(features, weight, bias, labels):
    """`p[:, labels] -= 1` subtracts at the labels of *all* rows, in each row. Use both indices:
    `p[np.arange(n), labels]`."""
    anywhere = np.isin(np.arange(len(bias)), labels)
    return _through(features, weight, bias, labels, lambda p, y: p - anywhere)


def turned_at_the_label(features, weight, bias, labels):
    """At the label you have 1 − p. Its slope is p − 1, like the others p minus the target."""
    return _through(features, weight, bias, labels, lambda p, y: np.abs(p - y))


def slope_of_the_sigmoid(features, weight, bias, labels):
    """There is a factor p (1 − p) too many. It belongs to the squared error; in cross-entropy the
    logarithm cancels it."""
    return _through(features, weight, bias, labels, lambda p, y: (p - y) * p * (1 - p))


def class_number_subtracted(features, weight, bias, labels):
    """You subtract the *number* of the class from all entries of its row. A label is an index: 1 is
    subtracted at that place."""
    numbers = np.asarray(labels)[:, None]
    return _through(features, weight, bias, labels, lambda p, y: p - numbers)


def masked_by_a_relu(features, weight, bias, labels):
    """You mask by a ReLU. Here the way ends at the features; what made them comes later."""
    return features_gradient(features, weight, bias, labels) * (features > 0)


def normalised_over_the_rows(features, weight, bias, labels):
    """Your softmax runs down the columns, over the pictures. Each row has its own sum: `axis=1`."""
    logits = features @ weight.T + bias
    p = np.exp(logits) / np.sum(np.exp(logits), axis=0)
    return (p - np.eye(len(bias))[labels]) @ weight / len(labels)


def logits_for_probabilities(features, weight, bias, labels):
    """There is no softmax: you take logits minus labels. The gradient in the logits is p − y."""
    logits = features @ weight.T + bias
    return (logits - np.eye(len(bias))[labels]) @ weight / len(labels)


def step_taken(features, weight, bias, labels):
    """These are the features after a step of descent. The gradient is asked for."""
    return features - features_gradient(features, weight, bias, labels)


def multiplied_by_the_features(features, weight, bias, labels):
    """The result is multiplied by the features once more. That belongs to the gradient in the
    *weights*."""
    return features_gradient(features, weight, bias, labels) * features


def _through(features, weight, bias, labels, slopes):
    p = np.exp(features @ weight.T + bias)
    p = p / np.sum(p, axis=1, keepdims=True)
    return slopes(p, np.eye(len(bias))[labels]) @ weight / len(labels)


EXERCISE = Exercise(
    title="What the body would hear",
    kind="derive",
    difficulty=3,
    statement=r"""
        A head gives the logits $z = W f + b$ of the features $f$. If the body before it is not
        frozen, it learns from the gradient of the loss in the features.
        Derive that gradient for the mean cross-entropy of a batch, and write it as
        `features_gradient(features, weight, bias, labels)`: one row a picture, with $W$ of shape
        `(K, d)`.
        What does the body hear of a head whose weights are all 0, and of one that is still random?
        """,
    solution=features_gradient,
    mistakes=(
        transpose_too_many,
        gradient_of_the_weights,
        stops_at_the_logits,
        labels_forgotten,
        probabilities_forgotten,
        bias_forgotten,
        summed_over_the_rows,
        divided_by_every_entry,
        divided_by_the_classes,
        sign_reversed,
        softmax_before_the_loss,
        through_the_jacobian_again,
        row_of_the_label_only,
        every_label_in_every_row,
        turned_at_the_label,
        slope_of_the_sigmoid,
        class_number_subtracted,
        masked_by_a_relu,
        normalised_over_the_rows,
        logits_for_probabilities,
        step_taken,
        multiplied_by_the_features,
    ),
    either=((summed_over_the_rows, divided_by_every_entry, divided_by_the_classes),),
    aspects=(Aspect("values", 2), Aspect("as many classes as features", 1)),
    probes=(
        probe(
            "two pictures, three classes",
            [[1.0, 0.5], [-1.0, 2.0]],
            [[1.0, 0.0], [0.5, -1.0], [-1.0, 1.0]],
            [0.5, 0.0, -0.5],
            [0, 2],
        ),
        probe(
            "one picture, two classes",
            [[2.0, -1.0, 0.5]],
            [[0.5, 1.0, 0.0], [1.0, -1.0, 2.0]],
            [1.0, -1.0],
            [1],
        ),
        probe(
            "three of all",
            [[1.0, 0.0, 1.0], [0.0, 2.0, -1.0], [1.0, 1.0, 0.0]],
            [[1.0, 0.5, -1.0], [0.0, 1.0, 0.5], [2.0, -1.0, 0.0]],
            [0.0, 1.0, 0.5],
            [2, 0, 1],
            aspect="as many classes as features",
            why="here every product has the right shape.",
        ),
        probe(
            "two of all",
            [[1.0, -2.0], [0.5, 1.0]],
            [[1.0, 2.0], [-1.0, 0.5]],
            [0.3, -0.3],
            [1, 0],
            aspect="as many classes as features",
        ),
    ),
    fresh=lambda rng: (
        rng.normal(size=(4, 5)),
        rng.normal(size=(3, 5)),
        rng.normal(size=3),
        rng.integers(0, 3, size=4),
    ),
    hints=(
        "Go back step by step: from the loss to the logits, from the logits to the features.",
        "In the logits the gradient is (p − y) / n. What multiplied the features on the way "
        "forward?",
        "Multiply the slopes by W, without a transpose.",
    ),
    explanation="Weights of 0 let nothing through, so at the first step only the head learns; a "
    "random head sends the body in random directions. Both speak for training the head first.",
)
