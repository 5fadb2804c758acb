"""Compare what an answer did with what it should do. Pure: plain outcomes in, a judgement out.

A grader calls `judge` outside the process in which the answer ran.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache
from typing import Any

import numpy as np

from .comparison import agreements, expectations
from .diagnosis import cut_to_whole_numbers, diagnosis, first_aspect
from .evidence import most_telling
from .mutants import explanation
from .outcomes import Outcome
from .precision import in_double, is_rounded, is_single
from .specification import Exercise, Probe, can_surround

Mistake = Callable[..., Any]


LUCK = 2  # failing inputs on which a mistake may agree with an answer by chance


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
    near_on: str = ""  # the aspect on which it does, if not on all
    single: bool = False  # right to single precision
    shown: int | None = None  # the position of the failing probe that tells most
    derived: str = ""  # as what change of the solution it behaves, where no mistake tells it
    diagnosis: str = ""  # why it is wrong, in a sentence, where no mistake tells it

    @property
    def failed(self) -> list[int]:
        """Return the positions of the probes that failed."""
        return [k for k, ok in enumerate(self.passed) if not ok]


def judge(exercise: Exercise, probes: Sequence[Probe], outcomes: Sequence[Outcome]) -> Judgement:
    """Return the judgement on the outcomes of an answer, one a probe."""
    if not all(outcome.ended for outcome in outcomes) or len(outcomes) < len(probes):
        return Judgement(Status.ENDLESS)
    if all(_is_placeholder(outcome) for outcome in outcomes):
        return Judgement(Status.NOT_ATTEMPTED)
    right = tuple(expectations(exercise, exercise.solution, probes))
    rounded = not exercise.exact and is_rounded(right, outcomes)
    if rounded:  # the tolerance of float32 would allow it
        outcomes = [in_double(outcome) for outcome in outcomes]
    passed = tuple(agreements(exercise, probes, right, outcomes))
    if all(passed):
        return Judgement(_tidy(outcomes), passed, right)
    if not (exercise.exact or rounded):
        eps = float(np.finfo(np.float32).eps)
        single = agreements(exercise, probes, right, outcomes, eps)
        if all(single) and is_single(right, outcomes):
            return Judgement(_tidy(outcomes), (True,) * len(probes), right, single=True)
    shown = most_telling(right, outcomes, passed)
    for mistakes, behaviour in _behaviours(exercise, probes):
        if all(agreements(exercise, probes, behaviour, outcomes, mistaken=True)):
            return Judgement(Status.MISTAKE, passed, right, mistakes, shown=shown)
    status = Status.WRONG if any(each.how == "value" for each in outcomes) else Status.BROKEN
    found = Judgement(status, passed, right, shown=shown)
    return _unnamed(exercise, probes, right, outcomes, found)


def _unnamed(
    exercise: Exercise,
    probes: Sequence[Probe],
    right: Sequence[Outcome],
    outcomes: Sequence[Outcome],
    found: Judgement,
) -> Judgement:
    """Return what can be said of a wrong answer that behaves like no known mistake.

    Here an answer may be asked what else it behaves like: from the most certain to the least.
    """
    function = exercise.form == "function"  # a number is typed, and no array cuts it
    if function and (cut := cut_to_whole_numbers(right, outcomes, found.passed)):
        return replace(found, diagnosis=cut)
    if function and found.status is Status.WRONG:
        if near := _only(exercise, probes, outcomes, found.failed):
            return replace(found, near=near)
        if derived := explanation(exercise, probes, right, outcomes, found.passed):
            return replace(found, derived=derived)
        aspect = first_aspect(probes, found.failed)
        if len(aspect) > LUCK and (near := _only(exercise, probes, outcomes, aspect)):
            return replace(found, near=near, near_on=probes[aspect[0]].aspect)
    with np.errstate(all="ignore"):
        why = diagnosis(exercise, probes, right, outcomes, found.passed, found.shown)
    return replace(found, diagnosis=why)


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
        if not any(outer in group and inner in group for group in exercise.either)
    ]
    for named in [*((each,) for each in mistakes), *pairs]:
        behaviour = expectations(exercise, made(*named), probes)
        if any(outcome.how == "value" for outcome in behaviour) or behaviour[0].how == "odd":
            yield named, behaviour


@lru_cache(maxsize=1024)
def made(outer: Mistake, inner: Mistake | None = None) -> Mistake:
    """Return a mistake, or one mistake made around another."""
    if inner is None:
        return outer
    return lambda *arguments: outer(*arguments, base=inner)


def _only(
    exercise: Exercise, probes: Sequence[Probe], outcomes: Sequence[Outcome], where: Sequence[int]
) -> Mistake | None:
    """Return the mistake that agrees with the answer on some probes, if it is only one.

    Probes on which the answer raised do not count: it may be the same mistake, made in a library
    that refuses that input. At least two have to be left that say something.
    """
    where = [k for k in where if outcomes[k].how == "value"]
    some, did = [probes[k] for k in where], [outcomes[k] for k in where]
    if sum(_says_something(outcome) for outcome in did) < LUCK:
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
