"""What a learner gets back: a verdict, shown by a notebook and printed by a terminal."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from .judging import Status
from .outcomes import Outcome

MARKS = {Status.CORRECT: "✓", Status.NOT_ATTEMPTED: "○"}  # every other status: ✗


@dataclass(frozen=True)
class AspectResult:
    """What one aspect of an answer earned."""

    name: str
    earned: float
    points: float


@dataclass(frozen=True)
class CounterExample:
    """An input on which an answer differs, with both results in words."""

    name: str
    why: str
    arguments: str
    expected: str
    got: str

    def __str__(self) -> str:
        lines = [f"On “{self.name}”{': ' + self.why if self.why else '.'}", ""]
        given = [f"    {line}" for line in self.arguments.splitlines()]
        return "\n".join(
            [*lines, *given, f"    expected  {self.expected}", f"    got       {self.got}"]
        )


@dataclass(frozen=True)
class Verdict:
    """The answer to an answer: a status, a message, and what shows it.

    `mistakes` names the known mistake that behaves identically (two if they were made together),
    and `hint` is its hint. A notebook shows a verdict as Markdown, `str` as text.
    """

    exercise: str
    status: Status
    message: str
    mistakes: tuple[str, ...] = ()
    hint: str = ""
    counter_example: CounterExample | None = None
    aspects: tuple[AspectResult, ...] = ()
    remarks: tuple[str, ...] = ()

    def without_mistakes(self) -> Verdict:
        """Return the verdict of an edition without solutions: it names no mistake."""
        if self.status is not Status.MISTAKE:
            return self
        message = "The result differs from the right one."
        return replace(self, status=Status.WRONG, message=message, mistakes=(), hint="")

    @property
    def points(self) -> float:
        """Return the points earned over all aspects."""
        return sum(aspect.earned for aspect in self.aspects)

    @property
    def correct(self) -> bool:
        """Return whether nothing is left to mend."""
        return self.status is Status.CORRECT

    def __str__(self) -> str:
        title = self.status.value
        if self.mistakes:
            title = f"{title}: {' and '.join(self.mistakes)}"
        parts = [f"{MARKS.get(self.status, '✗')} **{title[0].upper()}{title[1:]}.** {self.message}"]
        parts += [self.hint] if self.hint else []
        parts += [str(self.counter_example)] if self.counter_example else []
        if len(self.aspects) > 1 and self.status in (Status.MISTAKE, Status.WRONG):
            earned = (f"{'✓' if each.earned else '✗'} {each.name}" for each in self.aspects)
            parts.append("Aspects: " + " · ".join(earned))
        parts += [f"By the way: {remark}" for remark in self.remarks]
        return "\n\n".join(parts)

    __repr__ = __str__

    def _repr_markdown_(self) -> str:
        return str(self)


def described(outcome: Outcome, digits: int = 6) -> str:
    """Return an outcome in one line: the value with its shape and dtype, or what else it was."""
    if outcome.how == "raised":
        return f"{outcome.type_name}: {outcome.message}"
    if outcome.array is None:
        return outcome.type_name or outcome.how
    array = outcome.array
    size = f"shape {array.shape}, " if array.ndim else ""
    return f"{shown(array, digits)}  ({size}{array.dtype})"


def shown(value: Any, digits: int = 6) -> str:
    """Return a value as short text."""
    if not isinstance(value, (np.ndarray, float)):
        return repr(value)
    text = np.array2string(
        np.asarray(value), precision=digits, threshold=30, separator=", ", floatmode="maxprec"
    )
    return " ".join(text.split())
