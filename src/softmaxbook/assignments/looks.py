"""What an instructor has looked at: the sheet ``marking/looked.csv``.

Grading lists there what a mark alone would not tell. A word in the column ``looked`` says that the
instructor has looked, and that the points stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from .assignment import Assignment
from .course import CourseError
from .tables import guarded, read_table, unguarded, write_table

HEAD = ("student", "problem", "looked")


def looks_path(assignment: Assignment) -> Path:
    """Return where the sheet is."""
    return assignment.folder / "marking" / "looked.csv"


def looked_at(assignment: Assignment) -> dict[str, str]:
    """Return the problems that the instructor has looked at, by student, as one text."""
    return {student: problem for student, problem, looked in _rows(assignment) if looked.strip()}


def as_one(problems: Iterable[str]) -> str:
    """Return a student's problems as one text: who looks, looks at all of them."""
    return "; ".join(problems)


def list_problems(assignment: Assignment, problems: Mapping[str, Sequence[str]]) -> int:
    """Write the sheet with the problems of today, keep what was looked at, and count the rest."""
    words = {(student, problem): looked for student, problem, looked in _rows(assignment)}
    rows = [
        [guarded(student), guarded(as_one(own)), words.get((student, as_one(own)), "")]
        for student, own in problems.items()
        if own
    ]
    if rows or looks_path(assignment).exists():
        write_table(looks_path(assignment), HEAD, rows, for_people=True)
    return sum(not looked.strip() for *_, looked in rows)


def _rows(assignment: Assignment) -> list[tuple[str, str, str]]:
    path = looks_path(assignment)
    if not path.exists():
        return []
    head, rows = read_table(path, "problem", "the sheet that `softmaxbook assignment mark` writes")
    if not set(HEAD) <= set(head):
        raise CourseError(f"{path} needs the columns {', '.join(HEAD)}: remove it, and mark again")
    student, problem, looked = (head.index(each) for each in HEAD)
    return [(unguarded(row[student]), unguarded(row[problem]), row[looked]) for row in rows]
