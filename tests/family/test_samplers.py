"""Filters keep what they promise, and a draw is never of something impossible."""

import numpy as np
import pytest
import torch
from exact import rows
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy.stats import chisquare

from softmaxbook import softmax
from softmaxbook.family.samplers import draw, generate, min_p, nucleus, top_k

MODERATE = st.floats(-20, 20)
SHARES = st.floats(0.01, 1)
few = settings(max_examples=50)

# identities


@few
@given(rows(MODERATE), st.integers(1, 10), SHARES, st.floats(0.1, 10))
def test_what_is_kept_is_softmax_among_itself(z, k, share, temperature):
    p = softmax(z, temperature=temperature)
    for q in (
        top_k(z, k, temperature=temperature),
        nucleus(z, share, temperature=temperature),
        min_p(z, share, temperature=temperature),
    ):
        assert abs(q.sum() - 1) < 1e-14
        kept = q > 0
        assert_allclose(q[kept], p[kept] / p[kept].sum(), rtol=1e-12)
        assert p[kept].min() >= p[~kept].max(initial=0)  # nobody left out is better
        assert kept[p.argmax()]


@few
@given(rows(MODERATE), st.integers(1, 10))
def test_top_k_keeps_k(z, k):
    assert np.count_nonzero(top_k(z, k)) == min(k, len(z))


@few
@given(rows(MODERATE), SHARES)
def test_the_nucleus_has_the_mass_and_is_the_smallest(z, share):
    p, kept = softmax(z), nucleus(z, share) > 0
    assert p[kept].sum() >= share - 1e-12
    assert p[kept].sum() - p[kept].min() < share + 1e-12


@few
@given(rows(MODERATE), SHARES, st.floats(0.2, 5))
def test_min_p_is_a_distance_of_logits(z, share, temperature):
    far = (z.max() - z) / temperature + np.log(share)
    clear = np.abs(far) > 1e-9
    kept = min_p(z, share, temperature=temperature) > 0
    assert_array_equal(kept[clear], far[clear] < 0)


# second routes and limits


def test_agrees_with_torch():
    z = np.random.default_rng(0).normal(size=(30, 50))
    values, places = torch.tensor(z).topk(7)
    theirs = torch.zeros(30, 50, dtype=torch.float64).scatter(1, places, values.softmax(-1))
    assert_allclose(top_k(z, 7), theirs.numpy(), rtol=1e-13)
    ordered, places = torch.tensor(z).softmax(-1).sort(descending=True)
    ordered[(ordered.cumsum(-1) - ordered) >= 0.8] = 0
    theirs = torch.zeros(30, 50, dtype=torch.float64).scatter(1, places, ordered)
    assert_allclose(nucleus(z, 0.8), (theirs / theirs.sum(-1, keepdim=True)).numpy(), rtol=1e-13)


def test_the_one_at_the_crossing_is_kept():
    z = np.log([0.5, 0.3, 0.2])
    assert_array_equal(nucleus(z, 0.5) > 0, [True, False, False])
    assert_array_equal(nucleus(z, 0.51) > 0, [True, True, False])
    assert_array_equal(nucleus(z, 0.81) > 0, [True, True, True])


def test_filters_that_keep_all_or_one():
    z = np.random.default_rng(1).normal(size=(3, 20_000))
    assert_allclose(nucleus(z, 1.0), softmax(z), rtol=1e-12)
    assert_allclose(top_k(z, 10**6), softmax(z), rtol=1e-12)
    for q in (top_k(z, 1), nucleus(z, 1e-9), min_p(z, 1.0)):
        assert_array_equal(np.argwhere(q == 1)[:, 1], z.argmax(axis=1))


def test_equals_at_the_edge():
    assert_array_equal(top_k([1.0, 1.0, 1.0, 0.0], 2), [0.5, 0.5, 0, 0])
    assert_allclose(min_p([1.0, 1.0, 1.0, 0.0], 1.0), [1 / 3] * 3 + [0])


def test_axes_types_and_masks():
    z = np.random.default_rng(2).normal(size=(4, 5, 6))
    assert_array_equal(top_k(z, 2, axis=1), np.moveaxis(top_k(np.moveaxis(z, 1, 2), 2), 2, 1))
    assert nucleus(z.astype(np.float16), 0.5).dtype == np.float16
    assert_array_equal(top_k([0.0, -np.inf, -np.inf], 2), [1, 0, 0])
    assert_array_equal(top_k([np.inf, np.inf, 0.0], 3), [0.5, 0.5, 0])
    assert np.isnan(nucleus([[np.nan, 0.0], [0.0, 1.0]], 0.9)).tolist() == [[True] * 2, [False] * 2]


def test_cold_sampling_is_greedy():
    z = np.random.default_rng(3).normal(size=50)
    assert_array_equal(draw(nucleus(z, 0.9, temperature=1e-6), 0, 100), np.full(100, z.argmax()))


# draws


def test_draws_have_the_probabilities():
    p = np.array([0.1, 0.0, 0.4, 0.2, 0.3])
    counts = np.bincount(draw(p, 20261128, 50_000), minlength=5)
    assert counts[1] == 0
    assert chisquare(counts[p > 0], 50_000 * p[p > 0]).pvalue > 0.01


@few
@given(st.integers(0, 2**32), st.sampled_from([np.float16, np.float32, np.float64]))
def test_nothing_impossible_is_drawn(seed, dtype):
    rng = np.random.default_rng(seed)
    p = softmax(10 * rng.normal(size=(3, 1000)).astype(dtype))
    p[:, -500:] = 0
    drawn = draw(p, rng, 50)
    assert drawn.shape == (50, 3)
    assert (p[np.arange(3), drawn] > 0).all()


class Ends(np.random.Generator):
    """A generator that only knows the ends of its interval."""

    def random(self, size=None):
        """Return the smallest and the largest number that NumPy draws, in turns."""
        return np.resize([0.0, 1 - 2.0**-53], size)


def test_the_ends_of_the_unit_interval_do_no_harm():
    drawn = draw([0.0, 0.3, 0.7, 0.0], Ends(np.random.PCG64(0)), 4)
    assert set(drawn.tolist()) == {1, 2}


def test_shapes_of_draws():
    assert draw([0.0, 1.0], 0) == 1
    assert draw(np.full((2, 3, 4), 0.25), 0).shape == (2, 3)
    assert draw(np.full((2, 3, 4), 0.25), 0, 5).shape == (5, 2, 3)
    assert draw([0.5, 0.5], 0, 0).shape == (0,)


# generation


def successor(tokens):
    return np.where(np.arange(5) == (tokens[-1] + 1) % 5, 3.0, 0.0)


def test_generation_goes_on_from_the_prompt_and_stops():
    greedy = {"rng": 0, "sampler": lambda z: top_k(z, 1)}
    assert generate(successor, [3], 4, **greedy) == [3, 4, 0, 1, 2]
    assert generate(successor, [3], 4, stop=0, **greedy) == [3, 4, 0]
    assert generate(successor, [3], 0, **greedy) == [3]
    first = generate(successor, np.array([3]), 30, rng=1)
    assert first == generate(successor, [3], 30, rng=1) != generate(successor, [3], 30, rng=2)


# errors


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: top_k([1.0], -2), ValueError, "k must be at least 1, got -2"),
        (lambda: top_k([1.0], 0), ValueError, "k must be at least 1"),
        (lambda: top_k([1.0], 1.5), TypeError, "integer"),
        (lambda: nucleus([1.0], 0.0), ValueError, r"p must be in \(0, 1\], got 0"),
        (lambda: nucleus([1.0], 1.01), ValueError, r"p must be in \(0, 1\]"),
        (lambda: nucleus([1.0], np.nan), ValueError, "got nan"),
        (lambda: min_p([1.0], -0.1), ValueError, r"p must be in \(0, 1\]"),
        (lambda: min_p([], 0.1), ValueError, "no entries"),
        (lambda: top_k([1.0], 1, temperature=-1), ValueError, "temperature"),
        (lambda: draw([0.5, -0.5], 0), ValueError, "probability -0.5 of class 1"),
        (lambda: draw([[1.0], [np.nan]], 0), ValueError, "probability nan of class 0"),
        (lambda: draw([0.0, 0.0], 0), ValueError, "nothing to draw"),
        (lambda: draw(["a"], 0), TypeError, "probabilities must be real"),
        (lambda: generate(successor, [], 3, 0), ValueError, "the prompt is empty"),
        (lambda: generate(successor, [1], -1, 0), ValueError, "n_tokens must not be negative"),
    ],
)
def test_errors_name_what_is_wrong(call, error, words):
    with pytest.raises(error, match=words):
        call()


@pytest.mark.parametrize("temperature", [1.0, 1e17, 1e308])
@pytest.mark.parametrize("z", [[1.0, 3.0, 2.0], [1.0, 1.0 + 2**-52, 0.0], [-800.0, 0.0, -799.0]])
def test_logits_tell_apart_what_rounds_to_one_probability(z, temperature):
    order = np.argsort(z)[::-1]
    for k in (1, 2):
        kept = softmax(np.where(np.isin(range(3), order[:k]), z, -np.inf), temperature=temperature)
        found = top_k(z, k, temperature=temperature)
        assert_array_equal(found > 0, kept > 0)
        assert_allclose(found, kept, rtol=1e-14)
    for filtered in (nucleus(z, 1e-9, temperature=temperature), min_p(z, 1, -1, temperature)):
        assert_array_equal(filtered, np.eye(3)[order[0]])


@pytest.mark.parametrize("size", [1e308, 1.0, 1e-307, 5e-324])
def test_a_factor_changes_no_draw(size):
    p = np.array([3.0, 0.0, 1.0, 2.0])
    drawn = draw(p * size if size < 1 else p / 3 * size, rng=0, n_samples=500)
    assert_array_equal(drawn, draw(p if size < 1 else p / 3, rng=0, n_samples=500))


def test_numbers_that_no_sampler_can_use():
    for call, words in (
        (lambda: draw([0.5, 0.5], 0, -1), "n_samples must not be negative"),
        (lambda: draw(torch.zeros(2, requires_grad=True), 0), "probabilities cannot be read"),
        (lambda: generate(lambda _: [0.0, 1.0], "a text", 1, 0), "got a text"),
        (lambda: generate(lambda _: [0.0, 1.0], [1.5], 1, 0), "a list of whole numbers"),
    ):
        with pytest.raises((TypeError, ValueError), match=words):
            call()
