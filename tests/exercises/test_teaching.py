"""The tables for instructors are the exercises' own, and an edition without solutions has none."""

import re

import pytest

from softmaxbook.checking.specification import hint_of, name_of
from softmaxbook.exercises import CHAPTERS, exercises, teaching


def cells(table):
    """Return the rows of a Markdown table, without its head."""
    lines = [line for line in table.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_the_inventory_adds_up():
    *rows, total = cells(teaching.inventory())
    assert len(rows) == len(CHAPTERS)
    for column in range(1, len(total)):
        assert sum(float(row[column]) for row in rows) == float(total[column])
    assert int(total[1]) == len(exercises())
    assert int(total[-1]) == sum(len(each.mistakes) for each in exercises())


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_each_mistake_stands_once_with_the_beginning_of_its_hint(chapter):
    rows = cells(teaching.misconceptions(chapter))
    mistakes = [m for each in CHAPTERS[chapter] for m in each.mistakes]
    assert [row[1] for row in rows] == [name_of(each) for each in mistakes]
    for row, mistake in zip(rows, mistakes, strict=True):
        hint = " ".join(hint_of(mistake).split()).replace("|", "&#124;")
        assert row[2], name_of(mistake)
        assert hint.startswith(row[2])
    titles = [row[0] for row in rows if row[0]]
    assert titles == [each.title for each in CHAPTERS[chapter]]


def test_recurring_mistakes_are_counted():
    rows = cells(teaching.recurring(least=3))
    counts = [int(row[1]) for row in rows]
    assert counts == sorted(counts, reverse=True)
    assert min(counts) >= 3
    name, count, chapters = rows[0]
    making = [each for each in exercises() if name in map(name_of, each.mistakes)]
    assert len(making) == int(count)
    assert re.split(", ", chapters) == list(dict.fromkeys(each.chapter for each in making))


def test_without_solutions_no_mistake_is_told(monkeypatch):
    told = teaching.recurring()
    monkeypatch.setenv("SOFTMAXBOOK_SOLUTIONS", "no")
    assert teaching.recurring() == teaching.WITHOUT != told
    assert [chapter for chapter in CHAPTERS if teaching.misconceptions(chapter)] == []
