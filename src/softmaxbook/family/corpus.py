"""The corpus of the chapter on language: the book's own prose, read from its pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

CONTENTS = "_toc.yml"
FENCE = re.compile(r"^(`{3,}|~{3,}).*?^\1`*\s*$", re.MULTILINE | re.DOTALL)
HEADER = re.compile(r"\A---\n.*?^---\n", re.MULTILINE | re.DOTALL)
DISPLAY = re.compile(
    r"^\$\$.*?\$\$.*?$|^\\begin\{(\w+\*?)\}.*?\\end\{\1\}", re.MULTILINE | re.DOTALL
)
NO_PROSE = re.compile(r"#|\||:|<|%|!\[|\([\w-]+\)=$|[-*_]{3,}$|\[\^")
MARKER = re.compile(r"^(?:>\s*|[-*+]\s+|\d+[.)]\s+)+")
INLINE = (
    (re.compile(r"\s*\{[\w:-]+\}`[^`]*`"), ""),  # roles: citations
    (re.compile(r"!?\[([^\]]*)\]\([^)]*\)"), r"\1"),  # links
    (re.compile(r"(`+).+?\1"), " ⟨code⟩ "),
    (re.compile(r"\$[^$]+\$"), " ⟨formula⟩ "),
    (re.compile(r"<[^>]+>|\*+(?=\S)|(?<=\S)\*+|(?<!\w)_+(?=\w)|(?<=\w)_+(?!\w)"), ""),
    (re.compile(r"\\(?=\W)"), ""),
)
FEWEST_WORDS = 3


class Chapter(NamedTuple):
    """A page of the book as prose.

    Used in the chapter *language*.

    Parameters
    ----------
    name : str
        The page's file name, without its ending.
    part : str
        The part of the book in which it stands, as the table of contents calls it.
    sentences : tuple of str
    """

    name: str
    part: str
    sentences: tuple[str, ...]


def read_book(folder: Path | str | None = None) -> list[Chapter]:
    """Return the prose of all pages, in the order of the table of contents.

    Parameters
    ----------
    folder : path, optional
        Where the table of contents is, and below it the pages. By default the checkout that the
        package runs from; for an installed package the copy that its installation brought along.

    Returns
    -------
    list of Chapter
        Pages without prose are left out. What the pages say today is what is returned: the corpus
        grows with the book.

    Raises
    ------
    FileNotFoundError
        If there is no book there.

    Examples
    --------
    >>> chapters = read_book()
    >>> next(each.part for each in chapters if each.name == "overflow")
    'Part I: Softmax'

    Used in the chapter *language*.
    """
    root = find_book() if folder is None else Path(folder)
    contents = root / CONTENTS
    if not contents.is_file():
        raise FileNotFoundError(f"there is no table of contents {CONTENTS} in {root}")
    chapters = []
    for part, file in _entries(contents.read_text(encoding="utf-8")):
        page = root / f"{file}.md"
        if not page.is_file():
            raise FileNotFoundError(f"{page} is in the table of contents, but not there")
        sentences = tuple(clean(page.read_text(encoding="utf-8")))
        if sentences:
            chapters.append(Chapter(Path(file).name, part, sentences))
    return chapters


def clean(markdown: str) -> list[str]:
    r"""Return the sentences of a page: its lines, without what is no prose.

    Parameters
    ----------
    markdown : str
        The text of a page, one sentence a line.

    Returns
    -------
    list of str
        Header, code, displayed formulas, headings, tables, options of directives and targets are
        left out, and what has fewer than three words. What directives such as admonitions hold
        stays. Inside a sentence a formula becomes ⟨formula⟩ and code ⟨code⟩, citations vanish,
        and of links and emphasis the words are left.

    Examples
    --------
    >>> clean("# Softmax\n\nThe *sum* is $1$, see [below](x.md) {cite:p}`a`.\n| a | b |\n")
    ['The sum is ⟨formula⟩, see below.']

    Used in the chapter *language*.
    """
    text = markdown
    for block in (HEADER, FENCE, DISPLAY):
        text = block.sub("", text)
    lines = (line.strip() for line in text.split("\n"))
    prose = (MARKER.sub("", line) for line in lines if line and not NO_PROSE.match(line))
    sentences = (_plain(line) for line in prose)
    return [line for line in sentences if len(re.findall(r"\w+", line)) >= FEWEST_WORDS]


def find_book() -> Path:
    """Return the folder with the table of contents: of the checkout, or of the installation.

    Raises
    ------
    FileNotFoundError
        If neither is there.
    """
    checkout = Path(__file__).parents[3]
    if (checkout / CONTENTS).is_file() and (checkout / "book").is_dir():
        return checkout
    for installed in metadata.distributions(name="softmaxbook"):
        for file in installed.files or ():
            if file.name == CONTENTS:
                return Path(str(file.locate())).resolve().parent
    raise FileNotFoundError(
        "the book's pages are neither beside this package nor installed with it: "
        "read_book(folder) reads them from a folder"
    )


def _entries(contents: str) -> Iterator[tuple[str, str]]:
    """Yield part and file of each page; the table has one entry a line."""
    part = ""
    for line in contents.splitlines():
        key, _, value = line.strip().removeprefix("- ").partition(": ")
        if key == "caption":
            part = value.strip("\"'")
        elif key in ("root", "file"):
            yield part, value


def _plain(line: str) -> str:
    """Return a line without marks of emphasis, links, formulas and code."""
    for pattern, instead in INLINE:
        line = pattern.sub(instead, line)
    line = re.sub(r"\s+", " ", line).strip()
    return re.sub(r" (?=[,.;:?!)])|(?<=\() ", "", line)
