"""What a matplotlib figure holds, as a table: read from its artists, so it is what was drawn."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = ("panel", "drawn as", "series", "x", "y", "value")
"""What a row says: where, as what, by which name in the legend, at which place, and how strong."""

Place = tuple[Any, Any]
Drawn = tuple[str, str, list[Place], Any]
"""As what, by which name, where, and how strong."""


def table(figure: Figure) -> str:
    """Return all that a figure draws from data, as a table of comma-separated values.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The finished figure. Lines, bars, steps, points, areas, contours, boxes and words are read;
        ticks, grids, legends, arrows and free outlines, as of a letter, are not.

    Returns
    -------
    str
        One line of `COLUMNS`; then for each panel a row with the names of its axes, and one for
        each point of a line, bar, corner of an area, word. What has no name is numbered.
        Places are in the units of the axes, or the words at the ticks where all of a series lies
        at such; a line across the whole panel leaves one of them empty. The value is that of a
        contour, or the strength (0 to 1) of a box's colour. Numbers have six digits.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> figure, axes = plt.subplots()
    >>> bars = axes.barh(["cat", "dog"], [0.75, 0.25], label="share")
    >>> words = axes.set(title="A photograph", xlabel="probability")
    >>> print(table(figure))
    panel,drawn as,series,x,y,value
    A photograph,axes,,probability,,
    A photograph,bar,share,0.75,cat,
    A photograph,bar,share,0.25,dog,
    <BLANKLINE>
    >>> plt.close(figure)
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for number, axes in enumerate(figure.axes, start=1):
        panel = axes.get_title() or number
        writer.writerow([panel, "axes", "", axes.get_xlabel(), axes.get_ylabel(), ""])
        ticks = _words(axes.xaxis), _words(axes.yaxis)
        for count, (kind, series, places, value) in enumerate(_drawn(axes), start=1):
            name = count if series.startswith("_") or not series else series
            across, up = ([place[i] for place in places] for i in (0, 1))
            named = zip(_named(across, ticks[0]), _named(up, ticks[1]), strict=True)
            for place in named:
                writer.writerow([panel, kind, name, *map(_shown, (*place, value))])
    return text.getvalue()


def _words(axis: Any) -> dict[Any, str]:
    """Return the words at an axis's ticks, where somebody chose them."""
    from matplotlib.category import StrCategoryFormatter
    from matplotlib.ticker import FixedFormatter, FuncFormatter

    formatter = axis.get_major_formatter()
    if not isinstance(formatter, StrCategoryFormatter | FixedFormatter | FuncFormatter):
        return {}
    places = axis.get_majorticklocs()
    words = zip(places, formatter.format_ticks(places), strict=True)
    return {float(place): word for place, word in words if word}


def _named(places: Sequence[Any], words: dict[Any, str]) -> list[Any]:
    """Return the words for places that all lie at ticks, else the places as they are."""
    return [words[place] for place in places] if words.keys() >= set(places) else list(places)


def _shown(cell: Any) -> str:
    return cell if isinstance(cell, str) else "" if cell is None else f"{float(cell):.6g}"


def _drawn(axes: Axes) -> Iterator[Drawn]:
    from matplotlib.container import BarContainer

    groups = [each for each in axes.containers if isinstance(each, BarContainer)]
    in_groups = {bar for group in groups for bar in group.patches}
    for group in groups:
        yield "bar", str(group.get_label()), _ends(group), None
    for line in axes.lines:
        yield "line", str(line.get_label()), _line(axes, line), None
    for patch in axes.patches:
        if patch not in in_groups:
            yield from _patch(axes, patch)
    for collection in axes.collections:
        yield from _collection(axes, collection)
    for text in axes.texts:
        if words := text.get_text():
            yield "words", words, _in_data(axes, text, [text.get_position()]), None


def _in_data(axes: Axes, artist: Any, places: Iterable[Place]) -> list[Place]:
    """Return places with None for what is not in the units of the axes, and without the rest."""
    across, up = artist.get_transform().contains_branch_seperately(axes.transData)
    if not across and not up:
        return []
    kept = [(x if across else None, y if up else None) for x, y in places]
    return kept if across and up else list(dict.fromkeys(kept))


def _ends(bars: Any) -> list[Place]:
    if bars.orientation == "horizontal":
        return [(b.get_x() + b.get_width(), b.get_y() + b.get_height() / 2) for b in bars.patches]
    return [(b.get_x() + b.get_width() / 2, b.get_y() + b.get_height()) for b in bars.patches]


def _line(axes: Axes, line: Any) -> list[Place]:
    from matplotlib.lines import AxLine

    if not isinstance(line, AxLine):
        return _in_data(axes, line, line.get_xydata())
    start: Any = line.get_xy1()
    slope = line.get_slope()
    end = line.get_xy2() if slope is None else (start[0] + 1, start[1] + slope)
    return [start, end]


def _patch(axes: Axes, patch: Any) -> Iterator[Drawn]:
    from matplotlib.patches import FancyArrowPatch, PathPatch, Rectangle, StepPatch

    label = str(patch.get_label())
    if isinstance(patch, StepPatch):
        values, edges, _ = patch.get_data()
        yield "step", label, list(zip(edges, [*values, values[-1]], strict=True)), None
    elif isinstance(patch, FancyArrowPatch | PathPatch):
        return
    elif isinstance(patch, Rectangle):
        corners = _in_data(axes, patch, patch.get_corners()[[0, 2]])
        yield "box", label, corners, patch.get_alpha()
    else:
        outline = patch.get_patch_transform().transform(patch.get_path().vertices)
        yield "shape", label, _in_data(axes, patch, outline), patch.get_alpha()


def _corners(path: Any) -> list[Place]:
    return [(x, y) for x, y in path.vertices]


def _collection(axes: Axes, collection: Any) -> Iterator[Drawn]:
    from matplotlib.collections import LineCollection, PathCollection
    from matplotlib.contour import ContourSet

    label = str(collection.get_label())
    if isinstance(collection, PathCollection):
        yield "point", label, [(x, y) for x, y in np.asarray(collection.get_offsets())], None
    elif isinstance(collection, ContourSet):
        for level, path in zip(collection.levels, collection.get_paths(), strict=False):
            yield "contour", label, _corners(path), level
    else:
        kind = "interval" if isinstance(collection, LineCollection) else "area"
        for path in collection.get_paths():
            yield kind, label, _in_data(axes, collection, _corners(path)), None
