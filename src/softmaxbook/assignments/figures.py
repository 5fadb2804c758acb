"""The pictures of the report: drawn into given Axes, in the book's colours."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..theme import colour
from .discrimination import Discrimination

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH = 34  # characters of a label


def histogram(ax: Axes, points: Sequence[float], of: float) -> Axes:
    """Draw how many students earned how many of `of` points."""
    steps = max(1.0, math.ceil(of / 20))
    # Each bar holds what rounds to its middle, so full marks have a bar of their own.
    edges = np.arange(-steps / 2, of + steps, steps)
    counts, _ = np.histogram(points, edges)
    ax.bar(edges[:-1] + steps / 2, counts, width=0.9 * steps, color=colour("c0"))
    if len(points):
        ax.axvline(float(np.median(points)), color=colour("c1"), linewidth=2, label="median")
        ax.legend()
    ax.set(xlabel=f"points of {of:g}", ylabel="students", xlim=(-steps, of + steps))
    ax.locator_params(axis="y", integer=True)
    ax.grid(visible=False, axis="x")
    return ax


def shares(ax: Axes, names: Sequence[str], right: Sequence[int], of: Sequence[int]) -> Axes:
    """Draw the share of the students who earned all points, a bar for each name."""
    share = [100 * k / n if n else 0.0 for k, n in zip(right, of, strict=True)]
    return _bars(
        ax, names, share, [f"{value:.0f} %" for value in share], 100, "c2", "% of students"
    )


def counts(ax: Axes, names: Sequence[str], numbers: Sequence[int]) -> Axes:
    """Draw how many students did something, a bar for each name."""
    most = max(numbers, default=1)
    return _bars(ax, names, numbers, [str(each) for each in numbers], most, "c1", "students")


def _bars(
    ax: Axes,
    names: Sequence[str],
    values: Sequence[float],
    words: Sequence[str],
    most: float,
    hue: str,
    label: str,
) -> Axes:
    places = np.arange(len(names))
    ax.barh(places, values, color=colour(hue), height=0.7)
    for place, value, word in zip(places, values, words, strict=True):
        ax.text(value + 0.01 * most, float(place), word, va="center", fontsize=9)
    ax.set_yticks(places, [textwrap.shorten(name, WIDTH, placeholder=" …") for name in names])
    ax.set(xlabel=label, xlim=(0, 1.12 * most), ylim=(len(names) - 0.4, -0.6))
    ax.grid(visible=False, axis="y")
    return ax


def intervals(ax: Axes, names: Sequence[str], found: Sequence[Discrimination]) -> Axes:
    """Draw the correlation of each exercise with the others, a point on its interval."""
    places = np.arange(len(names))
    for place, each in zip(places, found, strict=True):
        ax.plot([each.low, each.high], [place, place], color=colour("muted"), linewidth=2)
        sure = each.low > 0 or each.high < 0
        face = colour("c0") if sure else colour("paper")
        ax.plot(each.r, place, "o", color=colour("c0"), markerfacecolor=face, markersize=7)
    ax.axvline(0, color=colour("ink"), linewidth=1)
    ax.set_yticks(places, [textwrap.shorten(name, WIDTH, placeholder=" …") for name in names])
    ax.set(xlabel="correlation with the other questions", xlim=(-1.02, 1.02))
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.grid(visible=False, axis="y")
    return ax
