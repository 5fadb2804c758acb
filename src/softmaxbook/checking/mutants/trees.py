"""A solution as a syntax tree: read, changed in one place or several, and compiled again.

A change puts another node where one stands, compiles, and puts the old one back, which is many
times faster than a copy of the tree for each mutant.
"""

from __future__ import annotations

import ast
import inspect
import types
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ..specification import Exercise, source_of
from ..syntax import syntax_tree

STEPS = 20_000  # that the loops of one call of a mutant may make
_TICK = "__a_step__"


class Endless(Exception):
    """A mutant's loops have made more steps than any solution does."""


@dataclass(frozen=True)
class Place:
    """Where a node stands: a field of its parent, and the position if that is a list."""

    parent: ast.AST
    field: str
    position: int | None = None

    @property
    def node(self) -> Any:
        """Return what stands there."""
        value = getattr(self.parent, self.field)
        return value if self.position is None else value[self.position]

    def put(self, node: Any) -> None:
        """Put another node there."""
        if self.position is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.position] = node


@dataclass(frozen=True)
class Edit:
    """One node in place of another."""

    place: Place
    new: Any


@dataclass(frozen=True)
class Function:
    """A solution, or a function of its module that it calls."""

    function: types.FunctionType
    tree: ast.FunctionDef
    main: bool = False  # the solution itself

    def places(self) -> Iterator[Place]:
        """Yield every place below the function's body, in the order of reading."""
        for position in range(len(self.tree.body)):
            place = Place(self.tree, "body", position)
            yield place
            yield from _below(place.node)


def functions(exercise: Exercise) -> list[Function]:
    """Return the solution and the functions of its module that it calls, as trees.

    The list is empty where the source cannot be read: a solution typed into a terminal, or made by
    another function.
    """
    solution = exercise.solution
    if not isinstance(solution, types.FunctionType) or solution.__closure__:
        return []
    found: list[Function] = []
    waiting = [solution]
    while waiting:
        function = waiting.pop(0)
        tree = _tree(function)
        if tree is None:
            return []
        found.append(Function(function, tree, main=function is solution))
        known = [each.function for each in found] + waiting
        waiting += [
            helper
            for name in function.__code__.co_names
            if isinstance(helper := function.__globals__.get(name), types.FunctionType)
            and helper.__module__ == solution.__module__
            and not any(helper is each for each in known)
        ]
    return found


def _tree(function: types.FunctionType) -> ast.FunctionDef | None:
    try:
        tree = syntax_tree(source_of(function)).body[0]
    except (OSError, TypeError, SyntaxError, IndexError):
        return None
    if not isinstance(tree, ast.FunctionDef):
        return None
    if inspect.getdoc(function):
        tree.body = tree.body[1:] or tree.body
    return tree


def _below(node: ast.AST) -> Iterator[Place]:
    for field, value in ast.iter_fields(node):
        if isinstance(value, list):
            for position, each in enumerate(value):
                if isinstance(each, ast.AST):
                    yield Place(node, field, position)
                    yield from _below(each)
        elif isinstance(value, ast.AST) and not isinstance(value, ast.expr_context):
            yield Place(node, field)
            yield from _below(value)


def compiled(
    own: Sequence[Function], changed: Function, edits: Sequence[Edit]
) -> Callable[..., Any] | None:
    """Return the solution with some nodes of one of its functions replaced, or None.

    None comes back where Python does not accept the change.
    """
    old = [edit.place.node for edit in edits]
    for edit, before in zip(edits, old, strict=True):
        edit.place.put(_located(edit.new, before))
    try:
        code = _code(changed.tree)
    except (SyntaxError, ValueError, TypeError):
        return None
    finally:
        for edit, before in zip(reversed(edits), reversed(old), strict=True):
            edit.place.put(before)
    names = dict(own[0].function.__globals__)
    clock = _Clock()
    names[_TICK] = clock.tick
    made: dict[str, types.FunctionType] = {}
    for each in own:
        body = code if each is changed else each.function.__code__
        made[each.function.__name__] = types.FunctionType(
            body, names, each.function.__name__, each.function.__defaults__
        )
    names.update(made)
    solution = made[own[0].function.__name__]

    def mutant(*arguments: Any) -> Any:
        clock.steps = 0
        return solution(*arguments)

    return mutant


class _Clock:
    """Counts the steps of a call's loops: a change may make one that has no end."""

    def __init__(self) -> None:
        self.steps = 0

    def tick(self) -> None:
        """Count one step, or raise `Endless`."""
        self.steps += 1
        if self.steps > STEPS:
            raise Endless("too many steps")


def _located(new: Any, before: Any) -> Any:
    for each in new if isinstance(new, list) else [new]:
        if isinstance(each, ast.AST):
            if not hasattr(each, "lineno") and hasattr(before, "lineno"):
                ast.copy_location(each, before)
            ast.fix_missing_locations(each)
    return new


def _code(tree: ast.FunctionDef) -> types.CodeType:
    """Return the code of a function whose loops count their steps."""
    loops = [each for each in ast.walk(tree) if isinstance(each, (ast.For, ast.While))]
    for loop in loops:
        tick = ast.Expr(ast.Call(ast.Name(_TICK, ast.Load()), [], []))
        loop.body.insert(0, ast.fix_missing_locations(ast.copy_location(tick, loop)))
    try:
        module = compile(ast.Module([tree], []), "<a change of the solution>", "exec")
    finally:
        for loop in loops:
            del loop.body[0]
    return next(
        each
        for each in module.co_consts
        if isinstance(each, types.CodeType) and each.co_name == tree.name
    )
