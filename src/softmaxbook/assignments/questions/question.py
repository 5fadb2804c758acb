"""A question as data for any system: what is asked, which answers are right, and which mistakes.

Answers are tried in their order, the right one first, and the first that matches decides, as the
checker does; `tests/assignments/test_questions.py` holds that the two agree.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from itertools import count, islice, product
from typing import Any

import numpy as np

from softmaxbook.checking import Exercise, question_data

from ..course import CourseError, folder_name

TRIES = 40  # draws for each variant that is wanted; a question with few numbers has few variants


@dataclass(frozen=True)
class Range:
    """The numbers from `value - tolerance` to `value + tolerance`."""

    value: float
    tolerance: float

    @property
    def low(self) -> float:
        """Return the smallest number."""
        return self.value - self.tolerance

    @property
    def high(self) -> float:
        """Return the largest number."""
        return self.value + self.tolerance


@dataclass(frozen=True)
class Answer:
    """What is typed by whoever is right, or makes one mistake: one of the ranges in each field."""

    right: bool
    fields: tuple[tuple[Range, ...], ...]
    hint: str = ""


@dataclass(frozen=True)
class Option:
    """What can be chosen."""

    letter: str
    text: str
    right: bool
    hint: str = ""


@dataclass(frozen=True)
class Question:
    """A question with its numbers; texts are Markdown.

    `options` are those of a choice, `answers` those of a number; `shown` is the right number as it
    is told, one a field, and `otherwise` what to tell whoever gives none of the answers.
    `explanation` is empty where the solution is not to be told.
    """

    exercise: str
    number: int
    title: str
    chapter: str
    points: float
    prompt: str
    hints: tuple[str, ...]
    options: tuple[Option, ...] = ()
    labels: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()
    shown: tuple[str, ...] = ()
    otherwise: str = ""
    explanation: str = ""

    @property
    def crowded(self) -> str:
        """Return why a system with one field a question cannot carry it, or an empty text."""
        return "it asks for several numbers at once" if len(self.labels) > 1 else ""

    @property
    def pictured(self) -> str:
        """Return why a system without files cannot carry it, or an empty text."""
        texts = (
            self.prompt,
            self.otherwise,
            self.explanation,
            *(text for each in self.options for text in (each.text, each.hint)),
            *(each.hint for each in self.answers),
        )
        return "it has a picture" if any("![" in text for text in texts) else ""

    @property
    def id(self) -> str:
        """Return a name of its own: the same numbers have the same, whichever variant they are.

        So an import takes the place of an earlier one where a system goes by names, and other
        numbers stand beside them.
        """
        return f"{self.exercise}-{blake2b(self.prompt.encode(), digest_size=4).hexdigest()}"

    @property
    def part(self) -> str:
        """Return the chapter as a name in a file: an instructor's own may have any words."""
        return folder_name(self.chapter)

    @property
    def name(self) -> str:
        """Return the title, and which of the variants it is."""
        return self.title if not self.number else f"{self.title} ({self.number})"


def variants(exercise: Exercise, number: int, seeds: Iterator[int]) -> list[Exercise]:
    """Return an exercise with `number` sets of numbers, or with as many as there are.

    The numbers of the book's page are not among them: its readers have their solution. What has
    no other numbers is returned as it is.

    Raises
    ------
    CourseError
        If no numbers tell the mistakes of the exercise apart.
    """
    told = {exercise.prompt()}
    found: list[Exercise] = []
    for seed in islice(seeds, TRIES * number):
        try:
            other = exercise.variant(seed)
        except ValueError as error:  # of an exercise that is not sound
            raise CourseError(str(error)) from error
        if other is exercise or len(found) == number:
            break
        if other.prompt() not in told:
            told.add(other.prompt())
            found.append(other)
    return found or [exercise]


def question_of(exercise: Exercise, number: int = 0, explained: bool = False) -> Question:
    """Return a question about a number or a choice.

    Parameters
    ----------
    exercise : Exercise
    number : int
        Which of its variants it is; 0 where there are none.
    explained : bool
        Whether it tells its solution.

    Raises
    ------
    CourseError
        If only a notebook can check its answer, or it is no finite number.

    Examples
    --------
    >>> from softmaxbook.exercises import exercise
    >>> asked = question_of(exercise("softmax-by-hand").exercise)
    >>> asked.shown, [answer.right for answer in asked.answers][:3]
    (('0.259',), [True, False, False])
    """
    data = question_data(exercise, solutions=True)
    common = {
        "exercise": exercise.id,
        "number": number,
        "title": exercise.title,
        "chapter": exercise.chapter,
        "points": data["points"],
        "prompt": data["prompt"],
        "hints": tuple(data["hints"]),
        "explanation": data["solution"] if explained else "",
    }
    if data["form"] == "choice":
        return Question(**common, options=_options(data))
    if data["form"] == "number":
        right = data["accepted"]
        if not all(math.isfinite(each) for each in right["values"]):
            raise CourseError("its answer is no finite number")
        answers = [_answer(True, right, data), *_mistakes(data)]
        pairs = zip(right["values"], right["tolerances"], strict=True)
        return Question(
            **common,
            labels=tuple(data["labels"]),
            answers=tuple(answers),
            shown=tuple(_shown(*pair, exercise.digits) for pair in pairs),
            otherwise=data["nudge"],
        )
    raise CourseError("only a notebook can check an answer to it")


def _options(data: dict[str, Any]) -> tuple[Option, ...]:
    """Return the options; of two mistakes with one letter the first is told, as by the checker."""
    hints = {each["letter"]: each["hint"] for each in reversed(data["mistakes"])}
    right = data["accepted"]["letter"]
    return tuple(
        Option(each["letter"], each["text"], each["letter"] == right, hints.get(each["letter"], ""))
        for each in data["options"]
    )


def _mistakes(data: dict[str, Any]) -> Iterator[Answer]:
    """Yield the mistakes that end in numbers; nobody can type the others."""
    for each in data["mistakes"]:
        if all(math.isfinite(value) for value in each["values"]):
            yield _answer(False, each, data)


def _answer(right: bool, met: dict[str, Any], data: dict[str, Any]) -> Answer:
    pairs = zip(met["values"], met["tolerances"], strict=True)
    fields = tuple(tuple(_ranges(*pair, data["percent"])) for pair in pairs)
    return Answer(right, fields, met.get("hint", ""))


def _ranges(value: float, tolerance: float, percent: bool) -> Iterator[Range]:
    """Yield the numbers that are read as `value`: of a probability, its per cent from 1 on, too."""
    yield Range(value, tolerance)
    low, high = max(100 * (value - tolerance), 1.0), min(100 * (value + tolerance), 100.0)
    if percent and low < high:
        yield Range((low + high) / 2, (high - low) / 2)


def _shown(value: float, tolerance: float, digits: int) -> str:
    """Return a right number as it is told: with the digits asked for, or few, within the tolerance.

    Examples
    --------
    >>> _shown(0.2594964603424191, 0.00055, 3), _shown(41806.0, 0.4, 0)
    ('0.259', '41806')
    """
    enough = tolerance if digits else tolerance / 2
    for precision in count(max(digits, 1)):
        text = plain(float(f"{value:.{precision}g}"))
        if abs(float(text) - value) <= enough:
            return text
    raise AssertionError  # `count` does not end


def plain(value: float) -> str:
    """Return all digits of a number, without an exponent: what every system reads.

    Examples
    --------
    >>> plain(5.5e-05), plain(20000.0)
    ('0.000055', '20000')
    """
    return np.format_float_positional(value, trim="-")


def combinations(answer: Answer) -> Iterator[tuple[Range, ...]]:
    """Yield each way to fill in the fields of an answer."""
    yield from product(*answer.fields)
