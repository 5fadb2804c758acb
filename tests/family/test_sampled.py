"""Sampled softmax: what is unbiased and what is not, by adding up every possible draw."""

import itertools

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from softmaxbook import (
    cross_entropy,
    cross_entropy_gradient,
    finite_difference_jacobian,
    logsumexp,
    softmax,
)
from softmaxbook.family.sampled import (
    candidate_logits,
    log_uniform_proposal,
    sampled_cross_entropy,
    sampled_cross_entropy_gradient,
    uniform_proposal,
)
from softmaxbook.family.samplers import draw

few = settings(max_examples=25)
Z = np.array([[1.5, -0.5, 0.3, 2.0]])
Q = log_uniform_proposal(4)


def expected(function, q, m):
    """Return the mean of a function of m samples over all that can be drawn from q."""
    everything = itertools.product(np.flatnonzero(q), repeat=m)
    return sum(np.prod(q[list(s)]) * function(np.array(s)) for s in everything)


# identities


@pytest.mark.parametrize("m", [1, 2, 3])
@pytest.mark.parametrize("label", [0, 1])
def test_the_corrected_sum_is_unbiased(m, label):
    def total(samples):
        return np.exp(candidate_logits(Z, [label], samples, Q)).sum()

    assert_allclose(expected(total, Q, m), np.exp(Z).sum(), rtol=1e-13)


@pytest.mark.parametrize("m", [1, 3])
def test_the_corrected_loss_is_biased_and_less_with_more_samples(m):
    def loss(samples):
        return sampled_cross_entropy(Z, [1], samples, Q)

    bias = expected(loss, Q, m) - cross_entropy(Z, [1])
    assert bias < -0.05  # a logarithm bends down
    assert abs(bias) > abs(expected(loss, Q, m + 1) - cross_entropy(Z, [1]))


@pytest.mark.parametrize("m", [1, 2, 3])
def test_drawing_as_softmax_says_leaves_no_bias_in_the_gradient(m):
    q = softmax(np.where(np.arange(4) == 1, -np.inf, Z[0]))

    def gradient(samples):
        return sampled_cross_entropy_gradient(Z, [1], samples, q)

    assert_allclose(expected(gradient, q, m), cross_entropy_gradient(Z, [1]), atol=1e-14)


def test_without_the_correction_the_bias_stays():
    m = 20_000
    samples = draw(Q, 20261128, m)
    full = cross_entropy_gradient(Z, [1])
    corrected = sampled_cross_entropy_gradient(Z, [1], samples, Q)
    plain = sampled_cross_entropy_gradient(Z, [1], samples, Q, corrected=False)
    assert np.abs(corrected - full).max() < 0.01
    assert np.abs(plain - full).max() > 0.1


def test_what_is_learnt_without_the_correction_is_divided_by_the_proposal():
    p, q = np.random.default_rng(5).dirichlet(np.ones(200)), log_uniform_proposal(200)
    samples = np.repeat(np.arange(200), np.rint(5000 * q).astype(int))

    def pull(z, corrected):
        """Return how far the loss, averaged over labels, pulls each class, relative to p."""
        many = np.repeat(z[None], 200, axis=0)
        slopes = sampled_cross_entropy_gradient(many, range(200), samples, q, corrected)
        return np.abs(p @ slopes).sum()

    assert pull(np.log(p), True) < 0.05
    assert pull(np.log(p) - np.log(q), False) < 0.05
    assert pull(np.log(p), False) > 0.5


@few
@given(st.integers(0, 2**32), st.integers(1, 6))
def test_all_classes_once_from_a_uniform_proposal_are_the_full_loss(seed, n_classes):
    rng = np.random.default_rng(seed)
    z, labels = 5 * rng.normal(size=(3, n_classes)), rng.integers(n_classes, size=3)
    samples, q = rng.permutation(n_classes), uniform_proposal(n_classes)
    assert_allclose(
        sampled_cross_entropy(z, labels, samples, q),
        cross_entropy(z, labels, "none"),
        rtol=1e-12,
        atol=1e-14,
    )
    assert_allclose(
        sampled_cross_entropy_gradient(z, labels, samples, q),
        cross_entropy_gradient(z, labels, "none"),
        atol=1e-14,
    )


# second routes


@few
@given(st.integers(0, 2**32), st.booleans())
def test_the_gradient_agrees_with_finite_differences(seed, corrected):
    rng = np.random.default_rng(seed)
    z, samples = rng.normal(size=6), rng.integers(6, size=4)
    q = rng.dirichlet(np.ones(6))

    def loss(x):
        return sampled_cross_entropy(x[None], [2], samples, q, corrected)[0]

    slopes = sampled_cross_entropy_gradient(z[None], [2], samples, q, corrected)[0]
    assert_allclose(slopes, finite_difference_jacobian(loss, z), atol=1e-8)
    assert_allclose(slopes.sum(), 0, atol=1e-14)


def test_log_uniform_is_what_its_recipe_draws():
    u = np.random.default_rng(0).random(100_000)
    drawn = (np.exp(u * np.log(11)) - 1).astype(int)
    assert_allclose(np.bincount(drawn) / 100_000, log_uniform_proposal(10), atol=0.005)
    for n_classes in (1, 7, 100_000):
        assert_allclose(log_uniform_proposal(n_classes).sum(), 1, rtol=1e-12)
        assert_allclose(uniform_proposal(n_classes).sum(), 1, rtol=1e-12)


def test_rows_may_have_samples_and_proposals_of_their_own():
    rng = np.random.default_rng(4)
    z, q = rng.normal(size=(3, 5)), rng.dirichlet(np.ones(5), size=3)
    samples = draw(q, rng, 2).T
    together = candidate_logits(z, [0, 1, 2], samples, q)
    alone = [candidate_logits(z[i : i + 1], [i], samples[i], q[i])[0] for i in range(3)]
    assert_array_equal(together, alone)


# limits and types


def test_hits_are_masked_and_large_logits_do_not_overflow():
    assert_array_equal(candidate_logits(Z, [1], [1, 1], Q)[0, 1:], [-np.inf, -np.inf])
    assert_array_equal(sampled_cross_entropy(Z, [1], [1, 1], Q), [0])
    loss = sampled_cross_entropy([[1000.0, 0.0]], [1], [0], uniform_proposal(2))
    assert_allclose(loss, 1000 + np.log(2))
    assert_allclose(loss, logsumexp([0, 1000 + np.log(2)]))
    assert candidate_logits(Z.astype(np.float32), [1], [2], Q).dtype == np.float32


# errors


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: candidate_logits(Z[0], [1], [1], Q), "logits must be rows"),
        (lambda: candidate_logits(Z, [4], [1], Q), r"labels\[0\] = 4 is not a class"),
        (lambda: candidate_logits(Z, [1], [0, 9], Q), r"samples\[1\] = 9 is not a class"),
        (lambda: candidate_logits(Z, [1, 2], [0], Q), r"labels must have shape \(1,\)"),
        (lambda: candidate_logits(Z, [1], [], Q), "m ≥ 1"),
        (lambda: candidate_logits(Z, [1], [[0], [1]], Q), r"samples must have shape \(m,\) or"),
        (lambda: candidate_logits(Z, [1], [0], Q[:3]), "one probability a class"),
        (lambda: candidate_logits(Z, [1], [0], Q / 2), "sum of proposal"),
        (lambda: candidate_logits(Z, [1], [0], [0, 0.5, 0.5, 0]), "yet its class was drawn"),
        (lambda: uniform_proposal(0), "n_classes must be at least 1"),
        (lambda: log_uniform_proposal(-3), "n_classes must be at least 1, got -3"),
    ],
)
def test_errors_name_what_is_wrong(call, words):
    with pytest.raises(ValueError, match=words):
        call()


@pytest.mark.parametrize(
    ("labels", "samples", "error", "words"),
    [
        (["a"], [0], TypeError, "labels must be numbers"),
        ([0], ["a"], TypeError, "samples must be numbers"),
        ([0], [[0], [1, 2]], ValueError, "samples must be rectangular"),
        (torch.ones(1, requires_grad=True), [0], TypeError, "labels.detach"),
    ],
)
def test_labels_and_samples_of_other_types(labels, samples, error, words):
    with pytest.raises(error, match=words):
        sampled_cross_entropy([[1.0, 2.0]], labels, samples, [0.5, 0.5])
