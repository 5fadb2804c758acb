"""Attention in one pass."""

import numpy as np

from softmaxbook.checking import Aspect, Exercise, probe


def one_pass(scores, values):
    maximum, total, weighted = -np.inf, 0.0, np.zeros(values.shape[-1])
    for z, v in zip(scores, values, strict=True):
        new = max(maximum, np.max(z))
        shift = new if np.isfinite(new) else 0.0
        repair, weights = np.exp(maximum - shift), np.exp(z - shift)
        total = total * repair + np.sum(weights)
        weighted = weighted * repair + weights @ v
        maximum = new
    return weighted / total if total > 0 else weighted


def _read(scores, values, repair_sum, repair_mean):
    """Return the mean with the old sums multiplied by what the two functions say."""
    maximum, total, weighted = -np.inf, 0.0, np.zeros(values.shape[-1])
    for z, v in zip(scores, values, strict=True):
        new = max(maximum, np.max(z))
        shift = new if np.isfinite(new) else 0.0
        weights = np.exp(z - shift)
        total = total * repair_sum(maximum - shift) + np.sum(weights)
        weighted = weighted * repair_mean(maximum - shift) + weights @ v
        maximum = new
    return weighted / total if total > 0 else weighted


def nothing_rescaled(scores, values):
    """You keep the old sums as they are when a larger score arrives. They are relative to the old
    maximum: both have to be multiplied by exp(old − new)."""
    return _read(scores, values, lambda gap: 1.0, lambda gap: 1.0)


def only_the_sum_rescaled(scores, values):
    """You rescale the sum of the weights, not the sum of the values. Both are relative to the same
    maximum, and need the same factor."""
    return _read(scores, values, np.exp, lambda gap: 1.0)


def only_the_values_rescaled(scores, values):
    """You rescale the sum of the values, not the sum of the weights by which it is divided at the
    end. Both need the same factor."""
    return _read(scores, values, lambda gap: 1.0, np.exp)


def rescaled_the_wrong_way(scores, values):
    """The exponent has the wrong sign. Under a larger maximum the old sums become *smaller*:
    times exp(old − new)."""

    def grow(gap):
        return np.exp(-gap) if np.isfinite(gap) else 0.0

    return _read(scores, values, grow, grow)


def mean_of_the_blocks_means(scores, values):
    """You average the results of the blocks. A block of small scores must count less than one of
    large scores: carry sums along, and divide once, at the end."""
    means = []
    for z, v in zip(scores, values, strict=True):
        weights = np.exp(z - np.max(z))
        means.append(weights @ v / np.sum(weights))
    return np.mean(means, axis=0)


def divided_by_the_last_block(scores, values):
    """You divide by the sum of the weights of the last block. Carry the sum along, as you do with
    the values."""
    return _read(scores, values, lambda gap: 0.0, np.exp)


def divided_in_every_block(scores, values):
    """You divide by the sum after every block, and go on with the quotient as if it were a sum.
    Divide once, at the end."""
    maximum, total, mean = -np.inf, 0.0, np.zeros(values.shape[-1])
    for z, v in zip(scores, values, strict=True):
        new = max(maximum, np.max(z))
        shift = new if np.isfinite(new) else 0.0
        total = total * np.exp(maximum - shift) + np.sum(np.exp(z - shift))
        mean = mean * np.exp(maximum - shift) + np.exp(z - shift) @ v
        mean = mean / total if total > 0 else mean
        maximum = new
    return mean


def last_block_only(scores, values):
    """Only the last block counts in your result: what the others have said is overwritten. Add
    each block to the sums."""
    weights = np.exp(scores[-1] - np.max(scores[-1], where=np.isfinite(scores[-1]), initial=-1e4))
    return weights @ values[-1] / max(np.sum(weights), 1e-300)


def shifted_by_the_first_block(scores, values):
    """You keep the first block's maximum for all. It may be −∞, or so far below a later score that
    its exponential is `inf`: the maximum has to move along."""
    weights = np.exp(scores - np.max(scores[0]))
    return np.einsum("bk,bke->e", weights, values) / np.sum(weights)


def maximum_left_out(scores, values):
    """Without the maximum the exponential of 1000 is `inf`, and inf / inf is `nan`. Keep the
    largest score so far, and take exponentials relative to it."""
    total, weighted = 0.0, np.zeros(values.shape[-1])
    for z, v in zip(scores, values, strict=True):
        total, weighted = total + np.sum(np.exp(z)), weighted + np.exp(z) @ v
    return weighted / total if total > 0 else weighted


def maximum_begun_at_zero(scores, values):
    """Your maximum begins at 0, or at another number. Scores far below it have exponentials that
    round to 0, and nothing is left: begin at −∞, which any score exceeds."""
    return _begun_at(0.0, scores, values)


def maximum_begun_at_zero_and_divided(scores, values):
    """Your maximum begins at 0, or at another number. Scores far below it have exponentials that
    round to 0, and 0 is divided by 0: begin at −∞, which any score exceeds, and return 0 where
    everything is hidden."""
    return _begun_at(0.0, scores, values, guarded=False)


def nothing_seen_divided(scores, values):
    """Where every key is hidden, the sum of the weights is 0, and 0 / 0 is `nan`. Return 0
    there."""
    return _begun_at(-1e9, scores, values, guarded=False)


def _begun_at(maximum, scores, values, guarded=True):
    """Return the mean, with a maximum that begins at a number."""
    total, weighted = 0.0, np.zeros(values.shape[-1])
    for z, v in zip(scores, values, strict=True):
        new = max(maximum, np.max(z))
        repair, weights = np.exp(maximum - new), np.exp(z - new)
        total, weighted = total * repair + np.sum(weights), weighted * repair + weights @ v
        maximum = new
    with np.errstate(invalid="ignore"):
        return weighted if guarded and total == 0 else weighted / total


def hidden_blocks_forgotten(scores, values):
    """A block with nothing but −∞ at the beginning gives `nan`: −∞ − (−∞) has no value. Shift by
    0 as long as the maximum is −∞."""
    maximum, total, weighted = -np.inf, 0.0, np.zeros(values.shape[-1])
    for z, v in zip(scores, values, strict=True):
        new = max(maximum, np.max(z))
        repair, weights = np.exp(maximum - new), np.exp(z - new)
        total = total * repair + np.sum(weights)
        weighted = weighted * repair + weights @ v
        maximum = new
    return weighted / total


EXERCISE = Exercise(
    title="Attention in one pass",
    kind="write",
    difficulty=3,
    statement=r"""
        The scores of one query arrive block by block: `scores` has the shape `(n_blocks, size)`,
        `values` the shape `(n_blocks, size, e)`. Write `one_pass(scores, values)`, which returns
        $\sum_j p_j v_j$ with $p$ the softmax of *all* scores, shape `(e,)`. Go through the blocks
        once, and keep three things: the maximum, the sum of the weights, the weighted sum of the
        values. Scores of −∞ are hidden keys; where all are hidden, return 0.
        """,
    solution=one_pass,
    mistakes=(
        nothing_rescaled,
        only_the_sum_rescaled,
        only_the_values_rescaled,
        rescaled_the_wrong_way,
        mean_of_the_blocks_means,
        divided_by_the_last_block,
        divided_in_every_block,
        last_block_only,
        shifted_by_the_first_block,
        maximum_left_out,
        maximum_begun_at_zero,
        maximum_begun_at_zero_and_divided,
        nothing_seen_divided,
        hidden_blocks_forgotten,
    ),
    aspects=(Aspect("values", 2), Aspect("large scores", 1), Aspect("hidden keys", 1)),
    probes=(
        probe(
            "rising scores",
            [[0.0, 1.0], [2.0, 3.0]],
            [[[1.0], [2.0]], [[3.0], [5.0]]],
            why="each block has a larger maximum than the one before.",
        ),
        probe(
            "rising, then falling",
            [[1.0, -1.0], [3.0, 0.5], [0.0, 2.0]],
            [[[1.0, 0.0], [2.0, 1.0]], [[3.0, 4.0], [5.0, 0.0]], [[0.0, 7.0], [1.0, 1.0]]],
        ),
        probe(
            "falling scores",
            [[2.0, 1.0], [0.0, 1.5]],
            [[[1.0], [4.0]], [[2.0], [9.0]]],
        ),
        probe(
            "a thousand",
            [[1000.0, 998.0], [1001.0, 999.0]],
            [[[1.0], [2.0]], [[3.0], [4.0]]],
            aspect="large scores",
            why="exp(1000) is `inf` in float64.",
        ),
        probe(
            "from −1000 to 1000",
            [[-1000.0, -998.0], [1000.0, 999.0]],
            [[[1.0], [2.0]], [[3.0], [5.0]]],
            aspect="large scores",
            why="relative to the first block's maximum, exp(2000) is `inf`.",
        ),
        probe(
            "up a thousand and down again",
            [[0.0, 1.0], [1000.0, 1001.0], [-1000.0, 2.0]],
            [[[1.0], [2.0]], [[3.0], [7.0]], [[4.0], [6.0]]],
            aspect="large scores",
        ),
        probe(
            "far below zero",
            [[-1002.0, -1001.0], [-1000.0, -1003.0]],
            [[[1.0, 0.0], [2.0, 1.0]], [[3.0, 5.0], [4.0, 1.0]]],
            aspect="large scores",
        ),
        probe(
            "hidden at the beginning",
            [[-np.inf, -np.inf], [1.0, 2.0]],
            [[[8.0], [9.0]], [[3.0], [4.0]]],
            aspect="hidden keys",
        ),
        probe(
            "hidden in the middle and at the end",
            [[-np.inf, 0.5], [-np.inf, -np.inf], [1.0, -np.inf]],
            [[[8.0], [1.0]], [[7.0], [6.0]], [[2.0], [9.0]]],
            aspect="hidden keys",
        ),
        probe(
            "everything is hidden",
            [[-np.inf, -np.inf], [-np.inf, -np.inf]],
            [[[1.0], [2.0]], [[3.0], [4.0]]],
            aspect="hidden keys",
            why="there is nothing to look at: the answer is 0.",
        ),
        probe(
            "two blocks hidden at the beginning",
            [[-np.inf, -np.inf], [-np.inf, -np.inf], [0.5, -1.0]],
            [[[1.0], [2.0]], [[3.0], [4.0]], [[5.0], [7.0]]],
            aspect="hidden keys",
        ),
        probe(
            "one block, hidden",
            [[-np.inf, -np.inf, -np.inf]],
            [[[1.0, 2.0], [2.0, 5.0], [3.0, 1.0]]],
            aspect="hidden keys",
        ),
        probe(
            "two thousand below zero",
            [[-2000.0, -2001.0], [-2002.0, -2000.5]],
            [[[1.0], [2.0]], [[3.0], [4.0]]],
            aspect="large scores",
            why="relative to 0, every exponential rounds to 0.",
        ),
    ),
    fresh=lambda rng: (rng.normal(scale=2, size=(3, 4)), rng.normal(size=(3, 4, 2))),
    hints=(
        "Write down what you know after the first block: maximum, sum, weighted sum.",
        "A new maximum makes both old sums wrong by one and the same factor: exp(old − new).",
        "Before the first visible key the maximum is −∞. Shift by 0 there.",
    ),
    explanation="After each block the state is what one would have with the keys read so far.",
)
