"""The loss before training."""

import numpy as np

from softmaxbook.checking import Exercise, probe


def solution(n_classes):
    return np.log(n_classes)


def chance_of_being_right(n_classes):
    """This is the probability of each class, and the accuracy of guessing. The loss is minus its
    logarithm."""
    return 1 / n_classes


def chance_of_being_wrong(n_classes):
    """This is the share of wrong guesses. The loss is the surprise: minus the logarithm of the
    probability."""
    return 1 - 1 / n_classes


def in_bits(n_classes):
    """This is in bits. Losses use the natural logarithm."""
    return np.log2(n_classes)


def base_ten(n_classes):
    """This is the logarithm to base 10. Losses use the natural one."""
    return np.log10(n_classes)


def nothing_to_lose(n_classes):
    """A loss of 0 means that every label got probability 1."""
    return 0.0 * n_classes


def one_class_less(n_classes):
    """You counted the wrong classes. The label's own share is one of K equal ones."""
    return np.log(n_classes - 1)


EXERCISE = Exercise(
    title="The loss before training",
    kind="predict",
    difficulty=1,
    form="number",
    statement=lambda n_classes: (
        f"""
        A network of {n_classes} classes begins with an output layer of zeros: all weights, all
        biases.
        Which mean cross-entropy does it print before the first step? Give three significant digits.
        """
    ),
    solution=solution,
    mistakes=(
        chance_of_being_right,
        chance_of_being_wrong,
        in_bits,
        base_ten,
        nothing_to_lose,
        one_class_less,
    ),
    probes=(probe("the question", 8),),
    digits=3,
    tolerance=0.004,
    fresh=lambda rng: (int(rng.integers(5, 500)),),
    nudge="Check: e to the power of your answer should be a whole number.",
    hints=(
        "Which logits come out, whatever the features are? Which probabilities?",
        "Every label has the probability 1/K. Take minus the logarithm.",
    ),
    explanation=lambda n_classes: f"−ln(1/{n_classes}) = ln {n_classes} = {np.log(n_classes):.4f}.",
)
