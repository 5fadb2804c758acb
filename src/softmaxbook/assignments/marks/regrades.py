"""Requests to grade an answer again: why, what the mark was, and what came of it.

They stand in ``regrades.json`` of an assignment, apart from the records of marks: grading writes
those anew and never touches this file. What was decided counts from then on (:mod:`.settling`), and
nothing in the file is ever taken away: whoever doubts a decision records another request.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from ..assignment import Assignment
from ..course import CourseError, member_name, now
from ..submissions.submission import Submission, submission_of
from ..wording import counted
from ..wording import points as shown_points
from .history import keep, kept
from .records import ExerciseMark, ManualMark


@dataclass(frozen=True)
class Request:
    """A request of one student about one question; `decided_on` is empty while it is open.

    `before` is the whole mark as it stood when the request came, and `version` a hash of the answer
    that it was about. A decision that changes points names them; `computed` are those that grading
    or marking had given at that moment.
    """

    number: int
    student: str
    question: str
    reason: str
    received: str  # ISO 8601, as all times here
    points_before: float | None
    version: str
    before: Mapping[str, Any] = field(default_factory=dict)
    points: float | None = None
    computed: float | None = None
    why: str = ""
    by: str = ""
    decided_on: str = ""

    @property
    def is_open(self) -> bool:
        """Return whether nobody has decided yet."""
        return not self.decided_on

    @property
    def outcome(self) -> str:
        """Return what came of it, in words."""
        if self.is_open:
            return "open"
        if self.points is None:
            return "not changed"
        before = "none" if self.points_before is None else shown_points(self.points_before)
        return f"changed from {before} to {counted(self.points, 'point')}"

    def __str__(self) -> str:
        """Return the request in one line."""
        head = f"{self.number}. {self.student}, {self.question} ({self.received[:10]})"
        line = f"{head}: {self.outcome}: “{self.reason}”"
        return line if self.is_open else f"{line}; {self.by}, {self.decided_on[:10]}: “{self.why}”"


def regrades_path(assignment: Assignment) -> Path:
    """Return where the requests are."""
    return assignment.folder / "regrades.json"


def requests(assignment: Assignment) -> tuple[Request, ...]:
    """Return all requests in the order in which they came.

    Raises
    ------
    CourseError
        If the file is none that this module wrote: it is history, so nothing is made up for it.
    """
    return kept(
        regrades_path(assignment), lambda stored: tuple(Request(**each) for each in stored), ()
    )


def ask(
    assignment: Assignment, student: str, mark: ExerciseMark | ManualMark, reason: str
) -> Request:
    """Record a request with the mark as it stands, and return it.

    Raises
    ------
    CourseError
        If there is no reason, or this answer has an open request.
    """
    known = requests(assignment)
    if not reason.strip():
        raise CourseError("say why: --reason, in the student's words")
    for each in known:
        if each.is_open and (each.student, each.question) == (student, mark.id):
            raise CourseError(f"request {each.number} is about the same answer, and still open")
    submission = submission_of(assignment.folder, student)
    made = Request(
        len(known) + 1,
        student,
        mark.id,
        " ".join(reason.split()),
        now(),
        mark.points,
        version_of_answer(submission, mark.id),
        json.loads(json.dumps(asdict(mark), default=member_name)),
    )
    _write(assignment, (*known, made))
    return made


def decide(
    assignment: Assignment,
    number: int,
    mark: ExerciseMark | ManualMark,
    points: float | None,
    why: str,
    by: str,
) -> Request:
    """Record what came of a request, and return it; `points` is None where nothing changes.

    Raises
    ------
    CourseError
        If there is no such request, it is decided, or something of the decision is missing.
    """
    request = open_request(assignment, number)
    if not why.strip() or not by.strip():
        raise CourseError("say why, in words for the student, and who decides: --why and --by")
    if points is not None and not 0 <= points <= mark.of:
        raise CourseError(
            f"{mark.id} has {counted(mark.of, 'point')}: {shown_points(points)} is not from 0 to "
            f"{shown_points(mark.of)}"
        )
    submission = submission_of(assignment.folder, request.student)
    after = replace(
        request,
        points=points,
        computed=mark.computed,
        version=version_of_answer(submission, request.question),
        why=" ".join(why.split()),
        by=" ".join(by.split()),
        decided_on=now(),
    )
    _write(
        assignment,
        tuple(after if each.number == number else each for each in requests(assignment)),
    )
    return after


def open_request(assignment: Assignment, number: int) -> Request:
    """Return the open request of a number, or raise CourseError."""
    found = {each.number: each for each in requests(assignment)}
    if number not in found:
        raise CourseError(f"there is no request {number}; there are {len(found)}")
    if not found[number].is_open:
        raise CourseError(
            f"request {number} is decided, and stays as it is: record another one to change it"
        )
    return found[number]


def version_of_answer(submission: Submission, id: str) -> str:
    """Return a hash of all that an answer is made of: the same program is the same answer."""
    answer = submission.answers.get(id)
    said: object = None
    if answer is not None:
        said = answer.source if answer.kind == "text" else submission.program(id)
    return "a" + hashlib.sha256(repr(said).encode("utf-8", "backslashreplace")).hexdigest()[:16]


def _write(assignment: Assignment, all: tuple[Request, ...]) -> None:
    keep(regrades_path(assignment), [asdict(each) for each in all])
