"""Make what students get of an assignment, and see to it that it gives nothing away."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from softmaxbook.checking.soundness import unsound

from ..assignment import EVERYONE, Assignment
from ..course import CourseError, now, private_exercises, write_whole
from ..progress import progress
from ..released import MANUAL, Released, asked_by, hash_of_seed, remember
from .leaks import leaks, secrets
from .notebooks import notebook_text, page_text
from .package import wheel, wheel_name


def check(course: Path) -> dict[str, tuple[str, ...]]:
    """Return what is unsound about each of the course's own exercises."""
    own = private_exercises(course.resolve())
    return {id: unsound(each) for id, each in progress(own.items(), "checking exercises")}


def release(assignment: Assignment, package: bool = False) -> tuple[Path, ...]:
    """Write the hand-out, and return its files: notebooks, pages and, where asked for, a wheel.

    Private exercises have to be sound, and no notebook and no page may hold a line of a solution,
    a mistake, a hint, a probe or a rubric; otherwise nothing is written. The wheel shares lines
    with solutions, for it holds the book's functions; it has none of the exercises.

    Raises
    ------
    CourseError
        With what is wrong and where.
    """
    if not assignment.questions:
        raise CourseError(f"{assignment.folder / 'assignment.toml'} chooses no exercise: add one")
    if assignment.variants and not assignment.students:
        raise CourseError(
            "variants need the students' ids: "
            f"write {assignment.course / 'students.csv'} with the columns id,name,email"
        )
    _refuse_unsound(assignment)
    owners = [each.id for each in assignment.students] if assignment.variants else [EVERYONE]
    handed_out = _released(assignment, owners, package)
    assignment = replace(assignment, released=handed_out)
    files: dict[str, bytes] = {}
    for owner in progress(owners, "making notebooks"):
        own = _handout(assignment, owner)
        _refuse_leaks(assignment, owner, own)
        files |= own
    if package:
        files[wheel_name()] = wheel()
    written = _replace_folder(assignment.folder / "release", files)
    remember(assignment.folder, handed_out)
    return written


def _released(assignment: Assignment, owners: Iterable[str], package: bool) -> Released:
    asked = {}
    for owner in owners:
        numbers = {
            e.id: asked_by(assignment.exercise_for(e.id, owner)) for e in assignment.exercises
        }
        asked[owner] = numbers | {each.id: MANUAL for each in assignment.manual}
    when = now()
    return Released(when, hash_of_seed(assignment.seed), package, asked)


def _handout(assignment: Assignment, student: str) -> dict[str, bytes]:
    stem = f"{student}/{assignment.name}" if student else assignment.name
    return {
        f"{stem}.ipynb": notebook_text(assignment, student).encode(),
        f"{stem}.md": page_text(assignment, student).encode(),
    }


def _refuse_unsound(assignment: Assignment) -> None:
    own = private_exercises(assignment.course)
    for chosen in progress([c for c in assignment.exercises if c.id in own], "checking exercises"):
        for problem in unsound(chosen.exercise):
            raise CourseError(
                f"the private exercise {chosen.id!r} is not ready: {problem} "
                "(`softmaxbook assignment check` lists all that is to mend)"
            )


def hidden_lines(assignment: Assignment, student: str = EVERYONE) -> set[str]:
    """Return every line that the hand-out of `student` must not hold."""
    asked = [assignment.exercise_for(each.id, student) for each in assignment.exercises]
    rubrics = {criterion for each in assignment.manual for criterion, _ in each.rubric}
    return {line for each in asked for line in secrets(each)} | rubrics | {assignment.seed}


def shown_text(assignment: Assignment, student: str = EVERYONE) -> str:
    """Return what the questions show: statements, options, and the code to begin with."""
    asked = [assignment.exercise_for(each.id, student) for each in assignment.exercises]
    return "\n".join(f"{each.title}\n{each.prompt()}\n{each.text()}" for each in asked)


def _refuse_leaks(assignment: Assignment, student: str, files: Mapping[str, bytes]) -> None:
    hidden = hidden_lines(assignment, student)
    for name, lines in leaks(files, hidden, shown_text(assignment, student)).items():
        raise CourseError(
            f"nothing is released: {name} would hold “{min(lines)}”, "
            "which is of a solution, a mistake, a hint, a probe or a rubric; "
            "change the statement or the title that shows it"
        )


def _replace_folder(folder: Path, files: Mapping[str, bytes]) -> tuple[Path, ...]:
    """Write the files and remove what an earlier release left."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, data in files.items():
        write_whole(folder / name, data)
    return tuple(folder / name for name in files)
