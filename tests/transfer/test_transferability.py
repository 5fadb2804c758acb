"""The scores are what their formulas say, by a second route each."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.optimize import minimize
from scipy.stats import multivariate_normal

from softmaxbook import softmax
from softmaxbook.transfer.transferability import leep, log_evidence

seeds = st.integers(0, 10_000)


def told(seed, n=30, n_source=5, n_target=3):
    rng = np.random.default_rng(seed)
    labels = rng.permutation(np.arange(n) % n_target)
    return softmax(3 * rng.normal(size=(n, n_source))), labels


@given(seeds)
def test_leep_is_its_formula_summed_by_hand(seed):
    theta, y = told(seed)
    total = 0.0
    for row, label in zip(theta, y, strict=True):
        said = 0.0
        for z in range(theta.shape[1]):
            said += row[z] * theta[y == label, z].sum() / theta[:, z].sum()
        total += np.log(said)
    assert_allclose(leep(theta, y), total / len(y), rtol=1e-12)


@given(seeds)
def test_leep_cannot_beat_the_entropy_that_the_dummy_label_leaves(seed):
    theta, y = told(seed)
    hard = np.eye(theta.shape[1])[theta.argmax(axis=1)]
    counts = np.array([[hard[y == k, z].sum() for z in range(hard.shape[1])] for k in range(3)])
    with np.errstate(divide="ignore", invalid="ignore"):
        entropy = -np.nansum(counts * np.log(counts / counts.sum(axis=0))) / len(y)
    assert_allclose(leep(hard, y), -entropy, rtol=1e-12)  # of certain answers: −H(Y | Z)
    assert leep(theta, y) <= 0


def test_leep_of_a_source_that_says_nothing_is_that_of_the_shares():
    y = np.array([0, 0, 0, 1])
    expected = 0.75 * np.log(0.75) + 0.25 * np.log(0.25)
    assert_allclose(leep(np.full((4, 6), 1 / 6), y), expected, rtol=1e-12)
    relabelled = np.eye(4)[[2, 2, 2, 0]]
    assert leep(relabelled, y) == 0


def best_density(features, target):
    """Return the largest log density per sample, found by a general optimiser."""

    def negative(logs):
        alpha, beta = np.exp(logs)
        covariance = np.eye(len(target)) / beta + features @ features.T / alpha
        return -multivariate_normal.logpdf(target, np.zeros(len(target)), covariance)

    return -minimize(negative, [0.0, 0.0], method="Nelder-Mead").fun / len(target)


@given(seeds)
@settings(deadline=None, max_examples=10)
def test_evidence_is_the_largest_density_of_a_normal(seed):
    rng = np.random.default_rng(seed)
    y = np.arange(24) % 2
    features = rng.normal(size=(24, 4)) + 1.5 * np.eye(4)[y]
    expected = np.mean([best_density(features, (y == k).astype(float)) for k in range(2)])
    assert_allclose(log_evidence(features, y), expected, rtol=1e-5)


def test_more_features_than_samples():
    rng = np.random.default_rng(0)
    y = np.arange(12) % 3
    features = rng.normal(size=(12, 40)) + 2 * np.eye(40)[y]
    expected = np.mean([best_density(features, (y == k).astype(float)) for k in range(3)])
    assert_allclose(log_evidence(features, y), expected, rtol=1e-4)


@given(seeds)
@settings(deadline=None, max_examples=20)
def test_evidence_does_not_depend_on_the_basis_or_the_order(seed):
    rng = np.random.default_rng(seed)
    y = np.arange(30) % 3
    features = rng.normal(size=(30, 5)) + np.eye(5)[y]
    turn, order = np.linalg.qr(rng.normal(size=(5, 5)))[0], rng.permutation(30)
    value = log_evidence(features, y)
    assert_allclose(log_evidence(features @ turn, y), value, rtol=1e-6)
    assert_allclose(log_evidence(features[order], y[order]), value, rtol=1e-6)


@pytest.mark.parametrize("score", [leep, log_evidence])
def test_bad_rows_are_named(score):
    with pytest.raises(ValueError, match="each row needs a label"):
        score([[0.5, 0.5]], [0, 1])
    with pytest.raises(ValueError, match="finite"):
        score([[0.5, np.nan]], [0])


def test_leep_takes_probabilities_only():
    with pytest.raises(ValueError, match="sum to 1"):
        leep([[2.0, 3.0]], [0])
