"""Read program text as a syntax tree, from any thread."""

from __future__ import annotations

import ast
import threading

# Python up to 3.11.7, and 3.12 up to 3.12.1, counts the depth of all trees under way in one place
# (https://github.com/python/cpython/issues/106905). A thread loses its turn in the middle of a tree
# where the garbage collector calls Python, as distributed and hypothesis have it do; another's tree
# then makes the count wrong, and a text that is right raises SystemError.
_reading = threading.RLock()  # the collector may read a text too
_TRIES = 100  # for the trees of threads that do not ask here


def syntax_tree(source: str) -> ast.Module:
    """Return the syntax tree of program text, whatever other threads are reading.

    Raises
    ------
    SyntaxError, ValueError, MemoryError, RecursionError
        Where ``ast.parse`` raises them: it is not Python, holds a null byte, or is nested too
        deeply.

    Examples
    --------
    >>> len(syntax_tree("a = 1; b = 2").body)
    2
    """
    for _ in range(_TRIES):
        try:
            with _reading:
                return ast.parse(source)
        except SystemError:
            continue
    return ast.parse(source)
