"""Pictures of the chapter *sharing*: one body with two heads, and how they pull."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from softmaxbook.numerics.arrays import FloatArray
from softmaxbook.plots.curves import LINES
from softmaxbook.theme import colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def body_and_heads(ax: Axes, tasks: Mapping[str, str]) -> Axes:
    """Draw a body from which two heads grow, each with a softmax of its own.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    tasks : mapping of str to str
        The names of two tasks and what comes out of their heads before the softmax.

    Returns
    -------
    matplotlib.axes.Axes
        `ax`.
    """
    arrow = {"arrowstyle": "-|>", "color": colour("ink")}
    _box(ax, (0, -1.65), (2.0, 3.3), "body:\npixels to\nfeatures", "ink", "-")
    ax.annotate("", (-0.05, 0), (-0.8, 0), arrowprops=arrow)
    for index, ((name, logits), middle) in enumerate(zip(tasks.items(), (0.9, -0.9), strict=True)):
        text = f"head: {name}\n{logits},\nsoftmax"
        ax.annotate("", (2.85, middle), (2.05, middle), arrowprops=arrow)
        _box(ax, (2.9, middle - 0.75), (3.5, 1.5), text, f"c{index}", LINES[index])
    ax.set(xlim=(-0.9, 6.5), ylim=(-1.8, 1.8), aspect="equal")
    ax.axis("off")
    return ax


def shared_pulls(ax: Axes, features: ArrayLike, pulls: ArrayLike, even: ArrayLike) -> Axes:
    """Draw the features of a picture in the plane that two heads read, with their pulls.

    The first head divides the plane into upright strips of 1, 3 and 8, with borders at −1 and 1.
    The second has its border of odd and even at right angles to `even`, at the distance 1 from 0.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    features : array_like, shape (2,)
        From −3 to 3.
    pulls : array_like, shape (2, 2)
        How each head pulls the features, with the weight of its loss.
    even : array_like, shape (2,)
        The direction of length 1 in which the second head looks for “even”.

    Returns
    -------
    matplotlib.axes.Axes
        `ax`, with an arrow for each pull that is not 0, and one for their sum.
    """
    start, each, normal = (np.asarray(part, dtype=float) for part in (features, pulls, even))
    for index, (low, high, name) in enumerate(((-3, -1, "1"), (-1, 1, "3"), (1, 3, "8"))):
        ax.axvspan(low, high, color=colour(f"c{index}"), alpha=0.13, linewidth=0)
        ax.text((low + high) / 2, 2.6, name, ha="center", color=colour(f"c{index}"), weight="bold")
    ends = _across(normal)
    ax.plot(*ends.T, "--", color=colour("c3"), linewidth=1.5)
    near = 0.84 * ends[ends[:, 1].argmin()] + 0.16 * normal
    away = (0.15 + np.abs(normal) @ [0.45, 0.2]) * normal
    for side, name, index in ((-1, "odd", 3), (1, "even", 4)):
        place = np.clip(near + side * away, -2.6, 2.6)
        ink = colour(f"c{index}")
        ax.text(place[0], place[1], name, ha="center", va="center", color=ink, weight="bold")
    arrows = [(each.sum(0), "ink", "-", 3.2), (each[0], "c0", "-", 1.8), (each[1], "c3", "--", 1.8)]
    for by, name, line, width in arrows:
        if by.any():
            style: dict[str, Any] = {"arrowstyle": "-|>", "color": colour(name), "linestyle": line}
            style |= {"linewidth": width, "shrinkA": 0, "shrinkB": 0}
            ax.annotate("", tuple(start + by), tuple(start), arrowprops=style)
    ax.plot(*start, "o", color=colour("ink"), markersize=8)
    ax.set(xlim=(-3, 3), ylim=(-3, 3), aspect="equal", xlabel="first feature")
    ax.set(ylabel="second feature", xticks=range(-3, 4), yticks=range(-3, 4))
    ax.grid(False)
    return ax


def _across(normal: FloatArray) -> FloatArray:
    """Return both ends of the line at right angles to `normal` through its tip, from −3 to 3."""
    along = np.array([-normal[1], normal[0]])
    moving = along != 0
    spans = np.sort((np.array([[-3.0], [3.0]]) - normal[moving]) / along[moving], axis=0)
    ends: FloatArray = normal + np.array([[spans[0].max()], [spans[1].min()]]) * along
    return ends


def _box(
    ax: Axes,
    corner: tuple[float, float],
    size: tuple[float, float],
    text: str,
    edge: str,
    line: str,
) -> None:
    """Draw a frame with words in its middle."""
    from matplotlib.patches import Rectangle

    style: dict[str, Any] = {"facecolor": colour("panel"), "edgecolor": colour(edge)}
    ax.add_patch(Rectangle(corner, *size, linewidth=1.6, linestyle=line, **style))
    middle = corner[0] + size[0] / 2, corner[1] + size[1] / 2
    ax.text(*middle, text, ha="center", va="center", color=colour(edge))
