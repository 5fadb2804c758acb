"""Where each student stands: the points, or why there are none to pass on yet.

Nothing becomes a 0 in silence. Who handed in nothing, who was not graded, whose hand-in an
instructor has to look at, and whose manual questions are open has no points, with the reason.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..assignment import Assignment
from ..course import CourseError, Student
from ..submissions.problems import Kind, Problem
from ..submissions.submission import handed_in
from ..wording import points
from .fingerprints import is_current
from .records import Marks, all_marks
from .regrades import Request
from .reviews import looked_at, unseen
from .settling import Rulings, rulings, settled


@dataclass(frozen=True)
class Standing:
    """A student, the record of marks if there is one, and what is open about it."""

    student: Student
    marks: Marks | None
    open: tuple[Problem, ...] = ()
    to_look_at: tuple[Problem, ...] = ()  # those of `open` that an instructor can settle by looking
    requests: tuple[Request, ...] = ()  # to grade again, with what came of them

    @property
    def usable(self) -> Marks | None:
        """Return the record if what it says is of today's hand-in."""
        return self.marks if self.marks is not None and self.marks.graded else None

    @property
    def points(self) -> float | None:
        """Return the points, or None while anything is open."""
        return None if self.open or self.marks is None else self.marks.points

    @property
    def cell(self) -> str:
        """Return the points as a table has them: nothing while anything is open."""
        return "" if self.points is None else points(self.points)


@dataclass(frozen=True)
class Passed:
    """What was written for another system, what to know of it, and whom it does not reach."""

    path: Path
    notes: Sequence[str] = ()
    without: Mapping[str, str] = field(default_factory=dict)  # by the student's id, with the reason


def standings(assignment: Assignment) -> tuple[Standing, ...]:
    """Return all students: those of ``students.csv`` in its order, then others by their ids."""
    records = {each.student: each for each in all_marks(assignment)}
    handed = set(handed_in(assignment.folder))
    known = {each.id: each for each in assignment.students}
    others = sorted(handed - known.keys())  # whose hand-in is removed leaves nobody behind
    everyone = [*known.values(), *(Student(id) for id in others)]
    looked = looked_at(assignment, [each.id for each in everyone])
    decided = rulings(assignment)
    return tuple(
        _standing(decided, each, records.get(each.id), each.id in handed, looked)
        for each in everyone
    )


def graded_standings(assignment: Assignment) -> tuple[Standing, ...]:
    """Return all students, of whom one at least has marks of today's hand-in.

    Raises
    ------
    CourseError
        If nobody has.
    """
    everyone = standings(assignment)
    if all(each.usable is None for each in everyone):
        raise CourseError(
            f"nobody has marks of today's hand-ins: softmaxbook assignment grade {assignment.name}"
        )
    return everyone


def _standing(
    decided: Rulings,
    student: Student,
    marks: Marks | None,
    handed: bool,
    looked: Mapping[str, Collection[str]],
) -> Standing:
    if marks is None:
        why = Kind.NOT_GRADED if handed else Kind.NOT_HANDED_IN
        return Standing(student, None, (why.of(),))
    if not marks.graded:
        return Standing(student, marks, marks.problems or (Kind.NOT_GRADED.of(),))
    if not is_current(decided.assignment, marks):
        return Standing(student, None, (Kind.CHANGED.of(),))
    found = settled(marks, decided)
    marks = found.marks
    unmarked = tuple(Kind.NOT_MARKED.of(each.id) for each in marks.manual if each.points is None)
    to_see = unseen(to_look_at(marks), looked.get(student.id, ()))
    return Standing(student, marks, (*to_see, *unmarked, *found.undecided), to_see, found.requests)


def to_look_at(marks: Marks) -> tuple[Problem, ...]:
    """Return the problems of a graded record, without those that marking again has settled."""
    marked = {each.id for each in marks.manual if each.points is not None}
    return tuple(
        each
        for each in marks.problems
        if each.kind is not Kind.CHANGED_AFTER_MARKING or each.question not in marked
    )
