"""Drawings go the way of the data: counted in blocks, enlarged as the package enlarges."""

import numpy as np
import pytest
from javascript import call

from softmaxbook.learning.datasets import load
from softmaxbook.transfer.targets import digit_pictures, resized
from softmaxbook.widgets import HeadExplorer

DIGITS = load("digits").validation.features.astype(int)
EMPTY = [0] * 256


def stroke(start, end, ink=EMPTY, erases=False):
    return call("numerics/pictures", [("stroked", list(ink), start, end, erases)])[0]


def grid(ink):
    return np.reshape(ink, (16, 16))


def test_the_text_holds_the_digits():
    text = HeadExplorer().data["heldOut"]["digits"]
    np.testing.assert_array_equal(call("numerics/pictures", [("decoded", text)])[0], DIGITS)


def test_enlarging_is_the_package_s():
    shown = call("numerics/pictures", [("enlarged", digit.tolist()) for digit in DIGITS])
    wanted = digit_pictures().validation.features.reshape(len(DIGITS), -1)
    np.testing.assert_allclose(shown, wanted, rtol=0, atol=1e-7)
    rng = np.random.default_rng(1)
    noise = rng.integers(0, 17, size=(50, 8, 8))
    shown = call("numerics/pictures", [("enlarged", each.ravel().tolist()) for each in noise])
    np.testing.assert_allclose(shown, resized(noise / 16, 16).reshape(50, -1), rtol=0, atol=1e-7)


def test_a_digit_put_on_the_sheet_is_counted_as_itself():
    drawings = call("numerics/pictures", [("doubled", digit.tolist()) for digit in DIGITS])
    counted = call("numerics/pictures", [("counted", drawing) for drawing in drawings])
    np.testing.assert_array_equal(counted, DIGITS)


def test_any_drawing_is_counted_as_in_python():
    rng = np.random.default_rng(2)
    drawings = rng.integers(0, 17, size=(60, 256))
    counted = call("numerics/pictures", [("counted", drawing.tolist()) for drawing in drawings])
    wanted = [HeadExplorer(drawing=drawing).digit.ravel() for drawing in drawings]
    np.testing.assert_array_equal(counted, wanted)


def test_a_stroke_is_as_wide_as_the_pen_and_as_the_data_s_strokes():
    upright = grid(stroke([8, 0], [8, 16]))
    (pen,) = set((upright[2:-2].sum(axis=1) / 16).tolist())
    zeros = load("digits").train
    shapes = zeros.features[zeros.labels == 0].reshape(-1, 8, 8)
    # In its two middle rows a zero is two strokes, each crossed at a right angle.
    data = shapes[:, 3:5].sum(axis=2).mean() / 16 / 2 * 2
    assert pen == pytest.approx(data, rel=0.15)


def test_a_stroke_inks_what_is_near_it_and_nothing_else():
    slanted = grid(stroke([3, 3], [12, 9]))
    rows, columns = np.indices((16, 16)) + 0.5
    way, place = np.array([9.0, 6.0]), np.stack([columns - 3, rows - 3], axis=-1)
    along = np.clip(place @ way / (way @ way), 0, 1)[..., None]
    distance = np.linalg.norm(place - along * way, axis=-1)
    assert (slanted[distance < 0.6] == 16).all()
    assert (slanted[distance > 1.6] == 0).all()
    assert set(slanted.ravel()) <= set(range(17))


def test_a_point_can_be_drawn_and_erased_again():
    dot = stroke([5, 5], [5, 5])
    assert grid(dot)[4:6, 4:6].min() > 8
    assert stroke([5, 5], [5, 5], dot) == dot
    assert max(stroke([5, 5], [5, 5], dot, True)) < 8
    rubbed = stroke([5, 5], [5, 5], [16] * 256, True)
    assert grid(rubbed).sum() == 16 * 256 - sum(dot)


@pytest.mark.parametrize("ends", [([4, 5], [7, 9]), ([2, 1], [2, 15]), ([1, 8], [14, 8])])
def test_fitting_fills_the_frame_and_puts_in_the_middle(ends):
    fitted = grid(call("numerics/pictures", [("fitted", stroke(*ends))])[0])
    inked = np.argwhere(fitted >= 4)
    low, high = inked.min(axis=0), inked.max(axis=0)
    assert max(high - low) >= 14
    np.testing.assert_allclose(low + high, 15, atol=1)


def spread(ink):
    """Return the standard deviations of the ink's place, down and across."""
    places = np.indices((16, 16)).reshape(2, -1) + 0.5
    return np.sqrt(np.diag(np.cov(places, aweights=np.ravel(ink))))


def test_fitting_keeps_the_proportions():
    before = stroke([4, 6], [7, 10], stroke([7, 6], [4, 10]))
    down, across = spread(before)
    new_down, new_across = spread(call("numerics/pictures", [("fitted", before)])[0])
    # Above and below, the frame cuts the faintest rim of the ink. A stretched X would be square.
    assert new_down / new_across == pytest.approx(down / across, rel=0.1)
    assert down / across > 1.2
    assert new_down > 1.4 * down


def test_an_empty_sheet_stays_empty():
    assert call("numerics/pictures", [("fitted", EMPTY)])[0] == EMPTY
    assert call("numerics/pictures", [("counted", EMPTY)])[0] == [0] * 64
