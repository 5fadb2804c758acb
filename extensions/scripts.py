"""The book's own scripts on the site, without what only their readers in the repository need.

Comments, indentation and empty lines go; every word stays, and a line ends where one ended.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pygments.lexers.javascript import JavascriptLexer
from pygments.token import Comment, Text
from sphinx.application import Sphinx

from .builders import is_site
from .explorables import FOLDER as EXPLORABLES

ASSETS = Path(__file__).with_name("assets")
KEPT = "python"
"""Scripts that nobody fetches before a program runs, with their licences."""


def terse(script: str) -> str:
    r"""Return a script that does the same, without comments and indentation.

    Examples
    --------
    >>> terse("a = 1; // one\n\n  /* two */ b = `//  ${c /* no */} //`;\n")
    'a = 1;\nb = `//  ${c } //`;\n'
    """
    written: list[str] = []
    blank = ""
    for kind, text in JavascriptLexer(stripnl=False, ensurenl=False).get_tokens(script):
        if kind in Comment or (kind in Text and not text.strip()):
            blank = "\n" if "\n" in blank + text else " "
            continue
        written += [blank, text]
        blank = ""
    return "".join(written).lstrip() + "\n"


def own(static: Path) -> Iterator[Path]:
    """Yield the scripts of the book, as a site has them."""
    yield from (static / EXPLORABLES).rglob("*.mjs")
    for script in ASSETS.rglob("*.mjs"):
        place = script.relative_to(ASSETS)
        if place.parts[0] != KEPT and (static / place).is_file():
            yield static / place


def shorten(app: Sphinx, exception: Exception | None) -> None:
    """Let the pages load what runs."""
    if exception or not is_site(app):
        return
    for script in own(Path(app.outdir) / "_static"):
        script.write_text(terse(script.read_text(encoding="utf-8")), encoding="utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to Sphinx."""
    app.connect("build-finished", shorten)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
