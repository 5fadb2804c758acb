"""Exercises that answer: ``exercise("softmax-of-a-batch").check(my_function)``."""

from __future__ import annotations

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


def _of(chapter: str) -> tuple[Exercise, ...]:
    """Return the exercises of a chapter's folder, in the order that it names them in."""
    folder = f"{__name__}.{chapter}"
    modules = (f"{folder}.{id.replace('-', '_')}" for id in import_module(folder).EXERCISES)
    return tuple(import_module(module).EXERCISE for module in modules)


CHAPTERS = {
    chapter: _of(chapter)
    for chapter in (  # in the book's order
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
    )
}


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
    known = {each.id: each for each in exercises()}
    if id not in known:
        raise KeyError(f"there is no exercise {id!r}; there are {', '.join(known)}")
    return Attempt(known[id])


def index() -> Passage:
    """Return a table of all exercises: chapter, title, kind, difficulty."""
    lines = ["| chapter | exercise | kind | difficulty |", "| --- | --- | --- | --- |"]
    for each in exercises():
        stars = "★" * each.difficulty
        link = f"[{each.title}]({each.chapter}.md#exercise-{each.id})"
        lines.append(f"| {each.chapter} | {link} | {each.kind} | {stars} {each.difficulty} of 3 |")
    return Passage("\n".join(lines))
