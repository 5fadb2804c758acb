"""Whether a student is asked today what was handed out: else no mark, and no silent zero."""

from __future__ import annotations

from ..assignment import EVERYONE, Assignment
from ..course import CourseError
from ..released import asked_by, hash_of_seed
from ..submissions.problems import Kind, Problem
from ..submissions.submission import Submission


def refuse_another_seed(assignment: Assignment) -> None:
    """Raise CourseError where the seed is not that of the release and numbers follow from it."""
    known = assignment.released
    if known is None or known.seed == hash_of_seed(assignment.seed):
        return
    if assignment.variants or any(e.exercise.form == "number" for e in assignment.exercises):
        raise CourseError(
            f"the seed in {assignment.folder / 'assignment.toml'} is not that of the release of "
            f"{known.day}, so the students' numbers are not those of today: put it back, or "
            f"release again if nobody has the hand-out yet"
        )


def unlike_released(assignment: Assignment, submission: Submission) -> tuple[Problem, ...]:
    """Return the questions that this student was not asked as grading takes them."""
    uncollected = tuple(
        Kind.NOT_ASKED_THEN.of(each.id)
        for each in assignment.questions
        if each.id not in submission.answers
    )
    known = assignment.released
    if known is None:
        return uncollected
    owner = submission.numbers_of if assignment.variants else EVERYONE
    asked = known.asked.get(owner)
    if asked is None:
        return (*uncollected, Kind.RELEASED_TO_NOBODY.of(student=submission.student))
    missing = [each.id for each in assignment.questions if each.id not in asked]
    other = [
        each.id
        for each in assignment.exercises
        if each.id in asked and asked[each.id] != asked_by(assignment.exercise_for(each.id, owner))
    ]
    return (
        *(each for each in uncollected if each.question not in missing),
        *(Kind.NOT_RELEASED.of(id, day=known.day) for id in missing),
        *(Kind.OTHER_QUESTION.of(id, day=known.day) for id in other),
    )
