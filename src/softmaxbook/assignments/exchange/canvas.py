"""A table that Canvas' gradebook imports.

Notes
-----
What Canvas reads stands in its source, ``lib/gradebook_importer.rb``: the first columns are
`Student`, `ID`, then `SIS Login ID` alone or after `SIS User ID`, and the last is `Section`; a row
with `Points Possible` in its first cell says what an assignment is worth; students are found
by `ID`, by `SIS User ID`, by `SIS Login ID`, and by the name at last; an assignment by
``Title (id)``, else by its title. ``lib/gradebook_exporter.rb`` writes the same columns. An empty
cell takes a grade or an excuse away that Canvas already has, so a cell without points keeps what
the table has, letter by letter; where there is no table, the row is left out, for students that
are not in the file are not touched. A column with the words of a total anywhere in its name, such
as `Final Score`, is left out on import.
https://github.com/instructure/canvas-lms
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ..assignment import Assignment
from ..course import CourseError, Student
from ..marks.gradebook import Passed, Standing
from ..people import CANVAS, number_of
from ..tables import Rows, guarded, guarded_key, number_in, read_table, write_table
from ..wording import points
from .matching import Called, not_found, owners

POSSIBLE = "Points Possible"
COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
IDENTIFYING = (*COLUMNS, "LastName", "FirstName", "Integration ID", "Root Account")
KEYS = ("ID", "SIS User ID", "SIS Login ID", "Integration ID")
TOTALS = re.compile("(?:Current|Final) (?:Score|Points|Grade)|Override (?:Score|Grade|Status)")
EXPECTED = "what Canvas exports: Grades, Export, Export Entire Gradebook"


def to_canvas(
    assignment: Assignment,
    everyone: Sequence[Standing],
    table: Path | None = None,
    empty_rows: bool = False,
) -> Passed:
    """Write ``export/canvas.csv``.

    Without a table, the columns come from ``students.csv`` where it has them under Canvas' names,
    and `SIS Login ID` is the student's id otherwise. Who has no points has a row only with
    `empty_rows`.

    Raises
    ------
    CourseError
        If Canvas would take the assignment's column for one of its totals, and leave it out.
    """
    if total := TOTALS.search(assignment.title):
        raise CourseError(
            f"Canvas leaves out a column with “{total[0]}” in its name, as one of its own totals: "
            f"give {assignment.name} another title, here and in Canvas"
        )
    path = assignment.folder / "export" / "canvas.csv"
    if table is None:
        head = [*COLUMNS, assignment.title]
        rows = [_row(each) for each in everyone if empty_rows or each.cell]
        notes, without = list[str](), dict[str, str]()
    else:
        head, rows, notes, without = _filled(assignment, everyone, table)
    width = len(head) - 2
    possible = [f"    {POSSIBLE}", *[""] * width, points(assignment.total)]
    write_table(
        path, [*head[:-1], guarded(head[-1]) if table is None else head[-1]], [possible, *rows]
    )
    return Passed(path, notes, without)


def _row(standing: Standing) -> list[str]:
    who = standing.student
    return [
        guarded(who.name or who.id),
        guarded_key(number_of(who, CANVAS)),
        guarded_key(_column(who, "SIS User ID")),
        guarded_key(_column(who, "SIS Login ID") or who.id),
        guarded(_column(who, "Section")),
        standing.cell,
    ]


def _column(student: Student, name: str) -> str:
    return student.other.get(name, "").strip()


def _filled(
    assignment: Assignment, everyone: Sequence[Standing], table: Path
) -> tuple[list[str], Rows, list[str], dict[str, str]]:
    """Return the head and the rows of Canvas' own table with the points, and what to know."""
    head, rows = read_table(table, "ID", EXPECTED)
    for name in ("Section", "ID"):
        if name not in head:
            raise CourseError(f"{table} has no column {name!r}: it should be {EXPECTED}")
    kept = [k for k, name in enumerate(head) if name in IDENTIFYING]
    title, place, notes = _assignment_column(assignment, head)
    if place is not None:
        notes += [each for row in rows for each in _other_scale(assignment, row, row[place])]
    rows = [row for row in rows if _is_student(dict(zip(head, row, strict=False)))]
    found = owners(everyone, [_called(dict(zip(head, row, strict=False))) for row in rows])
    filled = []
    for row, owner in zip(rows, found, strict=True):
        before = row[place] if place is not None else ""
        earned = owner.cell if owner is not None else ""
        filled.append([*(row[k] for k in kept), earned or before])
    without = not_found(everyone, found, table.name)
    return [*(head[k] for k in kept), title], filled, notes, without


def _is_student(cells: Mapping[str, str]) -> bool:
    is_maximum = POSSIBLE in next(iter(cells.values()))
    return not is_maximum and any(cells.get(key, "").strip() for key in KEYS)


def _other_scale(assignment: Assignment, row: Sequence[str], cell: str) -> Iterator[str]:
    """Yield a warning if the row says that the assignment is worth something else in Canvas."""
    possible = number_in(cell)
    if POSSIBLE in row[0] and possible is not None and possible != assignment.total:
        yield (
            f"Canvas shows the points out of {points(possible)}, and {assignment.name} has "
            f"{points(assignment.total)}: set it in Canvas"
        )


def _called(cells: Mapping[str, str]) -> Called:
    name = cells.get("Student") or f"{cells.get('FirstName')} {cells.get('LastName')}"
    return Called({key: cells.get(key, "") for key in KEYS}, name)


def _assignment_column(
    assignment: Assignment, head: Sequence[str]
) -> tuple[str, int | None, list[str]]:
    """Return the column ``Title (id)`` of the assignment, or its title where there is none."""
    own = assignment.title
    named = [k for k, name in enumerate(head) if re.sub(r" \(\d+\)$", "", name) == own]
    if len(named) == 1:
        return head[named[0]], named[0], []
    if named:
        raise CourseError(
            f"the table has {len(named)} assignments called {own!r}: rename all but one in Canvas"
        )
    return own, None, [f"Canvas has no assignment {own!r} yet: on import it offers to make one"]
