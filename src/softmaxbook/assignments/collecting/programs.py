"""Program text of a student, made readable without running it."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator

from ..submissions.pieces import parsed


def cleaned(source: str) -> tuple[str, str]:
    """Return program text without what only a notebook understands, and what was done to it.

    Text that is Python comes back as it is, and so does text that nothing here makes Python.
    Otherwise magics and shell lines become comments, prompts go, and spaces and quotation marks of
    word processors become plain ones.
    """
    if parsed(source) is not None:
        return source, ""
    for words, change in _CHANGES.items():
        if parsed(change(source)) is not None:
            return change(source), words
    changed = source
    for change in _CHANGES.values():
        changed = change(changed)
    return (changed, "; ".join(_CHANGES)) if parsed(changed) is not None else (source, "")


def _without_magics(source: str) -> str:
    if re.match(r"\s*%%(?!time|timeit|capture|prun)\w", source):  # a cell in another language
        return re.sub(r"^", "# ", source, flags=re.M)
    source = re.sub(r"^%%.*$", "", source.lstrip(), flags=re.M)
    magic = r"^([ \t]*)((?:[%!]|[\w.]+ *= *[%!]).*|\?.*|[\w.]+\?+)$"
    return re.sub(magic, r"\1pass  # \2", source, flags=re.M)


def not_run(source: str) -> str:
    r"""Return the program of a cell in another language, as `cleaned` leaves it; else nothing.

    Examples
    --------
    >>> not_run(cleaned("%%writefile a.py\nx = 1")[0])
    'x = 1'
    """
    first, *lines = source.splitlines() or [""]
    return "\n".join(each[2:] for each in lines) if re.match(r"# \s*%%\w", first) else ""


def _without_prompts(source: str) -> str:
    if re.search(r"^(>>>|\.\.\.) ", source, re.M):
        return "\n".join(re.findall(r"^(?:>>>|\.\.\.) ?(.*)$", source, re.M))
    return re.sub(r"^In \[\d*\]: ", "", source, flags=re.M)


_PLAIN = {
    **{ord(odd): " " for odd in "\xa0\u2007\u2009\u202f"},
    **{ord(odd): '"' for odd in "“”„"},
    **{ord(odd): "'" for odd in "‘’‚"},
    **{ord(odd): "-" for odd in "−–—"},
    **{ord(odd): "" for odd in "\xad\u200b\u200c\u200d\u2060\ufeff"},
    ord("…"): "...",
}

_CHANGES: dict[str, Callable[[str], str]] = {
    "lines that only a notebook understands are left out": _without_magics,
    "prompts are taken off": _without_prompts,
    "typographic spaces and signs are made plain": lambda text: text.translate(_PLAIN),
}


def blocks(source: str) -> list[str]:
    """Return text that is not Python in pieces, each beginning like a statement at the margin.

    One broken function then costs only itself.
    """
    starts = re.compile(
        r"(?=^(?:def |async def |class |@|import |from |[A-Za-z_]\w*\s*=[^=]))", re.M
    )
    found: list[str] = []
    for piece in starts.split(source):
        if found and found[-1].rstrip().rpartition("\n")[2].startswith("@"):
            found[-1] += piece
        elif piece.strip():
            found.append(piece)
    return [piece.strip("\n") for piece in found]


def binding(source: str, name: str) -> ast.stmt | None:
    """Return the last statement at the top of a program that sets `name`."""
    tree = parsed(source)
    found = None
    for statement in _top(tree.body) if tree else ():
        if name in _names_set(statement):
            found = statement
    return found


def sets(source: str, name: str) -> bool:
    """Return whether a program sets a name; one that is not Python, whether it seems to."""
    if name not in source:
        return False
    if parsed(source) is not None:
        return binding(source, name) is not None
    pattern = rf"^(?:(?:async )?def {re.escape(name)}\b|{re.escape(name)}\s*=[^=])"
    return bool(re.search(pattern, source, re.M))


def functions(source: str) -> list[str]:
    """Return the names of the functions that a program defines at its top."""
    tree = parsed(source)
    body = tree.body if tree else []
    return [each.name for each in body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)]


def _top(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield statements, and those inside `if`, `try`, `with` and loops; not inside functions."""
    for statement in body:
        yield statement
        for name in ("body", "orelse", "finalbody"):
            inner = getattr(statement, name, [])
            if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                yield from _top(inner)
        for handler in getattr(statement, "handlers", []):
            yield from _top(handler.body)


def _names_set(statement: ast.stmt) -> set[str]:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {statement.name}
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return {each.asname or each.name.partition(".")[0] for each in statement.names}
    targets: list[ast.expr] = []
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, ast.AnnAssign | ast.AugAssign):
        targets = [statement.target]
    nodes = (node for target in targets for node in ast.walk(target))
    return {node.id for node in nodes if isinstance(node, ast.Name)}


def is_untouched(source: str, starter: str, name: str) -> bool:
    """Return whether the statement that sets `name` is the starter's, or empty.

    Compared are the statements, so comments, spaces and docstrings do not matter.
    """
    statement = binding(source, name)
    if statement is None:
        return False
    value = getattr(statement, "value", None)
    if isinstance(value, ast.Constant) and value.value in (..., None, "", "?", "…", "...", "TODO"):
        return True
    if isinstance(statement, ast.FunctionDef):
        essence = _essence(statement)
        begun = binding(starter, name)
        theirs = _essence(begun) if isinstance(begun, ast.FunctionDef) else []
        return not essence or essence == theirs
    return False


def _essence(function: ast.FunctionDef) -> list[str]:
    """Return what a function does, without its docstring and without `pass` and `...`."""
    try:
        return [ast.dump(each) for each in function.body if not _is_idle(each)]
    except RecursionError:  # nested as no starter is
        return ["much"]


def _is_idle(statement: ast.stmt) -> bool:
    constant = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return constant or isinstance(statement, ast.Pass)
