"""Parts that tell each other two numbers a row know what the whole knows."""

import numpy as np
import pytest
import torch
from exact import error, truth
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from softmaxbook import RunningLogSumExp, cross_entropy, cross_entropy_gradient, logsumexp, softmax
from softmaxbook.family.parallel import (
    Summary,
    gradient_of_part,
    loss_of_part,
    merge,
    merged_cross_entropy,
    softmax_of_part,
    split_classes,
    summarise,
)

few = settings(max_examples=40)


@st.composite
def cut_logits(draw):
    """Logits, labels, and where the classes are cut into parts."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    n, k = draw(st.integers(1, 5)), draw(st.integers(1, 20))
    z = draw(st.sampled_from([1.0, 50.0, 800.0])) * rng.normal(size=(n, k))
    z[:, 1:] = np.where(rng.random((n, k - 1)) < 0.1, -np.inf, z[:, 1:])
    labels = np.where(np.isneginf(z).any(axis=1), 0, rng.integers(k, size=n))
    cuts = sorted(draw(st.sets(st.integers(1, k - 1), max_size=4))) if k > 1 else []
    return z, labels, np.split(z, cuts, axis=1)


# identities and second routes


@few
@given(cut_logits())
def test_loss_and_gradient_are_those_of_the_whole(problem):
    z, labels, parts = problem
    losses, slopes = merged_cross_entropy(parts, labels)
    assert_allclose(losses, cross_entropy(z, labels, "none"), rtol=1e-13, atol=1e-15)
    together = np.concatenate(slopes, axis=1)
    assert_allclose(together, cross_entropy_gradient(z, labels, "none"), atol=2e-15)
    whole = merge(map(summarise, parts))
    assert_allclose(whole.log_normaliser, logsumexp(z), rtol=1e-13, atol=1e-13)
    p = np.concatenate([softmax_of_part(part, whole) for part in parts], axis=1)
    assert_allclose(p, softmax(z), rtol=1e-12, atol=1e-300)


@few
@given(cut_logits(), st.randoms(use_true_random=False))
def test_the_order_and_the_grouping_of_merges_do_not_matter(problem, random):
    summaries = [summarise(part) for part in problem[2]]
    whole = merge(summaries)
    random.shuffle(summaries)
    grouped = summaries[0]
    for summary in summaries[1:]:
        grouped = merge([grouped, summary])
    assert_array_equal(grouped.maximum, whole.maximum)
    assert_allclose(grouped.scaled_sum, whole.scaled_sum, rtol=1e-14)


@few
@given(cut_logits())
def test_a_summary_is_the_state_of_a_stream(problem):
    for row, summary in zip(problem[0], np.transpose(summarise(problem[0])), strict=True):
        running = RunningLogSumExp().update(row)
        assert_allclose(summary, [running.maximum, running.scaled_sum], rtol=1e-14)


@pytest.mark.parametrize("n_parts", [1, 2, 3, 8])
def test_is_right_to_a_few_units(n_parts):
    z = 3 * np.random.default_rng(20261128).normal(size=(1, 1000))
    parts = [z[:, each] for each in split_classes(1000, n_parts)]
    losses, _ = merged_cross_entropy(parts, [17])
    assert error(losses[0], -truth(z[0]).log_p[17], np.float64) < 4


@few
@given(st.integers(1, 500), st.integers(1, 20))
def test_classes_are_spread_evenly(n_classes, n_parts):
    if n_parts > n_classes:
        with pytest.raises(ValueError, match="cannot be spread"):
            split_classes(n_classes, n_parts)
        return
    parts = split_classes(n_classes, n_parts)
    assert np.concatenate([np.arange(n_classes)[part] for part in parts]).tolist() == list(
        range(n_classes)
    )
    assert np.ptp([part.stop - part.start for part in parts]) <= 1


# limits


def test_masks_infinities_and_nan_are_those_of_softmax():
    inf, nan = np.inf, np.nan
    z = np.array([[0, -inf, -inf], [-inf, -inf, -inf], [inf, 1, inf], [nan, 1, 2], [1, 2, 800]])
    parts = [z[:, :1], z[:, 1:]]
    whole = merge(map(summarise, parts))
    p = np.concatenate([softmax_of_part(part, whole) for part in parts], axis=1)
    assert_array_equal(p, softmax(z))
    losses, _ = merged_cross_entropy(parts, [0, 0, 2, 1, 2])
    assert_allclose(losses, [0, nan, np.log(2), nan, 0], atol=1e-15)
    assert_array_equal(merged_cross_entropy(parts, [1, 0, 1, 0, 0])[0][[0, 2]], [inf, inf])


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_types_of_the_results(dtype):
    z = np.random.default_rng(0).normal(size=(3, 10)).astype(dtype)
    losses, slopes = merged_cross_entropy([z[:, :4], z[:, 4:]], [0, 5, 9])
    assert losses.dtype == np.float64
    assert slopes[0].dtype == dtype
    assert_allclose(np.hstack(slopes), cross_entropy_gradient(z, [0, 5, 9], "none"), atol=1e-3)


def test_a_label_stands_on_one_part_only():
    whole = Summary(np.zeros(3), np.ones(3))
    z = np.zeros((3, 2))
    assert_array_equal(loss_of_part(z - 1, [0, 3, 4], 3, whole), [0, 1, 1])
    assert_array_equal(gradient_of_part(z, [0, 3, 4], 3, whole), [[1, 1], [0, 1], [1, 0]])


# errors

ROWS = np.zeros((2, 3))


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: merge([]), ValueError, "nothing to merge"),
        (lambda: summarise([]), ValueError, "no entries"),
        (lambda: summarise("a"), TypeError, "logits must be real numbers"),
        (lambda: split_classes(3, 0), ValueError, "3 classes cannot be spread over 0 parts"),
        (lambda: merged_cross_entropy([ROWS, ROWS[:1]], [0, 0]), ValueError, "parts must be rows"),
        (lambda: merged_cross_entropy([], [0]), ValueError, "parts must be rows"),
        (lambda: merged_cross_entropy([ROWS, ROWS], [0, 6]), ValueError, r"labels\[1\] = 6 is not"),
        (lambda: merged_cross_entropy([ROWS], [0]), ValueError, "one whole number a row"),
        (lambda: loss_of_part(ROWS, [0.5, 1], 0, merge([summarise(ROWS)])), ValueError, "float64"),
        (lambda: merged_cross_entropy([["a"]], [0]), TypeError, r"parts\[0\] must be real"),
    ],
)
def test_errors_name_what_is_wrong(call, error, words):
    with pytest.raises(error, match=words):
        call()


def test_no_rows_at_all():
    losses, slopes = merged_cross_entropy([np.zeros((0, 3)), np.zeros((0, 2))], np.zeros(0, int))
    assert losses.shape == (0,)
    assert [each.shape for each in slopes] == [(0, 3), (0, 2)]
    assert summarise(np.zeros((0, 3))).maximum.shape == (0,)


@pytest.mark.parametrize("gap", [30.0, 36.0, 40.0, 700.0])
def test_a_nearly_certain_label_costs_nothing_up_to_the_rounding_of_one(gap):
    losses, slopes = merged_cross_entropy([[[gap]], [[0.0]]], [0])
    whole = [[gap, 0.0]]
    assert_allclose(losses, cross_entropy(whole, [0], reduction="none"), atol=2**-52, rtol=0)
    wanted = cross_entropy_gradient(whole, [0], reduction="none")
    assert_allclose(np.concatenate(slopes, axis=1), wanted, atol=2**-52, rtol=0)


def test_labels_that_are_none():
    for labels, words in (
        (["a"], "labels must be numbers"),
        (torch.ones(1, requires_grad=True), r"labels\.detach"),
    ):
        with pytest.raises(TypeError, match=words):
            merged_cross_entropy([[[1.0]], [[0.0]]], labels)
