"""A table that Canvas' gradebook imports.

Notes
-----
What Canvas reads stands in its source, ``lib/gradebook_importer.rb``: the first columns are
`Student`, `ID`, then `SIS Login ID` alone or after `SIS User ID`, and the last is `Section`; a row
with `Points Possible` in its first cell says what an assignment is worth; students are found
by `ID`, by `SIS User ID`, by `SIS Login ID`, and by the name at last; an assignment by
``Title (id)``, else by its title. ``lib/gradebook_exporter.rb`` writes the same columns. An empty
cell takes a grade away that Canvas already has, so a cell without points keeps what the table has.
https://github.com/instructure/canvas-lms
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from .assignment import Assignment
from .course import CourseError, Student
from .owners import Owners
from .page import points
from .standings import Standing
from .tables import guarded, guarded_key, read_table, write_table

COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
IDENTIFYING = (*COLUMNS, "LastName", "FirstName", "Integration ID", "Root Account")
KEYS = ("ID", "SIS User ID", "SIS Login ID", "Integration ID")
EXPECTED = "what Canvas exports: Grades, Export, Export Entire Gradebook"


def to_canvas(
    assignment: Assignment, everyone: Sequence[Standing], table: Path | None = None
) -> tuple[Path, list[str]]:
    """Write ``export/canvas.csv``, and return it with what to know of it.

    Without a table, the columns come from ``students.csv`` where it has them under Canvas' names,
    and `SIS Login ID` is the student's id otherwise.
    """
    path = assignment.folder / "export" / "canvas.csv"
    if table is None:
        head = [*COLUMNS, assignment.title]
        rows = [_row(each) for each in everyone]
        notes: list[str] = []
    else:
        head, rows, notes = _filled(assignment, everyone, table)
    width = len(head) - 2
    possible = ["    Points Possible", *[""] * width, points(assignment.total)]
    write_table(path, [*head[:-1], guarded(head[-1])], [possible, *rows])
    return path, notes


def _row(standing: Standing) -> list[str]:
    who = standing.student
    return [
        guarded(who.name or who.id),
        guarded_key(_column(who, "ID") or _column(who, "canvas_id")),
        guarded_key(_column(who, "SIS User ID")),
        guarded_key(_column(who, "SIS Login ID") or who.id),
        guarded(_column(who, "Section")),
        _points(standing),
    ]


def _column(student: Student, name: str) -> str:
    return student.other.get(name, "").strip()


def _points(standing: Standing) -> str:
    return "" if standing.points is None else points(standing.points)


def _filled(
    assignment: Assignment, everyone: Sequence[Standing], table: Path
) -> tuple[list[str], list[list[str]], list[str]]:
    """Return the head and the rows of Canvas' own table with the points, and what to know."""
    head, rows = read_table(table, "ID", EXPECTED)
    for name in ("Section", "ID"):
        if name not in head:
            raise CourseError(f"{table} has no column {name!r}: it should be {EXPECTED}")
    kept = [k for k, name in enumerate(head) if name in IDENTIFYING]
    title, place, notes = _assignment_column(assignment, head)
    owners = Owners(everyone)
    found = []
    for row in rows:
        cells = dict(zip(head, row, strict=False))
        if "Points Possible" in row[0] or not any(cells.get(key, "").strip() for key in KEYS):
            continue
        name = cells.get("Student") or f"{cells.get('FirstName')} {cells.get('LastName')}"
        owner = owners.find([cells.get(key, "") for key in KEYS], name)
        before = row[place] if place is not None else ""
        earned = _points(owner) if owner is not None else ""
        identity = [_identity(head[k], row[k]) for k in kept]
        found.append([*identity, earned or guarded(before)])
    return [*(head[k] for k in kept), title], found, notes + owners.not_found(table.name)


def _identity(column: str, cell: str) -> str:
    return guarded_key(cell) if column in KEYS else guarded(cell)


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
