"""A stream may be cut and its parts read in any order: the result is that of the whole."""

import math

import mpmath
import numpy as np
import pytest
from exact import ANY, error, rows
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import softmaxbook as sb

EPS = 2.0**-52
MODERATE = st.floats(-50, 50)
CHUNKS = st.lists(rows(ANY | MODERATE, min_size=0), min_size=1, max_size=6)


def read(chunks):
    """Return the state after reading all chunks."""
    running = sb.RunningLogSumExp()
    for chunk in chunks:
        running.update(chunk)
    return running


@given(CHUNKS)
def test_a_stream_gives_what_the_whole_gives(chunks):
    z, running = np.concatenate(chunks), read(chunks)
    if len(z) == 0:
        assert (running.maximum, running.scaled_sum, running.value) == (-np.inf, 0, -np.inf)
    else:
        assert running.maximum == z.max()
        near = 16 * EPS * max(1.0, np.abs(z).max())
        np.testing.assert_allclose(running.value, sb.logsumexp(z), rtol=4 * EPS, atol=near)


@given(CHUNKS, CHUNKS, CHUNKS)
def test_merging_is_associative_and_commutative(a, b, c):
    left = read(a).merge(read(b)).merge(read(c))
    right = read(c).merge(read(b).merge(read(a)))
    assert left.maximum == right.maximum
    np.testing.assert_allclose(left.scaled_sum, right.scaled_sum, rtol=1e-13)


def test_a_rising_stream_stays_accurate():
    z = np.arange(2000) * 0.37
    running = read(z[:, None])
    true = mpmath.log(mpmath.fsum(mpmath.exp(x) for x in z))
    assert error(running.value, true, np.float64) < 4


@pytest.mark.parametrize(
    ("chunks", "state"),
    [
        ([[-np.inf, -np.inf]], (-np.inf, 0, -np.inf)),
        ([[-np.inf], [1.0], [-np.inf]], (1, 1, 1)),
        ([[1.0], [np.inf], [np.inf, 2.0]], (np.inf, 2, np.inf)),
        ([[1.0], [np.nan], [2.0]], (np.nan, np.nan, np.nan)),
        ([[np.nan], [np.inf]], (np.nan, np.nan, np.nan)),
        ([[1e308], [-1e308]], (1e308, 1, 1e308)),
        ([[], [[1, 1], [1, 1]]], (1, 4, 1 + math.log(4))),
    ],
)
def test_special_streams(chunks, state):
    with np.errstate(all="raise"):
        running = read(chunks)
        np.testing.assert_equal((running.maximum, running.scaled_sum, running.value), state)


@given(rows(ANY | MODERATE, max_size=20), st.integers(1, 25))
def test_online_softmax_is_softmax(z, chunk_size):
    near = 700 * EPS  # two roundings of differences up to 745
    np.testing.assert_allclose(
        sb.online_softmax(z, chunk_size), sb.softmax(z), rtol=near, atol=1e-322
    )


def test_online_softmax_of_special_rows():
    with np.errstate(all="raise"):
        np.testing.assert_array_equal(
            sb.online_softmax([-np.inf, np.inf, 1, np.inf], 2), [0, 0.5, 0, 0.5]
        )
        assert np.isnan(sb.online_softmax([-np.inf, -np.inf], 1)).all()
        assert np.isnan(sb.online_softmax([np.nan, 1], 1)).all()
        assert sb.online_softmax(np.float16([1, 2]), 1).dtype == np.float16


@given(st.lists(hnp.arrays(np.float64, st.tuples(st.integers(1, 5), st.just(4)), elements=MODERATE),
                min_size=1, max_size=5))  # fmt: skip
def test_weighted_mean_of_a_stream(blocks):
    together = np.concatenate(blocks)
    mean = sb.softmax_weighted_mean((block[:, 0], block[:, 1:]) for block in blocks)
    expected = sb.softmax(together[:, 0]) @ together[:, 1:]
    np.testing.assert_allclose(mean, expected, rtol=0, atol=1e-12)


def test_weighted_mean_passes_masked_blocks():
    vectors = np.array([[1.0], [2.0]])
    blocks = [
        (np.full(2, -np.inf), vectors),
        (np.zeros(2), vectors),
        (np.full(2, -np.inf), vectors),
    ]
    assert sb.softmax_weighted_mean(blocks) == 1.5
    assert np.isnan(sb.softmax_weighted_mean(blocks[:1]))


def test_refusals():
    with pytest.raises(ValueError, match=r"logits must be one row, their shape is \(1, 1\)"):
        sb.online_softmax([[1.0]], 1)
    with pytest.raises(ValueError, match="chunk_size must be at least 1, got 0"):
        sb.online_softmax([1.0], 0)
    with pytest.raises(ValueError, match="has no entries"):
        sb.online_softmax([], 1)
    with pytest.raises(TypeError, match="chunk must be real numbers"):
        sb.RunningLogSumExp().update(["1"])
    with pytest.raises(ValueError, match="at least one pair"):
        sb.softmax_weighted_mean([])
