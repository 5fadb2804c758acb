"""Tables that people open in a spreadsheet: read as spreadsheets save them, written harmless."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from .course import CourseError, whole

Rows = list[list[str]]
SEPARATORS = (",", ";", "\t")

csv.field_size_limit(2**31 - 1)  # a cell may hold a picture that somebody pasted as text

# What a spreadsheet takes for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def read_table(path: Path, key: str, what: str) -> tuple[list[str], Rows]:
    """Return the head and the rows of a CSV file, whatever a spreadsheet put between the cells.

    Parameters
    ----------
    path : Path
    key : str
        A column that has to be there; the separator is the one by which it is found.
    what : str
        What the table is, for the error.

    Raises
    ------
    CourseError
        If there is no such file, or no such column in it.
    """
    head, lines = read_lines(path, (key,), what)
    return head, [row for _, row in lines]


def read_lines(
    path: Path, keys: Collection[str], what: str
) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Return the head of a table, and its rows with the lines of the file that they begin in.

    It is like `read_table`, and one of the `keys` has to be there. Rows of nothing, which
    spreadsheets leave below a table, are left out.
    """
    content = _text(path, what)
    for separator in SEPARATORS:
        rows = _rows(path, content, separator)
        head = [each.strip() for each in rows[0][1]] if rows else []
        if any(each in keys for each in head):
            width = len(head)
            return head, [(line, row + [""] * (width - len(row))) for line, row in rows[1:]]
    key = next(iter(keys))
    raise CourseError(f"{path} has no column {key!r} in its first line: it should be {what}")


def _text(path: Path, what: str) -> str:
    """Return the text of a table in one of the encodings that say which they are."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise CourseError(f"there is no file {path}: it should be {what}") from None
    unicode_text = data.startswith((b"\xff\xfe", b"\xfe\xff"))  # so Excel calls what it saves
    try:
        return data.decode("utf-16" if unicode_text else "utf-8-sig")
    except UnicodeDecodeError:
        raise CourseError(f"{path} is not UTF-8: save it as “CSV UTF-8”") from None


def _rows(path: Path, content: str, separator: str) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=separator)
    found: list[tuple[int, list[str]]] = []
    begins = 1
    try:
        for row in reader:
            told = re.match(r"sep=", row[0]) if found == [] and row else None  # Excel's own line
            if any(cell.strip() for cell in row) and not told:
                found.append((begins, row))
            begins = reader.line_num + 1
    except csv.Error as error:
        raise CourseError(f"{path} is not a table: {error}") from None
    return found


def separator_of(path: Path) -> str:
    """Return what parts the cells of a table that somebody's spreadsheet saved; else a comma."""
    try:
        with path.open("rb") as table:
            first = table.readline().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return ","
    bare = re.sub(r'"[^"]*"', "", first)
    return next((each for each in bare if each in SEPARATORS), ",")


def write_table(
    path: Path, head: Sequence[str], rows: Iterable[Sequence[str]], for_people: bool = False
) -> Path:
    """Write a CSV file; `for_people` marks it as UTF-8, parted as their spreadsheet parted it.

    Rows are taken one by one, so that a large table need not be held.
    """
    separator = separator_of(path) if for_people else ","
    encoding = "utf-8-sig" if for_people else "utf-8"
    with (
        whole(path) as beside,
        beside.open("w", encoding=encoding, errors="backslashreplace", newline="") as table,
    ):
        written = csv.writer(table, delimiter=separator, lineterminator="\r\n")
        written.writerow(head)
        written.writerows(rows)
    return path


def guarded(words: str) -> str:
    r"""Return a cell that no spreadsheet computes: an apostrophe stands before a formula.

    Notes
    -----
    What OWASP calls CSV injection.

    Examples
    --------
    >>> guarded('=HYPERLINK("http://evil.example")'), guarded("Ada")
    ('\'=HYPERLINK("http://evil.example")', 'Ada')
    """
    return f"'{words}" if words.lstrip(" ").startswith(_FORMULA) else words


def unguarded(words: str) -> str:
    """Return a cell as it was before `guarded`."""
    return words[1:] if words[:1] == "'" and guarded(words[1:]) == words else words


def number_in(cell: str) -> float | None:
    """Return the number in a cell, with a comma or a point; None where there is none."""
    try:
        return float(cell.strip().replace(",", "."))
    except ValueError:
        return None


def meant(cell: str, ids: Collection[str]) -> str:
    """Return the id that a cell stands for: a spreadsheet shows and saves ``0012`` as ``12``.

    Examples
    --------
    >>> meant("12", ["0012", "0013"]), meant("12", ["0012", "12"]), meant("ada", ["0012"])
    ('0012', '12', 'ada')
    """
    words = unguarded(cell).strip()
    if words in ids or not words.isdecimal():
        return words
    same = [each for each in ids if each.isdecimal() and int(each) == int(words)]
    return same[0] if len(same) == 1 else words


def guarded_key(words: str) -> str:
    """Return a cell by which a system finds a student: changed only if it could compute anything.

    ``+49 170 12`` or ``-ada`` computes nothing that harms, and would not be found any more.
    """
    return words if re.fullmatch(r"[\w@.+\- ]*", words) else guarded(words)
