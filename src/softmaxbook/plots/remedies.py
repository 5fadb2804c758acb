"""Means of repeated experiments with their intervals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from softmaxbook.learning.intervals import Interval
from softmaxbook.theme import colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def interval_points(ax: Axes, intervals: Mapping[str, Interval]) -> Axes:
    """Draw a mean with its interval on a line of its own for each name, from top to bottom.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    intervals : mapping of str to Interval

    Returns
    -------
    matplotlib.axes.Axes
        `ax`.
    """
    for row, interval in enumerate(intervals.values()):
        ends = [interval.low, interval.high]
        ax.plot(ends, [row, row], "-", color=colour("accent"), marker="|", markersize=9)
        ax.plot(interval.mean, row, "o", color=colour("accent"), markersize=5)
    ax.set_yticks(range(len(intervals)), list(intervals))
    ax.set_ylim(len(intervals) - 0.5, -0.5)
    return ax
