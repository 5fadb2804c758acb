"""Marks in nbgrader's gradebook, so that its form grader does the manual questions; and back.

The gradebook is written through nbgrader's own API (:class:`nbgrader.api.Gradebook`). Each question
is a graded answer, as in the hand-out's metadata: a grade cell of its points with a solution cell,
which takes the comments. Exercises have an automatic score. Manual questions wait for a manual one,
and the form grader finds them by that.

The notebook beside the gradebook remembers what was known when it was exported
(:mod:`.formgrader`). What then differs in the gradebook was given in the form grader; so neither
side overwrites what was given later on the other.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from ..assignment import Assignment
from ..course import CourseError, Student, write_whole
from ..handout.notebooks import notebook_text
from ..marks.gradebook import Passed, Standing
from ..marks.records import ManualMark, Marks, mark_of, version_of
from ..marks.settling import rulings, settled
from ..progress import progress
from ..wording import counted
from .formgrader import Known, comment_of, folder_of, known_of, remember, write_notebook

CONFIG = """\
# A course of nbgrader: start `jupyter lab` in this folder and open “Formgrader”.
c = get_config()
c.CourseDirectory.root = {root!r}
"""


def to_nbgrader(assignment: Assignment, everyone: Sequence[Standing]) -> Passed:
    """Write all marks into the gradebook, and tell what was left alone.

    Raises
    ------
    CourseError
        If nbgrader is not installed, or the gradebook is of another choice of questions.
    """
    folder = folder_of(assignment)
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / "nbgrader_config.py", CONFIG.format(root=str(folder)))
    source = folder / "source" / assignment.name / f"{assignment.name}.ipynb"
    write_whole(source, notebook_text(assignment))
    notes: list[str] = []
    with closing(_gradebook(assignment)) as book:
        _write_cells(assignment, book)
        book.db().expire_on_commit = False  # or the sums of the class are read for each student
        outdated = {each.student.id for each in book.assignment_submissions(assignment.name)}
        for each in progress(everyone, "writing the gradebook"):
            if each.usable is not None:
                notes += _write_student(assignment, book, each, each.usable)
                outdated.discard(each.student.id)
        notes += [
            f"{id}: the gradebook still has the points of an earlier export: "
            "grade, and export again"
            for id in sorted(outdated)
        ]
    if any(each.usable and each.open for each in everyone):
        notes.append("the gradebook has what is known of them; nbgrader counts what is open as 0")
    return Passed(folder / "gradebook.db", notes)


@dataclass(frozen=True)
class TakenBack:
    """What the form grader gave, and what is then known of both sides, by student."""

    notes: tuple[str, ...]
    _known: Mapping[str, Known]

    def remember(self, assignment: Assignment) -> None:
        """Store what both sides know: once the records are written, or points would be lost."""
        for student, known in self._known.items():
            remember(assignment, student, known)


def take_back(assignment: Assignment, records: MutableMapping[str, Marks]) -> TakenBack:
    """Put into the records what was given in the form grader since the export, and tell the rest.

    Raises
    ------
    CourseError
        If there was no export.
    """
    if not (folder_of(assignment) / "gradebook.db").is_file():
        raise CourseError(
            f"there is no gradebook of nbgrader yet: "
            f"softmaxbook assignment export {assignment.name} --format nbgrader"
        )
    notes: list[str] = []
    both: dict[str, Known] = {}
    taken, decided = 0, rulings(assignment)
    with closing(_gradebook(assignment)) as book:
        for student in progress(sorted(records), "reading the gradebook"):
            known = known_of(assignment, student)
            for id, before in known.items():
                mark = mark_of(records[student], id)
                grade, comment = _cells(assignment, book, student, id)
                if mark is None or not _touched(grade, comment, before):
                    continue
                if before["version"] != version_of(mark):
                    notes.append(f"{student}: {id}: the answer changed after the export: mark it")
                    continue
                words = comment.manual_comment or ""
                score = None if grade.needs_manual_grade else grade.score
                after = replace(mark, comment=words)
                if grade.needs_manual_grade or not _same_points(grade, before):
                    given = mark.given if score == mark.points else ()
                    after = replace(after, given=given, whole=None if given else score)
                records[student] = records[student].with_manual(after)
                known[id] = _state(after, grade)
                taken += 1
            if known:
                both[student] = known
            notes += _overruled(assignment, book, student, settled(records[student], decided).marks)
    return TakenBack((f"{counted(taken, 'answer')} taken from the form grader", *notes), both)


# ── the gradebook ────────────────────────────────────────────────────────────────────────────


def _gradebook(assignment: Assignment) -> Any:
    try:
        from nbgrader.api import Gradebook
    except ModuleNotFoundError:
        raise CourseError("this needs nbgrader: pip install nbgrader==0.9.6") from None
    with _own_programs():
        return Gradebook(f"sqlite:///{folder_of(assignment) / 'gradebook.db'}")


@contextmanager
def _own_programs() -> Iterator[None]:
    """Let nbgrader find `alembic`, which it starts by name, where no environment is activated."""
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join((before, str(Path(sys.executable).parent)))
    try:
        yield
    finally:
        os.environ["PATH"] = before


def _write_cells(assignment: Assignment, book: Any) -> None:
    """Write the assignment, its notebook and a graded cell for each question."""
    name = assignment.name
    book.update_or_create_assignment(name, duedate=assignment.due)
    notebook = book.update_or_create_notebook(name, name)
    manual = {each.id for each in assignment.manual}
    ids = {each.id for each in assignment.questions}
    there = {each.name for each in notebook.grade_cells}
    if there and there != ids:
        raise CourseError(
            f"{folder_of(assignment)} is of another choice of questions; take back what was given "
            f"there (softmaxbook assignment mark {name} --from-nbgrader), then remove that folder"
        )
    for each in assignment.questions:
        kind = "markdown" if each.id in manual else "code"
        book.update_or_create_grade_cell(each.id, name, name, max_score=each.total, cell_type=kind)
        book.update_or_create_solution_cell(each.id, name, name)


def _write_student(
    assignment: Assignment, book: Any, standing: Standing, marks: Marks
) -> list[str]:
    student = standing.student
    book.update_or_create_student(student.id, **_names(student))
    received = datetime.fromisoformat(marks.received) if marks.received else None
    with book.db.no_autoflush:  # half a submission is nothing to write yet
        submission = book.update_or_create_submission(
            assignment.name, student.id, timestamp=received
        )
    (notebook,) = submission.notebooks
    notebook.flagged = bool(standing.to_look_at)  # nbgrader's word for: look at this one
    grades = {each.name: each for each in notebook.grades}
    comments = {each.name: each for each in notebook.comments}
    for mark in marks.exercises:
        grades[mark.id].auto_score = mark.points
        grades[mark.id].needs_manual_grade = False
        comments[mark.id].auto_comment = comment_of(mark)
    known, notes, before = {}, [], known_of(assignment, student.id)
    for each in marks.manual:
        grade, comment = grades[each.id], comments[each.id]
        earlier = before.get(each.id)
        if earlier is not None and _touched(grade, comment, earlier):
            if earlier["version"] == version_of(each):
                known[each.id] = earlier
                notes.append(
                    f"{student.id}: {each.id}: what the form grader gave is kept there; take it "
                    f"back with `softmaxbook assignment mark {assignment.name} --from-nbgrader`"
                )
                continue
            notes.append(f"{student.id}: {each.id}: its answer changed after it was marked there")
        grade.auto_score, grade.manual_score, grade.extra_credit = None, each.points, None
        grade.needs_manual_grade = each.points is None
        comment.manual_comment = each.comment or None
        known[each.id] = _state(each, grade)
    book.db.commit()
    write_notebook(assignment, marks, known)
    return notes


def _names(student: Student) -> dict[str, str]:
    """Return the arguments for nbgrader's student: a name's last word is the last name."""
    if "," in student.name:
        last, _, first = student.name.partition(",")
    else:
        first, _, last = student.name.rpartition(" ")
    given = {"first_name": first.strip(), "last_name": last.strip(), "email": student.email}
    return {key: value for key, value in given.items() if value}


def _cells(assignment: Assignment, book: Any, student: str, id: str) -> tuple[Any, Any]:
    name = assignment.name
    return book.find_grade(id, name, name, student), book.find_comment(id, name, name, student)


def _overruled(assignment: Assignment, book: Any, student: str, marks: Marks) -> list[str]:
    """Return where the form grader changed an exercise: that stays in nbgrader, and is told."""
    from nbgrader.api import MissingEntry

    try:
        submission = book.find_submission(assignment.name, student)
    except MissingEntry:
        return []
    own = {each.id: each.points for each in marks.exercises}
    return [
        f"{student}: {grade.name}: the form grader gave {grade.score:g} for {own[grade.name]:g}; "
        "only manual questions are taken back"
        for grade in submission.notebooks[0].grades
        if grade.name in own and grade.score != own[grade.name]
    ]


def _state(mark: ManualMark, grade: Any) -> dict[str, Any]:
    given = {"points": grade.manual_score, "extra": grade.extra_credit or 0.0}
    return {"version": version_of(mark), "comment": mark.comment, **given}


def _same_points(grade: Any, before: dict[str, Any]) -> bool:
    now = (grade.manual_score, grade.extra_credit or 0.0)
    return now == (before["points"], before["extra"])


def _touched(grade: Any, comment: Any, before: dict[str, Any]) -> bool:
    return not _same_points(grade, before) or (comment.manual_comment or "") != before["comment"]
