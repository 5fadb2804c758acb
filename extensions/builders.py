"""What is built: the site, or the EPUB. For Sphinx both are HTML."""

from __future__ import annotations

from sphinx.application import Sphinx

EPUB = "epub"


def is_epub(app: Sphinx) -> bool:
    """Return whether a book for e-readers is built: no script, and nothing beside the book."""
    return bool(app.builder.name == EPUB)


def is_site(app: Sphinx) -> bool:
    """Return whether a site is built, whose pages have scripts and a server."""
    return bool(app.builder.format == "html") and not is_epub(app)
