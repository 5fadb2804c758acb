"""`students.csv` as spreadsheets save it, and who is meant by a name, an address or a number."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from softmaxbook.assignments.collecting.times import read_time
from softmaxbook.assignments.course import CourseError, Student
from softmaxbook.assignments.people import CANVAS, Senders, numbers, students


def listed(tmp_path, content, encoding="utf-8"):
    (tmp_path / "students.csv").write_bytes(content.encode(encoding))
    return students(tmp_path)


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("id,name,email\nada,Ada Moreau,a@x\n", "utf-8"),
        ("Id,Name,Email\r\nada,Ada Moreau,a@x\r\n", "utf-8-sig"),
        ("ID,NAME,EMAIL\nada,Ada Moreau,a@x\n", "utf-8"),
        ("id;name;email\r\nada;Ada Moreau;a@x\r\n;;\r\n;;\r\n", "utf-8-sig"),
        ("id\tname\temail\r\nada\tAda Moreau\ta@x\r\n", "utf-16"),
        ("sep=;\r\nid;name;email\r\n\r\nada;Ada Moreau;a@x\r\n", "utf-8-sig"),
    ],
)
def test_tables_as_spreadsheets_save_them(tmp_path, content, encoding):
    [ada] = listed(tmp_path, content, encoding)
    assert (ada.id, ada.name, ada.email, dict(ada.other)) == ("ada", "Ada Moreau", "a@x", {})


def test_beside_an_id_the_column_in_capitals_is_canvas_number(tmp_path):
    for head in ("id,ID", "Id,ID"):
        [ada] = listed(tmp_path, f"{head}\nada,101\n")
        assert (ada.id, numbers(ada, CANVAS)) == ("ada", ["101"])


def test_the_line_of_an_error_is_that_of_the_file(tmp_path):
    with pytest.raises(CourseError, match=r"line 5: the id 'a/b'"):
        listed(tmp_path, 'id,name\n\nada,"Ada\nMoreau"\na/b,Bob\n')


ADA = Student("ada", "Ada Moreau", "ada@x.edu", {"ID": "101", "group": "Team A"})
BOB = Student("bob", "Bob Weiss", "bob@x.edu", {"ID": "102", "group": ""})


@pytest.mark.parametrize("called", ["ada", "ADA", "Ada@X.edu", "Moreau, Ada", "moreauada"])
def test_who_is_meant(called):
    assert Senders([ADA, BOB]).find(called) == ("ada", ())


def test_a_number_of_somebody_with_another_name_is_a_doubt():
    senders = Senders([ADA, BOB])
    assert senders.find("moreauadelheidada", "101", CANVAS) == ("ada", ())
    _, [doubt] = senders.find("projects", "101", CANVAS)
    assert "the number 101 is ada's" in str(doubt)


def test_groups_are_those_of_the_column():
    senders = Senders([ADA, BOB])
    assert senders.members("teama") == ("ada",)
    assert senders.members("Default group") == ("bob",)
    assert senders.members("") == senders.members("Team B") == ()
    assert Senders([Student("eve")]).members("Default group") == ()


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2026-12-01 15:58:23.948203 UTC", "2026-12-01T15:58:23.948203+00:00"),
        ("2026-12-01 15:58:23 +0100", "2026-12-01T15:58:23+01:00"),
        ("2026-07-01 15:58:23 America/New_York", "2026-07-01T15:58:23-04:00"),
        ("2026-12-01 15:58:23.000000000 -08:00", "2026-12-01T15:58:23-08:00"),
        ("Friday, 20 November 2026, 3:58\u202fPM", "2026-11-20T15:58:00+00:00"),
        ("Friday, 20 November 2026 15:58:23 o'clock GMT", "2026-11-20T15:58:23+00:00"),
        ("2026-11-20-15-58-23", "2026-11-20T15:58:23+00:00"),
        ("Nov 20, 2026 1022 AM", "2026-11-20T10:22:00+00:00"),
    ],
)
def test_times_as_platforms_write_them(text, iso):
    assert read_time(text).isoformat() == iso


@given(st.text(max_size=40) | st.datetimes().map(lambda when: f"{when} UTC"))
def test_any_text_is_a_time_that_can_be_compared_or_none(text):
    found = read_time(text)
    assert found is None or (found < datetime.max.replace(tzinfo=UTC) and found.timestamp())


@pytest.mark.parametrize("text", ["", "-", "soon", "2026-13-01 10:00", "2026-12-01 10:00 CST"])
def test_a_time_that_is_not_understood_is_none(text):
    assert read_time(text) is None
