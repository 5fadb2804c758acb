"""One table for several weeks: whose row it is, what counts, and no 0 that nobody asked for."""

import csv
import io
import shutil
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from course import assignment
from marked import IDS, WHY, record

from softmaxbook.assignments.command import main
from softmaxbook.assignments.course import CourseError
from softmaxbook.assignments.marks.records import write_marks
from softmaxbook.assignments.reports import term
from softmaxbook.assignments.settings import load, load_all, save
from softmaxbook.assignments.submissions.problems import Kind

STUDENTS = """id,name,email,SIS Login ID
ada,Ada King,ada@x.edu,aking
bob,Bob Bool,bob@x.edu,bbool
eve,Eve Evil,eve@x.edu,eevil
"""
VECTOR, NUMBER = IDS[0], IDS[2]


def week_of(course, name, day, *ids, manual=()):
    """Return an assignment that is due on a day of December."""
    due = datetime(2026, 12, day, tzinfo=UTC)
    save(replace(assignment(course / name, *ids, manual=manual), due=due))
    return load(course / name)


@pytest.fixture
def course(tmp_path):
    """Return a course of two weeks: one of 4 points, and one of 1 that was made first."""
    folder = tmp_path / "course"
    folder.mkdir()
    (folder / "students.csv").write_text(STUDENTS, "utf-8")
    second = week_of(folder, "a-later-week", 8, NUMBER)
    first = week_of(folder, "week1", 1, VECTOR, NUMBER)
    week_of(folder, "week3", 15, NUMBER)
    record(first, "ada")
    record(first, "bob", wrong=[VECTOR], late=True)
    record(first, "eve", problems=(Kind.EMPTY.of(name="eve.ipynb"),))
    record(second, "ada")
    return folder


def write(course, *names, absent_is_zero=False):
    """Write the table of these weeks, or of all, and return what came of it."""
    weeks = [load(course / each) for each in names] or load_all(course)
    return term.write(weeks, absent_is_zero)


def table(course):
    """Return the rows of the table by id, as a spreadsheet reads them."""
    text = (course / "term.csv").read_text("utf-8-sig")
    return {row["id"] or "out of": row for row in csv.DictReader(io.StringIO(text, newline=""))}


def totals(row):
    return [row[each] for each in ("total", "out of", "per cent", "dropped")]


def test_each_student_has_a_row_and_each_week_its_columns(course):
    outcome = write(course)
    found = table(course)
    assert list(found) == ["out of", "ada", "bob", "eve"]
    assert list(found["ada"])[3:7] == [
        *("week1", "week1: status", "a-later-week", "a-later-week: status")
    ]
    assert (found["out of"]["week1"], found["out of"]["a-later-week"]) == ("4", "1")
    assert totals(found["ada"]) == ["5", "5", "100.0", ""]
    assert outcome.left == ("week3",)
    assert "left out: week3: nobody has marks in it yet" in str(outcome)


def test_nothing_becomes_a_zero_unless_asked(course):
    outcome = write(course)
    found = table(course)
    assert (found["bob"]["week1"], found["bob"]["week1: status"]) == ("1", "late")
    assert (found["bob"]["a-later-week"], found["bob"]["a-later-week: status"]) == ("", "missing")
    assert (found["eve"]["week1"], found["eve"]["week1: status"]) == ("", "to look at")
    assert totals(found["bob"]) == totals(found["eve"]) == [""] * 4
    assert "no total: bob, eve: a-later-week: missing" in str(outcome)
    assert "no total: eve: week1: to look at" in str(outcome)
    write(course, absent_is_zero=True)
    found = table(course)
    assert (found["bob"]["a-later-week"], found["bob"]["a-later-week: status"]) == ("0", "missing")
    assert totals(found["bob"]) == ["1", "5", "20.0", ""]
    assert found["eve"]["week1"] == ""  # something was handed in
    assert totals(found["eve"]) == [""] * 4


def test_the_lowest_is_dropped_and_weeks_have_their_worth(course):
    (course / "term.toml").write_text("drop_lowest = 1\n[worth]\nweek1 = 10\n", "utf-8")
    record(load(course / "a-later-week"), "bob", wrong=[NUMBER])
    write(course)
    found = table(course)
    assert found["out of"]["total"] == ""  # it depends on the student
    assert totals(found["bob"]) == ["2.5", "10", "25.0", "a-later-week"]
    assert totals(found["ada"]) == ["10", "10", "100.0", "a-later-week"]  # alike: the cheaper
    (course / "term.toml").write_text(
        "drop_lowest = 1\n[worth]\nweek1 = 10\na-later-week = 10\n", "utf-8"
    )
    write(course)
    assert table(course)["out of"]["total"] == "10"
    (course / "term.toml").write_text("[worth]\nweek1 = 10\n", "utf-8")
    write(course)
    found = table(course)
    assert found["out of"]["total"] == "11"
    assert totals(found["bob"]) == ["2.5", "11", "22.7", ""]


def test_a_hand_in_under_another_name_is_in_the_students_row(course):
    second = load(course / "a-later-week")
    record(second, "bob@x.edu")
    record(second, "EEVIL")
    record(second, "nobody-knows")
    write(course)
    found = table(course)
    assert list(found) == ["out of", "ada", "bob", "eve", "nobody-knows"]
    assert [found[id]["a-later-week"] for id in ("bob", "eve", "nobody-knows")] == ["1"] * 3
    assert found["nobody-knows"]["week1: status"] == "missing"
    record(second, "bob", wrong=[NUMBER])
    write(course)
    bob = table(course)["bob"]
    assert (bob["a-later-week"], bob["a-later-week: status"]) == ("", "handed in under two names")
    assert totals(bob) == [""] * 4


def test_a_name_of_two_students_is_nobodys(course):
    (course / "students.csv").write_text(STUDENTS + "ada2,King Ada,,\n", "utf-8")
    record(load(course / "a-later-week"), "ada-king")
    write(course)
    found = table(course)
    assert found["ada-king"]["a-later-week"] == "1"
    assert found["ada2"]["a-later-week: status"] == "missing"


def test_without_a_list_of_students_those_are_there_who_handed_in(course):
    (course / "students.csv").unlink()
    write(course)
    assert list(table(course)) == ["out of", "ada", "bob", "eve"]


def test_what_is_open_is_told(course):
    second = load(course / "a-later-week")
    shutil.rmtree(course / "a-later-week" / "marks")
    assert write(course, "week1", "a-later-week").left == ("a-later-week",)
    with pytest.raises(CourseError, match="nobody has marks in any assignment"):
        write(course, "a-later-week")
    save(replace(second, manual=(WHY,)))
    week = load(second.folder)
    record(week, "ada")
    graded = record(week, "bob")
    write_marks(week, graded.with_manual(replace(graded.manual[0], given=(2.0, 1.0))))
    write(course, "a-later-week")
    found = table(course)
    assert found["ada"]["a-later-week: status"] == "to mark"
    assert totals(found["bob"]) == ["4", "4", "100.0", ""]
    assert "week1" not in found["bob"]


def test_no_cell_is_a_formula(course):
    (course / "students.csv").write_text('id,name,email\nada,"=1+1",@x\n', "utf-8")
    write(course)
    assert (table(course)["ada"]["name"], table(course)["ada"]["email"]) == ("'=1+1", "'@x")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("drop = 1", "has no setting 'drop'; there are drop_lowest"),
        ("drop_lowest = 2", "drops 2 of 2 in this table"),
        ("drop_lowest = -1", "drop_lowest is a whole number"),
        ("[worth]\nweek1 = '10'", "numbers from 0 up"),
        ("[worth]\nweek7 = 10", "names 'week7', and there is no such assignment"),
        ("drop_lowest =", "is not TOML"),
    ],
)
def test_a_wrong_scheme_is_named(course, capsys, text, words):
    (course / "term.toml").write_text(text, "utf-8")
    assert main(["assignment", "term", "--course", str(course)]) == 2
    assert words in capsys.readouterr().err
    assert not (course / "term.csv").exists()


def test_the_command_writes_it(course, tmp_path, capsys):
    run = ["assignment", "term", "week1", "--missing-is-zero", "--course"]
    assert main([*run, str(course)]) == 0
    assert "3 students, 1 assignment" in capsys.readouterr().out
    assert main([*run, str(tmp_path)]) == 2
    assert "there is no assignment in" in capsys.readouterr().err
    assert main(["assignment", "term", "--course", str(tmp_path)]) == 2
    assert "holds no assignment: is it the folder of a course?" in capsys.readouterr().err
