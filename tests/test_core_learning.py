"""The explorables' losses agree with the package to 1e-12, extremes included."""

import numpy as np
import pytest
from javascript import call
from test_core import CASES, agree

import softmaxbook as sb
from softmaxbook.remedies import optimal_logit_gap

ROWS = [z for z, _ in CASES[::2] if len(z) > 1 and np.isfinite(z).all()]


@pytest.mark.parametrize("smoothing", [0.0, 0.1, 1.0])
def test_cross_entropy_and_its_gradient(smoothing):
    rng = np.random.default_rng(11)
    labels = [int(rng.integers(len(z))) for z in ROWS]
    pairs = list(zip(ROWS, labels, strict=True))
    targets = call("core", [("smoothedTarget", label, len(z), smoothing) for z, label in pairs])
    some = list(zip(ROWS, targets, strict=True))
    losses = call("core", [("crossEntropy", z, target) for z, target in some])
    gradients = call("core", [("crossEntropyGradient", z, target) for z, target in some])
    for (z, label), loss, gradient in zip(pairs, losses, gradients, strict=True):
        wanted = sb.cross_entropy_and_gradient(z, label, label_smoothing=smoothing)
        agree(loss, wanted[0])
        # With a soft target p − t cancels; without one every entry keeps its digits.
        agree(gradient, wanted[1], scale=1.0 if smoothing else None)


def test_soft_targets():
    rng = np.random.default_rng(12)
    targets = [rng.dirichlet(np.ones(len(z))).tolist() for z in ROWS]
    losses = call("core", [("crossEntropy", z, t) for z, t in zip(ROWS, targets, strict=True)])
    for z, target, loss in zip(ROWS, targets, losses, strict=True):
        agree(loss, sb.cross_entropy(z, target))


def test_optimal_logit_gap():
    rng = np.random.default_rng(13)
    pairs = [(float(e), int(k)) for e in rng.random(500) ** 4 for k in rng.integers(2, 1000, 2)]
    pairs += [(0.0, 3), (1.0, 2), (5e-324, 7), (1e-301, 10)]
    for (smoothing, size), gap in zip(
        pairs, call("core", [("optimalLogitGap", *pair) for pair in pairs]), strict=True
    ):
        agree(gap, optimal_logit_gap(smoothing, size))
