"""The gradient of a layer's weights."""

import numpy as np

from softmaxbook.checking import Exercise, probe


def weight_gradient(inputs, slopes):
    return slopes.T @ inputs


def transposed(inputs, slopes, base=weight_gradient):
    """The result is transposed. `weight` has one *row* for each output, as in PyTorch, and the
    gradient has the same shape: (outputs, inputs)."""
    return base(inputs, slopes).T


def transpose_forgotten(inputs, slopes):
    """The transpose is missing. The sum runs over the *examples*, so they must stand in the
    middle of the product: `slopes.T @ inputs`."""
    return slopes @ inputs


def wrong_one_transposed(inputs, slopes):
    """The product sums over the wrong index. The sum runs over the examples, the first axis of
    both."""
    return slopes @ inputs.T


def divided_again(inputs, slopes, base=weight_gradient):
    """You divide by the number of examples. The slopes belong to the mean loss: they have that
    division in them already."""
    return base(inputs, slopes) / len(inputs)


def first_example_only(inputs, slopes):
    """Only the first example counts. All of them use the same weights: add up their outer
    products."""
    return np.outer(slopes[0], inputs[0])


def sums_before_the_product(inputs, slopes):
    """You add up inputs and slopes first, and multiply the sums. Each example multiplies its *own*
    slope and input; then they are added."""
    return np.outer(np.sum(slopes, axis=0), np.sum(inputs, axis=0))


def one_for_each_example(inputs, slopes):
    """A gradient for each example comes back. The examples share the weights: sum over the first
    axis."""
    return slopes[:, :, None] * inputs[:, None, :]


def sign_reversed(inputs, slopes, base=weight_gradient):
    """The sign is reversed: the minus belongs to the step of descent, not to the gradient."""
    return -base(inputs, slopes)


def last_example_only(inputs, slopes):
    """Only the last example counts: does a loop *assign* where it should add? Add up the outer
    products of all examples."""
    return np.outer(slopes[-1], inputs[-1])


def entry_by_entry(inputs, slopes):
    """You multiply entry by entry. Every slope meets *every* input of its example: an outer
    product for each example, added up."""
    return np.sum(slopes * inputs, axis=0)


EXERCISE = Exercise(
    title="The gradient of a layer's weights",
    kind="write",
    difficulty=2,
    statement=r"""
        A layer computes `outputs = inputs @ weight.T`, with `inputs` of shape `(n, d)` and `weight`
        of shape `(m, d)`. Backpropagation brings `slopes`, the gradient of the loss in `outputs`,
        of shape `(n, m)`.
        Write `weight_gradient(inputs, slopes)`, of the shape of `weight`.
        """,
    solution=weight_gradient,
    mistakes=(
        transposed,
        transpose_forgotten,
        wrong_one_transposed,
        divided_again,
        first_example_only,
        sums_before_the_product,
        one_for_each_example,
        sign_reversed,
        last_example_only,
        entry_by_entry,
    ),
    either=((transposed, transpose_forgotten),),
    probes=(
        probe(
            "two examples",
            [[1.0, 2.0, 0.0], [0.0, -1.0, 3.0]],
            [[0.5, -0.5], [1.0, 2.0]],
        ),
        probe(
            "all sizes 2",
            [[1.0, 2.0], [3.0, -1.0]],
            [[1.0, 0.0], [0.5, -2.0]],
            why="here every product has the right shape.",
        ),
        probe(
            "all sizes 3",
            [[1.0, 0.0, 2.0], [0.0, 1.0, 1.0], [2.0, -1.0, 0.0]],
            [[0.1, 0.2, -0.3], [0.0, 1.0, -1.0], [0.5, 0.0, 0.0]],
        ),
        probe("one example", [[2.0, -1.0]], [[1.0, 0.5, -1.5]], why="an outer product."),
    ),
    fresh=lambda rng: (rng.normal(size=(4, 3)), rng.normal(size=(4, 2))),
    hints=(
        "Which shapes are there, and which is wanted? What has to stand in the middle?",
        "One example gives the outer product of its slopes and its inputs. Add them up.",
        "The matrix product sums over the middle index: put the examples there by a transpose.",
    ),
)
