"""What the variants of an assignment ask: how many answers there are, and whether they are alike.

Equal difficulty is a judgement. The table ``variants.csv`` shows what it can rest on: the numbers,
how many of them are negative, how many decimals they have, and how far the nearest registered
mistake lies from the answer. An instructor strikes a variant by its name in ``assignment.toml``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from softmaxbook.checking import Exercise
from softmaxbook.checking.specification import name_of

from ..assignment import Assignment
from ..course import CourseError
from ..released import asked_by
from ..tables import guarded, write_table

HEAD = (
    *("exercise", "variant", "students", "question", "answer", "largest number"),
    *("negative numbers", "decimals", "nearest mistake", "distance to it"),
)

PLACES = ("asked", "hidden")  # what a question tells as a word, such as “second”


@dataclass(frozen=True)
class Variant:
    """A question as some students get it."""

    exercise: Exercise
    students: tuple[str, ...]

    @property
    def name(self) -> str:
        """Return the word by which it is struck."""
        return asked_by(self.exercise)

    @property
    def answer(self) -> str:
        """Return the right answer, to three digits of each number."""
        return _shown(self.exercise.solution(*self.exercise.given))

    @property
    def numbers(self) -> tuple[float, ...]:
        """Return all numbers that the question gives."""
        if self.exercise.form != "number":
            return ()
        given = zip(self.exercise.parameters, self.exercise.given, strict=True)
        return tuple(float(x) for name, each in given if name not in PLACES for x in np.ravel(each))

    @property
    def nearest(self) -> tuple[str, float]:
        """Return the registered mistake nearest to the answer, and how far off it is.

        The distance is relative: the largest difference of two entries by the largest entry.
        """
        exercise = self.exercise
        if exercise.form != "number":
            return "", np.inf
        with np.errstate(all="ignore"):
            right = np.ravel(np.asarray(exercise.solution(*exercise.given), dtype=float))
            size = float(np.max(np.abs(right))) or 1.0
            off = {
                name_of(each): float(np.max(np.abs(np.ravel(each(*exercise.given)) - right))) / size
                for each in exercise.mistakes
            }
        name = min(off, key=lambda each: np.nan_to_num(off[each], nan=np.inf))
        return name, off[name]


def variants(assignment: Assignment) -> Iterator[Variant]:
    """Yield the variants of each question that has any, with those who get it.

    Raises
    ------
    CourseError
        If the assignment has no variants, or no students.
    """
    if not assignment.variants or not assignment.students:
        raise CourseError(
            f"{assignment.folder / 'assignment.toml'} gives everybody the same: write variants = "
            "true there, and list the students in students.csv"
        )
    for chosen in assignment.exercises:
        asked: dict[str, tuple[Exercise, list[str]]] = {}
        for student in assignment.students:
            own = assignment.exercise_for(chosen.id, student.id)
            asked.setdefault(asked_by(own), (own, []))[1].append(student.id)
        if chosen.exercise.form != "function":
            yield from (Variant(own, tuple(students)) for own, students in asked.values())


def write(assignment: Assignment) -> Path:
    """Write the table of all variants: the most alike to a mistake first in each exercise."""
    order = [each.id for each in assignment.exercises]
    found = sorted(variants(assignment), key=lambda v: (order.index(v.exercise.id), v.nearest[1]))
    return write_table(assignment.folder / "variants.csv", HEAD, map(_row, found), for_people=True)


def counts(assignment: Assignment) -> list[str]:
    """Return how many questions and answers there are for each exercise, in words."""
    if not assignment.variants:
        return []
    found: dict[str, list[Variant]] = {}
    for each in variants(assignment):
        found.setdefault(each.exercise.id, []).append(each)
    lines = [_counted(id, own) for id, own in found.items()]
    same = [each.id for each in assignment.exercises if each.id not in found]
    return [*lines, f"the same for everybody: {', '.join(same)}"] if same else lines


def _counted(id: str, found: Sequence[Variant]) -> str:
    everybody = sum(len(each.students) for each in found)
    if found[0].exercise.form == "choice":
        return f"{id}: {len(found)} orders of its options for {everybody} students"
    answers: Counter[str] = Counter()
    for each in found:
        answers[each.answer] += len(each.students)
    ((answer, most),) = answers.most_common(1)
    return (
        f"{id}: {len(found)} questions with {len(answers)} answers for {everybody} students; "
        f"the most frequent, {answer}, for {most}"
    )


def _row(variant: Variant) -> list[str]:
    numbers = variant.numbers
    mistake, distance = variant.nearest
    question = " ".join(variant.exercise.text().split())
    return [
        variant.exercise.id,
        variant.name,
        guarded(" ".join(variant.students)),
        guarded(question),
        guarded(variant.answer),
        f"{max(map(abs, numbers)):g}" if numbers else "",
        str(sum(x < 0 for x in numbers)) if numbers else "",
        str(max(map(_decimals, numbers))) if numbers else "",
        mistake,
        f"{distance:.2f}" if numbers else "",
    ]


def _decimals(number: float) -> int:
    return len(f"{number:.6f}".rstrip("0").partition(".")[2])


def _shown(value: object) -> str:
    if isinstance(value, str):
        return value
    return ", ".join(f"{float(each):.3g}" for each in np.ravel(np.asarray(value)))
