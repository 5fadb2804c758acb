"""What an exercise owes its learners, checked: the solution passes, mistakes are told apart."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np

from .attempts import Attempt
from .comparison import expectations, same, tolerance
from .judging import Status, judge
from .running import run
from .specification import Exercise, Probe, hint_of, name_of

SEPARATING = 2  # fixed probes that have to tell any two apart: one alone is luck
VARIANTS = 30


def unsound(exercise: Exercise) -> tuple[str, ...]:
    """Return what is wrong with an exercise, one sentence each; nothing where it is sound.

    The book's exercises are held to this by the tests, an instructor's own before a release.
    """
    problems = list(_of_starters(exercise)) if exercise.form == "function" else []
    if problems:  # no verdict without a starter
        return tuple(problems)
    problems = [*_of_verdicts(exercise), *_of_hints(exercise)]
    if exercise.form == "function":
        problems += _of_functions(exercise)
    elif exercise.form == "choice":
        problems += _of_choices(exercise)
    else:
        problems += _of_numbers(exercise)
    return tuple(problems)


def unseparated(exercise: Exercise) -> list[tuple[str, str]]:
    """Return the pairs of solution and mistakes that fewer than two fixed probes tell apart."""
    return _pairs_apart_on_fewer(exercise, exercise.probes, SEPARATING)


def answered(exercise: Exercise, function: Any) -> Any:
    """Return what a solution or mistake hands over: itself, or its value."""
    return function if exercise.form == "function" else function(*exercise.given)


def _pairs_apart_on_fewer(
    exercise: Exercise, probes: tuple[Probe, ...], least: int
) -> list[tuple[str, str]]:
    functions = (exercise.solution, *exercise.mistakes)
    did = [expectations(exercise, function, probes) for function in functions]
    return [
        (functions[one].__name__, functions[two].__name__)
        for one, two in itertools.combinations(range(len(functions)), 2)
        if sum(
            not same(a, b, *tolerance(exercise, given, a, b))
            for given, a, b in zip(probes, did[one], did[two], strict=True)
        )
        < least
    ]


def _of_starters(exercise: Exercise) -> Iterator[str]:
    names: dict[str, Any] = {"np": np}
    try:
        exec(exercise.starter, names)
    except Exception as error:
        yield f"the starter does not run ({type(error).__name__}: {error})"
        return
    begun = names.get(exercise.name)
    if not callable(begun):
        yield f"the starter does not define {exercise.name}"
    elif judge(exercise, exercise.probes, run(begun, exercise.probes)).status is Status.CORRECT:
        yield "the starter is a right answer already"


def _of_verdicts(exercise: Exercise) -> Iterator[str]:
    found = Attempt(exercise).check(answered(exercise, exercise.solution))
    if not found.correct:
        yield f"the solution is not judged right, but “{found.status.value}”"
    for mistake in exercise.mistakes:
        found = Attempt(exercise).check(answered(exercise, mistake))
        if found.status is not Status.MISTAKE or found.mistakes not in (
            (name_of(mistake),),
            (),  # SOFTMAXBOOK_SOLUTIONS=no names none
        ):
            yield f"the mistake {mistake.__name__} is not recognised as itself"


def _of_hints(exercise: Exercise) -> Iterator[str]:
    if len({hint_of(mistake) for mistake in exercise.mistakes}) < len(exercise.mistakes):
        yield "two mistakes have the same hint"


def _of_functions(exercise: Exercise) -> Iterator[str]:
    for one, two in unseparated(exercise):
        yield f"fewer than {SEPARATING} fixed probes tell {one} from {two}: add a probe"


def _of_choices(exercise: Exercise) -> Iterator[str]:
    letters = {letter for letter, _ in exercise.options}
    right = exercise.solution()
    if right not in letters:
        yield f"the solution {right!r} is none of the options"
    elif sorted(mistake() for mistake in exercise.mistakes) != sorted(letters - {right}):
        yield "every wrong option needs one mistake of its own"


def _of_numbers(exercise: Exercise) -> Iterator[str]:
    if exercise.observe is not None:
        pairs = _pairs_apart_on_fewer(exercise, exercise.probes[:1], 1)
        yield from (f"{one} and {two} are told as one" for one, two in pairs)
        return
    if not exercise.separated():
        yield "the values of solution and mistakes are closer than three times the tolerance"
        return
    try:
        prompts = {exercise.variant(seed).prompt() for seed in range(VARIANTS)}
    except ValueError as error:
        yield str(error)
        return
    if exercise.fresh is not None and len(prompts) < 5:
        yield f"{VARIANTS} seeds give only {len(prompts)} different questions: widen `fresh`"
