"""When two results count as the same: kind, shape, and numbers within a tolerance."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .outcomes import Outcome, reference
from .specification import Exercise, Probe

Width = float | NDArray[np.float64]  # one for all entries, or one for each


def expectations(
    exercise: Exercise, function: Callable[..., Any], probes: Sequence[Probe]
) -> list[Outcome]:
    """Return what a solution or a mistake does on the probes."""
    return list(_expectations(exercise, function, tuple(probes)))


@lru_cache(maxsize=1024)  # a class is judged on the same probes, one answer after another
def _expectations(
    exercise: Exercise, function: Callable[..., Any], probes: tuple[Probe, ...]
) -> tuple[Outcome, ...]:
    observe = exercise.observe
    if observe is None:
        return tuple(reference(function, probe.arguments) for probe in probes)
    return tuple(reference(lambda *given: observe(function(*given)), p.arguments) for p in probes)


def agreements(
    exercise: Exercise,
    probes: Sequence[Probe],
    expected: Sequence[Outcome],
    outcomes: Sequence[Outcome],
    least: float = 0.0,
    mistaken: bool = False,
) -> Iterator[bool]:
    """Yield for each probe whether an answer did what was expected.

    Who asks for `all` leaves at the first where it did not: an answer is compared with many
    mistakes, and is none of most. `least` is the machine epsilon that counts at least, whatever
    dtype came back; `mistaken` says that a mistake is expected, whose number may be less precise
    than the right one.
    """
    for probe, should, did in zip(probes, expected, outcomes, strict=True):
        yield same(should, did, *tolerance(exercise, probe, should, did, least, mistaken))


def same(expected: Outcome, actual: Outcome, relative: float, absolute: Width) -> bool:
    """Return whether two outcomes are the same kind, shape and numbers within the tolerance."""
    if expected.how != actual.how or expected.array is None or actual.array is None:
        return expected.how == actual.how and expected.type_name == actual.type_name
    return close(expected.array, actual.array, relative, absolute)


def close(expected: NDArray[Any], actual: NDArray[Any], relative: float, absolute: Width) -> bool:
    """Return whether two arrays have one shape, and agree: nan with nan, ±inf with ±inf."""
    if expected.shape != actual.shape or actual.dtype.kind == "c":
        return False
    one, two = expected.astype(float), actual.astype(float)
    with np.errstate(invalid="ignore", over="ignore"):
        agrees = np.abs(one - two) <= relative * np.abs(one) + absolute
    finite = np.isfinite(one) & np.isfinite(two)
    return bool(np.all(np.where(finite, agrees, (one == two) | (np.isnan(one) & np.isnan(two)))))


def tolerance(
    exercise: Exercise,
    probe: Probe,
    expected: Outcome,
    actual: Outcome,
    least: float = 0.0,
    mistaken: bool = False,
) -> tuple[float, Width]:
    """Return the relative and the absolute tolerance of one comparison.

    Rounding the input alone moves a softmax by eps · max|z| relative, so the tolerance of a
    function follows the dtype it returned and the size of its input (up to 2000: beyond, it is no
    logit). It is never below 1e-9, which leaves room for another order of operations, and never
    above 5 %.
    """
    if expected.array is None or actual.array is None:
        return 0.0, 0.0
    if exercise.form == "number" and exercise.observe is None:
        widths = exercise.recognised if mistaken else exercise.allowed
        return 0.0, widths(expected.array)
    kind = actual.array.dtype
    eps = max(float(np.finfo(kind).eps) if kind.kind == "f" else 0.0, least)
    noise = 16 * eps * _scale(probe)  # what rounding leaves where the result is 0
    relative = min(max(noise, 1e-9), 0.05)
    if exercise.exact:
        return relative, float(np.finfo(kind if kind.kind == "f" else float).tiny)
    return relative, max(relative * _size(expected), noise)


@lru_cache(maxsize=1024)  # of a class's probes, as above
def _scale(probe: Probe) -> float:
    return min(max([1.0, *(_largest(each) for each in probe.arguments)]), 2000.0)


@lru_cache(maxsize=1024)
def _size(expected: Outcome) -> float:
    return _largest(expected.array)


def _largest(value: Any) -> float:
    try:
        array = np.abs(np.asarray(value, dtype=float))
    except (TypeError, ValueError):
        return 0.0
    return float(np.max(array, where=np.isfinite(array), initial=0.0))
