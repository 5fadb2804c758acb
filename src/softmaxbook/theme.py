"""Every colour of the book, once: for matplotlib, for the explorables, in light, dark and print.

A figure is drawn by matplotlib in the light palette and shown as an inline SVG in which each
palette colour became a CSS variable. One picture is then right on every background.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from html import escape
from itertools import count, pairwise
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from matplotlib.figure import Figure

N_CLASS_COLOURS = 10
"""How many classes have a colour of their own, `c0` to `c9`."""

LIGHT: Mapping[str, str] = {
    "paper": "#ffffff",
    "panel": "#f4f6f8",
    "line": "#cfd6dd",
    "muted": "#57616b",
    "ink": "#1c2228",
    "accent": "#0b63b0",
    "good": "#16703f",
    "warn": "#8a5a00",
    "bad": "#b3261e",
    "c0": "#1766ad",
    "c1": "#b3500a",
    "c2": "#0f766b",
    "c3": "#9b2f9b",
    "c4": "#7a5c0c",
    "c5": "#c02a63",
    "c6": "#4350c4",
    "c7": "#54721a",
    "c8": "#8a4b2f",
    "c9": "#5a6670",
}
"""Colours on a light page. Class colours and words reach a contrast of 4.5 : 1 on the paper."""

DARK: Mapping[str, str] = {
    "paper": "#14181e",
    "panel": "#1f252d",
    "line": "#434d58",
    "muted": "#a9b3bd",
    "ink": "#e6eaee",
    "accent": "#6db6f7",
    "good": "#63c98f",
    "warn": "#e3b341",
    "bad": "#ff8a80",
    "c0": "#6cb2f5",
    "c1": "#f3a067",
    "c2": "#4cc7b5",
    "c3": "#d994e0",
    "c4": "#d6b85a",
    "c5": "#f58bb0",
    "c6": "#a3acff",
    "c7": "#a8c966",
    "c8": "#d9a184",
    "c9": "#adb8c2",
}
"""The same names on a dark page."""

COLOURS = LIGHT
"""The palette that matplotlib draws with; `show` makes it follow the page."""

RC: Mapping[Any, Any] = {
    "figure.figsize": (4.2, 2.8),  # wide enough for a telephone; `svg` says how large words are
    "figure.facecolor": "none",
    "figure.constrained_layout.use": True,
    "savefig.facecolor": "none",
    "axes.facecolor": "none",
    "axes.edgecolor": LIGHT["muted"],
    "axes.labelcolor": LIGHT["ink"],
    "axes.titlecolor": LIGHT["ink"],
    "axes.titlesize": 11,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": LIGHT["line"],
    "grid.linewidth": 0.6,
    "text.color": LIGHT["ink"],
    "xtick.color": LIGHT["muted"],
    "ytick.color": LIGHT["muted"],
    "xtick.labelcolor": LIGHT["ink"],
    "ytick.labelcolor": LIGHT["ink"],
    "legend.frameon": False,
    "lines.linewidth": 2.0,
    "font.size": 10,
    "svg.fonttype": "none",
}
"""matplotlib's settings for every figure of the book."""

DATA = (
    '<p class="sb-data"><a download="figure.csv" href="data:text/csv;charset=utf-8,{}">'
    "The data of this figure (CSV)</a></p>"
)
"""The link below a figure. Its address holds the data; on the site, a file does."""

UNQUOTED = " ,:/()|=~^+*'"  # what may stand in an address as it is
SMALLEST = 0.75
"""How large the words on a figure are at least, as a part of the text around them."""

MARGIN = 0.05
"""Inches around a drawing without axes."""

_SVG_PREFIX = count()


def colour(name: str) -> str:
    """Return the colour called `name` in the palette that figures are drawn with.

    Parameters
    ----------
    name : str
        One of `ink`, `muted`, `line`, `paper`, `panel`, `accent`, `good`, `warn`, `bad`,
        `c0` … `c9`.

    Returns
    -------
    str
        A hexadecimal colour, for instance `"#1766ad"`.

    Raises
    ------
    KeyError
        If the palette has no such colour; the message lists those it has.

    Examples
    --------
    >>> colour("c0")
    '#1766ad'
    """
    try:
        return COLOURS[name]
    except KeyError:
        raise KeyError(f"no colour {name!r}; there are {', '.join(COLOURS)}") from None


def css_variables() -> str:
    """Return the style sheet that defines the palette as CSS variables `--sb-…`.

    The page decides between light and dark: the built site and JupyterLab by their switch, any
    other host by the reader's system. Paper is light. A host that keeps widgets in a shadow root
    (marimo) is reached by `:host`, and is dark by a class of its own.

    Examples
    --------
    >>> "--sb-ink: #1c2228;" in css_variables()
    True
    """
    light, dark = (
        " ".join(f"--sb-{name}: {value};" for name, value in palette.items())
        for palette in (LIGHT, DARK)
    )
    switched = ':root[data-theme="dark"], [data-jp-theme-light="false"], body.vscode-dark'
    # A page of the site without JavaScript has no data-theme and stays light, whatever the system.
    undecided = ":root:not([data-theme]):not([data-content_root])"
    undecided += ":not(:has([data-jp-theme-light])):not(:has(body.vscode-light))"
    return (
        f':root, :host, [data-jp-theme-light="true"], body.vscode-light {{ {light} }}\n'
        f"@media screen {{ {switched} {{ {dark} }} }}\n"
        f"@media screen and (prefers-color-scheme: dark) {{ {undecided} {{ {dark} }} }}\n"
        f"@media screen {{ :host-context(.dark) {{ {dark} }} }}\n"  # a rule that Firefox leaves out
    )


def forced_variables() -> str:
    """Return the palette for colours that the reader's system forces, whatever the page's switch.

    Drawings keep their own colours there, on a background that the system has chosen.

    Examples
    --------
    >>> forced_variables().count("forced-colors")
    2
    """
    asked = "@media (forced-colors: active) and (prefers-color-scheme: {})"
    asked += " {{ .sb, .sb-figure {{ {} }} }}\n"
    return "".join(
        asked.format(scheme, " ".join(f"--sb-{name}: {value};" for name, value in palette.items()))
        for scheme, palette in (("light", LIGHT), ("dark", DARK))
    )


def svg(figure: Figure) -> str:
    """Return a matplotlib figure as inline SVG text whose colours follow the page.

    Axes that stand beside each other become drawings of their own, which a narrow page shows below
    each other: so the words on them are never smaller than `SMALLEST` times the text around them.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Drawn with the colours of this module; any other colour stays as it is.

    Returns
    -------
    str
        `<svg>` elements, each of which fits its place up to a largest width, with ids that do not
        collide: one, or one for each column of Axes.
    """
    columns = _columns(figure)
    if len(columns) == 1:
        return _drawing(figure, _largest)
    # Below each other, each needs the names that were written once.
    for axes in figure.axes:
        if len(axes.get_shared_y_axes().get_siblings(axes)) > 1:
            axes.tick_params(labelleft=True)
    columns = _columns(figure)
    engine = figure.get_layout_engine()
    figure.set_layout_engine("none")
    drawings = [_drawn_alone(figure, axes, box) for axes, box in columns]
    figure.set_layout_engine(engine)
    return "".join(drawings)


def _columns(figure: Figure) -> list[tuple[list[Any], Any]]:
    """Return the columns of Axes from left to right, each with its part of the figure in inches.

    What belongs to the whole figure keeps it whole.
    """
    from matplotlib.transforms import Bbox

    figure.draw_without_rendering()
    width, height = figure.get_size_inches()
    tight = {axes: axes.get_tightbbox() for axes in figure.axes}
    boxes = {axes: Bbox(box.get_points() / figure.dpi) for axes, box in tight.items() if box}
    columns: list[tuple[list[Any], float, float]] = []
    for axes, box in sorted(boxes.items(), key=lambda found: found[1].x0):
        if columns and box.x0 < columns[-1][2]:
            members, start, end = columns.pop()
            columns.append(([*members, axes], start, max(end, box.x1)))
        else:
            columns.append(([axes], box.x0, box.x1))
    if figure.legends or figure.texts or not columns:
        columns = [(list(figure.axes), 0.0, width)]
    gaps = [(one[2] + other[1]) / 2 for one, other in pairwise(columns)]
    edges = pairwise([0.0, *gaps, width])
    found = []
    for (members, *_), (left, right) in zip(columns, edges, strict=True):
        low, high = 0.0, height
        if gaps and not any(axes.axison for axes in members):  # nothing to align with others
            low = max(low, min(boxes[axes].y0 for axes in members) - MARGIN)
            high = min(high, max(boxes[axes].y1 for axes in members) + MARGIN)
        found.append((members, Bbox([[left, low], [right, high]])))
    return found


def _drawn_alone(figure: Figure, column: list[Any], box: Any) -> str:
    others = [axes for axes in figure.axes if axes not in column and axes.get_visible()]
    for axes in others:
        axes.set_visible(False)
    drawing = _drawing(figure, _largest_of_several, bbox_inches=box)
    for axes in others:
        axes.set_visible(True)
    return drawing


def _drawing(figure: Figure, size: Callable[[re.Match[str]], str], **options: Any) -> str:
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None}, **options)
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r' height="[\d.]+pt"', "", text, count=1)
    text = re.sub(r' width="([\d.]+)pt"', size, text, count=1)
    text = _without_style_sheet(text)
    text = re.sub(r"font-family: [^;\"]+", "font-family: inherit", text)
    text = re.sub(r"(font: [^;\"]*px) [^;\"]+", r"\1 inherit", text)
    text = _themed(text)
    return _with_unique_ids(text, f"sb{next(_SVG_PREFIX)}-")


def show(figure: Figure, alt: str) -> Picture:
    """Close a figure and return it as a picture that notebooks and the built site display.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The finished figure.
    alt : str
        What the figure shows, in words, for a reader who cannot see it.

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        If `alt` is empty.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> figure, axes = plt.subplots()
    >>> show(figure, alt="An empty pair of axes.").alt
    'An empty pair of axes.'
    """
    from matplotlib import pyplot as plt

    from .drawn import table

    picture = Picture(svg(figure), alt, table(figure))
    plt.close(figure)
    return picture


class Picture:
    """An SVG with its alternative text, displayed inline so that it can follow the page's colours.

    Parameters
    ----------
    svg : str
        `<svg>` elements: one, or several that stand beside each other where there is room.
    alt : str
        What it shows, in words.
    data : str, default ""
        What is drawn, as comma-separated values, for a reader who wants the numbers; a link offers
        it below the picture.
    """

    def __init__(self, svg: str, alt: str, data: str = "") -> None:
        if not alt.strip():
            raise ValueError("alt is empty: say in words what the figure shows")
        self.svg = svg
        self.alt = alt
        self.data = data

    def _repr_html_(self) -> str:
        return self.without_data() + (
            DATA.format(quote(self.data, safe=UNQUOTED)) if self.data else ""
        )

    def without_data(self) -> str:
        """Return the picture as HTML without the link to its data."""
        label = escape(self.alt, quote=True)
        drawing = self.svg.replace("<svg", '<svg aria-hidden="true"')
        return (
            f"<style>{css_variables()}</style>"
            f'<figure class="sb-figure" role="img" aria-label="{label}">{drawing}</figure>'
        )

    def __repr__(self) -> str:
        return f"Picture({self.alt!r})"


def _rem(points: float) -> float:
    """Return the width at which a figure's words are as large as the text around them."""
    return points / float(RC["font.size"])


def _largest(width: re.Match[str]) -> str:
    return f' style="max-width: {_rem(float(width[1])):.1f}rem"'


def _largest_of_several(width: re.Match[str]) -> str:
    most = _rem(float(width[1]))
    return f' style="flex: {most:.1f} 1 {SMALLEST * most:.1f}rem; max-width: {most:.1f}rem"'


def _without_style_sheet(text: str) -> str:
    """Return a drawing whose root hands down what matplotlib says of `*`.

    A sheet inside of inline SVG holds for the whole page: its `*` would be everybody's, and a
    browser styles the page anew for each that it comes to.
    """
    sheet = re.search(r"<defs>\s*<style[^>]*>\*\{([^{}]*)\}</style>\s*</defs>\s*", text)
    if sheet is None:
        return text
    text = text.replace(sheet[0], "", 1)
    return re.sub(r'(<svg[^>]* style="[^"]*)', rf"\1; {sheet[1]}", text, count=1)


def _themed(text: str) -> str:
    names = {value: name for name, value in LIGHT.items()}
    pattern = re.compile("|".join(names), re.IGNORECASE)

    def variable(match: re.Match[str]) -> str:
        value = match.group().lower()
        return f"var(--sb-{names[value]}, {value})"

    return pattern.sub(variable, text)


def _with_unique_ids(text: str, prefix: str) -> str:
    text = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}\1"', text)
    text = re.sub(r'href="#([^"]+)"', rf'href="#{prefix}\1"', text)
    return re.sub(r"url\(#([^)]+)\)", rf"url(#{prefix}\1)", text)
