"""One page for each student: what each answer earned, which mistake it makes, and what helps.

A page is made of the student's own record and of the log of how the file was mended, and of nothing
else: no input that points come from, no solution, nobody else. It needs no script.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from softmaxbook.checking import Status

from ..assignment import Assignment
from ..course import CourseError, write_whole
from ..marks.gradebook import Standing, standings
from ..marks.records import ExerciseMark, ManualMark, Marks
from ..marks.regrades import Request
from ..progress import progress
from ..submissions.problems import Problem
from ..submissions.submission import submission_of
from ..wording import counted, told
from .html import page

SIGNS = {Status.CORRECT: ("✓", "good"), Status.NOT_ATTEMPTED: ("○", "muted")}


@dataclass(frozen=True)
class Written:
    """The pages that were written, and who has none and why."""

    folder: Path
    pages: tuple[Path, ...]
    without: tuple[tuple[str, tuple[Problem, ...]], ...]
    provisional: tuple[tuple[str, tuple[Problem, ...]], ...]

    def __str__(self) -> str:
        """Return the outcome in words."""
        lines = [f"{counted(len(self.pages), 'page')} in {self.folder}"]
        lines += told("no page", self.without) + told("not final", self.provisional)
        return "\n".join(lines)


def write(assignment: Assignment) -> Written:
    """Write ``feedback/<student>.html`` for everybody who has marks of today's hand-in.

    An older page of somebody who has none is removed.

    Raises
    ------
    CourseError
        If nobody has marks.
    """
    everyone = standings(assignment)
    if not any(each.marks for each in everyone):
        raise CourseError(
            f"there are no marks in {assignment.folder / 'marks'}: "
            f"softmaxbook assignment grade {assignment.name}"
        )
    folder = assignment.folder / "feedback"
    pages: list[Path] = []
    for each in progress(everyone, "writing feedback"):
        path = folder / f"{each.student.id}.html"
        if each.usable is None:
            path.unlink(missing_ok=True)
        else:
            write_whole(path, feedback_page(assignment, each, each.usable))
            pages.append(path)
    known = {path.name for path in pages}
    for old in folder.glob("*.html"):
        if old.name not in known:
            old.unlink()
    return Written(
        folder,
        tuple(pages),
        tuple((s.student.id, s.open) for s in everyone if s.usable is None),
        tuple((s.student.id, s.open) for s in everyone if s.usable and s.open),
    )


def feedback_page(assignment: Assignment, standing: Standing, marks: Marks) -> str:
    """Return the page of one student as HTML."""
    questions = marks.questions
    exercises = [_shown(number, each) for number, each in enumerate(marks.exercises, start=1)]
    first = len(exercises) + 1
    return page(
        "feedback.html",
        title=assignment.title,
        student=standing.student,
        earned=sum(each.points or 0.0 for each in questions),
        of=sum(each.of for each in questions),
        waiting=sum(each.of for each in questions if each.points is None),
        late=marks.late,
        to_look_at=standing.to_look_at,
        exercises=exercises,
        manual=[Shown(number, each) for number, each in enumerate(marks.manual, start=first)],
        signs=SIGNS,
        requests={each.id: _about(standing, each.id) for each in questions},
        log=submission_of(assignment.folder, marks.student).log,
        day=marks.when[:10],
    )


def _about(standing: Standing, question: str) -> list[Request]:
    return [each for each in standing.requests if each.question == question]


@dataclass(frozen=True)
class Shown:
    """A question with its number on the page, and of its words what is worth a heading."""

    number: int
    mark: ExerciseMark | ManualMark
    hint: str = ""
    example: str = ""  # the sentence about a counter-example, and its values line by line
    values: str = ""


def _shown(number: int, mark: ExerciseMark) -> Shown:
    example, _, values = mark.counter_example.partition("\n")
    lines = [line.removeprefix("    ") for line in values.strip("\n").split("\n")]
    is_said = " ".join(mark.hint.split()) in " ".join(mark.message.split())
    return Shown(number, mark, "" if is_said else mark.hint, example, "\n".join(lines))
