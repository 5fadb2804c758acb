"""When each student handed in, by the grading worksheet of Moodle: its archive does not tell."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from pathlib import Path

from ..course import CourseError, Student
from ..people import MOODLE, Senders, bare
from ..tables import read_table
from .times import read_time

IDENTIFIER, NAME, SUBMITTED = "Identifier", "Full name", "Last modified (submission)"
EXPECTED = f"the grading worksheet of an English Moodle, with the column “{SUBMITTED}”"


def times_of(
    table: Path, students: Sequence[Student], zone: tzinfo
) -> dict[str, tuple[datetime | None, str]]:
    """Return the time of each student's hand-in, or the words that are not understood.

    ``mod/assign/gradingtable.php`` of Moodle writes `userdate()` into the column, or ``-`` where
    nothing came: the form of an installation's language, in the zone of who downloads it. It names
    no zone, so it is read in that of the due time.

    Raises
    ------
    CourseError
        If the table has no such column.
    """
    head, rows = read_table(table, IDENTIFIER, EXPECTED)
    if SUBMITTED not in head:
        raise CourseError(f"{table} has no column {SUBMITTED!r}: it should be {EXPECTED}")
    senders, found = Senders(students), {}
    for row in rows:
        cells = dict(zip(head, row, strict=False))
        said = cells[SUBMITTED].strip()
        if said in ("", "-"):
            continue
        student, _ = senders.find(cells.get(NAME, ""), bare(cells[IDENTIFIER]), MOODLE)
        when = read_time(said, zone)
        found[student] = (when, "" if when else said)
    return found
