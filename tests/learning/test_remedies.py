"""Remedies: the best temperature, weights and their removal, the gap that smoothing asks for."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.testing import assert_allclose, assert_array_equal
from scipy.optimize import minimize, minimize_scalar

from softmaxbook.learning.labels import balanced_weight, one_hot
from softmaxbook.learning.losses import cross_entropy, cross_entropy_and_gradient
from softmaxbook.learning.regression import SoftmaxRegression
from softmaxbook.learning.remedies import (
    fit_temperature,
    optimal_logit_gap,
    unweighted_probabilities,
    weighted_probabilities,
)
from softmaxbook.numerics.probabilities import entropy, softmax


def overconfident(temperature, n=2000, seed=0):
    """Return logits that are `temperature` times too large, and labels drawn from the truth."""
    rng = np.random.default_rng(seed)
    truth = rng.normal(scale=2, size=(n, 4))
    labels = (softmax(truth).cumsum(axis=-1) < rng.random((n, 1))).sum(axis=-1)
    return temperature * truth, labels


def on_average(logits, labels):
    """Return the value that logits have at the labels, beyond what the model expects there."""
    return lambda t: (logits * (one_hot(labels, 4) - softmax(logits, temperature=t))).sum(-1).mean()


# identities


@pytest.mark.parametrize("temperature", [0.2, 1.0, 3.0, 50.0])
def test_temperature_that_was_put_in_is_found(temperature):
    logits, labels = overconfident(temperature, n=20_000)
    found = fit_temperature(logits, labels)
    assert found == pytest.approx(temperature, rel=0.05)
    # Exactly, not only statistically: the derivative of the loss is 0 there.
    assert abs(on_average(logits, labels)(found)) < 1e-12 * np.abs(logits).max()


@given(st.integers(0, 999), st.floats(-200, 200), st.floats(-100, 100))
def test_temperature_follows_the_scale_and_ignores_the_shift(seed, exponent, shift):
    logits, labels = overconfident(2.0, n=50, seed=seed)
    found = fit_temperature(logits, labels)
    assert fit_temperature(logits + shift, labels) == pytest.approx(found, rel=1e-10)
    assert fit_temperature(logits * 10**exponent, labels) == pytest.approx(found * 10**exponent)


@given(st.integers(0, 999))
def test_no_other_temperature_is_better_and_accuracy_stays(seed):
    logits, labels = overconfident(3.0, n=60, seed=seed)
    found = fit_temperature(logits, labels)
    best = cross_entropy(logits / found, labels)
    for factor in (0.5, 0.99, 1.01, 2.0):
        assert cross_entropy(logits / (found * factor), labels) > best
    calm = softmax(logits, temperature=found)
    assert_array_equal(calm.argmax(axis=-1), logits.argmax(axis=-1))


shares = hnp.arrays(np.float64, (3, 4), elements=st.floats(0.01, 1)).map(
    lambda w: w / w.sum(axis=-1, keepdims=True)
)
weights = hnp.arrays(np.float64, 4, elements=st.floats(1e-3, 1e3))


@given(shares, weights)
def test_weights_are_taken_back(p, weight):
    q = weighted_probabilities(p, weight)
    assert_allclose(q.sum(axis=-1), 1)
    assert_allclose(unweighted_probabilities(q, weight), p, rtol=1e-9)
    assert_allclose(np.log(q) - np.log(q[:, :1]), softmax_gap(p, weight), atol=1e-9)


def softmax_gap(p, weight):
    """Return the logits of the weighted probabilities against class 0."""
    logits = np.log(p) + np.log(weight)
    return logits - logits[:, :1]


@given(st.floats(1e-12, 1), st.integers(2, 10_000))
def test_gap_makes_probabilities_the_smoothed_target(smoothing, n_classes):
    logits = np.zeros(n_classes)
    logits[0] = optimal_logit_gap(smoothing, n_classes)
    loss, gradient = cross_entropy_and_gradient(logits, 0, label_smoothing=smoothing)
    assert_allclose(gradient, 0, atol=1e-14)
    target = (1 - smoothing) * (np.arange(n_classes) == 0) + smoothing / n_classes
    assert_allclose(loss, entropy(target), rtol=1e-9, atol=1e-15)


# second routes


@pytest.mark.parametrize("seed", range(3))
def test_scipy_finds_the_same_temperature(seed):
    logits, labels = overconfident(2.5, n=300, seed=seed)
    found = minimize_scalar(
        lambda beta: cross_entropy(beta * logits, labels), bounds=(1e-3, 10), method="bounded"
    )
    assert 1 / found.x == pytest.approx(fit_temperature(logits, labels), rel=1e-4)


def test_soft_labels_have_a_temperature_too():
    logits, _ = overconfident(2.0, n=100)
    assert fit_temperature(logits, softmax(logits / 3)) == pytest.approx(3)


def test_weighted_loss_ends_at_the_weighted_probabilities():
    # One row of features a case: the model is free to give each case any probabilities.
    counts = np.array([[60, 30, 10], [5, 15, 80]])
    cases, labels = np.repeat(np.indices(counts.shape).reshape(2, -1), counts.ravel(), axis=1)
    weight = np.array([1.0, 2.0, 7.0])
    model = SoftmaxRegression(penalty=0.0, class_weight=weight, tolerance=1e-10)
    model.fit(np.eye(2)[cases], labels)
    truth = counts / counts.sum(axis=-1, keepdims=True)
    fitted = model.predict_proba(np.eye(2))
    assert_allclose(fitted, weighted_probabilities(truth, weight), atol=1e-7)
    assert_allclose(unweighted_probabilities(fitted, weight), truth, atol=1e-7)


@pytest.mark.parametrize(("smoothing", "n_classes"), [(0.1, 10), (0.05, 3), (0.6, 2)])
def test_descent_ends_at_the_gap(smoothing, n_classes):
    found = minimize(
        cross_entropy_and_gradient,
        np.zeros(n_classes),
        args=(1, "mean", smoothing),
        jac=True,
        options={"gtol": 1e-10},
    )
    others = np.delete(found.x, 1)
    assert_allclose(found.x[1] - others, optimal_logit_gap(smoothing, n_classes), atol=1e-6)


# limits


def test_gap_at_the_ends():
    assert optimal_logit_gap(0.0, 10) == math.inf
    assert optimal_logit_gap(1.0, 10) == 0
    tiny = 5e-324
    assert optimal_logit_gap(tiny, 10) == pytest.approx(math.log(10) - math.log(tiny), rel=1e-15)
    assert optimal_logit_gap(1e-300, 2) == pytest.approx(math.log(2e300), rel=1e-14)


def test_equal_weights_change_nothing():
    p = np.array([0.2, 0.3, 0.5])
    assert_allclose(weighted_probabilities(p, [4, 4, 4]), p)
    assert_allclose(unweighted_probabilities(p, [4, 4, 4]), p)


def test_balanced_weights_give_every_class_the_same_total():
    labels = np.array([0] * 7 + [1] * 2 + [2])
    weight = balanced_weight(labels, 3)
    assert_allclose(weight * np.bincount(labels), len(labels) / 3)
    assert weight[labels].mean() == pytest.approx(1)


# errors


def test_without_mistakes_there_is_no_best_temperature():
    with pytest.raises(ValueError, match="every label has the largest logit: T → 0 is best"):
        fit_temperature([[2.0, 1.0], [0.0, 3.0]], [0, 1])


@pytest.mark.parametrize("logits", [[[2.0, 1.0], [3.0, 0.0]], np.zeros((2, 2))])
def test_useless_logits_have_no_temperature(logits):
    message = "T → 0 is best" if not np.any(logits) else "no better than chance: T → ∞ is best"
    with pytest.raises(ValueError, match=message):
        fit_temperature(logits, [1, 1])


@pytest.mark.parametrize(
    ("logits", "labels", "message"),
    [
        ([[0.0, np.inf]], [0], r"logits\[0, 1\] = inf is not finite"),
        ([0.0, 1.0], [0, 1], r"logits must have shape \(n_samples, n_classes\), got \(2,\)"),
        (np.zeros((0, 3)), [], r"got \(0, 3\)"),
        ([[0.0, 1.0]], [2], r"labels\[0\] = 2 is not a class"),
        ([[0.0, 1.0]], [0, 1], r"labels have shape \(2,\)"),
    ],
)
def test_wrong_input_for_a_temperature(logits, labels, message):
    with pytest.raises(ValueError, match=message):
        fit_temperature(logits, labels)


@pytest.mark.parametrize("function", [weighted_probabilities, unweighted_probabilities])
def test_wrong_input_for_weights(function):
    with pytest.raises(ValueError, match=r"class_weight\[1\] = 0.0 leaves nothing of the class"):
        function([0.5, 0.5], [1.0, 0.0])
    with pytest.raises(ValueError, match=r"class_weight\[0\] = -1.0"):
        function([0.5, 0.5], [-1.0, 1.0])
    with pytest.raises(ValueError, match=r"class_weight must have shape \(2,\)"):
        function([0.5, 0.5], [1.0, 1.0, 1.0])
    with pytest.raises(ValueError, match=r"sum of probabilities = 1.1 is not 1"):
        function([0.5, 0.6], [1.0, 1.0])


def test_class_without_rows_has_no_weight():
    with pytest.raises(ValueError, match=r"count\[1\] = 0 rows: a class without rows"):
        balanced_weight([0, 0, 2], 3)
    with pytest.raises(ValueError, match=r"labels\[2\] = 3 is not a class"):
        balanced_weight([0, 1, 3], 3)


@pytest.mark.parametrize(("smoothing", "n_classes"), [(-0.1, 3), (1.1, 3), (math.nan, 3), (0.1, 1)])
def test_impossible_smoothing(smoothing, n_classes):
    with pytest.raises(ValueError, match="need label_smoothing in"):
        optimal_logit_gap(smoothing, n_classes)
