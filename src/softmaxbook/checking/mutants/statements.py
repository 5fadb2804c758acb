"""Slips in lines and names, and what is done to a result at the very end."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any

from .slips import (
    ODD,
    PLAUSIBLE,
    Slip,
    constant,
    everywhere,
    minus,
    numpy,
    operation,
    sigmoid,
    softmax,
)
from .speaking import Speaker
from .trees import Function


def lines(node: ast.AST, function: Function, say: Speaker) -> Iterator[Slip]:
    """Yield a line left out, a change in the other direction, a branch that is never taken."""
    if isinstance(node, ast.AugAssign):
        yield from _in_place(node, say)
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        target = node.targets[0]
        if isinstance(target, ast.Subscript) or _known_before(node, function, target):
            yield Slip(ast.Pass(), f"{say.noun(target)} were left as it was before")
    if isinstance(node, ast.If):
        yield Slip(ast.If(constant(True), node.body, []), "the condition of a branch always held")
        never = ast.If(constant(False), [ast.Pass()], node.orelse)
        yield Slip(never, "the condition of a branch never held")
    if isinstance(node, ast.Break):
        yield Slip(ast.Pass(), "the loop were never left early")
    if isinstance(node, ast.For) and isinstance(function.tree.body[-1], ast.Return):
        inside = [*node.body, function.tree.body[-1]]
        new = ast.For(node.target, node.iter, inside, node.orelse)
        yield Slip(new, "the loop ended after its first round: a `return` inside it")


def _in_place(node: ast.AugAssign, say: Speaker) -> Iterator[Slip]:
    target = say.noun(node.target)
    yield Slip(ast.Pass(), f"{target} were never changed")
    turned = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult}
    other = turned.get(type(node.op))
    if other is not None:
        new = ast.AugAssign(node.target, other(), node.value)
        yield Slip(new, f"{target} were changed in the other direction")
    value = minus(node.value) if isinstance(node.op, ast.Sub) else node.value
    yield Slip(
        ast.Assign([node.target], value), f"{target} were replaced each time, and nothing gathered"
    )


def _known_before(node: ast.Assign, function: Function, target: ast.expr) -> bool:
    if not isinstance(target, ast.Name):
        return False
    parameters = [each.arg for each in function.tree.args.args]
    return target.id in [*parameters, *_assigned_before(node.lineno, function)]


def _assigned_before(line: int, function: Function) -> list[str]:
    stored = (
        each.id
        for each in ast.walk(function.tree)
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store) and each.lineno < line
    )
    return list(dict.fromkeys(stored))


def names(node: ast.AST, function: Function, say: Speaker) -> Iterator[Slip]:
    """Yield a variable for another, for a number, or for what has to be made of it."""
    if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Load):
        return
    parameters = [each.arg for each in function.tree.args.args]
    known = [*parameters, *_assigned_before(node.lineno, function)]
    if node.id not in known:
        return
    here = say.noun(node)
    if node.id in parameters:
        yield from _of_parameters(node, function, say)
    for other in known:
        there = say.noun(ast.Name(other, ast.Load()))
        if there != here:
            words = f"{there} stood in place of {here}"
            rank = PLAUSIBLE if {node.id, other} <= set(parameters) else ODD
            yield everywhere(ast.Name(other, ast.Load()), words, rank)


def _of_parameters(node: ast.Name, function: Function, say: Speaker) -> Iterator[Slip]:
    here, parameters = say.noun(node), [each.arg for each in function.tree.args.args]
    none = operation(node, ast.Mult(), constant(0))
    once = (
        sum(isinstance(each, ast.Name) and each.id == node.id for each in ast.walk(function.tree))
        == 1
    )
    for value, new in ((0, none), (1, operation(none, ast.Add(), constant(1)))):
        words = f"{here} were ignored, and {value} taken"
        if once:
            yield Slip(new, words, rank=PLAUSIBLE)
        else:
            single = f"{value} stood in place of {here}"
            yield Slip(new, single, words, rank=ODD, joint_rank=PLAUSIBLE)
    if once:
        complement = operation(constant(1), ast.Sub(), node)
        yield Slip(complement, f"1 − {here} stood in place of {here}", rank=PLAUSIBLE)
    made: list[tuple[str, Any]] = [
        ("the logarithm", numpy("log", node)),
        ("the exponential", numpy("exp", node)),
    ]
    if node.id not in say.scalars:
        total = numpy("sum", node, axis=constant(-1), keepdims=constant(True))
        shares = operation(node, ast.Div(), numpy("maximum", total, constant(1e-300)))
        made += [
            ("the softmax", softmax(node)),
            ("the sigmoid", sigmoid(node)),
            ("the shares", shares),
        ]
    for words, new in made:
        yield everywhere(new, f"{words} of {here} stood in place of {here}", PLAUSIBLE)
    statistics = {"mean": "mean", "var": "variance", "std": "standard deviation", "max": "maximum"}
    for other in parameters:
        for name, words in statistics.items():
            if other != node.id and other not in say.scalars:
                own = numpy(name, ast.Name(other, ast.Load()), axis=constant(0))
                yield everywhere(own, f"the {words} of `{other}` were taken, and not {here}", ODD)


def _over_rows(name: str) -> Callable[[Any], Any]:
    return lambda result: numpy(name, result, axis=constant(0))


def _shares(result: Any) -> Any:
    total = numpy("sum", result, axis=constant(-1), keepdims=constant(True))
    return operation(result, ast.Div(), total)


_OF_RESULTS: tuple[tuple[str, Callable[[Any], Any], int], ...] = (
    ("the sign of the result were reversed", minus, 0),
    (
        "the absolute value of the result were returned: its sign is lost",
        lambda result: numpy("abs", result),
        PLAUSIBLE,
    ),
    (
        "only the diagonal of the result were kept",
        lambda result: numpy("diag", numpy("diag", result)),
        0,
    ),
    ("the result were divided by its own sum, row by row", _shares, PLAUSIBLE),
    (
        "the result were divided by the sum of all its entries",
        lambda result: operation(result, ast.Div(), numpy("sum", result)),
        PLAUSIBLE,
    ),
    ("softmax were applied to the result", softmax, PLAUSIBLE),
    ("the mean over the rows of the result were returned", _over_rows("mean"), 0),
    ("the sum over the rows of the result were returned", _over_rows("sum"), 0),
    ("the mean of all its entries were returned", lambda result: numpy("mean", result), 0),
    ("the sum of all its entries were returned", lambda result: numpy("sum", result), 0),
    ("the result were transposed", lambda result: numpy("transpose", result), 0),
    (
        "the result were in reverse order",
        lambda result: numpy("flip", result, axis=constant(-1)),
        0,
    ),
    ("the logarithm of the result were returned", lambda result: numpy("log", result), 0),
    ("the exponential of the result were returned", lambda result: numpy("exp", result), 0),
    ("the square root of the result were returned", lambda result: numpy("sqrt", result), 0),
    ("the result were squared", lambda result: numpy("square", result), 0),
    (
        "one over the result were returned",
        lambda result: operation(constant(1), ast.Div(), result),
        0,
    ),
    (
        "one minus the result were returned",
        lambda result: operation(constant(1), ast.Sub(), result),
        0,
    ),
    ("the result were cut to whole numbers", lambda result: numpy("trunc", result), 0),
)
_DIGITS = (1, 2, 3, 4, 5, 6, 8)


def _rounded(digits: int) -> Callable[[Any], Any]:
    return lambda result: numpy("round", result, constant(digits))


def results(node: ast.AST) -> Iterator[Slip]:
    """Yield something done to the result, at the very end."""
    if not isinstance(node, ast.Return) or node.value is None:
        return
    for clause, change, rank in _OF_RESULTS:
        yield Slip(ast.Return(change(node.value)), clause, rank=rank)
    for digits in _DIGITS:
        words = f"the result were rounded to {digits} decimal{'s' if digits > 1 else ''}"
        yield Slip(ast.Return(_rounded(digits)(node.value)), words)
    if isinstance(node.value, ast.Tuple) and len(node.value.elts) == 2:
        turned = ast.Tuple(node.value.elts[::-1], ast.Load())
        yield Slip(ast.Return(turned), "the two results changed places")
