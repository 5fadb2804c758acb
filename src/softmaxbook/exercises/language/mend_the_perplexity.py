"""Sentences of unequal length."""

import numpy as np

from softmaxbook.checking import Exercise, probe


def text_perplexity(log_p, lengths):
    real = np.arange(np.shape(log_p)[1]) < lengths[:, None]
    return np.exp(-np.sum(log_p[real]) / np.sum(lengths))


def padding_counted(log_p, lengths):
    """The padding is counted: every row is divided by the width of the table, and what stands
    behind a sentence adds its log p. Only the first `lengths[i]` entries of a row are tokens."""
    return np.exp(-np.mean(log_p))


def padding_in_the_denominator(log_p, lengths):
    """The padding still counts in the number of tokens. Divide by the sum of the lengths."""
    real = np.arange(np.shape(log_p)[1]) < lengths[:, None]
    return np.exp(-np.sum(log_p[real]) / np.size(log_p))


def padding_in_the_sum(log_p, lengths):
    """The sum still holds what stands behind the sentences."""
    return np.exp(-np.sum(log_p) / np.sum(lengths))


def mean_of_perplexities(log_p, lengths):
    """You average the perplexities of the sentences. A long sentence has more tokens, and an
    exponential does not commute with a mean: average log p over all tokens, then take *one*
    exponential."""
    real = np.arange(np.shape(log_p)[1]) < lengths[:, None]
    each = np.exp(-np.sum(np.where(real, log_p, 0), axis=1) / lengths)
    return np.mean(each)


def mean_of_means(log_p, lengths):
    """Each sentence counts the same here. Each *token* does: one sum over all of them, divided by
    their number."""
    real = np.arange(np.shape(log_p)[1]) < lengths[:, None]
    return np.exp(-np.mean(np.sum(np.where(real, log_p, 0), axis=1) / lengths))


def another_base(log_p, lengths):
    """The logarithms are natural ones, and you take a power of 2. Perplexity needs the same base in
    both places."""
    real = np.arange(np.shape(log_p)[1]) < lengths[:, None]
    return 2 ** (-np.sum(log_p[real]) / np.sum(lengths))


def exponential_forgotten(log_p, lengths):
    """This is the mean surprise in nats. Perplexity is its exponential."""
    real = np.arange(np.shape(log_p)[1]) < lengths[:, None]
    return -np.sum(log_p[real]) / np.sum(lengths)


def one_token_too_many(log_p, lengths):
    """Your mask has one entry too many in each row: places from 0 to the length − 1 are tokens."""
    real = np.arange(np.shape(log_p)[1]) <= lengths[:, None]
    return np.exp(-np.sum(log_p[real]) / np.sum(real))


def sign_forgotten(log_p, lengths):
    """The minus is missing: this is the mean probability, below 1. A perplexity is at least 1."""
    real = np.arange(np.shape(log_p)[1]) < lengths[:, None]
    return np.exp(np.sum(log_p[real]) / np.sum(lengths))


def per_sentence(log_p, lengths):
    """You divide by the number of sentences. Perplexity is per token."""
    real = np.arange(np.shape(log_p)[1]) < lengths[:, None]
    return np.exp(-np.sum(log_p[real]) / len(lengths))


EXERCISE = Exercise(
    title="Sentences of unequal length",
    kind="find",
    difficulty=3,
    statement="""
        A batch of sentences is padded to one width: `log_p[i, t]` is the natural logarithm of the
        probability of token `t` of sentence `i`, and after `lengths[i]` tokens there is padding,
        which the model foresees with ease.
        The program reports a perplexity that is far too good. Find the mistake and mend it: the
        perplexity of all *tokens* together is asked for.
        """,
    starter="""\
def text_perplexity(log_p, lengths):
    surprise = -np.mean(log_p)
    return np.exp(surprise)""",
    solution=text_perplexity,
    mistakes=(
        padding_counted,
        padding_in_the_denominator,
        padding_in_the_sum,
        mean_of_perplexities,
        mean_of_means,
        another_base,
        exponential_forgotten,
        one_token_too_many,
        sign_forgotten,
        per_sentence,
    ),
    probes=(
        probe(
            "two sentences",
            [[-1.0, -2.0, -3.0, -0.5], [-2.0, -0.1, -0.1, -0.1]],
            [4, 1],
            why="five tokens, and three places of padding.",
        ),
        probe(
            "three sentences",
            [[-1.5, -0.2, -0.3], [-2.0, -1.0, -0.2], [-0.5, -1.0, -2.5]],
            [1, 2, 3],
        ),
        probe(
            "one long, one short",
            [[-3.0, -2.0, -2.5, -0.4, -0.4], [-0.5, -1.0, -1.0, -2.0, -0.3]],
            [3, 5],
        ),
        probe("half of it padding", [[-2.5, -1.5, -0.3, -0.4], [-0.7, -0.9, -0.2, -0.3]], [2, 2]),
    ),
    fresh=lambda rng: (-rng.uniform(0.1, 3, size=(3, 5)), rng.permutation([2, 3, 4])),
    hints=(
        "How many tokens does the first table hold, and by how many numbers is the sum divided?",
        "A mask says what is a token: `np.arange(width) < lengths[:, None]`.",
        "One sum over all tokens, divided by the sum of the lengths, and then the exponential.",
    ),
)
