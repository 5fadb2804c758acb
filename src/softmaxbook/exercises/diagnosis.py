"""What a wrong answer that nobody foresaw has in common with the right one.

Each rule looks at all failing probes at once, and returns a sentence or an empty string.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from .judging import close

Pair = tuple[NDArray[np.float64], NDArray[np.float64]]  # what is right, what the answer gave
NEAR = 1e-6


def diagnose(pairs: Sequence[Pair]) -> str:
    """Return the first thing that holds on every failing probe, or an empty string."""
    if not pairs:
        return ""
    for rule in RULES:
        sentence = rule(pairs)
        if sentence:
            return sentence
    return ""


def _near(one: NDArray[np.float64], two: NDArray[np.float64]) -> bool:
    scale = np.max(np.abs(one), where=np.isfinite(one), initial=0.0)
    return close(one, two, NEAR, NEAR * float(scale))


def _everywhere(pairs: Sequence[Pair], change: Callable[[NDArray[np.float64]], object]) -> bool:
    """Return whether `change` turns what is right into what the answer gave."""
    with np.errstate(all="ignore"):
        changed = [(np.asarray(change(right), dtype=float), gave) for right, gave in pairs]
    trivial = all(one.size == 0 or not np.any(np.isfinite(one)) for one, _ in changed)
    return not trivial and all(_near(one, gave) for one, gave in changed)


def _wrong_type(pairs: Sequence[Pair]) -> str:
    if any(gave.dtype.kind == "c" for _, gave in pairs):
        return "The result is complex: a root or a power of a negative number was taken."
    whole = [gave.dtype.kind in "iu" for _, gave in pairs]
    if all(whole) and any(np.any(right != np.round(right)) for right, _ in pairs):
        return (
            "The result holds whole numbers. An array made with `zeros_like` or `empty_like` of an "
            "integer array cuts fractions off: give it `dtype=float`."
        )
    return ""


def _shape(pairs: Sequence[Pair]) -> str:
    right, gave = next(((r, g) for r, g in pairs if r.shape != g.shape), pairs[0])
    if right.shape == gave.shape:
        return ""
    shapes = f"shape {gave.shape} where {right.shape} is expected"
    if right.size == gave.size and _near(np.ravel(right), np.ravel(gave)):
        if gave.ndim > right.ndim:
            return f"The numbers are right, the shape is not: {shapes}. Is an axis too many kept?"
        if gave.ndim < right.ndim:
            return f"The numbers are right, the shape is not: {shapes}. Is an axis flattened away?"
        return f"The numbers are right, the shape is not: {shapes}."
    if gave.ndim == 0:
        return f"One number comes back, {shapes}: does a sum or a maximum run over every axis?"
    if right.ndim == 0:
        return f"An array comes back, {shapes}: is a sum, or an index, missing?"
    if gave.ndim == right.ndim + 1:
        return f"One axis too many, {shapes}: is a sum missing, or two arrays broadcast together?"
    if gave.ndim == right.ndim - 1:
        return f"One axis too few, {shapes}: is an axis summed away that should stay?"
    return f"The result has {shapes}."


def _transposed(pairs: Sequence[Pair]) -> str:
    matrices = any(right.ndim > 1 for right, _ in pairs)
    if matrices and _everywhere(pairs, lambda a: np.swapaxes(a, -1, -2) if a.ndim > 1 else a):
        return "The result is transposed: rows and columns have changed places."
    return ""


def _not_finite(pairs: Sequence[Pair]) -> str:
    """Tell which kind of infinity is on the way, if all that fails is not finite."""
    bad = [gave[np.isfinite(right) & ~np.isfinite(gave)] for right, gave in pairs]
    if not all(each.size for each in bad):
        return ""
    values = np.concatenate(bad)
    if np.any(np.isnan(values)):
        return (
            "It gives `nan` where the result is finite: somewhere ∞/∞, 0/0, ∞ − ∞ or 0 · ∞ is "
            "computed. Print the intermediate values for this input."
        )
    if np.all(values < 0):
        return "It gives `-inf` where the result is finite: the logarithm of an underflowed 0."
    return "It gives `inf` where the result is finite: an intermediate value overflows."


def _sums(pairs: Sequence[Pair]) -> str:
    """Tell what becomes of a sum that is the same for all right results: 1 or 0 along a row."""
    if not all(right.ndim and right.size and np.all(np.isfinite(gave)) for right, gave in pairs):
        return ""
    for total in (1.0, 0.0):
        if not all(np.allclose(np.sum(right, axis=-1), total, atol=1e-12) for right, _ in pairs):
            continue
        sums = np.concatenate([np.ravel(np.sum(gave, axis=-1)) for _, gave in pairs])
        wrong = sums[np.abs(sums - total) > 1e-6]
        if not wrong.size:
            return ""
        if all(np.allclose(np.sum(gave, axis=0), total, atol=1e-6) for _, gave in pairs):
            return f"Its columns add up to {total:g}, and its rows do not: look at the axis."
        return (
            f"Along the last axis the entries should add up to {total:g}; one of these sums is "
            f"{wrong[0]:.4g}. Which step makes that sum?"
        )
    return ""


def _factor(pairs: Sequence[Pair]) -> str:
    ratios = []
    for right, gave in pairs:
        usable = np.isfinite(right) & np.isfinite(gave) & (np.abs(right) > 1e-300)
        if not np.any(usable) or not np.all(np.isfinite(gave) == np.isfinite(right)):
            return ""
        ratio = gave[usable] / right[usable]
        if np.ptp(ratio) > NEAR * np.max(np.abs(ratio)) or ratio[0] == 0:
            return ""
        ratios.append(float(ratio[0]))
    if np.ptp(ratios) <= NEAR * np.max(np.abs(ratios)):
        return _named_factor(ratios[0])
    sizes = [right.shape[-1] if right.ndim else 0 for right, _ in pairs]
    if np.allclose(ratios, sizes) or np.allclose(1 / np.asarray(ratios), sizes):
        return "Each result is off by the number of entries: a sum and a mean are mixed up."
    if all(right.size == 1 for right, _ in pairs):
        return ""
    return (
        "Within each result all entries are off by one common factor, which changes from input to "
        "input: is a normalisation, or a factor, missing or wrong?"
    )


def _named_factor(ratio: float) -> str:
    known = {
        -1.0: "The sign is the only difference.",
        1 / np.log(2): "It is 1/ln 2 times the right result: a logarithm to base 2, not e?",
        np.log(2): "It is ln 2 times the right result: a base of 2 where e is meant?",
        1 / np.log(10): "It is 1/ln 10 times the right result: a logarithm to base 10, not e?",
        np.log(10): "It is ln 10 times the right result: a base of 10 where e is meant?",
        100.0: "It is 100 times the right result: a percentage?",
    }
    for factor, sentence in known.items():
        if abs(ratio - factor) <= NEAR * abs(factor):
            return sentence
    return f"It is {ratio:.4g} times the right result everywhere: is a factor missing or too many?"


def _offset(pairs: Sequence[Pair]) -> str:
    offsets = []
    for right, gave in pairs:
        usable = np.isfinite(right) & np.isfinite(gave)
        if not np.any(usable):
            return ""
        gap = (gave - right)[usable]
        if np.ptp(gap) > NEAR * max(np.max(np.abs(gap)), np.max(np.abs(right[usable]))):
            return ""
        offsets.append(float(gap[0]))
    if np.ptp(offsets) <= NEAR * np.max(np.abs(offsets)):
        return (
            f"It is {abs(offsets[0]):.4g} too {'large' if offsets[0] > 0 else 'small'} everywhere."
        )
    if all(right.size == 1 for right, _ in pairs):
        return ""
    return "All entries of a result are off by one common amount, which changes with the input."


def _known_function(pairs: Sequence[Pair]) -> str:
    known: tuple[tuple[Callable[[NDArray[np.float64]], object], str], ...] = (
        (np.log, "It is the logarithm of the right result."),
        (np.exp, "It is the exponential of the right result."),
        (lambda a: 1 / a, "It is one over the right result."),
        (lambda a: 1 - a, "It is one minus the right result."),
        (np.square, "It is the square of the right result."),
        (np.sqrt, "It is the square root of the right result."),
        (np.abs, "A sign is missing: the sizes of all numbers are right."),
    )
    for change, sentence in known:
        if _everywhere(pairs, change):
            return sentence
    return ""


def _order(pairs: Sequence[Pair]) -> str:
    if not any(right.ndim for right, _ in pairs):
        return ""
    if all(_near(np.ravel(right)[::-1], np.ravel(gave)) for right, gave in pairs):
        return "The numbers are right, and in reverse order."
    if all(_near(np.sort(right, axis=None), np.sort(gave, axis=None)) for right, gave in pairs):
        return "The numbers are right, and in another order."
    return ""


def _constant(pairs: Sequence[Pair]) -> str:
    first = pairs[0][1]
    if len(pairs) > 1 and all(np.array_equal(first, gave, equal_nan=True) for _, gave in pairs):
        return "It gives the same result for every input: does it use its arguments?"
    return ""


def _rounded(pairs: Sequence[Pair]) -> str:
    gaps = [
        np.max(np.abs(right - gave)) / max(float(np.max(np.abs(right))), 1e-300)
        for right, gave in pairs
        if right.size and np.all(np.isfinite(right)) and np.all(np.isfinite(gave))
    ]
    if len(gaps) == len(pairs) and max(gaps) < 0.01:
        return (
            f"It is close, {max(gaps):.1g} off relative to the largest entry: was something "
            "rounded, or a small constant added?"
        )
    return ""


def _diagonal(pairs: Sequence[Pair]) -> str:
    """Tell which part of a square matrix is right."""
    if not all(right.ndim > 1 and right.shape[-1] == right.shape[-2] > 1 for right, _ in pairs):
        return ""
    on = all(_near(*(np.diagonal(a, axis1=-2, axis2=-1) for a in pair)) for pair in pairs)
    off = all(_near(*(a * (1 - np.eye(a.shape[-1])) for a in pair)) for pair in pairs)
    if on:
        return "The diagonal is right; the entries beside it are not."
    return "The entries beside the diagonal are right; the diagonal is not." if off else ""


def _entries(pairs: Sequence[Pair]) -> str:
    right, gave = pairs[0]
    both = zip(right.ravel(), gave.ravel(), strict=True)
    agree = sum(_near(np.asarray(one), np.asarray(two)) for one, two in both)
    if right.size > 1 and 0 < agree < right.size:
        return f"On the first input that fails, {agree} of {right.size} entries are right."
    return ""


RULES = (
    _wrong_type, _shape, _not_finite, _constant, _transposed, _factor, _sums, _offset,
    _known_function, _order, _diagonal, _rounded, _entries,
)  # fmt: skip
