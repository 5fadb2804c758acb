"""The chapter on overflow: what a float format can hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from softmaxbook.theme import colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes


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
        `ax`.
    """
    rows, ink = range(len(ranges)), colour("c0")
    zero, subnormal, overflow = np.array(list(ranges.values())).T
    ax.barh(rows, overflow - subnormal, left=subnormal, height=0.5, color=ink, label="normal")
    below = ax.barh(rows, subnormal - zero, left=zero, height=0.5, label="subnormal")
    for bar in below:
        bar.set(facecolor="none", edgecolor=ink, hatch="//////")
    beside: dict[str, Any] = {"textcoords": "offset points", "va": "center"}
    for row in rows:
        ax.annotate("0", (zero[row], row), (-5, 0), **beside, ha="right")
        ax.annotate("inf", (overflow[row], row), (5, 0), **beside)
    ax.set_yticks(rows, list(ranges))
    ax.set_ylim(len(ranges) - 0.5, -0.5)
    ax.set_xscale("symlog", linthresh=10)
    return ax


def exponential_line(
    ax: Axes,
    limits: tuple[float, float, float],
    arguments: ArrayLike,
    names: Sequence[str],
    results: Sequence[str],
) -> Axes:
    """Draw arguments of exp on a float format's number line, one row a class, first on top.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    limits : (float, float, float)
        Where the exponential rounds to 0, turns subnormal, and overflows.
    arguments : array_like, shape (n_classes,)
        Those beyond the ends of the line are drawn on them as arrowheads; NaN is left out.
    names, results : sequence of str
        For the left and for the right end of each row.

    Returns
    -------
    matplotlib.axes.Axes
        `ax`.
    """
    zero, subnormal, overflow = limits
    low, high = 1.3 * zero, 1.3 * overflow
    stretches = ((low, zero, "xxx"), (zero, subnormal, "..."), (overflow, high, "///"))
    for start, end, hatch in stretches:
        edge = colour("line")
        ax.axvspan(start, end, facecolor="none", edgecolor=edge, hatch=hatch, linewidth=0)
    for limit in limits:
        ax.axvline(limit, color=colour("muted"), linewidth=1.2)
    for row, argument in enumerate(np.asarray(arguments, dtype=float)):
        marker = "<" if argument < low else ">" if argument > high else "o"
        place = np.clip(argument, low, high)
        ink = colour(f"c{row % 10}")
        ax.plot(place, row, marker, color=ink, markersize=8, clip_on=False)
    ax.set(xlim=(low, high), ylim=(len(names) - 0.5, -0.5))
    ax.set_xlabel("what exp is taken of; crosses: exp gives 0, dots: subnormal, strokes: ∞")
    ax.set_xticks(limits, [f"{zero:.2f}   ", f"   {subnormal:.2f}", f"{overflow:.2f}"])
    lower, upper, _ = ax.get_xticklabels()  # the two lower limits lie close together
    lower.set_horizontalalignment("right")
    upper.set_horizontalalignment("left")
    ax.set_yticks(range(len(names)), list(names))
    right = ax.secondary_yaxis("right")
    right.set_yticks(range(len(results)), list(results))
    right.tick_params(length=0)
    right.spines["right"].set_visible(False)
    ax.grid(False)
    return ax
