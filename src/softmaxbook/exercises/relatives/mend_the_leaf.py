"""The probability of a leaf."""

import numpy as np

from softmaxbook.checking import Exercise, probe


def leaf_probability(node_logits, signs):
    return np.prod(1 / (1 + np.exp(-signs * node_logits)), axis=-1)


def as_printed(node_logits, signs):
    """The steps are still added, so the “probabilities” can be larger than 1. All steps of the way
    have to be taken: their probabilities are multiplied."""
    return np.sum(1 / (1 + np.exp(-signs * node_logits)), axis=-1)


def averaged(node_logits, signs):
    """You take the mean of the steps. A longer way must be less likely, not equally likely: the
    steps are multiplied."""
    return np.mean(1 / (1 + np.exp(-signs * node_logits)), axis=-1)


def signs_dropped(node_logits, signs):
    """The signs are gone: you go to the first child at each node, whichever leaf is asked for."""
    return np.prod(1 / (1 + np.exp(-node_logits + 0 * signs)), axis=-1)


def the_other_way(node_logits, signs):
    """You go the other way at each node: σ(sign · z) is the step that the sign names."""
    return np.prod(1 / (1 + np.exp(signs * node_logits)), axis=-1)


def logits_added_first(node_logits, signs):
    """You add the logits and take one sigmoid. The product of sigmoids is not the sigmoid of a
    sum."""
    return 1 / (1 + np.exp(-np.sum(signs * node_logits, axis=-1)))


def logarithm_left(node_logits, signs):
    """This is the logarithm of the probability. Take its exponential, or multiply."""
    return -np.sum(np.log1p(np.exp(-signs * node_logits)), axis=-1)


def softmax_over_the_way(node_logits, signs):
    """You take a softmax over the nodes of the way. The nodes do not compete: each asks a question
    of its own, with two answers."""
    exponentials = np.exp(signs * node_logits)
    return exponentials[..., -1] / np.sum(exponentials, axis=-1)


def last_step_only(node_logits, signs):
    """You take the last step only. To be there, all the steps before must have been taken."""
    return 1 / (1 + np.exp(-signs[..., -1] * node_logits[..., -1]))


def multiplied_over_the_batch(node_logits, signs):
    """You multiply over everything. Each way is a row of its own: `axis=-1`."""
    return np.prod(1 / (1 + np.exp(-signs * node_logits)))


EXERCISE = Exercise(
    title="The probability of a leaf",
    kind="find",
    difficulty=2,
    statement=r"""
        On the way to a class, node $n$ has the logit $z_n$ and the sign $s_n$: 1 if the way goes to
        the first child, −1 if it goes to the second. The step has the probability
        $\sigma(s_n z_n)$. The program below should return the probability of the class; along the
        last axis lie the nodes of a way.
        For a class five steps down it returned more than 1. Find the mistake and mend it.
        """,
    starter="""\
def leaf_probability(node_logits, signs):
    steps = 1 / (1 + np.exp(-signs * node_logits))
    return np.sum(steps, axis=-1)""",
    solution=leaf_probability,
    mistakes=(
        as_printed,
        averaged,
        signs_dropped,
        the_other_way,
        logits_added_first,
        logarithm_left,
        softmax_over_the_way,
        last_step_only,
        multiplied_over_the_batch,
    ),
    probes=(
        probe("two steps", [1.0, -0.5], [1.0, -1.0]),
        probe("one step down", [0.75], [-1.0], why="one question, one sigmoid."),
        probe(
            "three steps without a preference",
            [0.0, 0.0, 0.0],
            [1.0, 1.0, -1.0],
            why="three halves multiplied are an eighth.",
        ),
        probe("five steps", [2.0, -1.0, 0.5, 0.25, -3.0], [1.0, 1.0, -1.0, -1.0, 1.0]),
        probe("two ways", [[1.0, 2.0], [1.0, -1.0]], [[1.0, -1.0], [-1.0, 1.0]]),
        probe("both leaves of a node", [[0.5, 3.0], [0.5, 3.0]], [[-1.0, 1.0], [-1.0, -1.0]]),
    ),
    fresh=lambda rng: (rng.normal(size=(3, 4)), rng.choice([-1.0, 1.0], size=(3, 4))),
    hints=(
        "What is the probability of two heads in a row?",
        "Look at the last line: what has to happen to the steps for *all* of them to be taken?",
    ),
    explanation="All steps have to be taken. With products the leaves of any tree sum to 1, "
    "because the two steps of each node do.",
)
