"""A second grader sees answers and no students; what both gave, and who decided, is kept."""

import csv
import io
import json
import re
from dataclasses import replace
from itertools import pairwise

import pytest
from marked import WHY, record, week_of

from softmaxbook.assignments.command import main
from softmaxbook.assignments.course import CourseError, Student
from softmaxbook.assignments.exchange.export import export
from softmaxbook.assignments.marks.gradebook import standings
from softmaxbook.assignments.marks.grading import _manual_marks
from softmaxbook.assignments.marks.marking import mark, sheet_path
from softmaxbook.assignments.marks.records import marks_path, read_marks, write_marks
from softmaxbook.assignments.marks.second import number_of_answer, seconds, seconds_path
from softmaxbook.assignments.reports.second import second, without_names
from softmaxbook.assignments.settings import load, save
from softmaxbook.assignments.submissions.problems import Kind
from softmaxbook.assignments.submissions.submission import submission_of

STUDENTS = """\
id,name,email,ID
ada,Ada Moreau,ada@x.edu,7001
bob,Bob Weiss,bob@x.edu,7002
cleo,Cleo Max,cleo@x.edu,7003
dirk,Dirk Ott,dirk@x.edu,7004
"""
ANSWERS = {
    "ada": "Ada Moreau (ada@x.edu, 7001): it cancels.",
    "bob": "bob's answer: no overflow. I worked with Ada Moreau.",
    "cleo": "It cancels, and the max is 0.",
    "dirk": "It cancels, and the max is 0.",
}


@pytest.fixture
def week(tmp_path):
    week = week_of(tmp_path / "course", students=STUDENTS)
    for student, answer in ANSWERS.items():
        record(week, student, answer=answer)
    fill(sheet(week), "student", ada=("2", "1"), bob=("2", "0"), cleo=("1", "0"), dirk=("1", "1"))
    mark(week)
    return week


def sheet(week):
    mark(week)
    return sheet_path(week, WHY)


def rows_of(path):
    with io.StringIO(path.read_text("utf-8-sig"), newline="") as text:
        return list(csv.DictReader(text))


def fill(path, key, **given):
    """Fill the lines of the rubric of some rows."""
    rows = rows_of(path)
    for row in rows:
        lines = [name for name in row if re.match(r"\d+\.", name)]
        for name, points in zip(lines, given.get(row[key], ()), strict=False):
            row[name] = points
    write(path, rows)


def write(path, rows):
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, list(rows[0]))
    table.writeheader()
    table.writerows(rows)
    path.write_text("\ufeff" + text.getvalue(), "utf-8", newline="")


def passed_on(week):
    """Return the sheet for the second grader, and the number of each answer by its last word."""
    path = week.folder / "second" / f"{WHY.id}.csv"
    return path, {row["answer"].split()[-1]: row["number"] for row in rows_of(path)}


def marked_twice(week):
    """Let the second grader give ada 3, bob 3, and cleo and dirk, whose answers are equal, 1."""
    second(week)
    path, number = passed_on(week)
    given = {
        number["cancels."]: ("2", "1"),
        number["[name]."]: ("2", "1"),
        number["0."]: ("1", "0"),
    }
    fill(path, "number", **given)
    return second(week)


def decisions(week):
    return week.folder / "marking" / "differences.csv"


def decide(week, **decided):
    rows = rows_of(decisions(week))
    for row in rows:
        for column, words in zip(
            ("decided", "by", "why"), decided.get(row["student"], ()), strict=False
        ):
            row[column] = words
    write(decisions(week), rows)


def standing(week, student):
    return next(each for each in standings(week) if each.student.id == student)


# What the second grader sees


def test_no_name_id_file_or_order_gives_anybody_away(week):
    second(week)
    folder = week.folder / "second"
    assert sorted(each.name for each in folder.iterdir()) == ["why-shift.csv", "why-shift.html"]
    for path in folder.iterdir():
        text = path.read_text("utf-8-sig")
        for word in ("ada", "Moreau", "bob", "Weiss", "cleo", "dirk", "Ott", "7001", "x.edu"):
            assert not re.search(rf"(?<!\w){word}(?!\w)", text, re.I), word
        assert "It cancels, and the max is 0." in text  # a word that is part of a name elsewhere
    path, numbers = passed_on(week)
    assert len(numbers) == 3  # two answers are equal
    shown = [row["number"] for row in rows_of(path)]
    assert shown == sorted(shown)
    assert all(re.fullmatch(r"\d{8}", each) for each in shown)


def test_the_order_is_that_of_no_list(tmp_path):
    week = week_of(tmp_path / "course")
    names = [f"s{k:02d}" for k in range(30)]
    for k, each in enumerate(names):
        record(week, each, answer=f"{each} says {k}.")
    second(week)
    order = [int(row["answer"].split()[-1][:-1]) for row in rows_of(passed_on(week)[0])]
    assert sorted(order) == list(range(30))
    # Beside a list of the class an order at random has as many neighbours the right way round.
    assert 6 < sum(a < b for a, b in pairwise(order)) < 23
    marks = [read_marks(marks_path(week, each)).manual[0] for each in names]
    secrets = [week, replace(week, seed="another secret")]
    one, two = ([number_of_answer(each, mark) for mark in marks] for each in secrets)
    assert not set(one) & set(two)


def test_names_go_and_words_stay():
    max_ = Student("max", "Max Power", "max@x.edu", {"ID": "12"})
    said = without_names("Max: subtract the maximum, POWER of 12; power. Max Power.", [max_])
    assert said == "[name]: subtract the maximum, POWER of [name]; power. [name]."
    assert without_names("Power, Max", [max_]) == "[name]"
    assert without_names("x = 3 (of x)", [Student("x", "X")]) == "x = 3 (of x)"


# What comes back


def test_second_points_stand_beside_the_first_and_differences_are_open(week):
    said = str(marked_twice(week))
    assert "why-shift: 3 of 3 answers marked a second time; 2 of 4 differ" in said
    found = {row["student"]: (row["first"], row["second"]) for row in rows_of(decisions(week))}
    assert found == {"bob": ("2", "3"), "dirk": ("2", "1")}
    assert standing(week, "ada").points == 8 + 3
    assert standing(week, "bob").open == (Kind.GRADERS_DIFFER.of("why-shift"),)
    assert "two graders gave different points" in str(export(week, "csv"))


def test_what_is_decided_counts_and_who_decided_is_kept(week):
    marked_twice(week)
    decide(week, bob=("2.5", "A. Lehr", "half of it"), dirk=("second", "A. Lehr", ""))
    second(week)
    assert standing(week, "bob").points == 8 + 2.5
    assert standing(week, "dirk").points == 8 + 1
    kept = {each.student: each for each in seconds(week).decisions}
    assert (kept["bob"].by, kept["bob"].why, kept["bob"].points) == ("A. Lehr", "half of it", 2.5)
    assert kept["bob"].when
    assert read_marks(marks_path(week, "bob")).manual[0].points == 2  # the first's own
    before = seconds_path(week).read_bytes()
    second(week)
    assert seconds_path(week).read_bytes() == before


def test_a_new_grading_and_a_new_marking_lose_nothing(week):
    marked_twice(week)
    decide(week, bob=("3", "A. Lehr", "it is there"), dirk=("2", "A. Lehr", ""))
    second(week)
    for student in ANSWERS:  # what grading does to the manual marks
        marks = read_marks(marks_path(week, student))
        manual, _ = _manual_marks(week, submission_of(week.folder, student))
        write_marks(week, replace(marks, manual=manual))
    mark(week)
    assert standing(week, "bob").points == 8 + 3
    # Where the first grader changes the points, the difference is open again, and nothing is gone.
    fill(sheet_path(week, WHY), "student", bob=("1", "0"))
    mark(week)
    assert standing(week, "bob").open == (Kind.GRADERS_DIFFER.of("why-shift"),)
    assert "one of the points changed after it was decided" in str(second(week))
    earlier = rows_of(decisions(week).with_name("differences.earlier.csv"))
    assert [(row["student"], row["decided"], row["by"]) for row in earlier] == [
        ("bob", "3", "A. Lehr")
    ]
    assert len(seconds(week).decisions) == 2
    fill(sheet_path(week, WHY), "student", bob=("2", "0"))  # and back
    mark(week)
    assert standing(week, "bob").points == 8 + 3


def test_an_answer_that_changes_meanwhile_keeps_what_was_given_for_it(week):
    second(week)
    path, number = passed_on(week)
    fill(path, "number", **{number["[name]."]: ("2", "1")})  # marked, and not taken in yet
    record(week, "bob", answer="Another one.")
    fill(sheet(week), "student", bob=("0", "0"))
    mark(week)
    assert "1 answer that the second grader marked came in anew" in str(second(week))
    assert standing(week, "bob").points == 8
    assert seconds(week).given[0].mark.points == 3
    record(week, "bob", answer=ANSWERS["bob"])
    fill(sheet(week), "student", bob=("2", "0"))
    mark(week)
    assert standing(week, "bob").open == (Kind.GRADERS_DIFFER.of("why-shift"),)


def test_a_changed_rubric_keeps_the_second_points_of_unchanged_lines(week):
    marked_twice(week)
    changed = replace(WHY, rubric=(WHY.rubric[0], ("no overflow, and why", 2.0)))
    save(replace(week, manual=(changed,)))
    week = load(week.folder)
    other = seconds(week).of(
        replace(read_marks(marks_path(week, "ada")).manual[0], rubric=changed.rubric)
    )
    assert (other.given, other.points) == ((2.0, None), None)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"number": "12345678"}, "no answer was passed on under this number"),
        ({"1. it cancels (of 2)": "3"}, "3 of 2 points"),
        ({"in all": "two"}, "is no number from 0 up"),
        ({"version": "v0"}, "the version is that of another answer"),
    ],
)
def test_a_wrong_sheet_is_told_and_changes_nothing(week, change, said):
    second(week)
    path, _ = passed_on(week)
    rows = rows_of(path)
    rows[0].update({"1. it cancels (of 2)": "1", **change})
    write(path, rows)
    before = seconds_path(week).read_bytes()
    with pytest.raises(CourseError, match=re.escape(said)):
        second(week)
    assert seconds_path(week).read_bytes() == before


@pytest.mark.parametrize(
    ("cells", "said"),
    [(("4", "me"), "points from 0 to 3"), (("2", ""), "write into the column “by”")],
)
def test_a_decision_needs_points_and_a_name(week, cells, said):
    marked_twice(week)
    decide(week, bob=cells)
    with pytest.raises(CourseError, match=said):
        second(week)
    assert seconds(week).decisions == ()


def test_errors_say_what_to_do(tmp_path, week):
    seconds_path(week).write_text("{}", "utf-8")
    with pytest.raises(CourseError, match="cannot be read"):
        standings(week)
    bare = week_of(tmp_path / "bare", manual=())
    record(bare, "ada")
    with pytest.raises(CourseError, match="no question that a person marks"):
        second(bare)


def test_the_command_tells_what_to_do_next(week, capsys):
    assert main(["assignment", "second", "week1", "--course", str(week.course)]) == 0
    out = capsys.readouterr().out
    assert "pass it on, and put the filled sheets back there" in out
    assert "why-shift: 0 of 3 answers marked a second time" in out
    assert json.loads(seconds_path(week).read_text("utf-8"))["given"] == []
