"""A page's MyST as Markdown that every host of notebooks shows as it is meant.

JupyterLab reads MyST by an extension, which Colab, Voilà and a class's hub do not have. What the
book uses of MyST is translated for them; what is not known here is an error, so that nothing of it
reaches a reader as it was typed.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from itertools import takewhile
from pathlib import Path
from typing import Any

from myst_parser.parsers.options import options_to_items
from sphinx.application import Sphinx
from sphinx.directives.code import LiteralInclude, LiteralIncludeReader
from sphinx.errors import ExtensionError

from .listings import shortened

TARGET = re.compile(r"\([\w.:-]+\)=\s*")
FENCE = re.compile(r"(?P<marks>`{3,}|:{3,})(?P<rest>.*)")
DIRECTIVE = re.compile(r"\{(?P<name>[\w-]+)\}\s*(?P<title>.*)")
OPTION = re.compile(r":[\w-]+:")
# A role, code, or a link within the book: code comes second, and stays as it is.
INLINE = re.compile(
    r"\{(?P<role>[\w:-]+)\}`(?P<content>[^`]+)`"
    r"|(?P<code>(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`))"
    r"|\[(?P<words>(?:[^\[\]]|\[[^\]]*\])*)\]\((?P<place>(?!\))(?:[\w./-]+\.md)?(?:#[\w-]+)?)\)"
)
# What code displays is not parsed: in its strings these two can be nothing else.
STRINGS = re.compile(
    r"\{(?P<role>cite:[pt])\}`(?P<content>[^`]+)`"
    r"|\[(?P<words>[^\[\]]+)\]\((?P<place>[\w./-]+\.md(?:#[\w-]+)?)\)"
)
CITED = re.compile(r"(?:\{([^}]*)\})?([\w:.-]+)(?:\{([^}]*)\})?")
CODE = re.compile(r"`([^`]+)`")
LABELLED = re.compile(r"(?P<words>.+?)\s*<(?P<label>[^>]+)>")


@dataclass(frozen=True)
class Sources:
    """Where the translation finds what a page only names.

    `listing` returns the lines that a file and options choose, `cited` the authors and the year of
    a key, `address` where the page of a path or of a label is on the site, or nothing, and `title`
    what that page is called.
    """

    listing: Callable[[str, dict[str, str]], str]
    cited: Callable[[str], tuple[str, str]]
    address: Callable[[str], str | None]
    title: Callable[[str], str]


def plain(text: str, sources: Sources) -> str:
    r"""Return MyST as Markdown.

    Examples
    --------
    >>> sources = Sources(
    ...     listing=lambda path, chosen: "pass",
    ...     cited=lambda key: ("Gao", "2017"),
    ...     address=lambda place: None,
    ...     title=lambda place: "A page",
    ... )
    >>> print(plain("(here)=\n# Of [softmax](softmax.md#it) {cite:p}`gao2017`", sources))
    # Of softmax (Gao, 2017)
    >>> print(plain(":::{dropdown} Answer\nA third.\n:::", sources))
    <details>
    <summary>Answer</summary>
    <BLANKLINE>
    A third.
    <BLANKLINE>
    </details>
    """
    return "\n".join(_translated(text.split("\n"), sources))


def plain_strings(code: str, sources: Sources) -> str:
    """Return code whose strings hold neither citations nor links within the book.

    What a cell displays is Markdown too, and it is made when the cell is run.
    """

    def found(match: re.Match[str]) -> str:
        if match["role"]:
            return _citation(match["content"], match["role"] == "cite:t", sources)
        return _linked(match["words"], sources.address(match["place"]))

    return STRINGS.sub(found, code)


def _translated(lines: list[str], sources: Sources) -> Iterator[str]:
    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        if TARGET.fullmatch(line):
            continue
        fence = FENCE.fullmatch(line)
        if fence is None:
            yield _line(line, sources)
            continue
        start = at
        while at < len(lines) and lines[at].strip() != fence["marks"]:
            at += 1
        inner = lines[start:at]
        at += 1
        directive = DIRECTIVE.fullmatch(fence["rest"])
        if directive is None:
            yield from (line, *inner, fence["marks"])
        else:
            yield from _directive(directive["name"], directive["title"], inner, sources)


def _directive(name: str, title: str, lines: list[str], sources: Sources) -> Iterator[str]:
    told = list(takewhile(OPTION.match, lines))
    options = dict(options_to_items("\n".join(line[1:] for line in told))[0])
    lines = lines[len(told) :]
    if name == "literalinclude":
        yield from ("```python", sources.listing(title, options).rstrip("\n"), "```")
    elif name == "admonition":
        yield from ("", f"> **{_line(title, sources)}**", ">")
        yield from (f"> {line}".rstrip() for line in _translated(_trimmed(lines), sources))
    elif name == "dropdown":
        words = CODE.sub(r"<code>\1</code>", escape(title))  # in HTML nothing is Markdown
        yield from ("<details>", f"<summary>{words}</summary>", "")
        yield from (*_translated(_trimmed(lines), sources), "", "</details>")
    elif name != "downloads":  # a notebook is a download itself
        raise ExtensionError(f"extensions/plain.py translates no directive {{{name}}}")


def _trimmed(lines: list[str]) -> list[str]:
    return "\n".join(lines).strip("\n").split("\n")


def _line(line: str, sources: Sources) -> str:
    """Return a line of a paragraph with roles as words and links to the site."""

    def found(match: re.Match[str]) -> str:
        if match["code"]:
            return match[0]
        if match["role"] in ("cite:p", "cite:t"):
            return _citation(match["content"], match["role"] == "cite:t", sources)
        if match["role"] == "ref" and (labelled := LABELLED.fullmatch(match["content"])):
            return _linked(labelled["words"], sources.address(labelled["label"]))
        if match["role"]:
            raise ExtensionError(f"extensions/plain.py translates no role {{{match['role']}}}")
        shown = _line(match["words"], sources) or sources.title(match["place"])
        return _linked(shown, sources.address(match["place"]))

    return INLINE.sub(found, line)


def _citation(content: str, textual: bool, sources: Sources) -> str:
    address = sources.address("references.md")
    found = []
    for before, key, after in CITED.findall(content):
        names, year = sources.cited(key)
        place = f"{year}, {after}" if after else year
        start = f"{before} " if before else ""
        link = _linked(place if textual else f"{names}, {place}", address)
        found.append(f"{start}{names} ({link})" if textual else start + link)
    return ", ".join(found) if textual else f"({'; '.join(found)})"


def _linked(words: str, address: str | None) -> str:
    return f"[{words}]({address})" if address else words


def sources_of(app: Sphinx, page: str, site: str | None) -> Sources:
    """Return where a page of a book that is being built names what stands elsewhere.

    Parameters
    ----------
    app : Sphinx
        Whose environment holds the book.
    page : str
        The page, without an ending.
    site : str or None
        The address of the site; without one there are words in place of links.
    """
    folder = posixpath.dirname(page)

    def listing(path: str, options: dict[str, str]) -> str:
        file = Path(app.srcdir, folder, path)
        spec = LiteralInclude.option_spec or {}
        chosen = {name: spec[name](to) for name, to in options.items() if name in spec}
        read = LiteralIncludeReader(str(file), chosen, app.config).read()[0]
        return shortened(read) if "pyobject" in chosen else str(read)

    def cited(key: str) -> tuple[str, str]:
        entry = app.env.get_domain("cite").bibdata.data.entries[key]  # type: ignore[attr-defined]
        return _names(entry), entry.fields.get("year", "n.d.")

    def target_of(path: str) -> str:
        named = posixpath.join(folder, path.removesuffix(".md"))
        return posixpath.normpath(named) if path else page

    def title(place: str) -> str:
        return str(app.env.titles[target_of(place.partition("#")[0])].astext())

    def address(place: str) -> str | None:
        if not site:
            return None
        labels = app.env.get_domain("std").labels  # type: ignore[attr-defined]
        if place in labels:
            target, anchor, _ = labels[place]
        else:
            path, _, slug = place.partition("#")
            target = target_of(path)
            slugs = app.env.metadata[target].get("myst_slugs", {})
            anchor = slugs[slug][1] if slug in slugs else slug
        return f"{site.rstrip('/')}/{target}.html" + (f"#{anchor}" if anchor else "")

    return Sources(listing, cited, address, title)


def _names(entry: Any) -> str:
    people = entry.persons.get("author") or entry.persons.get("editor") or []
    names = [re.sub(r"[{}]", "", " ".join([*p.prelast_names, *p.last_names])) for p in people]
    if len(names) > 2:
        return f"{names[0]} et al."
    return " and ".join(names) or str(entry.fields.get("key") or entry.fields["title"])
