"""Mark the questions that a person marks: a sheet a question, read back as often as one likes.

``marking/<question>.csv`` has a row a student: the answer, a column for each line of the rubric,
and one for a comment. Fill it in a spreadsheet and run ``softmaxbook assignment mark``; `grade`
does the same at its end. Who prefers nbgrader's form grader exports to it, and takes its points
back.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from ..assignment import Assignment, ManualQuestion
from ..course import CourseError
from ..submissions.submission import submissions_folder
from ..tables import Rows, guarded, meant, number_in, read_table, unguarded, write_table
from ..wording import counted
from ..wording import points as shown_points
from .gradebook import to_look_at
from .records import (
    Marks,
    all_marks,
    mark_of,
    under_rubric,
    version_of,
    write_marks,
)
from .reviews import list_problems, looked_at, looks_path

WHOLE = "in all"
SHEET = "the sheet that `softmaxbook assignment mark` writes"
LONGEST = 10_000  # characters of an answer in a sheet; a spreadsheet's cell has 32 767 at most


@dataclass(frozen=True)
class Marked:
    """How far marking is: for each sheet how many answers are open, and what was not taken."""

    sheets: tuple[tuple[Path, int, int], ...]
    looks: tuple[Path, int] | None
    notes: tuple[str, ...]

    def __str__(self) -> str:
        """Return the outcome in words."""
        lines = [
            f"{path}: {of - open} of {of} answers are marked" for path, open, of in self.sheets
        ]
        if self.looks and self.looks[1]:
            path, open = self.looks
            lines.append(f"{path}: {open} to look at; write yes where you have, and points stand")
        return "\n".join([*lines, *self.notes])


class TakenBack(Protocol):
    """What another system gave, already put into the records."""

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what the instructor should know."""

    def remember(self, assignment: Assignment) -> None:
        """Store that it is taken: once the records are written, or points would be lost."""


TakeBack = Callable[[Assignment, dict[str, Marks]], TakenBack]


def mark(assignment: Assignment, take_back: TakeBack | None = None) -> Marked:
    """Take in what the sheets say, and write them anew with what there is to mark.

    Parameters
    ----------
    assignment : Assignment
    take_back : callable, optional
        Puts into the records what was given elsewhere, such as in nbgrader's form grader; it comes
        after the sheets.

    Raises
    ------
    CourseError
        If a sheet says what cannot be, with its line. Nothing is changed then.
    """
    records = {each.student: each for each in all_marks(assignment)}
    if not records:
        raise CourseError(
            f"nothing is graded yet: softmaxbook assignment grade {assignment.name}, "
            "which lists what there is to mark"
        )
    faults = list[str]()
    sheets = {each.id: _read(assignment, each, records, faults) for each in assignment.manual}
    looked_at(assignment, records)  # a sheet that cannot be read is told before anything changes
    renewed, notes, stale = dict(records), list[str](), dict[str, Rows]()
    for question in assignment.manual:
        _take_in(question, sheets[question.id], renewed, notes, stale, faults)
    if faults:
        raise CourseError("; ".join(faults))
    for question in assignment.manual:
        notes += _cut_short(assignment, question, renewed)
    back = take_back(assignment, renewed) if take_back is not None else None
    if back is not None:
        notes += back.notes
    for student, marks in renewed.items():
        if marks != records[student]:
            write_marks(assignment, marks)
    if back is not None:
        back.remember(assignment)
    for question in assignment.manual:
        _keep_stale(assignment, question, stale.get(question.id, []))
        _write(assignment, question, renewed)
    problems = {student: to_look_at(each) for student, each in renewed.items() if each.graded}
    open = list_problems(assignment, problems)
    return Marked(
        tuple(_progress(assignment, each, renewed) for each in assignment.manual),
        (looks_path(assignment), open) if looks_path(assignment).exists() else None,
        tuple(notes),
    )


def sheet_path(assignment: Assignment, question: ManualQuestion) -> Path:
    """Return where the sheet of a question is."""
    return assignment.folder / "marking" / f"{question.id}.csv"


@dataclass(frozen=True)
class _Row:
    line: int
    student: str
    version: str
    rubric: tuple[tuple[str, float], ...]  # that its columns are of
    given: tuple[float | None, ...]
    whole: float | None
    comment: str
    cells: tuple[str, ...]

    @property
    def filled(self) -> bool:
        return bool(
            self.whole is not None or self.comment or any(g is not None for g in self.given)
        )


def _head(question: ManualQuestion) -> list[str]:
    lines = [
        f"{number}. {criterion} (of {shown_points(of)})"
        for number, (criterion, of) in enumerate(question.rubric, start=1)
    ]
    return ["student", "answer", *map(guarded, lines), WHOLE, "comment", "version"]


def _rubric_of(labels: Sequence[str]) -> tuple[tuple[str, float], ...]:
    """Return the rubric that the head of a sheet names: that of the day when it was written."""
    found = (re.fullmatch(r"\d+\. (.*) \(of ([\d.]+)\)", unguarded(each), re.S) for each in labels)
    return tuple((each[1], float(each[2])) for each in found if each)


def _read(
    assignment: Assignment,
    question: ManualQuestion,
    students: Collection[str],
    faults: list[str],
) -> list[_Row]:
    path = sheet_path(assignment, question)
    if not path.exists():
        return []
    head, rows = read_table(path, "version", SHEET)
    places = {}
    for name in ("student", WHOLE, "comment", "version"):
        if name not in head:
            raise CourseError(f"{path} has no column {name!r}: it should be {SHEET}")
        places[name] = head.index(name)
    lines = _lines_of_rubric(path, head)
    rubric = _rubric_of([head[place] for place in lines])
    found: list[_Row] = []
    for number, row in enumerate(rows, start=2):
        student = meant(row[places["student"]], students)
        where = f"{path}, row {number} ({student})"
        if student and student in [each.student for each in found]:
            faults.append(f"{where}: this student has a row above: leave one of them")
            continue
        found.append(
            _Row(
                number,
                student,
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


def _take_in(
    question: ManualQuestion,
    rows: Sequence[_Row],
    records: dict[str, Marks],
    notes: list[str],
    stale: dict[str, Rows],
    faults: list[str],
) -> None:
    kept = 0
    for row in rows:
        marks = records.get(row.student)
        before = mark_of(marks, question.id) if marks is not None else None
        if marks is None or before is None:
            if row.filled:
                notes.append(f"{question.id}: row {row.line} is of {row.student!r}, not graded")
                stale.setdefault(question.id, []).append(list(row.cells))
        elif row.version == version_of(before):
            faults += _beyond_limits(question, row)
            given = row.given if any(each is not None for each in row.given) else ()
            after = replace(before, given=given, whole=row.whole, comment=row.comment)
            records[row.student] = marks.with_manual(after)
            if before.points is not None and after.points is None:
                notes.append(
                    f"{question.id}: {row.student}: the {shown_points(before.points)} points are "
                    "taken away: cells of the row are empty now"
                )
        elif row.filled and row.version == version_of(replace(before, rubric=row.rubric)):
            after = under_rubric(
                replace(
                    before,
                    rubric=row.rubric,
                    given=row.given,
                    whole=row.whole,
                    comment=row.comment,
                ),
                before.rubric,
            )
            records[row.student] = marks.with_manual(after)
            kept += 1
            if row.whole != after.whole or _loses(row, before.rubric):
                stale.setdefault(question.id, []).append(list(row.cells))
        elif row.filled:
            notes.append(
                f"{question.id}: {row.student}: the answer changed after it was "
                f"marked; mark it again (what was given stands in {question.id}.earlier.csv)"
            )
            stale.setdefault(question.id, []).append(list(row.cells))
    if kept:
        notes.append(
            f"{question.id}: the rubric changed after {counted(kept, 'answer')} had marks: the "
            "points of its unchanged lines stay, and the others are open (all that was given "
            f"stands in {question.id}.earlier.csv)"
        )


def _loses(row: _Row, rubric: Sequence[tuple[str, float]]) -> bool:
    """Return whether points of a row are for a line that is no more."""
    pairs = zip(row.rubric, row.given, strict=False)
    return any(one is not None and line not in rubric for line, one in pairs)


def _beyond_limits(question: ManualQuestion, row: _Row) -> Iterator[str]:
    """Yield what a row cannot say: more points than there are, or points twice."""
    where = f"{question.id}.csv, row {row.line} ({row.student})"
    if len(row.given) != len(question.rubric):
        yield f"{where}: a column of the rubric is gone; there were {_head(question)}"
        return
    for one, (criterion, of) in zip(row.given, question.rubric, strict=True):
        if one is not None and one > of:
            yield f"{where}: {one:g} of {of:g} points for “{criterion}”"
    if row.whole is not None and any(each is not None for each in row.given):
        yield f"{where}: points for the lines and {WHOLE!r}: leave one of them empty"
    elif row.whole is not None and row.whole > question.total:
        yield (
            f"{where}: {shown_points(row.whole)} of {shown_points(question.total)} points "
            f"{WHOLE!r}: for more, raise the points of the rubric in assignment.toml"
        )


def _cut_short(
    assignment: Assignment, question: ManualQuestion, records: Mapping[str, Marks]
) -> Iterator[str]:
    """Yield a line for each answer that the sheet does not show whole."""
    for student, marks in records.items():
        found = mark_of(marks, question.id)
        if found is not None and in_a_cell(found.answer) != found.answer:
            folder = submissions_folder(assignment.folder) / student
            yield f"{question.id}: {student}: not all of the answer is in the sheet: see {folder}"


def in_a_cell(answer: str) -> str:
    """Return an answer as a cell shows it: pictures as words, and not more than a cell holds.

    Examples
    --------
    >>> in_a_cell("See ![](data:image/png;base64,iVBORw0KGgo=) here.")
    'See ![](a picture, pasted as text) here.'
    >>> in_a_cell("a" * 10_002)[-24:]
    'a… (2 characters more) …'
    """
    shown = re.sub(r"data:[\w/+.-]+;base64,[\w+/=\s-]+", "a picture, pasted as text", answer)
    more = len(shown) - LONGEST
    return shown if more <= 0 else f"{shown[:LONGEST]}… ({counted(more, 'character')} more) …"


def _write(assignment: Assignment, question: ManualQuestion, records: Mapping[str, Marks]) -> None:
    """Write the sheet of a question: those without an answer come last."""
    marks = [(student, mark_of(each, question.id)) for student, each in records.items()]
    found = [(student, each) for student, each in marks if each is not None]
    found.sort(key=lambda pair: not pair[1].answer.strip())
    rows = [
        [
            guarded(student),
            guarded(in_a_cell(each.answer)) if each.answer.strip() else "(no answer)",
            *(_cell(one) for one in each.given or (None,) * len(question.rubric)),
            _cell(each.whole),
            guarded(each.comment),
            version_of(each),
        ]
        for student, each in found
    ]
    write_table(sheet_path(assignment, question), _head(question), rows, for_people=True)


def _cell(value: float | None) -> str:
    return "" if value is None else shown_points(value)


def _keep_stale(assignment: Assignment, question: ManualQuestion, rows: Rows) -> None:
    """Add rows that fit no answer any more to a file of their own: nothing given is lost."""
    path = sheet_path(assignment, question).with_suffix(".earlier.csv")
    if rows:
        before = read_table(path, "version", SHEET)[1] if path.exists() else []
        kept = [*before, *(row for row in rows if row not in before)]
        write_table(path, _head(question), kept, for_people=True)


def _progress(
    assignment: Assignment, question: ManualQuestion, records: Mapping[str, Marks]
) -> tuple[Path, int, int]:
    found = [mark_of(each, question.id) for each in records.values()]
    open = sum(each is not None and each.points is None for each in found)
    return sheet_path(assignment, question), open, sum(each is not None for each in found)
