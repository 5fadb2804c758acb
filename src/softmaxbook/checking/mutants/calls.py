"""Slips in calls: reductions, exponentials, logarithms, roots, choices between two values."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any

from .arithmetic import shifted
from .slips import (
    ODD,
    PLAUSIBLE,
    SMALL,
    Slip,
    called,
    constant,
    everywhere,
    keyword,
    minus,
    numpy,
    operation,
    subject,
    with_keywords,
)
from .speaking import Speaker

REDUCTIONS = ("sum", "mean", "max", "min", "prod", "std", "var", "any", "all", "argmax", "argmin")
_USUAL = {"sum", "mean", "max", "std", "var", "ceil", "floor", "argmax", "prod"}
_INSTEAD = {
    "sum": {"mean": "the mean", "max": "the maximum", "prod": "the product"},
    "mean": {"sum": "the sum", "max": "the maximum", "median": "the median", "prod": "the product"},
    "max": {"min": "the minimum", "sum": "the sum", "mean": "the mean"},
    "min": {"max": "the maximum"},
    "prod": {"sum": "the sum", "mean": "the mean", "min": "the minimum"},
    "std": {"var": "the variance"},
    "var": {"std": "the standard deviation"},
    "argmax": {"argmin": "the place of the minimum", "max": "the maximum itself"},
    "argmin": {"argmax": "the place of the maximum"},
    "maximum": {"minimum": "the smaller of two values"},
    "minimum": {"maximum": "the larger of two values"},
    "any": {"all": "“all”"},
    "all": {"any": "“any”"},
    "cumsum": {"cumprod": "the running product"},
    "ceil": {"floor": "rounding down", "rint": "rounding to the nearest"},
    "floor": {"ceil": "rounding up", "rint": "rounding to the nearest"},
}


def axes(node: ast.AST, say: Speaker) -> Iterator[Slip]:
    """Yield reductions along another axis, along none, with an axis lost or kept."""
    name = called(node)
    if not isinstance(node, ast.Call) or name not in REDUCTIONS:
        return
    noun, axis = say.noun(node), keyword(node, "axis")
    if axis is None:
        for other in ("0", "-1"):
            new = with_keywords(node, axis=constant(int(other)))
            yield Slip(new, f"{noun} ran along axis {_spoken(other)} alone", rank=PLAUSIBLE)
        return
    everything = "each sum, mean and maximum ran over the whole array at once, not along one axis"
    for new in (with_keywords(node, axis=None), with_keywords(node, axis=None, keepdims=None)):
        yield Slip(new, f"{noun} ran over the whole array at once, not along one axis", everything)
    here = ast.unparse(axis)
    for other in ("0", "1", "-1", "2"):
        if other != here:
            new = with_keywords(node, axis=constant(int(other)))
            where = f"ran along axis {_spoken(other)}, and not along axis {_spoken(here)}"
            rank = PLAUSIBLE if (here, other) == ("0", "-1") else 0  # of a matrix: that is 1
            yield Slip(new, f"{noun} {where}", f"everything {where}", rank)
    if keyword(node, "keepdims") is not None:
        lost = with_keywords(node, keepdims=None)
        yield Slip(
            lost, f"{noun} lost its axis: a forgotten `keepdims`", "`keepdims` were forgotten"
        )
    elif name not in ("argmax", "argmin"):
        yield Slip(
            with_keywords(node, keepdims=constant(True)), f"{noun} kept its axis (`keepdims=True`)"
        )


def _spoken(axis: str) -> str:
    return axis.replace("-", "−")


def reductions(node: ast.AST, say: Speaker) -> Iterator[Slip]:
    """Yield another reduction, none, or one that changed places with a logarithm."""
    name = called(node)
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return
    noun = say.noun(node)
    for other, words in _INSTEAD.get(name, {}).items():
        new = ast.Call(ast.Attribute(node.func.value, other, ast.Load()), node.args, node.keywords)
        rank = ODD if "prod" in other else 0 if {name, other} <= _USUAL else PLAUSIBLE
        yield everywhere(new, f"{words} were taken, and not {noun}", rank)
    inside = subject(node)
    if name not in REDUCTIONS or inside is None:
        return
    if name in ("std", "var"):
        known = keyword(node, "ddof") is not None
        by = "n, and not by n − 1" if known else "n − 1, and not by n"
        yield Slip(
            with_keywords(node, ddof=None if known else constant(1)), f"{noun} divided by {by}"
        )
    if name in ("sum", "mean", "prod"):
        verb = {"sum": "added up", "mean": "averaged", "prod": "multiplied"}[name]
        yield Slip(inside, f"nothing were {verb} in {noun}", rank=PLAUSIBLE)
        first = say.resolved(inside)
        if isinstance(first, ast.Call) and called(first) in ("log", "exp", "sqrt") and first.args:
            turned = ast.Call(first.func, [_around(node, first.args[0])], [])
            outer = {"log": "logarithm", "exp": "exponential", "sqrt": "square root"}[called(first)]
            yield Slip(
                turned,
                f"the {outer} were taken of the {name}, and not the {name} of the {outer}s".replace(
                    "prod", "product"
                ),
            )


def _around(node: ast.Call, inside: ast.expr) -> ast.Call:
    """Return a reduction of something else."""
    if node.args:
        return ast.Call(node.func, [inside, *node.args[1:]], node.keywords)
    method = ast.Attribute(inside, called(node), ast.Load())
    return ast.Call(method, [], node.keywords)


_UNDONE = ("exp", "log", "sqrt", "abs", "cumsum", "square", "diag")


def elementwise(node: ast.AST, say: Speaker) -> Iterator[Slip]:
    """Yield exponentials, logarithms, roots, the larger of two: left out, or to another base."""
    name = called(node)
    if not isinstance(node, ast.Call) or not node.args:
        return
    noun, inside = say.noun(node), node.args[0]
    if name in _UNDONE:
        yield everywhere(inside, f"{noun} were left out")
        if isinstance(inside, ast.UnaryOp) and isinstance(inside.op, ast.USub):
            yield everywhere(inside.operand, f"{noun} were left out, and a minus with it")
    if name == "log":
        yield from _logarithms(inside, say, noun)
    elif name == "log1p":
        yield Slip(numpy("log", inside), "the 1 inside the logarithm were missing")
        rounded = numpy("log", operation(constant(1), ast.Add(), inside))
        yield Slip(
            rounded, "1 were added before the logarithm, where a tiny number is rounded away"
        )
    elif name == "exp":
        yield everywhere(numpy("exp2", inside), "powers of 2 were taken, and not of e")
        yield from _bounded(inside, say)
    elif name in ("maximum", "minimum") and len(node.args) == 2:
        for kept, lost in (node.args, node.args[::-1]):
            if not isinstance(kept, ast.Constant):
                yield Slip(kept, f"{say.noun(kept)} were always taken, and never {say.noun(lost)}")
        yield Slip(numpy("abs", inside), f"the absolute value were taken, and not {noun}")


def _logarithms(inside: ast.expr, say: Speaker, noun: str) -> Iterator[Slip]:
    for other, base in (("log2", 2), ("log10", 10)):
        yield Slip(
            numpy(other, inside), f"{noun} were to base {base}", f"logarithms were to base {base}"
        )
    yield Slip(numpy("log1p", inside), "1 were added inside the logarithm")
    odds = operation(inside, ast.Div(), operation(constant(1), ast.Sub(), inside))
    yield Slip(
        numpy("log", odds), "the logarithm were taken of p / (1 − p), and not of p", rank=PLAUSIBLE
    )
    for small in SMALL:
        for guarded in (
            operation(inside, ast.Add(), constant(small)),
            numpy("maximum", inside, constant(small)),
        ):
            yield everywhere(numpy("log", guarded), BOUNDED, PLAUSIBLE)


BOUNDED = "a small number kept what goes into the logarithm away from 0"
_WIDE = (10, 20, 30, 50, 80, 88, 100, 300, 500, 600, 700, 709)


def _bounded(inside: ast.expr, say: Speaker) -> Iterator[Slip]:
    """Yield exponents that are cut off, with the shift or in its place."""
    logits = shifted(inside, say)
    if logits is None:
        logits = inside
        words = "what goes into the exponential were cut off at a bound"
    else:
        words = "the exponents were cut off at a bound, and not shifted by the maximum"
    for wide in _WIDE:
        for low in (minus(constant(wide)), constant(None)):
            yield everywhere(
                numpy("exp", numpy("clip", logits, low, constant(wide))), words, PLAUSIBLE
            )


def choices(node: ast.AST, say: Speaker) -> Iterator[Slip]:
    """Yield choices between two values: always one, the other way round, another value put in."""
    if isinstance(node, ast.IfExp):
        yield Slip(node.body, "a special case were forgotten", guard=True)
        yield Slip(node.orelse, "the special case were taken always", rank=PLAUSIBLE)
    if isinstance(node, ast.Call) and called(node) == "clip" and node.args:
        yield Slip(node.args[0], "nothing were cut off at the bounds")
    if not isinstance(node, ast.Call) or called(node) != "where" or len(node.args) != 3:
        return
    test, yes, no = node.args
    turned = ast.Call(node.func, [test, no, yes], [])
    yield Slip(turned, "the two cases of a condition changed places")
    for kept in (yes, no):
        if not isinstance(kept, ast.Constant):
            words = f"{say.noun(kept)} were taken in every case"
            if called(test) == "isfinite":
                words = f"the case that {say.noun(kept)} is not finite were forgotten"
            yield Slip(kept, words, guard=True)
    for value in (0.0, 1.0):
        if isinstance(no, ast.Constant) and value != no.value:
            new = ast.Call(node.func, [test, yes, constant(value)], [])
            yield Slip(new, f"{value:g} stood where something is replaced", rank=ODD)


def borders(node: ast.AST, say: Speaker) -> Iterator[Slip]:
    """Yield rounding up and down, which differ at the borders of intervals alone."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, (ast.Add, ast.Sub)):
        return
    name, of = called(node.left), node.left.args[:1] if isinstance(node.left, ast.Call) else []
    if name in ("ceil", "floor") and ast.unparse(node.right) == "1":
        other = "floor" if name == "ceil" else "ceil"
        up, down = ("up", "down") if name == "ceil" else ("down", "up")
        words = f"what lies on a border went {up}, and not {down}"
        del say
        yield Slip(numpy(other, *of), words)


CALLS: tuple[Callable[[ast.AST, Speaker], Iterator[Slip]], ...] = (
    axes,
    reductions,
    elementwise,
    choices,
    borders,
)


def log_of_softmax(node: ast.AST, say: Speaker) -> Iterator[Slip]:
    """Yield the logarithm of a finished probability, in place of a difference of logarithms."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Sub):
        return
    if called(say.resolved(node.right)) != "log":
        return
    yield Slip(
        numpy("log", numpy("exp", node)),
        "the probability were computed first and its logarithm taken, where it is rounded to 0",
        guard=True,
    )

    def log(probability: Any) -> ast.Call:
        return numpy("log", probability)

    for small in SMALL:
        finished = numpy("exp", node)
        for guarded in (
            operation(finished, ast.Add(), constant(small)),
            numpy("maximum", finished, constant(small)),
        ):
            yield Slip(log(guarded), BOUNDED, rank=PLAUSIBLE)
