"""An answer under a wrong name, or in a form that Python reads otherwise than it is meant."""

from __future__ import annotations

import ast
import re

from ..assignment import Chosen
from ..submissions.pieces import parsed
from .programs import binding, functions, sets


def renamed_function(chosen: Chosen, source: str) -> tuple[str, str]:
    """Return the answer's cell with its one function under the right name, and what was done."""
    names = functions(source)
    if parsed(source) is None:
        return source, "has the answer's id and is not Python; taken as it is"
    if len(names) != 1:
        return "", ""
    return (
        f"{source.rstrip()}\n{chosen.variable} = {names[0]}\n",
        f"defines `{names[0]}`; taken as `{chosen.variable}`",
    )


def mended_value(chosen: Chosen, source: str, lost_name: bool = False) -> tuple[str, list[str]]:
    """Return a program that sets the answer's name, with a value in the form it is meant in.

    A letter without quotation marks, a decimal comma and a per cent sign are Python, but mean
    something else or nothing; as text they are understood.
    """
    if chosen.exercise.form == "function":
        return source, []
    if lost_name:
        source = _named(chosen, source)
    tree = parsed(source)
    written = _written(chosen, source)
    alone = f"{chosen.variable} = {written}"
    if written and tree is None and parsed(alone) and not _is_meant_as_text(chosen, alone, written):
        return alone, ["what stands beside its line is no Python; left out"]
    if written and (tree is None or _is_meant_as_text(chosen, source, written)):
        line = f"{chosen.variable} = {written!r}"
        return _with_line(chosen, source, line), [f"“{written}” is taken as it is written"]
    return source, []


def _named(chosen: Chosen, source: str) -> str:
    """Return the source so that its last value has the answer's name."""
    tree = parsed(source)
    if tree is not None and not tree.body:  # a comment
        return ""
    if tree is None:
        text = re.sub(r"^\w+\s*[=:]\s*", "", source.strip())
        return f"{chosen.variable} = {text!r}" if "\n" not in text and len(text) < 100 else ""
    last = tree.body[-1]
    if isinstance(last, ast.Expr):
        lines = source.splitlines()
        value = ast.get_source_segment(source, last.value) or ""
        return "\n".join([*lines[: last.lineno - 1], f"{chosen.variable} = {value}"])
    if isinstance(last, ast.Assign | ast.AnnAssign):
        target = last.targets[0] if isinstance(last, ast.Assign) else last.target
        if isinstance(target, ast.Name):
            return f"{source.rstrip()}\n{chosen.variable} = {target.id}\n"
    return ""


def _written(chosen: Chosen, source: str) -> str:
    """Return what stands behind ``answer_… =``, without a comment."""
    found = re.findall(rf"^{re.escape(chosen.variable)}\s*=\s*([^#\n]*)", source, re.M)
    return found[-1].strip() if found else ""


def _is_meant_as_text(chosen: Chosen, source: str, written: str) -> bool:
    if chosen.exercise.form == "choice":
        letters = {letter.lower() for letter, _ in chosen.exercise.options}
        return written.lower() in letters and not sets(source, written)
    decimal_comma = re.fullmatch(r"[-−+]?\d+,\d+", written)
    return bool(decimal_comma) and len(chosen.exercise.labels) < 2


def _with_line(chosen: Chosen, source: str, line: str) -> str:
    """Return the source with the line that sets the answer replaced; the rest may not be Python."""
    statement = binding(source, chosen.variable)
    if statement is None:
        return line
    lines = source.splitlines()
    lines[statement.lineno - 1 : statement.end_lineno] = [line]
    return "\n".join(lines)
