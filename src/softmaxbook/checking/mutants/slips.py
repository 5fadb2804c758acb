"""A slip: what could stand where a node stands, and as if what that is; and how nodes are made."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Any

PLAUSIBLE, ODD = 1, 2  # ranks: 0 is what people do every day
SMALL = (2.220446049250313e-16, 1e-16, 1e-15, 1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5)


@dataclass(frozen=True)
class Slip:
    """Another node, and the words for it: they go on after “It behaves as if”.

    `together` is said where the same slip is made at every place where it can be made. Of the slips
    that an answer behaves like, those of the lowest `rank` are told. A `guard` is one whose result
    may be lost altogether, to infinities: others are not believed on such results.
    """

    new: Any
    clause: str
    together: str = ""
    rank: int = 0
    guard: bool = False
    joint_rank: int | None = None  # if it is another where the slip is made at every place


def everywhere(new: Any, clause: str, rank: int = 0, guard: bool = False) -> Slip:
    """Return a slip that is told in the same words when it is made at every place."""
    return Slip(new, clause, clause, rank, guard)


def constant(value: Any) -> ast.Constant:
    """Return a number as a node."""
    return ast.Constant(value)


def numpy(name: str, *arguments: Any, **more: Any) -> ast.Call:
    """Return a call of a function of NumPy."""
    keywords = [ast.keyword(arg=key, value=value) for key, value in more.items()]
    return ast.Call(
        ast.Attribute(ast.Name("np", ast.Load()), name, ast.Load()), [*arguments], keywords
    )


def operation(left: Any, op: ast.operator, right: Any) -> ast.BinOp:
    """Return an operation with two sides."""
    return ast.BinOp(left, op, right)


def minus(node: Any) -> ast.UnaryOp:
    """Return a node with a minus sign before it."""
    return ast.UnaryOp(ast.USub(), node)


def called(node: Any) -> str:
    """Return the bare name of what a call calls: `sum` of ``np.sum(x)`` and of ``x.sum()``."""
    if not isinstance(node, ast.Call):
        return ""
    function = node.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def subject(node: ast.Call) -> ast.expr | None:
    """Return what a call is about: its first argument, or the array whose method it is."""
    if isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) != "np":
        return node.func.value
    return node.args[0] if node.args else None


def keyword(node: ast.Call, name: str) -> ast.expr | None:
    """Return the value of a keyword of a call, or None."""
    return next((each.value for each in node.keywords if each.arg == name), None)


def with_keywords(node: ast.Call, **keywords: Any) -> ast.Call:
    """Return a call with keywords replaced, added, or left out (None)."""
    kept = [each for each in node.keywords if each.arg not in keywords]
    new = [ast.keyword(arg=name, value=value) for name, value in keywords.items() if value]
    return ast.Call(node.func, node.args, kept + new)


def softmax(node: Any) -> ast.BinOp:
    """Return the softmax of a node along its last axis."""
    total = numpy("sum", numpy("exp", node), axis=constant(-1), keepdims=constant(True))
    return operation(numpy("exp", node), ast.Div(), total)


def sigmoid(node: Any) -> ast.BinOp:
    """Return the sigmoid of a node."""
    below = operation(constant(1), ast.Add(), numpy("exp", minus(node)))
    return operation(constant(1), ast.Div(), below)
