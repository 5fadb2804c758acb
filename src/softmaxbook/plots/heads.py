"""The chapter on heads: pictures in rows with captions, and what two heads say of one picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from softmaxbook.numerics.arrays import FloatArray
from softmaxbook.theme import colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PITCH = (1.15, 1.75)
"""From one picture of side 1 to the next, across and down."""

BELOW = 1.45
"""From a picture down to the one with which its row goes on."""


def picture_rows(
    ax: Axes,
    rows: Mapping[str, tuple[Sequence[ArrayLike], Sequence[str]]],
    across: int = 10,
) -> Axes:
    """Draw rows of small pictures, the darker the larger the value, each with a caption under it.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    rows : mapping of str to (pictures, captions)
        By the title of the row; pictures are squares of values from 0 to 1.
    across : int, default 10
        How many stand beside each other; the others of the row go on below.

    Returns
    -------
    matplotlib.axes.Axes
        `ax`.
    """
    top = 0.0
    for title, (pictures, captions) in rows.items():
        ax.text(0, top + 0.1, title)
        for place, (picture, caption) in enumerate(zip(pictures, captions, strict=True)):
            column = place % across
            if place and not column:
                top -= BELOW
            left = column * PITCH[0]
            _inked(ax, np.asarray(picture, dtype=float), left, top)
            ax.text(left + 0.5, top - 1.08, caption, ha="center", va="top")
        top -= PITCH[1]
    longest = min(across, max(len(pictures) for pictures, _ in rows.values()))
    ax.set(xlim=(-0.05, longest * PITCH[0]), ylim=(top + 0.35, 0.45))
    ax.set_aspect("equal")
    ax.axis("off")
    return ax


def _inked(ax: Axes, picture: FloatArray, left: float, top: float) -> None:
    """Draw a picture in a frame of side 1, all cells of one value as one patch."""
    from matplotlib.patches import PathPatch, Rectangle
    from matplotlib.path import Path

    side = 1 / len(picture)
    frame: dict[str, Any] = {"facecolor": colour("panel"), "edgecolor": colour("line")}
    ax.add_artist(Rectangle((left, top - 1), 1, 1, **frame))
    square = np.array([[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]) * side
    outline = [Path.MOVETO, *3 * [Path.LINETO], Path.CLOSEPOLY]
    for value in np.unique(picture[picture > 0]):
        row, column = np.nonzero(picture == value)
        corners = np.stack([left + side * column, top - side * (row + 1)], axis=-1)
        cells = Path((square + corners[:, None]).reshape(-1, 2), np.tile(outline, len(corners)))
        ink: dict[str, Any] = {"facecolor": colour("ink"), "linewidth": 0, "alpha": float(value)}
        # As a patch it would be searched for its limits, which `picture_rows` sets.
        ax.add_artist(PathPatch(cells, **ink))


def paired_bars(ax: Axes, shares: Mapping[str, ArrayLike]) -> Axes:
    """Draw, for each class, one bar for each of a few heads, the first class at the top.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    shares : mapping of str to array_like, shape (n_classes,)
        Probabilities by the name of the head; two or three of them.

    Returns
    -------
    matplotlib.axes.Axes
        `ax`.
    """
    height, hatches = 0.8 / len(shares), ("", "////", "....")
    for index, ((name, values), hatch) in enumerate(zip(shares.items(), hatches, strict=False)):
        p = np.asarray(values, dtype=float)
        places = np.arange(len(p)) + (index - (len(shares) - 1) / 2) * height
        # A hatch takes the colour of the edge.
        fill = colour(f"c{index}") if not hatch else "none"
        ax.barh(
            places, p, height, label=name, color=fill, edgecolor=colour(f"c{index}"), hatch=hatch
        )
        ax.set_yticks(range(len(p)))
    ax.set(xlim=(0, 1), ylim=(len(p) - 0.5, -0.5))
    ax.legend(loc="lower right")
    return ax
