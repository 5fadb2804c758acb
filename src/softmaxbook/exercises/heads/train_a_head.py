"""Train a head on features."""

import numpy as np

from softmaxbook.checking import Exercise, probe


def train_head(features, labels, n_classes, rate, n_steps):
    weight = np.zeros((n_classes, features.shape[1]))
    for _ in range(n_steps):
        logits = features @ weight.T
        exponentials = np.exp(logits - np.max(logits, axis=1, keepdims=True))
        slopes = exponentials / np.sum(exponentials, axis=1, keepdims=True)
        slopes[np.arange(len(labels)), labels] -= 1
        weight -= rate * slopes.T @ features / len(labels)
    return weight


def softmax_before_the_loss(features, labels, n_classes, rate, n_steps):
    """There is a softmax before the loss, which has one of its own: softmax is applied twice. The
    slopes get small, and the head hardly learns. The loss takes logits."""
    weight = np.zeros((n_classes, features.shape[1]))
    targets = np.eye(n_classes)[labels]
    for _ in range(n_steps):
        p = np.exp(features @ weight.T)
        p /= np.sum(p, axis=1, keepdims=True)
        q = np.exp(p) / np.sum(np.exp(p), axis=1, keepdims=True)
        slopes = q - targets
        slopes = p * (slopes - np.sum(p * slopes, axis=1, keepdims=True))
        weight -= rate * slopes.T @ features / len(labels)
    return weight


def softmax_of_softmax(features, labels, n_classes, rate, n_steps):
    """Softmax is applied to numbers that are probabilities already. Once is enough."""
    weight = np.zeros((n_classes, features.shape[1]))
    for _ in range(n_steps):
        p = np.exp(features @ weight.T)
        p = np.exp(p / np.sum(p, axis=1, keepdims=True))
        p = p / np.sum(p, axis=1, keepdims=True) - np.eye(n_classes)[labels]
        weight -= rate * p.T @ features / len(labels)
    return weight


def head_of_the_source(features, labels, n_classes, rate, n_steps):
    """The head has more classes than the target. Its further outputs get no label, and take part in
    every softmax. Give it `n_classes` rows."""
    return train_head(features, labels, n_classes + 1, rate, n_steps)


def summed_over_the_rows(features, labels, n_classes, rate, n_steps, base=train_head):
    """The slopes are added up and not divided by the number of rows. The loss is the mean."""
    return base(features, labels, n_classes, rate * len(labels), n_steps)


def uphill(features, labels, n_classes, rate, n_steps):
    """The head climbs: the loss rises from step to step. Subtract rate times gradient."""
    return train_head(features, labels, n_classes, -rate, n_steps)


def one_step_only(features, labels, n_classes, rate, n_steps):
    """Only one step is made. Is the `return` inside the loop?"""
    return train_head(features, labels, n_classes, rate, 1)


def one_step_less(features, labels, n_classes, rate, n_steps):
    """One step is missing: `range(n_steps)` makes `n_steps` of them."""
    return train_head(features, labels, n_classes, rate, n_steps - 1)


def slopes_of_the_first_step(features, labels, n_classes, rate, n_steps):
    """The probabilities stay those of the first step. The weights have moved: compute them anew in
    each step."""
    return n_steps * train_head(features, labels, n_classes, rate, 1)


def labels_not_subtracted(features, labels, n_classes, rate, n_steps):
    """The labels are not used. The gradient in the logits is p − y: subtract 1 where the label
    is."""
    weight = np.zeros((n_classes, features.shape[1]))
    for _ in range(n_steps):
        exponentials = np.exp(features @ weight.T)
        slopes = exponentials / np.sum(exponentials, axis=1, keepdims=True)
        weight -= rate * slopes.T @ features / len(labels)
    return weight


def only_the_label(features, labels, n_classes, rate, n_steps):
    """Only the label's logit gets a slope. The others are in the sum below the line: their slopes
    are p."""
    return _trained(features, labels, n_classes, rate, n_steps, lambda p, y: (p - 1) * y)


def turned_at_the_label(features, labels, n_classes, rate, n_steps):
    """At the label you have 1 − p. Its slope is p − 1, like the others p minus the target."""
    return _trained(features, labels, n_classes, rate, n_steps, lambda p, y: np.abs(p - y))


def turned_beside_the_label(features, labels, n_classes, rate, n_steps):
    """Beside the label you have −p. The slopes there are p: raising these logits raises the
    loss."""
    return _trained(features, labels, n_classes, rate, n_steps, lambda p, y: -np.abs(p - y))


def slope_of_the_sigmoid(features, labels, n_classes, rate, n_steps):
    """There is a factor p (1 − p) too many. It belongs to the squared error; in cross-entropy the
    logarithm cancels it."""
    return _trained(features, labels, n_classes, rate, n_steps, lambda p, y: (p - y) * p * (1 - p))


def class_number_subtracted(features, labels, n_classes, rate, n_steps):
    """You subtract the *number* of the class from all entries of its row. A label is an index: 1 is
    subtracted at that place."""
    numbers = np.asarray(labels)[:, None]
    return _trained(features, labels, n_classes, rate, n_steps, lambda p, y: p - numbers)


def normalised_over_the_rows(features, labels, n_classes, rate, n_steps):
    """Your softmax runs down the columns, over the pictures. Each row has its own sum: `axis=1`."""
    weight = np.zeros((n_classes, features.shape[1]))
    for _ in range(n_steps):
        exponentials = np.exp(features @ weight.T)
        slopes = exponentials / np.sum(exponentials, axis=0) - np.eye(n_classes)[labels]
        weight -= rate * slopes.T @ features / len(labels)
    return weight


def transposed(features, labels, n_classes, rate, n_steps, base=train_head):
    """The weights come back transposed: one row per class, as in `nn.Linear`."""
    return base(features, labels, n_classes, rate, n_steps).T


def without_softmax(features, labels, n_classes, rate, n_steps):
    """There is no softmax at all: logits minus labels is the gradient of a squared error. Take
    softmax(z) − y."""
    weight = np.zeros((n_classes, features.shape[1]))
    for _ in range(n_steps):
        slopes = features @ weight.T - np.eye(n_classes)[labels]
        weight -= rate * slopes.T @ features / len(labels)
    return weight


def one_sigmoid_a_class(features, labels, n_classes, rate, n_steps):
    """Each class has a sigmoid of its own here. The classes compete for one probability:
    softmax."""
    weight = np.zeros((n_classes, features.shape[1]))
    for _ in range(n_steps):
        slopes = 1 / (1 + np.exp(-features @ weight.T)) - np.eye(n_classes)[labels]
        weight -= rate * slopes.T @ features / len(labels)
    return weight


def row_by_row(features, labels, n_classes, rate, n_steps):
    """The weights move after each row. One step is made with *all* rows, and their mean."""
    weight = np.zeros((n_classes, features.shape[1]))
    for _ in range(n_steps):
        for row, label in zip(features, labels, strict=True):
            p = np.exp(weight @ row)
            weight -= rate * np.outer(p / np.sum(p) - np.eye(n_classes)[label], row)
    return weight


def one_step_more(features, labels, n_classes, rate, n_steps):
    """There is one step too many."""
    return train_head(features, labels, n_classes, rate, n_steps + 1)


def one_sum_for_all(features, labels, n_classes, rate, n_steps):
    """One sum runs over all rows and classes. Each row has its own: `axis=1, keepdims=True`."""
    weight = np.zeros((n_classes, features.shape[1]))
    for _ in range(n_steps):
        exponentials = np.exp(features @ weight.T)
        slopes = exponentials / np.sum(exponentials) - np.eye(n_classes)[labels]
        weight -= rate * slopes.T @ features / len(labels)
    return weight


def divided_by_the_classes(features, labels, n_classes, rate, n_steps):
    """You divide by the number of classes. The mean runs over the rows."""
    return train_head(features, labels, n_classes, rate * len(labels) / n_classes, n_steps)


def divided_by_every_entry(features, labels, n_classes, rate, n_steps):
    """You divide by the number of entries. The loss is a mean over rows: divide by their number
    alone."""
    return train_head(features, labels, n_classes, rate / n_classes, n_steps)


def all_labels_in_every_row(features, labels, n_classes, rate, n_steps):
    """`p[:, labels] -= 1` subtracts from the columns of all labels, in every row. Each row has
    *its* label: `p[np.arange(n), labels] -= 1`."""
    weight = np.zeros((n_classes, features.shape[1]))
    for _ in range(n_steps):
        exponentials = np.exp(features @ weight.T)
        slopes = exponentials / np.sum(exponentials, axis=1, keepdims=True)
        slopes[:, labels] -= 1
        weight -= rate * slopes.T @ features / len(labels)
    return weight


def with_momentum(features, labels, n_classes, rate, n_steps):
    """There is a momentum of 0.9, which nobody asked for. Plain descent forgets earlier steps."""
    weight = np.zeros((n_classes, features.shape[1]))
    velocity = np.zeros_like(weight)
    for _ in range(n_steps):
        exponentials = np.exp(features @ weight.T)
        slopes = exponentials / np.sum(exponentials, axis=1, keepdims=True)
        slopes -= np.eye(n_classes)[labels]
        velocity = 0.9 * velocity + slopes.T @ features / len(labels)
        weight -= rate * velocity
    return weight


def gradients_added_up(features, labels, n_classes, rate, n_steps):
    """Gradients add up from step to step: `backward` adds to what is there. Clear them with
    `zero_grad()` before."""
    weight = np.zeros((n_classes, features.shape[1]))
    gathered = np.zeros_like(weight)
    for _ in range(n_steps):
        p = np.exp(features @ weight.T)
        p = p / np.sum(p, axis=1, keepdims=True) - np.eye(n_classes)[labels]
        gathered += p.T @ features / len(labels)
        weight -= rate * gathered
    return weight


def with_weight_decay(features, labels, n_classes, rate, n_steps):
    """There is a weight decay of 0.01, which nobody asked for: it pulls the weights to 0."""
    weight = np.zeros((n_classes, features.shape[1]))
    for _ in range(n_steps):
        p = np.exp(features @ weight.T)
        p = p / np.sum(p, axis=1, keepdims=True) - np.eye(n_classes)[labels]
        weight -= rate * (p.T @ features / len(labels) + 0.01 * weight)
    return weight


def rate_not_used(features, labels, n_classes, rate, n_steps):
    """The rate is not used: all steps have the rate 1."""
    return train_head(features, labels, n_classes, 1.0, n_steps)


def with_a_bias(features, labels, n_classes, rate, n_steps):
    """There is a bias, which is learnt and not returned. It takes over part of what the weights
    should learn: leave it out."""
    ones = np.ones((len(features), 1))
    wide = np.concatenate([features, ones], axis=1)
    return train_head(wide, labels, n_classes, rate, n_steps)[:, :-1]


def _trained(features, labels, n_classes, rate, n_steps, slopes):
    weight = np.zeros((n_classes, features.shape[1]))
    for _ in range(n_steps):
        p = np.exp(features @ weight.T)
        p = p / np.sum(p, axis=1, keepdims=True)
        weight -= rate * slopes(p, np.eye(n_classes)[labels]).T @ features / len(labels)
    return weight


EXERCISE = Exercise(
    title="Train a head on features",
    kind="write",
    difficulty=3,
    statement=r"""
        The features of all pictures have been extracted once; `features` has shape `(n, d)`.
        Write `train_head(features, labels, n_classes, rate, n_steps)`, which trains a linear
        softmax head without bias: weights of 0 of shape `(n_classes, d)`, then `n_steps` steps of
        gradient descent on the mean cross-entropy of all rows. Return the weights.
        """,
    solution=train_head,
    mistakes=(
        softmax_before_the_loss,
        softmax_of_softmax,
        head_of_the_source,
        summed_over_the_rows,
        uphill,
        one_step_only,
        one_step_less,
        slopes_of_the_first_step,
        labels_not_subtracted,
        only_the_label,
        turned_at_the_label,
        turned_beside_the_label,
        slope_of_the_sigmoid,
        class_number_subtracted,
        normalised_over_the_rows,
        transposed,
        without_softmax,
        one_sigmoid_a_class,
        row_by_row,
        one_step_more,
        one_sum_for_all,
        divided_by_the_classes,
        divided_by_every_entry,
        all_labels_in_every_row,
        with_momentum,
        gradients_added_up,
        with_weight_decay,
        rate_not_used,
        with_a_bias,
    ),
    either=((summed_over_the_rows, divided_by_the_classes),),
    probes=(
        probe(
            "two pictures, three steps",
            [[1.0, 0.0, 2.0], [0.0, 1.0, -1.0]],
            [0, 1],
            2,
            0.5,
            3,
        ),
        probe(
            "three classes",
            [[1.0, 0.5], [0.0, 2.0], [-1.0, 1.0], [0.5, -1.0]],
            [2, 0, 1, 2],
            3,
            0.3,
            10,
        ),
        probe(
            "a class without a picture",
            [[1.0, 2.0], [2.0, -1.0], [0.5, 0.5]],
            [0, 2, 2],
            4,
            0.2,
            5,
            why="with few labels that happens, and the head still needs a row for it.",
        ),
        probe(
            "fifteen steps",
            [[0.2, 1.0, 0.0, 1.0], [1.0, 0.1, 0.5, 0.0], [0.0, 0.3, 1.0, 0.4]],
            [1, 0, 1],
            2,
            0.4,
            15,
        ),
    ),
    fresh=lambda rng: (
        rng.normal(size=(6, 3)),
        rng.integers(0, 3, size=6),
        3,
        float(rng.uniform(0.1, 0.5)),
        int(rng.integers(4, 9)),
    ),
    hints=(
        "In each step: logits, softmax, the gradient in the logits, the gradient in the weights.",
        "The gradient in the logits is p − y, one row a picture. `np.eye(n_classes)[labels]` is y.",
        "The weights' gradient is `(p − y).T @ features`, divided by the number of rows.",
    ),
    explanation="Features of a frozen network are computed once; after that a head costs hardly "
    "anything.",
)
