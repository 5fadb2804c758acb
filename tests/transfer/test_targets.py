"""Targets: resized honestly, moved as promised, cut so that no pixel is in two parts."""

from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.lib.stride_tricks import sliding_window_view
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.datasets import load_sample_images

from softmaxbook.learning.datasets import Part, load
from softmaxbook.transfer.glyphs import CLASSES, SIZE
from softmaxbook.transfer.targets import (
    GREEK,
    PER_TEXTURE,
    ROUTE,
    TEXTURES,
    digit_pictures,
    few_labels,
    greek_pictures,
    pixel_order,
    resized,
    shuffled_digits,
    texture_pictures,
)

TARGETS = {
    "digits": digit_pictures,
    "half moved": lambda: shuffled_digits(0.5),
    "Greek letters": greek_pictures,
    "textures": texture_pictures,
}
every_target = pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)


def parts_of(data):
    return data.train, data.validation, data.test


# what all targets share


@every_target
def test_pictures_are_float32_in_0_to_1_and_cannot_be_changed(target):
    for part in parts_of(target()):
        assert part.features.shape == (len(part.labels), 1, SIZE, SIZE)
        assert part.features.dtype == np.float32
        assert part.features.min() >= 0
        assert part.features.max() <= 1
        with pytest.raises(ValueError, match="read-only"):
            part.features[0] = 0


@every_target
def test_every_part_has_every_class_alike_and_no_picture_of_another(target):
    data = target()
    for part in parts_of(data):
        counts = np.bincount(part.labels, minlength=data.n_classes)
        assert counts.max() - counts.min() <= 0.06 * counts.max() + 1
    train, validation, test = (
        {picture.tobytes() for picture in part.features} for part in parts_of(data)
    )
    assert not train & validation | train & test | validation & test


# resizing


@given(st.integers(1, 9), st.integers(0, 20), st.integers(0, 100))
def test_resized_agrees_with_torch(n, more, seed):
    pictures = np.random.default_rng(seed).normal(size=(2, 3, n, n))
    peer = torch.nn.functional.interpolate(torch.tensor(pictures), n + more, mode="bilinear")
    assert_allclose(resized(pictures, n + more), peer, atol=1e-6)


def test_resized_keeps_constants_and_its_own_size():
    assert_array_equal(resized(np.full((4, 4), 0.25), 16), 0.25)
    own = np.arange(9.0).reshape(3, 3)
    assert_array_equal(resized(own, 3), own)


@pytest.mark.parametrize(("shape", "size"), [((3, 4), 8), ((4,), 8), ((4, 4), 3)])
def test_resized_refuses_what_it_cannot_enlarge(shape, size):
    with pytest.raises(ValueError, match="need squares of at most"):
        resized(np.zeros(shape), size)


# digits


def reduced(pictures):
    """Return the 8 × 8 pixels that were enlarged: interpolation loses nothing."""
    enlarge = resized(np.eye(8)[:, None, :] * np.ones((8, 8, 1)), SIZE)[:, 0].T  # (16, 8)
    shrink = np.linalg.pinv(enlarge.astype(float))
    return shrink @ pictures[:, 0].astype(float) @ shrink.T


def test_digits_are_those_of_scikit_learn():
    for part, original in zip(parts_of(digit_pictures()), parts_of(load("digits")), strict=True):
        assert_array_equal(part.labels, original.labels)
        assert_allclose(reduced(part.features).reshape(-1, 64) * 16, original.features, atol=1e-4)


@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 1.0])
def test_the_share_of_pixels_moves_and_what_they_say_stays(share):
    before, after = (
        np.rint(16 * reduced(data.train.features)).reshape(-1, 64)
        for data in (digit_pictures(), shuffled_digits(share))
    )
    assert_array_equal(np.sort(before), np.sort(after))
    blank = before.max(axis=0) == 0  # such pixels may change places with each other unseen
    moved = np.count_nonzero((before != after).any(axis=0))
    assert 64 * share - np.count_nonzero(blank) <= moved <= 64 * share
    assert_array_equal(digit_pictures().train.labels, shuffled_digits(share).train.labels)


@pytest.mark.parametrize("share", [-0.1, 1.1, np.nan])
def test_a_share_outside_0_to_1_is_refused(share):
    with pytest.raises(ValueError, match=r"share must be in \[0, 1\], got"):
        shuffled_digits(share)


def test_places_join_the_move_one_by_one_and_no_pixel_is_lost():
    for n_moved in range(65):
        order = pixel_order(n_moved)
        assert_array_equal(np.sort(order), np.arange(64))
        moved = set(np.flatnonzero(order != np.arange(64)).tolist())
        assert moved == (set(ROUTE[:n_moved]) if n_moved > 1 else set())
        for before, after in pairwise(ROUTE[:n_moved]):
            assert order[after] == before


def test_the_digits_that_were_measured_have_their_pixels_in_this_order():
    before, after = (load("digits").test.features[:20], shuffled_digits(0.5).test.features[:20])
    enlarged = resized(before[:, pixel_order(32)].reshape(-1, 1, 8, 8) / 16, SIZE)
    assert_array_equal(after, enlarged)


@pytest.mark.parametrize("n_moved", [-1, 65])
def test_no_more_pixels_move_than_there_are(n_moved):
    with pytest.raises(ValueError, match=f"n_moved must be from 0 to 64, got {n_moved}"):
        pixel_order(n_moved)


# Greek letters and textures


def test_greek_letters_are_no_class_of_the_source():
    assert not set(GREEK) & set(CLASSES)
    assert greek_pictures().n_classes == len(set(GREEK)) == 10


def places(picture, photograph, top_left, bottom_right):
    """Return the corners of the windows of a place that, stretched, are the picture."""
    (top, left), (bottom, right) = top_left, bottom_right
    windows = sliding_window_view(photograph[top:bottom, left:right], (SIZE, SIZE))
    low = windows.min(axis=(2, 3), keepdims=True)
    spread = np.maximum(windows.max(axis=(2, 3), keepdims=True) - low, 1.0)
    far = np.abs((windows - low) / spread - picture).max(axis=(2, 3))
    return np.argwhere(far < 1e-6)


def test_textures_stand_in_the_photograph_and_no_pixel_in_two_parts():
    number, top_left, bottom_right = TEXTURES["roof"]
    photograph = load_sample_images().images[number].mean(axis=2)
    shape = np.subtract(bottom_right, top_left)
    data = texture_pictures()
    label, used = data.class_names.index("roof"), np.zeros((3, *shape), dtype=bool)
    for k, part in enumerate(parts_of(data)):
        for picture in part.features[part.labels == label][:12, 0]:
            (corner,) = places(picture, photograph, top_left, bottom_right)
            row, column = corner
            used[k, row : row + SIZE, column : column + SIZE] = True
    assert used.any(axis=(1, 2)).all()
    assert used.sum(axis=0).max() == 1


def test_textures_are_stretched_and_counted():
    for part, count in zip(parts_of(texture_pictures()), PER_TEXTURE, strict=True):
        assert_array_equal(np.bincount(part.labels), count)
        assert_allclose(np.quantile(part.features.max(axis=(1, 2, 3)), 0.05), 1)


# few labels


@given(st.integers(1, 30), st.integers(0, 2**32))
def test_few_labels_are_so_many_different_rows_of_each_class(per_class, seed):
    iris = load("iris").train
    rows = Part(np.arange(len(iris.labels), dtype=float), iris.labels)
    few = few_labels(rows, per_class, seed)
    numbers = few.features.astype(int)
    assert_array_equal(np.bincount(few.labels), per_class)
    assert len(set(numbers)) == len(numbers)
    assert_array_equal(iris.labels[numbers], few.labels)
    assert_array_equal(few.features, few_labels(rows, per_class, seed).features)


@pytest.mark.parametrize("per_class", [0, 31])
def test_more_labels_than_there_are_is_refused(per_class):
    with pytest.raises(ValueError, match=f"per_class must be from 1 to 30, got {per_class}"):
        few_labels(load("iris").train, per_class, seed=0)
