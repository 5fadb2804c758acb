"""Pages show the package's code with its formulas, and leave the long docstrings to the reference.

`literalinclude` with `:pyobject:` shows a function from `src/`. In the package a docstring is the
theorem to the code: shapes, errors, proof, example. On a page the prose around the listing says
this already, so a listing keeps the first line of each docstring.
"""

from __future__ import annotations

import ast
import textwrap
from typing import Any

from docutils import nodes
from docutils.nodes import Node
from sphinx.application import Sphinx
from sphinx.directives.code import LiteralInclude


def shortened(source: str) -> str:
    """Return Python source in which every docstring is cut to its first line."""
    lines = source.splitlines()
    spans = []
    for part in ast.walk(ast.parse(textwrap.dedent(source))):
        if isinstance(part, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(part):
            spans.append((part.body[0].lineno, part.body[0].end_lineno))
    for first, last in sorted(spans, reverse=True):
        if last != first:
            lines[first - 1 : last] = [lines[first - 1].rstrip() + '"""']
    return "\n".join(lines)


class Listing(LiteralInclude):
    """`literalinclude`, with the docstrings of a `:pyobject:` shortened."""

    def run(self) -> list[Node]:
        """Return the listing."""
        found = super().run()
        for block in found:
            if "pyobject" in self.options and isinstance(block, nodes.literal_block):
                block.rawsource = shortened(block.astext())
                block.children = [nodes.Text(block.rawsource)]
        return found


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to Sphinx."""
    app.add_directive("literalinclude", Listing, override=True)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
