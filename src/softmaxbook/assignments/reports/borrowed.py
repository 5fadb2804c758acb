"""Numbers that are wrong for who gave them, and right in another student's variant.

The values are those that grading saw, so nothing is run here. It is no proof of anything: where a
question has few possible answers, one is often another's, so each finding says for how many of the
class the number is right, and whether a known mistake gives it too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from softmaxbook.checking import Exercise, Status
from softmaxbook.checking.attempts import check_value

from ..assignment import Assignment, Chosen
from ..marks.fingerprints import is_current
from ..marks.records import ExerciseMark, all_marks
from ..progress import progress
from ..released import asked_by
from ..submissions.submission import Submission

NAMED = 6  # students whom a row names


@dataclass(frozen=True)
class Number:
    """An answer to a question, whose it is right for, and of how many of the class."""

    student: str
    title: str
    value: str
    owners: tuple[str, ...]
    of: int  # students, the one who gave it left out
    mistakes: tuple[str, ...]

    @property
    def shown_owners(self) -> str:
        """Return for whom it is right, in words."""
        more = len(self.owners) - NAMED
        return ", ".join(self.owners[:NAMED]) + (f" and {more} more" if more > 0 else "")

    @property
    def share(self) -> str:
        """Return for how many it is right, in words."""
        return f"{len(self.owners)} of {self.of}"


@dataclass(frozen=True)
class Borrowed:
    """All such numbers, those first that no known mistake explains and that are right for few."""

    found: tuple[Number, ...] = ()
    unknown: int = 0  # hand-ins whose values nobody has seen yet


def borrowed(assignment: Assignment, found: Mapping[str, Submission]) -> Borrowed:
    """Return the numbers of today's hand-ins that are right in another's variant only.

    Parameters
    ----------
    assignment : Assignment
    found : mapping
        The hand-ins by student.
    """
    numbers = [each for each in assignment.exercises if each.exercise.form == "number"]
    if not assignment.variants or not numbers:
        return Borrowed()
    records = [each for each in all_marks(assignment) if each.graded]
    graded = {each.student: each for each in records if is_current(assignment, each)}
    everybody = {student: each.numbers_of for student, each in found.items()}
    everybody = {each.id: each.id for each in assignment.students} | everybody
    rows: list[Number] = []
    for chosen in progress(numbers, "comparing numbers"):
        asked = _asked(assignment, chosen, everybody)
        for student in found:
            mark = _mark(graded[student].exercises, chosen.id) if student in graded else None
            if mark is not None and mark.value and mark.status is not Status.CORRECT:
                rows += _right_elsewhere(chosen, student, mark, asked)
    rows.sort(key=lambda each: (bool(each.mistakes), len(each.owners), each.student))
    return Borrowed(tuple(rows), len(found.keys() - graded.keys()))


def _mark(marks: tuple[ExerciseMark, ...], id: str) -> ExerciseMark | None:
    return next((each for each in marks if each.id == id), None)


def _asked(
    assignment: Assignment, chosen: Chosen, everybody: Mapping[str, str]
) -> list[tuple[Exercise, list[str]]]:
    """Return the variants that somebody has, and who."""
    found: dict[str, tuple[Exercise, list[str]]] = {}
    for student, owner in everybody.items():
        own = assignment.exercise_for(chosen.id, owner)
        found.setdefault(asked_by(own), (own, []))[1].append(student)
    return list(found.values())


def _right_elsewhere(
    chosen: Chosen,
    student: str,
    mark: ExerciseMark,
    asked: list[tuple[Exercise, list[str]]],
) -> Iterator[Number]:
    value = json.loads(mark.value)
    owners = [
        one
        for exercise, students in asked
        if student not in students and check_value(exercise, value).status is Status.CORRECT
        for one in students
    ]
    if owners:
        everybody = sum(len(students) for _, students in asked)
        title, shown = chosen.exercise.title, json.dumps(value, ensure_ascii=False)
        yield Number(student, title, shown, tuple(owners), everybody - 1, mark.mistakes)
