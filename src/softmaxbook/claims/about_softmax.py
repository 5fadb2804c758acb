"""Claims about softmax itself, its gradient and its computation."""

from __future__ import annotations

from functools import partial

import numpy as np
import torch
from numpy.typing import ArrayLike

from softmaxbook.claims.claim import Claim, Finding, Heard, Verdict
from softmaxbook.claims.sources import dive, linear_classification, pytorch
from softmaxbook.learning.datasets import load
from softmaxbook.learning.labels import one_hot
from softmaxbook.numerics.derivatives import finite_difference_jacobian
from softmaxbook.numerics.formats import thresholds
from softmaxbook.numerics.logarithms import log_softmax, logsumexp
from softmaxbook.numerics.naive import log_of_softmax, naive_softmax
from softmaxbook.numerics.probabilities import softmax


def printed_shares(scores: ArrayLike, printed: str) -> Finding:
    """Compare printed shares with softmax of the scores; rounding to the digits shown is right.

    Examples
    --------
    >>> printed_shares([2, 1, -1], "0.71 0.26 0.04").verdict
    <Verdict.TRUE: 'true'>

    Used on the page *claims*.
    """
    z, words = np.asarray(scores, dtype=float), printed.split()
    true, said = softmax(z), np.array([float(word) for word in words])
    half_units = np.array([0.5 * 10.0 ** -len(word.partition(".")[2]) for word in words])
    shares = ", ".join(f"{p:.3g}" if p < 0.9995 else f"{p:.6f}" for p in true)
    right = bool((np.abs(said - true) <= half_units * (1 + 1e-9)).all())
    with np.errstate(divide="ignore", invalid="ignore"):  # a share may be printed as 0
        implied = abs(np.log(said[0] / said[1]))
    gap = f"{abs(z[0] - z[1]):.3g}"
    needed = f"The first two printed shares belong to scores {implied:.2f} apart; these are {gap}"
    return Finding(f"{shares}" if right else f"{shares}. {needed} apart", as_said=right)


def _range_and_sum() -> Finding:
    generator = torch.Generator().manual_seed(0)
    logits = 30 * torch.randn(10_000, 10, generator=generator)
    shares = torch.nn.Softmax(dim=1)(logits)
    inside = bool(((shares >= 0) & (shares <= 1)).all())
    off = float((shares.double().sum(dim=1) - 1).abs().max())
    ends = int(((shares == 0) | (shares == 1)).any(dim=1).sum())
    return Finding(
        f"of {len(shares)} rows with logits spread by 30, in float32, all lie in [0, 1], and their "
        f"sums differ from 1 by at most {off:.1e}, which is rounding. "
        f"In {ends} of them some share is stored as exactly 0 or 1",
        as_said=inside and off < 1e-6,
    )


def _same_argmax() -> Finding:
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(10_000, 10)) * 10 ** rng.uniform(-3, 2, size=(10_000, 1))
    before, shares = logits.argmax(axis=1), softmax(logits)
    kept = int((before == shares.argmax(axis=1)).sum())
    return Finding(
        f"in {kept} of {len(logits)} random rows, with logits from thousandths to hundreds, the "
        "largest logit and the largest share stand in the same place",
        as_said=kept == len(logits),
    )


def _never_certain() -> Finding:
    gaps = (30.0, 40.0)
    exact = [float(np.log1p(np.exp(-gap))) for gap in gaps]
    in_float32 = torch.log_softmax(torch.tensor([[200.0, 0.0]]), dim=1)[0, 0].abs()
    return Finding(
        f"for logits {gaps[0]:g} and {gaps[1]:g} apart the loss on paper is {exact[0]:.1e} and "
        f"{exact[1]:.1e}, small and not 0; for logits 200 apart PyTorch's float32 says "
        f"{float(in_float32):g}",
        as_said=float(in_float32) != 0,
        in_a_sense=min(exact) > 0,
    )


def _monotone_map() -> Finding:
    before, after = softmax([2.0, 1.0, -1.0]), softmax([3.0, 1.0, -1.0])
    rng = np.random.default_rng(0)
    x, y = 3 * rng.normal(size=(2, 10_000, 5))
    products = ((x - y) * (softmax(x) - softmax(y))).sum(axis=1)
    return Finding(
        "raising the first of the scores 2, 1, −1 to 3 takes the second share from "
        f"{before[1]:.3f} down to {after[1]:.3f}: the outputs do not all rise with the inputs. "
        f"Yet for {len(x)} random pairs of score lists, ⟨x − y, softmax(x) − softmax(y)⟩ is "
        f"never negative (smallest value {products.min():.1e})",
        as_said=bool((after >= before).all()),
        in_a_sense=bool((products >= 0).all()),
    )


def _exploding_gradient() -> Finding:
    in_logits = 0.0
    for scale in (1.0, 1e1, 1e2, 1e3):
        logits = scale * np.array([2.0, 1.0, -1.0])
        gradient = finite_difference_jacobian(lambda z: -log_softmax(z)[-1:], logits)
        in_logits = max(in_logits, float(np.abs(gradient).max()))
    wine = load("wine").train
    errors = softmax(np.zeros((len(wine.labels), 3))) - one_hot(wine.labels, 3)
    in_weights = np.abs(errors.T @ wine.features / len(wine.labels)).max()
    return Finding(
        f"for logits up to {logits.max():g} the largest entry of the gradient in the logits is "
        f"{in_logits:.6f}. In the *weights*, at the first step on the raw wine data, where every "
        f"logit is 0 and no error exceeds {np.abs(errors).max():.2f}, the largest entry is "
        f"{in_weights:.0f}: a feature is that large",
        as_said=bool(in_weights > 10),
        as_understood=bool(in_logits > 1 + 1e-6),
    )


def _invariant_logsumexp() -> Finding:
    logits, shift = np.array([2.0, 1.0, -1.0]), 5.0
    moved = float(logsumexp(logits + shift) - logsumexp(logits))
    shares = np.abs(softmax(logits + shift) - softmax(logits)).max()
    return Finding(
        f"a shift of {shift:g} moves log-sum-exp of 2, 1 and −1 by {moved:g}; "
        f"their softmax moves by {shares:.0e}",
        as_said=abs(moved) < 1e-9,
    )


def _wrong_axis() -> Finding:
    batch = np.array([[1000.0, 1001.0], [0.0, 1.0]])
    weights = np.exp(batch - batch.max())
    with np.errstate(invalid="ignore"):
        sums = (weights / weights.sum(axis=0)).sum(axis=1)
        rows = weights / weights.sum(axis=1, keepdims=True)
    return Finding(
        f"the samples (1000, 1001) and (0, 1) sum to {sums[0]:g} and {sums[1]:g}; with the right "
        f"axis but that maximum, the second becomes ({rows[1, 0]:g}, {rows[1, 1]:g})",
        as_said=bool((sums == 1).all() or np.isfinite(rows).all()),
    )


def _blow_up() -> Finding:
    f = np.array([123.0, 456.0, 789.0])
    bad = naive_softmax(f)
    shifted = np.exp(f - f.max()) / np.exp(f - f.max()).sum()
    true = np.exp(log_softmax(f))
    right = bool(np.allclose(shifted, true, rtol=1e-12, atol=0))
    return Finding(
        f"as written, the shares come out as {bad[0]:g}, {bad[1]:g} and {bad[2]:g}; shifted, they "
        f"are {shifted[0]:.1e}, {shifted[1]:.1e} and {shifted[2]:g}",
        as_said=bool(np.isnan(bad).any()) and right,
    )


def _unshifted_ratings() -> Finding:
    edge = thresholds("float64").overflow
    below, above = (naive_softmax([edge + step, 0.0]) for step in (-0.01, 0.01))
    ratings = naive_softmax([1.0, 3.5, 4.2, 5.0])
    same = np.allclose(ratings, softmax([1.0, 3.5, 4.2, 5.0]), rtol=1e-14)
    return Finding(
        f"for ratings from 1 to 5 the result without the shift is right; a score above {edge:.2f} "
        f"({thresholds('float32').overflow:.2f} in float32) gives {above[0]:g}, where the shift "
        f"gives {softmax([edge + 0.01, 0.0])[0]:g}",
        as_said=bool(np.isfinite(above).all()),
        in_a_sense=bool(same and np.isfinite(below).all()),
    )


def _late_logarithm() -> Finding:
    late, true = log_of_softmax([0.0, 800.0])[0], log_softmax([0.0, 800.0])[0]
    near = log_of_softmax([0.0, 8.0])[0] - log_softmax([0.0, 8.0])[0]
    return Finding(
        f"at a gap of 8 the two differ by {abs(near):.1g}; at a gap of 800 one is {late:g} and "
        f"the other {true:g}. The speed was not judged",
        as_said=bool(np.isinf(late) and np.isfinite(true) and abs(near) < 1e-9),
    )


_STEPS = "[Three scores, four steps](probabilities.md#three-scores-four-steps)"
_PROPERTIES = "[Properties, each with its proof](probabilities.md#properties-each-with-its-proof)"
_MET = Heard("an example as one meets it in articles; we have no source to link to")

SOFTMAX_CLAIMS = (
    Claim(
        name="three-scores",
        kind="numbers",
        words="Softmax of the scores 2, 1 and −1 gives 0.88, 0.11 and 0.01.",
        source=_MET,
        verdict=Verdict.FALSE,
        check=partial(printed_shares, [2, 1, -1], "0.88 0.11 0.01"),
        truth="Scores one apart have shares in the ratio e.",
        section=_STEPS,
    ),
    Claim(
        name="quoted-scores",
        kind="numbers",
        words="[1, -2, 0] → [e^1, e^{-2}, e^0] = [2.71, 0.14, 1] → [0.7, 0.04, 0.26]",
        source=linear_classification("SVM vs. Softmax"),
        verdict=Verdict.TRUE,
        check=partial(printed_shares, [1, -2, 0], "0.7 0.04 0.26"),
        truth="The shares were judged. A few lines above, the same notes write that an SVM "
        "“might give you” the scores 12.5, 0.6 and −23.0 where a softmax classifier “can instead "
        "compute” 0.9, 0.09 and 0.01: two classifiers with weights of their own, so the "
        "second list is not softmax of the first, and the notes do not say so.",
        section=_STEPS,
    ),
    Claim(
        name="four-scores",
        kind="numbers",
        words="Softmax of the scores 3, 1, 2 and 4 gives 0.118, 0.007, 0.036 and 0.839.",
        source=_MET,
        verdict=Verdict.FALSE,
        check=partial(printed_shares, [3, 1, 2, 4], "0.118 0.007 0.036 0.839"),
        truth="Scores in steps of one have shares in steps of a factor e.",
        section=_STEPS,
    ),
    Claim(
        name="two-ratings",
        kind="numbers",
        words="By softmax, films rated 3.5 and 4.2 are taken with probabilities 0.428 and 0.572.",
        source=_MET,
        verdict=Verdict.FALSE,
        check=partial(printed_shares, [3.5, 4.2], "0.428 0.572"),
        truth="Two shares are the sigmoid of the difference of the scores.",
        section="[Ratings are no utilities](choices.md#ratings-are-no-utilities)",
    ),
    Claim(
        name="range-and-sum",
        kind="words",
        words="Rescales them so that the elements of the n-dimensional output Tensor lie in the "
        "range [0,1] and sum to 1.",
        source=pytorch("torch.nn.Softmax", "torch.nn.Softmax"),
        verdict=Verdict.TRUE,
        check=_range_and_sum,
        truth="On paper one can say more: every share lies strictly between 0 and 1, and only "
        "rounding reaches the ends.",
        section=_PROPERTIES,
    ),
    Claim(
        name="same-argmax",
        kind="words",
        words="because the softmax operation preserves the ordering among its arguments, we do "
        "not need to compute the softmax to determine which class has been assigned the highest "
        "probability",
        source=dive("just before the paragraph on Gibbs"),
        verdict=Verdict.TRUE,
        check=_same_argmax,
        truth="The exponential is increasing, and all classes are divided by the same sum. "
        "Rounding can make two shares equal, and cannot exchange them.",
        section=_PROPERTIES,
    ),
    Claim(
        name="never-certain",
        kind="words",
        words="This can never happen for any finite setting of the weights",
        source=dive("section *Log-Likelihood*, of a loss of exactly 0"),
        verdict=Verdict.IN_A_SENSE,
        check=_never_certain,
        truth="It holds for real numbers. In floating point a loss of exactly 0 is possible, and "
        "its gradient is then 0 as well.",
        section="[Underflow, and the logarithm of zero]"
        "(overflow.md#underflow-and-the-logarithm-of-zero)",
    ),
    Claim(
        name="monotone-map",
        kind="words",
        words="Softmax is monotone.",
        source=Heard(),
        verdict=Verdict.IN_A_SENSE,
        check=_monotone_map,
        truth="A share rises with its own score and falls with every other. In the sense of convex "
        "analysis softmax *is* monotone, as the gradient of a convex function is.",
        section=_PROPERTIES,
    ),
    Claim(
        name="exploding-gradient",
        kind="words",
        words="With cross-entropy, large numbers can make the gradient explode.",
        source=Heard("often heard, of large logits"),
        verdict=Verdict.MISLEADING,
        check=_exploding_gradient,
        truth="At temperature 1 the gradient in the logits is p − y, and no entry leaves [−1, 1]. "
        "The gradient in the weights multiplies it by features, and these can be large.",
        section="[On to the loss](derivatives.md#on-to-the-loss)",
    ),
    Claim(
        name="invariant-logsumexp",
        kind="words",
        words="Show that $g$ is translation invariant, i.e., "
        "$g(\\mathbf{x} + b) = g(\\mathbf{x})$.",
        source=dive("exercise 6, where $g$ is log-sum-exp"),
        verdict=Verdict.FALSE,
        check=_invariant_logsumexp,
        truth="It is translation equivariant: it moves with its arguments. Softmax stays.",
        section="[The slope of a soft maximum](probabilities.md#the-slope-of-a-soft-maximum)",
    ),
    Claim(
        name="wrong-axis",
        kind="programs",
        words="For a batch with a sample in each row, subtract the maximum of the whole batch and "
        "sum over axis 0.",
        source=Heard("often met in programs"),
        verdict=Verdict.FALSE,
        check=_wrong_axis,
        truth="A row is a sample: it needs its own sum and its own maximum.",
        section="[Batches and axes](probabilities.md#batches-and-axes)",
    ),
    Claim(
        name="blow-up",
        kind="programs",
        words="Bad: Numeric problem, potential blowup",
        source=linear_classification(
            "Softmax classifier", "of `np.exp(f) / np.sum(np.exp(f))` with `f = [123, 456, 789]`"
        ),
        verdict=Verdict.TRUE,
        check=_blow_up,
        truth="The repair beside it, `f -= np.max(f)`, is right too.",
        section="[Shift by the maximum](overflow.md#shift-by-the-maximum)",
    ),
    Claim(
        name="unshifted-ratings",
        kind="programs",
        words="A recommender can do without the shift by the maximum.",
        source=Heard("often met in programs"),
        verdict=Verdict.IN_A_SENSE,
        check=_unshifted_ratings,
        truth="It can as long as all scores stay far below the edge of the format. One "
        "exponential beyond it spoils the whole row.",
        section="[A score that overflows](choices.md#a-score-that-overflows)",
    ),
    Claim(
        name="late-logarithm",
        kind="programs",
        words="While mathematically equivalent to log(softmax(x)), doing these two operations "
        "separately is slower and numerically unstable.",
        source=pytorch("torch.nn.functional.log_softmax", "log_softmax"),
        verdict=Verdict.TRUE,
        check=_late_logarithm,
        truth="The verdict is on *unstable*: a share below the smallest number of the format is "
        "already 0 when the logarithm arrives. Which is slower was not measured.",
        section="[Take the logarithm first](overflow.md#take-the-logarithm-first)",
    ),
)
"""The claims that Part I checks, in the order of the page."""
