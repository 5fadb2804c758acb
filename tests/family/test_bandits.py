"""Exploration: what a policy takes, what it learns, and what it misses."""

import numpy as np
import pytest
from exact import rows
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from softmaxbook import softmax
from softmaxbook.family.bandits import epsilon_greedy, explore

MEANS = np.tile([0.2, 0.5, 0.8], (200, 1))


@settings(max_examples=30)
@given(rows(st.floats(-5, 5)), st.floats(0, 1))
def test_epsilon_greedy_is_a_distribution(values, epsilon):
    p = epsilon_greedy(values, epsilon)
    assert_allclose(p.sum(), 1, rtol=1e-14)
    assert (p >= epsilon / len(values) - 1e-15).all()
    assert p[values.argmax()] == p.max()
    assert_array_equal(epsilon_greedy(values, 1), 1 / len(values))


def test_equals_share():
    assert_allclose(epsilon_greedy([1.0, 1.0, 0.0], 0.3), [0.45, 0.45, 0.1])
    assert_array_equal(epsilon_greedy([1.0, 1.0, 0.0], 0), softmax([1, 1, 0], temperature=1e-9))


def test_regret_is_what_the_best_arm_would_have_given():
    found = explore(MEANS, lambda values: softmax(values, temperature=0.1), 50, rng=0)
    assert found.arms.shape == found.rewards.shape == found.regret.shape == (200, 50)
    missed = 0.8 - MEANS[0][found.arms]
    assert_allclose(found.regret, np.cumsum(missed, axis=1))
    assert_allclose(found.rewards.mean(), MEANS[0][found.arms].mean(), atol=0.02)
    assert (np.diff(found.regret, axis=1) >= 0).all()


def test_choosing_blindly_misses_the_mean_gap_and_hope_tries_everything():
    blind = explore(MEANS, lambda values: np.full(values.shape, 1 / 3), 100, rng=1)
    assert_allclose(blind.regret[:, -1].mean(), 100 * (0.8 - 0.5), rtol=0.05)
    hopeful = explore(np.zeros((50, 4)), lambda values: epsilon_greedy(values, 0), 4, rng=2)
    assert_array_equal(np.sort(hopeful.arms, axis=1), np.tile(np.arange(4), (50, 1)))


def test_learning_is_better_than_chance_and_a_greedy_one_without_hope_is_stuck():
    warm = explore(MEANS, lambda values: softmax(values, temperature=0.1), 300, rng=3)
    greedy = explore(MEANS, lambda values: epsilon_greedy(values, 0), 300, rng=3, initial=0.1)
    assert warm.regret[:, -1].mean() < 0.3 * 90
    assert greedy.regret[:, -1].mean() > 2 * warm.regret[:, -1].mean()


def test_a_seed_repeats_everything():
    runs = [explore(MEANS, lambda v: epsilon_greedy(v, 0.1), 20, rng=s).arms for s in (4, 4, 5)]
    assert_array_equal(runs[0], runs[1])
    assert (runs[0] != runs[2]).any()


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: epsilon_greedy([1.0], -0.1), ValueError, r"epsilon must be in \[0, 1\]"),
        (lambda: epsilon_greedy([], 0.1), ValueError, "values has no entries"),
        (lambda: explore([0.5], softmax, 5, 0), ValueError, "means must be rows"),
        (lambda: explore([[1.5]], softmax, 5, 0), ValueError, r"means must be in \[0, 1\]"),
        (lambda: explore([[0.5]], softmax, 0, 0), ValueError, "n_steps must be at least 1"),
        (lambda: explore([["a"]], softmax, 1, 0), TypeError, "means must be real numbers"),
    ],
)
def test_errors_name_what_is_wrong(call, error, words):
    with pytest.raises(error, match=words):
        call()


def test_values_and_policies_that_say_nothing():
    for call, words in (
        (lambda: epsilon_greedy([np.nan, 1.0], 0.1), r"values\[0\] = nan is no value"),
        (lambda: explore([[0.1, 0.9]], lambda v: v - 2, 3, 0), r"policy\(values\)\[0, 0\] = -1"),
    ):
        with pytest.raises(ValueError, match=words):
            call()
