"""The properties that the chapter *probabilities* proves: one test a row of its table, and more."""

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from softmaxbook import (
    entropy,
    finite_difference_jacobian,
    jacobian,
    log_softmax,
    logsumexp,
    softmax,
)

ROOT = Path(__file__).parents[2]
EPS = np.finfo(float).eps


def vectors(bound, minimum=2):
    """Return a strategy for logits of up to eight classes, each within ±bound."""
    return st.lists(st.floats(-bound, bound), min_size=minimum, max_size=8).map(np.array)


def pairs(bound):
    """Return a strategy for two lists of logits of the same length."""
    row = st.tuples(st.floats(-bound, bound), st.floats(-bound, bound))
    return st.lists(row, min_size=2, max_size=8).map(lambda rows: np.array(rows).T)


WHOLE_RANGE = vectors(np.finfo(float).max)
WHOLE_NUMBERS = st.lists(st.integers(-15, 15), min_size=2, max_size=8).map(np.array)


@given(WHOLE_RANGE)
def test_sums_to_one(z):
    assert abs(softmax(z).sum() - 1) <= len(z) * EPS


@given(WHOLE_RANGE, vectors(15))
def test_lies_between_zero_and_one(z, close):
    assert np.all((softmax(z) >= 0) & (softmax(z) <= 1))
    assert np.all((softmax(close) > 0) & (softmax(close) < 1))


@given(WHOLE_RANGE, WHOLE_NUMBERS)
def test_keeps_the_order(z, whole):
    assert np.all(np.diff(softmax(np.sort(z))) >= 0)
    np.testing.assert_array_equal(np.sign(np.diff(softmax(whole))), np.sign(np.diff(whole)))


@given(vectors(15), st.floats(0.01, 10), st.data())
def test_up_in_own_logit_down_in_others(z, rise, data):
    k = data.draw(st.integers(0, len(z) - 1))
    raised = z.copy()
    raised[k] += rise
    change = softmax(raised) / softmax(z)
    others = np.delete(change, k)
    assert change[k] > 1
    assert np.all(others < 1)
    np.testing.assert_allclose(others, others[0], rtol=1e-13)


@given(pairs(500))
def test_is_monotone_as_a_map(xy):
    x, y = xy
    moved = (softmax(x) - softmax(y)) @ (x - y)
    assert moved >= -4 * EPS * np.abs(x - y).sum()


@given(WHOLE_RANGE, st.randoms(use_true_random=False))
def test_is_permutation_equivariant(z, random):
    order = random.sample(range(len(z)), len(z))
    np.testing.assert_allclose(softmax(z[order]), softmax(z)[order], rtol=1e-14, atol=0)


@given(WHOLE_NUMBERS, st.integers(-(2**40), 2**40))
def test_is_shift_invariant(z, shift):
    np.testing.assert_allclose(softmax(z + shift), softmax(z), rtol=1e-14, atol=0)


@given(WHOLE_NUMBERS, st.sampled_from([0.5, 2.0, 4.0]))
def test_is_not_scale_invariant(z, scale):
    assume(np.ptp(z) > 0)
    assert not np.allclose(softmax(scale * z), softmax(z), rtol=0.1, atol=0)
    np.testing.assert_array_equal(softmax(scale * z), softmax(z, temperature=1 / scale))


@given(vectors(30, minimum=3), st.data())
def test_forgets_absent_classes(z, data):
    present = data.draw(st.lists(st.booleans(), min_size=len(z), max_size=len(z)).map(np.array))
    assume(present.any())
    rest = np.where(present, softmax(z), 0)
    masked = softmax(np.where(present, z, -np.inf))
    np.testing.assert_allclose(masked, rest / rest.sum(), rtol=1e-13, atol=0)


@given(vectors(5))
def test_derivative_matches_finite_differences(z):
    np.testing.assert_allclose(finite_difference_jacobian(softmax, z), jacobian(z), atol=1e-9)


@given(pairs(20))
def test_is_half_lipschitz(xy):
    x, y = xy
    moved = np.linalg.norm(softmax(x) - softmax(y))
    assert moved <= np.linalg.norm(x - y) / 2 + 4 * EPS


def test_one_half_is_the_best_constant():
    step = 1e-4
    moved = np.linalg.norm(softmax([step, -step]) - softmax([0, 0]))
    assert moved / np.linalg.norm([step, -step]) == pytest.approx(0.5, rel=1e-8)


@given(vectors(50), st.floats(0, 50))
def test_saturates(z, lead):
    logits = np.append(z, z.max() + lead)
    assert softmax(logits)[:-1].sum() <= len(z) * np.exp(-lead) * (1 + 1e-13)


@given(pairs(20), st.floats(0.1, 10))
def test_is_the_best_compromise(zw, temperature):
    z, weights = zw
    p, log_q = softmax(weights), log_softmax(z, temperature=temperature)
    value = p @ z + temperature * entropy(p)
    shortfall = temperature * (p @ (log_softmax(weights) - log_q))
    best = temperature * logsumexp(z / temperature)
    assert value == pytest.approx(best - shortfall, rel=1e-12, abs=1e-11)
    assert shortfall >= -1e-12


@given(vectors(20), st.floats(0.05, 20), st.floats(1.001, 10))
def test_heating_raises_the_entropy(z, temperature, factor):
    cold, hot = (entropy(softmax(z, temperature=t)) for t in (temperature, temperature * factor))
    assert hot >= cold - 4 * EPS


@given(WHOLE_NUMBERS)
def test_cold_is_argmax_with_ties_sharing_and_hot_is_uniform(z):
    leaders = z == z.max()
    np.testing.assert_array_equal(softmax(z, temperature=1e-3), leaders / leaders.sum())
    np.testing.assert_allclose(softmax(z, temperature=1e12), 1 / len(z), rtol=1e-10)


def test_every_test_that_a_page_names_exists():
    named = {
        name: page.name
        for page in (ROOT / "book").glob("*.md")
        for name in re.findall(r"`(test_\w+)`", page.read_text(encoding="utf-8"))
    }
    code = "\n".join(p.read_text(encoding="utf-8") for p in (ROOT / "tests").rglob("test_*.py"))
    assert len(named) > 10
    assert set(named) <= set(re.findall(r"def (test_\w+)", code))
