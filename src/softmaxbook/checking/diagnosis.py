"""Why an answer is wrong that nobody foresaw, in a sentence.

Either it says so itself, by an exception or by what it returns, or it has something in common with
the right answer: each rule looks at all failing probes at once, and returns a sentence or an empty
string.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .comparison import expectations, same
from .exceptions import raised
from .near_misses import nudge
from .outcomes import Outcome
from .relations import (
    Pair,
    everywhere,
    factor,
    known_function,
    near,
    not_finite,
    offset,
    rounded,
    sums,
)
from .specification import Exercise, Probe


def diagnosis(
    exercise: Exercise,
    probes: Sequence[Probe],
    expected: Sequence[Outcome],
    outcomes: Sequence[Outcome],
    passed: Sequence[bool],
) -> str:
    """Return why an answer is wrong, or an empty string where that cannot be seen."""
    if exercise.form == "number":
        return nudge(exercise, outcomes[0])
    if not any(outcome.how == "value" for outcome in outcomes):
        return _of_no_value(exercise, outcomes)
    failed = [k for k, ok in enumerate(passed) if not ok]
    first = outcomes[failed[0]]
    if first.how == "raised":
        return raised(first)
    if first.how == "odd":
        return f"There it returns {first.message}."
    if _swapped(exercise, probes, outcomes):
        return f"The arguments come in the order `{exercise.call}`; yours is another."
    arrays = [(should.array, did.array) for should, did in zip(expected, outcomes, strict=True)]
    for some in (failed, first_aspect(probes, failed)):
        pairs = [(r, g) for r, g in (arrays[k] for k in some) if r is not None and g is not None]
        if found := diagnose(pairs):
            return found
    return ""


def first_aspect(probes: Sequence[Probe], failed: Sequence[int]) -> list[int]:
    """Return the failed probes of the aspect that failed first."""
    return [k for k in failed if probes[k].aspect == probes[failed[0]].aspect]


def _of_no_value(exercise: Exercise, outcomes: Sequence[Outcome]) -> str:
    """Return why an answer gives no numbers at all."""
    first = outcomes[0]
    if first.how == "raised":
        called = f" It is called as `{exercise.call}`." if "argument" in first.message else ""
        return f"{raised(first)}{called}"
    if first.type_name == "None" and any(outcome.printed for outcome in outcomes):
        return "It prints its result and returns nothing. Replace `print(…)` by `return …`."
    if first.type_name == "None":
        return "It returns nothing (None). Is a `return` missing, or indented into a branch?"
    return f"Numbers are expected; what came back is {first.message}."


def _swapped(exercise: Exercise, probes: Sequence[Probe], outcomes: Sequence[Outcome]) -> bool:
    """Return whether the answer takes its two arguments in reverse order."""
    if len(exercise.parameters) != 2:
        return False
    turned = [Probe(each.name, each.arguments[::-1], each.aspect) for each in probes]
    did = expectations(exercise, exercise.solution, turned)
    agrees = [same(one, two, 1e-6, 1e-9) for one, two in zip(did, outcomes, strict=True)]
    finite = [each.array is not None and bool(np.all(np.isfinite(each.array))) for each in outcomes]
    return 2 * sum(a and b for a, b in zip(agrees, finite, strict=True)) > len(outcomes)


def diagnose(pairs: Sequence[Pair]) -> str:
    """Return the first thing that holds on every failing probe, or an empty string."""
    if not pairs:
        return ""
    numbers = [(_counted_truth(right), _counted_truth(gave)) for right, gave in pairs]
    for rule in RULES:
        sentence = rule(numbers)
        if sentence:
            return sentence
    return ""


def _counted_truth(array: NDArray[Any]) -> NDArray[Any]:
    """Return truth values as 0 and 1, between which there are differences."""
    return array.astype(int) if array.dtype.kind == "b" else array


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
    if right.size == gave.size and near(np.ravel(right), np.ravel(gave)):
        if gave.ndim > right.ndim:
            return f"The numbers are right, the shape is not: {shapes}. Is an axis too many kept?"
        if gave.ndim < right.ndim:
            return f"The numbers are right, the shape is not: {shapes}. Is an axis flattened away?"
        return f"The numbers are right, the shape is not: {shapes}."
    if gave.ndim == 0:
        return f"One number comes back, {shapes}: does a sum or a maximum run over every axis?"
    if right.ndim == 0:
        return f"An array comes back, {shapes}: is a sum, or an index, missing?"
    if gave.shape == right.shape[::-1]:
        return f"The result has {shapes}: is an array transposed on the way?"
    if gave.ndim == right.ndim + 1:
        return f"One axis too many, {shapes}: is a sum missing, or two arrays broadcast together?"
    if gave.ndim == right.ndim - 1:
        return f"One axis too few, {shapes}: is an axis summed away that should stay?"
    return f"The result has {shapes}: does a sum or a maximum run along the wrong axis?"


def _transposed(pairs: Sequence[Pair]) -> str:
    matrices = any(right.ndim > 1 for right, _ in pairs)
    if matrices and everywhere(pairs, lambda a: np.swapaxes(a, -1, -2) if a.ndim > 1 else a):
        return "The result is transposed: rows and columns have changed places."
    return ""


def _order(pairs: Sequence[Pair]) -> str:
    if not any(right.ndim for right, _ in pairs):
        return ""
    if everywhere(pairs, lambda a: a[..., ::-1] if a.ndim else a):
        return "The numbers are right, and in reverse order."
    if all(near(np.sort(right, axis=None), np.sort(gave, axis=None)) for right, gave in pairs):
        return "The numbers are right, and in another order."
    return ""


def _constant(pairs: Sequence[Pair]) -> str:
    first = pairs[0][1]
    if np.all(np.isnan(first)):  # not the arguments are forgotten, but every result is lost
        return ""
    if len(pairs) > 1 and all(np.array_equal(first, gave) for _, gave in pairs):
        return "It gives the same result for every input: does it use its arguments?"
    return ""


def _diagonal(pairs: Sequence[Pair]) -> str:
    """Tell which part of a square matrix is right."""
    if not all(right.ndim > 1 and right.shape[-1] == right.shape[-2] > 1 for right, _ in pairs):
        return ""
    parts: tuple[tuple[Callable[[NDArray[np.float64]], NDArray[np.float64]], str], ...] = (
        (
            lambda a: a - np.triu(a, 1),
            "Above the diagonal entries are wrong; the others are right.",
        ),
        (
            lambda a: a - np.tril(a, -1),
            "Below the diagonal entries are wrong; the others are right.",
        ),
        (
            lambda a: np.diagonal(a, axis1=-2, axis2=-1),
            "The diagonal is right; the entries beside it are not.",
        ),
        (
            lambda a: a - a * np.eye(a.shape[-1]),
            "The entries beside the diagonal are right; the diagonal is not.",
        ),
    )
    for part, sentence in parts:
        if all(near(part(right), part(gave)) for right, gave in pairs):
            return sentence
    return ""


def _parts(pairs: Sequence[Pair]) -> str:
    """Tell which rows, or entries, are right on every input: results have parts."""
    lengths = {len(right) if right.ndim else 0 for right, _ in pairs}
    if len(pairs) < 2 or min(lengths) < 2:
        return ""
    word = "part" if pairs[0][0].ndim > 1 else "entry"
    if len(lengths) == 1 and max(lengths) < 5:
        good = [all(near(right[k], gave[k]) for right, gave in pairs) for k in range(max(lengths))]
        if any(good) and not all(good):
            right_one, wrong_one = _counted(good, True), _counted(good, False)
            return f"Wherever it is wrong, {right_one} {word} is right, and {wrong_one} is not."
    for k, name in ((0, "first"), (-1, "last")):
        if all(near(right[k], gave[k]) for right, gave in pairs):
            return f"Wherever it is wrong, the {name} {word} is right, and others are not."
    return ""


def _counted(good: Sequence[bool], which: bool) -> str:
    names = ("the first", "the second", "the third", "the fourth")
    return " and ".join(name for name, each in zip(names, good, strict=False) if each is which)


def _entries(pairs: Sequence[Pair]) -> str:
    right, gave = pairs[0]
    both = zip(right.ravel(), gave.ravel(), strict=True)
    agree = sum(near(np.asarray(one), np.asarray(two)) for one, two in both)
    if right.size > 1 and 0 < agree < right.size:
        return f"On the first input that fails, {agree} of {right.size} entries are right."
    return ""


RULES = (
    _wrong_type, _constant, _shape, not_finite, _transposed, _diagonal, rounded, factor, _parts,
    known_function, _order, offset, sums, _entries,
)  # fmt: skip
