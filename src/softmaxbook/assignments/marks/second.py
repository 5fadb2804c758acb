"""What a second grader gave who saw no names, and what was decided where the two differ.

Both stand in ``second.json`` of an assignment, apart from the records of marks. What was given is
kept by the *answer*, so equal answers are read once, and an answer that comes back finds its points
again. What was decided holds for the very points that it was decided about: where one of them
changes, the difference is open again, and the earlier decision stays in the file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ..assignment import Assignment
from .history import keep, kept
from .records import ManualMark, manual_mark_in, under_rubric


@dataclass(frozen=True)
class Given:
    """What the second grader gave for an answer, and when it was taken in."""

    number: str
    mark: ManualMark
    when: str  # ISO 8601, as all times here


@dataclass(frozen=True)
class Decision:
    """What somebody decided about a student's answer for which two graders gave other points."""

    student: str
    question: str
    number: str
    first: float
    second: float
    points: float
    by: str
    why: str
    when: str


@dataclass(frozen=True)
class Seconds:
    """All that was given and decided, in the order in which it came; the last of each counts.

    `shown` has each answer that was ever passed on, by its number, without points.
    """

    assignment: Assignment
    given: tuple[Given, ...] = ()
    decisions: tuple[Decision, ...] = ()
    shown: Mapping[str, ManualMark] = field(default_factory=lambda: MappingProxyType({}))
    _last: Mapping[tuple[str, str], Given] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, mark: ManualMark) -> ManualMark | None:
        """Return what the second grader gave for the answer of a mark, under its rubric."""
        if not self._last:
            return None
        found = self._last.get((mark.id, number_of_answer(self.assignment, mark)))
        if found is None or found.mark.answer != mark.answer:
            return None
        return under_rubric(found.mark, mark.rubric)

    def decided(self, student: str, mark: ManualMark) -> tuple[float | None, bool]:
        """Return the points that were decided on, and whether two graders differ undecided."""
        second = self.of(mark)
        one, two = mark.computed, second.computed if second is not None else None
        if one is None or two is None or one == two:
            return None, False
        decision = self.decision(student, mark, one, two)
        return (None, True) if decision is None else (decision.points, False)

    def decision(
        self, student: str, mark: ManualMark, first: float, second: float
    ) -> Decision | None:
        """Return the last decision about these points for this answer."""
        about = (student, mark.id, number_of_answer(self.assignment, mark), first, second)
        for each in reversed(self.decisions):
            if (each.student, each.question, each.number, each.first, each.second) == about:
                return each
        return None

    def last(self, question: str, number: str) -> ManualMark | None:
        """Return what was given last for the answer of a number, as it was given."""
        found = self._last.get((question, number))
        return found.mark if found is not None else None

    def with_given(self, given: Given) -> Seconds:
        """Return all with what was given for one more answer, or anew for one."""
        last = {**self._last, (given.mark.id, given.number): given}
        return replace(self, given=(*self.given, given), _last=MappingProxyType(last))


def number_of_answer(assignment: Assignment, mark: ManualMark) -> str:
    """Return the number under which an answer is read: it says nothing of whose it is.

    It follows from the question, the answer and the assignment's secret, so it stays the same, and
    an order by it is no order of students.
    """
    about = hashlib.sha256(mark.answer.encode("utf-8", "backslashreplace")).hexdigest()
    return str(10_000_000 + assignment.derived_seed("second", mark.id, about) % 90_000_000)


def seconds_path(assignment: Assignment) -> Path:
    """Return where it is kept."""
    return assignment.folder / "second.json"


def seconds(assignment: Assignment) -> Seconds:
    """Return what was given and decided.

    Raises
    ------
    CourseError
        If the file is none that this module wrote: it is history, so nothing is made up for it.
    """

    def made_of(stored: Any) -> Seconds:
        decisions = tuple(Decision(**each) for each in stored["decisions"])
        shown = {each["number"]: manual_mark_in(each["mark"]) for each in stored["shown"]}
        found = Seconds(assignment, decisions=decisions, shown=MappingProxyType(shown))
        for each in stored["given"]:
            found = found.with_given(
                Given(each["number"], manual_mark_in(each["mark"]), each["when"])
            )
        return found

    return kept(seconds_path(assignment), made_of, Seconds(assignment))


def write_seconds(assignment: Assignment, all: Seconds) -> None:
    """Store what was given and decided."""
    record = {
        "given": [asdict(each) for each in all.given],
        "decisions": [asdict(each) for each in all.decisions],
        "shown": [{"number": n, "mark": asdict(each)} for n, each in all.shown.items()],
    }
    keep(seconds_path(assignment), record)
