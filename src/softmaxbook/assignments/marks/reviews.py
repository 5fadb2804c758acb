"""What an instructor has looked at: the sheet ``marking/looked.csv``.

Grading lists there what a mark alone would not tell. A ``yes`` in the column ``looked`` says that
the instructor has looked, and that the points stand; every other word leaves them open.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from ..assignment import Assignment
from ..course import CourseError
from ..tables import guarded, meant, read_table, unguarded, write_table

HEAD = ("student", "problem", "looked")


def looks_path(assignment: Assignment) -> Path:
    """Return where the sheet is."""
    return assignment.folder / "marking" / "looked.csv"


def looked_at(assignment: Assignment, ids: Collection[str]) -> dict[str, str]:
    """Return the problems that the instructor has looked at, by student, as one text."""
    return {student: problem for student, problem, word in _rows(assignment, ids) if _is_yes(word)}


def as_one(problems: Iterable[str]) -> str:
    """Return a student's problems as one text: who looks, looks at all of them."""
    return " ".join("; ".join(problems).split())


def _is_yes(word: str) -> bool:
    return word.strip().casefold() == "yes"


def list_problems(assignment: Assignment, problems: Mapping[str, Sequence[str]]) -> int:
    """Write the sheet with the problems of today, keep what was looked at, and count the rest."""
    found = _rows(assignment, problems)
    words = {(student, problem): looked for student, problem, looked in found}
    rows = [
        [guarded(student), guarded(as_one(own)), words.get((student, as_one(own)), "")]
        for student, own in problems.items()
        if own
    ]
    if rows or looks_path(assignment).exists():
        write_table(looks_path(assignment), HEAD, rows, for_people=True)
    return sum(not _is_yes(looked) for *_, looked in rows)


def _rows(assignment: Assignment, ids: Collection[str]) -> list[tuple[str, str, str]]:
    path = looks_path(assignment)
    if not path.exists():
        return []
    head, rows = read_table(path, "problem", "the sheet that `softmaxbook assignment mark` writes")
    if not set(HEAD) <= set(head):
        raise CourseError(f"{path} needs the columns {', '.join(HEAD)}: remove it, and mark again")
    student, problem, looked = (head.index(each) for each in HEAD)
    return [
        (meant(row[student], ids), as_one([unguarded(row[problem])]), row[looked]) for row in rows
    ]
