"""The demonstration class gets the marks that it has to get, and wrong ones would be seen."""

import csv
import sys
from dataclasses import replace

import pytest

from softmaxbook.assignments.demonstration import __main__ as demonstration
from softmaxbook.assignments.demonstration import damages
from softmaxbook.assignments.demonstration.cases import CASES, IDS, LEFT_BY
from softmaxbook.assignments.demonstration.lesson import (
    NAME,
    differences,
    expected,
    expected_total,
    make_course,
)
from softmaxbook.assignments.demonstration.winning_margin import EXERCISE
from softmaxbook.assignments.marks.gradebook import standings
from softmaxbook.assignments.sandbox.shipped import package_files
from softmaxbook.assignments.submissions.problems import Kind
from softmaxbook.assignments.submissions.submission import read_submission
from softmaxbook.checking.soundness import unsound
from softmaxbook.exercises import CHAPTERS, exercises

pytestmark = [
    pytest.mark.xdist_group("demonstration"),  # run once, for several tests
    pytest.mark.skipif(sys.platform != "linux", reason="bubblewrap is of Linux"),
]


@pytest.fixture(scope="module")
def outcome(tmp_path_factory):
    return demonstration.run(tmp_path_factory.mktemp("demonstration") / "course", lambda line: None)


# The class


def test_the_students_have_ids_and_names_of_their_own():
    assert len({each.id for each in CASES}) == len({each.name for each in CASES}) == len(CASES)


def test_the_assignment_is_of_two_chapters_and_an_exercise_of_the_course():
    known = {each.id: each.chapter for each in exercises()}
    assert {known.get(id) for id in IDS} == {"probabilities", "overflow", None}
    assert EXERCISE.chapter not in CHAPTERS
    assert unsound(EXERCISE) == ()


def test_each_registered_mistake_is_made_by_somebody(tmp_path):
    week = make_course(tmp_path)
    made = {id: [] for id in IDS}
    for case in (each for each in CASES if not each.copied_from):
        for id in IDS:
            made[id] += case.given(id).mistakes[:1] if len(case.given(id).mistakes) == 1 else ()
    for chosen in week.exercises:
        registered = [each.__name__ for each in chosen.exercise.mistakes]
        assert list(LEFT_BY[chosen.id]) == registered
        assert sorted(made[chosen.id]) == sorted(each.replace("_", " ") for each in registered)


def test_no_mistake_leaves_all_points(tmp_path):
    week = make_course(tmp_path)
    for id, mistakes in LEFT_BY.items():
        full = tuple(each.points for each in week.chosen(id).points)
        for name, points in mistakes.items():
            assert len(points) == len(full), (id, name)
            assert sum(points) < sum(full), (id, name)


def test_every_damage_is_in_the_class():
    made = {case.damage for case in CASES}
    known = {
        each
        for each in vars(damages).values()
        if callable(each) and getattr(each, "__module__", "") == damages.__name__
    }
    assert known - made == {damages.File}


def test_students_do_not_get_the_class():
    assert [name for name in package_files() if "demonstration" in name] == []


# Its marks


def test_every_mark_is_as_expected_and_grading_again_gives_the_same(outcome):
    assert outcome.faults == ()
    assert len(outcome.marks) == len(CASES)


def test_every_student_has_a_page_and_the_class_has_a_report(outcome):
    folder = outcome.assignment.folder
    pages = {path.stem for path in (folder / "feedback").glob("*.html")}
    assert pages >= {each.id for each in CASES}
    assert (folder / "report.html").stat().st_size > 0
    for system in demonstration.FORMATS:
        assert list((folder / "export").glob(f"*{system}*"))


def test_every_point_is_passed_on(outcome):
    passed = {each.student.id: each.points for each in standings(outcome.assignment)}
    assert passed == {case.id: expected_total(outcome.assignment, case) for case in CASES}
    table = (outcome.assignment.folder / "export" / "canvas.csv").read_text("utf-8-sig")
    rows = {row[0]: row[-1] for row in csv.reader(table.splitlines())}
    for case in CASES:
        assert float(rows[case.name]) == passed[case.id]


def test_nothing_of_one_student_is_on_the_page_of_another(outcome):
    for case in CASES:
        page = (outcome.assignment.folder / "feedback" / f"{case.id}.html").read_text("utf-8")
        assert [each.name for each in CASES if each is not case and each.name in page] == []


def test_only_hand_ins_that_nobody_can_trust_need_a_look(outcome):
    seen = {each.student for each in outcome.marks if each.needs_a_look}
    assert seen == {each.id for each in CASES if each.seen}


def test_a_wrong_mark_would_be_seen(outcome):
    week, first = outcome.assignment, outcome.marks[0]
    submission = read_submission(week.folder / "submitted" / first.student / "mended.json")
    assert differences(week, first, submission) == []
    for number, mark in enumerate(first.exercises):
        aspect = replace(mark.aspects[0], points=mark.aspects[0].points - 1)
        lowered = replace(mark, aspects=(aspect, *mark.aspects[1:]))
        spoilt = list(first.exercises)
        spoilt[number] = lowered
        assert differences(week, replace(first, exercises=tuple(spoilt)), submission)
    assert differences(week, replace(first, problems=(Kind.WAITING.of(),)), submission)
    assert differences(week, first, replace(submission, late=True))


def test_a_record_that_changes_would_be_seen(outcome):
    other = replace(outcome.marks[3], problems=(Kind.WAITING.of(),))
    changed = (*outcome.marks[:3], other, *outcome.marks[4:])
    assert len(list(demonstration._changed(outcome.marks, changed))) == 1
    assert len(list(demonstration._faults(outcome.assignment, outcome.marks[1:]))) == 1


def test_no_answer_without_its_expectation(outcome):
    for case in CASES:
        for chosen in outcome.assignment.exercises:
            wanted = expected(outcome.assignment, case, chosen.id)
            assert len(wanted.points) == len(chosen.points)


def test_a_folder_that_is_no_demonstration_is_left_alone(tmp_path, capsys):
    (tmp_path / "precious").write_text("mine")
    assert demonstration.main([str(tmp_path)]) == 2
    assert "name another folder" in capsys.readouterr().err
    assert (tmp_path / "precious").read_text() == "mine"
    assert not (tmp_path / NAME).exists()
