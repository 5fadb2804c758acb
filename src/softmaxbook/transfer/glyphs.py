"""A source task that costs nothing: letters and signs drawn from the fonts that matplotlib brings.

As many pictures as wanted, each with a font, an affine map, a stroke width, a blur and noise of its
own. There are no digits among the classes, so a target of digits is new to whoever learnt here.
"""

from __future__ import annotations

import string
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from softmaxbook.learning.datasets import Part
from softmaxbook.numerics.arrays import FloatArray, refuse_string

SIZE = 16
"""Pixels of a picture's side."""

SIGNS = "&?!#%@$*+<>"

CLASSES = (*string.ascii_uppercase, *"abdefghnqrt", *SIGNS)
"""Capitals, the small letters that differ from theirs by more than size, and signs."""

FONTS = (
    *("DejaVuSans", "DejaVuSans-Bold", "DejaVuSans-Oblique", "DejaVuSans-BoldOblique"),
    *("DejaVuSansMono", "DejaVuSansMono-Bold", "DejaVuSansMono-Oblique"),
    *("DejaVuSerif", "DejaVuSerif-Bold", "DejaVuSerif-Italic", "DejaVuSerif-BoldItalic"),
    *("STIXGeneral", "STIXGeneralBol", "STIXGeneralItalic", "STIXGeneralBolIta"),
    *("cmr10", "cmb10", "cmss10", "cmti10", "cmtt10"),
)
"""File names of the fonts. Those of TeX (cm…) give letters only: their signs sit elsewhere."""

_SIDE = 48  # of the large drawings from which pictures are sampled
_STROKES = (-1, 0, 1, 2)  # pixels added to both sides of a stroke in the large drawing
_BLURS = (1.5, 2.5, 3.5)  # standard deviations, in pixels of the large drawing


def draw_glyphs(
    n_samples: int, seed: int, classes: Iterable[str] = CLASSES, fonts: Iterable[str] = FONTS
) -> Part:
    """Draw pictures of letters and signs, each class equally often.

    Parameters
    ----------
    n_samples : int
        At least 1.
    seed : int
        Equal seeds give equal pictures.
    classes : iterable of str
        Single characters that the fonts have, each once.
    fonts : iterable of str
        Some of `FONTS`.

    Returns
    -------
    Part
        Features of shape (n_samples, 1, 16, 16), float32, 0 for paper and about 1 for ink; labels
        count the classes in their order.

    Raises
    ------
    ValueError
        If `n_samples` is not positive, a font is unknown, a class is named twice, or a font does
        not draw one of the classes.

    Notes
    -----
    A picture samples a large drawing at the points A⁻¹(u − s), with A a product of a rotation (up
    to 15°), a shear (up to 0.3) and two scales (0.7 to 1.15), and s a shift of up to 1.5 pixels; a
    smooth random displacement of up to about a pixel bends the strokes.

    Examples
    --------
    >>> glyphs = draw_glyphs(96, seed=0)
    >>> glyphs.features.shape, len(CLASSES), int(glyphs.labels.max())
    ((96, 1, 16, 16), 48, 47)

    Used in the chapter *transfer*.
    """
    if n_samples < 1:
        raise ValueError(f"n_samples must be at least 1, got {n_samples}")
    refuse_string(fonts, "fonts")
    characters = tuple(classes)
    large, owner = _drawings(characters, tuple(fonts))
    rng = np.random.default_rng(seed)
    labels = rng.permutation(np.arange(n_samples) % len(characters))
    pictures = np.empty((n_samples, 1, SIZE, SIZE), dtype=np.float32)
    for start in range(0, n_samples, 2000):  # bounds the memory
        rows = slice(start, start + 2000)
        pictures[rows, 0] = _pictures(large, owner, labels[rows], rng)
    return Part(pictures, labels.astype(np.intp))


def _pictures(
    large: NDArray[np.uint8],
    owner: NDArray[np.intp],
    labels: NDArray[np.intp],
    rng: np.random.Generator,
) -> FloatArray:
    """Return one picture a label, from a random drawing of its class."""
    n = len(labels)
    order = np.argsort(owner, kind="stable")
    first = np.searchsorted(owner[order], labels)
    many = np.bincount(owner)[labels]
    drawing = order[first + (rng.random(n) * many).astype(np.intp)]
    style = rng.integers(0, large.shape[1], n)
    sampled = _sample(large[drawing, style], _places(n, rng))
    sampled *= rng.uniform(0.7, 1.1, (n, 1, 1))
    sampled += rng.normal(size=sampled.shape) * rng.uniform(0, 0.1, (n, 1, 1))
    return np.clip(sampled, 0, 1)


def _places(n: int, rng: np.random.Generator) -> FloatArray:
    """Return where each pixel of n pictures looks, in [−1, 1]²: an affine map and a bend."""
    angle, shear = rng.uniform(-np.pi / 12, np.pi / 12, n), rng.uniform(-0.3, 0.3, n)
    scale = rng.uniform(0.7, 1.15, (n, 2))
    cos, sin = np.cos(angle), np.sin(angle)
    turned = np.stack([np.stack([cos, -sin], -1), np.stack([sin, cos], -1)], -2)
    sheared = np.stack(
        [np.stack([np.ones(n), shear], -1), np.stack([np.zeros(n), np.ones(n)], -1)], -2
    )
    back = np.linalg.inv(turned @ sheared * scale[:, None, :])
    axis = (np.arange(SIZE) + 0.5) / SIZE * 2 - 1
    pixels = np.stack(np.meshgrid(axis, axis), -1)  # (row, column, (x, y))
    shift = rng.uniform(-3 / SIZE, 3 / SIZE, (n, 1, 1, 2))
    x, y = np.moveaxis(pixels - shift, -1, 0)[..., None]
    placed: FloatArray = x * back[:, None, None, :, 0] + y * back[:, None, None, :, 1]
    hats = _hats(axis, 4)
    weights = np.einsum("ra,cb->rcab", hats, hats)  # einsum is slow with three factors
    placed += np.einsum("rcab,nabi->nrci", weights, rng.normal(size=(n, 4, 4, 2)) * 0.07)
    return placed


def _hats(axis: FloatArray, n_knots: int) -> FloatArray:
    """Return the weights of linear interpolation between equally spaced knots on [−1, 1]."""
    knots = np.linspace(-1, 1, n_knots)
    width = 2 / (n_knots - 1)
    weights: FloatArray = np.clip(1 - np.abs(axis[:, None] - knots) / width, 0, 1)
    return weights


def _sample(drawings: NDArray[np.uint8], places: FloatArray) -> FloatArray:
    """Return the values of drawings at places in [−1, 1]², bilinear, 0 outside."""
    position = (places + 1) / 2 * _SIDE - 0.5
    corner = np.floor(position).astype(np.intp)
    part = position - corner
    n = np.arange(len(drawings))[:, None, None]
    total = np.zeros(places.shape[:-1])
    for dy in (0, 1):
        for dx in (0, 1):
            x, y = corner[..., 0] + dx, corner[..., 1] + dy
            inside = (x >= 0) & (x < _SIDE) & (y >= 0) & (y < _SIDE)
            weight = np.abs(1 - dx - part[..., 0]) * np.abs(1 - dy - part[..., 1])
            value = drawings[n, np.clip(y, 0, _SIDE - 1), np.clip(x, 0, _SIDE - 1)]
            total += np.where(inside, weight * value, 0)
    return total / 255


@cache
def _drawings(
    characters: tuple[str, ...], fonts: tuple[str, ...]
) -> tuple[NDArray[np.uint8], NDArray[np.intp]]:
    """Return large drawings, shape (n, styles, 48, 48), and the class of each."""
    unknown = set(fonts) - set(FONTS)
    if unknown or not fonts:
        raise ValueError(f"unknown fonts {sorted(unknown)}; there are {', '.join(FONTS)}")
    if not characters or len(set(characters)) < len(characters):
        raise ValueError(f"classes must be different characters, got {characters}")
    found = [
        (_outline(font, character), label)
        for label, character in enumerate(characters)
        for font in fonts
        if not (font.startswith("cm") and character in SIGNS)
    ]
    owner = np.array([label for _, label in found], dtype=np.intp)
    missing = [characters[k] for k in set(range(len(characters))) - set(owner.tolist())]
    if missing:
        raise ValueError(f"none of these fonts has {missing}")
    return _styles(np.stack([drawing for drawing, _ in found])), owner


@cache
def _face(font: str) -> Any:
    import matplotlib
    from matplotlib.ft2font import FT2Font

    face = FT2Font(str(Path(matplotlib.get_data_path(), "fonts", "ttf", f"{font}.ttf")))
    face.set_size(100, 72)
    return face


def _outline(font: str, character: str) -> NDArray[np.uint8]:
    """Return a character in the middle of an empty square, its larger side at 34 of 48 pixels."""
    face = _face(font)
    if len(character) != 1 or character.isspace() or not face.get_char_index(ord(character)):
        raise ValueError(f"the font {font} draws no character {character!r}")
    face.set_text(character)
    face.draw_glyphs_to_bitmap()
    ink = np.asarray(face.get_image())
    ink = ink[np.ix_(ink.any(axis=1), ink.any(axis=0))]
    factor = 34 / max(ink.shape)
    return _centred(ink, factor)


def _centred(ink: NDArray[np.uint8], factor: float) -> NDArray[np.uint8]:
    from scipy.ndimage import gaussian_filter, zoom

    smooth = gaussian_filter(ink.astype(float), 0.4 / factor)
    small = zoom(np.pad(smooth, 4), factor, order=1)
    square = np.zeros((_SIDE, _SIDE))
    top, left = ((_SIDE - length) // 2 for length in small.shape)
    square[top : top + small.shape[0], left : left + small.shape[1]] = small
    return np.clip(square, 0, 255).astype(np.uint8)


def _styles(drawings: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return each drawing in each stroke width and blur, shape (n, styles, 48, 48)."""
    from scipy.ndimage import gaussian_filter, grey_dilation, grey_erosion

    styles = []
    for stroke in _STROKES:
        width = 2 * abs(stroke) + 1
        changed = (grey_erosion if stroke < 0 else grey_dilation)(drawings, (1, width, width))
        for blur in _BLURS:
            soft = gaussian_filter(changed.astype(float), blur, axes=(1, 2))
            peak = np.maximum(soft.max(axis=(1, 2), keepdims=True), 1.0)
            styles.append((255 * soft / peak).astype(np.uint8))
    return np.stack(styles, axis=1)
