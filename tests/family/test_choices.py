"""Choices: a known truth is found again, nests break what softmax keeps, bad input is named."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy import optimize

from softmaxbook import cross_entropy, finite_difference_jacobian, logsumexp, softmax
from softmaxbook.family.choices import fit_choices, nested_logit, simulate_choices
from softmaxbook.learning.regression import LogisticRegression

few = settings(max_examples=30)
TRUTH = np.array([1.0, -0.7, 0.3])


def market(n=1500, seed=20261128):
    """Return features, choices and what was available, from a known truth."""
    rng = np.random.default_rng(seed)
    x, available = rng.normal(size=(n, 4, 3)), rng.random((n, 4)) < 0.8
    available[:, 0] = True
    return x, simulate_choices(x, TRUTH, rng, available), available


@st.composite
def nestings(draw):
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    n_nests = draw(st.integers(1, 3))
    groups = rng.permutation(np.append(np.arange(n_nests), rng.integers(n_nests, size=4)))
    return 2 * rng.normal(size=(3, len(groups))), groups, rng.uniform(0.1, 1, n_nests)


# nested logit: identities


@few
@given(nestings())
def test_probabilities_sum_to_one_and_lambda_one_is_softmax(problem):
    u, nests, scales = problem
    p = nested_logit(u, nests, scales)
    assert_allclose(p.sum(axis=-1), 1, rtol=1e-13)
    assert_allclose(nested_logit(u, nests), softmax(u), rtol=1e-12)
    assert_allclose(nested_logit(u, np.zeros(len(nests), int), 0.5), softmax(u / 0.5), rtol=1e-12)
    assert_allclose(nested_logit(u + 7, nests, scales), p, rtol=1e-11)


@few
@given(nestings())
def test_is_trains_formula(problem):
    u, nests, scales = problem
    sums = np.stack(
        [np.exp(u[:, nests == k] / scales[k]).sum(axis=1) for k in range(len(scales))], axis=1
    )
    terms = np.exp(u / scales[nests]) * sums[:, nests] ** (scales[nests] - 1)
    assert_allclose(
        nested_logit(u, nests, scales),
        terms / (sums**scales).sum(axis=1, keepdims=True),
        rtol=1e-11,
    )


@few
@given(nestings())
def test_is_the_gradient_of_the_expected_best(problem):
    u, nests, scales = problem

    def best(x):
        inside = [scales[k] * logsumexp(x[nests == k] / scales[k]) for k in range(len(scales))]
        return logsumexp(np.array(inside))

    slopes = finite_difference_jacobian(best, u[0], 1e-5)
    assert_allclose(nested_logit(u[0], nests, scales), slopes, atol=1e-8)


def test_ratios_within_a_nest_are_kept_and_those_across_are_not():
    nests, scales, u = [0, 1, 1], [1.0, 0.4], np.array([0.0, 0.5, 0.2])
    p, fewer = nested_logit(u, nests, scales), nested_logit([0.0, 0.5, -np.inf], nests, scales)
    assert fewer[2] == 0
    assert fewer[1] / fewer[0] > 1.1 * p[1] / p[0]  # who took the third turns to its like
    plain, without = softmax(u), softmax([0.0, 0.5, -np.inf])
    assert_allclose(without[0] / without[1], plain[0] / plain[1])
    other = nested_logit([3.0, 0.5, 0.2], nests, scales)
    assert_allclose(other[1] / other[2], p[1] / p[2])


def test_limits_of_a_nest():
    p = nested_logit([0.0, 1.0, 0.0], [0, 1, 1], [1.0, 1e-9])
    assert_allclose(p, [*softmax([0.0, 1.0]), 0], atol=1e-12)
    assert_allclose(nested_logit([0.0, -np.inf, -np.inf], [0, 1, 1], 0.3), [1, 0, 0])
    assert_allclose(nested_logit([1000.0, 0.0, 1000.0], [0, 1, 1], 0.5), [0.5, 0, 0.5])
    assert nested_logit(np.zeros(2, np.float32), [0, 1]).dtype == np.float32


# the choice model


def test_a_known_truth_is_within_the_intervals():
    x, chosen, available = market()
    model = fit_choices(x, chosen, available)
    low, high = model.intervals(0.99).T
    assert ((low < TRUTH) & (high > TRUTH)).all()
    assert (model.standard_errors < 0.06).all()


def test_intervals_cover_as_often_as_they_say():
    hits = []
    for seed in range(60):
        x, chosen, available = market(150, seed)
        low, high = fit_choices(x, chosen, available).intervals(0.9).T
        hits.append((low < TRUTH) & (high > TRUTH))
    assert 0.83 < np.mean(hits) < 0.97  # 180 intervals, that are not independent


def test_scipy_finds_the_same_and_finite_differences_the_errors():
    x, chosen, available = market(400)
    model = fit_choices(x, chosen, available)

    def loss(beta):
        return float(cross_entropy(np.where(available, x @ beta, -np.inf), chosen, "sum"))

    peer = optimize.minimize(loss, np.zeros(3), method="BFGS")
    assert_allclose(model.coefficients, peer.x, atol=1e-4)
    assert_allclose(model.log_likelihood, -peer.fun, rtol=1e-9)

    def slope(beta):
        return finite_difference_jacobian(loss, beta, 1e-4)

    hessian = finite_difference_jacobian(slope, model.coefficients, 1e-3)
    assert_allclose(model.covariance, np.linalg.inv(hessian), rtol=1e-3)


def test_two_alternatives_are_logistic_regression_on_differences():
    rng = np.random.default_rng(3)
    x = rng.normal(size=(300, 2, 2))
    x[:, 1, 1], x[:, 0, 1] = 1, 0  # a constant of the second
    chosen = simulate_choices(x, [1.2, 0.4], rng)
    peer = LogisticRegression(penalty=0, tolerance=1e-10).fit(x[:, 1, :1] - x[:, 0, :1], chosen)
    expected = [peer.coef_[0, 0], peer.intercept_[0]]
    assert_allclose(fit_choices(x, chosen).coefficients, expected, rtol=1e-6)


def test_probabilities_and_unavailable_alternatives():
    x, chosen, available = market(400)
    model = fit_choices(x, chosen, available)
    p = model.probabilities(x, available)
    assert (p[~available] == 0).all()
    assert_allclose(p, softmax(np.where(available, x @ model.coefficients, -np.inf)))
    # At the maximum, what was chosen has the mean features that the model expects.
    expected = np.einsum("nj,njd->d", p, x)
    assert_allclose(x[np.arange(400), chosen].sum(axis=0), expected, atol=1e-6)
    hidden = np.where(available[..., None], x, np.nan)
    assert_array_equal(fit_choices(hidden, chosen, available).coefficients, model.coefficients)


def test_simulated_shares_are_softmax():
    x = np.tile(np.eye(3), (20_000, 1, 1))
    shares = np.bincount(simulate_choices(x, TRUTH, 5)) / 20_000
    assert_allclose(shares, softmax(TRUTH), atol=0.012)
    only = simulate_choices(x, TRUTH, 5, [False, True, False])
    assert set(only.tolist()) == {1}


# errors

X = np.random.default_rng(0).normal(size=(20, 3, 2))
Y = np.arange(20) % 3
SAME = np.concatenate([X, np.ones((20, 3, 1))], axis=2)
EASY = np.where(np.arange(3) == Y[:, None], 1.0, 0.0)[..., None]
FIRST = np.arange(3) == 0


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: nested_logit([0.0, np.nan], [0, 1]), r"utilities\[1\] = nan is not finite or"),
        (lambda: nested_logit([0.0, np.inf], [0, 1]), r"utilities\[1\] = inf"),
        (lambda: nested_logit([-np.inf] * 2, [0, 1]), "leaves nothing to choose"),
        (lambda: nested_logit([0.0, 1.0], [0, 2]), "without gaps, got"),
        (lambda: nested_logit([0.0, 1.0], [0]), "each of 2 alternatives"),
        (lambda: nested_logit([0.0, 1.0], [0, 1], 0.0), r"dissimilarity = 0.0 is not in \(0, 1\]"),
        (lambda: nested_logit([0.0, 1.0], [0, 1], [1, 1.5]), r"dissimilarity\[1\] = 1.5"),
        (lambda: nested_logit([0.0, 1.0], [0, 1], [1.0] * 3), "one for each of 2 nests"),
        (lambda: fit_choices(X, Y[:-1]), "choices must have shape"),
        (lambda: fit_choices(X, Y + 1), "is not a class"),
        (lambda: fit_choices(X, Y, FIRST), r"choices\[1\] = 1 was not available"),
        (lambda: fit_choices(SAME, Y), "3 features tell the alternatives apart in 2 ways"),
        (lambda: fit_choices(EASY, Y), "predict every choice"),
        (lambda: fit_choices(X[0], Y), r"shape \(n, J, d\)"),
        (lambda: fit_choices(np.where(X > 2, np.inf, X), Y), "features.* is not finite"),
        (lambda: fit_choices(X, Y, np.ones((20, 3))), "available must be truth values"),
        (lambda: fit_choices(X, Y, np.zeros(3, bool)), "nothing is available in choice 0"),
        (lambda: simulate_choices(X, [1.0], 0), r"coefficients must have shape \(2,\)"),
        (lambda: fit_choices(X, Y).intervals(1.0), "confidence"),
        (lambda: fit_choices(X, Y).probabilities(SAME), "the model has 2 features, got 3"),
    ],
)
def test_errors_name_what_is_wrong(call, words):
    with pytest.raises(ValueError, match=words):
        call()


@pytest.mark.parametrize("units", [1e-10, 1e-7, 1e8, np.array([1.0, 1e-17])])
@pytest.mark.parametrize("offset", [0.0, 1.0])
def test_the_fit_does_not_notice_units_and_offsets(units, offset):
    rng = np.random.default_rng(7)
    x = rng.normal(size=(300, 4, 2))
    chosen = simulate_choices(x, [0.7, -0.4], rng)
    plain = fit_choices(x, chosen)
    other = fit_choices((x + 1000 * offset) * units, chosen)
    assert_allclose(other.coefficients * units, plain.coefficients, rtol=1e-8)
    assert_allclose(other.standard_errors * units, plain.standard_errors, rtol=1e-8)


def test_far_above_its_nest_an_alternative_takes_all():
    assert_array_equal(nested_logit([1e300, 0, 0], [0, 1, 1], 1e-10), [1, 0, 0])
    assert_array_equal(nested_logit([1e17, 1e17], [0, 0]), [0.5, 0.5])
    shares = nested_logit([1e8] * 3, [0, 1, 1], [1, 1e-8])
    assert_allclose(shares.sum(), 1, rtol=1e-15)


def test_truth_values_and_nests_with_a_gradient_are_refused():
    tensor = torch.ones(3, requires_grad=True)
    with pytest.raises(TypeError, match=r"nests\.detach"):
        nested_logit([0.0, 0.0, 0.0], tensor)
    with pytest.raises(TypeError, match=r"choices\.detach"):
        fit_choices(np.zeros((3, 2, 1)), tensor)
    with pytest.raises(TypeError, match="labels must be numbers"):
        fit_choices(np.zeros((1, 2, 1)), ["a"])
