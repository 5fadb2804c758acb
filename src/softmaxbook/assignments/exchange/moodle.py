"""A grading worksheet that Moodle's assignment imports.

Notes
-----
What Moodle reads stands in its source, ``mod/assign/feedback/offline/importgradeslib.php``: the
columns `Identifier` (“Participant 123”), `Grade` and `Last modified (grade)` have to be there, and
`Feedback comments` is taken if it is; ``mod/assign/gradingtable.php`` writes them. A row whose
grade is empty keeps its grade, and its comment is taken all the same, so an empty one would erase
Moodle's: such rows are left out, or stay as the worksheet has them. A grade of 0 is not entered by
the version of 806e2d49 (``$record->grade && …``). A worksheet that is older than a grade in Moodle
is refused row by row. The names are those of an English Moodle; the worksheet is to be downloaded
in English. The number in an identifier belongs to a user in one assignment
(``assign::get_uniqueid_for_user_static`` takes both), and a row with an unknown one is passed over.
Without identifiers there is the gradebook's own import, which finds students by an e-mail address
(https://docs.moodle.org/en/Grade_import).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from ..assignment import Assignment
from ..course import CourseError
from ..marks.gradebook import Passed, Standing
from ..marks.records import Marks
from ..people import MOODLE, number_of
from ..tables import Rows, guarded, guarded_key, number_in, read_table, write_table
from ..wording import points
from .matching import Called, not_found, owners

IDENTIFIER, GRADE, COMMENTS = "Identifier", "Grade", "Feedback comments"
MODIFIED = "Last modified (grade)"
MAXIMUM = "maximum grade"  # `Maximum Grade` in older versions
WORKSHEET = (IDENTIFIER, "Full name", "Email address", GRADE, "Maximum grade", MODIFIED, COMMENTS)
GRADEBOOK = ("Email address", "Full name", GRADE, COMMENTS)
KEYS = (IDENTIFIER, "Email address", "ID number", "Username")
EXPECTED = (
    "the worksheet of an English Moodle: the assignment, Submissions, Download grading worksheet"
)


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
        columns, key = WORKSHEET, IDENTIFIER
        note = "Import it with “Allow updating records that have been modified more recently”."
    else:
        columns, key = GRADEBOOK, "Email address"
        note = "For Grades, Import, CSV file: map “Email address” to “Email address”."
    shown = [each for each in everyone if empty_rows or each.cell]
    rows = [_row(assignment, each, columns) for each in shown]
    write_table(path, columns, rows)
    place = columns.index(key)
    without = {
        each.student.id: f"{each.student.id} has no {key!r} in students.csv: Moodle finds no row"
        for each, row in zip(shown, rows, strict=True)
        if row[columns.index(GRADE)] and not row[place]
    }
    zeros = _zeros(shown) if key == IDENTIFIER else []
    return Passed(path, [note, *zeros], without)


def _zeros(everyone: Sequence[Standing]) -> list[str]:
    """Return words about those whose grade is 0, which Moodle's import can skip in silence."""
    who = ", ".join(each.student.id for each in everyone if each.points == 0)
    return [f"Moodle's import can skip a grade of 0: enter it there for {who}"] if who else []


def _row(assignment: Assignment, standing: Standing, columns: Sequence[str]) -> list[str]:
    who = standing.student
    cells = {
        IDENTIFIER: guarded_key(_identifier(number_of(who, MOODLE))),
        "Full name": guarded(who.name or who.id),
        "Email address": guarded_key(who.email),
        GRADE: standing.cell,
        "Maximum grade": points(assignment.total),
        MODIFIED: "-",
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
    head, rows = read_table(table, IDENTIFIER, EXPECTED)
    for name in (GRADE, MODIFIED):
        if name not in head:
            raise CourseError(f"{table} has no column {name!r}: it should be {EXPECTED}")
    notes = _other_scale(assignment, head, rows)
    sheet = [dict(zip(head, row, strict=False)) for row in rows]
    found = owners(everyone, [_called(cells) for cells in sheet])
    filled = []
    for cells, owner in zip(sheet, found, strict=True):
        if owner is not None and owner.points is not None:
            cells[GRADE] = owner.cell
            if COMMENTS in cells:
                cells[COMMENTS] = _beside(cells[COMMENTS], _comment(owner))
        filled.append([cells[name] for name in head])
    if COMMENTS not in head:
        notes.append(f"the worksheet has no column {COMMENTS!r}: grades only")
    return head, filled, notes, not_found(everyone, found, table.name)


def _called(cells: Mapping[str, str]) -> Called:
    return Called({key: cells.get(key, "") for key in KEYS}, cells.get("Full name", ""))


def _other_scale(
    assignment: Assignment, head: Sequence[str], rows: Sequence[Sequence[str]]
) -> list[str]:
    """Refuse a worksheet of a smaller scale, and warn of a larger one.

    Moodle skips what is above its maximum in silence, and shows the points out of it.
    """
    for place, name in enumerate(head):
        most = number_in(rows[0][place]) if rows and name.lower() == MAXIMUM else None
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
