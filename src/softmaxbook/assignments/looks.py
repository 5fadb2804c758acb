"""What an instructor has looked at: the sheet ``marking/looked.csv``.

Grading lists there what a mark alone would not tell. A word in the column ``looked`` says that the
instructor has looked, and that the points stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from .assignment import Assignment
from .tables import guarded, read_table, unguarded, write_table

HEAD = ("student", "problem", "looked")


def looks_path(assignment: Assignment) -> Path:
    """Return where the sheet is."""
    return assignment.folder / "marking" / "looked.csv"


def looked_at(assignment: Assignment) -> dict[str, frozenset[str]]:
    """Return the problems that the instructor has looked at, by student."""
    found: dict[str, frozenset[str]] = {}
    for student, problem, looked in _rows(assignment):
        if looked.strip():
            found[student] = found.get(student, frozenset()) | {problem}
    return found


def list_problems(assignment: Assignment, problems: Mapping[str, Iterable[str]]) -> int:
    """Write the sheet with the problems of today, keep what was looked at, and count the rest."""
    words = {(student, problem): looked for student, problem, looked in _rows(assignment)}
    rows = [
        [guarded(student), guarded(problem), words.get((student, problem), "")]
        for student, own in problems.items()
        for problem in own
    ]
    if rows or looks_path(assignment).exists():
        write_table(looks_path(assignment), HEAD, rows, for_people=True)
    return sum(not looked.strip() for *_, looked in rows)


def _rows(assignment: Assignment) -> list[tuple[str, str, str]]:
    path = looks_path(assignment)
    if not path.exists():
        return []
    what = "the sheet that `softmaxbook assignment mark` writes"
    head, rows = read_table(path, "problem", what)
    columns = [head.index(each) if each in head else len(head) for each in HEAD]
    return [
        tuple(unguarded((*row, "")[place] if place < len(row) else "") for place in columns)  # type: ignore[misc]
        for row in rows
    ]
