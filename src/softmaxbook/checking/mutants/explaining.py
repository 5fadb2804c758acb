"""Which change of the solution an answer behaves like, if any, and in which words."""

from __future__ import annotations

import ast
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from ..comparison import agreements, close, expectations, tolerance
from ..outcomes import Outcome
from ..questions import solutions_shown
from ..specification import Exercise, Probe
from .arithmetic import (
    brackets,
    comparisons,
    denominators,
    factors,
    matrices,
    powers,
    signs,
    terms,
)
from .calls import CALLS, log_of_softmax
from .counting import constants, counts, indices, ranges
from .shifts import shifts
from .slips import ODD, Slip, called
from .speaking import NAMELESS, Speaker
from .statements import lines, names, results
from .trees import Edit, Function, Place, compiled, functions

LEAST = 2  # failing inputs: on one alone, a match is chance
_OPERATORS: tuple[Callable[[ast.AST, Speaker], Iterator[Slip]], ...] = (
    terms, factors, brackets, powers, matrices, signs, comparisons, denominators, *CALLS,
    log_of_softmax, shifts, counts, ranges, indices,
)  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """A change of the solution that can be called, and what it is as if."""

    function: Callable[..., Any]
    clause: str
    step: str = ""  # where it is made, if the same can be made in several steps
    rank: int = 0
    guard: bool = False


@dataclass(frozen=True)
class _Change:
    edits: tuple[Edit, ...]
    slip: Slip
    line: int = 0
    step: str = ""


@lru_cache(maxsize=256)
def mutants(exercise: Exercise) -> tuple[Mutant, ...]:
    """Return the changes of an exercise's solution, each as a function."""
    own = functions(exercise)
    say = Speaker(exercise, own)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the compiler: a number is called, or indexed
        return tuple(
            Mutant(made, change.slip.clause, change.step, change.slip.rank, change.slip.guard)
            for function in own
            for change in _changes(function, say)
            if (made := compiled(own, function, change.edits)) is not None
        )


def _changes(function: Function, say: Speaker) -> list[_Change]:
    """Return all changes of one function: at one place, and the same slip at every place."""
    single = [
        _Change((Edit(place, slip.new),), slip, getattr(place.node, "lineno", 0), step)
        for place, step in _steps(function, say)
        for slip in _slips(place, function, say)
    ]
    together: dict[str, list[_Change]] = defaultdict(list)
    for change in single:
        if change.slip.together:
            together[change.slip.together].append(change)
    joint = []
    for clause, changes in together.items():
        apart = {id(change.edits[0].place.node): change for change in reversed(changes)}
        if len(apart) > 1:
            slip = replace(changes[0].slip, clause=clause)
            if slip.joint_rank is not None:
                slip = replace(slip, rank=slip.joint_rank)
            joint.append(_Change(tuple(each.edits[0] for each in apart.values()), slip))
    return [*_located(single), *joint]


def _located(changes: Sequence[_Change]) -> Iterator[_Change]:
    """Yield changes that name their step only where the same can be made in several."""
    steps = Counter(clause for clause, _ in {(each.slip.clause, each.line) for each in changes})
    for each in changes:
        yield each if steps[each.slip.clause] > 1 else replace(each, step="")


def _steps(function: Function, say: Speaker) -> Iterator[tuple[Place, str]]:
    """Yield every place, with words for the step to which it belongs."""
    step = ""
    for place in function.places():
        node = place.node
        if isinstance(node, ast.Return):
            step = "in the last step"
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            noun = say.noun(node.targets[0])
            step = "in an earlier step" if noun == NAMELESS else f"in the step for {noun}"
        elif isinstance(node, ast.stmt):
            step = "in an earlier step"
        yield place, step


def _slips(place: Place, function: Function, say: Speaker) -> Iterator[Slip]:
    node = place.node
    for operator in _OPERATORS:
        yield from operator(node, say)
    if not isinstance(place.parent, (ast.keyword, ast.UnaryOp)):
        yield from constants(node, say)
    if called(place.parent) != "len":
        yield from names(node, function, say)
    yield from lines(node, function, say)
    if place.parent is function.tree and function.main:
        yield from results(node)


def explanation(
    exercise: Exercise,
    probes: Sequence[Probe],
    right: Sequence[Outcome],
    outcomes: Sequence[Outcome],
    passed: Sequence[bool],
) -> str:
    """Return as what an answer behaves, in a sentence, or an empty string.

    It has to agree with one change of the solution on every input, and to be wrong on two at least.
    Where solutions are not shown nothing is told: the words are of the solution.
    """
    failed = [k for k, ok in enumerate(passed) if not ok]
    values = [k for k in failed if outcomes[k].how == "value"]
    if exercise.form != "function" or len(values) < LEAST or not solutions_shown():
        return ""
    lost = sum(not _tells(exercise, probes[k], right[k], outcomes[k]) for k in values)
    guards = len(values) - lost < LEAST
    shaped = all(_shape(right[k]) == _shape(outcomes[k]) for k in values)
    order = [*values, *(k for k in range(len(probes)) if k not in values)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of means of nothing, and their like
        found = [
            each
            for each in mutants(exercise)
            if (each.guard or not guards)
            and (each.rank < ODD or shaped)
            and _agrees(exercise, each, probes, outcomes, order)
        ]
    return said(found)


def _shape(outcome: Outcome) -> tuple[int, ...]:
    return () if outcome.array is None else outcome.array.shape


def _tells(exercise: Exercise, probe: Probe, right: Outcome, did: Outcome) -> bool:
    """Return whether a wrong result holds a wrong number, and not only infinities and nan."""
    if did.array is None or right.array is None or did.array.shape != right.array.shape:
        return did.array is not None and bool(np.any(np.isfinite(did.array)))
    finite = np.isfinite(did.array)
    relative, absolute = tolerance(exercise, probe, right, did)
    return not close(right.array[finite], did.array[finite], relative, absolute)


def _agrees(
    exercise: Exercise,
    mutant: Mutant,
    probes: Sequence[Probe],
    outcomes: Sequence[Outcome],
    order: Sequence[int],
) -> bool:
    """Return whether a mutant does what the answer did; it is left at the first input where not."""
    return all(
        all(
            agreements(
                exercise,
                [probes[k]],
                expectations(exercise, mutant.function, [probes[k]]),
                [outcomes[k]],
            )
        )
        for k in order
    )


def said(found: Sequence[Mutant]) -> str:
    """Return the words for the mutants that an answer behaves like; none where they differ much.

    The likeliest kinds are told. Two of them come to the same on every input, and are both told;
    more say nothing about what the learner has done.
    """
    rank = min((each.rank for each in found), default=0)
    likely = [each for each in found if each.rank == rank]
    clauses = list(dict.fromkeys(each.clause for each in likely))
    if not clauses or len(clauses) > (1 if rank == ODD else 2):
        return ""
    if any(NAMELESS in clause for clause in clauses):
        return ""
    steps = {each.step for each in likely}
    where = f", {steps.pop()}" if len(clauses) == len(steps) == 1 and "" not in steps else ""
    either = " – or, which comes to the same here, as if ".join(clauses)
    return f"It behaves on every input as if {either}{where}."
