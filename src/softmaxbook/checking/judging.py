"""Compare what an answer did with what it should do. Pure: plain outcomes in, a judgement out.

A grader calls `judge` outside the process in which the answer ran.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np

from .comparison import agreements, expectations
from .diagnosis import diagnosis, first_aspect
from .outcomes import Outcome
from .specification import Exercise, Probe, can_surround

Mistake = Callable[..., Any]


class Status(Enum):
    """What a verdict says."""

    CORRECT = "correct"
    NOT_ATTEMPTED = "not attempted"
    MISTAKE = "a known mistake"
    WRONG = "not yet"
    BROKEN = "it does not run"
    ENDLESS = "it does not end"
    CARELESS = "right, with a side effect"
    UNREADABLE = "not understood"


@dataclass(frozen=True)
class Judgement:
    """All that comparing has found: `messages` makes a verdict of it."""

    status: Status
    passed: tuple[bool, ...] = ()
    expected: tuple[Outcome, ...] = ()  # what the solution does, one a probe
    mistakes: tuple[Mistake, ...] = ()  # the one that behaves identically, or two made together
    near: Mistake | None = None  # the only one that agrees where the answer is wrong
    single: bool = False  # right to single precision
    diagnosis: str = ""  # why it is wrong, in a sentence, where no mistake tells it

    @property
    def first_failure(self) -> int | None:
        """Return the position of the first probe that failed."""
        return self.passed.index(False) if False in self.passed else None


def judge(exercise: Exercise, probes: Sequence[Probe], outcomes: Sequence[Outcome]) -> Judgement:
    """Return the judgement on the outcomes of an answer, one a probe."""
    if not all(outcome.ended for outcome in outcomes) or len(outcomes) < len(probes):
        return Judgement(Status.ENDLESS)
    if all(_is_placeholder(outcome) for outcome in outcomes):
        return Judgement(Status.NOT_ATTEMPTED)
    right = tuple(expectations(exercise, exercise.solution, probes))
    passed = agreements(exercise, probes, right, outcomes)
    if all(passed):
        return Judgement(_tidy(outcomes), passed, right)
    again = agreements(exercise, probes, right, outcomes, float(np.finfo(np.float32).eps))
    if all(again) and not exercise.exact:  # float32 inside, Python's floats returned
        return Judgement(_tidy(outcomes), again, right, single=True)
    for mistakes, behaviour in _behaviours(exercise, probes):
        if all(agreements(exercise, probes, behaviour, outcomes, mistaken=True)):
            return Judgement(Status.MISTAKE, passed, right, mistakes)
    status = Status.WRONG if any(each.how == "value" for each in outcomes) else Status.BROKEN
    near = _near(exercise, probes, outcomes, passed)
    why = "" if near else diagnosis(exercise, probes, right, outcomes, passed)
    return Judgement(status, passed, right, near=near, diagnosis=why)


def judge_choice(exercise: Exercise, letter: str) -> Judgement:
    """Return the judgement on the letter of an option; not every wrong one need be a mistake's."""
    if letter == exercise.solution():
        return Judgement(Status.CORRECT, (True,))
    named = tuple(mistake for mistake in exercise.mistakes if mistake() == letter)[:1]
    return Judgement(Status.MISTAKE if named else Status.WRONG, (False,), mistakes=named)


def _behaviours(
    exercise: Exercise, probes: Sequence[Probe]
) -> Iterator[tuple[tuple[Mistake, ...], list[Outcome]]]:
    """Yield the behaviour of each mistake, then of two made together.

    A mistake that raises everywhere says nothing about an answer that does, and is left out.
    """
    mistakes = exercise.mistakes
    pairs = [
        (outer, inner)
        for outer in mistakes
        for inner in mistakes
        if can_surround(outer) and inner is not outer
    ]
    for named in [*((each,) for each in mistakes), *pairs]:
        behaviour = expectations(exercise, made(*named), probes)
        if any(outcome.how == "value" for outcome in behaviour) or behaviour[0].how == "odd":
            yield named, behaviour


def made(outer: Mistake, inner: Mistake | None = None) -> Mistake:
    """Return a mistake, or one mistake made around another."""
    if inner is None:
        return outer
    return lambda *arguments: outer(*arguments, base=inner)


def _near(
    exercise: Exercise,
    probes: Sequence[Probe],
    outcomes: Sequence[Outcome],
    passed: Sequence[bool],
) -> Mistake | None:
    """Return the only mistake that agrees with the answer where it is wrong, if there is one.

    It may also be the only one on the failed probes of the aspect that failed first.
    """
    failed = [k for k, ok in enumerate(passed) if not ok]
    everywhere = _only(exercise, probes, outcomes, failed)
    return everywhere or _only(exercise, probes, outcomes, first_aspect(probes, failed))


def _only(
    exercise: Exercise, probes: Sequence[Probe], outcomes: Sequence[Outcome], where: Sequence[int]
) -> Mistake | None:
    """Return the mistake that agrees with the answer on some probes, if it is only one."""
    some, did = [probes[k] for k in where], [outcomes[k] for k in where]
    if not any(_says_something(outcome) for outcome in did):
        return None
    near = [
        mistake
        for mistake in exercise.mistakes
        if all(agreements(exercise, some, expectations(exercise, mistake, some), did))
    ]
    return near[0] if len(near) == 1 else None


def _says_something(outcome: Outcome) -> bool:
    return outcome.array is not None and bool(np.any(np.isfinite(outcome.array)))


def _tidy(outcomes: Sequence[Outcome]) -> Status:
    return Status.CARELESS if any(outcome.changed for outcome in outcomes) else Status.CORRECT


def _is_placeholder(outcome: Outcome) -> bool:
    """Return whether the answer is still the starter's: it raises, or holds a ``...``."""
    if outcome.how == "raised":
        unfinished = "ellipsis" in outcome.message and outcome.type_name == "TypeError"
        return outcome.type_name == "NotImplementedError" or unfinished
    return outcome.how == "odd" and outcome.type_name in ("Ellipsis", "NotImplemented")
