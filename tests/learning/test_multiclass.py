"""One-vs-rest and one-vs-one: scikit-learn beside them, ties, regions without a winner."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.testing import assert_allclose, assert_array_equal
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression as PeerRegression
from sklearn.multiclass import OneVsOneClassifier, OneVsRestClassifier

from softmaxbook.learning.datasets import SOURCES, load
from softmaxbook.learning.multiclass import OneVsOne, OneVsRest, coupled
from softmaxbook.numerics.probabilities import sigmoid

PEER = PeerRegression(tol=1e-8, max_iter=10_000)
many = pytest.mark.parametrize("name", [name for name in SOURCES if name != "breast cancer"])


def ring(n=30, seed=0):
    """Return three overlapping clouds around the origin, and their labels."""
    rng = np.random.default_rng(seed)
    angle = 2 * np.pi * np.arange(3) / 3
    centres = 1.5 * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    labels = np.repeat(np.arange(3), n)
    return centres[labels] + rng.normal(size=(3 * n, 2)), labels


# identities


@given(hnp.arrays(np.float64, st.integers(2, 6), elements=st.floats(0.01, 1)))
def test_pairs_of_one_distribution_are_coupled_to_it(weights):
    q = weights / weights.sum()
    assert_allclose(coupled(q[:, None] / (q[:, None] + q)), q, rtol=1e-9)


@given(hnp.arrays(np.float64, (3, 4, 4), elements=st.floats(-50, 50)))
def test_coupling_gives_distributions(logits):
    p = coupled(sigmoid(logits - np.swapaxes(logits, -1, -2)))
    assert (p >= 0).all()
    assert_allclose(p.sum(axis=-1), 1)


def test_votes_are_counted_once_a_pair():
    model = OneVsOne().fit(*load("digits").standardised().train)
    votes = model.votes(load("digits").standardised().test.features)
    assert_array_equal(votes.sum(axis=-1), 45)


# second routes


@many
def test_one_vs_rest_is_scikit_learns(name):
    data = load(name).standardised()
    ours = OneVsRest(tolerance=1e-8).fit(*data.train)
    other = OneVsRestClassifier(PEER).fit(*data.train)
    features = data.test.features
    for model, estimator in zip(ours.models_, other.estimators_, strict=True):
        assert_allclose(model.coef_, estimator.coef_, atol=1e-4)
        assert_allclose(model.intercept_, estimator.intercept_, atol=1e-4)
    assert_allclose(ours.decision_function(features), other.decision_function(features), atol=1e-3)
    assert_allclose(ours.predict_proba(features), other.predict_proba(features), atol=1e-4)
    assert_array_equal(ours.predict(features), other.predict(features))


@many
def test_one_vs_one_is_scikit_learns(name):
    data = load(name).standardised()
    ours = OneVsOne(tolerance=1e-8).fit(*data.train)
    other = OneVsOneClassifier(PEER).fit(*data.train)
    features = data.test.features
    for model, estimator in zip(ours.models_, other.estimators_, strict=True):
        assert_allclose(model.coef_, estimator.coef_, atol=1e-4)
    assert_allclose(ours.decision_function(features), other.decision_function(features), atol=1e-3)
    assert_array_equal(ours.predict(features), other.predict(features))


def test_coupling_is_the_minimum_that_it_says():
    rng = np.random.default_rng(4)
    upper = np.triu(rng.uniform(size=(4, 4)), 1)
    r = upper + np.tril(1 - upper.T, -1)

    def mismatch(free):
        p = np.append(free, 1 - free.sum())
        return ((r.T * p[:, None] - r * p) ** 2)[~np.eye(4, dtype=bool)].sum()

    found = minimize(mismatch, np.full(3, 0.25), tol=1e-14)
    assert_allclose(coupled(r)[:3], found.x, atol=1e-6)


# limits


def test_regions_without_a_winner_lie_between_the_classes():
    model = OneVsRest().fit(*ring())
    scores = model.scores([[0.0, 0.0]])
    assert (scores < 0.5).all()  # everyone says no
    assert model.undecided([[0.0, 0.0]])[0]
    assert_allclose(model.predict_proba([[0.0, 0.0]]), scores / scores.sum(), rtol=1e-12)
    assert not model.undecided([[3.0, 0.0]])[0]
    outside = model.decision_function([[-20.0, 0.0]])[0] > 0
    assert_array_equal(outside, [False, True, True])  # two say yes
    assert model.undecided([[-20.0, 0.0]])[0]


def test_votes_tie_where_the_pairs_go_round():
    # Three pair models that beat each other in a circle at the origin.
    model = OneVsOne().fit(*ring())
    for member, sign in zip(model.models_, (1, -1, 1), strict=True):
        member.intercept_ = np.array([sign * 0.1])
    assert_array_equal(model.votes([[0.0, 0.0]]), [[1, 1, 1]])
    assert model.undecided([[0.0, 0.0]])[0]
    assert not model.undecided([[3.0, 0.0]])[0]
    # The intercepts are equal, so that nothing decides: the first class is taken.
    assert model.predict([[0.0, 0.0]])[0] == 0
    model.models_[2].intercept_ = np.array([0.3])  # class 2 beats class 1 more clearly
    assert_array_equal(model.votes([[0.0, 0.0]]), [[1, 1, 1]])
    assert model.predict([[0.0, 0.0]])[0] == 2


def test_a_pair_that_is_even_votes_for_its_first_class():
    model = OneVsOne().fit(*ring())
    for member in model.models_:
        member.intercept_ = np.zeros(1)
    assert_array_equal(model.votes([[0.0, 0.0]]), [[2, 1, 0]])


def test_scores_do_not_sum_to_one_but_probabilities_do():
    model = OneVsRest().fit(*ring())
    rows = ring(seed=1)[0]
    assert np.ptp(model.scores(rows).sum(axis=-1)) > 0.1
    assert_allclose(model.predict_proba(rows).sum(axis=-1), 1)
    assert_allclose(OneVsOne().fit(*ring()).predict_proba(rows).sum(axis=-1), 1)


def test_scores_that_all_underflow_keep_their_order():
    model = OneVsRest().fit(*ring())
    for member, intercept in zip(model.models_, (-800.0, -801.0, -802.0), strict=True):
        member.intercept_ = np.array([intercept])
    assert_array_equal(model.scores([[0.0, 0.0]]), 0)
    expected = np.exp([0.0, -1.0, -2.0]) / np.exp([0.0, -1.0, -2.0]).sum()
    assert_allclose(model.predict_proba([[0.0, 0.0]])[0], expected, rtol=1e-10)


def test_two_classes_are_one_pair():
    data = load("breast cancer").standardised()
    single, rest = OneVsOne().fit(*data.train), OneVsRest().fit(*data.train)
    assert len(single.models_) == 1
    peer = PeerRegression(tol=1e-8, max_iter=10_000).fit(*data.train)
    features = data.test.features
    for model in (single, rest):
        assert_array_equal(model.predict(features), peer.predict(features))
        assert_allclose(model.predict_proba(features), peer.predict_proba(features), atol=1e-4)
