"""Figures: each function draws data on an Axes and returns the Axes.

Nothing rests on colour alone: lines differ in their dashes, points in their markers, and what can
be named is named in the picture.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from softmaxbook.theme import colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from softmaxbook.arrays import FloatArray

DASHES = ("-", "--", "-.", ":", (0, (6, 1, 1, 1, 1, 1)))
"""Line styles, so that lines differ in print and for every eye."""

MARKERS = ("o", "x", "s", "+", "^", "d")
"""Point styles, for the same reason."""

TRIANGLE = np.array([[0.5, np.sqrt(3) / 2], [0, 0], [1, 0]])
"""Corners of the probability triangle: certainty of the first, second and third class."""


def labelled_curves(ax: Axes, x: ArrayLike, curves: Mapping[str, ArrayLike]) -> Axes:
    """Draw one line for each entry of `curves`, told apart by colour and by dashes.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    x : array_like, shape (n,)
    curves : mapping of str to array_like, shape (n,)
        At most ten, by the name that the legend gives.

    Returns
    -------
    matplotlib.axes.Axes
    """
    for i, (name, y) in enumerate(curves.items()):
        ax.plot(x, y, color=colour(f"c{i}"), linestyle=DASHES[i % len(DASHES)], label=name)
    ax.legend(handlelength=3)
    return ax


def error_points(ax: Axes, x: ArrayLike, errors: Mapping[str, ArrayLike], floor: float) -> Axes:
    """Draw each measured error as a point on a logarithmic scale; below `floor` it sits on it.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    x : array_like, shape (n,)
    errors : mapping of str to array_like, shape (n,)
        At most six, by the name that the legend gives; at least 0.
    floor : float
        The smallest error that is worth telling from 0.

    Returns
    -------
    matplotlib.axes.Axes
    """
    for i, (name, y) in enumerate(errors.items()):
        heights = np.maximum(np.asarray(y), floor)
        style = {"marker": MARKERS[i], "linestyle": "none", "markersize": 4, "alpha": 0.75}
        ax.plot(x, heights, color=colour(f"c{i}"), label=name, **style)
    ax.set_yscale("log")
    ax.legend()
    return ax


def exponential_ranges(ax: Axes, ranges: Mapping[str, tuple[float, float, float]]) -> Axes:
    """Draw, one bar a float format, the inputs whose exponential the format can hold.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    ranges : mapping of str to (float, float, float)
        By format: where the exponential rounds to 0, turns subnormal, and overflows.

    Returns
    -------
    matplotlib.axes.Axes
    """
    for row, (zero, subnormal, overflow) in enumerate(ranges.values()):
        ax.barh(row, overflow - subnormal, left=subnormal, height=0.5, color=colour("c0"))
        ax.barh(row, subnormal - zero, left=zero, height=0.5, facecolor="none",
                edgecolor=colour("c0"), hatch="////", linewidth=1)  # fmt: skip
        ax.annotate("0", (zero, row), (-6, 0), textcoords="offset points", ha="right", va="center")
        ax.annotate("inf", (overflow, row), (6, 0), textcoords="offset points", va="center")
    ax.set_yticks(range(len(ranges)), labels=list(ranges))
    ax.set_xscale("symlog", linthresh=10)
    ax.invert_yaxis()
    return ax


def secular_function(ax: Axes, probabilities: ArrayLike) -> Axes:
    """Draw f(λ) = 1 − Σ pᵢ² / (pᵢ − λ), whose zeros are the eigenvalues of diag(p) − ppᵀ.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    probabilities : array_like, shape (K,)
        Positive, distinct, with sum 1.

    Returns
    -------
    matplotlib.axes.Axes
    """
    p = np.sort(np.asarray(probabilities, dtype=float))
    edges = [-0.15 * p[-1], *p, 1.15 * p[-1]]
    for left, right in pairwise(edges):
        inset = 1e-6 * (right - left)
        x = np.linspace(left + inset, right - inset, 400)
        y = 1 - (p**2 / (p - x[:, None])).sum(axis=1)
        ax.plot(x, np.where(np.abs(y) < 6, y, np.nan), color=colour("c0"))
    for pole in p:
        ax.axvline(pole, color=colour("muted"), linestyle=":", linewidth=1.2)
    zeros = np.linalg.eigvalsh(np.diag(p) - np.outer(p, p))
    ax.axhline(0, color=colour("muted"), linewidth=0.8)
    ax.plot(zeros, np.zeros_like(zeros), "o", color=colour("c1"), label="eigenvalue")
    ax.set(ylim=(-5, 5), xlim=(edges[0], edges[-1]))
    return ax


def triangle_contours(
    ax: Axes, function: Callable[[FloatArray], ArrayLike], levels: Sequence[float]
) -> Axes:
    """Draw the levels of a function of three probabilities on the probability triangle.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    function : callable
        Takes probabilities of shape (n, 3), returns n numbers.
    levels : sequence of float
        Increasing; the shade deepens with the level.

    Returns
    -------
    matplotlib.axes.Axes
    """
    from matplotlib.colors import to_rgba

    p1, p2 = np.meshgrid(np.linspace(0, 1, 121), np.linspace(0, 1, 121))
    inside = p1 + p2 <= 1 + 1e-9
    p = np.stack([p1[inside], p2[inside], np.maximum(1 - p1 - p2, 0)[inside]], axis=1)
    x, y = (p @ TRIANGLE).T
    heights = np.asarray(function(p))
    shades = [to_rgba(colour("c0"), a) for a in np.linspace(0.05, 0.6, len(levels) + 1)]
    ax.tricontourf(x, y, heights, levels=[-np.inf, *levels, np.inf], colors=shades)
    lines = ax.tricontour(x, y, heights, levels=levels, colors=[colour("ink")], linewidths=0.7)
    ax.clabel(lines, fontsize=8)
    ax.fill(*TRIANGLE.T, facecolor="none", edgecolor=colour("ink"), linewidth=1.2)
    ax.set_aspect("equal")
    ax.axis("off")
    return ax
