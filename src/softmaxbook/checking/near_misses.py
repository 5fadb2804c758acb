"""What to say about a wrong number that no mistake explains, without giving the right one away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .comparison import close
from .outcomes import Outcome
from .specification import Exercise

Values = NDArray[np.float64]

NEAR = 0.1  # relative
OTHERWISE = {
    "close": "That is close. Calculate with more digits and round only at the end.",
    "short": "That is close. Give more digits.",
    "short of zero": "That is close. Give more digits: zeros at the front do not count.",
    "large": "That is too large.",
    "small": "That is too small.",
    "a little large": "That is too large, by more than rounding on the way explains.",
    "a little small": "That is too small, by more than rounding on the way explains.",
    "outside": "A probability lies between 0 and 1.",
    "several": "Not yet: at least one of the numbers differs.",
}

# A slip that any question may meet: what it makes of the right value, and what is said.
_SLIPS: tuple[tuple[Callable[[Values], Values], str], ...] = (
    (np.negative, "Look at the sign."),
    (lambda v: 100 * v, "Is that a percentage? Then write the % sign, or divide by 100."),
    (lambda v: v / 100, "That is a hundredth of it: is it divided by 100 once too often?"),
    (lambda v: 1 / v, "That is upside down: one over it."),
    (lambda v: 1 - v, "That is one minus it: what is left for the others."),
    (np.exp, "That is the exponential of it: one step too far, or a logarithm too few."),
    (np.log, "That is the logarithm of it: one step too far, or an exponential too few."),
    (np.square, "That is the square of it."),
    (np.sqrt, "That is the square root of it."),
    (lambda v: v[::-1], "The right numbers, in reverse order."),
)


def values_of(exercise: Exercise, function: Callable[..., Any]) -> Values:
    """Return what a solution or a mistake answers to the question, one value a field."""
    return np.ravel(np.asarray(function(*exercise.given), dtype=float))


def nudges(exercise: Exercise) -> list[tuple[Values, str]]:
    """Return the values of common slips, with what to say to each.

    Left out are those that the solution or a mistake has, and those too close to the solution to
    be told apart from a rounding.
    """
    right = values_of(exercise, exercise.solution)
    taken = [right, *(values_of(exercise, mistake) for mistake in exercise.mistakes)]
    found: list[tuple[Values, str]] = []
    for slip, sentence in _SLIPS:
        with np.errstate(all="ignore"):
            value = slip(right)
            wide = 3 * exercise.recognised(value)
        clear = not any(close(each, value, 0.0, wide) for each in taken)
        if clear and np.all(np.isfinite(value)) and not close(right, value, NEAR, 0.0):
            found.append((value, sentence))
            taken.append(value)
    return found


def nudge(exercise: Exercise, outcome: Outcome) -> str:
    """Return what to say about a wrong number."""
    if outcome.array is None or exercise.observe is not None:
        return f"That does not do what the question asks for. {exercise.nudge}".rstrip()
    return f"{_told(exercise, np.ravel(outcome.array).astype(float))} {exercise.nudge}".rstrip()


def _told(exercise: Exercise, gave: Values) -> str:
    right = values_of(exercise, exercise.solution)
    for value, sentence in nudges(exercise):
        if close(value, gave, 0.0, exercise.recognised(value)):
            return sentence
    if not np.all(np.isfinite(gave)):
        return "The result is an ordinary, finite number."
    if exercise.percent and not np.all((gave >= 0) & (gave <= 1)):
        return OTHERWISE["outside"]
    counted = bool(np.all(right == np.round(right)) and np.all(gave == np.round(gave)))
    if not counted and _shortened(right, gave):
        small = right.size == 1 and abs(right[0]) < 0.1  # where digits are taken for decimals
        return OTHERWISE["short of zero" if small else "short"]
    if not counted and close(right, gave, 0.0, exercise.rounding(right)):
        return OTHERWISE["close"]
    if right.size > 1:
        return OTHERWISE["several"]
    little = "a little " if close(right, gave, NEAR, 0.0) and not counted else ""
    return OTHERWISE[f"{little}{'large' if gave[0] > right[0] else 'small'}"]


def _shortened(right: Values, gave: Values) -> bool:
    """Return whether each value is the right one, rounded to some number of digits."""
    return all(
        any(float(f"{one:.{digits}g}") == two for digits in range(1, 17))
        for one, two in zip(right, gave, strict=True)
    )
