"""A cell as it came back, and the cells of what was handed in as a program or as a page."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

CellKind = Literal["code", "markdown", "raw"]


@dataclass(frozen=True)
class Cell:
    """A cell as it came back: its text, and every id that it still has."""

    kind: CellKind
    source: str
    ids: tuple[str, ...] = ()


def without_markup(text: str) -> str:
    """Return the text of a web page, with a line for each of its blocks."""
    text = re.sub(r"(?i)<br\s*/?>|</(p|div|li|pre|tr|h\d)>", "\n", text)
    return html.unescape(re.sub(r"<[^<>]*>", "", text)).replace("\xa0", " ")


def cells_of_page(text: str) -> Iterator[Cell]:
    """Yield the cells of a Markdown or MyST page: its fenced code, and the words between."""
    fence = re.compile(
        r"^(?P<marks>`{3,}|~{3,})(?P<info>[^\n]*)\n(?P<code>.*?)^(?P=marks)[ \t]*$", re.M | re.S
    )
    text = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.S)
    end = 0
    for match in fence.finditer(text):
        info = match["info"].strip().lower()
        if info and not re.search(r"code-cell|python|py\b", info):
            continue
        yield from _words(text[end : match.start()])
        yield _fenced(match["info"], match["code"])
        end = match.end()
    yield from _words(text[end:])


def _fenced(info: str, code: str) -> Cell:
    settings = re.match(r"---\n(.*?)\n?---\n|((?:^:[^\n]*\n)+)", code, re.S | re.M)
    told = info + (settings[0] if settings else "")
    ids = re.findall(r'grade_id"?:\s*"?([\w-]+)', told)
    return Cell("code", code[settings.end() if settings else 0 :].strip("\n"), tuple(ids))


def _words(text: str) -> Iterator[Cell]:
    """Yield the Markdown cells of a stretch of page.

    ``+++`` divides them and names their ids; where there is none, questions and marks divide them.
    """
    text = re.sub(r"^<!-- #(?:end)?region.*-->$", "", text, flags=re.M)
    for piece in re.split(r"^(?=\+\+\+|## \d+\. |<!-- answer: )", text, flags=re.M):
        first, _, rest = piece.partition("\n") if piece.startswith("+++") else ("", "", piece)
        ids = re.findall(r'grade_id"?:\s*"?([\w-]+)', first)
        if rest.strip():
            yield Cell("markdown", rest.strip("\n"), tuple(ids))


def cells_of_program(text: str) -> Iterator[Cell]:
    """Yield the cells of a program: ``# %%`` divides them, where there is one."""
    for piece in re.split(r"^(?=# ?%%)", text, flags=re.M):
        first, _, rest = piece.partition("\n")
        marked = bool(re.match(r"# ?%%", first))
        body = rest if marked else piece
        ids = re.findall(r'grade_id"?[:=]\s*"?([\w-]+)', first) if marked else []
        if marked and ("[markdown]" in first or "[md]" in first):
            yield Cell("markdown", re.sub(r"^# ?", "", body, flags=re.M).strip(), tuple(ids))
        elif body.strip():
            yield Cell("code", body.strip("\n"), tuple(ids))
