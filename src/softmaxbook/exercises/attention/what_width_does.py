"""What the width of the vectors does to attention without a scale."""

import numpy as np

from softmaxbook.checking import Exercise

N_KEYS, QUERIES = 16, 500


def mean_entropy(width):
    rng = np.random.default_rng(0)
    scores = rng.normal(size=(QUERIES, width)) @ rng.normal(size=(N_KEYS, width)).T
    shares = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    return -np.sum(shares * np.log(np.maximum(shares, 1e-300)), axis=1).mean()


def solution():
    narrow, wide = mean_entropy(4), mean_entropy(256)
    return "b" if wide < 0.5 * narrow else "c" if wide > 1.2 * narrow else "a"


def width_does_not_matter():
    """The numbers stay as they are, but a score is a sum of as many products as the vectors
    are wide. What does a sum of 256 random terms do that a sum of 4 does not?"""
    return "a"


def more_numbers_average_out():
    """A mean of many products would go to 0, and its weights would be even. A score is their
    sum, and a sum of random terms spreads as the root of their number."""
    return "c"


def only_the_time_grows():
    """It costs more, too. But the weights do not stay the same: look at how far apart two sums
    of 256 random products lie."""
    return "d"


EXERCISE = Exercise(
    title="Wide vectors",
    kind="predict",
    difficulty=1,
    opening=True,
    form="choice",
    statement="""
        A query and 16 keys are drawn at random, each number with mean 0 and variance 1.
        The weights are the softmax of the products of the query with the keys, *without* any scale.
        Now the vectors become wider: not 4 numbers each, but 256.
        What happens to the weights?
        """,
    options=(
        ("a", "Nothing, on average: the numbers are of the same size as before."),
        ("b", "Nearly all of the weight goes to a single key."),
        ("c", "They become more even, because many random numbers average out."),
        ("d", "Nothing; only the products take longer."),
    ),
    solution=solution,
    mistakes=(width_does_not_matter, more_numbers_average_out, only_the_time_grows),
    hints=(
        "Untick “divide by √d” in the figure above, and look at the entropies.",
        "Variances of independent terms add up: what is the variance of a sum of d products?",
    ),
    explanation="""
        A score is a sum of 256 products, and its standard deviation is 16.
        Of 16 scores that far apart, the largest leads by so much that softmax is almost argmax.
        The section on the scale measures it.
        """,
)
