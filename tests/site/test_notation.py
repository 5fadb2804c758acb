"""The table of symbols against the formulas of the pages, chapter by chapter."""

import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest
from symbols import first_symbol, formulas, symbols

ROOT = Path(__file__).parents[2]
EVERYWHERE = "everywhere"
PLACE = re.compile(r"\]\(([\w-]+)\.md(?:#([\w-]+))?\)")


class Row(NamedTuple):
    """A row of the table: its symbols, and the chapters and sections where it holds."""

    symbols: tuple
    chapters: frozenset
    sections: frozenset

    @property
    def everywhere(self):
        return not self.chapters and not self.sections


def rows(page):
    """Return the rows of the table that name a symbol."""
    found = []
    lines = [line.split("|")[1:-1] for line in page.splitlines() if line.startswith("|")]
    for named, _, _, where in lines:
        letters = [first_symbol(formula) for formula in re.findall(r"\$([^$]+)\$", named)]
        places = PLACE.findall(where)
        assert places or where.strip() in (EVERYWHERE, "where", "---"), where
        chapters = frozenset(chapter for chapter, section in places if not section)
        sections = frozenset(place for place in places if place[1])
        letters = tuple(filter(None, letters))
        found += [Row(letters, chapters, sections)] if letters else []
    return found


def sections_of(page):
    """Return the text below each heading of a page, by the heading's anchor."""
    parts = re.split(r"^#+ (.*)$", page, flags=re.MULTILINE)
    slugs = [re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in parts[1::2]]
    return dict(zip(slugs, parts[2::2], strict=True))


def used(text):
    """Return the symbols of a text and the letters of its indices."""
    bases, indices = Counter(), Counter()
    for formula in formulas(text):
        some, below = symbols(formula)
        bases += some
        indices += below
    return bases, indices


NOTATION = rows((ROOT / "book" / "notation.md").read_text(encoding="utf-8"))
AROUND = {"notation", "references", "instructors"}
"""Pages that speak of the symbols of chapters, or of other works."""
CHAPTERS = {
    path.stem: path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "book").glob("*.md"))
    if path.stem not in AROUND and formulas(path.read_text("utf-8"))
}


def unlisted(table, chapter, text):
    """Return the symbols that a chapter uses and no row gives it."""
    here = {s for row in table if row.everywhere or chapter in row.chapters for s in row.symbols}
    bases, indices = used(text)
    missing = (set(bases) | set(indices)) - here
    for row in table:
        for _, section in (place for place in row.sections if place[0] == chapter):
            everywhere_else = text.replace(sections_of(text)[section], "")
            missing -= set(row.symbols) - set(used(everywhere_else)[0])
    return sorted(missing)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_each_symbol_of_a_chapter_is_in_the_table(chapter):
    assert unlisted(NOTATION, chapter, CHAPTERS[chapter]) == []


def ambiguous(table):
    """Return the symbols that two rows give to one chapter."""
    given = Counter(
        (symbol, chapter)
        for row in table
        for chapter in (row.chapters or ([] if row.sections else [EVERYWHERE]))
        for symbol in row.symbols
    )
    return sorted(pair for pair, times in given.items() if times > 1)


def test_no_chapter_gives_a_symbol_two_meanings():
    assert ambiguous(NOTATION) == []


def stale(table, chapters):
    """Return the symbols whose chapters do not use them."""
    found = []
    for row in table:
        for chapter in row.chapters | {chapter for chapter, _ in row.sections}:
            bases, indices = used(chapters[chapter])
            found += [(s, chapter) for s in row.symbols if s not in bases and s not in indices]
    texts = "\n".join(chapters.values())
    everywhere = [s for row in table if row.everywhere for s in row.symbols]
    return found + [(s, EVERYWHERE) for s in everywhere if s not in used(texts)[0]]


def test_no_row_names_a_symbol_that_its_chapters_do_not_use():
    assert stale(NOTATION, CHAPTERS) == []


TABLE = """
| symbol | in code | meaning | where |
|---|---|---|---|
| $z$, $\\bar z$ | `logits` | scores, and their mean $u$ | everywhere |
| $H(p)$, $p$ | | entropy | [One](one.md) |
| $H$ | | the Hessian | [One](one.md), [Two](two.md) |
| $u$ | | a section's | [Two](two.md#the-end) |
"""
PAGE = "# One\n\n$z_i + H$ and `$c$`, $\\text{word } \\bar z$.\n\n## The end\n\n$$u$$\n"


def test_the_rules_reject_what_they_forbid():
    table = rows(TABLE)
    assert [row.symbols for row in table] == [("z", "\\bar z"), ("H", "p"), ("H",), ("u",)]
    assert unlisted(table, "two", PAGE) == ["i"]
    assert unlisted(table, "two", f"{PAGE}\n## More\n\n$u$\n") == ["i", "u"]
    assert unlisted(table, "one", PAGE) == ["i", "u"]
    assert ambiguous(table) == [("H", "one")]
    assert stale(table, {"one": PAGE, "two": PAGE}) == [("p", "one")]
