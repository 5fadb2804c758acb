"""The part of `IPython.display` that the book's cells use, for a page without IPython."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["HTML", "Markdown", "display"]

show: Callable[[Any], None] = print  # the session puts in what shows on the page


class Markdown:
    """Text that is shown as Markdown."""

    def __init__(self, data: str) -> None:
        self.data = data

    def _repr_markdown_(self) -> str:
        return self.data


class HTML:
    """Markup: a page shows its text, for what code makes must not become a part of the page."""

    def __init__(self, data: str) -> None:
        self.data = data

    def __repr__(self) -> str:
        return self.data


def display(*values: Any) -> None:
    """Show each value, as the last line of a cell would be."""
    for value in values:
        show(value)
