"""Pages and registry agree: each exercise stands once, in its chapter, with its own starter."""

import ast
import re

import pytest
from pages import BOOK, Page

from softmaxbook.exercises import CHAPTERS, exercises


def asked(text):
    return re.findall(r'^ask\("([\w-]+)"\)$', text, re.MULTILINE)


def given(page):
    """Return {id: code} of the cells that hand an answer to an exercise."""
    found = {}
    for cell in page.cells:
        last = ast.unparse(cell.body[-1]) if cell.body else ""
        match = re.fullmatch(r"exercise\('([\w-]+)'\)\.check\((\w+)\)", last)
        if match:
            found[match[1]] = (ast.unparse(ast.Module(cell.body[:-1], [])), match[2])
    return found


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_each_exercise_stands_once_in_order_with_its_starter(chapter):
    text = (BOOK / f"{chapter}.md").read_text(encoding="utf-8")
    own = exercises(chapter)
    told, heading, section = text.partition("\n## Exercises\n")
    assert bool(heading) == any(not each.opening for each in own)
    assert asked(told) == [each.id for each in own if each.opening]
    assert asked(section) == [each.id for each in own if not each.opening]
    cells = given(Page(text))
    for each in own:
        heading = "```{code-cell}" if each.opening else f"### {each.title}\n"
        assert f"(exercise-{each.id})=\n{heading}" in text
        if each.answered_in_place:
            assert each.id not in cells
        else:
            assert cells[each.id] == (ast.unparse(ast.parse(each.starter)), each.name)


def test_no_page_asks_for_an_exercise_that_is_not_there():
    known = {each.id for each in exercises()}
    for path in BOOK.glob("*.md"):
        text = path.read_text(encoding="utf-8")
        assert set(asked(text)) <= known, path.name
        assert set(re.findall(r"\(exercise-([\w-]+)\)=", text)) <= known, path.name


def test_the_reader_of_pages_sees_what_differs():
    page = Page('```{code-cell}\ndef f(x):\n    ...\n\nexercise("a").check(f)\n```\n')
    assert given(page) == {"a": ("def f(x):\n    ...", "f")}
    assert asked('ask("b")\n') == ["b"]
