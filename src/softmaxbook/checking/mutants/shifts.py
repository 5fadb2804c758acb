"""Slips with the shift of an exponential: made in one place and not in another."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .arithmetic import shifted
from .slips import Slip, called, numpy
from .speaking import Speaker


def shifts(node: ast.AST, say: Speaker) -> Iterator[Slip]:
    """Yield a name that stands for shifted exponentials, with the unshifted in its place."""
    if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Load):
        return
    value = say.resolved(node)
    if isinstance(value, ast.Call) and called(value) == "exp" and value.args:
        logits = shifted(value.args[0], say)
        if logits is not None:
            yield Slip(
                numpy("exp", logits),
                "the maximum were subtracted in one place and not in the other",
            )
    logits = shifted(value, say)
    if logits is not None:
        yield Slip(logits, "the maximum were subtracted in one place and not in the other")
