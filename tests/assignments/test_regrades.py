"""Requests to grade again: why, what was before, and the outcome stay, whatever is graded later."""

import re
from dataclasses import replace

import pytest
from marked import IDS, WHY, record, week_of

from softmaxbook.assignments.command import main
from softmaxbook.assignments.course import CourseError
from softmaxbook.assignments.exchange.export import export
from softmaxbook.assignments.exchange.gradescope import results
from softmaxbook.assignments.marks.gradebook import standings
from softmaxbook.assignments.marks.marking import mark
from softmaxbook.assignments.marks.records import marks_path, read_marks, write_marks
from softmaxbook.assignments.marks.regrades import regrades_path, requests
from softmaxbook.assignments.marks.requesting import decided, listed, request
from softmaxbook.assignments.marks.reviews import looks_path
from softmaxbook.assignments.reports import feedback, report
from softmaxbook.assignments.submissions.problems import Kind
from softmaxbook.checking import Status

VECTOR, _, NUMBER = IDS
STUDENTS = "id,name,email\nada,Ada King,ada@x.edu\nbob,Bob Weiss,bob@x.edu\n"


@pytest.fixture
def week(tmp_path):
    week = week_of(tmp_path / "course", students=STUDENTS)
    graded(week)
    return week


def graded(week, ada=((NUMBER, 0),), answer="It cancels."):
    """Do what grading does: write both records anew, with what a person gave."""
    for student, wrong in (("ada", ada), ("bob", ())):
        marks = record(week, student, wrong, answer=answer)
        given = replace(marks.manual[0], given=(2.0, 0.0))
        write_marks(week, marks.with_manual(given))


def standing(week, student="ada"):
    return next(each for each in standings(week) if each.student.id == student)


def page_of(week, student="ada"):
    feedback.write(week)
    text = (week.folder / "feedback" / f"{student}.html").read_text("utf-8")
    return " ".join(re.sub(r"<[^>]*>", " ", text.partition("<main>")[2]).split())


def test_a_request_keeps_reason_time_and_the_mark_as_it_was(week):
    made = request(week, "ada", NUMBER, "I wrote  0,73\nwith a comma.")
    assert (made.number, made.reason) == (1, "I wrote 0,73 with a comma.")
    assert re.match(r"\d{4}-\d\d-\d\dT", made.received)
    assert made.before["status"] == Status.MISTAKE.name
    assert made.points_before == 0
    assert standing(week).points == 9  # nothing changes by asking
    seen = page_of(week)
    assert "I wrote 0,73 with a comma." in seen
    assert "It has not been decided yet." in seen
    assert "asked to be graded again" not in page_of(week, "bob").lower()


def test_what_is_decided_counts_everywhere(week):
    request(week, "ada", NUMBER, "A comma.")
    decided(week, 1, 1, "The comma *is* meant.", "B. Weiss")
    assert standing(week).points == 10
    assert standing(week, "bob").points == 10
    assert read_marks(marks_path(week, "ada")).points == 9  # the record is left alone
    seen = page_of(week)
    assert "changed from 0 to 1 point The comma is meant." in seen
    assert "as your instructor decided" in seen
    assert "B. Weiss" not in seen
    assert "\nada,Ada King,ada@x.edu,,3,4,1,2,10\n" in export(week, "csv").path.read_text(
        "utf-8-sig"
    )
    tests = results(standing(week).marks)["tests"]
    assert sum(each["score"] for each in tests) == results(standing(week).marks)["score"] == 10


def test_a_new_grading_undoes_nothing(week):
    request(week, "ada", NUMBER, "A comma.")
    request(week, "ada", WHY.id, "It is there.")
    decided(week, 1, 0.5, "Half.", "B. Weiss")
    decided(week, 2, None, "It is not.", "B. Weiss")
    before = regrades_path(week).read_bytes()
    graded(week)
    mark(week)
    assert standing(week).points == 9.5
    assert standing(week).open == ()
    assert regrades_path(week).read_bytes() == before
    # Where grading comes to other points for the same answer, the decision stands, and is seen.
    graded(week, ada=())
    assert standing(week).open == (
        Kind.DECIDED_ON_OTHER_POINTS.of(NUMBER, request=1, given="0.5", now="1"),
    )
    assert standing(week).marks.points == 9.5
    mark(week)
    sheet = looks_path(week).read_text("utf-8-sig")
    assert "beside other points than today's" in sheet
    head, row = sheet.splitlines()
    looks_path(week).write_text(f"{head}\n{row}yes\n", "utf-8")
    assert standing(week).points == 9.5


def test_a_decision_about_another_answer_is_neither_applied_nor_dropped_in_silence(week):
    request(week, "ada", WHY.id, "It is there.")
    decided(week, 1, 3, "So it is.", "B. Weiss")
    assert standing(week).points == 10
    graded(week, answer="Another one.")
    assert standing(week).open == (Kind.DECIDED_ON_ANOTHER_ANSWER.of(WHY.id, request=1, given="3"),)
    assert standing(week).marks.points == 9
    graded(week)
    assert standing(week).points == 10


def test_a_later_request_takes_the_place_of_an_earlier_decision(week):
    for number, points in ((1, 0.5), (2, 0.75)):
        request(week, "ada", NUMBER, "Please.")
        decided(week, number, points, "Better.", "B. Weiss")
    assert standing(week).points == 9.75
    assert [each.points for each in requests(week)] == [0.5, 0.75]
    assert requests(week)[1].points_before == 0.5


def test_the_report_tells_outcomes_and_names_only_when_asked(week):
    request(week, "ada", NUMBER, "A comma.")
    request(week, "bob", NUMBER, "Why not?")
    request(week, "bob", WHY.id, "Why?")
    decided(week, 1, 1, "Yes.", "B. Weiss")
    decided(week, 2, None, "No.", "B. Weiss")
    report.write(week)
    plain = (week.folder / "report.html").read_text("utf-8")
    row = r">%s</th><td[^>]*>%d</td><td[^>]*>%d</td><td[^>]*>%d</td><td[^>]*>%d</td>"
    title = week.chosen(NUMBER).exercise.title
    assert re.search(row % (re.escape(title), 2, 1, 1, 0), plain)
    assert re.search(row % (re.escape(WHY.title), 1, 0, 0, 1), plain)
    assert "A comma." not in plain
    report.write(week, names=True)
    named = (week.folder / "report.html").read_text("utf-8")
    assert "A comma." in named
    assert "changed from 0 to 1 point" in named
    assert "B. Weiss" in named


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (("eve", NUMBER, "Why?"), "'eve' is no student"),
        (("ada", "none", "Why?"), "there is no question 'none'; there are"),
        (("ada", NUMBER, " "), "say why: --reason"),
    ],
)
def test_a_request_that_cannot_be_is_told(week, wrong, said):
    with pytest.raises(CourseError, match=said):
        request(week, *wrong)
    assert requests(week) == ()


def test_decisions_that_cannot_be_are_told(week):
    request(week, "ada", NUMBER, "Why?")
    with pytest.raises(CourseError, match="request 1 is about the same answer, and still open"):
        request(week, "ada", NUMBER, "Why, again?")
    for points in (1.5, -1, float("nan")):
        with pytest.raises(CourseError, match="is not from 0 to 1"):
            decided(week, 1, points, "So.", "B. Weiss")
    for why, by in (("", "B. Weiss"), ("So.", " ")):
        with pytest.raises(CourseError, match="--why and --by"):
            decided(week, 1, 1, why, by)
    with pytest.raises(CourseError, match="there is no request 2; there are 1"):
        decided(week, 2, 1, "So.", "B. Weiss")
    decided(week, 1, None, "So.", "B. Weiss")
    with pytest.raises(CourseError, match="request 1 is decided, and stays as it is"):
        decided(week, 1, 1, "So.", "B. Weiss")
    regrades_path(week).write_text("[{}]", "utf-8")
    with pytest.raises(CourseError, match="cannot be read"):
        standings(week)


def test_the_command_records_decides_and_lists(week, capsys):
    def said(*arguments):
        line = ["assignment", "regrade", "week1", "--course", str(week.course), *arguments]
        code = main(line)
        told = capsys.readouterr()
        return code, told.out + told.err

    assert "nobody has asked yet" in said()[1]
    ask = ("--student", "ada", "--question", NUMBER, "--reason", "A comma.")
    assert said(*ask)[1].startswith(f"1. ada, {NUMBER} (")
    decide = ("--decide", "1", "--by", "B. Weiss", "--why", "Yes.")
    assert said(*decide) == (
        2,
        "softmaxbook: say what comes of it: either --points N or --unchanged\n",
    )
    assert "changed from 0 to 1 point: “A comma.”; B. Weiss," in said(*decide, "--points", "1")[1]
    assert said("--points", "1")[0] == said("--student", "ada")[0] == said(*decide, *ask)[0] == 2
    said("--student", "bob", "--question", NUMBER, "--reason", "So is mine.")
    assert [line[:2] for line in listed(week).splitlines()] == ["2.", "1."]  # what is open first
