"""Pages that become one document: each name is given once, and links lead to where it now is."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote, urljoin, urlsplit

from extensions.elements import Element

from . import PrintingError
from .site import Page, Site

REFERRING = ("aria-labelledby", "aria-describedby", "for", "headers")
NAMED = f".//*[@id or {' or '.join(f'@{each}' for each in REFERRING)}][not(ancestor-or-self::svg)]"
HERE = "http://site.invalid/"
"""Stands for the site, wherever it is."""

NO_ANCHOR = """{}: a link leads to {!r}, which is not there.
  Build the site again (`make book`); the strict build names the link's line."""


def anchor(page: str, name: str = "") -> str:
    """Return what is called `name` in a page, or the page, in the document.

    Examples
    --------
    >>> anchor("losses", "surprise"), anchor("losses")
    ('losses--surprise', 'losses')
    """
    return f"{page}--{name}" if name else page


def rename(page: Page) -> None:
    """Make the names of a page unlike those of all others, and drop what is named twice."""
    for number, drawing in enumerate(page.article.iter("svg")):
        _rename_within(drawing, f"{page.name}--drawing-{number}--")
    seen: set[str] = set()
    for element in page.article.xpath(NAMED):
        name = element.get("id")
        if name in seen:
            del element.attrib["id"]
        elif name:
            seen.add(name)
            element.set("id", anchor(page.name, name))
        for attribute in REFERRING:
            if referred := element.get(attribute):
                element.set(
                    attribute, " ".join(anchor(page.name, each) for each in referred.split())
                )
    page.article.set("id", anchor(page.name))


def _rename_within(drawing: Element, prefix: str) -> None:
    for element in drawing.iter():
        for attribute, value in element.attrib.items():
            if attribute == "id":
                element.set(attribute, prefix + value)
            elif attribute.endswith("href") and value.startswith("#"):
                element.set(attribute, f"#{prefix}{value[1:]}")
            elif "url(#" in value:
                element.set(attribute, re.sub(r"url\(#", f"url(#{prefix}", value))
    for style in drawing.iter("style"):
        style.text = re.sub(r"url\(#", f"url(#{prefix}", style.text or "")


class Links:
    """Where links lead from the pages of the site, once these are one document."""

    def __init__(self, site: Site, address: str | None) -> None:
        self.site = site
        self.address = address
        self.pages = {f"{site.folder}/{page.name}.html": page.name for page in site.pages()}
        articles = [page.article for page in site.pages()]
        self.anchors = {name for article in articles for name in article.xpath(".//@id")}
        self.anchors |= set(self.pages.values())

    def redirect(self, page: Page) -> None:
        """Set the links of a page, and make words of those that would lead nowhere."""
        for link in list(page.article.iter("a")):
            target = self.target(page, link.get("href"))
            for attribute in ("title", "download"):
                link.attrib.pop(attribute, None)
            if target is None:
                link.drop_tag()
            else:
                link.set("href", target)

    def target(self, page: Page, href: str | None) -> str | None:
        """Return the address within the document, or in the web, of a link; None without one."""
        if href is None:
            return None
        full = urljoin(f"{HERE}{self.site.folder}/{page.name}.html", href)
        if not full.startswith(HERE):
            return full
        parts = urlsplit(full)
        path = unquote(parts.path).lstrip("/")
        if path not in self.pages:
            return self.address and urljoin(self.address, full.removeprefix(HERE))
        found = anchor(self.pages[path], unquote(parts.fragment))
        if found not in self.anchors:
            raise PrintingError(NO_ANCHOR.format(page.name, href))
        return "#" + quote(found)
