"""The pictures of the report: drawn into given Axes, in the book's colours."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from softmaxbook.theme import colour

from .discrimination import Discrimination

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH = 62  # characters of a name


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


def intervals(ax: Axes, names: Sequence[str], found: Sequence[Discrimination]) -> Axes:
    """Draw the correlation of each exercise with the others, a point on its interval."""
    for place, each in enumerate(found):
        ax.plot([each.low, each.high], [place, place], color=colour("muted"), linewidth=2)
        sure = each.low > 0 or each.high < 0
        face = colour("c0") if sure else colour("paper")
        ax.plot(each.r, place, "o", color=colour("c0"), markerfacecolor=face, markersize=7)
    ax.axvline(0, color=colour("ink"), linewidth=1)
    ax.set(xlabel="correlation with the other questions", xlim=(-1.02, 1.02))
    return _named(ax, names)


def _bars(
    ax: Axes,
    names: Sequence[str],
    values: Sequence[float],
    words: Sequence[str],
    most: float,
    hue: str,
    label: str,
) -> Axes:
    ax.barh(np.arange(len(names)), values, color=colour(hue), height=0.36)
    for place, (value, word) in enumerate(zip(values, words, strict=True)):
        ax.text(value + 0.01 * most, place, word, va="center", fontsize=9)
    ax.set(xlabel=label, xlim=(0, 1.12 * most))
    return _named(ax, names)


def _named(ax: Axes, names: Sequence[str]) -> Axes:
    """Write each name above its own line, where it has the whole width, also on a phone."""
    left = ax.get_xlim()[0]
    for place, name in enumerate(names):
        shown = textwrap.shorten(name, WIDTH, placeholder=" …")
        ax.annotate(
            shown,
            (left, place - 0.22),
            (4, 0),
            textcoords="offset points",
            va="bottom",
            fontsize=9,
            parse_math=False,  # a dollar in a title is a dollar
        )
    ax.set_yticks([])
    ax.set_ylim(len(names) - 0.5, -0.8)
    ax.grid(visible=False, axis="y")
    return ax
