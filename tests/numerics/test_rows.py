"""The walk over rows reaches each entry once, in every memory order, and changes nothing else."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from softmaxbook.numerics import rows as walk
from softmaxbook.numerics.rows import by_rows, maxima, row_blocks, row_slices, working_dtype


@given(
    st.data(),
    hnp.array_shapes(max_dims=4, max_side=7),
    st.sampled_from(["float16", "float32", "float64"]),
    st.sampled_from(["float32", "float64"]),
    st.sampled_from([1, 64, 200, 1000, 10**6]),
    st.booleans(),
)
def test_blocks_cover_every_row_once(data, shape, dtype, work, block_bytes, transposed):
    source = np.arange(np.prod(shape), dtype=dtype).reshape(shape)
    source = source.T if transposed else source
    axis = data.draw(st.integers(0, len(shape) - 1))
    target, before = np.full(source.shape, -1.0, dtype), source.copy()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(walk, "BLOCK_BYTES", block_bytes)
        for rows, results in row_blocks(source, target, axis, work):
            assert rows.shape == results.shape
            assert rows.shape[-1] == source.shape[axis]
            assert rows.dtype == results.dtype == work
            results[...] = rows + 1
    np.testing.assert_array_equal(target, before + 1)
    np.testing.assert_array_equal(source, before)


def test_blocks_are_as_large_as_announced():
    source = np.zeros((1000, 1000))
    sizes = [rows.nbytes for rows, _ in row_blocks(source, source.copy(), 1, float)]
    assert max(sizes) <= walk.BLOCK_BYTES < 2 * sizes[0]


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_blocks_reduce_an_axis(axis):
    source = np.arange(24.0).reshape(2, 3, 4)
    target = np.empty_like(source.sum(axis=axis, keepdims=True))
    for rows, results in row_blocks(source, target, axis, float):
        results[...] = rows.sum(axis=-1, keepdims=True)
    np.testing.assert_array_equal(target, source.sum(axis=axis, keepdims=True))


def test_no_rows_are_no_blocks():
    for shape, axis in [((0, 3), 1), ((3, 0), 0), ((0, 3, 2), 1)]:
        empty = np.empty(shape)
        assert sum(rows.size for rows, _ in row_blocks(empty, empty.copy(), axis, float)) == 0


def doubled(rows, temperature, out):
    np.multiply(rows, 2 * temperature, out=out)


@pytest.mark.parametrize("shape", [(3,), (5, 3), (300, 3), (1000, 3), (20_000, 17), (2, 300, 4)])
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_a_kernel_meets_every_row(shape, dtype):
    source = (np.arange(np.prod(shape)) % 512).astype(dtype).reshape(shape)
    for axis in range(source.ndim):
        result = by_rows(doubled, source, axis)
        assert result.dtype == source.dtype
        np.testing.assert_array_equal(result, 2 * source)


def test_many_short_rows_are_laid_side_by_side_and_few_are_not():
    seen = []

    def noting(rows, temperature, out):
        seen.append(rows.strides)
        out[...] = rows

    for n_rows in (walk.MANY - 1, walk.MANY):
        source = np.arange(3.0 * n_rows).reshape(n_rows, 3)
        np.testing.assert_array_equal(by_rows(noting, source, 1), source)
    assert seen == [(24, 8), (8, 8 * walk.MANY)]


def test_slices_cover_all_rows_once():
    for n_rows, row_bytes in [(0, 8), (1, 8), (1000, walk.BLOCK_BYTES // 3), (3, 10**9)]:
        found = [i for part in row_slices(n_rows, row_bytes) for i in range(n_rows)[part]]
        assert found == list(range(n_rows))


def test_a_kernel_warns_of_nothing():
    with np.errstate(all="raise"):
        by_rows(lambda rows, _, out: np.log(rows, out=out), np.zeros((3, 2)), 1)


@pytest.mark.parametrize(
    ("dtype", "temperature", "work"),
    [
        ("float16", 1.0, "float32"),
        ("float32", 1.0, "float32"),
        ("float64", 1.0, "float64"),
        ("longdouble", 1.0, "longdouble"),
        ("float16", 2.0, "float64"),
        ("float32", 0.1, "float64"),
        ("longdouble", 2.0, "longdouble"),
    ],
)
def test_working_types(dtype, temperature, work):
    assert working_dtype(np.dtype(dtype), temperature) == np.dtype(work)


@pytest.mark.parametrize("shape", [(10, 64), (64, 100), (127, 33), (128, 40), (1003, 7)])
@pytest.mark.parametrize("kind", ["distinct", "ties", "with nan"])
def test_maxima_of_rows_side_by_side_are_those_of_the_same_rows_in_one_piece(shape, kind):
    entries = np.random.default_rng(20261128).normal(size=shape)
    if kind == "ties":
        entries = np.rint(entries)
    if kind == "with nan":
        entries[shape[0] // 2, ::3] = np.nan
        entries[-1, 1::3] = np.nan
    side_by_side, one_piece = entries.T, np.ascontiguousarray(entries.T)
    index, top = maxima(side_by_side)
    np.testing.assert_array_equal(top, maxima(one_piece)[1])
    np.testing.assert_array_equal(side_by_side.ravel("K")[index], top[:, 0])
    np.testing.assert_array_equal(index % shape[1], np.arange(shape[1]))
