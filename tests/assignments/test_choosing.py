"""Which file counts: answers before none, a notebook before its print; else somebody is asked."""

import zipfile

import handins
import nbconvert
import nbformat
import pytest
from handins import LETTER, choosing, code, notebook, written

from softmaxbook.assignments.collecting.collect import collect
from softmaxbook.assignments.collecting.webpages import cells_of_web_page
from softmaxbook.assignments.submissions.problems import Kind
from softmaxbook.assignments.submissions.submission import read_submission

CANVAS = "moreauada_101_{}_{}"
STUDENTS = "id,name,ID\nada,Ada Moreau,101\n"


@pytest.fixture
def week(tmp_path):
    (tmp_path / "students.csv").write_text(STUDENTS, encoding="utf-8")
    return handins.assignment(tmp_path)


def exported(data, format, template="lab"):
    exporter = {
        "html": lambda: nbconvert.HTMLExporter(template_name=template),
        "py": nbconvert.PythonExporter,
        "md": nbconvert.MarkdownExporter,
    }[format]()
    body, _ = exporter.from_notebook_node(nbformat.reads(data.decode(), as_version=4))
    return body.encode()


def taken(week, tmp_path, **files):
    """Collect what Ada handed in by Canvas, file by file, the later ones with larger numbers."""
    path = tmp_path / "canvas.zip"
    with zipfile.ZipFile(path, "w") as made:
        for number, (name, data) in enumerate(files.items(), start=5001):
            made.writestr(CANVAS.format(number, name), data)
    collect(week, path)
    return read_submission(week.folder / "submitted" / "ada" / "mended.json")


def letter(found):
    return found.answers[LETTER].source[-2]


@pytest.mark.parametrize("name", ["week1.html", "print.html", "week1.py", "week1.md"])
def test_a_notebook_counts_before_its_print_whichever_came_last(week, tmp_path, name):
    data = choosing(week, "b")
    beside = {name: exported(data, name.rpartition(".")[2])}
    for files in ({"week1.ipynb": data, **beside}, {**beside, "week1.ipynb": data}):
        found = taken(week, tmp_path, **files)
        assert (found.file, found.problems, letter(found)) == ("week1.ipynb", (), "b")
        assert any("week1.ipynb counts, besides" in line for line in found.log)


def test_a_later_program_that_answers_otherwise_is_asked_about(week, tmp_path):
    files = {"week1.ipynb": choosing(week, "b"), "week1.py": exported(choosing(week, "c"), "py")}
    found = taken(week, tmp_path, **files)
    assert letter(found) == "b"
    assert found.problems == (Kind.WHICH_FILE.of(taken="week1.ipynb", others="week1.py"),)


@pytest.mark.parametrize("template", ["lab", "classic", "basic"])
def test_a_web_page_alone_is_read_by_its_cells(week, tmp_path, template):
    given = notebook(week)
    shown = {"output_type": "stream", "name": "stdout", "text": "answer_what_does_it_print = 'a'"}
    given["cells"].append(
        code("print(\"answer_what_does_it_print = 'a'\")", outputs=[shown], id="own")
    )
    page = exported(written(given), "html", template)
    found = taken(week, tmp_path, **{"week1.html": page})
    assert found.problems == ()
    assert found.preamble.startswith("import numpy as np")
    plain = taken(week, tmp_path, **{"week1.ipynb": written(given)})
    for id, answer in plain.answers.items():
        assert found.answers[id].source.split() == answer.source.split()


@pytest.mark.parametrize("data", [b"<p>answer_what_does_it_print = 'd'</p>", b"<pre>x = 1</pre>"])
def test_a_web_page_without_cells_is_a_look(week, tmp_path, data):
    found = taken(week, tmp_path, **{"week1.html": data})
    assert Kind.RUNNING_TEXT.of(name="week1.html") in found.problems


@pytest.mark.parametrize(
    "name",
    ["requirements.txt", "notes-1.txt", "readme.txt", "README.md", "helpers.py", "data.json", "x"],
)
def test_what_holds_no_answers_counts_after_what_holds_some(week, tmp_path, name):
    data = b'{"a": 1}' if name == "data.json" else b"numpy\nscipy\n"
    found = taken(week, tmp_path, **{"week1.ipynb": choosing(week, "b"), name: data})
    assert (found.file, found.problems, letter(found)) == ("week1.ipynb", (), "b")
    assert any(name in line for line in found.log)  # and not in silence


def test_a_helper_that_the_notebook_imports_is_a_look(week, tmp_path):
    given = notebook(week)
    given["cells"].insert(2, code("from helpers import shifted"))
    helper = b"def shifted(z):\n    return z - z.max()\n"
    found = taken(week, tmp_path, **{"week1.ipynb": written(given), "helpers.py": helper})
    assert found.problems == (Kind.HELPER.of(name="helpers.py"),)


@pytest.mark.parametrize("later", [b"", b'{"cells": [', b"blank"])
def test_a_later_try_without_answers_does_not_erase_the_earlier_and_is_asked_about(
    week, tmp_path, later
):
    later = written(notebook(week, {})) if later == b"blank" else later
    found = taken(week, tmp_path, **{"week1.ipynb": choosing(week, "b"), "week1-1.ipynb": later})
    assert letter(found) == "b"
    assert found.problems == (Kind.WHICH_FILE.of(taken="week1.ipynb", others="week1-1.ipynb"),)


@pytest.mark.parametrize("name", ["sheet.jpg", "answers.docx", "week1.pdf"])
def test_beside_an_empty_notebook_a_photo_is_asked_about(week, tmp_path, name):
    blank = written(notebook(week, {}))
    found = taken(week, tmp_path, **{"week1.ipynb": blank, name: b"\xff\xd8\xff"})
    assert found.problems == (Kind.WHICH_FILE.of(taken="week1.ipynb", others=name),)
    full = {"week1.ipynb": choosing(week, "b"), name: b"\xff\xd8\xff"}
    assert not taken(week, tmp_path, **full).problems


def test_a_copy_under_another_name_is_no_doubt_and_another_version_is(week, tmp_path):
    mine, other = choosing(week, "b"), choosing(week, "c")
    assert not taken(week, tmp_path, **{"week1.ipynb": mine, "backup.ipynb": mine}).problems
    found = taken(week, tmp_path, **{"week1.ipynb": mine, "backup.ipynb": other})
    assert found.problems == (Kind.WHICH_FILE.of(taken="backup.ipynb", others="week1.ipynb"),)


def test_in_an_archive_the_same_holds(week, tmp_path):
    inner = tmp_path / "inner.zip"
    with zipfile.ZipFile(inner, "w") as made:
        made.writestr("work/README.md", "# Week 1")
        made.writestr("work/week1.html", exported(choosing(week, "b"), "html"))
        made.writestr("work/week1.ipynb", choosing(week, "b"))
    found = taken(week, tmp_path, **{"all.zip": inner.read_bytes()})
    assert (found.file, found.problems, letter(found)) == ("week1.ipynb", (), "b")
    assert "week1.ipynb is taken out of all.zip" in found.log


def test_a_damaged_page_is_read_in_time():
    for bad in ("<p>" * 200_000 + "</div>" * 200_000, "<!--" * 200_000, "<p " * 300_000):
        assert cells_of_web_page(f'<div class="jp-Cell">{bad}') == []
