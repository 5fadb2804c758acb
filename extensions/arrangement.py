"""How a page is arranged: a figure stands before the code that drew it, and numbers in columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

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


class Arrange(SphinxPostTransform):
    """Move folded code below what it shows, and set columns of numbers as numbers."""

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

    def set_as_numbers(self, head: list[nodes.entry], body: list[nodes.entry]) -> None:
        """Mark a column's entries, and let no number break."""
        for entry in head + body:
            entry["classes"].append(NUMERIC)
        for entry in body:
            for text in list(entry.findall(nodes.Text)):
                text.parent.replace(text, nodes.Text(kept_together(text)))


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to Sphinx."""
    app.add_post_transform(Arrange)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
