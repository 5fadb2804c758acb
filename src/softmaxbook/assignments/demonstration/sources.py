"""What the students of the demonstration write, and what each answer has to earn.

Right answers and mistakes are taken from the exercises themselves; only other styles, answers that
nobody foresaw and hostile ones are written here.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from softmaxbook.checking import Exercise, Status
from softmaxbook.checking.specification import can_surround, source_of
from softmaxbook.checking.syntax import syntax_tree

from ..assignment import Chosen

Write = Callable[[Chosen, Exercise], str]  # the exercise is the student's own variant


@dataclass(frozen=True)
class Given:
    """An answer, and the mark it has to get; `points` of None are all that there are."""

    write: Write
    points: tuple[float, ...] | None = None
    status: Status = Status.CORRECT
    mistakes: tuple[str, ...] = ()


def _as_in_the_book(chosen: Chosen, exercise: Exercise) -> str:
    return _doing(chosen, exercise, exercise.solution)


RIGHT = Given(_as_in_the_book)


def mistaken(name: str, *points: float) -> Given:
    """Return the answer that makes the exercise's mistake of that name."""

    def write(chosen: Chosen, exercise: Exercise) -> str:
        return _doing(chosen, exercise, _mistake(exercise, name))

    return Given(write, points, Status.MISTAKE, (name.replace("_", " "),))


def twice_mistaken(outer: str, inner: str, *points: float) -> Given:
    """Return the answer that makes one mistake around another."""

    def write(chosen: Chosen, exercise: Exercise) -> str:
        around, within = _mistake(exercise, outer), _mistake(exercise, inner)
        parts = (
            source_of(exercise.solution),
            source_of(within),
            source_of(around),
            f"def {exercise.name}(given):\n    return {outer}(given, base={inner})\n",
        )
        return "\n".join(parts)

    names = tuple(each.replace("_", " ") for each in (outer, inner))
    return Given(write, points, Status.MISTAKE, names)


def typed(
    source: str, *points: float, status: Status = Status.CORRECT, mistakes: tuple[str, ...] = ()
) -> Given:
    """Return an answer as it is typed; without points it is right."""

    def write(chosen: Chosen, exercise: Exercise) -> str:
        return source.replace("ANSWER", chosen.variable)

    return Given(write, points or None, status, mistakes)


def percent(chosen: Chosen, exercise: Exercise) -> str:
    """Return the right number, written as a percentage."""
    return f'{chosen.variable} = "{100 * exercise.solution(*exercise.given):.4g} %"'


def capital(chosen: Chosen, exercise: Exercise) -> str:
    """Return the letter of the right option, as a capital."""
    return f'{chosen.variable} = "{exercise.solution().upper()}"'


def _mistake(exercise: Exercise, name: str) -> Callable[..., Any]:
    return next(each for each in exercise.mistakes if each.__name__ == name)


def _doing(chosen: Chosen, exercise: Exercise, function: Callable[..., Any]) -> str:
    """Return a program that does what the solution or a mistake does."""
    if exercise.form != "function":
        value = function(*exercise.given)
        plain = value if isinstance(value, str) else float(value)
        return f"{chosen.variable} = {plain!r}"
    if function is not exercise.solution and can_surround(function):
        changed = source_of(exercise.solution), source_of(function)
        return "\n".join((*changed, f"{exercise.name} = {function.__name__}\n"))
    return _renamed(source_of(function), function.__name__, exercise.name)


def _renamed(source: str, old: str, new: str) -> str:
    """Return a function's text under another name, without the hint that its docstring is."""
    node = syntax_tree(source).body[0]
    if isinstance(node, ast.FunctionDef) and ast.get_docstring(node) is not None:
        lines = source.splitlines()
        del lines[node.body[0].lineno - 1 : node.body[0].end_lineno]
        source = "\n".join(lines) + "\n"
    return re.sub(rf"\b{old}\b", new, source)
