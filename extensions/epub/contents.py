"""The EPUB's list of contents: the parts, their chapters, and these chapters' sections.

Of parts Sphinx makes no entries, Jupyter Book has it leave out sections, and what stands at the
chapters' ends is in the written pages alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from lxml import etree
from sphinx import addnodes
from sphinx.environment import BuildEnvironment

from .endings import ends
from .pages import is_scripted


def entries(
    environment: BuildEnvironment, root: str, address_of: Callable[[str], str], folder: Path
) -> Iterator[dict[str, Any]]:
    """Yield the entries below the first page's: the level, the address and the words of each."""
    for part in environment.get_doctree(root).findall(addnodes.toctree):
        pages = part["includefiles"]
        level = 2 if part["caption"] else 1
        if part["caption"]:
            yield _entry(1, address_of(pages[0]), part["caption"])
        for page in pages:
            address = file = address_of(page)
            if part["caption"] and page == pages[0]:
                # No two entries may have the same address, and by that of its file Sphinx puts a
                # page in its place: the part has it, and its first chapter begins with its title.
                [top, *_] = environment.get_doctree(page).findall(nodes.section)
                address = f"{address}#{top['ids'][0]}"
            yield _entry(level, address, environment.titles[page].astext())
            if is_scripted(page):
                continue
            written = etree.parse(folder / file).getroot()
            for anchor, words in (*_sections(environment, page), *ends(written)):
                yield _entry(level + 1, address_of(page) + anchor, words)


def _sections(environment: BuildEnvironment, page: str) -> Iterator[tuple[str, str]]:
    """Yield anchor and title of the sections of a page, without those within another."""
    for lines in environment.tocs[page][0].children[1:]:
        for line in lines.children:
            [link, *_] = line.findall(nodes.reference)
            yield link["anchorname"], link.astext()


def _entry(level: int, address: str, words: str) -> dict[str, Any]:
    return {"level": level, "refuri": escape(address), "text": escape(words)}
