"""A grading worksheet that Moodle's assignment imports.

Notes
-----
What Moodle reads stands in its source, ``mod/assign/feedback/offline/importgradeslib.php``: the
columns `Identifier` (“Participant 123”), `Grade` and `Last modified (grade)` have to be there, and
`Feedback comments` is taken if it is, each under its name in the language of who uploads. A row
whose grade is empty keeps its grade, and its comment is taken all the same, so an empty one would
erase Moodle's: such rows are left out, or stay as the worksheet has them. A grade of 0 is not
entered by the version of 806e2d49 (``$record->grade && …``). A worksheet that is older than a grade
in Moodle is refused row by row; ``strtotime`` reads the time of that grade, and only if it is in
English. The number in an identifier belongs to a user in one assignment
(``assign::get_uniqueid_for_user_static`` takes both), and a row with an unknown one is passed over.
Without identifiers there is the gradebook's own import, which finds students by an e-mail address
(https://docs.moodle.org/en/Grade_import).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from pathlib import Path

from ..assignment import Assignment
from ..course import CourseError
from ..marks.gradebook import Passed, Standing
from ..marks.records import Marks
from ..people import MOODLE, number_of
from ..tables import Rows, guarded, guarded_key, number_in, write_table
from ..wording import counted, points
from ..worksheet import ENGLISH, Worksheet, read_worksheet
from .matching import Called, not_found, owners

# Without a worksheet of Moodle's own: English.
NAME, EMAIL, GRADE, COMMENTS = ENGLISH.name, ENGLISH.email, ENGLISH.grade, ENGLISH.comments
WORKSHEET = (ENGLISH.identifier, NAME, EMAIL, GRADE, ENGLISH.maximum, ENGLISH.graded, COMMENTS)
GRADEBOOK = (EMAIL, NAME, GRADE, COMMENTS)
OVERWRITE = "“Allow updating records that have been modified more recently”"


def to_moodle(
    assignment: Assignment,
    everyone: Sequence[Standing],
    table: Path | None = None,
    empty_rows: bool = False,
) -> Passed:
    """Write ``export/moodle.csv``.

    Without a worksheet, the identifiers come from a column `Identifier` of ``students.csv``. If
    there is none, the table is one for the gradebook's import, by e-mail address. Who has no points
    has a row only with `empty_rows`.
    """
    path = assignment.folder / "export" / "moodle.csv"
    if table is not None:
        head, rows, notes, without = _filled(assignment, everyone, table)
        write_table(path, head, rows)
        return Passed(path, [*notes, *_zeros(everyone)], without)
    columns: tuple[str, ...]
    if any(number_of(each.student, MOODLE) for each in everyone):
        columns, key = WORKSHEET, ENGLISH.identifier
        notes = [
            "the identifiers are those of students.csv, and Moodle gives everybody another in each "
            "assignment: it passes over a row in silence whose identifier is not of "
            f"{assignment.name}. With --table WORKSHEET the rows are those that Moodle knows",
            f"upload it with Moodle set to English, and tick {OVERWRITE}",
        ]
    else:
        columns, key = GRADEBOOK, EMAIL
        notes = [f"for Grades, Import, CSV file: map “{EMAIL}” to “{EMAIL}”"]
    shown = [each for each in everyone if empty_rows or each.cell]
    rows = [_row(assignment, each, columns) for each in shown]
    write_table(path, columns, rows)
    place = columns.index(key)
    without = {
        each.student.id: f"{each.student.id} has no {key!r} in students.csv: Moodle finds no row"
        for each, row in zip(shown, rows, strict=True)
        if row[columns.index(GRADE)] and not row[place]
    }
    zeros = _zeros(shown) if columns is WORKSHEET else []
    return Passed(path, [*notes, *zeros], without)


def _zeros(everyone: Sequence[Standing]) -> list[str]:
    """Return words about those whose grade is 0, which Moodle's import can skip in silence."""
    who = ", ".join(each.student.id for each in everyone if each.points == 0)
    return [f"Moodle's import can skip a grade of 0: enter it there for {who}"] if who else []


def _row(assignment: Assignment, standing: Standing, columns: Sequence[str]) -> list[str]:
    who = standing.student
    cells = {
        ENGLISH.identifier: guarded_key(_identifier(number_of(who, MOODLE))),
        NAME: guarded(who.name or who.id),
        EMAIL: guarded_key(who.email),
        GRADE: standing.cell,
        ENGLISH.maximum: points(assignment.total),
        ENGLISH.graded: "-",
        COMMENTS: _comment(standing),
    }
    return [cells[name] for name in columns]


def _identifier(number: str) -> str:
    """Return ``Participant 123``, as Moodle writes a number."""
    return f"Participant {number}" if number.isdecimal() else number


def _filled(
    assignment: Assignment, everyone: Sequence[Standing], table: Path
) -> tuple[list[str], Rows, list[str], dict[str, str]]:
    """Return the head and the rows of Moodle's own worksheet with the points, and what to know."""
    sheet = read_worksheet(table, "graded", "grade")
    names = sheet.columns
    notes = _other_scale(assignment, sheet)
    found = owners(everyone, [_called(sheet, row) for row in sheet.rows])
    filled, regraded = list[list[str]](), 0
    for row, owner in zip(sheet.rows, found, strict=True):
        cells = dict(zip(sheet.head, row, strict=False))
        if owner is not None and owner.points is not None:
            cells[names.grade] = owner.cell
            if names.comments in cells:
                cells[names.comments] = _beside(cells[names.comments], _comment(owner))
            regraded += cells[names.graded].strip() not in ("", "-")
        filled.append([cells[name] for name in sheet.head])
    if names.comments not in sheet.head:
        notes.append(f"the worksheet has no column {names.comments!r}: grades only")
    if names is not ENGLISH:
        notes.append(f"upload it with Moodle set to {names.language}")
    if names is not ENGLISH and regraded:
        notes.append(
            f"Moodle reads the times of grades in English alone: tick {OVERWRITE}, or the grades "
            f"that it has of {counted(regraded, 'student')} stay"
        )
    return list(sheet.head), filled, notes, not_found(everyone, found, table.name)


def _called(sheet: Worksheet, row: Sequence[str]) -> Called:
    """Return what a row calls its student, with the columns under their English names."""
    cells = dict(zip(sheet.head, row, strict=False))
    fields = ("identifier", "email", "id_number", "username")
    keys = {getattr(ENGLISH, f): cells.get(getattr(sheet.columns, f), "") for f in fields}
    return Called(keys, sheet.name_in(row))


def _other_scale(assignment: Assignment, sheet: Worksheet) -> list[str]:
    """Refuse a worksheet of a smaller scale, and warn of a larger one.

    Moodle skips what is above its maximum in silence, and shows the points out of it.
    """
    for place, name in enumerate(sheet.head):
        is_maximum = name.lower() == sheet.columns.maximum.lower()  # “Maximum Grade” in older ones
        most = number_in(sheet.rows[0][place]) if sheet.rows and is_maximum else None
        if most is None or most == assignment.total:
            continue
        said = (
            f"Moodle's maximum grade is {points(most)}, and {assignment.name} has "
            f"{points(assignment.total)} points: set it in Moodle, and download it anew"
        )
        if most < assignment.total:
            raise CourseError(said)
        return [said]
    return []


_OURS = re.compile(r'(?:<br>)?<div class="softmaxbook">.*?</div>', re.S)


def _beside(theirs: str, ours: str) -> str:
    """Return a comment that Moodle has with ours below it, in place of what an earlier one said."""
    kept = _OURS.sub("", theirs)
    return f"{kept}<br>{ours}" if kept.strip() else ours


def _comment(standing: Standing) -> str:
    """Return the points question by question as HTML, which Moodle shows: our words only."""
    marks = standing.usable
    if marks is None or standing.points is None:
        return ""
    lines = ["Handed in late."] if marks.late else []
    said = "<br>".join(escape(each) for each in (*lines, *_lines(marks)))
    return f'<div class="softmaxbook">{said}</div>'


def _lines(marks: Marks) -> list[str]:
    found = []
    for each in marks.exercises:
        named = f": {' and '.join(each.mistakes)}" if each.mistakes else ""
        found.append(f"{each.title}: {points(each.points)} of {points(each.of)}{named}")
    for mark in marks.manual:
        found.append(f"{mark.title}: {points(mark.points or 0.0)} of {points(mark.of)}")
    return found
