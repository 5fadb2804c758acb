"""A perfect model, and a loss that stays."""

import numpy as np

from softmaxbook.checking import Exercise, probe


def solution(n_classes):
    return np.log(1 + (n_classes - 1) / np.e)


def softmax_applied_once(n_classes):
    """That is the loss if softmax is applied once. Here the loss applies it again, to the row
    1, 0, …, 0 that the model hands over."""
    return 0.0 * n_classes


def nothing_learnt(n_classes):
    """log K is the loss of equal logits. The model's row is not equal: its entries are 1 and 0,
    and the loss takes them for logits."""
    return np.log(n_classes)


def label_not_in_the_sum(n_classes):
    """The sum of the exponentials has all classes in it: the label's own e to the power of 1
    is missing."""
    return np.log((n_classes - 1) / np.e)


def one_rival_too_many(n_classes):
    """You counted one class too many: beside the label there are K − 1."""
    return np.log(1 + n_classes / np.e)


def label_not_subtracted(n_classes):
    """This is the log-sum-exp of the row. The loss subtracts the label's entry from it, which
    is 1."""
    return np.log(np.e + n_classes - 1)


def zeros_vanish(n_classes):
    """The exponential of 0 is 1, not 0: the other classes keep a share."""
    return 1.0 + 0 * n_classes


def probability_for_loss(n_classes):
    """This is the probability that the second softmax gives to the label. The loss is minus its
    logarithm."""
    return np.e / (np.e + n_classes - 1)


EXERCISE = Exercise(
    title="A perfect model, and a loss that stays",
    kind="predict",
    difficulty=2,
    form="number",
    statement=lambda n_classes: (
        f"""
        A model of {n_classes} classes ends in a softmax layer, and its output goes to a loss that
        expects logits.
        On every example the model is sure and right: it gives the label probability 1.
        Which loss is printed? Give three significant digits.
        """
    ),
    solution=solution,
    mistakes=(
        softmax_applied_once,
        nothing_learnt,
        label_not_in_the_sum,
        one_rival_too_many,
        label_not_subtracted,
        zeros_vanish,
        probability_for_loss,
    ),
    probes=(probe("the question", 5),),
    fresh=lambda rng: (int(rng.integers(4, 200)),),
    digits=3,
    tolerance=0.005,
    nudge="Check with two classes: there it is log(1 + 1/e), about 0.313.",
    hints=(
        "The loss takes the row 1, 0, …, 0 for logits. What is its softmax?",
        "The label gets e / (e + K − 1). Take minus the logarithm.",
    ),
    explanation=lambda n_classes: (
        f"−log(e / (e + {n_classes - 1})) = log(1 + {n_classes - 1}/e) = {solution(n_classes):.4f}."
    ),
)
