"""Marks follow from what was handed out: what has changed since costs nobody a point in silence."""

import json
import sys
from dataclasses import replace

import pytest
from course import answered, assignment, hand_in, right_answer

from softmaxbook.assignments.collecting.mending import mend
from softmaxbook.assignments.collecting.reading import Reading, read
from softmaxbook.assignments.course import CourseError, Student
from softmaxbook.assignments.handout.notebooks import SETUP, notebook_text
from softmaxbook.assignments.handout.release import release
from softmaxbook.assignments.marks.asking import refuse_another_seed, unlike_released
from softmaxbook.assignments.marks.examining import EXCEPTIONS
from softmaxbook.assignments.marks.grading import grade
from softmaxbook.assignments.released import Released, asked_by, released_in, released_path
from softmaxbook.assignments.sandbox.libraries import libraries, python
from softmaxbook.assignments.settings import load, save
from softmaxbook.assignments.submissions.problems import Kind

VECTOR, NUMBER, CHOICE = "softmax-of-one-vector", "softmax-by-hand", "what-changes-nothing"
WRITTEN = "def softmax_vector(z):\n    e = np.exp(z - z.max())\n    return e / e.sum()"
IN_PLACE = """\
def softmax_vector(logits):
    logits -= logits.max()
    np.exp(logits, out=logits)
    logits /= logits.sum()
    return logits
"""
grading = [
    pytest.mark.xdist_group("grading"),
    pytest.mark.skipif(sys.platform != "linux", reason="bubblewrap is of Linux"),
]


def in_the_sandbox(test):
    for each in grading:
        test = each(test)
    return test


@pytest.fixture
def week(tmp_path):
    return assignment(tmp_path / "week", VECTOR, NUMBER)


def handed_out(week, **options):
    """Return the assignment after its release, as the next command loads it."""
    (week.course / "students.csv").write_text("id\nada\nbob\n", "utf-8")
    save(week)
    release(load(week.folder), **options)
    return load(week.folder)


def marked(week, student="ada", **answers):
    """Return the marks of a hand-in that is right but for `answers`."""
    hand_in(week, answered(week, student, preamble=SETUP, **answers))
    return grade(week, only=[student]).marks[0]


def mark_of(marks, id):
    return next(each for each in marks.exercises if each.id == id)


def kinds(problems):
    return [(each.kind, each.question) for each in problems]


# What was asked


def test_a_release_writes_down_what_it_asks(week):
    week = handed_out(replace(week, variants=True))
    known = released_in(week.folder)
    assert known == week.released
    assert set(known.asked) == {"ada", "bob"}
    assert known.asked["ada"][NUMBER] == asked_by(week.exercise_for(NUMBER, "ada"))
    assert week.seed not in released_path(week.folder).read_text()
    assert unlike_released(week, answered(week, "ada")) == ()


def test_a_question_added_after_the_release_is_a_look(week):
    week = handed_out(week)
    later = assignment(week.folder, VECTOR, NUMBER, CHOICE, released=week.released)
    collected_before = answered(week, "ada")
    assert kinds(unlike_released(later, collected_before)) == [(Kind.NOT_RELEASED, CHOICE)]
    unreleased = replace(later, released=None)
    assert kinds(unlike_released(unreleased, collected_before)) == [(Kind.NOT_ASKED_THEN, CHOICE)]
    assert unlike_released(unreleased, answered(later, "ada")) == ()


def test_another_seed_is_refused_where_numbers_follow_from_it(week):
    week = handed_out(week)
    with pytest.raises(CourseError, match="is not that of the release"):
        refuse_another_seed(replace(week, seed="another"))
    refuse_another_seed(week)
    refuse_another_seed(replace(week, seed="another", released=None))
    programs = assignment(week.folder, VECTOR, released=week.released)
    refuse_another_seed(replace(programs, seed="another"))


def test_other_numbers_than_those_handed_out_are_a_look(week):
    week = handed_out(replace(week, variants=True))
    asked = {**week.released.asked["ada"], NUMBER: "q of an older edition"}
    older = replace(week.released, asked={**week.released.asked, "ada": asked})
    week = replace(week, released=older)
    assert kinds(unlike_released(week, answered(week, "ada"))) == [(Kind.OTHER_QUESTION, NUMBER)]
    assert unlike_released(week, answered(week, "bob")) == ()
    late = replace(week, students=(*week.students, Student("zoe")))
    assert kinds(unlike_released(late, answered(late, "zoe"))) == [(Kind.RELEASED_TO_NOBODY, "")]


def test_variants_switched_on_after_the_release_are_told(week):
    week = handed_out(week)
    assert kinds(unlike_released(replace(week, variants=True), answered(week, "ada"))) == [
        (Kind.RELEASED_TO_NOBODY, "")
    ]


def test_a_release_that_cannot_be_read_is_told(week):
    week = handed_out(week)
    released_path(week.folder).write_text('{"then": 1}', "utf-8")
    with pytest.raises(CourseError, match="release again"):
        load(week.folder)


@in_the_sandbox
def test_a_question_nobody_was_asked_gives_no_points_and_says_so(week):
    week = handed_out(week)
    hand_in(week, answered(week, "ada", preamble=SETUP))
    later = assignment(week.folder, VECTOR, NUMBER, CHOICE, released=week.released)
    marks = grade(later).marks[0]
    assert kinds(marks.problems) == [(Kind.NOT_RELEASED, CHOICE)]
    assert marks.needs_a_look
    with pytest.raises(CourseError, match="put it back"):
        grade(replace(week, seed="another"))


# What may be used


def source_of(week):
    cells = json.loads(notebook_text(week))["cells"]
    return "".join(cells[0]["source"])


def test_the_hand_out_says_what_programs_may_use(week):
    said = source_of(week)
    assert f"Python {python()}, NumPy" in said
    assert all(each in said for each in libraries())
    assert "whole numbers" in said
    assert "this book's package" not in said
    assert "this book's package" in source_of(replace(week, released=Released(package=True)))
    assert "Python" not in source_of(assignment(week.folder, NUMBER, CHOICE))


@in_the_sandbox
def test_the_package_is_there_only_if_it_was_handed_out(week):
    own = "import softmaxbook\ndef softmax_vector(z):\n    return softmaxbook.softmax(z)"
    without = marked(handed_out(week), softmax_of_one_vector=own)
    assert mark_of(without, VECTOR).points == 0
    assert (Kind.NO_LIBRARY, VECTOR) in kinds(without.problems)
    assert marked(handed_out(week, package=True), softmax_of_one_vector=own).points == week.total
    assert mark_of(marked(handed_out(week), softmax_of_one_vector=own), VECTOR).points == 0


@in_the_sandbox
@pytest.mark.parametrize(
    "source",
    [
        "import pandax as pd\ndef softmax_vector(z):\n    return pd.Series(z)",
        "from pandax.core import series\ndef softmax_vector(z):\n    return series(z)",
        "def softmax_vector(z):\n    import pandax\n    return pandax.Series(z)",
        "import pandax\nsoftmax_vector = pandax.softmax",
    ],
)
def test_a_missing_library_is_the_first_message_and_a_look(week, source):
    marks = marked(week, softmax_of_one_vector=source)
    assert mark_of(marks, VECTOR).message.startswith("The grader has no `pandax`: it has Python 3")
    assert (Kind.NO_LIBRARY, VECTOR) in kinds(marks.problems)


@in_the_sandbox
def test_a_library_that_did_not_matter_is_no_message(week):
    both = f"import pandax\n{WRITTEN}"
    assert marked(week, softmax_of_one_vector=both).points == week.total
    wrong = "import pandax\ndef softmax_vector(z):\n    return np.zeros(2) + np.zeros(3)"
    marks = marked(week, "bob", softmax_of_one_vector=wrong)
    assert "ValueError" in mark_of(marks, VECTOR).message
    assert marks.problems == ()


# The hand-out's own cells


def test_the_set_up_cell_is_run_where_it_is_gone(week):
    notebook = json.loads(notebook_text(week))
    kept = [each for each in notebook["cells"] if each["id"] != "setup"]
    for cells, noted in ((kept, 1), (notebook["cells"], 0)):
        data = json.dumps({**notebook, "cells": cells}).encode()
        found = mend(week, "ada", read("week.ipynb", data))
        assert found.preamble.startswith(SETUP)
        assert found.preamble.count(SETUP) == 1
        assert sum("of the hand-out is gone" in line for line in found.log) == noted


# A newer Python


@pytest.mark.parametrize(("version", "looks"), [("3.99.1", 1), ("", 0), ("3.5.2", 0), ("three", 0)])
def test_a_newer_python_that_cannot_be_read_is_a_look(week, version, looks):
    notebook = json.loads(notebook_text(week))
    notebook["metadata"]["language_info"]["version"] = version
    helper = {"cell_type": "code", "source": "def helper(::):\n    pass", "metadata": {}}
    notebook["cells"].append(helper)
    found = mend(week, "ada", read("week.ipynb", json.dumps(notebook).encode()))
    told = [each for each in found.problems if each.kind is Kind.NEWER_PYTHON]
    assert len(told) == looks
    assert all(each.facts["theirs"] == version for each in told)


def test_a_newer_python_that_can_be_read_is_none(week):
    notebook = json.loads(notebook_text(week))
    notebook["metadata"]["language_info"]["version"] = "3.99.1"
    found = mend(week, "ada", read("week.ipynb", json.dumps(notebook).encode()))
    assert found.problems == []
    assert Reading().python == ""


# A hidden input that fails


@in_the_sandbox
def test_the_kind_of_a_hidden_input_and_the_exception_are_told(week):
    mark = mark_of(marked(week, softmax_of_one_vector=IN_PLACE), VECTOR)
    assert "It fails on whole numbers only: integers are logits too." in mark.message
    assert "It raises `UFuncTypeError` there." in mark.message


@in_the_sandbox
def test_an_exception_of_the_answer_s_own_tells_nothing(week):
    telling = (
        "def softmax_vector(z):\n    if z.dtype.kind == 'i':\n"
        "        raise type('Saw' + str(z.tolist()), (Exception,), {})\n"
        "    e = np.exp(z - z.max())\n    return e / e.sum()"
    )
    marks = marked(week, softmax_of_one_vector=telling)
    assert "It fails on whole numbers only" in mark_of(marks, VECTOR).message
    assert "Saw" not in json.dumps(str(marks))
    assert "ValueError" in EXCEPTIONS


def test_the_right_answer_is_still_right(week):
    assert right_answer(week, VECTOR) == right_answer(replace(week, released=Released()), VECTOR)
