"""Claims about softmax itself, its gradient and its computation."""

from __future__ import annotations

from functools import partial
from time import perf_counter

import numpy as np
from numpy.typing import ArrayLike

from softmaxbook.claims.claim import Claim, Finding
from softmaxbook.family.trees import balanced_tree, path_log_probability
from softmaxbook.numerics.derivatives import finite_difference_jacobian, jacobian
from softmaxbook.numerics.formats import thresholds
from softmaxbook.numerics.logarithms import log_softmax, logsumexp
from softmaxbook.numerics.naive import log_of_softmax, naive_softmax
from softmaxbook.numerics.probabilities import sigmoid, softmax


def printed_shares(scores: ArrayLike, printed: str) -> Finding:
    """Compare printed shares with softmax of the scores; rounding to the digits shown is right.

    Examples
    --------
    >>> printed_shares([2, 1, -1], "0.71 0.26 0.04").refuted
    False

    Used on the page *claims*.
    """
    z, words = np.asarray(scores, dtype=float), printed.split()
    true, said = softmax(z), np.array([float(word) for word in words])
    half_units = np.array([0.5 * 10.0 ** -len(word.partition(".")[2]) for word in words])
    shares = ", ".join(f"{p:.3g}" if p < 0.9995 else f"{p:.6f}" for p in true)
    with np.errstate(divide="ignore", invalid="ignore"):  # a share may be printed as 0
        implied = abs(np.log(said[0] / said[1]))
    return Finding(
        said=", ".join(words),
        computed=f"{shares}. The first two printed shares belong to scores "
        f"{implied:.2f} apart, but these are {abs(z[0] - z[1]):.3g} apart",
        refuted=bool((np.abs(said - true) > half_units * (1 + 1e-9)).any()),
    )


def _exploding_gradient() -> Finding:
    largest = 0.0
    for scale in (1.0, 1e1, 1e2, 1e3):
        logits = scale * np.array([2.0, 1.0, -1.0])
        gradient = finite_difference_jacobian(lambda z: -log_softmax(z)[-1:], logits)
        largest = max(largest, float(np.abs(gradient).max()))
    own = np.abs(jacobian(logits)).max()
    return Finding(
        said="the gradient grows with the logits",
        computed=f"for logits up to {logits.max():g} the largest entry of the loss's gradient is "
        f"{largest:.6f}, and of softmax's own Jacobian {own:g}",
        refuted=bool(largest < 1 + 1e-6 and own == 0),
    )


def _attained_ends() -> Finding:
    share, missing = softmax([40.0, 0.0])[0], float(sigmoid(-40.0))
    return Finding(
        said="0 and 1 are among the values",
        computed=f"softmax(40, 0) is stored as {share:.1f}, yet it lies {missing:.2g} below 1",
        refuted=bool(share == 1 and missing > 0),
    )


def _monotone_map() -> Finding:
    before, after = softmax([2.0, 1.0, -1.0]), softmax([3.0, 1.0, -1.0])
    return Finding(
        said="larger inputs, larger outputs",
        computed=f"raising the first of the scores 2, 1, −1 to 3 moves the second share from "
        f"{before[1]:.3f} to {after[1]:.3f}",
        refuted=bool((after < before).any()),
    )


def _seconds(n_classes: int) -> float:
    logits, times = np.zeros(n_classes), []
    for _ in range(7):
        start = perf_counter()
        softmax(logits)
        times.append(perf_counter() - start)
    return min(times)


def _many_classes() -> Finding:
    few, many = 10**4, 10**6
    ratio = _seconds(many) / _seconds(few)
    tree, label = balanced_tree(10**5), [12_345]
    weights, x = np.ones((10**5, 1)), np.ones((1, 1))
    weights[-1] = np.nan  # one class of all, and not the label
    nodes, signs = tree.paths(label)
    rest = np.full((10**5 - 1, 1), np.nan)
    rest[nodes[signs != 0]] = 1
    one, other = softmax(x @ weights.T)[0, label], path_log_probability(x, rest, tree, label)
    read = np.count_nonzero(signs)
    return Finding(
        said="many classes are no difficulty, because the formula is simple",
        computed=f"{many // few} times as many classes took {ratio:.0f} times as long when this "
        f"page was built; of {10**5} weights, softmax needs all for the probability of one label: "
        f"with one of them spoilt it is {one[0]:g}. A tree of yes-or-no questions needs {read}",
        refuted=bool(ratio > 10 and np.isnan(one).all() and np.isfinite(other).all()),
    )


def _invariant_logsumexp() -> Finding:
    logits, shift = np.array([2.0, 1.0, -1.0]), 5.0
    moved = float(logsumexp(logits + shift) - logsumexp(logits))
    return Finding(
        said="a common shift changes nothing",
        computed=f"a shift of {shift:g} moves it by {moved:g}",
        refuted=abs(moved) > 1,
    )


def _wrong_axis() -> Finding:
    batch = np.array([[1000.0, 1001.0], [0.0, 1.0]])
    weights = np.exp(batch - batch.max())
    with np.errstate(invalid="ignore"):
        sums = (weights / weights.sum(axis=0)).sum(axis=1)
        rows = weights / weights.sum(axis=1, keepdims=True)
    return Finding(
        said="axis=0, with the maximum of the whole batch",
        computed=f"the samples (1000, 1001) and (0, 1) sum to {sums[0]:g} and {sums[1]:g}; with "
        f"the right axis but that maximum, the second becomes ({rows[1, 0]:g}, {rows[1, 1]:g})",
        refuted=bool((sums != 1).any() and np.isnan(rows[1]).all()),
    )


def _unshifted_ratings() -> Finding:
    edge = thresholds("float64").overflow
    below, above = (naive_softmax([edge + step, 0.0]) for step in (-0.01, 0.01))
    return Finding(
        said="exponentials over their sum, as written",
        computed=f"a score above {edge:.2f} ({thresholds('float32').overflow:.2f} in float32) "
        f"gives {above[0]:g}; with the shift it gives {softmax([edge + 0.01, 0.0])[0]:g}",
        refuted=bool(np.isfinite(below).all() and np.isnan(above).any()),
    )


def _late_logarithm() -> Finding:
    late, true = log_of_softmax([0.0, 800.0])[0], log_softmax([0.0, 800.0])[0]
    return Finding(
        said="it is stable, since softmax is",
        computed=f"{late:g} at a gap of 800, where the logarithm is {true:g}",
        refuted=bool(np.isinf(late) and np.isfinite(true)),
    )


_STEPS = "[Three scores, four steps](probabilities.md#three-scores-four-steps)"
_PROPERTIES = "[Properties, each with its proof](probabilities.md#properties-each-with-its-proof)"

SOFTMAX_CLAIMS = (
    Claim(
        name="three-scores",
        kind="numbers",
        quote="softmax(2, 1, −1)",
        source="S1",
        check=partial(printed_shares, [2, 1, -1], "0.88 0.11 0.01"),
        truth="Scores one apart have shares in the ratio e.",
        section=_STEPS,
    ),
    Claim(
        name="four-scores",
        kind="numbers",
        quote="softmax(3, 1, 2, 4)",
        source="S2",
        check=partial(printed_shares, [3, 1, 2, 4], "0.118 0.007 0.036 0.839"),
        truth="Scores in steps of one have shares in steps of a factor e.",
        section=_STEPS,
    ),
    Claim(
        name="two-ratings",
        kind="numbers",
        quote="The ratings 3.5 and 4.2, through softmax",
        source="S2",
        check=partial(printed_shares, [3.5, 4.2], "0.428 0.572"),
        truth="Two shares are the sigmoid of the difference of the scores.",
        section="[Ratings are no utilities](choices.md#ratings-are-no-utilities)",
    ),
    Claim(
        name="spread-scores",
        kind="numbers",
        quote="softmax(12.5, 0.6, −23)",
        source="CS231n",
        check=partial(printed_shares, [12.5, 0.6, -23.0], "0.9 0.09 0.01"),
        truth="A gap of twelve leaves the second class a few millionths.",
        section=_STEPS,
    ),
    Claim(
        name="exploding-gradient",
        kind="words",
        quote="A large logit can make the gradient explode",
        source="S2",
        check=_exploding_gradient,
        truth="The loss's gradient in the logits is p − y, so no entry leaves [−1, 1]; where "
        "softmax saturates, its own Jacobian vanishes.",
        section="[Saturation](derivatives.md#saturation-the-gradient-vanishes)",
    ),
    Claim(
        name="attained-ends",
        kind="words",
        quote="The outputs lie in [0, 1]",
        source="S1",
        check=_attained_ends,
        truth="Every share lies strictly between 0 and 1; only rounding reaches the ends.",
        section=_PROPERTIES,
    ),
    Claim(
        name="monotone-map",
        kind="words",
        quote="Softmax is monotone",
        source="S2",
        check=_monotone_map,
        truth="A share rises with its own score and falls with every other.",
        section=_PROPERTIES,
    ),
    Claim(
        name="many-classes",
        kind="words",
        quote="Softmax is simple to compute, and so fit for many classes",
        source="S2",
        check=_many_classes,
        truth="The work grows in proportion to the number of classes, since every score is read, "
        "exponentiated and divided; the same article also calls it costly.",
        section="[What a million classes cost](relatives.md#what-a-million-classes-cost)",
    ),
    Claim(
        name="invariant-logsumexp",
        kind="words",
        quote="Log-sum-exp is translation invariant",
        source="course",
        check=_invariant_logsumexp,
        truth="It is translation equivariant: it moves with its arguments. Softmax stays.",
        section="[The slope of a soft maximum](probabilities.md#the-slope-of-a-soft-maximum)",
    ),
    Claim(
        name="wrong-axis",
        kind="programs",
        quote="A batch goes through softmax over axis 0",
        source="S2",
        check=_wrong_axis,
        truth="A row is a sample: it needs its own sum and its own maximum.",
        section="[Batches and axes](probabilities.md#batches-and-axes)",
    ),
    Claim(
        name="unshifted-ratings",
        kind="programs",
        quote="A recommender's softmax without the shift",
        source="S2",
        check=_unshifted_ratings,
        truth="One exponential beyond the format's range spoils the whole row.",
        section="[A score that overflows](choices.md#a-score-that-overflows)",
    ),
    Claim(
        name="late-logarithm",
        kind="programs",
        quote="A loss computed as log(softmax(z))",
        source="course",
        check=_late_logarithm,
        truth="A share below the smallest number of the format is already 0 when the logarithm "
        "arrives.",
        section="[Take the logarithm first](overflow.md#take-the-logarithm-first)",
    ),
)
"""The claims that Part I checks, in the order of the page."""
