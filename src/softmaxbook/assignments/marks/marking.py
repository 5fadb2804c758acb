"""Mark the questions that a person marks: a sheet a question, read back as often as one likes.

``marking/<question>.csv`` has a row a student: the answer, a column for each line of the rubric,
and one for a comment. Fill it in a spreadsheet and run ``softmaxbook assignment mark``; `grade`
does the same at its end. Who prefers nbgrader's form grader exports to it, and takes its points
back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from ..assignment import Assignment, ManualQuestion
from ..course import CourseError
from ..submissions.submission import submissions_folder
from ..tables import Rows, guarded, read_table, write_table
from ..wording import counted
from .gradebook import to_look_at
from .records import ManualMark, Marks, Records, mark_of, under_rubric, version_of
from .reviews import list_problems, looked_at, looks_path
from .settling import rulings, settled
from .sheets import SHEET, Row, beyond_limits, head_of, in_a_cell, points_cell, read_sheet


@dataclass(frozen=True)
class Marked:
    """How far marking is: for each sheet how many answers are open, and what was not taken."""

    assignment: str
    sheets: tuple[tuple[Path, int, int], ...]
    looks: tuple[Path, int] | None
    notes: tuple[str, ...]

    def __str__(self) -> str:
        """Return the outcome in words."""
        lines = [f"{path}: answers marked: {of - open} of {of}" for path, open, of in self.sheets]
        if self.looks and self.looks[1]:
            path, open = self.looks
            lines.append(f"{path}: {open} to look at; write yes where you have, and points stand")
        if not any(open for _, open, _ in self.sheets) and not (self.looks and self.looks[1]):
            lines.append(
                "nothing is left to mark or to look at: "
                f"softmaxbook assignment feedback {self.assignment}, then report and export"
            )
        return "\n".join([*lines, *self.notes])


class TakenBack(Protocol):
    """What another system gave, already put into the records."""

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what the instructor should know."""

    def remember(self, assignment: Assignment) -> None:
        """Store that it is taken: once the records are written, or points would be lost."""


TakeBack = Callable[[Assignment, MutableMapping[str, Marks]], TakenBack]


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
    records = Records(assignment)
    if not records:
        raise CourseError(
            f"nothing is graded yet: softmaxbook assignment grade {assignment.name}, "
            "which lists what there is to mark"
        )
    faults = list[str]()
    sheets = {
        each.id: read_sheet(sheet_path(assignment, each), "student", records, faults)
        for each in assignment.manual
    }
    looked_at(assignment, records)  # a sheet that cannot be read is told before anything changes
    notes, stale = list[str](), dict[str, Rows]()
    for question in assignment.manual:
        _take_in(question, sheets.pop(question.id), records, notes, stale, faults)
    if faults:
        raise CourseError("; ".join(faults))
    for question in assignment.manual:
        notes += _cut_short(assignment, question, records)
    back = take_back(assignment, records) if take_back is not None else None
    if back is not None:
        notes += back.notes
    records.write()
    if back is not None:
        back.remember(assignment)
    for question in assignment.manual:
        _keep_stale(assignment, question, stale.get(question.id, []))
        _write(assignment, question, records)
    decided = rulings(assignment)
    problems = {
        student: to_look_at(settled(each, decided).marks)
        for student, each in records.items()
        if each.graded
    }
    open = list_problems(assignment, problems)
    return Marked(
        assignment.name,
        tuple(_progress(assignment, each, records) for each in assignment.manual),
        (looks_path(assignment), open) if looks_path(assignment).exists() else None,
        tuple(notes),
    )


def sheet_path(assignment: Assignment, question: ManualQuestion) -> Path:
    """Return where the sheet of a question is."""
    return assignment.folder / "marking" / f"{question.id}.csv"


def _take_in(
    question: ManualQuestion,
    rows: Sequence[Row],
    records: MutableMapping[str, Marks],
    notes: list[str],
    stale: dict[str, Rows],
    faults: list[str],
) -> None:
    kept = 0
    for row in rows:
        marks = records.get(row.whose)
        before = mark_of(marks, question.id) if marks is not None else None
        if marks is None or before is None:
            if row.filled:
                notes.append(f"{question.id}: row {row.line} is of {row.whose!r}, not graded")
                stale.setdefault(question.id, []).append(list(row.cells))
        elif row.version == version_of(before):
            faults += beyond_limits(question, row)
            given = row.given if any(each is not None for each in row.given) else ()
            after = replace(before, given=given, whole=row.whole, comment=row.comment)
            records[row.whose] = marks.with_manual(after)
            if before.points is not None and after.points is None:
                notes.append(
                    f"{question.id}: {row.whose}: {counted(before.points, 'point')} taken away: "
                    "cells of the row are empty now"
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
            records[row.whose] = marks.with_manual(after)
            kept += 1
            if row.whole != after.whole or _loses(row, before.rubric):
                stale.setdefault(question.id, []).append(list(row.cells))
        elif row.filled:
            notes.append(
                f"{question.id}: {row.whose}: the answer changed after it was "
                f"marked; mark it again (what was given stands in {question.id}.earlier.csv)"
            )
            stale.setdefault(question.id, []).append(list(row.cells))
    if kept:
        notes.append(
            f"{question.id}: the rubric changed after {counted(kept, 'answer')} had marks: the "
            "points of its unchanged lines stay, and the others are open (all that was given "
            f"stands in {question.id}.earlier.csv)"
        )


def _loses(row: Row, rubric: Sequence[tuple[str, float]]) -> bool:
    """Return whether points of a row are for a line that is no more."""
    pairs = zip(row.rubric, row.given, strict=False)
    return any(one is not None and line not in rubric for line, one in pairs)


def _cut_short(
    assignment: Assignment, question: ManualQuestion, records: Mapping[str, Marks]
) -> Iterator[str]:
    """Yield a line for each answer that the sheet does not show whole."""
    for student, found in _marks_of(question, records):
        if in_a_cell(found.answer) != found.answer:
            folder = submissions_folder(assignment.folder) / student
            yield f"{question.id}: {student}: not all of the answer is in the sheet: see {folder}"


def _write(assignment: Assignment, question: ManualQuestion, records: Mapping[str, Marks]) -> None:
    """Write the sheet of a question: those without an answer come last."""
    rows = (
        [
            guarded(student),
            guarded(in_a_cell(each.answer)) if each.answer.strip() else "(no answer)",
            *(points_cell(one) for one in each.given or (None,) * len(question.rubric)),
            points_cell(each.whole),
            guarded(each.comment),
            version_of(each),
        ]
        for answered in (True, False)
        for student, each in _marks_of(question, records)
        if bool(each.answer.strip()) is answered
    )
    write_table(sheet_path(assignment, question), head_of(question), rows, for_people=True)


def _marks_of(
    question: ManualQuestion, records: Mapping[str, Marks]
) -> Iterator[tuple[str, ManualMark]]:
    """Yield the students who were asked a question, with its mark."""
    for student, marks in records.items():
        found = mark_of(marks, question.id)
        if found is not None:
            yield student, found


def _keep_stale(assignment: Assignment, question: ManualQuestion, rows: Rows) -> None:
    """Add rows that fit no answer any more to a file of their own: nothing given is lost."""
    path = sheet_path(assignment, question).with_suffix(".earlier.csv")
    if rows:
        before = read_table(path, "version", SHEET)[1] if path.exists() else []
        kept = [*before, *(row for row in rows if row not in before)]
        write_table(path, head_of(question), kept, for_people=True)


def _progress(
    assignment: Assignment, question: ManualQuestion, records: Mapping[str, Marks]
) -> tuple[Path, int, int]:
    open = [each.points is None for _, each in _marks_of(question, records)]
    return sheet_path(assignment, question), sum(open), len(open)
