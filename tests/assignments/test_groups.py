"""Answers that fail alike are found, commented at once, also later ones; and withdrawn at once."""

import html
import re
from dataclasses import replace

import numpy as np
import pytest
from course import KNOWN, answered, hand_in
from marked import IDS, record, week_of

from softmaxbook.assignments.command import main
from softmaxbook.assignments.course import CourseError
from softmaxbook.assignments.marks.behaviour import behaviour_of, stored_value
from softmaxbook.assignments.marks.examiner import examination_of
from softmaxbook.assignments.marks.fingerprints import fingerprint, version_of_program
from softmaxbook.assignments.marks.groups import comments, groups, keys_of, normalised
from softmaxbook.assignments.marks.records import all_marks, write_marks
from softmaxbook.assignments.reports import feedback
from softmaxbook.assignments.reports.groups import comment_on, found, take_back, write
from softmaxbook.assignments.sandbox.box import Limits
from softmaxbook.assignments.sandbox.conversation import Report
from softmaxbook.assignments.submissions.submission import Answer, Submission
from softmaxbook.checking import Status
from softmaxbook.checking.outcomes import Outcome

VECTOR, BATCH, NUMBER = IDS
CUBES = "def softmax_vector(logits):\n    e = np.abs(logits) ** 3\n    return e / e.sum()\n"
RENAMED = CUBES.replace("e ", "cubes ").replace("e.", "cubes.").replace("logits", "z")
OTHER = "def softmax_vector(logits):\n    return np.abs(logits)\n"


@pytest.fixture
def week(tmp_path):
    week = week_of(tmp_path / "course", manual=())
    fails(week, "ada", CUBES, "b1")
    fails(week, "bob", RENAMED, "b2")  # the same program by its names alone
    fails(week, "cleo", "def softmax_vector(z): return np.abs(z) ** 3 / sum(np.abs(z) ** 3)", "b1")
    fails(week, "dirk", OTHER, "b3")
    record(week, "eve", [(VECTOR, 0)])  # a known mistake
    record(week, "fay")
    return week


def fails(week, student, source, behaviour, question=VECTOR, status=Status.WRONG):
    """Store a hand-in whose answer is wrong, with the behaviour that grading would have seen."""
    marks = record(week, student)
    submission = answered(week, student, **{question.replace("-", "_"): source})
    hand_in(week, submission)
    wrong = tuple(
        replace(
            each,
            status=status,
            aspects=tuple(replace(aspect, points=0.0) for aspect in each.aspects),
            message="It differs on every input.",
            behaviour=behaviour and behaviour[0] + 16 * behaviour[1],
        )
        if each.id == question
        else each
        for each in marks.exercises
    )
    known = fingerprint(week, submission, version_of_program(Limits(), False))
    write_marks(week, replace(marks, exercises=wrong, fingerprint=known))


def page_of(week, student):
    feedback.write(week)
    text = (week.folder / "feedback" / f"{student}.html").read_text("utf-8")
    return html.unescape(re.sub(r"<[^>]*>", " ", text.partition("<main>")[2]))


# What is alike


def seen(function, exercise, probes):
    outcomes = []
    for probe in probes:
        try:
            with np.errstate(all="ignore"):
                value = np.asarray(function(*probe.arguments), dtype=float)
            outcomes.append(Outcome("value", value))
        except TypeError as error:
            outcomes.append(Outcome("raised", None, "TypeError", str(error)))
    return Report("callable", outcomes=tuple(outcomes))


def test_behaviour_is_what_an_answer_gives_on_all_inputs(week):
    look = examination_of(week, week.chosen(VECTOR), "ada")

    def word(function):
        first, second = (
            seen(function, look.exercise, probes) for probes in (look.shown, look.hidden)
        )
        return behaviour_of(look.exercise, first, second)

    def cubes(z):
        return np.abs(z) ** 3 / np.sum(np.abs(z) ** 3)

    def otherwise(z):
        e = [abs(x) * abs(x) * abs(x) for x in z]
        return [x / sum(e) for x in e]

    assert word(cubes) == word(otherwise)  # rounding differs, and does not matter
    others = (np.abs, np.sort, look.exercise.solution, lambda z: z + "a", lambda z: z[:1])
    assert len({word(each) for each in (cubes, *others)}) == 6
    assert word(cubes).startswith("b")


def test_a_hand_in_is_told_of_no_function_that_it_cannot_call(week):
    look = examination_of(week, week.chosen(VECTOR), "ada")

    def cubes(z):
        return np.abs(z) ** 3 / np.sum(np.abs(z) ** 3)

    mark = look.mark(*(seen(cubes, look.exercise, each) for each in (look.shown, look.hidden)))
    assert "compare every intermediate value." in mark.message
    assert "hint()" not in mark.message


def test_what_never_ends_is_like_nothing():
    exercise = KNOWN[VECTOR]
    endless = Report("callable", outcomes=(Outcome("endless"), Outcome("endless")))
    assert behaviour_of(exercise, endless, None) == ""
    assert behaviour_of(exercise, Report("missing"), None) == ""


@pytest.mark.parametrize("value", ["0,25", "1/4", " 25e-2", 0.25, [0.25], np.array(0.25)])
def test_the_same_number_is_the_same_however_it_is_written(value):
    exercise = KNOWN[NUMBER]
    said = behaviour_of(exercise, Report("value", 0.25), None)
    assert behaviour_of(exercise, Report("value", value), None) == said
    assert behaviour_of(exercise, Report("value", 0.2501), None) != said
    assert behaviour_of(exercise.variant(3), Report("value", 0.25), None) != said
    assert stored_value(exercise, Report("value", value))


def test_programs_are_the_same_but_for_names_words_and_comments():
    def program(source, preamble=""):
        return normalised(Submission("ada", {VECTOR: Answer("code", source)}, preamble), VECTOR)

    words = CUBES.replace(":\n", ":\n    '''Cubes.'''\n    # sums to 1\n", 1)
    assert program(CUBES) == program(RENAMED) == program(words)
    assert program(CUBES) != program(CUBES.replace("3", "2"))
    assert program(CUBES) != program(CUBES.replace("sum", "max"))
    assert program("def f(a, b): return a - b") != program("def f(a, b): return b - a")
    assert program("def (:  \n x") == program("def (:\nx")
    # What stands elsewhere can differ, so such an answer goes by what it does.
    assert program("def f(z): return helper(z)", "def helper(z): return z") == ""
    assert program("def f(z): return np.abs(z)", "import numpy as np") != ""


# Groups


def test_answers_are_grouped_by_what_they_do_and_by_what_they_are(week):
    there = found(week)
    assert [each.students for each in there] == [("ada", "bob", "cleo"), ("dirk",)]
    assert all(re.fullmatch(r"g[0-9a-f]{6}", each.name) for each in there)
    said = str(write(week))
    assert "4 answers that no known mistake explains, in 2 groups, 1 of more than one" in said
    page = (week.folder / "groups.html").read_text("utf-8")
    assert "3 answers to" in page
    assert html.escape("np.abs(logits) ** 3") in page
    assert not re.search(r"\b(eve|fay)\b", page)
    assert "<script" not in page


def test_known_mistakes_and_right_answers_have_no_keys(week):
    for marks in all_marks(week):
        keys = keys_of(week, marks.student, marks.exercises[0])
        assert bool(keys) == (marks.student in ("ada", "bob", "cleo", "dirk"))


def test_one_comment_goes_to_all_and_to_later_ones(week):
    name = found(week)[0].name
    said = comment_on(week, name, "You cube; *softmax* takes `exp`.")
    assert said.startswith(f"{name}: said to 3 students")
    for student in ("ada", "bob", "cleo"):
        assert "You cube; softmax takes exp" in " ".join(page_of(week, student).split())
    for student in ("dirk", "eve", "fay"):
        assert "You cube" not in page_of(week, student)
    fails(week, "gil", "def softmax_vector(q): return q", "b2")  # does what bob's does
    fails(week, "hal", CUBES.replace("logits", "x"), "")
    assert "You cube" in page_of(week, "gil")
    assert "You cube" in page_of(week, "hal")
    assert found(week)[0].students == ("ada", "bob", "cleo", "gil", "hal")
    assert found(week)[0].name == name  # it keeps its name as it grows


def test_a_comment_is_withdrawn_in_one_step_and_kept(week):
    name = found(week)[0].name
    comment_on(week, name, "You cube.")
    assert "withdrawn: “You cube.”" in take_back(week, name)
    assert all("You cube" not in page_of(week, each) for each in ("ada", "bob", "cleo"))
    assert [(each.text, each.stands) for each in comments(week)] == [("You cube.", False)]
    comment_on(week, found(week)[0].name, "Once more.")
    assert "Once more." in page_of(week, "bob")


def test_points_do_not_change_by_a_comment(week):
    before = [each.points for each in all_marks(week)]
    comment_on(week, found(week)[0].name, "You cube.")
    assert [each.points for each in all_marks(week)] == before


def test_equal_numbers_are_a_group(week):
    for student in ("gil", "hal"):
        fails(week, student, "answer_softmax_by_hand = 0.5", "b9", NUMBER)
    numbers = [each for each in groups(week, all_marks(week)) if each.question == NUMBER]
    assert [each.students for each in numbers] == [("gil", "hal")]


def test_errors_say_what_to_do(week, capsys):
    with pytest.raises(CourseError, match="there is no group 'g0'; there are g"):
        comment_on(week, "g0", "So.")
    with pytest.raises(CourseError, match="write the comment"):
        comment_on(week, found(week)[0].name, " ")
    with pytest.raises(CourseError, match="no comment on a group 'g0' stands; there are none"):
        take_back(week, "g0")
    fails(week, "gil", "def softmax_vector(q): return helper(q)\ndef helper(): 1", "")
    line = ["assignment", "groups", "week1", "--course", str(week.course)]
    assert main([*line, "--comment", "g1", "--withdraw", "g1"]) == 2
    assert "one thing at a time" in capsys.readouterr().err
    name = found(week)[0].name
    assert main([*line, "--comment", name, "--text", "So."]) == 0
    assert main([*line, "--withdraw", name]) == 0
    assert "groups.html" in capsys.readouterr().out
    (week.folder / "comments.json").write_text("[1]", "utf-8")
    assert main(line) == 2
    assert "cannot be read" in capsys.readouterr().err
