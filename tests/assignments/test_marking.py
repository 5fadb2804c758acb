"""Marking by hand: what is odd about one person costs one, a changed rubric its own lines."""

import csv
import io
import re
from dataclasses import replace

import pytest
from marked import WHY, record, week_of

from softmaxbook.assignments.course import CourseError
from softmaxbook.assignments.marks.gradebook import standings
from softmaxbook.assignments.marks.grading import _manual_marks
from softmaxbook.assignments.marks.marking import mark, sheet_path
from softmaxbook.assignments.marks.records import marks_path, read_marks, write_marks
from softmaxbook.assignments.marks.reviews import looks_path
from softmaxbook.assignments.marks.sheets import LONGEST, in_a_cell
from softmaxbook.assignments.settings import load, save
from softmaxbook.assignments.submissions.problems import Kind
from softmaxbook.assignments.submissions.submission import submission_of
from softmaxbook.assignments.tables import read_table, separator_of

PICTURE = f"![](data:image/png;base64,{'iVBORw0K' * 20_000}) It cancels."
OTHER = replace(WHY, rubric=(WHY.rubric[0], ("no overflow, and why", 3.0)))


@pytest.fixture
def week(tmp_path):
    week = week_of(tmp_path / "course")
    for student in ("ada", "bob", "cleo"):
        record(week, student)
    return week


def rows_of(week):
    text = sheet_path(week, WHY).read_text("utf-8-sig")
    return list(
        csv.reader(io.StringIO(text, newline=""), delimiter=separator_of(sheet_path(week, WHY)))
    )


def fill(week, separator=",", **cells):
    rows = [[*row[:2], *cells.get(row[0], row[2:6]), *row[6:]] for row in rows_of(week)]
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerows(rows)
    sheet_path(week, WHY).write_text("\ufeff" + text.getvalue(), "utf-8", newline="")


def given(week, student):
    return read_marks(marks_path(week, student)).manual[0]


def graded_again(week):
    """Do to the manual marks what grading does, without a sandbox."""
    for student in ("ada", "bob", "cleo"):
        marks = read_marks(marks_path(week, student))
        manual, changed = _manual_marks(week, submission_of(week.folder, student))
        write_marks(week, replace(marks, manual=manual, problems=(*marks.problems, *changed)))


# A long answer


@pytest.mark.parametrize("answer", [PICTURE, "a" * 200_000, "=" * 200_000, '"\n' * 100_000])
def test_a_long_answer_leaves_everybody_markable(week, answer):
    record(week, "bob", answer=answer)
    said = str(mark(week))
    assert "bob: not all of the answer is in the sheet" in said
    assert str(week.folder / "submitted" / "bob") in said
    assert "ada" not in said
    assert max(len(cell) for row in rows_of(week) for cell in row) < LONGEST + 100
    fill(week, ada=("2", "1", "", ""), bob=("2", "0", "", "a fine picture"))
    mark(week)
    assert (given(week, "ada").points, given(week, "bob").points) == (3, 2)
    assert given(week, "bob").answer == answer


def test_a_sheet_that_was_written_with_a_long_answer_can_be_read(week):
    mark(week)
    path = sheet_path(week, WHY)
    path.write_text(path.read_text("utf-8-sig").replace("It cancels.", "a" * 200_000), "utf-8")
    assert "answers marked: 0 of 3" in str(mark(week))


def test_words_around_a_picture_are_shown():
    assert in_a_cell(PICTURE) == "![](a picture, pasted as text) It cancels."
    assert in_a_cell("short") == "short"


# Points


@pytest.mark.parametrize("whole", ["3.5", "30", "4"])
def test_more_points_than_there_are_is_refused(week, whole):
    mark(week)
    fill(week, ada=("", "", whole, ""))
    with pytest.raises(CourseError, match=re.escape(f"(ada): {whole} of 3 points 'in all'")):
        mark(week)
    assert given(week, "ada").points is None
    fill(week, ada=("", "", "3", ""))
    mark(week)
    assert given(week, "ada").points == 3


def test_all_wrong_cells_are_told_at_once(week):
    mark(week)
    fill(week, ada=("two", "", "", ""), bob=("9", "", "", ""), cleo=("", "", "30", ""))
    with pytest.raises(CourseError) as error:
        mark(week)
    assert all(f"({each})" in str(error.value) for each in ("ada", "bob", "cleo"))


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_sheet_goes_back_as_the_spreadsheet_parted_it(tmp_path, separator):
    question = replace(WHY, rubric=(("one, two, three, four and five", 1.0),))
    week = week_of(tmp_path / "course", manual=(question,))
    record(week, "ada")
    mark(week)
    rows = rows_of(week)
    rows[1][2] = "1"
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerows(rows)
    sheet_path(week, question).write_text("\ufeff" + text.getvalue(), "utf-8", newline="")
    mark(week)
    first = sheet_path(week, question).read_text("utf-8-sig").splitlines()[0]
    assert first.startswith(f"student{separator}answer{separator}")
    assert given(week, "ada").points == 1


# A changed rubric


def test_points_of_unchanged_lines_stay(week):
    mark(week)
    fill(week, ada=("2", "1", "", "good"), bob=("1", "", "", ""), cleo=("", "", "3", ""))
    mark(week)
    save(replace(week, manual=(OTHER,)))
    week = load(week.folder)
    graded_again(week)
    said = str(mark(week))
    assert "the rubric changed after 3 answers had marks" in said
    assert "answers marked: 0 of 3" in said
    assert given(week, "ada").given == (2.0, None)
    assert given(week, "ada").comment == "good"
    assert given(week, "bob").given == (1.0, None)
    assert given(week, "cleo").points is None  # 3 of 3 says nothing about 5
    assert not looks_path(week).exists()
    kept = sheet_path(week, WHY).with_suffix(".earlier.csv").read_text("utf-8-sig")
    assert "ada" in kept
    assert "bob" not in kept  # all that was given still stands
    fill(week, ada=("2", "3", "", "good"))
    mark(week)
    assert given(week, "ada").points == 5
    assert "rubric changed" not in str(mark(week))


def test_points_that_were_not_taken_in_yet_stay_too(week):
    mark(week)
    fill(week, ada=("2", "1", "", "good"))
    save(replace(week, manual=(OTHER,)))
    week = load(week.folder)
    graded_again(week)
    mark(week)
    assert given(week, "ada").given == (2.0, None)


def test_lines_in_another_order_keep_all(week):
    mark(week)
    fill(week, ada=("2", "1", "", ""), cleo=("", "", "2.5", ""))
    mark(week)
    save(replace(week, manual=(replace(WHY, rubric=WHY.rubric[::-1]),)))
    week = load(week.folder)
    graded_again(week)
    mark(week)
    assert given(week, "ada").given == (1.0, 2.0)
    assert given(week, "cleo").points == 2.5


# Looks


def test_a_look_stays_when_another_problem_comes(tmp_path):
    week = week_of(tmp_path / "course", manual=())
    empty, much = Kind.EMPTY.of(name="a.ipynb"), Kind.TOO_MUCH_TEXT.of(name="a.ipynb")
    record(week, "ada", problems=(empty,))
    mark(week)
    looks_path(week).write_text(looks_path(week).read_text("utf-8-sig").rstrip() + "yes", "utf-8")
    mark(week)
    record(week, "ada", problems=(much, empty))
    assert "1 to look at" in str(mark(week))
    _, rows = read_table(looks_path(week), "problem", "")
    assert [(row[1], row[3]) for row in rows] == [(str(much), ""), (str(empty), "yes")]
    assert standings(week)[0].to_look_at == (much,)
    record(week, "ada", problems=(empty,))
    mark(week)
    assert standings(week)[0].points is not None
