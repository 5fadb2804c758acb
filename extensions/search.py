"""The search finds sections by the words that people type, and chapters before anything else.

Each word of the glossary, in all its spellings, is a hidden keyword of the section that its entry
names last; so are the words in the `keywords` list of the glossary's page, which no page shows.
`scorer.js` puts chapters first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from .glossary import doctree_of, entries, glossary_page

SCORER = Path(__file__).with_name("scorer.js")


class Keywords(SphinxDirective):
    """`keywords`: items with a link to a section, a colon, and words between commas."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the list: its links are checked as any others, and then it is taken out."""
        place = KeywordsPlace()
        self.state.nested_parse(self.content, self.content_offset, place)
        return [place]


class KeywordsPlace(nodes.General, nodes.Element):  # type: ignore[misc]
    """Where the list stands while pages are read."""


def sought(doctree: nodes.document) -> Iterator[tuple[nodes.Element, list[str]]]:
    """Yield links of the glossary's page, and the words that lead to where they lead."""
    for words, _terms, definition in entries(doctree):
        links = list(definition.findall(addnodes.pending_xref))
        if links:
            yield links[-1], words
    for place in doctree.findall(KeywordsPlace):
        for item in place.findall(nodes.list_item):
            words = item.astext().rpartition(": ")[2].split(", ")
            yield next(item.findall(addnodes.pending_xref)), words


class HiddenKeywords:
    """The words by which each page's sections are found."""

    def __init__(self) -> None:
        self.of_page: dict[str, list[tuple[str, str]]] | None = None

    def of(self, app: Sphinx, page: str) -> list[tuple[str, str]]:
        """Return words with the sections of a page that they lead to."""
        if self.of_page is None:
            self.of_page = defaultdict(list)
            glossary = glossary_page(app)
            known = glossary in app.env.found_docs
            for link, words in sought(doctree_of(app.env, glossary)) if known else ():
                target = link["reftarget"]
                section = section_id(app.env, target, link.get("reftargetid"))
                plurals = (f"{word}s" for word in words)
                self.of_page[target] += [(word, section) for word in (*words, *plurals)]
        return self.of_page[page]

    def add(self, app: Sphinx, doctree: nodes.document, page: str) -> None:
        """Add the words of a page, which the search index then reads, and show no list of them."""
        for place in list(doctree.findall(KeywordsPlace)):
            place.parent.remove(place)
        words = [("single", word, section, "main", None) for word, section in self.of(app, page)]
        if words:
            doctree += addnodes.index(entries=words)


def section_id(env: BuildEnvironment, page: str, slug: str | None) -> str:
    """Return the anchor of the section that MyST knows by its slug; of none, the page's top."""
    slugs = env.metadata[page].get("myst_slugs", {})
    return str(slugs[slug][1]) if slug in slugs else ""


def set_scorer(app: Sphinx, config: Any) -> None:
    """Let Sphinx's search sort by our scores."""
    config["html_search_scorer"] = str(SCORER)


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to Sphinx."""
    app.add_node(KeywordsPlace)
    app.add_directive("keywords", Keywords)
    app.connect("config-inited", set_scorer)
    app.connect("doctree-resolved", HiddenKeywords().add)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
