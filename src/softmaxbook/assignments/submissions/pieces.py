"""The pieces of a program, to be run one by one: its statements, or what it defines."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator, Sequence
from functools import lru_cache

from softmaxbook.checking.syntax import syntax_tree


def parsed(source: str) -> ast.Module | None:
    """Return the syntax tree of program text, or None where it is not Python."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an invalid escape in a student's string
        try:
            return syntax_tree(source)
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            return None


def syntax_error(source: str) -> str:
    """Return why a text is not Python, or nothing where it is."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            syntax_tree(source)
        except SyntaxError as error:
            return error.msg
        except (ValueError, MemoryError, RecursionError) as error:
            return str(error) or type(error).__name__
    return ""


def statements(source: str) -> Iterator[str]:
    """Yield the statements of program text; a text that is not Python comes back whole."""
    tree = parsed(source)
    if tree is None:
        yield source
    else:
        yield from _texts(source, tree.body)


@lru_cache(maxsize=64)  # each answer of a hand-in is asked for with every other
def definitions(source: str) -> tuple[str, ...]:
    """Return the statements that define: functions, classes, imports, constants without a call."""
    tree = parsed(source)
    if tree is None:
        return ()
    return tuple(_texts(source, [each for each in tree.body if _defines(each)]))


def _defines(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Assign | ast.AnnAssign):
        value = statement.value
        if isinstance(value, ast.Lambda):
            return True
        return not any(isinstance(node, _BUSY) for node in ast.walk(statement))
    return isinstance(statement, ast.FunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom)


# What can take long, or act, where a constant is set.
_BUSY = (ast.Call, ast.Pow, ast.LShift, ast.Mult, ast.ListComp, ast.SetComp, ast.DictComp)


def _texts(source: str, body: Sequence[ast.stmt]) -> Iterator[str]:
    """Yield the lines of each statement; statements that share a line come together."""
    lines = re.split(r"\r\n|\r|\n", source)  # as Python counts them: `splitlines` knows more ends
    shown = 0
    for statement in body:
        decorators = getattr(statement, "decorator_list", [])
        first = min([statement.lineno, *(each.lineno for each in decorators)])
        last = statement.end_lineno or first
        if last > shown:
            yield "\n".join(lines[max(first - 1, shown) : last])
            shown = last
