"""The cost of a label in a tree."""

import numpy as np

from softmaxbook.checking import Exercise, probe


def solution(n_classes, n_features):
    return np.log2(n_classes) * n_features


def all_classes(n_classes, n_features):
    """This is what the full softmax costs: the logits of all classes. In a tree only the nodes on
    the way to the label have to be asked."""
    return n_classes * n_features


def every_node(n_classes, n_features):
    """These are all the nodes of the tree. Only those on the way to the label have to be asked."""
    return (n_classes - 1) * n_features


def questions_counted(n_classes, n_features):
    """This is how many nodes are asked. Each of them needs a logit, and a logit is a product with
    all the features."""
    return np.log2(n_classes)


def both_children(n_classes, n_features):
    """You count both children of each node. One logit answers for both: the second child has what
    the first one leaves."""
    return 2 * np.log2(n_classes) * n_features


def one_level_too_many(n_classes, n_features):
    """You count the leaf as a question too. With two classes there is one question, not two."""
    return (np.log2(n_classes) + 1) * n_features


def natural_logarithm(n_classes, n_features):
    """Each question halves what is left, so the logarithm is the one to the base 2."""
    return np.log(n_classes) * n_features


def base_ten(n_classes, n_features):
    """Each question halves what is left, so the logarithm is the one to the base 2, not 10."""
    return np.log10(n_classes) * n_features


EXERCISE = Exercise(
    title="The cost of a label",
    kind="predict",
    difficulty=1,
    form="number",
    statement=lambda n_classes, n_features: (
        f"""
        A balanced binary tree has {n_classes} classes as its leaves. Each inner node has a weight
        vector for {n_features} features, and the product of the two is its logit.
        How many multiplications do these logits take for the probability of **one** label?
        """
    ),
    solution=solution,
    mistakes=(
        all_classes,
        every_node,
        questions_counted,
        both_children,
        one_level_too_many,
        natural_logarithm,
        base_ten,
    ),
    probes=(probe("the question", 1024, 64),),
    tolerance=1e-5,
    fresh=lambda rng: (2 ** int(rng.integers(6, 15)), int(rng.choice([32, 50, 64, 100, 128]))),
    nudge="Check your rule with two classes: one node, so as many products as there are features.",
    hints=(
        "How many yes-or-no questions lead from the root to a leaf?",
        "Each question is one logit, and a logit is as many products as there are features.",
    ),
    explanation=lambda n_classes, n_features: (
        f"log₂ {n_classes} = {np.log2(n_classes):g} nodes, with {n_features} products each, in "
        f"place of {n_classes * n_features} for the full softmax."
    ),
)
