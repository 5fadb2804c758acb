"""Make an assignment, and what students get of it."""

from __future__ import annotations

import secrets as random
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from softmaxbook.checking import Exercise
from softmaxbook.checking.soundness import unsound
from softmaxbook.exercises import CHAPTERS

from ..assignment import EVERYONE, Assignment, Chosen
from ..course import (
    CourseError,
    is_folder_name,
    known_exercises,
    private_exercises,
    require_known,
    write_whole,
)
from ..progress import progress
from .leaks import leaks, secrets
from .notebooks import notebook_text, page_text
from .package import wheel, wheel_name


def new(course: Path, name: str, ids: Iterable[str] = (), chapter: str | None = None) -> Assignment:
    """Return a new assignment with exercises by id, by chapter or both, written to its folder.

    Raises
    ------
    CourseError
        If the folder holds an assignment, or a name is not known.
    """
    if not is_folder_name(name):
        raise CourseError(f"{name!r} cannot name an assignment: use letters, digits, `-` and `_`")
    folder = course.resolve() / name
    if (folder / "assignment.toml").exists():
        raise CourseError(f"{folder} holds an assignment: edit it, or take another name")
    known = known_exercises(course.resolve())
    wanted = list(dict.fromkeys([*_of_chapter(known, chapter), *ids]))
    for id in wanted:
        require_known(id, known)
    if not wanted:
        raise CourseError("no exercise is chosen: name some by id, or a chapter with --chapter")
    chosen = tuple(Chosen(known[id], known[id].aspects) for id in wanted)
    title = name.replace("-", " ").replace("_", " ").capitalize()
    made = Assignment(folder, title, seed=random.token_hex(16), exercises=chosen)
    made.save()
    return made


def _of_chapter(known: Mapping[str, Exercise], chapter: str | None) -> list[str]:
    if chapter is None:
        return []
    found = [id for id, each in known.items() if each.chapter == chapter]
    if not found:
        chapters = dict.fromkeys([*CHAPTERS, *(each.chapter for each in known.values())])
        raise CourseError(f"there is no chapter {chapter!r}; there are {', '.join(chapters)}")
    return found


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
    files: dict[str, bytes] = {}
    for owner in progress(owners, "making notebooks"):
        own = _handout(assignment, owner)
        _refuse_leaks(assignment, owner, own)
        files |= own
    if package:
        files[wheel_name()] = wheel()
    return _replace_folder(assignment.folder / "release", files)


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
