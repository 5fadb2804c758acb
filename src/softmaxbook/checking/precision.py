"""In which precision an answer computed, and whether it rounded its results."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from .outcomes import Outcome

Pair = tuple[NDArray[np.float64], NDArray[np.float64]]  # what is right, what the answer gave

DIGITS = range(1, 8)  # with more, rounding is finer than float32
NOISE = 0.1  # the least share of numbers on either side
ENOUGH = 8  # numbers of which noise has some above and some below


def is_single(expected: Sequence[Outcome], outcomes: Sequence[Outcome]) -> bool:
    """Return whether results that agree to about seven digits come from float32.

    Either they are numbers of float32, handed back as Python's; or they differ from the right ones
    as noise does, in both directions, and not as a constant that was added.
    """
    pairs = _pairs(expected, outcomes)
    with np.errstate(over="ignore"):
        if all(np.array_equal(_widened(gave), gave, equal_nan=True) for _, gave in pairs):
            return True
    gaps = np.concatenate([_gaps(right, gave) for right, gave in pairs], axis=1)
    if gaps.shape[1] < ENOUGH:
        return False
    above = np.mean(gaps > 0, axis=1)  # of the differences, and of the relative ones
    return bool(np.all((above >= NOISE) & (above <= 1 - NOISE)))


def _widened(gave: NDArray[np.float64]) -> NDArray[np.float64]:
    wide: NDArray[np.float64] = gave.astype(np.float32).astype(float)
    return wide


def _gaps(right: NDArray[np.float64], gave: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the differences that no other order of operations explains, and their directions.

    A constant that is added moves all numbers up or down, a factor all of them out or in.
    """
    finite = np.isfinite(right) & np.isfinite(gave)
    gap: NDArray[np.float64] = np.where(finite, gave, 0.0) - np.where(finite, right, 0.0)
    largest = float(np.max(np.abs(right), where=finite, initial=0.0))
    some: NDArray[np.bool_] = np.asarray(np.abs(gap) > 1e-12 * largest)
    return np.stack([gap[some], (gap * np.sign(right))[some]])


def is_rounded(expected: Sequence[Outcome], outcomes: Sequence[Outcome]) -> bool:
    """Return whether all results were rounded to a few digits, also where float32 would allow it.

    Right results that have so few digits by themselves tell nothing.
    """
    kinds = {each.array.dtype for each in outcomes if each.array is not None}
    wide = all(kind.kind != "f" or kind.itemsize >= 4 for kind in kinds)
    return wide and bool(digits_kept(_pairs(expected, outcomes), np.dtype(np.float32) in kinds))


def digits_kept(pairs: Sequence[Pair], single: bool = False) -> str:
    """Return to which digits all results were rounded, in words, or an empty string."""
    for digits in DIGITS:
        for name, kept in (("decimals", np.round), ("significant digits", _significant)):
            if not all(
                np.array_equal(_kept(kept, gave, digits, single), gave, equal_nan=True)
                for _, gave in pairs
            ):
                continue
            with np.errstate(over="ignore"):
                rights = [_widened(right) if single else right for right, _ in pairs]
            told = sum(int(np.sum(_kept(kept, each, digits, single) != each)) for each in rights)
            if told >= ENOUGH:
                return f"{digits} {name}"
    return ""


def _significant(values: NDArray[np.float64], digits: int) -> NDArray[np.float64]:
    return np.array([float(f"{x:.{digits}g}") for x in np.ravel(values)]).reshape(values.shape)


def _kept(
    kept: Callable[..., NDArray[np.float64]],
    gave: NDArray[np.float64],
    digits: int,
    single: bool,
) -> NDArray[np.float64]:
    with np.errstate(over="ignore"):  # of the largest floats times a power of ten
        again = kept(gave, digits)
        return _widened(again) if single else again


def in_double(outcome: Outcome) -> Outcome:
    """Return an outcome as float64, with the digits that its own numbers are printed with."""
    if outcome.array is None or outcome.array.dtype != np.float32:
        return outcome
    printed = [float(str(value)) for value in np.ravel(outcome.array)]
    return replace(outcome, array=np.reshape(printed, outcome.array.shape))


def _pairs(expected: Sequence[Outcome], outcomes: Sequence[Outcome]) -> list[Pair]:
    both = zip(expected, outcomes, strict=True)
    return [
        (should.array.astype(float), did.array.astype(float))
        for should, did in both
        if should.array is not None
        and did.array is not None
        and did.array.dtype.kind in "biuf"
        and should.array.shape == did.array.shape
    ]
