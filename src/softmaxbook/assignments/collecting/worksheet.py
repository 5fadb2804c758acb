"""When each student handed in, by the grading worksheet of Moodle: its archive does not tell."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from pathlib import Path

from ..course import Student
from ..people import MOODLE, Senders, bare
from ..worksheet import read_worksheet
from .times import read_time


def times_of(
    table: Path, students: Sequence[Student], zone: tzinfo
) -> dict[str, tuple[datetime | None, str]]:
    """Return the time of each student's hand-in, or the words that are not understood.

    ``mod/assign/gradingtable.php`` of Moodle writes `userdate()` into the column, or ``-`` where
    nothing came: the form of the language and in the zone of who downloads it. It names no zone, so
    it is read in that of the due time.

    Raises
    ------
    CourseError
        If the table has no such column.
    """
    sheet = read_worksheet(table, "submitted")
    submitted = sheet.head.index(sheet.columns.submitted)
    number = sheet.head.index(sheet.columns.identifier)
    senders, found = Senders(students), {}
    for row in sheet.rows:
        said = row[submitted].strip()
        if said in ("", "-"):
            continue
        student, _ = senders.find(sheet.name_in(row), bare(row[number]), MOODLE)
        when = read_time(said, zone)
        found[student] = (when, "" if when else said)
    return found
