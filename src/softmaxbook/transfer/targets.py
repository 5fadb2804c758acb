"""Target tasks in pictures of 16 × 16 pixels, from near the glyphs to far from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np
from numpy.typing import ArrayLike

from softmaxbook.learning.datasets import Dataset, IntArray, Part, load
from softmaxbook.numerics.arrays import FloatArray, read_only
from softmaxbook.transfer.glyphs import SIZE, draw_glyphs

TEXTURES = {
    "sky": (0, (0, 280), (60, 640)),
    "lake": (0, (230, 360), (305, 540)),
    "bushes": (0, (330, 380), (427, 560)),
    "tree": (0, (180, 570), (420, 635)),
    "facade": (0, (192, 130), (246, 320)),
    "roof": (0, (258, 110), (292, 330)),
    "petals": (1, (110, 200), (180, 420)),
    "heart": (1, (165, 240), (275, 370)),
    "leaf": (1, (90, 10), (320, 150)),
    "shade": (1, (60, 470), (400, 620)),
}
"""Where a texture is cut: photograph, (top, left), (bottom, right), in pixels."""

PER_TEXTURE = (100, 40, 60)
"""Pictures of each texture in the training, validation and test part."""


@cache
def digit_pictures() -> Dataset:
    """Return scikit-learn's handwritten digits as pictures of 16 × 16 pixels.

    Returns
    -------
    Dataset
        Features of shape (n, 1, 16, 16), float32, in [0, 1]; the parts are those of `load`.

    Notes
    -----
    The digits have 8 × 8 pixels. Linear interpolation doubles the sides and adds no information.

    Examples
    --------
    >>> digit_pictures().train.features.shape
    (1078, 1, 16, 16)

    Used in the chapter *transfer*.
    """
    return _digits(np.arange(64), "digits")


@cache
def shuffled_digits(share: float) -> Dataset:
    """Return the digits with a share of their pixels in another order, one order for all.

    Parameters
    ----------
    share : float
        In [0, 1]. What each pixel says stays; where it stands changes.

    Returns
    -------
    Dataset

    Raises
    ------
    ValueError
        If `share` is not in [0, 1].

    Notes
    -----
    A network that saw the pixels as a plain list would not notice. One that looks for strokes finds
    fewer of them, the more pixels have moved. Round(share · 64) of the 8 × 8 pixels move, as
    :func:`softmaxbook.transfer.targets.pixel_order` says; the picture is enlarged afterwards.

    Examples
    --------
    >>> shuffled_digits(0.0).train.features.tolist() == digit_pictures().train.features.tolist()
    True

    Used in the chapters *transfer* and *finetuning*.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"share must be in [0, 1], got {share}")
    return _digits(pixel_order(round(share * 64)), f"digits, {share:.0%} of pixels moved")


ROUTE = tuple(np.random.default_rng(0).permutation(64).tolist())
"""The places of a digit's 64 pixels, row after row, in the order in which they join the move."""


def pixel_order(n_moved: int) -> IntArray:
    """Return which pixel stands at each place of a digit after some of them have moved.

    Parameters
    ----------
    n_moved : int
        From 0 to 64. With one more, the pixels that have moved before still have.

    Returns
    -------
    ndarray of int, shape (64,)
        A permutation: no pixel is lost.

    Raises
    ------
    ValueError
        If `n_moved` is not from 0 to 64.

    Notes
    -----
    The first `n_moved` places of ``ROUTE`` pass their pixels on in one cycle, each to the next and
    the last to the first. One place alone passes its pixel to itself.

    Examples
    --------
    >>> ROUTE[:3], pixel_order(3)[[16, 36, 27]].tolist()
    ((16, 36, 27), [27, 16, 36])

    Used in the chapter *transfer*.
    """
    if not 0 <= n_moved <= 64:
        raise ValueError(f"n_moved must be from 0 to 64, got {n_moved}")
    route, order = np.array(ROUTE[:n_moved], dtype=np.intp), np.arange(64)
    order[route] = np.roll(route, 1)
    return order


GREEK = "αβγδθλμπσω"

_GREEK_FONTS = (
    "DejaVuSans",
    "DejaVuSans-Bold",
    "DejaVuSans-Oblique",
    "DejaVuSansMono",
    "DejaVuSerif",
    "DejaVuSerif-Bold",
    "DejaVuSerif-Italic",
    "STIXGeneral",
    "STIXGeneralBol",
)


@cache
def greek_pictures() -> Dataset:
    """Return ten Greek letters, drawn as the glyphs are: nearly their domain, another task.

    Returns
    -------
    Dataset
        Features of shape (n, 1, 16, 16), float32, in [0, 1].

    Notes
    -----
    The three parts are drawn with different seeds from the same nine fonts.

    Examples
    --------
    >>> greek_pictures().test.features.shape
    (600, 1, 16, 16)

    Used in the chapter *finetuning*.
    """
    train, validation, test = (
        Part(read_only(drawn.features), drawn.labels)
        for n, seed in ((1000, 10), (400, 11), (600, 12))
        for drawn in [draw_glyphs(n, seed, GREEK, _GREEK_FONTS)]
    )
    names = tuple(f"pixel {k}" for k in range(SIZE**2))
    return Dataset(
        "Greek letters", train, validation, test, names, tuple(GREEK), "matplotlib's fonts"
    )


@cache
def texture_pictures() -> Dataset:
    """Return small cuttings of ten places in scikit-learn's two photographs.

    Returns
    -------
    Dataset
        Features of shape (n, 1, 16, 16), float32: brightness, stretched to [0, 1] in each picture,
        so that no texture is known by its brightness alone.

    Notes
    -----
    Each place is cut across into five strips: the first, third and fifth are for training, the
    second for validation, the fourth for the test. So cuttings of different parts never overlap;
    inside a strip they are placed at random (seed 0) and do.

    Examples
    --------
    >>> textures = texture_pictures()
    >>> textures.test.features.shape, textures.class_names[:3]
    ((600, 1, 16, 16), ('sky', 'lake', 'bushes'))

    Used in the chapter *finetuning*.
    """
    from sklearn.datasets import load_sample_images

    photographs = [photograph.mean(axis=2) for photograph in load_sample_images().images]
    rng = np.random.default_rng(0)
    cut: list[list[FloatArray]] = [[], [], []]
    for number, top_left, bottom_right in TEXTURES.values():
        place = photographs[number][top_left[0] : bottom_right[0], top_left[1] : bottom_right[1]]
        long = place if place.shape[0] > place.shape[1] else place.T
        turned = long is not place
        strips = np.array_split(long, 5)
        for part, numbers in enumerate(((0, 2, 4), (1,), (3,))):
            pictures = _cuttings([strips[k] for k in numbers], PER_TEXTURE[part], rng)
            cut[part].append(pictures.transpose(0, 2, 1) if turned else pictures)
    train, validation, test = (
        Part(
            read_only(np.concatenate(pictures)[:, None].astype(np.float32)),
            _class_numbers([len(each) for each in pictures]),
        )
        for pictures in cut
    )
    source = "two photographs of scikit-learn: china.jpg and flower.jpg"
    names = tuple(f"pixel {k}" for k in range(SIZE**2))
    return Dataset("textures", train, validation, test, names, tuple(TEXTURES), source)


def _cuttings(strips: Sequence[FloatArray], count: int, rng: np.random.Generator) -> FloatArray:
    """Return `count` squares cut at random from the strips, each stretched to [0, 1]."""
    pictures = []
    for k in range(count):
        strip = strips[k % len(strips)]
        row, column = (rng.integers(0, length - SIZE + 1) for length in strip.shape)
        picture = strip[row : row + SIZE, column : column + SIZE]
        low, high = picture.min(), picture.max()
        pictures.append((picture - low) / max(high - low, 1.0))
    return np.stack(pictures)


def resized(pictures: ArrayLike, size: int) -> FloatArray:
    """Return square pictures at another size, by linear interpolation between pixel centres.

    Parameters
    ----------
    pictures : array_like, shape (..., n, n)
    size : int
        At least 1. For enlarging: shrinking would skip pixels.

    Returns
    -------
    ndarray, shape (..., size, size), float32

    Raises
    ------
    ValueError
        If the pictures are not square or `size` is below n.

    Examples
    --------
    >>> resized([[0.0, 4.0], [0.0, 4.0]], 4)[0]
    array([0., 1., 3., 4.], dtype=float32)

    Used in the chapter *transfer*.
    """
    array = np.asarray(pictures, dtype=np.float64)
    if array.ndim < 2 or array.shape[-1] != array.shape[-2] or size < array.shape[-1]:
        raise ValueError(f"need squares of at most {size} pixels, got shape {array.shape}")
    n = array.shape[-1]
    place = np.clip((np.arange(size) + 0.5) * n / size - 0.5, 0, n - 1)
    weights = np.clip(1 - np.abs(place[:, None] - np.arange(n)), 0, 1)
    return np.asarray(weights @ array @ weights.T, dtype=np.float32)


def few_labels(part: Part, per_class: int, seed: int) -> Part:
    """Return a random `per_class` rows of each class.

    Parameters
    ----------
    part : Part
    per_class : int
        At least 1, and no more than the smallest class has.
    seed : int

    Returns
    -------
    Part

    Raises
    ------
    ValueError
        If a class has fewer rows than asked for.

    Examples
    --------
    >>> few_labels(digit_pictures().train, 2, seed=0).features.shape
    (20, 1, 16, 16)

    Used in the chapter *finetuning*.
    """
    smallest = int(np.bincount(part.labels).min())
    if not 1 <= per_class <= smallest:
        raise ValueError(f"per_class must be from 1 to {smallest}, got {per_class}")
    rng = np.random.default_rng(seed)
    rows = np.concatenate(
        [
            rng.choice(np.flatnonzero(part.labels == label), per_class, replace=False)
            for label in np.unique(part.labels)
        ]
    )
    return Part(part.features[rows], part.labels[rows])


def _digits(order: IntArray, name: str) -> Dataset:
    """Return the digits as pictures, with their 64 pixels in this order."""
    data = load("digits")

    def picture(part: Part) -> Part:
        small = part.features[:, order].reshape(-1, 1, 8, 8) / 16
        return Part(read_only(resized(small, SIZE)), part.labels)

    return replace(
        data,
        name=name,
        train=picture(data.train),
        validation=picture(data.validation),
        test=picture(data.test),
        feature_names=tuple(f"pixel {k}" for k in range(SIZE**2)),
    )


def _class_numbers(counts: Sequence[int]) -> IntArray:
    """Return 0, …, 0, 1, …, 1 and so on, each as often as it counts."""
    return read_only(np.repeat(np.arange(len(counts), dtype=np.intp), counts))
