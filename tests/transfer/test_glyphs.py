"""Glyphs: as many of each class as of any other, new with each seed, and legible."""

from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from PIL import Image, ImageDraw, ImageFont
from scipy.ndimage import gaussian_filter

from softmaxbook.transfer.glyphs import CLASSES, FONTS, SIGNS, SIZE, draw_glyphs

FONT_FILES = Path(mpl.get_data_path(), "fonts", "ttf")


@pytest.fixture(scope="module")
def glyphs():
    return draw_glyphs(2400, seed=3)


# identities


@settings(max_examples=15)
@given(st.integers(1, 200), st.integers(0, 2**32))
def test_each_class_is_drawn_equally_often(n_samples, seed):
    part = draw_glyphs(n_samples, seed, "AKx&", ("DejaVuSans",))
    assert part.features.shape == (n_samples, 1, SIZE, SIZE)
    counts = np.bincount(part.labels, minlength=4)
    assert counts.sum() == n_samples
    assert counts.max() - counts.min() <= 1


def test_ink_is_between_0_and_1_and_on_every_picture(glyphs):
    assert glyphs.features.dtype == np.float32
    assert glyphs.features.min() >= 0
    assert glyphs.features.max() <= 1
    assert glyphs.features.max(axis=(1, 2, 3)).min() > 0.5
    assert glyphs.features.mean(axis=(1, 2, 3)).max() < 0.7  # and some paper


def test_equal_seeds_give_equal_pictures_and_others_do_not():
    first, again, other = (draw_glyphs(48, seed) for seed in (5, 5, 6))
    assert_array_equal(first.features, again.features)
    assert_array_equal(first.labels, again.labels)
    assert len(np.unique(np.concatenate([first.features, other.features]), axis=0)) == 96


def test_classes_are_different_characters_without_digits():
    assert len(set(CLASSES)) == len(CLASSES) == 48
    assert not any(character.isdigit() for character in CLASSES)


def test_one_font_is_a_list_of_one():
    with pytest.raises(TypeError, match=r"fonts must be a list of names, \['DejaVuSans'\]"):
        draw_glyphs(2, 0, fonts="DejaVuSans")


def test_fonts_come_with_matplotlib():
    assert len(set(FONTS)) == len(FONTS) == 20
    assert all((FONT_FILES / f"{font}.ttf").is_file() for font in FONTS)


# second route: another program draws the same characters


def plainly_drawn(character):
    """Return a character as Pillow draws it, in the middle, at the mean size of the glyphs."""
    font = ImageFont.truetype(FONT_FILES / "DejaVuSans.ttf", 96)
    left, top, right, bottom = font.getbbox(character)
    side = round(max(right - left, bottom - top) * 48 / 34 / 0.92)
    square = Image.new("L", (side, side))
    corner = (side - right - left) / 2, (side - bottom - top) / 2
    ImageDraw.Draw(square).text(corner, character, 255, font)
    small = np.asarray(square.resize((SIZE, SIZE), Image.Resampling.BOX), dtype=float)
    return gaussian_filter(small, 1.5)  # as a mean of turned and shifted pictures is


def standardised(pictures):
    rows = np.reshape(pictures, (len(pictures), -1)).astype(float)
    rows -= rows.mean(axis=1, keepdims=True)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_the_mean_of_a_class_is_most_like_its_own_character(glyphs):
    means = standardised(
        [glyphs.features[glyphs.labels == label].mean(axis=0) for label in range(len(CLASSES))]
    )
    likeness = means @ standardised([plainly_drawn(character) for character in CLASSES]).T
    right = likeness.argmax(axis=1) == np.arange(len(CLASSES))
    assert right.mean() > 0.8  # a blurred mean may look like its neighbour: ! and I


# errors


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"n_samples": 0}, "n_samples must be at least 1, got 0"),
        ({"fonts": ["Wingdings"]}, r"unknown fonts \['Wingdings'\]; there are DejaVuSans,"),
        ({"fonts": []}, r"unknown fonts \[\]; there are"),
        ({"classes": ""}, r"classes must be different characters, got \(\)"),
        ({"classes": "ABA"}, "classes must be different characters"),
        ({"classes": ["AB"]}, "draws no character 'AB'"),
        ({"classes": " "}, "draws no character ' '"),
        ({"classes": "漢"}, "the font DejaVuSans draws no character '漢'"),
        ({"classes": SIGNS, "fonts": ["cmr10"]}, "none of these fonts has"),
    ],
)
def test_bad_input_is_refused(options, message):
    with pytest.raises(ValueError, match=message):
        draw_glyphs(**{"n_samples": 4, "seed": 0, **options})
