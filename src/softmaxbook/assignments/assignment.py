"""An assignment: which exercises, for how many points, until when.

It lives in ``<course>/<name>/assignment.toml``, which the instructor edits; :mod:`.settings` reads
and writes the file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from softmaxbook.checking import Aspect, Exercise

from .course import CourseError, Student, is_folder_name
from .released import Released, asked_by
from .shuffling import shuffled

DRAWS = 200  # of a question, where variants are struck
EVERYONE = ""  # stands for the student where all get the same numbers


@dataclass(frozen=True)
class Chosen:
    """An exercise of an assignment, with the points that each of its aspects earns here."""

    exercise: Exercise
    points: tuple[Aspect, ...]

    @property
    def id(self) -> str:
        """Return the exercise's id."""
        return self.exercise.id

    @property
    def total(self) -> float:
        """Return the points that a right answer earns."""
        return sum(aspect.points for aspect in self.points)

    @property
    def variable(self) -> str:
        """Return the name that an answer has to set.

        A function has its own name. A number or a choice is set as ``answer_<id>``, with
        underscores for hyphens: a notebook holds many questions, and each needs a name of its own.
        """
        if self.exercise.form == "function":
            return self.exercise.name
        return f"answer_{self.id.replace('-', '_')}"


@dataclass(frozen=True)
class ManualQuestion:
    """A question that a person marks, by a rubric: what earns how many points."""

    id: str
    title: str
    statement: str
    rubric: tuple[tuple[str, float], ...]

    @property
    def total(self) -> float:
        """Return the points that a full answer earns."""
        return sum(points for _, points in self.rubric)


@dataclass(frozen=True)
class Assignment:
    """A choice of exercises and manual questions, in a folder of its own.

    The seed is a secret of the instructor: the variants and the inputs that answers are tried on
    follow from it.
    """

    folder: Path
    title: str
    seed: str
    exercises: tuple[Chosen, ...]
    manual: tuple[ManualQuestion, ...] = ()
    due: datetime | None = None
    variants: bool = False
    students: tuple[Student, ...] = ()  # of the course
    released: Released | None = None  # what was handed out of it
    struck: Mapping[str, Sequence[str]] = field(default_factory=dict)  # variants not to be asked
    extensions: Mapping[str, datetime] = field(default_factory=dict)  # when due, by student

    def __post_init__(self) -> None:
        for problem in _problems(self):
            raise CourseError(f"{self.folder / 'assignment.toml'}: {problem}")

    @property
    def name(self) -> str:
        """Return the name of the folder, which is the assignment's."""
        return self.folder.name

    @property
    def package(self) -> bool:
        """Return whether students got this book's package, which answers may then use."""
        return self.released is not None and self.released.package

    @property
    def course(self) -> Path:
        """Return the folder of the course."""
        return self.folder.parent

    @property
    def questions(self) -> tuple[Chosen | ManualQuestion, ...]:
        """Return all questions in the order of the notebook."""
        return (*self.exercises, *self.manual)

    @property
    def total(self) -> float:
        """Return the points of a perfect hand-in."""
        return sum(each.total for each in self.questions)

    def chosen(self, id: str) -> Chosen:
        """Return the chosen exercise of that id."""
        for each in self.exercises:
            if each.id == id:
                return each
        raise KeyError(id)

    def due_for(self, student: str) -> datetime | None:
        """Return when it is due for a student, who may have more time than the others."""
        return self.extensions.get(student, self.due)

    def exercise_for(self, id: str, student: str = EVERYONE) -> Exercise:
        """Return an exercise as `student` gets it, with this assignment's points.

        The numbers of a question about numbers are never those of the book's page. Without
        `variants` everybody gets the same. What an instructor struck is drawn anew.
        """
        chosen = self.chosen(id)
        owner = student if self.variants else EVERYONE
        words = ("variant", owner, id)
        varied = self._varied(chosen.exercise, words)
        struck = self.struck.get(id, ())
        for again in range(1, DRAWS):
            if asked_by(varied) not in struck:
                return replace(varied, aspects=chosen.points)
            varied = self._varied(chosen.exercise, (*words, str(again)))
        raise CourseError(
            f"{self.folder / 'assignment.toml'}: nearly every variant of {id!r} is struck: "
            "leave some"
        )

    def _varied(self, exercise: Exercise, words: Sequence[str]) -> Exercise:
        seed = self.derived_seed(*words)
        if exercise.form == "choice" and self.variants:
            return shuffled(exercise, seed)
        return exercise.variant(seed)

    def derived_seed(self, *words: str) -> int:
        """Return a seed for one purpose: a keyed hash, the same under every Python.

        Examples
        --------
        >>> week = Assignment(Path("week1"), "Week 1", "a secret", ())
        >>> week.derived_seed("variant", "ada", "softmax-by-hand")
        5996939972097182890
        """
        key = hashlib.sha256(self.seed.encode()).digest()
        spoken = "\0".join(words).encode()
        digest = hashlib.blake2b(spoken, digest_size=8, key=key).digest()
        return int.from_bytes(digest, "big") >> 1


def _problems(assignment: Assignment) -> list[str]:
    """Return what an assignment cannot be, in words for the instructor."""
    found = []
    if not is_folder_name(assignment.name):
        found.append("the folder's name has to be of letters, digits, `-`, `_` and `.`")
    ids = [each.id for each in assignment.questions]
    found += [f"{id!r} stands there twice" for id in sorted({i for i in ids if ids.count(i) > 1})]
    names = [each.variable for each in assignment.exercises]
    for name in sorted({each for each in names if names.count(each) > 1}):
        twins = ", ".join(each.id for each in assignment.exercises if each.variable == name)
        found.append(f"{twins} all ask for `{name}`: one notebook can hold one of them")
    for each in assignment.exercises:
        known = {aspect.name for aspect in each.exercise.aspects}
        given = {aspect.name for aspect in each.points}
        if known != given:
            found.append(f"points of {each.id!r}: name the aspects {', '.join(sorted(known))}")
    return found
