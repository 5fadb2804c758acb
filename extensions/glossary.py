"""Words are explained where they first stand: pages link to the glossary and bring its notes.

The glossary is Sphinx's own: `{glossary}` lists the words, `{term}` links to one. Here the first
use of each word on a page becomes such a link, so that no author has to think of it. Beside the
page's text stand the notes, a sentence or two of the glossary each, which `assets/glossary.mjs`
shows when a link is pointed at, tapped or reached by keyboard; for a screen reader they describe
the link as they are, and without JavaScript the link leads to the glossary.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from html import escape
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform

from .builders import is_site

PAGE = "glossary"
"""The glossary's file, in the folder of the first page."""

NOT_PROSE = (
    nodes.Titular,
    nodes.caption,
    nodes.citation,
    nodes.footnote,
    nodes.literal,
    nodes.literal_block,
    nodes.math,
    nodes.math_block,
    nodes.raw,
    nodes.reference,
    nodes.thead,
    addnodes.desc,
    addnodes.glossary,
    addnodes.pending_xref,
)
"""What holds no word to be explained, or a link already."""

LINK = re.compile(
    r'<a class="reference internal" (href="[^"]*#(term-[^"]+)")><span class="xref std std-term">'
)


def glossary_page(app: Sphinx) -> str:
    """Return the name of the glossary's page."""
    return f"{app.config.root_doc.rpartition('/')[0]}/{PAGE}"


@lru_cache(maxsize=1)
def doctree_of(env: BuildEnvironment, page: str) -> nodes.document:
    """Return a page as it was read."""
    return env.get_doctree(page)


def entries(
    doctree: nodes.document,
) -> Iterator[tuple[list[str], list[nodes.term], nodes.definition]]:
    """Yield the words of each entry of a glossary, and the explanation that they share."""
    for glossary in doctree.findall(addnodes.glossary):
        for item in glossary.findall(nodes.definition_list_item):
            terms = [part for part in item if isinstance(part, nodes.term)]
            yield [term.astext().replace("’", "'") for term in terms], terms, item[-1]


def pattern(words: list[str]) -> re.Pattern[str]:
    """Return an expression that finds words with or without a plural's ending.

    A word in small letters may begin with a capital, as the first of a sentence does.

    Examples
    --------
    >>> pattern(["nat", "one-hot"]).findall("Nats of a native, one-hot or not-one-hot, two nats")
    ['Nats', 'one-hot', 'nats']
    >>> pattern(["AUC"]).search("auc") is None
    True
    """
    alternatives = "|".join(map(_either_case, sorted(words, key=len, reverse=True)))
    return re.compile(rf"(?<![\w-])(?:{alternatives})s?(?![\w-])")


def _either_case(word: str) -> str:
    first = f"[{word[0].upper()}{word[0]}]" if word[0].islower() else re.escape(word[0])
    return first + re.escape(word[1:]).replace("'", "['’]")


def prose(doctree: nodes.document) -> Iterator[nodes.Text]:
    """Yield the pieces of running text."""
    for text in doctree.findall(nodes.Text):
        above = text.parent
        while above is not None and not isinstance(above, NOT_PROSE):
            above = above.parent
        if above is None and text.parent is not None:  # as the text of a listing has none
            yield text


class FirstUses(SphinxPostTransform):
    """Make the first use of each word on a page a link to the glossary."""

    default_priority = 7  # after MyST-NB has chosen what a cell shows, before links are resolved

    def run(self, **_: Any) -> None:
        """Look for each word that no author has linked."""
        page = self.env.docname
        glossary = glossary_page(self.app)
        if glossary not in self.env.found_docs or page == glossary:
            return
        linked = {
            link["reftarget"].lower()
            for link in self.document.findall(addnodes.pending_xref)
            if link.get("reftype") == "term"
        }
        for words, _terms, _definition in entries(doctree_of(self.env, glossary)):
            if linked.isdisjoint(map(str.lower, words)):
                self.link_first(words)

    def link_first(self, words: list[str]) -> None:
        """Link the first use of any of these words, if there is one."""
        wanted = pattern(words)
        for text in prose(self.document):
            found = wanted.search(text)
            if found:
                before, word, after = text[: found.start()], found[0], text[found.end() :]
                link = addnodes.pending_xref(
                    "",
                    nodes.inline("", word, classes=["xref", "std", "std-term"]),
                    refdomain="std",
                    reftype="term",
                    reftarget=words[0],
                    refdoc=self.env.docname,
                    refwarn=True,
                )
                parts = [nodes.Text(before), link, nodes.Text(after)]
                text.parent.replace(text, [part for part in parts if part.astext()])
                return


class Notes:
    """The explanations of words, as HTML, and their place on each page."""

    def __init__(self) -> None:
        self.html: dict[str, str] = {}

    def add(
        self, app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any
    ) -> None:
        """Put the notes of a page's links below its text."""
        body = context.get("body", "")
        if not is_site(app) or page == glossary_page(app) or not LINK.search(body):
            return
        used = dict.fromkeys(found[2] for found in LINK.finditer(body))
        all_notes = self.all(app)
        described = r'<a class="reference internal sb-term" aria-describedby="note-\2" \1>'
        described += '<span class="xref std std-term">'
        notes = "".join(
            f'<div class="sb-tip" role="tooltip" id="note-{escape(each)}" hidden>'
            f"{all_notes[each]}</div>\n"
            for each in used
        )
        context["body"] = LINK.sub(described, body) + notes
        app.add_js_file("glossary.mjs", type="module")

    def all(self, app: Sphinx) -> dict[str, str]:
        """Return the explanation of each word by the anchor of its entry."""
        builder = app.builder
        assert isinstance(builder, StandaloneHTMLBuilder)
        if not self.html:
            for _words, terms, definition in entries(doctree_of(app.env, glossary_page(app))):
                said = nodes.inline("", "", *(part.deepcopy() for part in definition[0]))
                html = builder.render_partial(said)["fragment"].strip()
                self.html |= {anchor: html for term in terms for anchor in term["ids"]}
        return self.html


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to Sphinx."""
    notes = Notes()
    app.add_post_transform(FirstUses)
    app.connect("html-page-context", notes.add)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
