"""Curves and points of any chapter, told apart by more than colour."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from softmaxbook.theme import colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LINES = ("-", "--", "-.", ":")
"""Line styles in the order of classes, so that no curve is told by its colour alone."""

POINTS = ("o", "x", "s", "+")
"""Point styles, for the same reason."""


def labelled_curves(ax: Axes, x: ArrayLike, curves: Mapping[str, ArrayLike]) -> Axes:
    """Draw one line for each entry of `curves`, told apart by colour and by dashes.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    x : array_like, shape (n,)
    curves : mapping of str to array_like, shape (n,)
        At most four, by the name that the legend gives.

    Returns
    -------
    matplotlib.axes.Axes
        `ax`.
    """
    for index, ((name, y), line) in enumerate(zip(curves.items(), LINES, strict=False)):
        ax.plot(x, y, line, color=colour(f"c{index}"), label=name)
    ax.legend(handlelength=3)
    return ax


def error_points(ax: Axes, x: ArrayLike, errors: Mapping[str, ArrayLike], floor: float) -> Axes:
    """Draw each measured error as a point on a logarithmic scale; below `floor` it sits on it.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    x : array_like, shape (n,)
    errors : mapping of str to array_like, shape (n,)
        At least 0; at most four, by the name that the legend gives.
    floor : float
        The smallest error that is worth telling from 0.

    Returns
    -------
    matplotlib.axes.Axes
        `ax`.
    """
    for index, ((name, y), marker) in enumerate(zip(errors.items(), POINTS, strict=False)):
        heights = np.maximum(np.asarray(y), floor)
        ax.plot(x, heights, marker, color=colour(f"c{index}"), markersize=4, label=name)
    ax.set_yscale("log")
    ax.legend()
    return ax
