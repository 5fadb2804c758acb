"""What only a printed book has: a contents and two indexes, with the numbers of the pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from extensions.elements import Element, words

from .joining import anchor
from .site import Page, Site, with_class

GLOSSARY = "glossary"
ALIKE = 4
"""Spellings with as many letters in common at their beginning stand side by side in an index."""


@dataclass(frozen=True)
class Chapter:
    """A chapter in the contents: where it begins, and its sections' anchors and titles."""

    anchor: str
    title: str
    sections: list[tuple[str, str]]


@dataclass(frozen=True)
class Group:
    """A part in the contents."""

    anchor: str
    title: str
    chapters: list[Chapter]


@dataclass
class Entry:
    """A line of an index: where a word is explained, and where else it stands; or see another."""

    word: str
    see: str = ""
    places: list[tuple[str, bool]] = field(default_factory=list)

    @property
    def letter(self) -> str:
        """The letter under which the entry stands."""
        return self.word[0].upper()


@dataclass(frozen=True)
class Index:
    """An index: its anchor, its title, a sentence about it, and its entries."""

    anchor: str
    title: str
    note: str
    entries: list[Entry]


def indexes(site: Site) -> list[Index]:
    """Return the indexes that have entries."""
    words_ = "Where each word stands first in a chapter; a bold number leads to its explanation."
    names = "Functions, classes and their parts, named as in the package softmaxbook."
    both = [
        Index("index-of-terms", "Index of terms", words_, terms(site)),
        Index("index-of-the-package", "Index of the package", names, functions(site)),
    ]
    return [each for each in both if each.entries]


def contents(site: Site) -> list[Group]:
    """Return the parts with their chapters and sections."""
    return [
        Group(f"part-{number}", part.title, [chapter(page) for page in part.pages])
        for number, part in enumerate(site.parts, start=1)
    ]


def chapter(page: Page) -> Chapter:
    """Return a page's place in the contents, and those of its sections."""
    headings = with_class(page.article, "sb-h2")
    sections = [(anchor_of(heading), words(heading)) for heading in headings]
    return Chapter(anchor(page.name), page.title, sections)


def anchor_of(heading: Element) -> str:
    """Return the anchor at which a heading stands: its own, or that of its section."""
    found: str = heading.xpath("ancestor-or-self::*[@id][1]/@id")[0]
    return found


def terms(site: Site) -> list[Entry]:
    """Return the words of the glossary with the places where they stand first in each chapter."""
    glossary = next((page for page in site.pages() if page.name == GLOSSARY), None)
    if glossary is None:
        return []
    uses = _uses(site)
    order = _order(site)
    found = []
    for spellings, explained in _entries(glossary):
        word = words(spellings[0])
        places = [(place, False) for name in spellings for place in uses.get(name.get("id"), [])]
        places += [(target, True) for target in explained]
        found.append(Entry(word, places=sorted(places, key=lambda place: order[place[0]])))
        found += [Entry(other, see=word) for other in _elsewhere([words(s) for s in spellings])]
    return sorted(found, key=lambda entry: _letters(entry.word))


def _uses(site: Site) -> dict[str, list[str]]:
    """Name the first use of each term on each page; return these names by the terms'."""
    found: dict[str, list[str]] = {}
    for page in site.pages():
        for number, link in enumerate(with_class(page.article, "sb-term", "a"), start=1):
            name = f"{page.name}--term-{number}"
            link.set("id", name)
            found.setdefault(unquote(link.get("href").lstrip("#")), []).append(name)
    return found


def _entries(glossary: Page) -> Iterator[tuple[list[Element], list[str]]]:
    """Yield the spellings of each word, and the anchors of the sections that explain it."""
    for definition in glossary.article.xpath('.//dl[contains(@class, "glossary")]/dd'):
        spellings: list[Element] = []
        for before in definition.itersiblings(preceding=True):
            if before.tag != "dt":
                break
            spellings.insert(0, before)
        links = definition.xpath("./p[last()]/a/@href")
        yield spellings, [unquote(link[1:]) for link in links if link.startswith("#")]


def _elsewhere(spellings: list[str]) -> list[str]:
    """Return the spellings that a reader would look for in another place.

    Examples
    --------
    >>> _elsewhere(["rare class", "rare classes", "class imbalance"])
    ['class imbalance']
    """
    kept = {_letters(word)[:ALIKE]: word for word in reversed(spellings)}
    return [word for word in spellings[1:] if word in kept.values()]


def _order(site: Site) -> dict[str, int]:
    """Return the place of each name in the order of the book."""
    names = (name for page in site.pages() for name in page.article.xpath("descendant::*/@id"))
    return {name: place for place, name in enumerate(names)}


def _letters(word: str) -> str:
    return "".join(letter for letter in word.casefold() if letter.isalnum())


def functions(site: Site) -> list[Entry]:
    """Return the names that the package offers, each with the place of its entry."""
    found = []
    for page in site.pages():
        for entry in page.article.xpath('.//dt[contains(@class, "sig-object")][@id]'):
            name = entry.get("id").partition("--")[2].removeprefix("softmaxbook.")
            found.append(Entry(name, places=[(entry.get("id"), False)]))
    return sorted(found, key=lambda each: (each.word.casefold(), each.word))
