"""What a learner holds: an exercise to read, to check an answer against, and to ask for hints."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from .isolation import repair
from .judging import Judgement, Status, judge, judge_choice
from .messages import verdict, verdict_on_choice
from .outcomes import Odd, Outcome, plain
from .placeholders import is_placeholder, is_starter
from .questions import letter, meanings, solutions_shown
from .running import SECONDS, run
from .specification import Exercise
from .verdicts import Verdict


class Passage:
    """A piece of Markdown: a notebook renders it, `print` shows its text."""

    def __init__(self, markdown: str) -> None:
        self.markdown = markdown

    def __str__(self) -> str:
        return self.markdown

    __repr__ = __str__

    def _repr_markdown_(self) -> str:
        return self.markdown


class Attempt:
    """One exercise, and how far its hints have been read.

    A notebook shows it as the statement, with the hints folded one inside the other, and the
    solution folded below them. ``check(answer)`` returns a verdict; ``hint()`` the next hint;
    ``reveal()`` the solution.

    Used on the page *exercises*.
    """

    def __init__(self, exercise: Exercise) -> None:
        self.exercise = exercise
        self._hints_read = 0

    def check(
        self, answer: Any = ..., *, seed: int | None = None, seconds: float = SECONDS
    ) -> Verdict:
        """Return the verdict on `answer`: a function, a number, an array, or a letter.

        The fresh inputs are drawn with `seed`; all calls together may take `seconds`.
        """
        replaced = repair()
        found = _check(self.exercise, answer, seed, seconds)
        if not solutions_shown():
            found = found.without_mistakes()
        if not replaced:
            return found
        names = ", ".join(f"`{name}`" for name in replaced)
        return _with_remark(found, f"{names} had been replaced in this notebook and is put back.")

    def hint(self) -> Passage:
        """Return the next hint; after the last one, the last one again."""
        hints = self.exercise.hints
        self._hints_read = min(self._hints_read + 1, len(hints))
        n = self._hints_read
        more = "" if n < len(hints) else " This is the last one; `reveal()` shows the solution."
        return Passage(f"**Hint {n} of {len(hints)}.** {hints[n - 1]}{more}")

    def reveal(self) -> Passage:
        """Return the solution, folded: a click opens it."""
        if not solutions_shown():
            return Passage("This copy of the book comes without solutions.")
        return Passage(folded("Solution", self.exercise.solution_text()))

    def statement(self) -> Passage:
        """Return the statement for a page that has title, options and starter of its own."""
        nature = f"*{_nature(self.exercise)}*"
        title = "**Predict first**" if self.exercise.opening else nature
        return Passage(f"{title}\n\n{self.exercise.prompt()}")

    def help(self) -> Passage:
        """Return the hints, folded one inside the other, and the folded solution below them."""
        inner = ""
        for n, hint in reversed(list(enumerate(self.exercise.hints, start=1))):
            inner = folded(f"Hint {n}", f"{hint}\n\n{inner}".rstrip())
        solution = self.reveal().markdown if solutions_shown() else ""
        return Passage("\n\n".join(part for part in (inner, solution) if part))

    def __str__(self) -> str:
        return f"{_heading(self.exercise)}\n\n{self.exercise.text()}"

    __repr__ = __str__

    def _repr_markdown_(self) -> str:
        return f"{self}\n\n{self.help()}"


def _heading(exercise: Exercise) -> str:
    return f"**{exercise.title}** · {_nature(exercise)}"


def _nature(exercise: Exercise) -> str:
    stars = "★" * exercise.difficulty + "☆" * (3 - exercise.difficulty)
    words = {"write": "write it", "find": "find the mistake"}
    kind = words.get(exercise.kind, exercise.kind)
    return f"{kind} · {stars} ({exercise.difficulty} of 3)"


def folded(summary: str, markdown: str) -> str:
    """Return Markdown that opens under a summary, in notebooks and on the built site alike."""
    return f"<details>\n<summary>{summary}</summary>\n\n{markdown}\n\n</details>"


def _with_remark(found: Verdict, remark: str) -> Verdict:
    return replace(found, remarks=(*found.remarks, remark))


def _check(exercise: Exercise, answer: Any, seed: int | None, seconds: float) -> Verdict:
    if exercise.form == "function":
        return _check_function(exercise, answer, seed, seconds)
    return check_value(exercise, answer)


def check_value(exercise: Exercise, answer: Any) -> Verdict:
    """Return the verdict on a number, an array, a text or a letter: on plain data."""
    if is_placeholder(answer):
        return _not_attempted(exercise, "There is no answer yet.")
    if exercise.form == "choice":
        return _check_choice(exercise, answer)
    return _check_number(exercise, answer)


def _check_function(exercise: Exercise, answer: Any, seed: int | None, seconds: float) -> Verdict:
    if is_placeholder(answer):
        return _not_attempted(exercise, f"Hand over your function: `check({exercise.name})`.")
    if not callable(answer):
        return Verdict(
            exercise.id,
            Status.UNREADABLE,
            f"A function is expected, not its result: `check({exercise.name})`, without brackets "
            "behind the name.",
        )
    if isinstance(answer, type):
        message = (
            f"`{answer.__name__}` is a class: hand over an object of it, `{answer.__name__}(…)`."
        )
        return Verdict(exercise.id, Status.UNREADABLE, message)
    if is_starter(exercise.starter, exercise.name, answer):
        return _not_attempted(exercise, "It is still the starter's code.")
    probes = exercise.trials(seed)
    outcomes = run(answer, probes, exercise.parameters, seconds)
    return verdict(exercise, probes, outcomes, judge(exercise, probes, outcomes))


def _check_choice(exercise: Exercise, answer: Any) -> Verdict:
    try:
        chosen = letter(exercise, answer)
    except ValueError as error:
        return Verdict(exercise.id, Status.UNREADABLE, f"{error}.")
    return verdict_on_choice(exercise, chosen, judge_choice(exercise, chosen))


def _check_number(exercise: Exercise, answer: Any) -> Verdict:
    probes = exercise.probes[:1]
    found = []
    try:
        for meant in meanings(answer, exercise.percent):
            outcomes = [Outcome("value", _observed(exercise, meant))]
            found.append(verdict(exercise, probes, outcomes, judge(exercise, probes, outcomes)))
    except ValueError as error:
        return Verdict(exercise.id, Status.UNREADABLE, f"{error}.")
    except Odd as odd:
        return Verdict(exercise.id, Status.UNREADABLE, f"A number is expected; this is {odd}.")
    order = [Status.CORRECT, Status.MISTAKE, Status.WRONG]  # a doubtful text means what fits best
    return min(found, key=lambda each: order.index(each.status))


def _observed(exercise: Exercise, answer: Any) -> Any:
    """Return an answer as an array of the solution's shape, or what matters about it."""
    if callable(answer) and not hasattr(answer, "__array__"):
        raise ValueError("A number is expected, and this is a function: hand over its result")
    array = plain(answer)
    if exercise.observe is not None:
        with np.errstate(all="ignore"):
            return plain(exercise.observe(array))
    shape = np.shape(exercise.solution(*exercise.given))
    if array.size != np.prod(shape, dtype=int):
        wanted = "one number" if shape == () else f"{np.prod(shape)} numbers"
        raise ValueError(f"The question asks for {wanted}; here are {array.size}")
    return array.reshape(shape)


def _not_attempted(exercise: Exercise, message: str) -> Verdict:
    aspects = verdict(exercise, exercise.probes, [], Judgement(Status.NOT_ATTEMPTED)).aspects
    return Verdict(exercise.id, Status.NOT_ATTEMPTED, message, aspects=aspects)
