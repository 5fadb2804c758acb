"""The deck for Anki holds every question of the pages, readable, and none without solutions."""

import re
import sqlite3
import zipfile
from types import SimpleNamespace

import pytest

from extensions import anki
from softmaxbook.checking.specification import hint_of
from softmaxbook.exercises import exercise
from softmaxbook.widgets.review import questions


@pytest.fixture(scope="module")
def notes(tmp_path_factory):
    """Return the fields of every note, as Anki would import them, by chapter tag and front."""
    folder = tmp_path_factory.mktemp("anki")
    anki.genanki.Package(anki.deck()).write_to_file(str(folder / anki.FILE))
    with zipfile.ZipFile(folder / anki.FILE) as package:
        package.extract("collection.anki2", folder)
    with sqlite3.connect(folder / "collection.anki2") as base:
        return [fields.split("\x1f") for (fields,) in base.execute("select flds from notes")]


def test_there_is_a_note_for_every_question(notes):
    assert len(notes) == len(questions()) > 50
    for each, (front, *_) in zip(questions(), notes, strict=True):
        assert each.title in anki_text(front)


def anki_text(html):
    return re.sub(r"<[^>]*>", "", html).replace("&#x27;", "'").replace("&quot;", '"')


def test_no_dollar_and_no_backtick_is_left(notes):
    for fields in notes:
        for text in fields:
            assert not re.search(r"\$[^$]+\$|`", re.sub(r"<code>.*?</code>", "", text, flags=re.S))


def test_the_back_names_the_mistakes():
    asked = exercise("who-pays").exercise
    back = anki.note_of(asked).fields[2]
    for mistake in asked.mistakes:
        assert " ".join(hint_of(mistake).split())[:30] in " ".join(anki_text(back).split())


def test_a_note_stays_the_same_note_in_the_next_edition():
    one, two = (anki.note_of(exercise("who-pays").exercise).guid for _ in range(2))
    assert one == two
    assert len({anki.note_of(each).guid for each in questions()}) == len(questions())


def application(outdir):
    """Return what the extension asks of Sphinx."""
    return SimpleNamespace(outdir=outdir, builder=SimpleNamespace(format="html", name="html"))


def test_a_site_without_solutions_has_no_deck(tmp_path, monkeypatch):
    (tmp_path / "_static").mkdir()
    anki.write(application(tmp_path), None)
    assert (tmp_path / "_static" / anki.FILE).exists()
    monkeypatch.setenv("SOFTMAXBOOK_SOLUTIONS", "no")
    anki.write(application(tmp_path), None)
    assert not (tmp_path / "_static" / anki.FILE).exists()
