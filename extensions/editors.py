"""Cells and exercises that a reader runs on the page: which they are, and a button at each.

The page carries buttons and a script of a few lines. What a press needs lies beside it on the site:
the cells of the page and what each follows from (`cells.py`), the editor (`codemirror.py`), and
Python itself (`python.py`). A cell that needs what no browser has says so, and leads to Binder.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

from softmaxbook.exercises import exercise, exercises

from . import python
from .builders import is_site
from .cells import Cell, Library, Statement, connect
from .codemirror import libraries
from .distribution import Unavailable
from .execution import read
from .launch import Repository
from .notebooks import installation

logger = logging.getLogger(__name__)

ROOT = Path(__file__).parents[1]
FOLDER = "editors"
"""Where the editor's files are, below `_static`."""

OFFLINE = "offline.mjs"
"""The service worker; it lies at the site's root, as it answers for what lies beside and below."""

HIDDEN = {"remove-input", "remove-cell"}
PLACE = 'class="sb-run"'


def words(missing: Iterable[str]) -> str:
    """Return a list of things in words, the first two of them.

    Examples
    --------
    >>> words(["PyTorch", "SciPy", "matplotlib"])
    'PyTorch, SciPy and more'
    """
    named = list(missing)
    if len(named) > 2:
        return f"{named[0]}, {named[1]} and more"
    return " and ".join(named)


def place(cell: Cell, available: bool, binder: str | None, number: int = 1) -> str:
    """Return what stands below a cell: a button, or what the cell lacks and where it runs.

    The cells of a page are told apart by their `number`, for who hears a list of its buttons.
    Where the site has no Python, an exercise leads to Binder; for a cell the header does.
    """
    link = f'<a href="{escape(binder)}">Binder</a>' if binder else ""
    if not available:
        if cell.asked and link:
            return f"<div {PLACE}>Solve it on {link}, or download this page as a notebook.</div>"
        return ""
    if cell.runs:
        text, name, data = "Edit and run", f"Edit and run cell {number}", ""
        if cell.asked:
            text, data = "Solve it here", f' data-exercise="{cell.asked[0]}"'
            name = f"{text}: {escape(exercise(cell.asked[0]).exercise.title)}"
        button = f'<button aria-label="{name}">{text}</button>'
        return f'<div {PLACE} data-cell="{cell.index}"{data}>{button}</div>'
    if not cell.missing:
        return ""
    where = f": run it on {link}" if link else ", and does not run on the page"
    return f"<div {PLACE}>Needs {escape(words(cell.missing))}{where}.</div>"


def page_data(cells: list[Cell], statements: list[Statement], title: str) -> dict[str, Any]:
    """Return what a page's script needs to run its cells: nothing of what does not run here."""
    number = {i: n for n, i in enumerate(i for i, s in enumerate(statements) if not s.missing)}
    owners = [cell.index for cell in cells for _ in cell.statements]
    data: dict[str, Any] = {
        "title": title,
        "statements": [
            {
                "cell": owners[i],
                "source": statements[i].source,
                "gives": sorted(statements[i].gives),
                "needs": [number[each] for each in statements[i].needs],
            }
            for i in number
        ],
        "cells": {},
        "lacking": {
            name: words(sorted(each.missing))
            for each in statements
            if each.missing
            for name in sorted(each.bound)
        },
    }
    start = 0
    for cell in cells:
        if cell.runs and not HIDDEN & set(cell.tags):
            asked = {"exercise": cell.asked[0], "name": cell.asked[1]} if cell.asked else {}
            data["cells"][cell.index] = {
                "text": cell.text,
                "first": sum(i < start for i in number),
                "needs": [number[each] for each in cell.needs],
                **asked,
            }
        start += len(cell.statements)
    return data


class Editors:
    """What the editors of a build need: the package's imports, and the libraries, found once."""

    def __init__(self) -> None:
        self.library = Library(ROOT / "src")
        self.provided: frozenset[str] = frozenset()
        self.files: dict[str, bytes] = {}
        self.pages: dict[str, str] = {}

    def prepare(self, app: Sphinx) -> None:
        """Fetch the editor, if there is Python for it to run."""
        if not python.available(app):
            return
        self.provided = python.provided() | {"IPython"}
        try:
            self.files = libraries(python.CACHE)
        except Unavailable as error:
            logger.info("The pages have a plain field in place of an editor: %s.", error)

    def outdated(self, app: Sphinx, env: Any, added: set[str], *_: Any) -> list[str]:
        """Return the pages whose buttons are other ones now, since there is Python or is not."""
        if not is_site(app):
            return []
        now = python.available(app), python.checks(app), sorted(self.provided)
        before, env.python_on_pages = getattr(env, "python_on_pages", now), now
        return [] if before == now else sorted(env.found_docs - added)

    def mark(self, app: Sphinx, doctree: nodes.document, name: str) -> None:
        """Put a button, or a word on what is missing, below each cell of a page."""
        page = read(name, app.env) if is_site(app) else None
        if page is None:
            return
        code = [page.notebook.cells[i] for i in page.code]
        cells = [
            Cell(index, each.source, tuple(each.metadata.get("tags", ())))
            for index, each in zip(page.code, code, strict=True)
        ]
        statements = connect(cells, self.library, self.provided)
        repository: Repository | None = app.config["repository"]
        binder = repository.binder(f"{name}.md") if repository else None
        numbered = {cell.index: (number, cell) for number, cell in enumerate(cells, 1)}
        runs = False
        for node in list(doctree.findall(_is("cell_code"))):
            number, cell = numbered[node["cell_index"]]
            html = place(cell, python.available(app), binder, number)
            runs = runs or "data-cell" in html
            for source in list(node.findall(_is("cell_code_source"))):
                source += nodes.raw("", html, format="html")
        if runs:
            self.write_page(app, name, page_data(cells, statements, titled(doctree)))

    def elsewhere(self) -> list[str]:
        """Return the programs among all exercises that do not run on the page."""
        programs = [each for each in exercises() if not each.answered_in_place]
        ask = '{}\n\nexercise("{}").check({})'
        cells = [Cell(0, ask.format(e.starter or "answer = ...", e.id, e.name)) for e in programs]
        for cell in cells:
            connect([cell], self.library, self.provided)
        return [each.id for each, cell in zip(programs, cells, strict=True) if not cell.runs]

    def write_page(self, app: Sphinx, name: str, data: dict[str, Any]) -> None:
        """Write what the script of a page asks for at the first press."""
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        target = Path(app.outdir) / "_static" / FOLDER / "pages" / f"{name}.json"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        self.pages[name] = hashlib.sha256(text.encode()).hexdigest()[:8]

    def link(self, app: Sphinx, page: str, template: str, context: dict[str, Any], _: Any) -> None:
        """Load the page's script where there is a button."""
        body = context.get("body", "")
        if 'data-cell="' in body:
            settings: dict[str, Any] = {
                "data-page": f"{page}.json?{self.pages[page]}",
                "data-python": python.engine_version(app),
                "data-editor": version(self.files),
                "data-checks": "yes" if python.checks(app) else "no",
            }
            app.add_js_file(f"{FOLDER}/page.mjs", type="module", **settings)
        if 'data-module="progress"' in body and python.checks(app):
            # The list of all exercises says which programs can be solved on the pages.
            name, others = "softmaxbook-programs-elsewhere", " ".join(self.elsewhere())
            context["metatags"] += f'\n<meta name="{name}" content="{others}">'

    def write(self, app: Sphinx, exception: Exception | None) -> None:
        """Put the editor's files on the site."""
        if exception is None and python.available(app):
            target = Path(app.outdir) / "_static" / FOLDER
            (target / "libraries").mkdir(parents=True, exist_ok=True)
            for name, data in self.files.items():
                (target / "libraries" / name).write_bytes(data)
            shutil.copy(Path(__file__).with_name("page") / OFFLINE, Path(app.outdir) / OFFLINE)
            first = installation(ROOT, app.config["repository"], ())
            (target / "start.json").write_text(json.dumps(first), encoding="utf-8")


def _is(element: str) -> Callable[[nodes.Node], bool]:
    def matches(node: nodes.Node) -> bool:
        return isinstance(node, nodes.container) and node.get("nb_element") == element

    return matches


def version(files: dict[str, bytes]) -> str:
    """Return what to append to the editor's address; "plain" where there are no libraries."""
    own = Path(__file__).with_name("assets") / FOLDER
    modules = b"".join(path.read_bytes() for path in sorted(own.glob("*.*")))
    return hashlib.sha256(modules).hexdigest()[:8] if files else "plain"


def titled(doctree: nodes.document) -> str:
    """Return the title of a page."""
    found = next(iter(doctree.findall(nodes.title)), None)
    return found.astext() if found is not None else ""


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to Sphinx."""
    editors = Editors()
    app.connect("builder-inited", editors.prepare, priority=600)  # after Python has been looked for
    app.connect("env-get-outdated", editors.outdated)
    app.connect("doctree-resolved", editors.mark)
    app.connect("html-page-context", editors.link)
    app.connect("build-finished", editors.write)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
