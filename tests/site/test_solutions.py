"""Site and EPUB built with SOLUTIONS=no hold no line of a solution and no word of a mistake."""

import html
import inspect
import json
import os
import re
import subprocess
import sys
import zipfile
from itertools import chain, pairwise
from pathlib import Path

import pytest
from books import FOR_EPUB
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer
from pythons import numpy_for_pages

from extensions.printing.document import whole
from extensions.printing.site import read
from softmaxbook.assignments.handout.leaks import readings, squeezed
from softmaxbook.checking.specification import hint_of, source_of
from softmaxbook.exercises import exercises

ROOT = Path(__file__).parents[2]
JUPYTER_BOOK = Path(sys.executable).with_name("jupyter-book")
WINGS = ("numerics", "learning", "family", "transfer")  # whose code pages may show
FOREIGN = re.compile(r"^numpy-.*\.whl$|\.(packed|woff2?|ttf)$")  # as others have made it
LONG_ENOUGH = 25  # a shorter line, such as `return z`, says nothing


def secrets():
    """Return every line of a solution or a mistake, and every hint, that stands nowhere else."""
    chapters = [
        *ROOT.glob("book/*.md"),
        *(path for wing in WINGS for path in (ROOT / "src" / "softmaxbook" / wing).glob("*.py")),
    ]
    stated = [part for each in exercises() for part in (each.text(), *each.hints)]
    open_text = squeezed(
        "\n".join([path.read_text(encoding="utf-8") for path in chapters] + stated)
    )
    found = set()
    for each in exercises():
        lines = [hint_of(mistake) for mistake in each.mistakes]
        for function in (each.solution, *each.mistakes):
            if inspect.isfunction(function):
                lines += source_of(function).splitlines()
        explained = each.explanation if isinstance(each.explanation, str) else ""
        lines += explained.splitlines()
        found |= {squeezed(line) for line in lines if squeezed(line) not in open_text}
    return {line for line in found if len(line) >= LONG_ENOUGH}


def leaks(files):
    """Return the secrets that stand in one of the files, which are bytes.

    The inner words of a line stand side by side wherever the line does. Most secrets have two that
    stand so nowhere, and need no search through more than a hundred megabytes.
    """
    found = {reading for data in files for reading in readings(data)}
    pairs = {pair for reading in found for pair in hashed_pairs(reading.split())}
    hay = "\n".join(found)
    return {
        line
        for line in secrets()
        if pairs.issuperset(hashed_pairs(line.split()[1:-1])) and line in hay
    }


def hashed_pairs(words):
    return map(hash, pairwise(words))


def test_there_is_something_to_hide():
    assert len(secrets()) > 200


def test_the_search_finds_what_is_hidden_in_markup():
    solution = source_of(next(e for e in exercises() if e.form == "function").solution)
    assert leaks([highlight(solution, PythonLexer(), HtmlFormatter()).encode()])
    hint = hint_of(exercises()[0].mistakes[0])
    assert leaks([f"<p>{html.escape(hint).replace(' ', chr(10))}</p>".encode()])
    assert leaks([html.escape(json.dumps({"hint": hint})).encode()])


def build_without_solutions(folder, *options):
    """Build the site there, or with options the EPUB."""
    built = subprocess.run(
        [JUPYTER_BOOK, "build", ".", "-n", "-W", "--keep-going", "--path-output", folder, *options],
        cwd=ROOT,
        env={
            **os.environ,
            "SOFTMAXBOOK_SOLUTIONS": "no",
            "SOFTMAXBOOK_NUMPY_WHEEL": numpy_for_pages(),
        },
        capture_output=True,
        text=True,
    )
    assert built.returncode == 0, built.stderr[-3000:]


@pytest.mark.long
def test_site_epub_and_pdf_without_solutions_hold_none(tmp_path):
    build_without_solutions(tmp_path)
    build_without_solutions(tmp_path, *FOR_EPUB)
    site = tmp_path / "_build" / "html"
    printed = whole(read(site), None).html.encode()  # all that a PDF is made of
    assert b"From scores to probabilities" in printed
    files = [path for path in site.rglob("*") if path.is_file()]
    assert any(path.name == "searchindex.js" for path in files)
    assert any(path.suffix == ".ipynb" for path in files)
    names = {path.name for path in files}
    assert "softmaxbook.whl" in names, "what the pages' Python imports is searched, too"
    on_site = (path.read_bytes() for path in files if not FOREIGN.search(path.name))
    with zipfile.ZipFile(tmp_path / "_build" / "epub" / "softmaxbook.epub") as book:
        assert "book/probabilities.xhtml" in book.namelist()
        assert leaks(chain(on_site, map(book.read, book.namelist()), [printed])) == set()


def test_a_verdict_without_solutions_names_no_mistake(monkeypatch):
    from softmaxbook.exercises import exercise

    def wrong(logits):
        return logits / logits.sum(axis=-1, keepdims=True)

    named = exercise("softmax-of-one-vector").check(wrong)
    monkeypatch.setenv("SOFTMAXBOOK_SOLUTIONS", "no")
    unnamed = exercise("softmax-of-one-vector").check(wrong)
    assert named.mistakes
    assert unnamed.mistakes == ()
    assert named.hint not in str(unnamed)
    assert unnamed.counter_example == named.counter_example
    with pytest.raises(AssertionError):
        assert "comes without solutions" not in str(exercise("softmax-of-one-vector").reveal())
