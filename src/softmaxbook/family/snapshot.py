"""The book as it stood when its language model was trained, and which of it is held out.

``python -m softmaxbook.family.snapshot --commit …`` takes a new snapshot of today's pages.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from softmaxbook.family.corpus import Chapter, read_book
from softmaxbook.family.tokens import tokenise

FILE = Path(__file__).parents[1] / "weights" / "language.txt.gz"
"""The stored snapshot: the commit, then a line for each sentence, with its part and its page."""

SIDES = ("train", "validation", "test")
"""What sentences are for: to learn from, to choose by, and to measure on."""

TEST, VALIDATION = (0, 1), (2,)  # of ten equal shares of all sentences
OPENING = 3


class Snapshot(NamedTuple):
    """The prose of the book at one commit.

    Parameters
    ----------
    commit : str
        Where the pages stand that it was read from.
    chapters : list of Chapter
    """

    commit: str
    chapters: list[Chapter]

    @property
    def digest(self) -> str:
        """SHA-256 of all sentences, one a line."""
        lines = "\n".join(sentence for c in self.chapters for sentence in c.sentences)
        return hashlib.sha256(lines.encode()).hexdigest()

    def tokens(self, side: str) -> list[list[str]]:
        """Return the tokens of the sentences of one side, in the order of the book."""
        return [tokens for c in self.chapters for tokens in on_side(c.sentences, side)]


def read_snapshot(file: Path | None = None) -> Snapshot:
    """Return the stored snapshot, or one in another file.

    Raises
    ------
    FileNotFoundError
        If there is no such file.

    Examples
    --------
    >>> sum(len(chapter.sentences) for chapter in read_snapshot().chapters) > 1500
    True

    Used in the chapter *language*.
    """
    # Not `splitlines`: it also splits at U+2028, which may stand in a sentence.
    commit, *lines = gzip.decompress((file or FILE).read_bytes()).decode().rstrip("\n").split("\n")
    pages: dict[tuple[str, str], list[str]] = {}
    for line in lines:
        part, page, sentence = line.split("\t", 2)
        pages.setdefault((page, part), []).append(sentence)
    return Snapshot(commit, [Chapter(*page, tuple(said)) for page, said in pages.items()])


def write_snapshot(chapters: Sequence[Chapter], commit: str, file: Path = FILE) -> None:
    """Store the prose of a book.

    Parameters
    ----------
    chapters : sequence of Chapter
    commit : str
    file : path

    Raises
    ------
    ValueError
        If a sentence has several lines, or a part or page a tab in its name: they would be read
        as others.
    """
    for chapter in chapters:
        names = chapter.part + chapter.name + commit
        if "\t" in names or "\n" in names:
            raise ValueError(f"tabs and line ends separate names, {names!r} has one")
        several = [sentence for sentence in chapter.sentences if "\n" in sentence]
        if several:
            raise ValueError(f"a sentence must stand on one line, got {several[0]!r}")
    lines = [f"{c.part}\t{c.name}\t{sentence}" for c in chapters for sentence in c.sentences]
    text = "\n".join([commit, *lines, ""])
    file.write_bytes(gzip.compress(text.encode(), mtime=0))  # the same text, the same bytes


def sentence_side(tokens: Sequence[str]) -> str:
    """Return what a sentence is for: "train", "validation" or "test".

    Parameters
    ----------
    tokens : sequence of str
        As :func:`softmaxbook.family.tokens.tokenise` returns them.

    Returns
    -------
    str

    Notes
    -----
    The first three tokens decide, by their SHA-256: two tenths are for the test, one for
    validation. So a sentence stays on its side wherever it moves and whatever is written beside
    it, and also if a later word of it is mended; and sentences that begin alike, as repeated
    phrases do, are on the same side.

    Examples
    --------
    >>> one, other = (tokenise(f"Look at one {what}.") for what in ("line", "page of it"))
    >>> sentence_side(one) == sentence_side(other)
    True

    Used in the chapter *language*.
    """
    opening = hashlib.sha256(" ".join(tokens[:OPENING]).encode()).digest()
    share = int.from_bytes(opening[:8], "big") % 10
    return "test" if share in TEST else "validation" if share in VALIDATION else "train"


def on_side(sentences: Iterable[str], side: str) -> list[list[str]]:
    """Return the tokens of those sentences that are on one side.

    Raises
    ------
    ValueError
        If there is no such side.

    Examples
    --------
    >>> on_side(["Look at one line."], "train")
    [['look', 'at', 'one', 'line', '.']]

    Used in the chapter *language*.
    """
    if side not in SIDES:
        raise ValueError(f"side must be one of {SIDES}, got {side!r}")
    return [tokens for tokens in map(tokenise, sentences) if sentence_side(tokens) == side]


def main() -> None:
    """Take a snapshot of today's pages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--commit", required=True, help="where the pages stand")
    parser.add_argument("--to", type=Path, default=FILE, help="file to write")
    given = parser.parse_args()
    write_snapshot(read_book(), given.commit, given.to)
    found = read_snapshot(given.to)
    print(f"{given.to.name}: {given.to.stat().st_size / 1000:.0f} kB, SHA-256 {found.digest}")


if __name__ == "__main__":
    main()
