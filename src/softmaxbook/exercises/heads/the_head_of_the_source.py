"""The head of the source is still there."""

import numpy as np

from softmaxbook.checking import Exercise, probe


def solution(n_source, n_classes):
    return np.log(n_source)


def classes_of_the_target(n_source, n_classes):
    """You took the target's classes. The loss knows nothing of them: it sees as many logits as the
    head has outputs, and all of them share the probability."""
    return np.log(n_classes)


def both_added(n_source, n_classes):
    """You added the classes of both tasks. The labels only use the first outputs of the head; they
    add none."""
    return np.log(n_source + n_classes)


def unused_outputs(n_source, n_classes):
    """You counted the outputs that no label uses. All outputs share the probability, used or
    not."""
    return np.log(n_source - n_classes)


def ratio(n_source, n_classes):
    """You divided the numbers of classes. The label gets one share of as many as the head has
    outputs."""
    return np.log(n_source / n_classes)


def share_for_loss(n_source, n_classes):
    """This is the probability of the label. The loss is minus its logarithm."""
    return 1 / n_source


def in_bits(n_source, n_classes):
    """This is in bits. Losses use the natural logarithm."""
    return np.log2(n_source)


def refused(n_source, n_classes):
    """Nothing is lost only where every label has probability 1. With equal logits all outputs of
    the head share."""
    return 0.0


EXERCISE = Exercise(
    title="The head of the source is still there",
    kind="predict",
    difficulty=1,
    form="number",
    statement=lambda n_source, n_classes: (
        f"""
        A network learnt {n_source} classes. For a target with {n_classes} classes, labelled 0 to
        {n_classes - 1}, somebody sets the weights and biases of its head to 0, and forgets to give
        it {n_classes} outputs. No error is raised.
        Which mean cross-entropy is printed before the first step? Give three significant digits.
        """
    ),
    solution=solution,
    mistakes=(
        classes_of_the_target,
        both_added,
        unused_outputs,
        ratio,
        share_for_loss,
        in_bits,
        refused,
    ),
    probes=(probe("the question", 48, 10),),
    digits=3,
    tolerance=0.004,
    fresh=lambda rng: (int(rng.integers(32, 60)), int(rng.integers(7, 15))),
    nudge="Check: e to the power of your answer should be a number of outputs.",
    hints=(
        "How many logits come out of this head, and what are they?",
        "All outputs get the same probability. Take minus the logarithm of one share.",
    ),
    explanation=lambda n_source, n_classes: (
        f"ln {n_source} = {np.log(n_source):.4f}; with the right head it is ln {n_classes} = "
        f"{np.log(n_classes):.4f}. The first loss tells how many classes a head has."
    ),
)
