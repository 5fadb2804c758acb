"""The explorables' numerics agree with the package to 1e-12, extremes included."""

import numpy as np
import pytest
from agreement import CASES, agree
from javascript import call

import softmaxbook as sb


@pytest.mark.parametrize(
    ("theirs", "ours"), [("softmax", sb.softmax), ("logSoftmax", sb.log_softmax)]
)
def test_softmax_and_its_logarithm(theirs, ours):
    results = call("numerics/softmax", [(theirs, logits, T) for logits, T in CASES])
    for result, (logits, T) in zip(results, CASES, strict=True):
        agree(result, ours(logits, temperature=T))


def test_log_sum_exp():
    results = call("numerics/softmax", [("logSumExp", logits) for logits, _ in CASES])
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
        call("numerics/softmax", [("entropy", p) for p in probabilities]),
        probabilities,
        strict=True,
    ):
        agree(result, sb.entropy(p), scale=np.log(len(p)) + 1)
    points = [*np.linspace(-800, 800, 999).tolist(), np.inf, -np.inf, np.nan]
    agree(call("numerics/softmax", [("sigmoid", x) for x in points]), sb.sigmoid(points))


def test_jacobian():
    some = [(logits, T) for logits, T in CASES[::3] if np.isfinite(sb.softmax(logits)).all()]
    for result, (logits, T) in zip(
        call("numerics/softmax", [("jacobian", z, T) for z, T in some]), some, strict=True
    ):
        agree(result, sb.jacobian(logits, temperature=T))


@pytest.mark.parametrize(("theirs", "ours"), [("jvp", sb.jvp), ("vjp", sb.vjp)])
def test_products_with_the_jacobian(theirs, ours):
    rng = np.random.default_rng(7)
    some = [
        (z, rng.normal(size=len(z)), T) for z, T in CASES[::3] if np.isfinite(sb.softmax(z)).all()
    ]
    results = call("numerics/softmax", [(theirs, z, t.tolist(), T) for z, t, T in some])
    for result, (logits, t, T) in zip(results, some, strict=True):
        agree(result, ours(logits, t, temperature=T), scale=np.abs(t).max() / T)


def test_the_comparison_can_fail():
    with pytest.raises(AssertionError):
        agree([1.0 + 1e-11], [1.0])
    with pytest.raises(AssertionError):
        agree([np.inf], [1.0])
    with pytest.raises(AssertionError):
        agree([1.0], [np.nan])
