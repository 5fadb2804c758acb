"""What a submission earned, question by question: a record a student, written whole.

A record carries the fingerprint of all that it depends on. One whose fingerprint is not that of
today's submission, exercises and program is no mark any more, and grading replaces it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, MutableMapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from softmaxbook.checking import Status

from ..assignment import Assignment
from ..course import CourseError, write_record
from ..submissions.problems import Problem, problem_in


@dataclass(frozen=True)
class AspectMark:
    """What one aspect of an answer earned."""

    name: str
    points: float
    of: float


@dataclass(frozen=True)
class ExerciseMark:
    """What an answer earned, and the words for its author.

    The words tell of inputs that were drawn to be shown. The inputs that the points come from
    appear nowhere. `notes` are for the instructor, `value` is what a question about a number or a
    choice was answered with, and `behaviour` a hash of all that an answer did.

    `decided` and `comment` are a person's, and in no file of records: :mod:`.settling` adds them.
    """

    id: str
    title: str
    status: Status
    aspects: tuple[AspectMark, ...]
    message: str = ""
    mistakes: tuple[str, ...] = ()
    hint: str = ""
    counter_example: str = ""
    remarks: tuple[str, ...] = ()
    notes: tuple[Problem, ...] = ()
    value: str = ""  # as JSON
    behaviour: str = ""
    decided: float | None = None
    comment: str = ""

    @property
    def points(self) -> float:
        """Return the points that count: those over all aspects, unless somebody decided."""
        return self.computed if self.decided is None else self.decided

    @property
    def computed(self) -> float:
        """Return the points earned over all aspects."""
        return sum(each.points for each in self.aspects)

    @property
    def of(self) -> float:
        """Return the points that a right answer earns."""
        return sum(each.of for each in self.aspects)

    @property
    def found(self) -> str:
        """Return the status with the mistakes by name, as a heading of the words."""
        said = self.status.value
        return f"{said}: {' and '.join(self.mistakes)}" if self.mistakes else said


@dataclass(frozen=True)
class ManualMark:
    """What a person gave for an answer, line by line of the rubric; None until then.

    `whole` is what was given for the answer as a whole, and counts instead of the lines. `decided`
    is what was decided later, and is in no file of records: :mod:`.settling` adds it.
    """

    id: str
    title: str
    rubric: tuple[tuple[str, float], ...]
    answer: str  # the text that was marked
    given: tuple[float | None, ...] = ()
    comment: str = ""
    whole: float | None = None
    decided: float | None = None

    @property
    def points(self) -> float | None:
        """Return the points that count: those given, unless somebody decided."""
        return self.computed if self.decided is None else self.decided

    @property
    def computed(self) -> float | None:
        """Return the points given, or None where a line of the rubric is still open."""
        if self.whole is not None:
            return self.whole
        if len(self.given) < len(self.rubric):
            return None
        known = [each for each in self.given if each is not None]
        return sum(known) if len(known) == len(self.given) else None

    @property
    def of(self) -> float:
        """Return the points that a full answer earns."""
        return sum(points for _, points in self.rubric)


@dataclass(frozen=True)
class Marks:
    """The record of one student. `problems` is what an instructor has to look at.

    A record that says `graded` is False holds no marks: grading failed, or has not come to it.
    """

    student: str
    graded: bool
    fingerprint: str
    when: str  # ISO 8601
    exercises: tuple[ExerciseMark, ...] = ()
    manual: tuple[ManualMark, ...] = ()
    problems: tuple[Problem, ...] = ()
    late: bool = False
    received: str = ""

    @property
    def questions(self) -> tuple[ExerciseMark | ManualMark, ...]:
        """Return the marks of all questions, in the order of the notebook."""
        return (*self.exercises, *self.manual)

    @property
    def points(self) -> float | None:
        """Return all points, or None while some are unknown."""
        manual = [each.points for each in self.manual]
        known = [each for each in manual if each is not None]
        if self.automatic is None or len(known) < len(manual):
            return None
        return self.automatic + sum(known)

    @property
    def automatic(self) -> float | None:
        """Return the points of what was graded by itself, or None where that failed."""
        return sum(each.points for each in self.exercises) if self.graded else None

    @property
    def needs_a_look(self) -> bool:
        """Return whether an instructor has to look at the submission."""
        return not self.graded or bool(self.problems)

    def with_manual(self, mark: ManualMark) -> Marks:
        """Return the record with one manual question marked."""
        if mark.id not in [each.id for each in self.manual]:
            raise KeyError(mark.id)
        return replace(
            self, manual=tuple(mark if each.id == mark.id else each for each in self.manual)
        )


def mark_of(marks: Marks, id: str) -> ManualMark | None:
    """Return the mark of a manual question, or None if the record has none."""
    return next((each for each in marks.manual if each.id == id), None)


def under_rubric(mark: ManualMark, rubric: tuple[tuple[str, float], ...]) -> ManualMark:
    """Return a mark under a changed rubric: the points of its unchanged lines stay.

    Points given for the answer as a whole stay where all lines do.
    """
    if mark.rubric == rubric:
        return mark
    known = dict(zip(mark.rubric, mark.given, strict=False))
    given = tuple(known.get(line) for line in rubric)
    return replace(
        mark,
        rubric=rubric,
        given=given if any(each is not None for each in given) else (),
        whole=mark.whole if sorted(mark.rubric) == sorted(rubric) else None,
    )


def version_of(mark: ManualMark) -> str:
    """Return a word for what was marked: another answer or another rubric has another one."""
    said = repr((mark.answer, [(str(c), float(p)) for c, p in mark.rubric]))
    return "v" + hashlib.sha256(said.encode("utf-8", "backslashreplace")).hexdigest()[:10]


def marks_path(assignment: Assignment, student: str) -> Path:
    """Return where the record of a student is."""
    return assignment.folder / "marks" / f"{student}.json"


def write_marks(assignment: Assignment, marks: Marks) -> None:
    """Store a record: it is there as a whole or not at all."""
    write_record(marks_path(assignment, marks.student), marks)


def read_marks(path: Path) -> Marks:
    """Return the record in a file.

    Raises
    ------
    CourseError
        If it is none; grading again writes it anew.
    """
    try:
        stored: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        exercises = tuple(exercise_mark_in(each) for each in stored.pop("exercises"))
        manual = tuple(manual_mark_in(each) for each in stored.pop("manual"))
        problems = tuple(map(problem_in, stored.pop("problems")))
        return Marks(exercises=exercises, manual=manual, problems=problems, **stored)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise CourseError(f"{path} is not a record of marks ({error}): grade again") from error


def read_manual(path: Path) -> tuple[ManualMark, ...]:
    """Return what a person gave, from a record of today or of an earlier form; else nothing."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        return tuple(manual_mark_in(each) for each in stored["manual"])
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return ()


def exercise_mark_in(stored: dict[str, Any]) -> ExerciseMark:
    """Return the mark that a file holds; KeyError or TypeError where it is none."""
    aspects = tuple(AspectMark(**each) for each in stored.pop("aspects"))
    status = Status[stored.pop("status")]
    notes = tuple(map(problem_in, stored.pop("notes")))
    tuples: dict[str, Any] = {name: tuple(stored.pop(name)) for name in ("mistakes", "remarks")}
    return ExerciseMark(status=status, aspects=aspects, notes=notes, **tuples, **stored)


def manual_mark_in(stored: dict[str, Any]) -> ManualMark:
    """Return the mark of a person that a file holds; KeyError or TypeError where it is none."""
    rubric = tuple((str(criterion), float(points)) for criterion, points in stored.pop("rubric"))
    return ManualMark(rubric=rubric, given=tuple(stored.pop("given")), **stored)


def all_marks(assignment: Assignment) -> tuple[Marks, ...]:
    """Return the records of all students, in the order of their ids."""
    return tuple(Records(assignment).values())


@dataclass
class Records(MutableMapping[str, Marks]):
    """The records of all students, in the order of their ids, of which none is held.

    Each is read when it is asked for: a class may be large, and so may what one of it wrote. Of a
    record that is put in, what a person gave is kept, and stands in the file after `write`.
    """

    assignment: Assignment
    _given: dict[str, dict[str, ManualMark]] = field(default_factory=dict)  # without the answers

    def __getitem__(self, student: str) -> Marks:
        if student not in self._students:
            raise KeyError(student)
        marks = read_marks(marks_path(self.assignment, student))
        for mark in self._given.get(student, {}).values():
            before = mark_of(marks, mark.id)
            if before is not None:
                marks = marks.with_manual(replace(mark, answer=before.answer))
        return marks

    def __setitem__(self, student: str, marks: Marks) -> None:
        self._given[student] = {each.id: replace(each, answer="") for each in marks.manual}

    def __delitem__(self, student: str) -> None:
        raise TypeError("a record stays")

    def __iter__(self) -> Iterator[str]:
        return iter(self._students)

    def __len__(self) -> int:
        return len(self._students)

    @cached_property
    def _students(self) -> dict[str, None]:
        paths = (self.assignment.folder / "marks").glob("[!.]*.json")
        return dict.fromkeys(path.stem for path in sorted(paths))

    def write(self) -> None:
        """Store the records that have changed."""
        for student in self._given:
            marks = self[student]
            if marks != read_marks(marks_path(self.assignment, student)):
                write_marks(self.assignment, marks)
