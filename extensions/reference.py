"""The package's reference: names lead to their entries, and entries to their chapters.

On a page, code in the first column of a table under *In the package* is a link to the entry of
that name; an unknown or ambiguous one is a warning, which fails the strict build. In a docstring,
the sentence that ends in "the chapter *overflow*" leads to that page. The overview lists all
entries, by task, and holds the anchors that they had when all stood on its page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import SphinxDirective

HEADING = "In the package"
NAME = re.compile(r"\.?([A-Za-z_][\w.]*)(\(.*\))?")
CHAPTERS = re.compile(r"\b(?:the chapters?|the page) \*.*")


def target_of(code: str) -> str | None:
    """Return the name that a piece of code calls or gives; none of what is no such name.

    A module with its full name has no entry: the reference lists what is in modules.

    Examples
    --------
    >>> target_of('stored("arms")'), target_of("Model.fit"), target_of(".fit")
    ('stored', 'Model.fit', 'fit')
    >>> target_of('"arms"'), target_of("softmaxbook.claims"), target_of("make book")
    (None, None, None)
    """
    found = NAME.fullmatch(code)
    return None if found is None or found[1].startswith("softmaxbook.") else found[1]


def first_column(section: nodes.section) -> Iterator[nodes.literal]:
    """Yield the code in the first column of a section's tables."""
    for row in section.findall(nodes.row):
        if isinstance(row.parent, nodes.tbody):
            yield from row[0].findall(nodes.literal)


class NamesToEntries(SphinxTransform):
    """Make the names under *In the package* links to their entries."""

    default_priority = 400

    def apply(self, **_: Any) -> None:
        """Wrap each name in a reference, which Python's domain resolves by the name's end."""
        for section in self.document.findall(nodes.section):
            if section[0].astext() == HEADING:
                for code in list(first_column(section)):
                    target = target_of(code.astext())
                    if target is not None:
                        self.wrap(code, target)

    def wrap(self, code: nodes.literal, target: str) -> None:
        """Put a reference around a piece of code."""
        options = {"refdomain": "py", "reftype": "obj", "reftarget": target, "refspecific": True}
        reference = addnodes.pending_xref("", refdoc=self.env.docname, **options)
        reference.source, reference.line = code.source, code.line
        code.replace_self(reference)
        reference += code


def link_chapters(app: Sphinx, what: str, name: str, thing: Any, options: Any, lines: Any) -> None:
    """Let the chapters that a docstring names be links to their pages."""
    folder = app.config.root_doc.rpartition("/")[0]
    lines[:] = [
        CHAPTERS.sub(lambda part: re.sub(r"\*(\w+)\*", rf":doc:`/{folder}/\1`", part[0]), line)
        for line in lines
    ]


@dataclass(frozen=True)
class Entry:
    """An entry of the reference: where it stands, and what the overview says of it."""

    group: str
    name: str
    anchors: tuple[str, ...]
    summary: str
    chapters: tuple[str, ...]


def entries_of(doctree: nodes.document) -> Iterator[Entry]:
    """Yield the entries of a page, those of a class's members with the class."""
    for entry in doctree.findall(addnodes.desc):
        inside = entry.parent
        while inside is not None and not isinstance(inside, addnodes.desc | nodes.section):
            inside = inside.parent
        if entry["domain"] == "py" and isinstance(inside, nodes.section):
            signatures = entry.findall(addnodes.desc_signature)
            anchors = tuple(anchor for each in signatures for anchor in each["ids"])
            links = entry.findall(addnodes.pending_xref)
            chapters = [each["reftarget"] for each in links if each["reftype"] == "doc"]
            first = next(entry[-1].findall(nodes.paragraph), nodes.paragraph())
            yield Entry(
                inside[0].astext(),
                anchors[0],
                anchors,
                first.astext().partition("\n")[0],
                tuple(dict.fromkeys(chapters)),
            )


class Overview(SphinxDirective):
    """`overview`: all entries of the page that it names, filled in when that has been read."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Leave a place for the list."""
        folder = self.env.docname.rpartition("/")[0]
        return [OverviewPlace(of=f"{folder}/{self.arguments[0]}")]


class OverviewPlace(nodes.General, nodes.Element):  # type: ignore[misc]
    """Where the overview will stand."""


def collect(app: Sphinx, doctree: nodes.document) -> None:
    """Keep the entries of a page that has been read."""
    found = list(entries_of(doctree))
    if found:
        app.env.metadata[app.env.docname]["entries"] = found


def fill(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Put the overview in its place."""
    for place in list(doctree.findall(OverviewPlace)):
        place.replace_self(listed(app, page, place["of"]))


def listed(app: Sphinx, page: str, other: str) -> list[nodes.Node]:
    """Return the groups of a page of the reference: a link to the group, and a list."""
    found: list[Entry] = app.env.metadata[other].get("entries", [])
    parts: list[nodes.Node] = []
    for group in dict.fromkeys(entry.group for entry in found):
        heading = link(app, page, other, nodes.Text(group), nodes.make_id(group))
        items = (item(app, page, other, entry) for entry in found if entry.group == group)
        parts += [nodes.rubric("", "", heading), nodes.bullet_list("", *items)]
    return parts


def item(app: Sphinx, page: str, other: str, entry: Entry) -> nodes.list_item:
    """Return the line of an entry: its former anchors, its name, what it does, its chapters."""
    short = entry.name.removeprefix("softmaxbook.")
    line = nodes.paragraph()
    line += [nodes.target(ids=[anchor]) for anchor in entry.anchors]
    line += link(app, page, other, nodes.literal(short, short), entry.name)
    line += nodes.Text(f": {entry.summary}")
    for number, chapter in enumerate(entry.chapters):
        target = chapter.strip("/")
        line += nodes.Text(", " if number else " (")
        line += link(app, page, target, nodes.Text(app.env.titles[target].astext()))
    if entry.chapters:
        line += nodes.Text(")")
    return nodes.list_item("", line)


def link(app: Sphinx, page: str, target: str, words: nodes.Node, anchor: str = "") -> nodes.Node:
    """Return a link from a page to an anchor of another."""
    address = app.builder.get_relative_uri(page, target)
    return nodes.reference("", "", words, internal=True, refuri=f"{address}#{anchor}".rstrip("#"))


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to Sphinx."""
    app.add_node(OverviewPlace)
    app.add_directive("overview", Overview)
    app.add_transform(NamesToEntries)
    app.connect("autodoc-process-docstring", link_chapters)
    app.connect("doctree-read", collect)
    app.connect("doctree-resolved", fill)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
