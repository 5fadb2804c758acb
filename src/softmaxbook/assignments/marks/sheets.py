"""The sheet of a question that people mark: a row an answer, a column a line of the rubric.

The first grader's names the students, and the second's has neutral numbers in place of them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..assignment import ManualQuestion
from ..course import CourseError
from ..tables import guarded, meant, number_in, read_table, unguarded
from ..wording import counted
from ..wording import points as shown_points

WHOLE = "in all"
SHEET = "the sheet that `softmaxbook assignment mark` writes"
LONGEST = 10_000  # characters of an answer in a sheet; a spreadsheet's cell has 32 767 at most


@dataclass(frozen=True)
class Row:
    """What a sheet says of one answer: `whose` is a student, or the number of an answer."""

    line: int
    whose: str
    version: str
    rubric: tuple[tuple[str, float], ...]  # that its columns are of
    given: tuple[float | None, ...]
    whole: float | None
    comment: str
    cells: tuple[str, ...]

    @property
    def filled(self) -> bool:
        """Return whether anything is given in it."""
        return bool(
            self.whole is not None or self.comment or any(g is not None for g in self.given)
        )


def head_of(question: ManualQuestion, key: str = "student") -> list[str]:
    """Return the head of a question's sheet."""
    lines = [
        f"{number}. {criterion} (of {shown_points(of)})"
        for number, (criterion, of) in enumerate(question.rubric, start=1)
    ]
    return [key, "answer", *map(guarded, lines), WHOLE, "comment", "version"]


def _rubric_of(labels: Sequence[str]) -> tuple[tuple[str, float], ...]:
    """Return the rubric that the head of a sheet names: that of the day when it was written."""
    found = (re.fullmatch(r"\d+\. (.*) \(of ([\d.]+)\)", unguarded(each), re.S) for each in labels)
    return tuple((each[1], float(each[2])) for each in found if each)


def read_sheet(path: Path, key: str, known: Collection[str], faults: list[str]) -> list[Row]:
    """Return the rows of a sheet, and add to `faults` what cannot be read in them.

    Raises
    ------
    CourseError
        If it is no such sheet.
    """
    if not path.exists():
        return []
    head, rows = read_table(path, "version", SHEET)
    places = {}
    for name in (key, WHOLE, "comment", "version"):
        if name not in head:
            raise CourseError(f"{path} has no column {name!r}: it should be {SHEET}")
        places[name] = head.index(name)
    lines = _lines_of_rubric(path, head)
    rubric = _rubric_of([head[place] for place in lines])
    found: list[Row] = []
    for number, row in enumerate(rows, start=2):
        whose = meant(row[places[key]], known)
        where = f"{path}, row {number} ({whose})"
        if whose and whose in [each.whose for each in found]:
            faults.append(f"{where}: this {key} has a row above: leave one of them")
            continue
        found.append(
            Row(
                number,
                whose,
                row[places["version"]].strip(),
                rubric,
                tuple(_number(row[k], where, head[k], faults) for k in lines),
                _number(row[places[WHOLE]], where, WHOLE, faults),
                unguarded(row[places["comment"]]).strip(),
                tuple(row),
            )
        )
    return found


def _lines_of_rubric(path: Path, head: Sequence[str]) -> list[int]:
    """Return where the columns of the rubric are, in its order: somebody may have moved them."""
    places: dict[int, int] = {}
    for place, name in enumerate(head):
        number = name.partition(".")[0]
        if number.isdecimal() and places.setdefault(int(number), place) != place:
            raise CourseError(f"{path} has two columns “{number}. …”: rename the one of your own")
    return [places[number] for number in sorted(places)]


def _number(cell: str, where: str, column: str, faults: list[str]) -> float | None:
    """Return the points in a cell, with a comma or a point; None if it is empty, or a fault."""
    if not cell.strip():
        return None
    value = number_in(cell)
    if value is None or not 0 <= value < math.inf:
        faults.append(f"{where}: {cell!r} in the column “{column}” is no number from 0 up")
        return None
    return value


def beyond_limits(question: ManualQuestion, row: Row) -> Iterator[str]:
    """Yield what a row cannot say: more points than there are, or points twice."""
    where = f"{question.id}.csv, row {row.line} ({row.whose})"
    if len(row.given) != len(question.rubric):
        yield f"{where}: a column of the rubric is gone; there were {head_of(question)}"
        return
    for one, (criterion, of) in zip(row.given, question.rubric, strict=True):
        if one is not None and one > of:
            yield f"{where}: {one:g} of {counted(of, 'point')} for “{criterion}”"
    if row.whole is not None and any(each is not None for each in row.given):
        yield f"{where}: points for the lines and {WHOLE!r}: leave one of them empty"
    elif row.whole is not None and row.whole > question.total:
        yield (
            f"{where}: {shown_points(row.whole)} of {counted(question.total, 'point')} "
            f"{WHOLE!r}: for more, raise the points of the rubric in assignment.toml"
        )


def in_a_cell(answer: str) -> str:
    """Return an answer as a cell shows it: pictures as words, and not more than a cell holds.

    Examples
    --------
    >>> in_a_cell("See ![](data:image/png;base64,iVBORw0KGgo=) here.")
    'See ![](a picture, pasted as text) here.'
    >>> in_a_cell("a" * 10_002)[-24:]
    'a… (2 characters more) …'
    """
    shown = without_pictures(answer)
    more = len(shown) - LONGEST
    return shown if more <= 0 else f"{shown[:LONGEST]}… ({counted(more, 'character')} more) …"


def without_pictures(answer: str) -> str:
    """Return an answer in which pictures that were pasted as text are named."""
    return re.sub(r"data:[\w/+.-]+;base64,[\w+/=\s-]+", "a picture, pasted as text", answer)


def points_cell(value: float | None) -> str:
    """Return points as a cell has them, or an empty one."""
    return "" if value is None else shown_points(value)
