"""Through the whole network."""

import numpy as np

from softmaxbook.checking import Aspect, Exercise, probe


def first_layer_gradient(features, slopes, hidden_weight, output_weight):
    entered = features @ hidden_weight.T
    back = slopes @ output_weight
    return (back * (entered > 0)).T @ features


def transpose_too_many(features, slopes, hidden_weight, output_weight):
    """On the way forward the hidden values are multiplied by `output_weight.T`. On the way back it
    is `output_weight` itself: with square matrices nothing else tells you."""
    entered = features @ hidden_weight.T
    return ((slopes @ output_weight.T) * (entered > 0)).T @ features


def relu_forgotten(features, slopes, hidden_weight, output_weight):
    """The ReLU is missing on the way back: where a unit was at 0, its slope is stopped."""
    return (slopes @ output_weight).T @ features


def mask_from_the_slope(features, slopes, hidden_weight, output_weight):
    """Your mask looks at the sign of the slopes that come back. The ReLU's derivative is taken at
    what *entered* it: `features @ hidden_weight.T`."""
    back = slopes @ output_weight
    return (back * (back > 0)).T @ features


def multiplied_by_the_hidden(features, slopes, hidden_weight, output_weight):
    """You multiply by what the ReLU gave. The chain rule takes its *derivative*, 0 or 1."""
    entered = features @ hidden_weight.T
    return ((slopes @ output_weight) * np.maximum(entered, 0)).T @ features


def hidden_for_features(features, slopes, hidden_weight, output_weight):
    """The last product is with the hidden values. The first layer's inputs are the *features*."""
    hidden = np.maximum(features @ hidden_weight.T, 0)
    return ((slopes @ output_weight) * (hidden > 0)).T @ hidden


def transposed_result(features, slopes, hidden_weight, output_weight, base=first_layer_gradient):
    """The result is transposed: it has the shape of `hidden_weight`, one row per hidden unit."""
    return base(features, slopes, hidden_weight, output_weight).T


def divided_again(features, slopes, hidden_weight, output_weight, base=first_layer_gradient):
    """You divide by the number of examples. The slopes belong to the mean loss and have that
    division in them."""
    return base(features, slopes, hidden_weight, output_weight) / len(features)


def sign_reversed(features, slopes, hidden_weight, output_weight, base=first_layer_gradient):
    """The sign is reversed: the minus belongs to the step of descent."""
    return -base(features, slopes, hidden_weight, output_weight)


def slope_of_the_sigmoid(features, slopes, hidden_weight, output_weight):
    """h (1 − h) is the derivative of the sigmoid. This network has a ReLU: 1 where something
    positive entered, 0 elsewhere."""
    hidden = 1 / (1 + np.exp(-(features @ hidden_weight.T)))
    return ((slopes @ output_weight) * hidden * (1 - hidden)).T @ features


def mask_from_the_weights(features, slopes, hidden_weight, output_weight):
    """Your mask looks at the weights. The ReLU sees what *entered* it, `features @
    hidden_weight.T`, and that differs from example to example."""
    return ((slopes @ output_weight).T @ features) * (hidden_weight > 0)


def sign_for_a_mask(features, slopes, hidden_weight, output_weight):
    """`np.sign` is −1 where something negative entered. The ReLU's derivative is 0 there."""
    entered = features @ hidden_weight.T
    back = slopes @ output_weight
    return (back * np.sign(entered)).T @ features


def both_positive(features, slopes, hidden_weight, output_weight):
    """Here the slope has to be positive too. Only what entered decides."""
    entered = features @ hidden_weight.T
    back = slopes @ output_weight
    return (back * ((entered > 0) & (back > 0))).T @ features


def first_example_only(features, slopes, hidden_weight, output_weight):
    """Only the first example counts. All of them use the same weights: add up their outer
    products."""
    return first_layer_gradient(features[:1], slopes[:1], hidden_weight, output_weight)


def last_example_only(features, slopes, hidden_weight, output_weight):
    """Only the last example counts: does a loop *assign* where it should add? Add up the outer
    products of all examples."""
    return first_layer_gradient(features[-1:], slopes[-1:], hidden_weight, output_weight)


def last_transpose_forgotten(features, slopes, hidden_weight, output_weight):
    """The transpose in the last product is missing. The sum runs over the examples, so they must
    stand in the middle: `(…).T @ features`."""
    entered = features @ hidden_weight.T
    return ((slopes @ output_weight) * (entered > 0)) @ features


def forward_not_transposed(features, slopes, hidden_weight, output_weight):
    """What enters the ReLU is `features @ hidden_weight.T`: an example is a row, and so is a unit
    of W₁."""
    entered = features @ hidden_weight
    return ((slopes @ output_weight) * (entered > 0)).T @ features


EXERCISE = Exercise(
    title="Through the whole network",
    kind="derive",
    difficulty=3,
    statement=r"""
        A network without biases computes $h = \operatorname{relu}(W_1 x)$ and $z = W_2 h$. For a
        batch, `slopes` is the gradient of the loss in the logits, for example $(p - y) / n$.
        Derive the gradient in $W_1$ by the chain rule, and write
        `first_layer_gradient(features, slopes, hidden_weight, output_weight)`.

        The shapes: features `(n, d)`, slopes `(n, K)`, $W_1$ `(m, d)`, $W_2$ `(K, m)`.
        """,
    solution=first_layer_gradient,
    mistakes=(
        transpose_too_many,
        relu_forgotten,
        mask_from_the_slope,
        multiplied_by_the_hidden,
        hidden_for_features,
        transposed_result,
        divided_again,
        sign_reversed,
        slope_of_the_sigmoid,
        mask_from_the_weights,
        sign_for_a_mask,
        both_positive,
        first_example_only,
        last_example_only,
        last_transpose_forgotten,
        forward_not_transposed,
    ),
    either=((transposed_result, last_transpose_forgotten),),
    aspects=(Aspect("values", 2), Aspect("square matrices", 1)),
    probes=(
        probe(
            "two features, three units, two classes",
            [[1.0, 2.0], [-1.0, 0.5]],
            [[0.3, -0.3], [-0.6, 0.6]],
            [[1.0, 0.5], [-1.0, 1.0], [0.5, -2.0]],
            [[1.0, -1.0, 0.5], [0.0, 2.0, 1.0]],
            why="nothing positive enters the third unit, so its weights get no gradient.",
        ),
        probe(
            "three features, two units, three classes",
            [[1.0, 0.0, -1.0], [2.0, 1.0, 0.5], [0.0, 1.0, 0.0]],
            [[0.5, -0.2, -0.3], [-0.4, 0.1, 0.3], [0.2, 0.2, -0.4]],
            [[1.0, -1.0, 0.5], [-0.5, 2.0, 1.0]],
            [[1.0, 0.0], [2.0, -1.0], [0.5, 3.0]],
        ),
        probe(
            "all sizes 2",
            [[1.0, 2.0], [-1.0, 0.5]],
            [[0.3, -0.3], [-0.6, 0.6]],
            [[1.0, 0.5], [-1.0, 1.0]],
            [[1.0, -1.0], [0.5, 2.0]],
            aspect="square matrices",
            why="here every product has the right shape.",
        ),
        probe(
            "all sizes 2, another",
            [[2.0, 1.0], [1.0, -3.0]],
            [[-0.2, 0.2], [0.7, -0.7]],
            [[0.5, 1.0], [2.0, 0.5]],
            [[0.0, 1.0], [3.0, -1.0]],
            aspect="square matrices",
        ),
    ),
    fresh=lambda rng: (
        rng.normal(size=(5, 3)),
        rng.normal(size=(5, 2)),
        rng.normal(size=(4, 3)),
        rng.normal(size=(2, 4)),
    ),
    hints=(
        "Go back step by step: from the logits to h, through the ReLU, to W₁.",
        "In h the gradient is `slopes @ output_weight`. What does the ReLU let through?",
        "Mask it by `entered > 0`, then take the gradient of a layer's weights, with the features "
        "as its inputs.",
    ),
    explanation="Each step back is a product with the transposed matrix of the step forward.",
)
