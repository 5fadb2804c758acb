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
from .precision import Pair
from .relations import (
    cut_off,
    everywhere,
    factor,
    known_function,
    near,
    not_finite,
    offset,
    rounded,
    sums,
    zeroed,
)
from .specification import Exercise, Probe

LEAST = 2  # failing inputs that a cause has to explain, beside all others: on one it is chance


def diagnosis(
    exercise: Exercise,
    probes: Sequence[Probe],
    expected: Sequence[Outcome],
    outcomes: Sequence[Outcome],
    passed: Sequence[bool],
    shown: int | None = None,
) -> str:
    """Return why an answer is wrong, or an empty string where that cannot be seen.

    `shown` is the position of the failing probe that the learner will see.
    """
    if exercise.form == "number":
        return nudge(exercise, outcomes[0])
    if not any(outcome.how == "value" for outcome in outcomes):
        return _of_no_value(exercise, outcomes)
    failed = [k for k, ok in enumerate(passed) if not ok]
    aspect = first_aspect(probes, failed)
    for some in (failed, aspect):  # words and numbers are of one input
        some.sort(key=lambda k: k != shown)
    if found := _no_numbers(probes, outcomes, failed):
        return found
    if _swapped(exercise, probes, outcomes, failed):
        return f"The arguments come in the order `{exercise.call}`; yours is another."
    arrays = [(should.array, did.array) for should, did in zip(expected, outcomes, strict=True)]
    square = _has_square_results(exercise)
    for some in (failed, aspect):
        pairs = [(r, g) for r, g in (arrays[k] for k in some) if r is not None and g is not None]
        if found := diagnose(pairs, square) if len(pairs) == len(some) else "":
            part = "" if len(some) == len(failed) else f"On “{probes[some[0]].aspect}”: "
            return f"{part}{found}"
    raising = [k for k in failed if outcomes[k].how == "raised"]
    return _no_numbers(probes, outcomes, raising + failed) if raising else ""


def _has_square_results(exercise: Exercise) -> bool:
    """Return whether the results are Jacobians or Hessians; a batch can be square by chance."""
    about = f"{exercise.id} {exercise.title} {exercise.prompt()}".lower()
    return any(word in about for word in ("jacobian", "hessian", "matrix of", "information"))


def cut_to_whole_numbers(
    expected: Sequence[Outcome], outcomes: Sequence[Outcome], passed: Sequence[bool]
) -> str:
    """Tell if all that fails is the right result without its fractions."""
    wrong = [
        (right.array, did.array)
        for right, did, ok in zip(expected, outcomes, passed, strict=True)
        if not ok
    ]
    for right, gave in wrong:
        if right is None or gave is None or right.shape != gave.shape:
            return ""
        finite = bool(np.all(np.isfinite(right)))
        if not finite or not (np.array_equal(np.trunc(right), gave) and gave.dtype.kind in "iu"):
            return ""
    return WHOLE if wrong else ""


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


def _no_numbers(probes: Sequence[Probe], outcomes: Sequence[Outcome], failed: Sequence[int]) -> str:
    """Tell what happens in place of numbers on the first failing input; and where, if not on all.

    What an exception says, and its likely cause, holds for the inputs that raise.
    """
    first = outcomes[failed[0]]
    if first.how == "odd":
        return f"There it returns {first.message}."
    if first.how != "raised":
        return ""
    sentence = raised(first)
    if all(outcomes[k].how == "raised" for k in failed):
        return sentence
    return f"On “{probes[failed[0]].name}” {sentence[0].lower()}{sentence[1:]}"


def _swapped(
    exercise: Exercise,
    probes: Sequence[Probe],
    outcomes: Sequence[Outcome],
    failed: Sequence[int],
) -> bool:
    """Return whether the answer takes its two arguments in reverse order, wherever it fails.

    Where the arguments make no numbers in that order it need only make none either.
    """
    if len(exercise.parameters) != 2 or len(failed) < LEAST:
        return False
    turned = [Probe("", probes[k].arguments[::-1], probes[k].aspect) for k in failed]
    did = expectations(exercise, exercise.solution, turned)
    pairs = list(zip(did, (outcomes[k] for k in failed), strict=True))
    told = [(one, two) for one, two in pairs if _finite(one) or _finite(two)]
    return len(told) >= LEAST and all(same(one, two, 1e-6, 1e-9) for one, two in told)


def _finite(outcome: Outcome) -> bool:
    return outcome.array is not None and bool(np.all(np.isfinite(outcome.array)))


def diagnose(pairs: Sequence[Pair], square: bool = True) -> str:
    """Return the first thing that holds on every failing probe, or an empty string.

    `square` says that results are square matrices of one thing, so that a diagonal has a meaning.
    """
    if not pairs:
        return ""
    numbers = [(_counted_truth(right), _counted_truth(gave)) for right, gave in pairs]
    for rule in RULES if len(pairs) >= LEAST else FACTS:
        sentence = "" if rule is _diagonal and not square else rule(numbers)
        if sentence:
            return sentence
    return ""


def _counted_truth(array: NDArray[Any]) -> NDArray[Any]:
    """Return truth values as 0 and 1, between which there are differences."""
    return array.astype(int) if array.dtype.kind == "b" else array


def _wrong_type(pairs: Sequence[Pair]) -> str:
    complex_ones = sum(gave.dtype.kind == "c" for _, gave in pairs)
    if complex_ones:
        where = "The result" if complex_ones == len(pairs) else "On some inputs the result"
        return f"{where} is complex: a root or a power of a negative number was taken."
    whole = [gave.dtype.kind in "iu" for _, gave in pairs]
    if all(whole) and any(np.any(right != np.round(right)) for right, _ in pairs):
        return WHOLE
    return ""


WHOLE = (
    "The result holds whole numbers. An array made with `zeros_like` or `empty_like` of an integer "
    "array cuts fractions off: give it `dtype=float`."
)


def _shape(pairs: Sequence[Pair]) -> str:
    """Tell what is wrong with the shape, judged by an input that can tell it."""
    differ = [(right, gave) for right, gave in pairs if right.shape != gave.shape]
    if not differ:
        return ""
    same = all(_same_numbers(right, gave) for right, gave in differ)
    if same and len(pairs) == len(differ) >= LEAST:
        right, gave = max(differ, key=lambda pair: pair[0].size)
        shapes = f"shape {gave.shape} where {right.shape} is expected"
        if gave.ndim > right.ndim:
            return f"The numbers are right, the shape is not: {shapes}. Is an axis too many kept?"
        if gave.ndim < right.ndim:
            return f"The numbers are right, the shape is not: {shapes}. Is an axis flattened away?"
        return f"The numbers are right, the shape is not: {shapes}."
    # One row or one class alone has the size of many things: another input tells more.
    right, gave = max(differ, key=lambda pair: pair[0].size != pair[1].size)
    some = "" if len(differ) == len(pairs) else "On some inputs: "
    sentence = f"{some}{_of_shapes(right.shape, gave.shape)}"
    longer = {
        (k, two - one)
        for each, other in differ
        for k, (one, two) in enumerate(zip(each.shape, other.shape, strict=False))
        if one != two and each.ndim == other.ndim
    }
    if len(differ) > 1 and len(longer) == 1 and (by := longer.pop()[1]) in (1, -1):
        return f"{sentence} On every such input it is one too {'many' if by > 0 else 'few'}."
    halves = gave.shape[:1] == (2,) and gave.shape[1:] == right.shape
    if halves and all(_is_pair(one, two) for one, two in differ):
        return f"{sentence} Its first part is the right result: return that alone, not a pair."
    return sentence


def _same_numbers(right: NDArray[np.float64], gave: NDArray[np.float64]) -> bool:
    return right.size == gave.size and near(np.ravel(right), np.ravel(gave))


def _is_pair(right: NDArray[np.float64], gave: NDArray[np.float64]) -> bool:
    return gave.shape == (2, *right.shape) and near(right, gave[0])


def _of_shapes(right: tuple[int, ...], gave: tuple[int, ...]) -> str:
    shapes = f"shape {gave} where {right} is expected"
    if not gave:
        return f"One number comes back, {shapes}: does a sum or a maximum run over every axis?"
    if not right:
        return f"An array comes back, {shapes}: is a sum, a mean, or an index, missing?"
    if gave == right[::-1] and len(right) > 1:
        return f"The result has {shapes}: is an array transposed on the way?"
    if len(gave) == len(right) + 1:
        return f"One axis too many, {shapes}: is a sum missing, or two arrays broadcast together?"
    if len(gave) == len(right) - 1:
        return f"One axis too few, {shapes}: is an axis summed away that should stay?"
    if len(gave) != len(right):
        return f"The result has {shapes}: print the shape after every step."
    unequal = [k for k in range(len(right)) if right[k] != gave[k]]
    if len(unequal) == 1:
        k = unequal[0]
        axis = f"The result has {shapes}: axis {k} has length {gave[k]} and not {right[k]}."
        if gave[k] == 1:
            return f"{axis} Does a sum or a maximum run along it?"
        return f"{axis} Which step makes that axis?"
    return f"The result has {shapes}: print the shape after every step."


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
    right, first = pairs[0]
    if not np.any(np.isfinite(first)):  # not the arguments are forgotten, but every result is lost
        return ""
    alike = all(np.array_equal(first, gave) for _, gave in pairs)
    if alike and not all(np.array_equal(right, other) for other, _ in pairs):
        return "Wherever it is wrong it gives the same result: does it use its arguments?"
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


# What can be seen on one input, and what may be chance there: that is asked of two at least.
FACTS = (_shape, not_finite, sums)
RULES = (
    _wrong_type, _constant, _shape, not_finite, rounded, cut_off, _transposed, _diagonal, zeroed,
    factor, _parts, known_function, _order, offset, sums,
)  # fmt: skip
