"""What people decided, put into marks that are read: grading cannot undo it, for it is not there.

A record holds what grading computed and what the first grader gave. Beside it stand what a second
grader gave (:mod:`.second`), what came of requests (:mod:`.regrades`) and the comments on groups of
equal mistakes (:mod:`.groups`). Here they come together. What was decided about another answer, or
beside other points, is not dropped and not applied in silence: an instructor has to look.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from ..assignment import Assignment
from ..course import CourseError
from ..submissions.problems import Kind, Problem
from ..submissions.submission import submission_of
from ..wording import points as shown_points
from .groups import Comment, comments, keys_of
from .records import ExerciseMark, ManualMark, Marks
from .regrades import Request, requests, version_of_answer
from .second import Seconds, seconds

Mark = TypeVar("Mark", ExerciseMark, ManualMark)


@dataclass(frozen=True)
class Rulings:
    """All that people decided about an assignment, beside the records."""

    assignment: Assignment
    requests: tuple[Request, ...]
    seconds: Seconds
    comments: tuple[Comment, ...]


@dataclass(frozen=True)
class Settled:
    """Marks as they count, what has to be decided first, and the student's requests."""

    marks: Marks
    undecided: tuple[Problem, ...] = ()
    requests: tuple[Request, ...] = ()


def rulings(assignment: Assignment) -> Rulings:
    """Return what people decided about an assignment.

    Raises
    ------
    CourseError
        If a file of theirs cannot be read.
    """
    return Rulings(assignment, requests(assignment), seconds(assignment), comments(assignment))


def settled(marks: Marks, rulings: Rulings) -> Settled:
    """Return a graded record with all that people decided about it."""
    own = tuple(each for each in rulings.requests if each.student == marks.student)
    undecided = list[Problem]()
    looks = list[Problem]()
    manual = list[ManualMark]()
    for mark in marks.manual:
        decided, differs = rulings.seconds.decided(marks.student, mark)
        if differs:
            undecided.append(Kind.GRADERS_DIFFER.of(mark.id))
        manual.append(replace(mark, decided=decided))
    changed = {each.question: each for each in own if each.points is not None}  # the last one
    versions = _versions(rulings.assignment, marks.student, changed)
    exercises = tuple(
        _regraded(each, changed.get(each.id), versions, looks) for each in marks.exercises
    )
    after = replace(
        marks,
        exercises=tuple(_commented(rulings, marks.student, each) for each in exercises),
        manual=tuple(_regraded(each, changed.get(each.id), versions, looks) for each in manual),
        problems=(*marks.problems, *looks),
    )
    regraded = {each.question for each in changed.values()}
    undecided = [each for each in undecided if each.question not in regraded]
    return Settled(after, tuple(undecided), own)


def _versions(assignment: Assignment, student: str, questions: Iterable[str]) -> dict[str, str]:
    wanted = list(questions)
    if not wanted:
        return {}
    try:
        submission = submission_of(assignment.folder, student)
    except CourseError:
        return dict.fromkeys(wanted, "")
    return {id: version_of_answer(submission, id) for id in wanted}


def _regraded(
    mark: Mark, request: Request | None, versions: dict[str, str], looks: list[Problem]
) -> Mark:
    """Return a mark with the points of a request, where they are about this answer."""
    if request is None or request.points is None:
        return mark
    number, given = request.number, shown_points(request.points)
    if versions[mark.id] != request.version:
        looks.append(Kind.DECIDED_ON_ANOTHER_ANSWER.of(mark.id, request=number, given=given))
        return mark
    if mark.computed != request.computed:
        now = "none" if mark.computed is None else shown_points(mark.computed)
        looks.append(Kind.DECIDED_ON_OTHER_POINTS.of(mark.id, now=now, request=number, given=given))
    return replace(mark, decided=request.points)


def _commented(rulings: Rulings, student: str, mark: ExerciseMark) -> ExerciseMark:
    """Return a mark with the comments on the groups that its answer belongs to."""
    about = [each for each in rulings.comments if each.question == mark.id and each.stands]
    if not about:
        return mark
    keys = keys_of(rulings.assignment, student, mark)
    said = [each.text for each in about if keys & set(each.keys)]
    return replace(mark, comment="\n\n".join(said)) if said else mark
