"""Listings on pages: the code of the package, with each docstring cut to its first line."""

import ast
import inspect

import pytest

import softmaxbook as sb
from extensions.listings import shortened

PUBLIC = [getattr(sb, name) for name in sb.__all__]
CODE = [thing for thing in PUBLIC if inspect.isfunction(thing) or inspect.isclass(thing)]


def without_docstrings(source):
    tree = ast.parse(source)
    for part in ast.walk(tree):
        if isinstance(part, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(part):
            part.body[0].value.value = ""
    return ast.dump(tree)


@pytest.mark.parametrize("thing", CODE, ids=lambda thing: thing.__name__)
def test_a_listing_is_the_same_code_with_shorter_docstrings(thing):
    source = inspect.getsource(thing)
    listing = shortened(source)
    assert without_docstrings(listing) == without_docstrings(source)
    for part in ast.walk(ast.parse(listing)):
        if isinstance(part, ast.FunctionDef | ast.ClassDef):
            assert "\n" not in (ast.get_docstring(part) or "")


def test_code_without_docstrings_stays_as_it_is():
    source = "    def method(self):\n        return '''no\n\n        docstring'''"
    assert shortened(source) == source


def test_a_docstring_of_one_line_stays_as_it_is():
    source = 'def f():\n    """Return 1."""\n    return 1'
    assert shortened(source) == source
