"""What is folded until a reader asks for it: one form, that of HTML, for answers, hints and code.

The directive has the name and the look in a notebook of sphinx-design's, whose style sheet and
script no page needs for it. The hints of exercises come as the same element from
`softmaxbook.checking.attempts`.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective


class Dropdown(SphinxDirective):
    """Content below a summary that opens it."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the summary and the content, between the tags of the element."""
        words, messages = self.parse_inline(self.arguments[0], lineno=self.lineno)
        summary = nodes.inline("", "", *words)
        return [
            nodes.raw("", "<details>\n<summary>", format="html"),
            summary,
            nodes.raw("", "</summary>\n", format="html"),
            *messages,
            *self.parse_content_to_nodes(),
            nodes.raw("", "</details>\n", format="html"),
        ]


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to Sphinx."""
    app.add_directive("dropdown", Dropdown)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
