"""Exercises that answer: ``exercise("softmax-of-a-batch").check(my_function)``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module

from softmaxbook.checking.attempts import Attempt, Passage
from softmaxbook.checking.judging import Status
from softmaxbook.checking.questions import question_data
from softmaxbook.checking.specification import Aspect, Exercise, Probe, probe
from softmaxbook.checking.verdicts import Verdict

__all__ = [
    "CHAPTERS",
    "Aspect",
    "Attempt",
    "Exercise",
    "Passage",
    "Probe",
    "Status",
    "Verdict",
    "exercise",
    "exercises",
    "index",
    "probe",
    "question_data",
]


class _Chapters(Mapping[str, tuple[Exercise, ...]]):
    """The exercises of each chapter, in the book's order; a module is loaded when it is needed."""

    def __init__(self, *names: str) -> None:
        self._names = names

    def __getitem__(self, chapter: str) -> tuple[Exercise, ...]:
        return tuple(self.load(chapter, id) for id in self.ids(chapter))

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def ids(self, chapter: str) -> tuple[str, ...]:
        """Return the ids that a chapter's folder names, in the order that it names them in."""
        if chapter not in self._names:
            raise KeyError(chapter)
        named: tuple[str, ...] = import_module(f"{__name__}.{chapter}").EXERCISES
        return named

    def load(self, chapter: str, id: str) -> Exercise:
        """Return an exercise, from the module of its name."""
        found: Exercise = import_module(f"{__name__}.{chapter}.{id.replace('-', '_')}").EXERCISE
        return found


CHAPTERS = _Chapters(
    "probabilities",
    "derivatives",
    "overflow",
    "losses",
    "regression",
    "networks",
    "remedies",
    "calibration",
    "relatives",
    "machines",
    "choices",
    "language",
    "attention",
    "transfer",
    "heads",
    "finetuning",
    "sharing",
    "ensembles",
    "fewshot",
    "membership",
    "outlook",
)


def exercises(
    chapter: str | None = None, kind: str | None = None, difficulty: int | None = None
) -> tuple[Exercise, ...]:
    """Return the exercises in the book's order: all, or those of a chapter, kind, difficulty.

    Used on the page *exercises*.
    """
    return tuple(
        each
        for name, own in CHAPTERS.items()
        for each in own
        if chapter in (None, name)
        and kind in (None, each.kind)
        and difficulty in (None, each.difficulty)
    )


@cache
def exercise(id: str) -> Attempt:
    """Return the exercise of that id, ready to be read, checked and hinted at.

    The same object comes back each time, so its hints go on where they were.

    Raises
    ------
    KeyError
        With the ids that exist, if there is no such exercise.

    Examples
    --------
    >>> exercise("softmax-of-one-vector").check(lambda logits: logits).status.value
    'not yet'

    Used on the page *exercises*.
    """
    known = {id: chapter for chapter in CHAPTERS for id in CHAPTERS.ids(chapter)}
    if id not in known:
        raise KeyError(f"there is no exercise {id!r}; there are {', '.join(known)}")
    return Attempt(CHAPTERS.load(known[id], id))


def index() -> Passage:
    """Return a table of all exercises: chapter, title, kind, difficulty."""
    lines = ["| chapter | exercise | kind | difficulty |", "| --- | --- | --- | --- |"]
    for each in exercises():
        stars = "★" * each.difficulty
        link = f"[{each.title}]({each.chapter}.md#exercise-{each.id})"
        lines.append(f"| {each.chapter} | {link} | {each.kind} | {stars} {each.difficulty} of 3 |")
    return Passage("\n".join(lines))
