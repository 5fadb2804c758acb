"""One against the rest."""

import numpy as np

from softmaxbook.checking import Aspect, Exercise, probe


def shares_of_one_vs_rest(logits):
    scores = 1 / (1 + np.exp(-logits))
    return scores / np.sum(scores, axis=-1, keepdims=True)


def not_normalised(logits):
    """Each row holds the answers of separate models, which need not add up to 1. Divide each row
    by its sum."""
    return 1 / (1 + np.exp(-logits))


def softmax_of_the_logits(logits):
    """This is softmax regression's formula. The models were trained one by one, as sigmoids: their
    scores are σ(z), and these are divided by their sum."""
    exponentials = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    return exponentials / np.sum(exponentials, axis=-1, keepdims=True)


def softmax_of_the_scores(logits):
    """You take softmax of the scores. They lie between 0 and 1, so the result is nearly flat.
    They are shares already: divide by their sum."""
    exponentials = np.exp(1 / (1 + np.exp(-logits)))
    return exponentials / np.sum(exponentials, axis=-1, keepdims=True)


def divided_by_the_largest(logits):
    """You divide by the largest score. Then the winner has probability 1: divide by the sum."""
    scores = 1 / (1 + np.exp(-logits))
    return scores / np.max(scores, axis=-1, keepdims=True)


def divided_by_the_classes(logits):
    """You divide by the number of classes. The scores add up to that number only if all are 1:
    divide by their sum."""
    return 1 / (1 + np.exp(-logits)) / np.shape(logits)[-1]


def wrong_axis(logits):
    """The columns add up to 1. A row is an example: its classes share 1. `axis=-1`."""
    scores = 1 / (1 + np.exp(-logits))
    return scores / np.sum(scores, axis=0, keepdims=True)


def one_sum_for_all(logits):
    """One sum runs over the whole batch. Each row has its own: `axis=-1, keepdims=True`."""
    scores = 1 / (1 + np.exp(-logits))
    return scores / np.sum(scores)


def sign_reversed(logits, base=shares_of_one_vs_rest):
    """The sign of the logits is reversed: a large one should give a large probability."""
    return base(-logits)


def logits_divided(logits):
    """You divide the logits by their sum. They may be negative, and their sum 0: the sigmoid first,
    then the division."""
    return logits / np.sum(logits, axis=-1, keepdims=True)


def votes_shared(logits):
    """You count which models say yes, and divide by that number. How sure they are is lost, and
    nothing is left where nobody says yes. Divide the scores."""
    votes = 1.0 * (logits > 0)
    return votes / np.sum(votes, axis=-1, keepdims=True)


EXERCISE = Exercise(
    title="One against the rest",
    kind="find",
    difficulty=2,
    statement=r"""
        Each of $K$ logistic regressions tells one class from all the others; their logits are the
        columns of `logits`, one example per row.
        This program should turn them into probabilities of the $K$ classes, in proportion to what
        the models say. Find the mistake and mend it.
        """,
    starter="""\
def shares_of_one_vs_rest(logits):
    scores = 1 / (1 + np.exp(-logits))
    return scores""",
    solution=shares_of_one_vs_rest,
    mistakes=(
        not_normalised,
        softmax_of_the_logits,
        softmax_of_the_scores,
        divided_by_the_largest,
        divided_by_the_classes,
        wrong_axis,
        one_sum_for_all,
        sign_reversed,
        logits_divided,
        votes_shared,
    ),
    aspects=(Aspect("values", 2), Aspect("batches", 1)),
    probes=(
        probe(
            "two models say yes",
            [[2.0, 1.0, -3.0]],
            why="the scores are 0.88, 0.73 and 0.05, and their sum is 1.66.",
        ),
        probe(
            "nobody says yes",
            [[-4.0, -3.0, -5.0]],
            why="the scores add up to 0.07, and yet it is one of the three.",
        ),
        probe("two rows", [[2.0, 0.0, -1.0], [-1.0, 0.5, 3.0]], aspect="batches"),
        probe("a square batch", [[1.0, 3.0], [0.0, -2.0]], aspect="batches"),
    ),
    fresh=lambda rng: (rng.normal(scale=2, size=(1, 4)),),
    hints=(
        "Add up the three numbers that come back for one example.",
        "Each row is divided by its own sum.",
    ),
)
