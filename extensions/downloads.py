"""The book to take along: links on the first page to the files that `make downloads` puts there.

SOFTMAXBOOK_DOWNLOADS names the formats. Without it nothing is offered, so that no site links what
it does not hold. What an earlier build has put there goes, for it may be another edition: one with
solutions, say.
"""

from __future__ import annotations

import posixpath
import shutil
from os import environ
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ConfigError
from sphinx.util.docutils import SphinxDirective

from .builders import is_site

FOLDER = "downloads"
OFFERED = "SOFTMAXBOOK_DOWNLOADS"
FORMATS = {"epub": "an EPUB for e-readers", "pdf": "a PDF"}
"""What each format is called on the page."""


class Downloads(SphinxDirective):
    """`downloads`: the place of the links."""

    def run(self) -> list[nodes.Node]:
        """Leave a place, for what is offered is another question than what is written."""
        return [DownloadsPlace()]


class DownloadsPlace(nodes.General, nodes.Element):  # type: ignore[misc]
    """Where the links will stand."""


def offered(setting: str) -> list[str]:
    """Return the formats that a setting names.

    Examples
    --------
    >>> offered("epub pdf")
    ['epub', 'pdf']
    >>> offered("epub djvu")
    Traceback (most recent call last):
    sphinx.errors.ConfigError: SOFTMAXBOOK_DOWNLOADS names djvu; there are epub, pdf
    """
    formats = setting.split()
    unknown = [each for each in formats if each not in FORMATS]
    if unknown:
        raise ConfigError(f"{OFFERED} names {', '.join(unknown)}; there are {', '.join(FORMATS)}")
    return formats


def clear(app: Sphinx) -> None:
    """Take away the files of an earlier build."""
    if is_site(app):
        shutil.rmtree(Path(app.outdir) / FOLDER, ignore_errors=True)


def fill(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Put the links in their place."""
    formats = offered(environ.get(OFFERED, "")) if is_site(app) else []
    for place in list(doctree.findall(DownloadsPlace)):
        place.replace_self(links(page, formats) if formats else [])


def links(page: str, formats: list[str]) -> nodes.paragraph:
    """Return the sentence with a link to each file."""
    line = nodes.paragraph("", "", nodes.strong("", "To take along."), nodes.Text(" The book as "))
    for number, each in enumerate(formats):
        address = posixpath.relpath(f"{FOLDER}/softmaxbook.{each}", posixpath.dirname(page))
        line += [nodes.Text(" and as ")] if number else []
        line += nodes.reference("", "", nodes.Text(FORMATS[each]), refuri=address, internal=True)
    line += nodes.Text(".")
    return line


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to Sphinx."""
    app.add_node(DownloadsPlace)
    app.add_directive("downloads", Downloads)
    app.connect("builder-inited", clear)
    app.connect("doctree-resolved", fill)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
