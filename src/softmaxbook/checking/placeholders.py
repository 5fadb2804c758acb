"""Tell an answer from what the starter left in its place.

Nothing here knows the solution: a grader uses it in the process in which the answer runs.
"""

from __future__ import annotations

import dis
from collections.abc import Callable
from types import CodeType
from typing import Any

PLACEHOLDERS = ("", "?", "…", "...", "todo")


def is_placeholder(answer: Any) -> bool:
    """Return whether a value is what the starter left there."""
    if isinstance(answer, str):
        return answer.strip().lower() in PLACEHOLDERS
    if isinstance(answer, (list, tuple)):
        return all(is_placeholder(each) for each in answer)
    return answer is None or answer is Ellipsis or answer is NotImplemented


def is_starter(starter: str, name: str, answer: Callable[..., Any]) -> bool:
    """Return whether a function is the one that `starter` calls `name`, or has an empty body.

    Compared are the instructions, so comments, names of cells and docstrings do not matter.
    """
    code = _code(answer)
    if code is None:
        return False
    if all(_is_idle(each) for each in dis.get_instructions(code)):
        return True
    starters = (starter, f"import numpy as np\n{starter}")
    return _essence(code) in [_essence(_compiled(each, name)) for each in starters]


def _compiled(starter: str, name: str) -> CodeType:
    """Return the code of a function in the starter, of which nothing is run.

    Python compiles a call otherwise where it sees that a name was imported.
    """
    constants = compile(starter, "<starter>", "exec").co_consts
    return next(each for each in constants if isinstance(each, CodeType) and each.co_name == name)


def _is_idle(instruction: dis.Instruction) -> bool:
    """Return whether an instruction does nothing but hand on None or an Ellipsis."""
    if instruction.opcode in dis.hasconst:
        return instruction.argval is None or instruction.argval is Ellipsis
    return instruction.opname.startswith(("RESUME", "RETURN_VALUE", "NOP", "COPY_FREE"))


def _code(function: Any) -> CodeType | None:
    for holder in (function, vars(type(function)).get("__call__")):
        code = getattr(holder, "__code__", None)
        if isinstance(code, CodeType):
            return code
    return None


def _essence(code: CodeType) -> tuple[Any, ...]:
    constants = (
        _essence(each) if isinstance(each, CodeType) else repr(each)
        for each in code.co_consts
        if each is not None and not isinstance(each, str)  # a docstring takes the place of None
    )
    return (code.co_code, code.co_names, *constants)
