"""The chapter on fine-tuning: learning curves with intervals, and the map of wins and losses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from softmaxbook.learning.intervals import Interval
from softmaxbook.plots.curves import LINES, POINTS
from softmaxbook.theme import colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FULL = 0.15
"""The difference of accuracies from which a cell of the map has its full colour."""


def learning_curves(ax: Axes, curves: Mapping[str, Mapping[int, Interval]]) -> Axes:
    """Draw accuracy over labels per class with an interval at each point, a curve for each name.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    curves : mapping of str to mapping of int to Interval
        At most four, by the name that the legend gives; from labels per class to accuracy.

    Returns
    -------
    matplotlib.axes.Axes
        `ax`.
    """
    ticks = sorted({n for curve in curves.values() for n in curve})
    for index, (name, curve) in enumerate(curves.items()):
        means = np.array([interval.mean for interval in curve.values()])
        ends = [[interval.low, interval.high] for interval in curve.values()]
        # Apart by a little, so that the intervals of two curves do not hide each other.
        places = np.array(list(curve)) * 1.025 ** (index - (len(curves) - 1) / 2)
        ax.errorbar(
            places,
            means,
            np.abs(np.array(ends).T - means),
            fmt=POINTS[index] + LINES[index],
            color=colour(f"c{index}"),
            markersize=5,
            capsize=3,
            elinewidth=1.2,
            linewidth=1.6,
            label=name,
        )
    ax.set(xscale="log", xlabel="labels per class", ylabel="accuracy")
    ax.set_xticks(ticks, [str(n) for n in ticks])
    ax.minorticks_off()
    ax.legend(handlelength=3)
    return ax


def transfer_map(
    ax: Axes,
    targets: Sequence[str],
    labels: Sequence[int],
    differences: Sequence[Sequence[Interval | None]],
) -> Axes:
    """Draw the gain of transfer as a map: one row a target, one column a number of labels.

    A cell shows the mean difference in points of accuracy. A triangle marks a difference whose
    interval excludes 0: ▲ transfer wins, ▼ it loses. Losses are hatched; undecided cells are
    pale, with their number in brackets.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    targets : sequence of str
        From near to far; the first is drawn at the top.
    labels : sequence of int
        Per class.
    differences : sequence of sequence of Interval or None
        One row a target; None where nothing was measured.

    Returns
    -------
    matplotlib.axes.Axes
        `ax`.
    """
    from matplotlib.patches import Rectangle

    for row, found in enumerate(differences):
        for column, interval in enumerate(found):
            if interval is None:
                continue
            for look in _looks(interval):
                ax.add_patch(Rectangle((column - 0.47, row - 0.45), 0.94, 0.9, **look))
            words = cell_text(interval).replace(" ", "\n")  # cells are narrow
            ax.text(column, row, words, ha="center", va="center", linespacing=1)
    ax.set_xticks(range(len(labels)), [str(n) for n in labels])
    ax.set_yticks(range(len(targets)), targets)
    ax.set(xlim=(-0.5, len(labels) - 0.5), ylim=(len(targets) - 0.5, -0.5))
    ax.set_xlabel("labels per class")
    ax.tick_params(length=0)
    ax.grid(visible=False)
    for spine in ax.spines.values():
        spine.set_visible(False)
    return ax


def cell_text(interval: Interval) -> str:
    """Return a difference in points with its mark, as in "▲ +12.3", "▼ −4.5" or "(+0.2)".

    Examples
    --------
    >>> [cell_text(Interval(x, x - 0.01, x + 0.01)) for x in (0.123, -0.045, 0.002)]
    ['▲ +12.3', '▼ −4.5', '(+0.2)']
    """
    number = f"{100 * interval.mean:+.1f}".replace("-0.0", "+0.0").replace("-", "−")
    if interval.low > 0:
        return f"▲ {number}"
    return f"▼ {number}" if interval.high < 0 else f"({number})"


def _looks(interval: Interval) -> list[dict[str, Any]]:
    """Return how the cell of a difference is filled, and hatched over it where transfer loses."""
    strength = min(abs(interval.mean) / FULL, 1.0)
    if interval.low <= 0 <= interval.high:
        return [{"facecolor": "none", "edgecolor": colour("line")}]
    hue = colour("accent" if interval.mean > 0 else "bad")
    fill = {"facecolor": (hue, 0.12 + 0.38 * strength), "edgecolor": (hue, 0.5)}
    # A patch that is filled as well would be drawn in SVG in the one colour of its hatch.
    hatch = {"facecolor": "none", "edgecolor": (hue, 0.4), "hatch": "///"}
    return [fill] if interval.mean > 0 else [fill, hatch]
