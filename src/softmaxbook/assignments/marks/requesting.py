"""Take in requests to grade again, and decide them: whose mark it is, and how it stands today."""

from __future__ import annotations

from ..assignment import Assignment
from ..course import CourseError
from .gradebook import standings
from .records import ExerciseMark, ManualMark
from .regrades import Request, ask, decide, open_request, requests


def request(assignment: Assignment, student: str, question: str, reason: str) -> Request:
    """Record a request about a student's answer, with the mark as it stands, and return it.

    Raises
    ------
    CourseError
        If there is no such mark, no reason, or an open request about it.
    """
    return ask(assignment, student, _mark(assignment, student, question), reason)


def decided(
    assignment: Assignment, number: int, points: float | None, why: str, by: str
) -> Request:
    """Record what came of an open request, and return it; without points nothing changes.

    Raises
    ------
    CourseError
        If there is no such open request, or something of the decision is missing or cannot be.
    """
    about = open_request(assignment, number)
    mark = _mark(assignment, about.student, about.question)
    return decide(assignment, number, mark, points, why, by)


def listed(assignment: Assignment) -> str:
    """Return all requests in words, those that are open first."""
    found = sorted(requests(assignment), key=lambda each: (not each.is_open, each.number))
    if not found:
        return "nobody has asked yet: --student ID --question ID --reason “…” records a request"
    return "\n".join(map(str, found))


def _mark(assignment: Assignment, student: str, question: str) -> ExerciseMark | ManualMark:
    everyone = {each.student.id: each for each in standings(assignment)}
    if student not in everyone:
        raise CourseError(f"{student!r} is no student of {assignment.name}")
    marks = everyone[student].usable
    if marks is None:
        raise CourseError(f"{student} has no marks yet: {everyone[student].open[0]}")
    found = {each.id: each for each in marks.questions}
    if question not in found:
        raise CourseError(f"there is no question {question!r}; there are {', '.join(found)}")
    return found[question]
