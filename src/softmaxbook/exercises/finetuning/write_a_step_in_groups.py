"""One step, in groups."""

import numpy as np

from softmaxbook.checking import Aspect, Exercise, probe


def stepped(weights, gradients, stages, frozen, rate, decay, shrinkage):
    rates = rate * decay ** (np.max(stages) - stages)
    step = rates * (gradients + shrinkage * weights)
    return np.where(frozen, weights, weights - step)


def all_weights_move(weights, gradients, stages, frozen, rate, decay, shrinkage):
    """Frozen weights move too: the optimiser was given all of them. Leave them as they are."""
    return stepped(weights, gradients, stages, 0 * frozen, rate, decay, shrinkage)


def frozen_weights_shrink(weights, gradients, stages, frozen, rate, decay, shrinkage):
    """Only the gradient of frozen weights is set to 0, and weight decay pulls them to 0 all the
    same. A frozen weight takes no step of any kind."""
    return stepped(weights, gradients * (frozen == 0), stages, 0 * frozen, rate, decay, shrinkage)


def only_frozen_move(weights, gradients, stages, frozen, rate, decay, shrinkage, base=stepped):
    """It is the frozen weights that move, and the others stay."""
    return base(weights, gradients, stages, 1 - frozen, rate, decay, shrinkage)


def whole_numbers_inverted(weights, gradients, stages, frozen, rate, decay, shrinkage):
    """`~` of the whole numbers 0 and 1 gives −1 and −2. Compare first: `frozen == 0` is a mask."""
    rates = rate * decay ** (np.max(stages) - stages)
    return weights - rates * (gradients + shrinkage * weights) * (-1 - frozen)


def frozen_set_to_zero(weights, gradients, stages, frozen, rate, decay, shrinkage):
    """Frozen weights become 0. They keep their values."""
    return stepped(weights, gradients, stages, frozen, rate, decay, shrinkage) * (frozen == 0)


def one_rate_for_all(weights, gradients, stages, frozen, rate, decay, shrinkage, base=stepped):
    """All stages learn at one rate. Each has `decay` times the rate of the stage after it."""
    return base(weights, gradients, stages, frozen, rate, 1.0, shrinkage)


def counted_from_the_pixels(weights, gradients, stages, frozen, rate, decay, shrinkage):
    """The rates fall towards the *head*. The head has the rate itself, and the pixels' stage the
    smallest."""
    return stepped(weights, gradients, np.max(stages) - stages, frozen, rate, decay, shrinkage)


def rates_grow_to_the_pixels(weights, gradients, stages, frozen, rate, decay, shrinkage):
    """The rates grow towards the pixels: you divide by `decay` where you should multiply."""
    return stepped(weights, gradients, stages, frozen, rate, 1 / decay, shrinkage)


def one_factor_too_many(weights, gradients, stages, frozen, rate, decay, shrinkage, base=stepped):
    """Every rate has one factor `decay` too many. The head has the rate itself."""
    return base(weights, gradients, stages, frozen, rate * decay, decay, shrinkage)


def head_and_body(weights, gradients, stages, frozen, rate, decay, shrinkage):
    """All stages before the head have one rate. The factor comes again with each stage further from
    the head."""
    two = (stages == np.max(stages)).astype(int)
    return stepped(weights, gradients, two, frozen, rate, decay, shrinkage)


def uphill(weights, gradients, stages, frozen, rate, decay, shrinkage):
    """The step goes uphill. Subtract it."""
    rates = rate * decay ** (np.max(stages) - stages)
    step = rates * (gradients + shrinkage * weights)
    return weights + step * (frozen == 0)


def shrinkage_forgotten(weights, gradients, stages, frozen, rate, decay, shrinkage, base=stepped):
    """Weight decay is missing: add `shrinkage` times the weight to its gradient."""
    return base(weights, gradients, stages, frozen, rate, decay, 0.0)


def shrinkage_without_the_rate(weights, gradients, stages, frozen, rate, decay, shrinkage):
    """Weight decay is subtracted as it is. It is added to the gradient, so the rate of the stage
    multiplies it too."""
    rates = rate * decay ** (np.max(stages) - stages)
    return np.where(frozen, weights, weights - rates * gradients - shrinkage * weights)


def grows_by_shrinkage(weights, gradients, stages, frozen, rate, decay, shrinkage):
    """Weight decay has the wrong sign: the weights grow. Add it to the gradient, and the step
    subtracts both."""
    return stepped(weights, gradients, stages, frozen, rate, decay, -shrinkage)


def step_returned(weights, gradients, stages, frozen, rate, decay, shrinkage):
    """This is the step alone. The weights after it are asked for."""
    return stepped(weights, gradients, stages, frozen, rate, decay, shrinkage) - weights


def by_position(weights, gradients, stages, frozen, rate, decay, shrinkage):
    """The rates fall with the position of the weight. Each weight belongs to the stage that
    `stages` tells."""
    return stepped(weights, gradients, np.arange(len(weights)), frozen, rate, decay, shrinkage)


def last_weight_for_head(weights, gradients, stages, frozen, rate, decay, shrinkage):
    """You take the last weight's stage for the head. The head has the *largest* number, wherever
    its weights stand."""
    rates = rate * decay ** (stages[-1] - stages.astype(float))
    return np.where(frozen, weights, weights - rates * (gradients + shrinkage * weights))


def shrinkage_doubled(weights, gradients, stages, frozen, rate, decay, shrinkage):
    """Weight decay is twice what it should be: `shrinkage` times the weight is added, without a
    factor 2."""
    return stepped(weights, gradients, stages, frozen, rate, decay, 2 * shrinkage)


def shrinks_at_the_rate_of_the_head(weights, gradients, stages, frozen, rate, decay, shrinkage):
    """Weight decay goes by the rate of the head in all stages. It is added to the gradient, so the
    stage's own rate multiplies it."""
    rates = rate * decay ** (np.max(stages) - stages)
    step = rates * gradients + rate * shrinkage * weights
    return np.where(frozen, weights, weights - step)


def head_only(weights, gradients, stages, frozen, rate, decay, shrinkage):
    """Only the head moves. Every weight moves that is not frozen."""
    step = rate * (gradients + shrinkage * weights)
    return np.where(stages == np.max(stages), weights - step, weights)


EXERCISE = Exercise(
    title="One step, in groups",
    kind="write",
    difficulty=3,
    statement=r"""
        Each weight of a network belongs to a stage: `stages` holds their numbers, from 0 at the
        pixels to the head, which has the largest. The head learns at `rate` $\eta$, and each stage
        at `decay` times the rate of the stage after it. `frozen` holds a 1 for each weight that
        must not move, and a 0 for the others.
        Write `stepped(weights, gradients, stages, frozen, rate, decay, shrinkage)`, which returns
        the weights after one step of gradient descent with weight decay: to the gradient, the
        weight times `shrinkage` is added.
        """,
    solution=stepped,
    mistakes=(
        all_weights_move,
        frozen_weights_shrink,
        only_frozen_move,
        whole_numbers_inverted,
        frozen_set_to_zero,
        one_rate_for_all,
        counted_from_the_pixels,
        rates_grow_to_the_pixels,
        one_factor_too_many,
        head_and_body,
        uphill,
        shrinkage_forgotten,
        shrinkage_without_the_rate,
        grows_by_shrinkage,
        step_returned,
        by_position,
        last_weight_for_head,
        shrinkage_doubled,
        shrinks_at_the_rate_of_the_head,
        head_only,
    ),
    either=((only_frozen_move, frozen_set_to_zero, frozen_weights_shrink, all_weights_move),),
    aspects=(Aspect("rates", 2), Aspect("freezing", 1)),
    probes=(
        probe(
            "three stages, nothing frozen",
            [1.0, -2.0, 0.5, 3.0],
            [0.5, 1.0, -1.0, 2.0],
            [0, 1, 2, 2],
            [0, 0, 0, 0],
            0.1,
            0.5,
            0.01,
            aspect="rates",
        ),
        probe(
            "four stages, in any order",
            [2.0, 1.0, -1.0, 0.5, 4.0],
            [1.0, -0.5, 2.0, 1.5, -1.0],
            [3, 0, 3, 1, 2],
            [0, 0, 0, 0, 0],
            0.2,
            0.25,
            0.1,
            aspect="rates",
        ),
        probe(
            "the body frozen",
            [1.0, -2.0, 0.5, 3.0],
            [0.5, 1.0, -1.0, 2.0],
            [0, 1, 2, 2],
            [1, 1, 0, 0],
            0.1,
            0.5,
            0.2,
            aspect="freezing",
            why="a frozen weight stays as it is, to the last bit.",
        ),
        probe(
            "the first stage frozen",
            [2.0, -1.0, 1.0, 0.5],
            [0.4, 0.3, 1.0, -2.0],
            [0, 2, 1, 0],
            [1, 0, 0, 1],
            0.5,
            0.4,
            0.05,
            aspect="freezing",
        ),
    ),
    fresh=lambda rng: (
        rng.normal(size=6),
        rng.normal(size=6),
        np.array([0, 1, 4, 3, 4, 2]),
        np.array([1, 0, 0, 1, 0, 0]),
        float(rng.uniform(0.05, 0.3)),
        float(rng.uniform(0.3, 0.8)),
        float(rng.uniform(0.05, 0.2)),
    ),
    hints=(
        "First one rate for each weight. How many stages lie between it and the head?",
        "`decay ** (np.max(stages) - stages)`. Then the step, with weight decay inside it.",
        "`np.where(frozen, …, …)` chooses between the old weight and the new one.",
    ),
    explanation="PyTorch's optimisers skip parameters without a gradient, so freezing stops weight "
    "decay too; a gradient of 0 does not.",
)
