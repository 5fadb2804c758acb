"""When each student handed in, by the grading worksheet of Moodle: its archive does not tell."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from pathlib import Path

from ..course import CourseError, Student
from ..people import MOODLE, Senders, bare
from ..tables import read_lines
from .times import read_time

# `recordid` and `lastmodifiedsubmission` of Moodle's `assign.php` in English, German, French and
# Spanish; the name of a student stands behind the identifier.
IDENTIFIERS = ("Identifier", "ID", "Identifiant", "Identificador")
SUBMITTED = (
    "Last modified (submission)",
    "Zuletzt geändert (Abgabe)",
    "Dernière modification (travail remis)",
    "Última modificación (entrega)",
)
EXPECTED = (
    f"Moodle's grading worksheet, with the column “{SUBMITTED[0]}”, in English, German, French or "
    "Spanish: choose one of these in Moodle, and download it again"
)


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
    head, lines = read_lines(table, SUBMITTED, EXPECTED)
    submitted = next(place for place, name in enumerate(head) if name in SUBMITTED)
    number = next((place for place, name in enumerate(head) if name in IDENTIFIERS), None)
    if number is None:
        raise CourseError(f"{table} has no column {IDENTIFIERS[0]!r}: it should be {EXPECTED}")
    senders, found = Senders(students), {}
    for _, row in lines:
        said = row[submitted].strip()
        if said in ("", "-"):
            continue
        name = "".join(row[number + 1 : number + 2])
        student, _ = senders.find(name, bare(row[number]), MOODLE)
        when = read_time(said, zone)
        found[student] = (when, "" if when else said)
    return found
