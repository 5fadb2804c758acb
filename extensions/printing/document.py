"""The HTML of the whole book, to be laid out on pages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from lxml import html
from markupsafe import Markup, escape

from extensions.codes import code_of
from extensions.elements import Element, words
from extensions.unfolding import edition

from . import paper
from .joining import Links, anchor, rename
from .matter import anchor_of, chapter, contents, indexes
from .site import Site

HERE = Path(__file__).parent
CONFIG = HERE.parents[1] / "_config.yml"

RUNNING = """
#{name} {{ page: {name}; }}
@page {name} {{ @top-left {{ content: {title}; }} }}"""


@dataclass(frozen=True)
class Sheet:
    """A size of paper, in CSS pixels, of which 96 make an inch."""

    width: float
    height: float

    @property
    def side(self) -> float:
        """The margins left and right: the lines are as long on all paper."""
        return (self.width - TEXT_WIDTH) / 2

    @property
    def text_height(self) -> float:
        """What stands between the margins above and below."""
        return self.height - 2 * MARGIN


MILLIMETRE = 96 / 25.4
TEXT_WIDTH = 608
MARGIN = 76
SHEETS = {
    "a4": Sheet(210 * MILLIMETRE, 297 * MILLIMETRE),
    "letter": Sheet(8.5 * 96, 11 * 96),
}


@dataclass(frozen=True)
class Heading:
    """A heading of the document: its level from 1, its words, and where it stands."""

    level: int
    title: str
    anchor: str


@dataclass(frozen=True)
class Book:
    """The whole book: its HTML, and what the PDF says about itself."""

    html: str
    title: str
    author: str
    root: Path
    sheet: Sheet

    @cached_property
    def headings(self) -> list[Heading]:
        """The headings in order."""
        found = html.fromstring(self.html).xpath("//h1 | //h2 | //h3 | //h4")
        return [Heading(int(each.tag[1]), words(each), anchor_of(each)) for each in found]


def whole(site: Site, address: str | None, size: str = "a4") -> Book:
    """Return the book of a site; the address is that of the published site, where it is known."""
    settings = yaml.safe_load(CONFIG.read_text(encoding="utf-8"))
    for page in site.pages():
        live = f"{address}{site.folder}/{page.name}.html" if address else None
        paper.prepare(page, live, deeper=page is not site.introduction)
    first = site.introduction.article
    first.xpath(".//h1")[0].addnext(edition(first, "paper", address))
    for page in site.pages():
        rename(page)
    links = Links(site, address)
    for page in site.pages():
        links.redirect(page)
    back = indexes(site)  # names places in the articles, which are written below
    sheet = SHEETS[size]
    licence = html.fragment_fromstring(settings["html"]["extra_footer"], create_parent="p")
    text = _template().render(
        language=site.language,
        title=settings["title"],
        subtitle="An interactive book with tested code",
        author=settings["author"],
        copyright=settings["copyright"],
        licence=words(licence),
        address=address,
        qr=_written(code_of(address, licence, quiet=0)) if address else "",
        solutions=any(paper.has_solution(page.article) for page in site.pages()),
        styles=site.styles,
        css=Markup(style(site, sheet)),
        introduction=chapter(site.introduction),
        parts=contents(site),
        articles={anchor(page.name): _written(page.article) for page in site.pages()},
        indexes=back,
        breakable=breakable,
    )
    return Book(text, settings["title"], settings["author"], site.root, sheet)


def _template() -> Any:
    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined
    )
    return environment.get_template("book.html")


def breakable(name: str) -> Markup:
    """Return a name that may go on on the next line after each of its parts.

    Examples
    --------
    >>> print(breakable("losses.cross_entropy"))
    losses.<wbr>cross_<wbr>entropy
    """
    return Markup(re.sub(r"(?<=[._])(?=\w)", "<wbr>", str(escape(name))))


def _written(element: Element) -> Markup:
    return Markup(html.tostring(element, encoding="unicode", with_tail=False))


def style(site: Site, sheet: Sheet) -> str:
    """Return what the style sheet cannot know: the paper, and the chapters' running titles."""
    size = f"@page {{ size: {sheet.width:.2f}px {sheet.height:.2f}px; "
    size += f"margin: {MARGIN}px {sheet.side:.2f}px; }}"
    running = [RUNNING.format(name=page.name, title=quoted(page.title)) for page in site.pages()]
    return "\n".join([size, (HERE / "paper.css").read_text(encoding="utf-8"), *running])


def quoted(text: str) -> str:
    r"""Return a string of CSS.

    Examples
    --------
    >>> print(quoted('a "b" \\ <c>'))
    "a \"b\" \\ \3c c>"
    """
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("<", "\\3c ")
    return f'"{escaped}"'
