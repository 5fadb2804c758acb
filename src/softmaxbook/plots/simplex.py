"""The triangle of all probabilities of three classes, and what is drawn over it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from softmaxbook.numerics.arrays import FloatArray
from softmaxbook.numerics.logarithms import logsumexp
from softmaxbook.numerics.probabilities import entropy, softmax
from softmaxbook.plots.curves import LINES
from softmaxbook.theme import colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def triangle_points(probabilities: ArrayLike) -> FloatArray:
    """Return where probabilities of three classes lie in the triangle, (..., 3) -> (..., 2).

    The corners are (0, 0), (1, 0) and (1/2, √3/2), in the order of the classes.

    Examples
    --------
    >>> triangle_points([[1, 0, 0], [0, 1, 0]]).tolist()
    [[0.0, 0.0], [1.0, 0.0]]
    """
    corners = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, np.sqrt(0.75)]])
    points: FloatArray = np.asarray(probabilities, dtype=float) @ corners
    return points


def triangle(ax: Axes, names: Sequence[str]) -> Axes:
    """Draw the frame of the probability triangle: a corner a class, a dot where all are equal."""
    corners = triangle_points(np.eye(3))
    ax.fill(*corners.T, facecolor="none", edgecolor=colour("muted"), linewidth=1.0)
    ax.plot(*triangle_points(np.full(3, 1 / 3)), "o", color=colour("muted"), markersize=4)
    for name, (x, y) in zip(names, corners.tolist(), strict=True):
        gap, side = (6, "bottom") if y > 0 else (-6, "top")
        off = "offset points"
        ax.annotate(name, (x, y), (0, gap), textcoords=off, ha="center", va=side)
    ax.set_aspect("equal")
    ax.set_xlim(-0.1, 1.1)
    ax.set_ylim(-0.15, 1.05)  # room for the names below and above
    ax.axis("off")
    return ax


def triangle_path(
    ax: Axes, logits: ArrayLike, temperatures: ArrayLike, label: str, index: int = 0
) -> Axes:
    """Draw the path that softmax takes through the triangle as the temperature changes.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Prepared by `triangle`.
    logits : array_like, shape (3,)
    temperatures : array_like, shape (n_temperatures,)
        In the order of the path; a dot marks where it ends.
    label : str
        For the legend.
    index : int, optional
        Which class colour and line style to take.

    Returns
    -------
    matplotlib.axes.Axes
        `ax`.
    """
    shares = [softmax(logits, temperature=temperature) for temperature in np.asarray(temperatures)]
    points = triangle_points(shares)
    ink = colour(f"c{index % 10}")
    ax.plot(*points.T, LINES[index % len(LINES)], color=ink, label=label)
    ax.plot(*points[-1], "o", color=ink, markersize=5)
    return ax


def triangle_levels(
    ax: Axes, function: Callable[[FloatArray], ArrayLike], levels: Sequence[float]
) -> Axes:
    """Draw the levels of a function of three probabilities, deeper in shade as it grows.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Prepared by `triangle`.
    function : callable
        Takes probabilities of shape (n, 3), returns n numbers.
    levels : sequence of float
        Increasing.

    Returns
    -------
    matplotlib.axes.Axes
        `ax`.
    """
    from matplotlib.colors import to_rgba

    n = 120
    first, second = np.meshgrid(np.arange(n + 1), np.arange(n + 1))
    inside = first + second <= n
    shares = np.stack([first[inside], second[inside], n - first[inside] - second[inside]], -1) / n
    value = np.asarray(function(shares))
    x, y = triangle_points(shares).T
    shades = [to_rgba(colour("c0"), depth) for depth in np.linspace(0.05, 0.6, len(levels) + 1)]
    ax.tricontourf(x, y, value, levels=[-np.inf, *levels, np.inf], colors=shades)
    lines = ax.tricontour(x, y, value, levels=levels, colors=[colour("ink")], linewidths=0.7)
    ax.clabel(lines, fontsize=10)
    return ax


def objective_contours(ax: Axes, logits: ArrayLike, temperature: float) -> Axes:
    """Draw expected score + T × entropy over the triangle, with the softmax point at its top.

    The lines mark equal steps below the maximum, which is T × log-sum-exp(logits / T).
    """
    z = np.asarray(logits, dtype=float)
    n = 60
    first, second = np.meshgrid(np.arange(n + 1), np.arange(n + 1))
    inside = first + second <= n
    shares = np.stack([first[inside], second[inside], n - first[inside] - second[inside]], -1) / n
    value = shares @ z + temperature * entropy(shares)
    best = temperature * float(logsumexp(z / temperature))
    levels = best - np.linspace(1.0, 0.0, 9)[:-1] ** 2 * (best - value.min())
    x, y = triangle_points(shares).T
    ax.tricontour(x, y, value, levels=levels, colors=colour("accent"), linewidths=1, linestyles="-")
    top = triangle_points(softmax(z, temperature=temperature))
    ax.plot(*top, "o", color=colour("bad"), markersize=6)
    return ax
