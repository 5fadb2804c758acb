"""The explorables' losses agree with the package to 1e-12, extremes included."""

import numpy as np
import pytest
from agreement import CASES, agree
from javascript import call

import softmaxbook as sb
from softmaxbook.learning import calibration
from softmaxbook.learning.remedies import fit_temperature, optimal_logit_gap

ROWS = [z for z, _ in CASES[::2] if len(z) > 1 and np.isfinite(z).all()]


@pytest.mark.parametrize("smoothing", [0.0, 0.1, 1.0])
def test_cross_entropy_and_its_gradient(smoothing):
    rng = np.random.default_rng(11)
    labels = [int(rng.integers(len(z))) for z in ROWS]
    pairs = list(zip(ROWS, labels, strict=True))
    targets = call(
        "numerics/softmax", [("smoothedTarget", label, len(z), smoothing) for z, label in pairs]
    )
    some = list(zip(ROWS, targets, strict=True))
    losses = call("numerics/softmax", [("crossEntropy", z, target) for z, target in some])
    gradients = call(
        "numerics/softmax", [("crossEntropyGradient", z, target) for z, target in some]
    )
    for (z, label), loss, gradient in zip(pairs, losses, gradients, strict=True):
        wanted = sb.cross_entropy_and_gradient(z, label, label_smoothing=smoothing)
        agree(loss, wanted[0])
        # With a soft target p − t cancels; without one every entry keeps its digits.
        agree(gradient, wanted[1], scale=1.0 if smoothing else None)


def test_soft_targets():
    rng = np.random.default_rng(12)
    targets = [rng.dirichlet(np.ones(len(z))).tolist() for z in ROWS]
    losses = call(
        "numerics/softmax", [("crossEntropy", z, t) for z, t in zip(ROWS, targets, strict=True)]
    )
    for z, target, loss in zip(ROWS, targets, losses, strict=True):
        agree(loss, sb.cross_entropy(z, target))


def test_optimal_logit_gap():
    rng = np.random.default_rng(13)
    pairs = [(float(e), int(k)) for e in rng.random(500) ** 4 for k in rng.integers(2, 1000, 2)]
    pairs += [(0.0, 3), (1.0, 2), (5e-324, 7), (1e-301, 10)]
    for (smoothing, size), gap in zip(
        pairs, call("numerics/softmax", [("optimalLogitGap", *pair) for pair in pairs]), strict=True
    ):
        agree(gap, optimal_logit_gap(smoothing, size))


def models():
    """Return logits and labels: calibrated, too sure, not sure enough, hopeless, perfect."""
    rng = np.random.default_rng(14)
    for sharpness in (1.0, 3.0, 0.2, 40.0, 1e-3, -1.0, np.inf):
        for n_classes in (2, 3, 10):
            truth = 2 * rng.normal(size=(50, n_classes))
            labels = np.array([int(rng.choice(n_classes, p=p)) for p in sb.softmax(truth)])
            if sharpness == np.inf:
                labels, sharpness = truth.argmax(axis=1), 1.0
            yield np.round(sharpness * truth, 3).tolist(), labels.tolist()


MODELS = list(models())


@pytest.mark.parametrize("n_bins", [1, 7, 10, 15])
def test_reliability_and_its_error(n_bins):
    for temperature in (0.3, 1.0, 4.0):
        some = call("numerics/calibration", [("confidences", z, y, temperature) for z, y in MODELS])
        shares = [sb.softmax(np.array(z), temperature=temperature) for z, _ in MODELS]
        for (_, y), p, each in zip(MODELS, shares, some, strict=True):
            agree(each["confidence"], p.max(axis=1))
            assert each["right"] == (p.argmax(axis=1) == y).tolist()
        # From the same confidences: the last bit decides where one lies on an edge.
        calls = [
            ("reliability", p.max(axis=1).tolist(), each["right"], n_bins)
            for p, each in zip(shares, some, strict=True)
        ]
        diagrams = call("numerics/calibration", calls)
        errors = call(
            "numerics/calibration", [("calibrationError", diagram) for diagram in diagrams]
        )
        for (_, y), p, bins, error in zip(MODELS, shares, diagrams, errors, strict=True):
            wanted = calibration.reliability(p, y, n_bins)
            full = wanted.counts > 0
            assert [each["count"] for each in bins] == wanted.counts.tolist()
            for name in ("confidence", "accuracy"):
                values = np.array([each[name] for each in bins])
                agree(values[full], getattr(wanted, name)[full])
            agree(error, calibration.expected_calibration_error(p, y, n_bins), scale=1.0)


def test_a_confidence_on_an_edge_belongs_to_the_bin_below_it():
    sizes = range(2, 31)  # the edges are k / n: k · (1 / n), one rounding more, is another number
    calls = [("reliability", [k / n for k in range(1, n + 1)], [True] * n, n) for n in sizes]
    for n, bins in zip(sizes, call("numerics/calibration", calls), strict=True):
        assert [each["count"] for each in bins] == [1] * n
        upper = np.arange(1, n + 1) / n
        sure = upper[upper > 0.5]
        p = np.stack([sure, 1 - sure], axis=1)
        counts = calibration.reliability(p, np.zeros(len(p), int), n).counts
        assert counts.tolist() == [0] * (n - len(p)) + [1] * len(p)


def test_the_error_by_chance_is_the_mean_of_draws():
    p = sb.softmax(2 * np.random.default_rng(15).normal(size=(400, 4)))
    confidence = p.max(axis=1).tolist()
    bins = call("numerics/calibration", [("reliability", confidence, [True] * 400, 10)])[0]
    (chance,) = call("numerics/calibration", [("chanceError", bins)])
    draws = calibration.calibration_error_by_chance(p, n_bins=10)
    assert chance == pytest.approx(draws.mean(), rel=0.05)


def test_mean_surprise():
    calls = [("meanSurprise", z, y, T) for z, y in MODELS for T in (0.05, 1.0, 9.0)]
    for (_, z, y, T), value in zip(calls, call("numerics/calibration", calls), strict=True):
        agree(value, sb.cross_entropy(np.array(z) / T, y))


def test_fit_temperature():
    found = call("numerics/calibration", [("fitTemperature", z, y) for z, y in MODELS])
    refused = {0.0: "T → 0", np.inf: "T → ∞"}
    for (z, y), temperature in zip(MODELS, found, strict=True):
        if temperature in refused:
            with pytest.raises(ValueError, match=refused[temperature]):
                fit_temperature(z, y)
        else:
            assert temperature == pytest.approx(fit_temperature(z, y), rel=1e-12)
    assert set(found) >= set(refused)


def test_gap_loss():
    rng = np.random.default_rng(16)
    cases = [
        (float(gap), float(smoothing), int(size))
        for gap, smoothing, size in zip(
            rng.uniform(-300, 300, 400),
            rng.choice([0.0, 1e-9, 0.1, 0.5, 1.0], 400),
            rng.integers(2, 1001, 400),
            strict=True,
        )
    ]
    losses = call("numerics/softmax", [("gapLoss", *case) for case in cases])
    for (gap, smoothing, size), loss in zip(cases, losses, strict=True):
        agree(loss, sb.cross_entropy([gap, *[0.0] * (size - 1)], 0, label_smoothing=smoothing))
