"""Words for what stands in a solution: a learner has not seen its code, only its question."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

import numpy as np

from ..specification import Exercise
from .slips import called, subject
from .trees import Function

LONGEST = 24  # characters of code that are quoted
NAMELESS = "one part"  # what has no words: a change of it is not told

_REDUCED = {
    "sum": "the sum",
    "max": "the maximum",
    "min": "the minimum",
    "mean": "the mean",
    "prod": "the product",
    "std": "the standard deviation",
    "var": "the variance",
    "argmax": "the place of the maximum",
    "argmin": "the place of the minimum",
    "argsort": "the order",
    "cumsum": "the running sum",
    "exp": "the exponential",
    "log": "the logarithm",
    "log1p": "the logarithm",
    "sqrt": "the square root",
    "abs": "the absolute value",
}
_CALLS = {
    "maximum": "the larger of two values",
    "minimum": "the smaller of two values",
    "sort": "the sorted values",
    "diag": "the diagonal",
    "outer": "the outer product",
    "eye": "the identity",
    "solve": "the solution of the equations",
    "clip": "the clipped value",
    "ceil": "the rounded value",
    "floor": "the rounded value",
    "unique": "the different values",
}
_OPERATIONS: dict[type[ast.operator], str] = {
    ast.Add: "the sum",
    ast.Sub: "the difference",
    ast.Mult: "the product",
    ast.Div: "the quotient",
    ast.Pow: "the power",
    ast.MatMult: "the matrix product",
}
# What people call their variables, where that is not a word.
_NO_NOUNS = ("left", "back", "within", "before", "inside", "look", "total")
_ADJECTIVES = ("positive", "small", "plain", "kept", "real", "wrong", "best")
_SHORT = {"p": "the probabilities", "log_p": "the log-probabilities", "e": "the exponentials"}


class Speaker:
    """Names the nodes of one solution in words of its question."""

    def __init__(self, exercise: Exercise, own: Sequence[Function]) -> None:
        shown = re.findall(r"`([^`]+)`", exercise.prompt())
        seen = " ".join([*shown, exercise.starter.partition("def ")[2]])
        self.scalars = {
            name
            for name, value in zip(exercise.parameters, exercise.probes[0].arguments, strict=False)
            if np.ndim(value) == 0
        }
        self.arrays = {*exercise.parameters} - self.scalars
        self.visible = {*re.findall(r"[A-Za-z_]\w*", seen), *exercise.parameters} - {"np"}
        self.assigned = {
            name: value
            for function in own
            for each in ast.walk(function.tree)
            if isinstance(each, ast.Assign)
            for target in each.targets
            for name, value in _pairs(target, each.value)
        }

    def noun(self, node: ast.AST, depth: int = 0) -> str:
        """Return a phrase for a node: quoted code if the learner knows its names, or words."""
        if isinstance(node, ast.Constant):
            return str(node.value).replace("-", "−")
        if isinstance(node, ast.Name):
            return self._name(node, depth)
        if isinstance(node, ast.Call):
            return self._call(node, depth)
        if _counted(node):
            return self._count(node)
        if isinstance(node, ast.Subscript) and _spread(node.slice):
            return self.noun(node.value, depth)
        if self.quotable(node):
            return f"`{ast.unparse(node)}`"
        if isinstance(node, ast.UnaryOp):
            return self.noun(node.operand, depth)
        if isinstance(node, ast.BinOp):
            return self._operation(node, depth)
        if isinstance(node, ast.Subscript):
            own = self.noun(node.value, depth)
            return own if own == NAMELESS else f"an entry of {own}"
        if isinstance(node, ast.Attribute):
            return self.noun(node.value, depth)
        return NAMELESS

    def _name(self, node: ast.Name, depth: int) -> str:
        value = self.assigned.get(node.id)
        if node.id in self.visible:
            return f"`{node.id}`"
        if isinstance(value, ast.Call) and called(value) in _REDUCED and depth < 3:
            return self.noun(value, depth + 1)
        if node.id in _SHORT:
            return _SHORT[node.id]
        words = node.id.replace("_", " ")
        if len(words) > 3 and words.replace(" ", "").isalpha() and words not in _NO_NOUNS:
            adjective = words.endswith("ed") or words in _ADJECTIVES
            return f"the {words} values" if adjective else f"the {words}"
        return self.noun(value, depth + 1) if value is not None and depth < 3 else NAMELESS

    def _call(self, node: ast.Call, depth: int) -> str:
        name = called(node)
        if name in _REDUCED:
            return f"{_REDUCED[name]}{self.of(node, depth)}"
        if name in _CALLS:
            return _CALLS[name]
        if name == "len" and node.args:
            return f"the length of {self.noun(node.args[0], depth)}"
        if name == "where" and len(node.args) == 3:
            return self.noun(node.args[1], depth)
        if name in ("asarray", "array", "float", "int") and node.args:
            return self.noun(node.args[0], depth)
        return f"`{ast.unparse(node)}`" if self.quotable(node) else NAMELESS

    def of(self, node: ast.Call, depth: int = 0) -> str:
        """Return “ of the exponentials”, where what a call is about has words."""
        inside = subject(node)
        while isinstance(inside, ast.UnaryOp):
            inside = inside.operand
        if inside is None or depth > 1:
            return ""
        words = self.noun(inside, depth + 1)
        return "" if words == NAMELESS or " of " in words else f" of {words}"

    def _count(self, node: ast.AST) -> str:
        """Return words for an entry of a shape."""
        value = node.value  # type: ignore[attr-defined]
        array = value.value if isinstance(value, ast.Attribute) else value.args[0]
        last = ast.unparse(node.slice) in ("-1", "1")  # type: ignore[attr-defined]
        return f"the number of {'columns' if last else 'rows'} of {self.noun(array)}"

    def _operation(self, node: ast.BinOp, depth: int) -> str:
        kind = _OPERATIONS.get(type(node.op))
        if kind is None or depth > 2:
            return NAMELESS
        plain = {ast.Add: "+", ast.Sub: "−", ast.Mult: "·"}.get(type(node.op))
        sides = [self.noun(side, depth + 1) for side in (node.left, node.right)]
        if (
            plain
            and all(_plain(each) for each in (node.left, node.right))
            and NAMELESS not in sides
        ):
            return f"{sides[0]} {plain} {sides[1]}"
        if isinstance(node.op, ast.Div) and isinstance(node.right, ast.Constant):
            return sides[0]
        main = next((each for each in self._words_inside(node, depth)), "")
        return f"{kind} with {main}" if main else NAMELESS

    def _words_inside(self, node: ast.AST, depth: int) -> Iterator[str]:
        inside = [each for each in ast.walk(node) if each is not node]
        for each in inside:
            if isinstance(each, ast.Name) and each.id in self.visible:
                yield f"`{each.id}`"
        for each in inside:
            if isinstance(each, (ast.Call, ast.Name)):
                words = self.noun(each, depth + 1)
                if words != NAMELESS and not (isinstance(each, ast.Name) and each.id == "np"):
                    yield words

    def quotable(self, node: ast.AST) -> bool:
        """Return whether a learner knows every name of a piece of code, and it is short."""
        names = [each.id for each in ast.walk(node) if isinstance(each, ast.Name)]
        return (
            bool(names)
            and all(name in self.visible for name in names)
            and "None" not in ast.unparse(node)
            and len(ast.unparse(node)) <= LONGEST
        )

    def resolved(self, node: ast.AST) -> ast.AST:
        """Return what a name was assigned, or the node itself."""
        if isinstance(node, ast.Name) and node.id in self.assigned:
            return self.assigned[node.id]
        return node


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """Yield each name that an assignment sets, with what it is set to."""
    if isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for one, two in zip(target.elts, value.elts, strict=True):
            yield from _pairs(one, two)


def _counted(node: ast.AST) -> bool:
    """Return whether a node is an entry of a shape: ``x.shape[1]``, ``np.shape(x)[1]``."""
    if not isinstance(node, ast.Subscript):
        return False
    attribute = isinstance(node.value, ast.Attribute) and node.value.attr == "shape"
    return attribute or called(node.value) == "shape"


def _spread(index: ast.AST) -> bool:
    """Return whether an index only adds axes: ``[:, None]``, ``[..., 0]``."""
    parts = index.elts if isinstance(index, ast.Tuple) else [index]
    return all(isinstance(part, (ast.Slice, ast.Constant)) for part in parts) and len(parts) > 1


def _plain(node: ast.AST) -> bool:
    return isinstance(node, (ast.Name, ast.Constant))
