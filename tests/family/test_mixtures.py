"""Mixtures of softmaxes and the rank that one softmax layer can reach."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from softmaxbook import log_softmax, softmax
from softmaxbook.family.mixtures import log_mixture, mixture_of_softmaxes, softmax_rank

few = settings(max_examples=30)
SHAPES = st.tuples(st.integers(1, 4), st.integers(1, 5), st.integers(1, 6))


@few
@given(SHAPES, st.integers(0, 2**32), st.sampled_from([0.1, 3.0, 30.0]))
def test_is_the_mean_of_probabilities(shape, seed, scale):
    rng = np.random.default_rng(seed)
    z, a = scale * rng.normal(size=shape), rng.normal(size=shape[:2])
    p = mixture_of_softmaxes(z, a)
    assert_allclose(p.sum(axis=-1), 1, rtol=1e-13)
    assert_allclose(p, np.einsum("...h,...hk->...k", softmax(a), softmax(z)), rtol=1e-12)


def test_one_head_is_softmax_and_equal_heads_too():
    z = np.random.default_rng(0).normal(size=(5, 7))
    assert_allclose(log_mixture(z[:, None], np.zeros((5, 1))), log_softmax(z), rtol=1e-14)
    same = np.repeat(z[:, None], 3, axis=1)
    assert_allclose(log_mixture(same, np.zeros((5, 3))), log_softmax(z), rtol=1e-12)


def test_the_mean_of_logits_is_another_distribution():
    z = np.array([[9.0, 0.0, 0.0], [0.0, 0.0, 9.0]])
    assert np.abs(mixture_of_softmaxes(z, [0.0, 0.0]) - softmax(z.mean(axis=0))).max() > 0.002


def test_keeps_far_tails_masks_and_types():
    z = np.array([[0, -800, -np.inf], [0, -900, -np.inf]], np.float32)
    found = log_mixture(z, np.zeros(2, np.float32))
    assert found.dtype == np.float32
    assert_allclose(found, [0, -800 - np.log(2), -np.inf], rtol=1e-6, atol=1e-7)
    assert np.isnan(log_mixture([[np.nan, 0.0]], [0.0])).all()


@few
@given(st.integers(1, 6), st.integers(0, 2**32), st.sampled_from([1e-3, 1.0, 50.0]))
def test_one_softmax_layer_reaches_the_rank_of_its_width(width, seed, scale):
    rng = np.random.default_rng(seed)
    logits = scale * rng.normal(size=(30, width)) @ rng.normal(size=(width, 20))
    assert softmax_rank(log_softmax(logits)) == softmax_rank(logits) == width
    shifted = logits + 100 * rng.normal(size=(30, 1))
    assert softmax_rank(shifted) == width
    assert np.linalg.matrix_rank(log_softmax(logits)) in (width, width + 1)


def test_a_mixture_of_the_same_width_reaches_more():
    rng = np.random.default_rng(5)
    heads = rng.normal(size=(60, 3, 4)) @ rng.normal(size=(4, 20))
    assert softmax_rank(log_mixture(heads, rng.normal(size=(60, 3)))) == 19


def test_ranks_at_the_ends():
    assert softmax_rank(np.zeros((4, 5))) == 0
    assert softmax_rank(np.log(np.full((3, 1), 1.0))) == 0
    assert softmax_rank(np.eye(4)) == 3
    assert softmax_rank(np.diag([1.0, 1e-3, 0.0]), tolerance=0.01) == 1


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: log_mixture(np.zeros((2, 3)), np.zeros(3)), ValueError, "one number a head"),
        (lambda: log_mixture(np.zeros((2, 0)), np.zeros(2)), ValueError, "no entries"),
        (lambda: mixture_of_softmaxes(["a"], [1.0]), TypeError, "logits must be real"),
        (lambda: softmax_rank(np.zeros(3)), ValueError, "must be a matrix"),
        (lambda: softmax_rank(np.log([[0.5, 0.5], [1.0, 1.0]]) - [[0, np.inf]]), ValueError,
         "must be finite"),
    ],
)  # fmt: skip
def test_errors_name_what_is_wrong(call, error, words):
    with pytest.raises(error, match=words):
        call()


def test_the_wrong_shape_is_not_broadcast():
    with pytest.raises(ValueError, match=r"shape \(2, 3\), got \(3,\)"):
        log_mixture(np.zeros((2, 3, 4)), np.zeros(3))
    assert_array_equal(mixture_of_softmaxes(np.zeros((2, 3, 4)), np.zeros((2, 3))), 0.25)


@pytest.mark.parametrize(("dtype", "units"), [(np.float16, 0.51), (np.float32, 8)])
def test_small_types_keep_their_digits(dtype, units):
    rng = np.random.default_rng(0)
    z, a = rng.normal(size=(2, 1000)).astype(dtype), rng.normal(size=2).astype(dtype)
    p = mixture_of_softmaxes(z, a)
    assert p.dtype == dtype
    exact = mixture_of_softmaxes(z.astype(float), a.astype(float))
    assert_allclose(p.astype(float), exact, rtol=units * np.finfo(dtype).eps)


@pytest.mark.parametrize("size", [1e-308, 1e-200, 1e200, 1e300, 8e307])
def test_the_rank_does_not_depend_on_the_size(size):
    rng = np.random.default_rng(0)
    a = rng.uniform(-1, 1, size=(6, 2)) @ rng.uniform(-1, 1, size=(2, 5))
    assert softmax_rank(a * size) == softmax_rank(a) == 2
    assert softmax_rank(a * size, tolerance=10 * size) == 0
    with pytest.raises(ValueError, match="tolerance must not be negative, got nan"):
        softmax_rank(a, tolerance=np.nan)
