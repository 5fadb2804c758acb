"""Compare what an answer did with what it should do. Pure: plain outcomes in, a judgement out.

A grader calls `judge` outside the process in which the answer ran.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .outcomes import Outcome, reference
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
    """The result of comparing: no words yet."""

    status: Status
    passed: tuple[bool, ...] = ()
    mistakes: tuple[Mistake, ...] = ()  # the one that behaves identically, or two made together
    near: Mistake | None = None  # the only one that agrees where the answer is wrong
    single: bool = False  # right to single precision

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
    right = expectations(exercise, exercise.solution, probes)
    passed = _passed(exercise, probes, right, outcomes)
    if all(passed):
        return Judgement(_tidy(outcomes), passed)
    again = _passed(exercise, probes, right, outcomes, float(np.finfo(np.float32).eps))
    if all(again) and not exercise.exact:  # float32 inside, Python's floats returned
        return Judgement(_tidy(outcomes), again, single=True)
    for mistakes, behaviour in _behaviours(exercise, probes):
        if all(_passed(exercise, probes, behaviour, outcomes)):
            return Judgement(Status.MISTAKE, passed, mistakes)
    if not any(outcome.how == "value" for outcome in outcomes):
        return Judgement(Status.BROKEN, passed)
    failed = [position for position, right in enumerate(passed) if not right]
    near = _near(exercise, probes, outcomes, failed)
    near = near or _near(exercise, probes, outcomes, first_aspect(probes, failed))
    return Judgement(Status.WRONG, passed, near=near)


def first_aspect(probes: Sequence[Probe], failed: Sequence[int]) -> list[int]:
    """Return the failed probes of the aspect that failed first."""
    return [k for k in failed if probes[k].aspect == probes[failed[0]].aspect]


def expectations(
    exercise: Exercise, function: Callable[..., Any], probes: Sequence[Probe]
) -> list[Outcome]:
    """Return what a solution or a mistake does on the probes."""
    observe = exercise.observe
    if observe is None:
        return [reference(function, probe.arguments) for probe in probes]
    return [reference(lambda *given: observe(function(*given)), each.arguments) for each in probes]


def same(expected: Outcome, actual: Outcome, relative: float, absolute: float) -> bool:
    """Return whether two outcomes are the same kind, shape and numbers within the tolerance."""
    if expected.how != actual.how or expected.array is None or actual.array is None:
        return expected.how == actual.how and expected.type_name == actual.type_name
    return close(expected.array, actual.array, relative, absolute)


def close(expected: NDArray[Any], actual: NDArray[Any], relative: float, absolute: float) -> bool:
    """Return whether two arrays have one shape, and agree: nan with nan, ±inf with ±inf."""
    if expected.shape != actual.shape or actual.dtype.kind == "c":
        return False
    one, two = expected.astype(float), actual.astype(float)
    with np.errstate(invalid="ignore", over="ignore"):
        agrees = np.abs(one - two) <= relative * np.abs(one) + absolute
    finite = np.isfinite(one) & np.isfinite(two)
    return bool(np.all(np.where(finite, agrees, (one == two) | (np.isnan(one) & np.isnan(two)))))


def tolerance(
    exercise: Exercise, probe: Probe, expected: Outcome, actual: Outcome, least: float = 0.0
) -> tuple[float, float]:
    """Return the relative and the absolute tolerance of one comparison.

    Rounding the input alone moves a softmax by eps · max|z| relative, so the tolerance of a
    function follows the dtype it returned and the size of its input (up to 2000: beyond, it is no
    logit). It is never below 1e-9, which leaves room for another order of operations, and never
    above 5 %.
    """
    if expected.array is None or actual.array is None:
        return 0.0, 0.0
    largest = _largest(expected.array)
    if exercise.form == "number" and exercise.observe is None:
        return exercise.tolerance, exercise.tolerance * (largest == 0)
    kind = actual.array.dtype
    eps = max(float(np.finfo(kind).eps) if kind.kind == "f" else 0.0, least)
    scale = min(max([1.0, *(_largest(each) for each in probe.arguments)]), 2000.0)
    relative = float(np.clip(16 * eps * scale, 1e-9, 0.05))
    tiny = float(np.finfo(kind if kind.kind == "f" else float).tiny)
    noise = 16 * eps * scale  # what rounding leaves where the result is 0
    return relative, tiny if exercise.exact else max(relative * largest, noise)


def _largest(value: Any) -> float:
    try:
        array = np.abs(np.asarray(value, dtype=float))
    except (TypeError, ValueError):
        return 0.0
    return float(np.max(array, where=np.isfinite(array), initial=0.0))


def _passed(
    exercise: Exercise,
    probes: Sequence[Probe],
    expected: Sequence[Outcome],
    outcomes: Sequence[Outcome],
    least: float = 0.0,
) -> tuple[bool, ...]:
    triples = zip(probes, expected, outcomes, strict=True)
    return tuple(
        same(should, did, *tolerance(exercise, probe, should, did, least))
        for probe, should, did in triples
    )


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
    failed: Sequence[int],
) -> Mistake | None:
    """Return the mistake that agrees with the answer on the failed probes, if it is only one."""
    some, did = [probes[k] for k in failed], [outcomes[k] for k in failed]
    if not any(_says_something(outcome) for outcome in did):
        return None
    near = [
        mistake
        for mistake in exercise.mistakes
        if all(_passed(exercise, some, expectations(exercise, mistake, some), did))
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
