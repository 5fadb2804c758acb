"""What needs a look goes by its kind: word every sentence anew, and only words change."""

import json
import re
import sys
from dataclasses import replace
from pathlib import Path
from string import Formatter

import pytest
from course import answered, assignment, hand_in
from marked import IDS, record, week_of

import softmaxbook.assignments
from softmaxbook.assignments.collecting.layouts import Layout
from softmaxbook.assignments.course import CourseError
from softmaxbook.assignments.exchange.export import FORMATS, export
from softmaxbook.assignments.marks.examining import LOST
from softmaxbook.assignments.marks.gradebook import standings
from softmaxbook.assignments.marks.grading import grade
from softmaxbook.assignments.marks.marking import mark
from softmaxbook.assignments.marks.records import all_marks, marks_path, read_marks
from softmaxbook.assignments.marks.reviews import looks_path
from softmaxbook.assignments.reports import feedback, report
from softmaxbook.assignments.reports.discrimination import Finding
from softmaxbook.assignments.sandbox.conversation import Loss
from softmaxbook.assignments.submissions.problems import Kind, Problem, problem_in
from softmaxbook.assignments.submissions.submission import submission_of, submission_path
from softmaxbook.exercises import Status

VECTOR, _, NUMBER = IDS
WORDED = (Kind, Status, Loss, Layout, Finding)  # whose values people read


def facts_of(kind):
    return {name: 7 for _, name, *_ in Formatter().parse(kind.value) if name}


# A problem


@pytest.mark.parametrize("kind", Kind)
def test_a_problem_comes_back_from_a_file_and_is_told(kind):
    problem = kind.of("who-pays", **facts_of(kind))
    stored = {"kind": kind.name, "question": "who-pays", "facts": facts_of(kind)}
    assert problem_in(json.loads(json.dumps(stored))) == problem
    assert str(problem).startswith("who-pays: ")
    assert "{" not in str(problem)


def test_a_problem_without_its_facts_is_refused():
    with pytest.raises(TypeError, match="WHICH_FILE needs others, taken"):
        Kind.WHICH_FILE.of(taken="a.ipynb")


def test_a_fact_is_no_template():
    assert str(Kind.EMPTY.of(name="{why} %s {0.__class__}")).startswith("{why} %s {0.__class__} is")


def test_every_kind_can_happen():
    folder = Path(softmaxbook.assignments.__file__).parent
    program = "\n".join(path.read_text("utf-8") for path in folder.rglob("*.py"))
    assert [each.name for each in Kind if f"Kind.{each.name}" not in program] == []


def test_every_way_to_lose_a_worker_is_to_be_looked_at():
    assert set(LOST) == set(Loss)
    assert len(set(LOST.values())) == len(Loss)


# Worded anew


@pytest.fixture
def anew(monkeypatch):
    """Return a function that gives every sentence other words."""

    def reword():
        for words in WORDED:
            for each in words:
                facts = "".join(f" {{{name}}}" for name in facts_of(each))
                monkeypatch.setattr(each, "_value_", f"Zounds, {each.name.lower()}!{facts}")

    return reword


@pytest.fixture
def week(tmp_path):
    """Return a class: right, a mistake, two to look at, one marked before the answer changed."""
    people = "".join(f"{id},{id.title()} King\n" for id in ("ada", "bob", "cleo", "dirk", "eve"))
    week = week_of(tmp_path / "course", students=f"id,name\n{people}fay,Fay King\n")
    record(week, "ada")
    record(week, "bob", [(VECTOR, 1)], late=True)
    record(week, "cleo", problems=(Kind.EMPTY.of(name="cleo.ipynb"),))
    record(week, "dirk", [NUMBER], problems=(Kind.WORKER_LATE.of(VECTOR),))
    record(week, "eve", problems=(Kind.CHANGED_AFTER_MARKING.of("why-shift"),))
    mark(week)
    sheet = week.folder / "marking" / "why-shift.csv"
    sheet.write_text(re.sub(r",,,,,v", ",2,1,,,v", sheet.read_text("utf-8-sig")), "utf-8")
    mark(week)
    looked = looks_path(week).read_text("utf-8-sig")
    looks_path(week).write_text(re.sub(r"(?m)^(cleo.*,)$", r"\1yes", looked), "utf-8")
    return week


def state(week):
    """Return all that follows from the records but no words."""
    mark(week)
    feedback.write(week)
    report.write(week, names=True)
    tables = [export(week, each).path for each in FORMATS if each in ("canvas", "moodle")]
    pages = {path.stem: path.read_text("utf-8") for path in (week.folder / "feedback").iterdir()}
    report_page = (week.folder / "report.html").read_text("utf-8")
    return {
        "points": {each.student.id: each.points for each in standings(week)},
        "open": {each.student.id: each.open for each in standings(week)},
        "to look at": {each.student.id: each.to_look_at for each in standings(week)},
        "exported": [path.read_text("utf-8").partition("Feedback")[0] for path in tables],
        "signs": {id: re.findall(r"[✓✗○](?= )", page) for id, page in pages.items()},
        "warnings": {id: page.count('"warn"') for id, page in pages.items()},
        "counts": re.findall(r'<td class="number">([^<]*)</td>', report_page),
        "records": all_marks(week),
    }


def test_only_words_change_where_sentences_do(week, anew):
    before = state(week)
    files = {path.name: path.read_bytes() for path in (week.folder / "marks").iterdir()}
    assert before["points"] == {
        **{"ada": 11, "bob": 8, "cleo": 11, "dirk": None, "eve": 11, "fay": None}
    }
    anew()
    assert state(week) == before
    assert {path.name: path.read_bytes() for path in (week.folder / "marks").iterdir()} == files
    assert "Zounds, worker_late!" in (week.folder / "report.html").read_text("utf-8")
    assert "Zounds, mistake!" in (week.folder / "feedback" / "bob.html").read_text("utf-8")
    assert "Zounds, empty! cleo.ipynb" in looks_path(week).read_text("utf-8-sig")


def test_words_of_an_answer_decide_nothing(week):
    before = state(week)
    for marks in before["records"]:
        path = marks_path(week, marks.student)
        stored = json.loads(path.read_text("utf-8"))
        for each in stored["exercises"]:
            each |= {"message": "Zounds!", "hint": "Zounds!", "remarks": ["Zounds!"]}
            each |= {"counter_example": "Zounds!", "mistakes": ["zounds"] * len(each["mistakes"])}
        path.write_text(json.dumps(stored), "utf-8")
    after = state(week)
    assert after.pop("records") != before.pop("records")
    assert {**after, "counts": 0} == {**before, "counts": 0}


@pytest.mark.xdist_group("grading")
@pytest.mark.skipif(sys.platform != "linux", reason="bubblewrap is of Linux")
def test_grading_itself_goes_by_no_sentence(tmp_path, anew):
    week = assignment(tmp_path / "week", VECTOR, NUMBER)
    deadly = "import os\ndef softmax_vector(z):\n    os._exit(0)"
    hand_in(
        week,
        answered(week, "ada", softmax_of_one_vector=deadly),
        replace(answered(week, "bob"), problems=(Kind.NO_TEXT.of(name="bob.txt"),)),
    )

    def wordless():
        found = [replace(each, when="") for each in grade(week, again=True).marks]
        return [
            replace(each, exercises=tuple(replace(one, message="") for one in each.exercises))
            for each in found
        ]

    before = wordless()
    assert before[0].problems == (Kind.WORKER_ENDED.of(VECTOR),)
    anew()
    assert wordless() == before
    assert "needs a look: ada: softmax-of-one-vector: Zounds, worker_ended!" in str(grade(week))


# Files of an earlier form


def in_the_earlier_form(week, student):
    """Write a record as it was when a status and a problem were sentences."""
    path = marks_path(week, student)
    stored = json.loads(path.read_text("utf-8"))
    for each in stored["exercises"]:
        each["status"] = Status[each["status"]].value
    stored["problems"] = ["why-shift: its answer changed after it was marked"]
    path.write_text(json.dumps(stored), "utf-8")


def test_a_record_of_an_earlier_form_is_no_record(week):
    in_the_earlier_form(week, "ada")
    for step in (mark, standings, feedback.write, report.write):
        with pytest.raises(CourseError, match=r"ada\.json is not a record of marks .*grade again"):
            step(week)


@pytest.mark.xdist_group("grading")
@pytest.mark.skipif(sys.platform != "linux", reason="bubblewrap is of Linux")
def test_grading_replaces_a_record_of_an_earlier_form_and_keeps_what_a_person_gave(week):
    given = read_marks(marks_path(week, "ada")).manual
    assert given[0].points == 3
    in_the_earlier_form(week, "ada")
    found = grade(week, only=["ada"])
    assert found.renewed == ("ada",)
    assert read_marks(marks_path(week, "ada")).manual == given
    assert read_marks(marks_path(week, "ada")).points == 11


def test_a_hand_in_of_an_earlier_form_is_to_be_collected_again(week):
    path = submission_path(week.folder, "ada")
    stored = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**stored, "problems": ["ada.ipynb is empty"]}), "utf-8")
    with pytest.raises(CourseError, match="collect it again"):
        submission_of(week.folder, "ada")


def test_a_list_of_looks_of_an_earlier_form_is_refused(week):
    looks_path(week).write_text("student,problem,looked\ncleo,cleo.ipynb is empty,yes\n", "utf-8")
    for step in (mark, standings):
        with pytest.raises(CourseError, match="needs the columns student, problem, version"):
            step(week)


def test_a_problem_is_no_text_that_happens_to_be_there():
    for stored in ("EMPTY", {"kind": "an empty file", "question": "", "facts": {}}, {}):
        with pytest.raises((KeyError, TypeError)):
            problem_in(stored)
    assert isinstance(problem_in({"kind": "CHANGED", "question": "", "facts": {}}), Problem)
