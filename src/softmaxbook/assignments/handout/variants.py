"""What the variants of an assignment ask: how many answers there are, and whether they are alike.

Equal difficulty is a judgement. The table ``variants.csv`` shows what it can rest on: the numbers,
how many of them are negative, how many decimals they have, how far the nearest registered mistake
lies from the answer, and for how many students the answer would be right. An instructor strikes a
variant by its name in ``assignment.toml``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np

from softmaxbook.checking import Exercise
from softmaxbook.checking.near_misses import values_of
from softmaxbook.checking.specification import name_of

from ..assignment import Assignment
from ..course import CourseError
from ..released import asked_by
from ..tables import guarded, write_table
from ..wording import counted

HEAD = (
    *("exercise", "variant", "students", "question", "answer", "right for", "largest number"),
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
    rows = [
        _row(variant, number)
        for _, own in groupby(found, key=lambda v: v.exercise.id)
        for variant, number in _with_right_for(list(own))
    ]
    return write_table(assignment.folder / "variants.csv", HEAD, rows, for_people=True)


def _with_right_for(found: Sequence[Variant]) -> list[tuple[Variant, int | None]]:
    """Return the variants of an exercise, each with the number of students its answer is right for.

    It is None where the question has no one answer: a choice, or one that asks for an example.
    """
    exercise = found[0].exercise
    if exercise.form != "number" or not exercise.answered_in_place:
        return [(each, None) for each in found]
    answers = np.array([values_of(each.exercise, each.exercise.solution) for each in found])
    slack = np.array([v.exercise.allowed(a) for v, a in zip(found, answers, strict=True)])
    students = np.array([len(each.students) for each in found])
    numbers = []
    for answer in answers:
        with np.errstate(invalid="ignore"):
            same = (answers == answer) | (np.abs(answers - answer) <= slack)
        numbers.append(int(students[same.all(axis=1)].sum()))
    return list(zip(found, numbers, strict=True))


def counts(assignment: Assignment) -> list[str]:
    """Return how many questions and answers there are for each exercise, in words, and warnings."""
    if not assignment.variants:
        return []
    found: dict[str, list[Variant]] = {}
    for each in variants(assignment):
        found.setdefault(each.exercise.id, []).append(each)
    lines = [_counted(id, own) for id, own in found.items()]
    lines += [line for id, own in found.items() for line in _narrow(id, own)]
    same = [each.id for each in assignment.exercises if each.id not in found]
    return [*lines, f"the same for everybody: {', '.join(same)}"] if same else lines


def _counted(id: str, found: Sequence[Variant]) -> str:
    everybody = counted(sum(len(each.students) for each in found), "student")
    if found[0].exercise.form == "choice":
        return f"{id}: {counted(len(found), 'order')} of its options for {everybody}"
    answers: Counter[str] = Counter()
    for each in found:
        answers[each.answer] += len(each.students)
    ((answer, most),) = answers.most_common(1)
    frequent = f"the most frequent, {answer}, for {most}" if most > 1 else "no answer twice"
    return (
        f"{id}: {counted(len(found), 'question')} with {counted(len(answers), 'answer')} for "
        f"{everybody}; {frequent}"
    )


def _narrow(id: str, found: Sequence[Variant]) -> Iterator[str]:
    """Yield a warning if answers are right, within the tolerance, for other students too."""
    shared = [(each, number) for each, number in _with_right_for(found) if number and number > 1]
    if shared:
        everybody = sum(len(each.students) for each in found)
        many = sum(len(each.students) for each, _ in shared)
        most, number = max(shared, key=lambda pair: pair[1])
        yield (
            f"narrow: {id}: {many} of {everybody} students have an answer that is right for others "
            f"too, as {most.answer} is for {number}"
        )


def _row(variant: Variant, right_for: int | None) -> list[str]:
    numbers = variant.numbers
    mistake, distance = variant.nearest
    question = " ".join(variant.exercise.text().split())
    return [
        variant.exercise.id,
        variant.name,
        guarded(" ".join(variant.students)),
        guarded(question),
        guarded(variant.answer),
        "" if right_for is None else str(right_for),
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
