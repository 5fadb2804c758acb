"""Slips in numbers, counts and indices."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from .slips import ODD, PLAUSIBLE, Slip, called, constant, everywhere, operation
from .speaking import Speaker


def constants(node: ast.AST, say: Speaker) -> Iterator[Slip]:
    """Yield numbers that are one off, or upside down."""
    del say
    if not isinstance(node, ast.Constant) or isinstance(node.value, bool):
        return
    if isinstance(node.value, (int, float)):
        value = float(node.value)
        others = [node.value + 1, node.value - 1]
        others += [1 / value, value / 2] if value not in (0, 1) else []
        for other in others:
            words = f"{other:g} stood in place of {value:g}".replace("-", "−")
            yield Slip(constant(other), words, rank=PLAUSIBLE)


def counts(node: ast.AST, say: Speaker) -> Iterator[Slip]:
    """Yield counts: one too many, one too few, of the other axis, of everything."""
    if isinstance(node, ast.Call) and called(node) == "len" and len(node.args) == 1:
        inside = node.args[0]
        of = say.noun(inside)
        columns = ast.Subscript(
            ast.Attribute(inside, "shape", ast.Load()), constant(-1), ast.Load()
        )
        yield everywhere(columns, f"the columns of {of} were counted, and not its rows")
        size = ast.Attribute(inside, "size", ast.Load())
        yield everywhere(size, f"all entries of {of} were counted, and not its rows")
        for array in sorted(say.arrays - {getattr(inside, "id", "")}):
            length = ast.Call(node.func, [ast.Name(array, ast.Load())], [])
            words = f"the length of `{array}` were taken, and not that of {of}"
            yield everywhere(length, words, PLAUSIBLE)
        for more, by in ((-1, "small"), (1, "large")):
            counted = operation(node, ast.Add(), constant(more))
            yield everywhere(counted, f"the length of {of} were one too {by}")
    shape = node.value if isinstance(node, ast.Subscript) else None
    if (
        isinstance(node, ast.Subscript)
        and isinstance(shape, ast.Attribute)
        and shape.attr == "shape"
    ):
        of = say.noun(shape.value)
        for other in (0, 1, -1):
            if ast.unparse(node.slice) != str(other):
                new = ast.Subscript(shape, constant(other), ast.Load())
                yield everywhere(new, f"another axis of {of} were counted")
        yield everywhere(
            ast.Attribute(shape.value, "size", ast.Load()), f"all entries of {of} were counted"
        )


def ranges(node: ast.AST, say: Speaker) -> Iterator[Slip]:
    """Yield ranges that begin or end one off."""
    del say
    if not isinstance(node, ast.Call) or called(node) not in ("range", "arange") or not node.args:
        return
    *first, last = node.args
    for more, by in ((-1, "early"), (1, "late")):
        new = [*first, operation(last, ast.Add(), constant(more))]
        yield Slip(ast.Call(node.func, new, node.keywords), f"counting ended one too {by}")
    if not first:
        new = [constant(1), last]
        yield Slip(ast.Call(node.func, new, []), "counting left out the first, 0")
        new = [constant(1), operation(last, ast.Add(), constant(1))]
        yield Slip(ast.Call(node.func, new, []), "counting began at 1")


def indices(node: ast.AST, say: Speaker) -> Iterator[Slip]:
    """Yield what is picked: one off, whole rows, rows for columns, nothing reversed."""
    if not isinstance(node, ast.Subscript) or not isinstance(node.ctx, (ast.Load, ast.Store)):
        return
    noun, index = say.noun(node.value), node.slice

    def at(new: Any) -> ast.Subscript:
        return ast.Subscript(node.value, new, node.ctx)

    if ast.unparse(index) == "::-1":
        yield Slip(node.value, f"the order of {noun} were not reversed")
    elif isinstance(index, ast.Slice) and isinstance(node.ctx, ast.Load):
        yield Slip(node.value, f"all of {noun} were taken, and not a part")
    elif isinstance(index, ast.Tuple) and any(_is_new(each) for each in index.elts):
        turned = ast.Tuple([*index.elts[:-2], *reversed(index.elts[-2:])], ast.Load())
        yield everywhere(at(turned), f"{noun} stood along the other axis, rows for columns")
        if isinstance(node.ctx, ast.Load):
            yield Slip(node.value, f"{noun} got no axis of its own")
    elif isinstance(index, ast.Tuple) and len(index.elts) == 2:
        yield from _picked(node, index, say)
    elif isinstance(index, ast.Name) and isinstance(node.ctx, ast.Load):
        for more, by in ((-1, "small"), (1, "large")):
            new = at(operation(index, ast.Add(), constant(more)))
            yield Slip(new, f"the index into {noun} were one too {by}")
        yield Slip(node.value, f"all of {noun} were taken, and not what is picked", rank=PLAUSIBLE)


def _picked(node: ast.Subscript, index: ast.Tuple, say: Speaker) -> Iterator[Slip]:
    """Yield what becomes of one entry a row: ``p[np.arange(n), labels]``."""
    first, second = index.elts
    labels = say.noun(second)

    def at(new: Any) -> ast.Subscript:
        return ast.Subscript(node.value, new, node.ctx)

    yield Slip(at(second), f"{labels} numbered whole rows, and not one entry in each row")
    whole = ast.Tuple([ast.Slice(), second], ast.Load())
    yield Slip(at(whole), f"{labels} picked whole columns, and not one entry in each row")
    for more, words in ((-1, "were counted from 1"), (1, "were one too large")):
        moved = ast.Tuple([first, operation(second, ast.Add(), constant(more))], ast.Load())
        yield Slip(at(moved), f"{labels} {words}")
    yield Slip(
        at(ast.Tuple([second, first], ast.Load())),
        f"row and column changed places where {labels} picks",
        rank=ODD,
    )


def _is_new(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
