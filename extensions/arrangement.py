"""How a page is arranged: figures before the code that drew them, and tables that can be read."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from functools import partial
from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.writers.html5 import HTML5Translator

from .builders import is_site

NUMERIC = "sb-numeric"
NO_BREAK = "\N{NO-BREAK SPACE}"
NUMBER = re.compile(
    r"""
    (?:[▲▼≈<>≤≥~]\ ?)? [(\[]? [-+\N{MINUS SIGN}±]? \.?\d
        [-+\N{MINUS SIGN}±\d.,:%×·/()\[\]\ e⁻⁰¹²³⁴-⁹\N{EN DASH}]*
    | nan | NaN | [-\N{MINUS SIGN}]? (?:inf|∞) | [-\N{EN DASH}\N{EM DASH}]
    | # nothing
    """,
    re.VERBOSE,
)
"""What a cell holds whose column is set as numbers: a value, perhaps with its interval."""


def is_number(text: str) -> bool:
    """Return whether a cell's text is a number, alone or with an interval, or stands for none.

    Examples
    --------
    >>> [is_number(each) for each in ("0.042 [0.029, 0.056]", "▲ +11.6", "(−1.3)", "65 %", "")]
    [True, True, True, True, True]
    >>> [is_number(each) for each in ("4 classes", "digits")]
    [False, False]
    """
    return NUMBER.fullmatch(text.strip().replace(NO_BREAK, " ")) is not None


def kept_together(text: str) -> str:
    """Return numbers that break before an interval and between one another, and nowhere else.

    Examples
    --------
    >>> kept_together("0.04 [0.02, 0.06]").replace(NO_BREAK, "_")
    '0.04 [0.02,_0.06]'
    >>> kept_together("▲ +1.5, 65 %").replace(NO_BREAK, "_")
    '▲_+1.5, 65_%'
    """
    return re.sub(r"(?<!,) (?![\[(])|(?<=,) (?=[^\[]*\])", NO_BREAK, text)


def columns(table: nodes.table) -> Iterator[tuple[list[nodes.entry], list[nodes.entry]]]:
    """Yield the entries of each column, those of its head and those below, if none spans two."""
    head = [row.children for part in table.findall(nodes.thead) for row in part]
    body = [row.children for part in table.findall(nodes.tbody) for row in part]
    if body and len({len(row) for row in head + body}) == 1:
        for i in range(len(body[0])):
            yield [row[i] for row in head], [row[i] for row in body]


STACKED = "sb-stacked"
PHONE = 330
"""The width of a table on a narrow phone, in pixels."""
LETTER, PADDING, LINES = 7.2, 13, 5
"""What a letter takes on average, what stands around a cell's text, and how many lines are well."""


def letters(text: str) -> int:
    r"""Return how many letters a text takes, a formula about as many as it shows.

    Examples
    --------
    >>> letters("two words"), letters(r"\frac{a}{b_{ij}}")
    (9, 5)
    """
    return len(re.sub(r"[{}^_$\\]", "", re.sub(r"\\[a-zA-Z]+", "x", text)))


def pieces(text: str) -> list[str]:
    """Return what a line cannot break: words."""
    return re.split(r"[ \n]+", text)


def is_crowded(rows: list[list[str]]) -> bool:
    """Return whether a table of these texts scrolls on a phone, or has cells of many lines.

    Its columns are what a browser makes of them: each as wide as its longest word, and of what is
    left the more, the more it holds.

    Examples
    --------
    >>> is_crowded([["labels", "accuracy"], ["5", "0.91"]])
    False
    >>> is_crowded([["labels", *["0.912 [0.905,\N{NO-BREAK SPACE}0.919]"] * 5]])
    True
    >>> is_crowded([["exercise", "what is asked"], ["one", "so many words " * 30]])
    True
    """
    columns = list(zip(*rows, strict=True))
    least = [
        PADDING + LETTER * max(letters(p) for c in each for p in pieces(c)) for each in columns
    ]
    most = [PADDING + LETTER * max(letters(cell) for cell in each) for each in columns]
    spare, wanted = PHONE - sum(least), sum(most) - sum(least)
    share = min(1.0, spare / wanted) if wanted else 1.0
    widths = [low + share * (high - low) - PADDING for low, high in zip(least, most, strict=True)]
    lines = [
        math.ceil(LETTER * letters(cell) / width)
        for row in rows
        for cell, width in zip(row, widths, strict=True)
        if width > 0
    ]
    return spare < 0 or max(lines, default=0) > LINES


class Arrange(SphinxPostTransform):
    """Move folded code below what it shows, and set columns of numbers as numbers.

    A table that a phone cannot hold is marked: there each of its rows is an entry of its own.
    """

    default_priority = 250  # MyST-NB folds the code at 199
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Change the page."""
        for cell in self.document.findall(nodes.container):
            if cell.get("nb_element") == "cell_code" and cell.get("hide_mode") == "input":
                cell.children.sort(key=lambda child: child.get("nb_element") != "cell_code_output")
        for table in self.document.findall(nodes.table):
            for head, body in columns(table):
                texts = [entry.astext() for entry in body]
                if all(map(is_number, texts)) and any(map(str.strip, texts)):
                    self.set_as_numbers(head, body)
            if is_site(self.app):
                self.stack(table)

    def stack(self, table: nodes.table) -> None:
        """Mark a table that is crowded on a phone, and tell each of its cells its column's name."""
        named = list(columns(table))
        if not named or not all(head for head, _ in named):
            return
        texts = [[entry.astext() for entry in head + body] for head, body in named]
        if is_crowded([list(row) for row in zip(*texts, strict=True)]):
            table["classes"].append(STACKED)
            for part in table.findall(lambda node: type(node) in ROLES):
                part["role"] = ROLES[type(part)]
            for head, body in named:
                for entry in head:
                    entry["role"] = "columnheader"
                for entry in body:
                    entry["role"] = "cell"
                    entry["data-label"] = head[0].astext()

    def set_as_numbers(self, head: list[nodes.entry], body: list[nodes.entry]) -> None:
        """Mark a column's entries, and let no number break."""
        for entry in head + body:
            entry["classes"].append(NUMERIC)
        for entry in body:
            for text in list(entry.findall(nodes.Text)):
                text.parent.replace(text, nodes.Text(kept_together(text)))


# What the parts of a table are. Some browsers forget it where a style sheet stacks them.
ROLES: dict[type[nodes.Element], str] = {
    nodes.table: "table",
    nodes.thead: "rowgroup",
    nodes.tbody: "rowgroup",
    nodes.row: "row",
}


def visit_with_roles(name: str, self: HTML5Translator, node: nodes.Element) -> None:
    """Write the beginning of a part of a table, with the attributes that `stack` gave it."""
    before = len(self.body)
    getattr(type(self), f"visit_{name}")(self, node)
    given = [(key, node[key]) for key in ("role", "data-label") if node.get(key)]
    attributes = "".join(f' {key}="{escape(value)}"' for key, value in given)
    written = "".join(self.body[before:])
    tag = re.compile(r"<(?:table|thead|tbody|tr|th|td)\b")
    self.body[before:] = [tag.sub(lambda found: found[0] + attributes, written, count=1)]


def depart(name: str, self: HTML5Translator, node: nodes.Element) -> None:
    """Write the end."""
    getattr(type(self), f"depart_{name}")(self, node)


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to Sphinx."""
    app.add_post_transform(Arrange)
    for kind in (*ROLES, nodes.entry):
        name = kind.__name__
        both: tuple[Callable[..., None], Callable[..., None]]
        both = (partial(visit_with_roles, name), partial(depart, name))
        app.add_node(kind, override=True, html=both)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
