"""Relations between right and wrong numbers: a factor, an offset, a sum, an infinity.

Each looks at all failing probes at once, and returns a sentence or an empty string.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from .comparison import close
from .precision import Pair, digits_kept

NEAR = 1e-6
ENOUGH = 6  # entries of either kind


def near(one: NDArray[np.float64], two: NDArray[np.float64]) -> bool:
    """Return whether two arrays agree to six digits of their largest entry."""
    scale = np.max(np.abs(one), where=np.isfinite(one), initial=0.0)
    return close(one, two, NEAR, NEAR * float(scale))


def everywhere(pairs: Sequence[Pair], change: Callable[[NDArray[np.float64]], object]) -> bool:
    """Return whether `change` turns what is right into what the answer gave."""
    with np.errstate(all="ignore"):
        changed = [(np.asarray(change(right), dtype=float), gave) for right, gave in pairs]
    trivial = all(one.size == 0 or not np.any(np.isfinite(one)) for one, _ in changed)
    return not trivial and all(near(one, gave) for one, gave in changed)


def not_finite(pairs: Sequence[Pair]) -> str:
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
        return (
            "It gives `-inf` where the result is finite: the logarithm of an underflowed 0 is "
            "taken, or an overflowed number subtracted."
        )
    return (
        "It gives `inf` where the result is finite: an intermediate value overflows, or something "
        "is divided by an underflowed 0, or minus its logarithm taken."
    )


def sums(pairs: Sequence[Pair]) -> str:
    """Tell what becomes of a sum that is the same for all right results: 1 or 0 along a row."""
    if not all(right.ndim and right.size and np.all(np.isfinite(gave)) for right, gave in pairs):
        return ""
    for total in (1.0, 0.0):
        if not all(np.allclose(np.sum(right, axis=-1), total, atol=1e-12) for right, _ in pairs):
            continue
        found = [np.ravel(np.sum(gave, axis=-1)) for _, gave in pairs]
        wrong = [each[np.abs(each - total) > 1e-6] for each in found]
        if not any(each.size for each in wrong):
            return ""
        if all(np.allclose(np.sum(gave, axis=0), total, atol=1e-6) for _, gave in pairs):
            return f"Its columns add up to {total:g}, and its rows do not: look at the axis."
        if not wrong[0].size:  # the one that is shown
            return (
                f"Along the last axis the entries should add up to {total:g}, and on other inputs "
                "than the one below they do not. Which step makes that sum?"
            )
        return (
            f"Along the last axis the entries should add up to {total:g}; one of these sums is "
            f"{wrong[0][0]:.4g}. Which step makes that sum?"
        )
    return ""


def cut_off(pairs: Sequence[Pair]) -> str:
    """Tell if all that is wrong is one number, which lies between what is right and the rest."""
    if any(right.shape != gave.shape for right, gave in pairs):
        return ""
    off = [np.abs(right - gave) > NEAR * np.maximum(np.abs(right), 1e-300) for right, gave in pairs]
    if not all(np.any(each) for each in off):
        return ""
    both = list(zip(pairs, off, strict=True))
    gave = np.concatenate([pair[1][wrong] for pair, wrong in both])
    beyond = np.concatenate([pair[0][wrong] for pair, wrong in both])
    kept = np.concatenate([pair[0][~wrong] for pair, wrong in both])
    bound = float(gave[0])
    if not np.isfinite(bound) or bound in (0.0, 1.0) or np.any(gave != bound):
        return ""
    low = np.all(beyond < bound) and np.all(kept >= bound)
    high = np.all(beyond > bound) and np.all(kept <= bound)
    if np.ptp(beyond) == 0 or not kept.size or not (low or high):
        return ""
    return (
        f"Wherever it is wrong it gives {bound:.6g}: it is cut off there, by a clip, or by a small "
        "number that keeps something away from 0."
    )


def zeroed(pairs: Sequence[Pair]) -> str:
    """Tell if entries are 0 here and there, and the others right but for one factor a result."""
    lost = kept = 0
    for right, gave in pairs:
        if right.shape != gave.shape or not np.all(np.isfinite(right) & np.isfinite(gave)):
            return ""
        some = right != 0
        gone = some & (gave == 0)
        ratios = gave[some & ~gone] / right[some & ~gone]
        if np.any(gave[~some] != 0) or np.any(ratios <= 0):
            return ""
        if ratios.size and np.ptp(ratios) > NEAR * np.max(ratios):
            return ""
        lost += int(np.sum(gone))
        kept += ratios.size if ratios.size > 1 else 0  # one alone is off by some factor
    if min(lost, kept) < ENOUGH:
        return ""
    return (
        "Some entries are 0 that should not be, and all others are right, or off by one factor: "
        "is something dropped on the way, by chance or by a mask?"
    )


def factor(pairs: Sequence[Pair]) -> str:
    """Tell if all entries are off by one factor."""
    ratios = []
    for right, gave in pairs:
        usable = np.isfinite(right) & np.isfinite(gave) & (np.abs(right) > 1e-300)
        if not np.any(usable) or not np.all(np.isfinite(gave) == np.isfinite(right)):
            return ""
        if np.any(gave[right == 0] != 0):  # no factor makes something of nothing
            return ""
        ratio = gave[usable] / right[usable]
        if np.ptp(ratio) > NEAR * np.max(np.abs(ratio)) or ratio[0] == 0:
            return ""
        ratios.append(float(ratio[0]))
    if np.ptp(ratios) <= NEAR * np.max(np.abs(ratios)):
        return _named_factor(ratios[0], sum(right.size for right, _ in pairs) > 1)
    sizes = [right.shape[-1] if right.ndim else 0 for right, _ in pairs]
    if np.allclose(ratios, sizes) or np.allclose(1 / np.asarray(ratios), sizes):
        return "Each result is off by the number of entries: a sum and a mean are mixed up."
    if any(np.sum(np.isfinite(right)) < 2 for right, _ in pairs):
        return ""
    return (
        "Within each result all entries are off by one common factor, which changes from input to "
        "input: is a normalisation, or a factor, missing or wrong?"
    )


def _named_factor(ratio: float, several: bool) -> str:
    """Tell what a factor may come from; between two numbers alone there is always some factor."""
    known = {
        -1.0: "The sign is the only difference.",
        1 / np.log(2): "It is 1/ln 2 times the right result: a logarithm to base 2, not e?",
        np.log(2): "It is ln 2 times the right result: a base of 2 where e is meant?",
        1 / np.log(10): "It is 1/ln 10 times the right result: a logarithm to base 10, not e?",
        np.log(10): "It is ln 10 times the right result: a base of 10 where e is meant?",
        100.0: "It is 100 times the right result: a percentage?",
    }
    for value, sentence in known.items():
        if abs(ratio - value) <= NEAR * abs(value):
            return sentence
    if not several:
        return ""
    return (
        f"Wherever it is wrong it is {ratio:.4g} times the right result: is a factor missing or "
        "too many?"
    )


def offset(pairs: Sequence[Pair]) -> str:
    """Tell if all entries are off by one amount."""
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
            f"Wherever it is wrong it is {abs(offsets[0]):.4g} too "
            f"{'large' if offsets[0] > 0 else 'small'}."
        )
    if any(np.sum(np.isfinite(right)) < 2 for right, _ in pairs):
        return ""
    return "All entries of a result are off by one common amount, which changes with the input."


def known_function(pairs: Sequence[Pair]) -> str:
    """Tell if a known function leads from the right result to what came back."""
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
        if everywhere(pairs, change):
            return sentence
    return ""


def rounded(pairs: Sequence[Pair]) -> str:
    """Tell why everything is close, and nothing right."""
    if not all(np.all(np.isfinite(right)) and np.all(np.isfinite(gave)) for right, gave in pairs):
        return ""
    sizes = [float(np.max(np.abs(right), initial=0.0)) for right, _ in pairs]
    gaps = [
        float(np.max(np.abs(right - gave), initial=0.0)) / max(size, 1e-3 * max(sizes), 1e-300)
        for (right, gave), size in zip(pairs, sizes, strict=True)
    ]
    if max(gaps) >= 0.01:
        if sum(gap < 1e-5 for gap in gaps) >= max(2, len(gaps) / 2):
            return (
                "It is close on some inputs, and far off on others, such as the one below. A "
                "small constant that is added, or a clip, can do that: it decides where numbers "
                "are small."
            )
        return ""
    found = digits_kept(pairs)
    if found:
        return (
            f"All results are rounded to {found}. Return them as they are computed: rounding is "
            "for printing."
        )
    for rule in (_added_to_a_sum, _added_in_a_logarithm, _of_seven_digits):
        if sentence := rule(pairs, max(gaps)):
            return sentence
    return (
        f"It is close, {max(gaps):.1g} off relative to the largest entry: was something "
        "rounded, approximated, or a small constant added?"
    )


def _added_to_a_sum(pairs: Sequence[Pair], gap: float) -> str:
    """Tell if each row is too small by one factor, as if its sum were a little larger."""
    for right, gave in pairs:
        if right.ndim == 0 or right.shape[-1] < 2 or np.any(right < 0):
            return ""
        shares = right > 1e-300  # smaller ones have lost digits, or are rounded to 0
        largest = np.take_along_axis(right, np.argmax(right, axis=-1, keepdims=True), axis=-1)
        given = np.take_along_axis(gave, np.argmax(right, axis=-1, keepdims=True), axis=-1)
        of_row = np.broadcast_to(1 - given / largest, right.shape)
        short = np.where(shares, 1 - gave / np.where(shares, right, 1.0), of_row)
        if np.any(short <= 0) or np.any(np.ptp(short, axis=-1) > 0.01 * np.max(short, axis=-1)):
            return ""
    if len(pairs) < 2:
        return ""
    return (
        f"Every entry of a row is too small by one factor, at most {gap:.1g}: as if a small "
        "constant were added to the sum that the row is divided by. Leave it out: after the shift "
        "by the maximum that sum is at least 1."
    )


def _added_in_a_logarithm(pairs: Sequence[Pair], gap: float) -> str:
    """Tell if the exponentials are off by one constant, where its digits can be seen."""
    with np.errstate(all="ignore"):
        extra = [np.ravel(np.exp(gave) - np.exp(right)) for right, gave in pairs]
    some = np.concatenate(extra)
    if len(pairs) < 2 or some.size < 3 or not np.all(np.isfinite(some)) or np.min(some) <= 0:
        return ""
    constant = float(np.median(some))
    if constant < 1e-14 or np.ptp(some) > 0.01 * constant + 1e-15:
        return ""
    return (
        f"As if {constant:.1g} were added inside the logarithm. Leave it out, and compute the "
        "logarithm itself: no 0 can be in it if no exponential is taken before."
    )


def _of_seven_digits(pairs: Sequence[Pair], gap: float) -> str:
    if gap < 1e-6:
        return (
            "It agrees to about seven digits: is something computed in float32 on the way, or a "
            "small constant added? NumPy's own float64 has sixteen."
        )
    return ""
