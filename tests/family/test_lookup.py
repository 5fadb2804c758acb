"""Attention: PyTorch beside it, blocks equal to the whole, masks of every kind, its memory."""

import tracemalloc

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from torch.nn import functional

from softmaxbook import entropy, softmax, softmax_weighted_mean
from softmaxbook.family.lookup import attention, attention_in_blocks, attention_weights

few = settings(max_examples=40)
FORMS = pytest.mark.parametrize("form", [attention, attention_in_blocks])


@st.composite
def problems(draw):
    """Queries, keys, values and a mask, with 0 to 2 axes in front."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    front = draw(st.lists(st.integers(1, 3), max_size=2))
    n, m, d, e = (draw(st.integers(1, 6)) for _ in range(4))
    q, k, v = (rng.normal(size=(*front, *s)) for s in ((n, d), (m, d), (m, e)))
    kind = draw(st.sampled_from(["none", "allowed", "added"]))
    allowed = rng.random((*front, n, m)) < 0.6
    added = np.where(allowed, rng.normal(size=allowed.shape), -np.inf)
    mask = {"none": None, "allowed": allowed, "added": added}[kind]
    return 3 * q, k, v, mask


# identities


@few
@given(problems(), st.booleans(), st.integers(1, 7))
def test_blocks_of_any_size_give_the_whole(problem, causal, block_size):
    whole = attention(*problem, causal=causal)
    blocks = attention_in_blocks(*problem, causal=causal, block_size=block_size)
    assert_allclose(blocks, whole, rtol=1e-12, atol=1e-14)


@few
@given(problems(), st.booleans())
def test_weights_sum_to_one_or_to_nothing(problem, causal):
    q, k, v, mask = problem
    weights = attention_weights(q, k, mask, causal)
    sums = weights.sum(axis=-1)
    assert_allclose(sums[sums > 0.5], 1, rtol=1e-14)
    assert (sums[sums <= 0.5] == 0).all()
    assert_allclose(weights @ v, attention(*problem, causal=causal), rtol=1e-12, atol=1e-14)
    h = entropy(weights)
    assert ((h >= 0) & (h <= np.log(k.shape[-2]) + 1e-12)).all()


@few
@given(problems())
def test_the_order_of_keys_does_not_matter(problem):
    q, k, v, mask = problem
    turned = None if mask is None else mask[..., ::-1]
    found = attention(q, k[..., ::-1, :], v[..., ::-1, :], turned)
    assert_allclose(found, attention(*problem), rtol=1e-11, atol=1e-13)


def test_what_is_masked_has_no_say():
    rng = np.random.default_rng(0)
    q, k, v = rng.normal(size=(3, 5, 4))
    changed = v.copy()
    changed[3] += 100
    mask = np.arange(5) != 3
    assert_array_equal(attention(q, k, v, mask), attention(q, k, changed, mask))
    assert_array_equal(
        attention(q, k, v, causal=True)[:3], attention(q, k, changed, causal=True)[:3]
    )
    fewer = attention(q, k[mask], v[mask])
    assert_allclose(attention(q, k, v, mask), fewer, rtol=1e-12)
    multiplied = (softmax(q @ k.T / 2) * mask) @ v
    assert np.abs(multiplied - fewer).max() > 0.1


# second routes


@few
@given(problems(), st.booleans())
def test_agrees_with_torch(problem, causal):
    q, k, v, mask = problem
    if causal:
        mask = None
    given_mask = None if mask is None else torch.tensor(mask)
    theirs = functional.scaled_dot_product_attention(
        *(torch.tensor(x) for x in (q, k, v)), attn_mask=given_mask, is_causal=causal
    ).numpy()
    assert_allclose(attention(q, k, v, mask, causal), theirs, atol=1e-12)


@FORMS
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_agrees_with_torch_on_longer_texts(form, dtype):
    rng = np.random.default_rng(1)
    q, k, v = rng.normal(size=(3, 2, 300, 32)).astype(dtype)
    for causal in (False, True):
        theirs = functional.scaled_dot_product_attention(
            *(torch.tensor(x) for x in (q, k, v)), is_causal=causal
        ).numpy()
        found = form(q, k, v, causal=causal)
        assert found.dtype == dtype
        assert_allclose(found, theirs, atol=1e-6)


@FORMS
@pytest.mark.parametrize("mask", [np.zeros((2, 3), bool), np.full((2, 3), -np.inf)])
def test_a_query_that_may_look_at_nothing_gets_zeros_as_in_torch(form, mask):
    mask = mask.copy()
    mask[0, 1] = True if mask.dtype == bool else 0
    rng = np.random.default_rng(2)
    q, k, v = rng.normal(size=(2, 4)), rng.normal(size=(3, 4)), rng.normal(size=(3, 5))
    theirs = functional.scaled_dot_product_attention(
        *(torch.tensor(x) for x in (q, k, v)), attn_mask=torch.tensor(mask)
    ).numpy()
    found = form(q, k, v, mask)
    assert_array_equal(found[1], np.zeros(5))
    assert_allclose(found, theirs, atol=1e-15)
    assert_array_equal(found[0], v[1])


def test_a_stream_of_one_query_gives_the_same():
    rng = np.random.default_rng(3)
    q, k, v = rng.normal(size=4), rng.normal(size=(50, 4)), rng.normal(size=(50, 3))
    chunks = [(k[i : i + 7] @ q / 2, v[i : i + 7]) for i in range(0, 50, 7)]
    assert_allclose(attention([q], k, v)[0], softmax_weighted_mean(chunks), rtol=1e-13)


# limits


def test_sharp_queries_look_up_and_blank_ones_average():
    k, v = np.eye(4), np.arange(4.0)[:, None]
    assert_allclose(attention(1e6 * np.eye(4), k, v), v, atol=1e-12)
    assert_allclose(attention(np.zeros((1, 4)), k, v), [[1.5]])
    assert_allclose(attention(np.eye(4), k, v, scale=0.0), np.full((4, 1), 1.5))


def test_without_the_scale_wide_queries_look_at_one_key():
    rng = np.random.default_rng(4)
    q, k = rng.normal(size=(200, 256)), rng.normal(size=(64, 256))
    scaled, bare = (entropy(attention_weights(q, k, scale=s)).mean() for s in (None, 1.0))
    assert scaled > 3
    assert bare < 0.6
    assert_allclose((q @ k.T).var(), 256, rtol=0.1)


@FORMS
def test_huge_scores_and_infinite_ones(form):
    v = [[1.0], [2.0], [3.0]]
    assert_array_equal(form([[1e300]], [[1.0], [-1.0], [0.5]], v), [[1.0]])
    added = np.array([[np.inf, 0.0, np.inf]])
    assert_array_equal(form([[1.0]], [[1.0], [1.0], [1.0]], v, added), [[2.0]])
    assert np.isnan(form([[np.nan], [1.0]], [[1.0]] * 3, v))[:, 0].tolist() == [True, False]


@FORMS
def test_types_and_axes_in_front(form):
    rng = np.random.default_rng(5)
    q, k, v = rng.normal(size=(3, 2, 5, 4))
    assert form(*(x.astype(np.float16) for x in (q, k, v))).dtype == np.float16
    assert form([[1, 2]], [[3, 4]], [[5]]).dtype == np.float64
    shared = form(q, k[0], v[0])
    assert shared.shape == (2, 5, 4)
    assert_allclose(shared[1], attention(q[1], k[0], v[0]), rtol=1e-13)
    assert form(q[0], k[0], v).shape == (2, 5, 4)
    padding = np.array([[[True] * 3 + [False] * 2], [[True] * 5]])
    padded = form(q, k, v, padding)
    assert_allclose(padded[0], attention(q[0], k[0, :3], v[0, :3]), rtol=1e-13)


def peak(function, *arguments):
    """Return the bytes at the peak that a call allocates."""
    tracemalloc.start()
    try:
        function(*arguments)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_blocks_need_a_small_part_of_the_memory():
    q, k, v = np.random.default_rng(6).normal(size=(3, 1024, 16)).astype(np.float32)
    assert peak(attention_in_blocks, q, k, v) < 0.2 * peak(attention, q, k, v)


# errors

ONE = np.ones((2, 3))


@FORMS
@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ((ONE, np.ones((2, 4)), ONE), ValueError, "queries and keys must have one width"),
        ((ONE, ONE, np.ones((3, 3))), ValueError, "each key needs a value"),
        ((ONE[0], ONE, ONE), ValueError, "queries must have at least two axes"),
        ((ONE, ONE[:0], ONE[:0]), ValueError, "each key needs a value"),
        ((np.ones((2, 2, 3)), np.ones((3, 2, 3)), ONE), ValueError, "axes in front do not fit"),
        ((ONE, ONE, ONE, np.ones((3, 2), bool)), ValueError, r"mask has shape \(3, 2\)"),
        ((ONE, ONE, ONE, np.ones((2, 2, 2), bool)), ValueError, "does not fit scores"),
        ((ONE, ONE, ONE, np.ones((2, 2), int)), TypeError, "mask must be truth values"),
        ((ONE, ONE, ONE, None, False, np.inf), ValueError, "scale must be finite"),
        ((["a"], ONE, ONE), TypeError, "queries must be real numbers"),
    ],
)
def test_errors_name_what_is_wrong(form, arguments, error, words):
    with pytest.raises(error, match=words):
        form(*arguments)


def test_more_errors():
    with pytest.raises(ValueError, match="block_size must be at least 1"):
        attention_in_blocks(ONE, ONE, ONE, block_size=0)
    with pytest.raises(ValueError, match="queries and keys must have one width"):
        attention_weights(ONE, np.ones((2, 4)))
    with pytest.raises(ValueError, match="keys must have at least two axes"):
        attention_weights(ONE, np.ones(3))


@pytest.mark.parametrize("form", [attention, attention_in_blocks])
@pytest.mark.parametrize("odd", [np.inf, -np.inf, np.nan])
@pytest.mark.parametrize("mask", [[[False, True, True]], [[-np.inf, 0.0, 0.0]]])
def test_what_is_masked_may_be_anything(form, odd, mask):
    q, k, v = np.ones((1, 2)), np.eye(3)[:, :2], np.array([[1.0, 2], [3, 4], [5, 6]])
    wanted = form(q, k, v, mask=mask)
    strange_k, strange_v = k.copy(), v.copy()
    strange_k[0], strange_v[0] = odd, odd
    assert_array_equal(form(q, strange_k, strange_v, mask=mask), wanted)
    assert_array_equal(form(q, k, strange_v), [[odd, odd]])  # and what is seen is seen


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("form", [attention, attention_in_blocks])
def test_large_values_do_not_overflow_in_a_sum(form, dtype):
    values = np.full((7, 1), np.finfo(dtype).max / 2, dtype)
    values[3] *= -1
    q, k = np.zeros((1, 1), dtype), np.zeros((7, 1), dtype)
    found = form(q, k, values, **({"block_size": 2} if form is attention_in_blocks else {}))
    assert_allclose(found / values[0], [[5 / 7]], rtol=4 * np.finfo(dtype).eps)


@pytest.mark.parametrize("form", [attention, attention_in_blocks])
def test_a_scale_beyond_single_precision(form):
    q, k, v = (np.array(x, np.float32) for x in ([[1e-30]], [[1e-9], [2e-9], [0]], np.eye(3)))
    found = form(q, k, v, scale=1e39)
    assert found.dtype == np.float32
    assert_allclose(found, softmax(np.array([[1.0, 2.0, 0.0]])), rtol=1e-6)


@pytest.mark.parametrize("shape", [(0, 3, 2), (2, 0, 2)])
def test_no_batches_and_no_queries(shape):
    keys = np.zeros((*shape[:-2], 3, 2))
    for form in (attention, attention_in_blocks):
        assert form(np.zeros(shape), keys, keys).shape == shape


def test_a_mask_with_a_gradient_is_refused_with_what_to_do():
    ones = np.ones((1, 1))
    with pytest.raises(TypeError, match=r"mask\.detach"):
        attention(ones, ones, ones, mask=torch.zeros((1, 1), requires_grad=True))
