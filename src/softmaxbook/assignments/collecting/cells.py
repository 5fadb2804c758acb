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
    """Yield the cells of a program: ``# %%`` divides them, where there is one.

    nbconvert writes ``# In[3]:`` above each cell of code, and Colab writes text between three
    quotation marks that begin a line.
    """
    if re.search(r"^# ?%%", text, re.M):
        yield from _marked_cells(text)
    elif re.search(r"^# In\[[ \d]*\]:", text, re.M):
        yield from _numbered_cells(text)
    else:
        yield from _quoted_cells(text)


def _marked_cells(text: str) -> Iterator[Cell]:
    for piece in re.split(r"^(?=# ?%%)", text, flags=re.M):
        first, _, rest = piece.partition("\n")
        marked = bool(re.match(r"# ?%%", first))
        body = rest if marked else piece
        ids = re.findall(r'grade_id"?[:=]\s*"?([\w-]+)', first) if marked else []
        if marked and ("[markdown]" in first or "[md]" in first):
            yield Cell("markdown", _uncommented(body), tuple(ids))
        elif body.strip():
            yield Cell("code", body.strip("\n"), tuple(ids))


def _uncommented(text: str) -> str:
    return re.sub(r"^# ?", "", text, flags=re.M).strip()


def _numbered_cells(text: str) -> Iterator[Cell]:
    """Yield cells of code, and the comments below each, which are the text that follows it."""
    for place, piece in enumerate(re.split(r"^# In\[[ \d]*\]:[ ]*\n", text, flags=re.M)):
        words = _comments_below(piece)
        code = piece[: len(piece) - len(words)].strip("\n")
        if place and code.strip():
            yield Cell("code", code)
        for part in re.split(r"\n{2,}", words.strip("\n")):
            yield from _words(_uncommented(part))


def _comments_below(piece: str) -> str:
    """Return the comments at the end of a piece, which two empty lines part from its code."""
    lines = piece.splitlines(keepends=True)
    first = len(lines)
    while first and (lines[first - 1].startswith("#") or not lines[first - 1].strip()):
        first -= 1
    words = "".join(lines[first:])
    code, gap, text = words.partition("\n\n#")
    return words if not first else f"#{text}" if gap and not code.strip() else ""


_STRINGS = re.compile(
    r"#[^\n]*|(?P<marks>\"{3}|'{3})(?P<text>.*?)(?P=marks)"
    r"|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'",
    re.S,
)


def _quoted_cells(text: str) -> Iterator[Cell]:
    """Yield the code of a program, and as Markdown what stands in strings at the margin.

    Colab leaves the backslashes of formulas there as they are, which can be no Python.
    """
    end = 0
    for match in _STRINGS.finditer(text):
        at_margin = match.start() == 0 or text[match.start() - 1] == "\n"
        ends_line = re.match(r"[ \t]*(\n|\Z)", text[match.end() : match.end() + 200])
        if match["marks"] and at_margin and ends_line:
            if text[end : match.start()].strip():
                yield Cell("code", text[end : match.start()].strip("\n"))
            yield from _words(match["text"].strip("\n"))
            end = match.end()
    if text[end:].strip():
        yield Cell("code", text[end:].strip("\n"))
