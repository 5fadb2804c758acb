"""The explorables' numerics agree with the package to 1e-12, extremes included."""

import numpy as np
import pytest
from javascript import call

import softmaxbook as sb

TOLERANCE = 1e-12


def cases():
    """Return a few thousand (logits, temperature): every scale, ties, masks, infinities."""
    rng = np.random.default_rng(20261121)
    scales = [1e-300, 1e-8, 1e-3, 1.0, 10.0, 700.0, 1e4, 1e16, 1e200, 1e308]
    drawn = []
    for scale in scales:
        for _ in range(300):
            logits = scale * rng.uniform(-1, 1, size=rng.integers(1, 11))
            if rng.random() < 0.2:
                logits[rng.integers(len(logits))] = logits.max()
            if rng.random() < 0.2:
                logits[rng.integers(len(logits))] = -np.inf
            drawn.append((logits.tolist(), float(rng.choice([1.0, 0.05, 0.3, 7.0, 20.0]))))
    extremes = [
        [0.0], [0.0, 0.0], [1e308, -1e308], [700.0, 0.3], [0.0, -745.2], [5e-324, 0.0],
        [np.inf, 1.0, np.inf], [-np.inf, -np.inf], [np.nan, 1.0], [-np.inf, 3.0],
    ]  # fmt: skip
    return drawn + [(logits, 1.0) for logits in extremes]


CASES = cases()


def agree(theirs, ours, scale=None):
    """Assert equality to the tolerance, relative to `ours` or, where it is given, to `scale`."""
    theirs, ours = np.asarray(theirs, dtype=float), np.asarray(ours, dtype=float)
    finite = np.isfinite(ours)
    np.testing.assert_array_equal(np.where(finite, 0.0, theirs), np.where(finite, 0.0, ours))
    size = np.abs(ours) if scale is None else np.broadcast_to(scale, ours.shape)
    # A subnormal number has fewer digits than the tolerance asks for: 8 units of the last place.
    bound = np.maximum(TOLERANCE * size, 8 * 5e-324)
    assert (np.abs(theirs[finite] - ours[finite]) <= bound[finite]).all()


@pytest.mark.parametrize(
    ("theirs", "ours"), [("softmax", sb.softmax), ("logSoftmax", sb.log_softmax)]
)
def test_softmax_and_its_logarithm(theirs, ours):
    results = call("core", [(theirs, logits, T) for logits, T in CASES])
    for result, (logits, T) in zip(results, CASES, strict=True):
        agree(result, ours(logits, temperature=T))


def test_log_sum_exp():
    results = call("core", [("logSumExp", logits) for logits, _ in CASES])
    for result, (logits, _) in zip(results, CASES, strict=True):
        finite = np.abs(np.asarray(logits)[np.isfinite(logits)])
        agree(
            result,
            sb.logsumexp(logits),
            scale=max(finite.max(initial=0.0), abs(sb.logsumexp(logits))),
        )


def test_entropy_and_sigmoid():
    probabilities = [sb.softmax(logits, temperature=T).tolist() for logits, T in CASES]
    for result, p in zip(
        call("core", [("entropy", p) for p in probabilities]), probabilities, strict=True
    ):
        agree(result, sb.entropy(p), scale=np.log(len(p)) + 1)
    points = [*np.linspace(-800, 800, 999).tolist(), np.inf, -np.inf, np.nan]
    agree(call("core", [("sigmoid", x) for x in points]), sb.sigmoid(points))


def test_jacobian():
    some = [(logits, T) for logits, T in CASES[::3] if np.isfinite(sb.softmax(logits)).all()]
    for result, (logits, T) in zip(
        call("core", [("jacobian", z, T) for z, T in some]), some, strict=True
    ):
        agree(result, sb.jacobian(logits, temperature=T))


@pytest.mark.parametrize(("theirs", "ours"), [("jvp", sb.jvp), ("vjp", sb.vjp)])
def test_products_with_the_jacobian(theirs, ours):
    rng = np.random.default_rng(7)
    some = [
        (z, rng.normal(size=len(z)), T) for z, T in CASES[::3] if np.isfinite(sb.softmax(z)).all()
    ]
    results = call("core", [(theirs, z, t.tolist(), T) for z, t, T in some])
    for result, (logits, t, T) in zip(results, some, strict=True):
        agree(result, ours(logits, t, temperature=T), scale=np.abs(t).max() / T)


def test_the_comparison_can_fail():
    with pytest.raises(AssertionError):
        agree([1.0 + 1e-11], [1.0])
    with pytest.raises(AssertionError):
        agree([np.inf], [1.0])
    with pytest.raises(AssertionError):
        agree([1.0], [np.nan])
