"""The book as an EPUB 3, which needs no script and no network: `make epub`.

It is written from the pages that the site is written from, so nothing is executed twice. What moves
on the site is a picture with the address at which it moves, what is folded there stands at the end
of the chapter, and formulas are MathML.
"""

from __future__ import annotations

import shutil
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.builders.epub3 import Epub3Builder
from sphinx.config import Config
from sphinx.highlighting import PygmentsBridge
from sphinx.util import logging

from .builders import EPUB, is_epub
from .epub import cover
from .epub.contents import entries
from .epub.package import complete
from .epub.pages import Place, carried
from .launch import address_of
from .lean import LATE
from .mathematics import katex

logger = logging.getLogger(__name__)

STYLE = Path(__file__).with_name("epub") / "book.css"
STATIC = "_static"
COVER = f"{STATIC}/cover.png"


class Epub(Epub3Builder):
    """Sphinx's builder, with this book's style sheet and no other file beside the pages."""

    name = EPUB
    html_tag = Epub3Builder.html_tag[:-1] + ' lang="en" xml:lang="en">'

    def init_highlighter(self) -> None:
        """Leave the colours of code to the e-reader."""
        self.highlighter = PygmentsBridge("html", "none")
        self.dark_highlighter = None

    def prepare_writing(self, docnames: set[str]) -> None:
        """Link our style sheet alone, and write no index of modules beside the reference."""
        super().prepare_writing(docnames)
        self._css_files.clear()
        self.add_css_file(STYLE.name)
        self._orig_css_files = list(self._css_files)  # for the next page
        self.domain_indices = []

    def copy_static_files(self) -> None:
        """Bring the style sheet and the cover, and nothing else."""
        static = Path(self.outdir) / STATIC
        shutil.rmtree(static, ignore_errors=True)  # MyST-NB has been here
        static.mkdir()
        shutil.copy(STYLE, static)
        cover.draw(Path(self.outdir) / COVER, self.config.epub_title, self.config.epub_author)

    def get_toc(self) -> None:
        """List parts and sections, too."""
        super().get_toc()
        folder = Path(self.outdir)
        listed = entries(self.env, self.config.root_doc, self.get_target_uri, folder)
        self.refnodes[1:] = list(listed)  # the first page stands before

    def build_content(self) -> None:
        """Write the list of files."""
        super().build_content()
        complete(Path(self.outdir) / "content.opf", COVER)

    def toc_metadata(self, level: int, navpoints: list[Any]) -> dict[str, Any]:
        """Name the book as the list of files does: Sphinx gives the name of that name."""
        uid = self.config.epub_identifier
        return {**super().toc_metadata(level, navpoints), "uid": uid}


def configure(app: Sphinx, config: Config) -> None:
    """Tell the EPUB which edition it is, and what is on its cover."""
    config["version"] = version("softmaxbook")
    config["epub_cover"] = (COVER, "cover.html")


def begin(app: Sphinx) -> None:
    """Leave nothing of a former book, and say if the site's address is not known."""
    if not is_epub(app):
        return
    if Path(app.outdir, "META-INF").exists():
        shutil.rmtree(app.outdir)
        Path(app.outdir).mkdir()
    if address_of(app) is None:
        logger.info("The site's address is not known: the EPUB's figures have no link and no code.")


def carry(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Make a page one of the EPUB."""
    if not is_epub(app):
        return
    context["words"] = cover.WORDS
    if "body" in context:
        is_first = page == app.config.root_doc
        place = Place(page, app.env.found_docs, address_of(app), is_first)
        try:
            context["body"] = carried(context["body"], place, katex.mathml)
        except ValueError as error:
            logger.warning("%s", error, location=page, type=EPUB)


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to Sphinx."""
    app.add_builder(Epub, override=True)
    app.connect("config-inited", configure)
    app.connect("builder-inited", begin)
    app.connect("html-page-context", carry, priority=LATE + 1)  # once all else is in the page
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
