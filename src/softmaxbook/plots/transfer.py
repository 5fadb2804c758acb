"""The chapter on transfer: what carries over, and what a source is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from softmaxbook.learning.intervals import Interval
from softmaxbook.theme import colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes

KINDS = {
    "features": ("body", "frozen", "the body stays as it is"),
    "parameters": ("body", "learns", "the body is where it starts"),
    "relations": ("another body", "learns", "what is alike there, is alike here"),
}
"""What carries over: what stands in the target's network, whether it learns, and the idea."""

_ROWS = {"source": 3.0, "target": 0.4}
_STATE = {
    "source": {"edgecolor": "muted", "facecolor": "panel"},
    "frozen": {"edgecolor": "muted", "facecolor": "panel", "hatch": "////"},
    "learns": {"edgecolor": "accent", "facecolor": "paper"},
}


def transfer_kinds(axes: Sequence[Axes]) -> Sequence[Axes]:
    """Draw the three things that can carry over from a source network to a target network.

    Parameters
    ----------
    axes : sequence of matplotlib.axes.Axes
        Three, one for each.

    Returns
    -------
    sequence of matplotlib.axes.Axes
        `axes`.
    """
    for ax, (kind, (body, state, idea)) in zip(axes, KINDS.items(), strict=True):
        ax.text(2.1, 4.75, kind, ha="center", weight="bold")
        _network(ax, "source", "body", "source")
        _network(ax, "target", body, state)
        _passage(ax, 1.2, kind)
        ax.text(2.1, -0.45, idea, ha="center", color=colour("muted"))
        ax.set(xlim=(-0.1, 4.3), ylim=(-0.8, 5.2))
        ax.axis("off")
    return axes


def _network(ax: Axes, row: str, body: str, state: str) -> None:
    """Draw body and head of a network; a frozen body is hatched, a learning one has a blue rim."""
    bottom = _ROWS[row]
    classes = "head of the\nsource" if row == "source" else "new head"
    head = "source" if row == "source" else "learns"
    _box(ax, (0, bottom), 2.4, body if state != "frozen" else "", state)
    if state == "frozen":  # words on a hatch cannot be read
        label = {"facecolor": colour("panel"), "edgecolor": "none", "pad": 2.0}
        ax.text(1.2, bottom + 0.55, "body, frozen", ha="center", va="center", bbox=label)
    _box(ax, (2.6, bottom), 1.6, classes, head)


def _box(ax: Axes, corner: tuple[float, float], width: float, label: str, state: str) -> None:
    from matplotlib.patches import Rectangle

    look: dict[str, Any] = dict(_STATE[state])
    look |= {key: colour(look[key]) for key in ("edgecolor", "facecolor")}
    ax.add_patch(Rectangle(corner, width, 1.1, linewidth=1.6, **look))
    middle = (corner[0] + width / 2, corner[1] + 0.55)
    ax.text(*middle, label, ha="center", va="center")


def _passage(ax: Axes, middle: float, kind: str) -> None:
    """Draw what goes down from the source's body to the target's."""
    top, bottom = _ROWS["source"], _ROWS["target"] + 1.1
    line = {"arrowstyle": "-|>", "color": colour("ink")}
    if kind != "relations":
        ax.annotate("", (middle, bottom), (middle, top), arrowprops=line)
        ax.text(middle + 0.15, (top + bottom) / 2, "weights", va="center")
        return
    from matplotlib.patches import Rectangle

    side, corner = 0.22, (middle - 0.33, (top + bottom) / 2 - 0.33)
    rim: dict[str, Any] = {"edgecolor": colour("line"), "linewidth": 0.6}
    for row in range(3):
        for cell in range(3):
            alike = 1.0 if row == cell else 0.15 + 0.35 * (row + cell == 1)
            place = (corner[0] + side * cell, corner[1] + side * (2 - row))
            ax.add_patch(
                Rectangle(place, side, side, facecolor=colour("accent"), alpha=alike, **rim)
            )
    ax.annotate("", (middle, corner[1] + 0.66), (middle, top), arrowprops=line)
    ax.annotate("", (middle, bottom), (middle, corner[1]), arrowprops=line)
    ax.text(middle + 0.45, (top + bottom) / 2, "similarities", va="center")


def source_points(ax: Axes, places: Mapping[str, float], intervals: Mapping[str, Interval]) -> Axes:
    """Draw what each source is worth over a score of it; the names stand on the right.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    places : mapping of str to float
        The score of each source.
    intervals : mapping of str to Interval
        What each is worth; the same names.

    Returns
    -------
    matplotlib.axes.Axes
        `ax`.
    """
    names = sorted(places, key=lambda name: -intervals[name].mean)
    low, high = (
        pick(limit for name in names for limit in intervals[name][1:]) for pick in (min, max)
    )
    heights = _apart([intervals[name].mean for name in names], 0.11 * (high - low), low)
    for name, height in zip(names, heights, strict=True):
        x, interval = places[name], intervals[name]
        ax.plot([x, x], interval[1:], "-", color=colour("accent"), marker="_", zorder=3)
        ax.plot(x, interval.mean, "o", color=colour("accent"), markersize=5, zorder=3)
        ax.annotate(
            name,
            (x, interval.mean),
            (1.03, height),
            textcoords=ax.get_yaxis_transform(),
            va="center",
            arrowprops={
                "arrowstyle": "-",
                "color": colour("line"),
                "relpos": (0.0, 0.5),
                "shrinkA": 1,
                "shrinkB": 4,
                "zorder": 1,
            },
        )
    return ax


def source_orders(ax: Axes, orders: Mapping[str, Sequence[tuple[int, str]]]) -> Axes:
    """Write the sources below each yardstick, the most promising at the top.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    orders : mapping of str to sequence of (place, source)
        By the name of the yardstick; equal ones share a place.

    Returns
    -------
    matplotlib.axes.Axes
        `ax`.
    """
    rows = max(len(ranked) for ranked in orders.values())
    for column, (yardstick, ranked) in enumerate(orders.items()):
        ax.text(column, 0, yardstick, weight="bold", va="center", fontsize=8)
        ax.plot([column, column + 0.94], [0.55, 0.55], color=colour("muted"), linewidth=1)
        for row, (place, source) in enumerate(ranked, start=1):
            ax.text(column, row, f"{place}.", va="center", fontsize=8, color=colour("muted"))
            ax.text(column + 0.1, row, source, va="center", fontsize=8)
    ax.set(xlim=(0, len(orders)), ylim=(rows + 0.5, -0.5))
    ax.axis("off")
    return ax


def _apart(heights: Sequence[float], gap: float, lowest: float) -> list[float]:
    """Return falling heights moved by as little as keeps them `gap` apart and above `lowest`."""
    moved: list[float] = []
    for height in heights:
        moved.append(min(height, moved[-1] - gap) if moved else height)
    for row in range(len(moved) - 1, -1, -1):
        floor = lowest if row == len(moved) - 1 else moved[row + 1] + gap
        moved[row] = max(moved[row], floor)
    return moved
