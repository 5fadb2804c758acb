"""A page of the site as one of the EPUB: no script, nothing folded, nothing that lies elsewhere."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml import etree

from softmaxbook.assignments.questions.prose import Formula
from softmaxbook.theme import LIGHT

from ..codes import code_of
from ..elements import SPACES, Element, H, found, has_class, read, take_out, words, written
from ..unfolding import edition, letter_options
from .endings import unfold
from .live import caption

SCRIPTED = {"review", "instructors"}
"""Pages of the book's folder that are of use on a site alone."""

CHECKED = re.compile(r'exercise\("([\w-]+)"\)\.check\(')
APPLIED = "\u2061"
"""The sign that MathML has between a function's name and its argument, and that nobody sees."""
COLOUR = re.compile(r"var\(--sb-([\w-]+)(?:,[^)]*)?\)")


@dataclass(frozen=True)
class Place:
    """Where a page stands: its name, the other pages, and the address of the site, if known."""

    page: str
    pages: Collection[str]
    site: str | None
    is_first: bool = False

    @property
    def address(self) -> str | None:
        """The address of the page on the site."""
        return f"{self.site}{self.page}.html" if self.site else None

    def at(self, anchor: str) -> str | None:
        """Return the address of a place on the page."""
        return f"{self.address}#{anchor}" if self.address else None

    def link(self, target: str) -> str | None:
        """Return where a link of the page leads in the EPUB; None if it leads nowhere.

        Examples
        --------
        >>> here = Place("book/a", {"book/a", "book/b"}, "https://example.org/")
        >>> here.link("b.html#c"), here.link("../_static/d.csv")
        ('b.xhtml#c', 'https://example.org/_static/d.csv')
        """
        parts = urlsplit(target)
        if parts.scheme or parts.netloc or not parts.path:
            return target
        name, ending = posixpath.splitext(
            posixpath.normpath(posixpath.join(posixpath.dirname(self.page), parts.path))
        )
        if ending in (".html", ".xhtml") and name in self.pages:
            if not is_scripted(name):
                return target.replace(".html", ".xhtml")
            ending = ".html"
            if not self.site:
                return posixpath.splitext(parts.path)[0] + ".xhtml"
        fragment = f"#{parts.fragment}" if parts.fragment else ""
        return f"{self.site}{name}{ending}{fragment}" if self.site else None


def is_scripted(page: str) -> bool:
    """Return whether a page is of use on a site alone."""
    return page.rpartition("/")[2] in SCRIPTED


def carried(body: str, place: Place, formula: Formula) -> str:
    """Return the body of a page of the EPUB; raise ValueError where it cannot be one."""
    page = read(COLOUR.sub(lambda name: LIGHT[name[1]], body))
    if is_scripted(place.page):
        leave_to_the_site(page, place)
    if place.is_first:
        found(page, ".//h:h1")[0].addnext(edition(page, "e-readers", place.site))
    letter_options(page, formula)
    check_elsewhere(page, place)
    unfold(page, formula)
    stand_still(page, place)
    for link in found(page, ".//h:a[@href]"):
        target = place.link(link.get("href"))
        if target is None:
            link.attrib.clear()
        else:
            link.set("href", target)
    tidy(page)
    return written(page)


def leave_to_the_site(page: Element, place: Place) -> None:
    """Keep the title alone, and say where the page is."""
    for section in found(page, "h:section"):
        for part in list(section)[1:]:
            take_out(part)
        where = H.a("the site", href=place.address) if place.address else "the site"
        why = "This page works by scripts, which e-readers do not run. It stands on "
        section.append(H.p(why, where, "."))
        if place.address:
            section.append(H.div({"class": "sb-live"}, code_of(place.address, page)))


def check_elsewhere(page: Element, place: Place) -> None:
    """Below each question and each program, lead to where its answer is checked."""
    if place.site is None:
        return
    for asked in found(page, ".//h:div[@data-module='question']"):
        question = json.loads(asked.get("data-state"))["question"]
        invite(asked, "Check an answer on the site", place, f"exercise-{question['id']}")
    for cell in found(page, f".//h:div[{has_class('cell')}]"):
        for id in CHECKED.findall(words(cell))[-1:]:
            invite(cell, "Write and check it on the site", place, f"exercise-{id}")


def invite(element: Element, text: str, place: Place, anchor: str) -> None:
    """Put a link below an element, to a place of the page on the site that is on this page, too."""
    if found(element, f"//*[@id='{anchor}']"):
        element.addnext(H.p({"class": "sb-elsewhere"}, H.a(text, href=place.at(anchor))))


def stand_still(page: Element, place: Place) -> None:
    """Let each explorable be its picture, with where it moves."""
    for explorable in found(page, f".//h:div[{has_class('sb-explorable')}]"):
        state = json.loads(explorable.get("data-state"))
        if explorable.get("id") and found(explorable, ".//*[local-name()='svg']"):
            explorable.tag = H.figure().tag
            explorable.append(caption(place.at(explorable.get("id")), state))


def space(applied: Element) -> None:
    """Part a function's name from what stands beside it, as TeX does and MathML does not.

    An argument in brackets stands as close as it is, and so does a sign that brings its own space.
    """
    name, argument = applied.getprevious(), applied.getnext()
    before = name.getprevious() if name is not None else None
    if (
        argument is not None
        and found(argument, "descendant-or-self::*[not(*)]")[0].tag != applied.tag
    ):
        applied.addnext(thin(applied))
    if before is not None and not found(before, "self::m:mo | self::m:mspace"):
        name.addprevious(thin(applied))


def thin(tree: Element) -> Element:
    """Return the space that TeX puts between a function and its argument."""
    return tree.makeelement(f"{{{SPACES['m']}}}mspace", width="0.1667em")


def together(drawings: list[Element]) -> Element:
    """Return what holds the drawings of a figure from now on."""
    frame = H.div()
    drawings[0].addprevious(frame)
    frame.extend(drawings)
    return frame


def tidy(page: Element) -> None:
    """Remove what only a script reads, and mend what browsers alone take."""
    for figure in found(page, ".//h:figure[@role='img']"):  # its picture may have that role
        if drawings := found(figure, "svg:svg[@aria-hidden]"):
            for drawing in drawings:
                del drawing.attrib["aria-hidden"]
            picture = drawings[0] if len(drawings) == 1 else together(drawings)
            for name in ("role", "aria-label"):
                picture.set(name, figure.attrib.pop(name))
    for paragraph in found(page, ".//h:p[h:ul]"):  # where a function returns several things
        paragraph.tag = H.div().tag
    for applied in found(page, f".//m:mo[.='{APPLIED}']"):
        space(applied)
    for path in found(page, ".//svg:path[not(@d)]"):  # matplotlib's glyph of a space
        path.set("d", "M0 0")
    for element in found(page, ".//h:script | .//h:style | .//h:template"):
        take_out(element)
    for element in page.iter(etree.Element):
        for name in [name for name in element.attrib if name.startswith("data-")]:
            del element.attrib[name]
