"""Reliability diagrams: how often right against how sure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from softmaxbook.learning.calibration import Reliability
from softmaxbook.theme import colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def reliability_bars(ax: Axes, diagram: Reliability) -> Axes:
    """Draw each bin's accuracy as a bar, and the gap to its mean confidence hatched.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    diagram : Reliability
        From `reliability`; empty bins stay empty.

    Returns
    -------
    matplotlib.axes.Axes
        `ax`.
    """
    full = diagram.counts > 0
    left, width = diagram.edges[:-1][full], np.diff(diagram.edges)[full]
    accuracy, sure = diagram.accuracy[full], diagram.confidence[full]
    place: dict[str, Any] = {"width": 0.92 * width, "align": "edge"}
    ax.bar(
        left + 0.04 * width, accuracy, color=colour("accent"), alpha=0.65, label="right", **place
    )
    gaps = ax.bar(left + 0.04 * width, sure - accuracy, bottom=accuracy, label="gap", **place)
    for gap in gaps:
        gap.set(facecolor="none", edgecolor=colour("bad"), hatch="////")
    ax.plot([0, 1], [0, 1], "--", color=colour("ink"), linewidth=1)
    ax.set(xlim=(0, 1), ylim=(0, 1), ylabel="share that is right")
    ax.legend(loc="upper left")
    return ax


def confidence_bars(ax: Axes, diagram: Reliability) -> Axes:
    """Draw how many rows each bin of confidence holds."""
    width = np.diff(diagram.edges)
    left = diagram.edges[:-1] + 0.04 * width
    ax.bar(left, diagram.counts, width=0.92 * width, align="edge", color=colour("c0"))
    ax.set(xlim=(0, 1), xlabel="confidence", ylabel="rows")
    return ax
