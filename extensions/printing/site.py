"""A built site as it is to be printed: its parts, and their pages in order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lxml import html

from extensions.elements import Element, has_class, words

from . import PrintingError

ON_THE_SITE_ALONE = {"review", "instructors", "accessibility"}
"""Pages about what a reader does on the site, or a teacher with it."""

INTRODUCTION = "Introduction"
"""On paper the first page stands behind a title page, and has a name of its own."""

NO_SITE = """There is no built site at {}.
  `make book` builds it; `make pdf` does so first."""


@dataclass(frozen=True)
class Page:
    """A page of the site: its file's stem, its title, and its text."""

    name: str
    title: str
    article: Element


@dataclass(frozen=True)
class Part:
    """A part of the book, and its pages."""

    title: str
    pages: list[Page] = field(default_factory=list)


@dataclass(frozen=True)
class Site:
    """A built site: where it is, its folder of pages, its looks, and what it holds."""

    root: Path
    folder: str
    language: str
    styles: list[str]
    introduction: Page
    parts: list[Part]

    def pages(self) -> Iterator[Page]:
        """Yield the pages in order."""
        yield self.introduction
        for part in self.parts:
            yield from part.pages


def with_class(element: Element, name: str, tag: str = "*") -> list[Element]:
    """Return the elements of a class within an element.

    Examples
    --------
    >>> root = html.fromstring('<div><p class="a b">1</p><p class="ab">2</p></div>')
    >>> [found.text for found in with_class(root, "a")]
    ['1']
    """
    found: list[Element] = element.xpath(f".//{tag}[{has_class(name)}]")
    return found


def read(root: Path) -> Site:
    """Read a built site, or say that there is none."""
    first = root / "index.html"
    if not first.is_file():
        raise PrintingError(NO_SITE.format(root))
    led = re.search(r'url=([^"]+)"', first.read_text(encoding="utf-8"))
    start = root / unquote(led[1]) if led else first
    tree = _parsed(start)
    folder = start.parent.relative_to(root).as_posix()
    parts: list[Part] = []
    styles = dict.fromkeys(_styles(tree))
    for entry in _contents(tree):
        if entry.tag == "p":
            parts.append(Part(words(entry)))
            continue
        name = Path(unquote(urlsplit(entry.get("href")).path)).stem
        if name not in ON_THE_SITE_ALONE:
            page = _parsed(start.with_name(f"{name}.html"))
            styles |= dict.fromkeys(_styles(page))
            parts[-1].pages.append(_page(name, page))
    introduction = _page(start.stem, tree, INTRODUCTION)
    kept = [part for part in parts if part.pages]
    return Site(root, folder, tree.get("lang"), list(styles), introduction, kept)


def _parsed(path: Path) -> Element:
    return html.fromstring(path.read_text(encoding="utf-8"))


def _contents(tree: Element) -> Iterator[Element]:
    """Yield the captions of the parts and the links to their pages, in the site's own contents."""
    for nav in with_class(tree, "bd-docs-nav", "nav"):
        yield from nav.xpath(
            './/p[contains(@class, "caption")] | .//li[contains(@class, "toctree-l1")]/a'
        )


def _styles(tree: Element) -> list[str]:
    """Return the style sheets of a page, from the site's root."""
    links = tree.xpath('//link[@rel="stylesheet"]/@href')
    return [urlsplit(link).path.removeprefix("../") for link in links]


def _page(name: str, tree: Element, title: str = "") -> Page:
    article = with_class(tree, "bd-article", "article")[0]
    for link in with_class(article, "headerlink"):
        link.drop_tree()
    heading = article.xpath(".//h1")[0]
    if title:
        heading.text = title
    return Page(name, title or words(heading), article)
