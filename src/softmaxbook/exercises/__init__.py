"""Exercises that answer: ``exercise("softmax-of-a-batch").check(my_function)``."""

from __future__ import annotations

from functools import cache

from softmaxbook.checking.attempts import Attempt, Passage
from softmaxbook.checking.judging import Status
from softmaxbook.checking.questions import question_data
from softmaxbook.checking.specification import Aspect, Exercise, Probe, probe
from softmaxbook.checking.verdicts import Verdict

from . import derivatives as derivatives
from . import finetuning as finetuning
from . import heads as heads
from . import losses as losses
from . import networks as networks
from . import overflow as overflow
from . import probabilities as probabilities
from . import regression as regression
from . import remedies as remedies
from . import sharing as sharing
from . import transfer as transfer

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

# The chapters in the book's order; each module's EXERCISES run from easy to hard.
CHAPTERS = {
    "probabilities": probabilities.EXERCISES,
    "derivatives": derivatives.EXERCISES,
    "overflow": overflow.EXERCISES,
    "losses": losses.EXERCISES,
    "regression": regression.EXERCISES,
    "networks": networks.EXERCISES,
    "remedies": remedies.EXERCISES,
    "transfer": transfer.EXERCISES,
    "heads": heads.EXERCISES,
    "finetuning": finetuning.EXERCISES,
    "sharing": sharing.EXERCISES,
}


def exercises(
    chapter: str | None = None, kind: str | None = None, difficulty: int | None = None
) -> tuple[Exercise, ...]:
    """Return the exercises in the book's order: all, or those of a chapter, kind, difficulty."""
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
