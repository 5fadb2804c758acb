"""Read the cells of whatever was handed in: a notebook, half of one, a program, a page.

Nothing is executed, and nothing raises: what cannot be read becomes a problem that the instructor
sees.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import PurePosixPath
from typing import Any

from ..submissions.pieces import parsed
from ..submissions.problems import Kind, Problem
from .cells import Cell, CellKind, cells_of_page, cells_of_program, without_markup
from .webpages import cells_of_web_page

# A hand-in that is made to take long is cut short, and the instructor is told.
MOST_TEXT = 300_000  # characters of a cell, or of a file that is no notebook
MOST_CELLS = 500
MOST_TRIES = 2000  # to find a whole cell in a damaged notebook


@dataclass
class Reading:
    """The cells of a file, what was done to read them, and what nobody could mend."""

    cells: list[Cell] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    made_for: str = ""  # the student whose variant this is
    assignment: str = ""
    python: str = ""  # the version that the notebook was run with


def read(name: str, data: bytes) -> Reading:
    """Return what can be read of the file `name`, whatever it is."""
    found = Reading()
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        found.problems.append(Kind.EMPTY.of(name=name))
        return found
    for start, format in _OTHER_FILES.items():
        if data.startswith(start):
            found.problems.append(Kind.OTHER_FORMAT.of(name=name, format=format))
            return found
    text = _unquoted(_decoded(data, found), found)
    suffix = PurePosixPath(name).suffix.lower()
    if text.lstrip().startswith(("{", "[")) and (suffix != ".py" or '"cell_type"' in text):
        _read_json(name, text, found)
    elif '"cell_type"' in text and '"source"' in text and suffix not in (".py", ".md"):
        _salvage(name, text, found)
    else:
        _read_text(name, suffix, text, found)
    if len(found.cells) > MOST_CELLS:
        cells = len(found.cells)
        found.problems.append(Kind.TOO_MANY_CELLS.of(name=name, cells=cells, most=MOST_CELLS))
        del found.cells[MOST_CELLS:]
    if sum(len(cell.source) for cell in found.cells) > 5 * MOST_TEXT:
        found.problems.append(Kind.TOO_MUCH_TEXT.of(name=name))
        found.cells.clear()
    if not found.cells and not found.problems:
        found.problems.append(Kind.NO_CELLS.of(name=name))
    return found


_OTHER_FILES = {
    b"%PDF": "PDF",
    b"PK\x03\x04": "ZIP or office",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"\x1f\x8b": "GZIP",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7-Zip",
}


def _decoded(data: bytes, found: Reading) -> str:
    """Return the text of the bytes, which are UTF-8 unless they show that they are not."""
    marks = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
    for mark, encoding in marks.items():
        if data.startswith(mark):
            found.log.append(f"the file is written in {encoding}; read as such")
            return data.decode(encoding, "replace")
    if data[1::2].count(0) > len(data) // 4:  # such bytes are UTF-8 too, and no text
        found.log.append("the file is written in UTF-16 without saying so; read as such")
        return data.decode("utf-16-le", "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    found.log.append("the file is not UTF-8; read as Windows-1252")
    return data.decode("cp1252", "replace")


def _unquoted(text: str, found: Reading) -> str:
    """Return the notebook that somebody saved as a string in JSON."""
    if not text.lstrip().startswith('"{') or '\\"cell_type\\"' not in text:
        return text
    try:
        inner = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return text
    found.log.append("the file is JSON within JSON; what is inside is read")
    return str(inner)


# ── notebooks ────────────────────────────────────────────────────────────────────────────────


def _read_json(name: str, text: str, found: Reading) -> None:
    try:
        notebook = json.loads(text, strict=False)
    except (ValueError, RecursionError) as error:
        found.log.append(f"the file is not JSON ({error}); the cells are taken out one by one")
        _salvage(name, text, found)
        return
    cells = _cells_of(notebook, found)
    if cells is None:
        found.problems.append(Kind.NO_NOTEBOOK.of(name=name))
        return
    metadata = notebook.get("metadata")
    about = metadata.get("softmaxbook") if isinstance(metadata, dict) else None
    if isinstance(about, dict):
        found.made_for = str(about.get("student", ""))
        found.assignment = str(about.get("assignment", ""))
    language = metadata.get("language_info") if isinstance(metadata, dict) else None
    if isinstance(language, dict):
        found.python = str(language.get("version", ""))[:20]
    for number, cell in enumerate(cells, start=1):
        read_cell = _cell(cell)
        if read_cell is not None and len(read_cell.source) > MOST_TEXT:
            long = Kind.LONG_CELL.of(cell=number, characters=len(read_cell.source))
            found.problems.append(long)
        elif read_cell is None:
            found.log.append(f"entry {number} of the notebook is no cell; left out")
        else:
            found.cells.append(read_cell)
    _note_outputs(text, found)


def _cells_of(notebook: Any, found: Reading) -> list[Any] | None:
    if not isinstance(notebook, dict):
        return None
    if isinstance(notebook.get("cells"), list):
        return list(notebook["cells"])
    if isinstance(notebook.get("worksheets"), list):
        found.log.append("the notebook has the format of 2014 (nbformat 3); read as such")
        sheets = [each for each in notebook["worksheets"] if isinstance(each, dict)]
        return [cell for sheet in sheets for cell in sheet.get("cells", [])]
    return None


def _cell(cell: Any) -> Cell | None:
    if not isinstance(cell, dict):
        return None
    source = cell.get("source", cell.get("input"))  # `input` in nbformat 3
    if isinstance(source, list):
        source = "".join(each for each in source if isinstance(each, str))
    if not isinstance(source, str):
        return None
    kind = cell.get("cell_type")
    known: CellKind = "code" if kind == "code" else "raw" if kind == "raw" else "markdown"
    return Cell(known, source, tuple(_ids(cell)))


def _ids(cell: Mapping[str, Any]) -> Iterator[str]:
    metadata = cell.get("metadata")
    grading = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    for holder, key in ((grading, "grade_id"), (cell, "id")):
        if isinstance(holder, dict) and isinstance(holder.get(key), str):
            yield holder[key]


def _note_outputs(text: str, found: Reading) -> None:
    sources = sum(len(cell.source) for cell in found.cells)
    if len(text) - sources > 5_000_000:
        found.log.append(f"{(len(text) - sources) / 1e6:.0f} MB of outputs are left aside")


_CELL_BEGINS = re.compile(
    r'\{\s*"(?:cell_type|id|metadata|attachments|execution_count|source)"\s*:'
)


def _salvage(name: str, text: str, found: Reading) -> None:
    """Take out every whole cell of a damaged notebook, and the lines of the one that is cut."""
    decoder = json.JSONDecoder(strict=False)
    end = spent = tries = 0
    for match in _CELL_BEGINS.finditer(text):
        if match.start() < end:
            continue
        tries += 1
        if tries > MOST_TRIES or spent > 20 * len(text):
            break
        try:
            value, stop = decoder.raw_decode(text, match.start())
        except json.JSONDecodeError as error:
            spent += error.pos - match.start()
            continue
        except (ValueError, RecursionError):
            continue
        cell = _cell(value)
        if cell is not None and "cell_type" in value:
            found.cells += _cut_cells(text[end : match.start()])
            found.cells.append(cell)
            end = stop
    found.cells += _cut_cells(text[end:])
    found.problems.append(Kind.DAMAGED.of(name=name, cells=len(found.cells)))


def _cut_cells(text: str) -> Iterator[Cell]:
    """Yield what is left of cells whose JSON is broken: the lines of their sources."""
    pieces = re.split(r'(?="cell_type"\s*:)', text)
    for before, piece in pairwise(pieces):
        source = re.search(r'"source"\s*:\s*(\[?)', piece)
        if not source:
            continue
        lines = _whole_strings(piece[source.end() :], several=bool(source[1]))
        ids = re.findall(r'"(?:grade_id|id)"\s*:\s*"([\w-]+)"', before[-300:] + piece)
        kind = re.match(r'"cell_type"\s*:\s*"(\w+)"', piece)
        known: CellKind = "code" if kind and kind[1] == "code" else "markdown"
        if "".join(lines).strip():
            yield Cell(known, "".join(lines), tuple(ids[-2:]))


def _whole_strings(text: str, several: bool) -> list[str]:
    decoder = json.JSONDecoder(strict=False)
    found, position = [], 0
    while match := re.compile(r'\s*,?\s*(?=")').match(text, position):
        try:
            value, position = decoder.raw_decode(text, match.end())
        except ValueError:
            break
        found.append(value)
        if not several:
            break
    return found


# ── programs and pages ───────────────────────────────────────────────────────────────────────


_TAG = re.compile(r"\s*<(!doctype|html|p|div|pre)\b", re.I)


def _read_text(name: str, suffix: str, text: str, found: Reading) -> None:
    is_page = suffix in (".html", ".htm") or bool(_TAG.match(text))
    if is_page:
        found.cells += cells_of_web_page(text)
    if found.cells:
        found.log.append(f"{name} is a notebook saved as a web page; its cells are read")
        return
    if len(text) > MOST_TEXT:
        found.problems.append(Kind.LONG_TEXT.of(name=name, characters=len(text)))
        return
    if is_page:
        found.log.append(f"{name} is a web page; its text is read")
        found.problems.append(Kind.RUNNING_TEXT.of(name=name))
        text = without_markup(text)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not _is_text(text):
        found.problems.append(Kind.NO_TEXT.of(name=name))
    elif suffix != ".py" and re.search(r"^(```|~~~)", text, re.M):
        found.log.append(f"{name} is a page, not a notebook; its code blocks are read as cells")
        found.cells += cells_of_page(text)
    elif suffix == ".py" or re.search(r"^# ?%%", text, re.M) or parsed(text) is not None:
        found.log.append(f"{name} is a program, not a notebook; read as cells")
        found.cells += cells_of_program(text)
    else:
        found.log.append(f"{name} is plain text; what is Python in it is read")
        found.problems += [] if is_page else [Kind.RUNNING_TEXT.of(name=name)]
        found.cells += [Cell("code", text), Cell("markdown", text)]


def _is_text(text: str) -> bool:
    odd = sum(not (each.isprintable() or each.isspace()) for each in text)
    return odd * 50 < len(text)
