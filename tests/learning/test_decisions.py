"""Decisions: rates by a second route, thresholds that only lose rows, and Bayes' rule."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.metrics import balanced_accuracy_score, precision_score, recall_score

from softmaxbook.learning.decisions import at_base_rate, coverage, precision_and_recall
from softmaxbook.learning.remedies import unweighted_probabilities, weighted_probabilities
from softmaxbook.numerics.probabilities import softmax

SEEDS = st.integers(0, 999)


@given(SEEDS)
def test_rates_are_those_of_scikit_learn(seed):
    rng = np.random.default_rng(seed)
    labels, said = rng.integers(4, size=(2, 30))
    rates = precision_and_recall(said, labels, 4)
    options = {"labels": range(4), "average": None, "zero_division": np.nan}
    assert_allclose(rates.precision, precision_score(labels, said, **options))
    assert_allclose(rates.recall, recall_score(labels, said, **options))
    assert np.nanmean(rates.recall) == pytest.approx(_balanced(labels, said))


def _balanced(labels, said):
    import warnings

    with warnings.catch_warnings():  # of classes that occur in one of the two alone
        warnings.simplefilter("ignore")
        return balanced_accuracy_score(labels, said)


@given(SEEDS)
def test_precision_of_the_one_is_recall_of_the_other_way_round(seed):
    said, labels = np.random.default_rng(seed).integers(3, size=(2, 12))
    there, back = precision_and_recall(said, labels, 3), precision_and_recall(labels, said, 3)
    assert_array_equal(there.precision, back.recall)
    assert_array_equal(there.recall, back.precision)


@given(SEEDS, st.integers(2, 9))
def test_more_rows_of_a_class_leave_its_recall_alone(seed, times):
    rng = np.random.default_rng(seed)
    labels = np.concatenate([[0, 1, 2], rng.integers(3, size=20)])
    said = rng.integers(3, size=23)
    rows = np.concatenate([np.arange(23)] + [np.flatnonzero(labels == 1)] * (times - 1))
    before, after = (precision_and_recall(said[r], labels[r], 3) for r in (np.arange(23), rows))
    assert_allclose(after.recall, before.recall)


def test_a_class_that_nobody_names_has_no_precision():
    rates = precision_and_recall([0, 0], [0, 1], 3)
    assert_array_equal(rates.precision, [0.5, np.nan, np.nan])
    assert_array_equal(rates.recall, [1, 0, np.nan])


@pytest.mark.parametrize(
    ("said", "labels", "message"),
    [
        ([0, 1], [0], "one shape"),
        ([[0]], [[0]], "one shape"),
        ([0, 3], [0, 1], "3 is not a class"),
        ([0, 1], [0, 0.5], "whole number"),
    ],
)
def test_what_is_no_answer_is_refused(said, labels, message):
    with pytest.raises(ValueError, match=message):
        precision_and_recall(said, labels, 3)


@given(SEEDS)
def test_a_higher_threshold_answers_fewer_rows_and_counts_the_same_mistakes(seed):
    rng = np.random.default_rng(seed)
    p, labels = softmax(rng.normal(scale=3, size=(40, 3))), rng.integers(3, size=40)
    limits = np.linspace(0, 1, 9)
    answered, wrong = coverage(p, labels, limits)
    assert answered[0] == 1
    assert wrong[0] == pytest.approx(np.mean(p.argmax(1) != labels))
    assert (np.diff(answered) <= 0).all()
    for limit, share, mistakes in zip(limits, answered, wrong, strict=True):
        kept = p.max(1) >= limit
        assert share == np.mean(kept)
        if kept.any():
            assert mistakes == pytest.approx(np.mean(p[kept].argmax(1) != labels[kept]))
        else:
            assert np.isnan(mistakes)


def test_a_row_on_the_threshold_is_answered():
    assert coverage([[0.75, 0.25]], [0], [0.75]).answered[0] == 1


def test_thresholds_are_a_list():
    with pytest.raises(ValueError, match=r"shape \(n_thresholds,\), got \(\)"):
        coverage([[0.75, 0.25]], [0], 0.5)


def rates_and_shares(seed, k=4):
    rng = np.random.default_rng(seed)
    return rng.dirichlet(np.ones(k), size=5), *rng.dirichlet(np.full(k, 2.0), size=2)


@given(SEEDS)
def test_another_base_rate_adds_to_the_logits_and_can_be_taken_back(seed):
    p, trained, used = rates_and_shares(seed)
    moved = at_base_rate(p, trained, used)
    assert_allclose(moved, softmax(np.log(p) + np.log(used / trained)), rtol=1e-10)
    assert_allclose(at_base_rate(moved, used, trained), p, rtol=1e-9, atol=1e-12)
    assert_allclose(at_base_rate(p, used, used), p, rtol=1e-12)
    assert_allclose(moved, weighted_probabilities(p, used / trained), rtol=1e-10)
    assert_allclose(
        at_base_rate(moved, used, trained), unweighted_probabilities(moved, used / trained)
    )


@given(SEEDS)
def test_it_is_the_rule_of_bayes(seed):
    rng = np.random.default_rng(seed)
    likelihood = rng.uniform(0.01, 1, size=(6, 3))  # of an input, in each class
    _, trained, used = rates_and_shares(seed, 3)
    before, after = (likelihood * share for share in (trained, used))
    before, after = (each / each.sum(1, keepdims=True) for each in (before, after))
    assert_allclose(at_base_rate(before, trained, used), after, rtol=1e-10)


def test_a_class_that_does_not_occur_in_use_has_no_share():
    assert_allclose(at_base_rate([0.5, 0.3, 0.2], [0.2, 0.4, 0.4], [0, 0.5, 0.5]), [0, 0.6, 0.4])
    with pytest.raises(ValueError, match="no class of the row occurs in use"):
        at_base_rate([1.0, 0.0], [0.5, 0.5], [0.0, 1.0])


@pytest.mark.parametrize(
    ("trained", "used", "message"),
    [
        ([0.5, 0.5], [0.3, 0.3, 0.4], "used must have shape"),
        ([1.0, 0.0], [0.5, 0.5], r"trained\[1\] = 0.0 leaves nothing"),
        ([0.5, 0.4], [0.5, 0.5], "sum of trained"),
        ([0.5, 0.5], [1.5, -0.5], "used"),
    ],
)
def test_shares_that_are_none_are_refused(trained, used, message):
    with pytest.raises(ValueError, match=message):
        at_base_rate([0.5, 0.5], trained, used)


def test_single_precision_stays():
    p = np.array([0.5, 0.5], dtype=np.float32)
    assert at_base_rate(p, [0.5, 0.5], [0.9, 0.1]).dtype == np.float32
