"""What an instructor has looked at: the sheet ``marking/looked.csv``.

Grading lists there what a mark alone would not tell. A ``yes`` in the column ``looked`` says that
the instructor has looked, and that the points stand; every other word leaves them open. A student
has a row for what is open, and one for what somebody has looked at: a new problem opens none again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from ..assignment import Assignment
from ..course import CourseError
from ..submissions.problems import Problem
from ..tables import guarded, meant, read_table, write_table

HEAD = ("student", "problem", "version", "looked")


def looks_path(assignment: Assignment) -> Path:
    """Return where the sheet is."""
    return assignment.folder / "marking" / "looked.csv"


def looked_at(assignment: Assignment, ids: Collection[str]) -> dict[str, set[str]]:
    """Return the versions of the problems that the instructor has looked at, by student."""
    found: dict[str, set[str]] = {}
    for student, versions, word in _rows(assignment, ids):
        if _is_yes(word):
            found.setdefault(student, set()).update(versions.split())
    return found


def version_of_problem(problem: Problem) -> str:
    """Return a word for a problem: one of other facts is another."""
    about = [[problem.kind.name, problem.question, dict(problem.facts)]]
    spoken = json.dumps(about, sort_keys=True).encode()
    return "v" + hashlib.sha256(spoken).hexdigest()[:10]


def unseen(problems: Iterable[Problem], looked: Collection[str]) -> tuple[Problem, ...]:
    """Return the problems that are none of those looked at, which are given by their versions."""
    return tuple(each for each in problems if version_of_problem(each) not in looked)


def _is_yes(word: str) -> bool:
    return word.strip().casefold() == "yes"


def list_problems(assignment: Assignment, problems: Mapping[str, Sequence[Problem]]) -> int:
    """Write the sheet with the problems of today, keep what was looked at, and count the rest."""
    seen = looked_at(assignment, problems)
    words = {(student, version): looked for student, version, looked in _rows(assignment, problems)}
    rows = []
    for student, own in problems.items():
        open = unseen(own, seen.get(student, ()))
        for some in (open, [each for each in own if each not in open]):
            version = " ".join(map(version_of_problem, some))
            looked = words.get((student, version), "") if some is open else "yes"
            if some:
                rows.append([guarded(student), guarded(_as_one(some)), version, looked])
    if rows or looks_path(assignment).exists():
        write_table(looks_path(assignment), HEAD, rows, for_people=True)
    return sum(not _is_yes(looked) for *_, looked in rows)


def _as_one(problems: Iterable[Problem]) -> str:
    return " ".join("; ".join(map(str, problems)).split())


def _rows(assignment: Assignment, ids: Collection[str]) -> list[tuple[str, str, str]]:
    path = looks_path(assignment)
    if not path.exists():
        return []
    head, rows = read_table(path, "problem", "the sheet that `softmaxbook assignment mark` writes")
    if not set(HEAD) <= set(head):
        raise CourseError(f"{path} needs the columns {', '.join(HEAD)}: remove it, and mark again")
    student, _, version, looked = (head.index(each) for each in HEAD)
    return [(meant(row[student], ids), row[version].strip(), row[looked]) for row in rows]
