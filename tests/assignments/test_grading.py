"""Grading: the marks are those of the page, the same each time, and nothing hidden is told."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from course import KNOWN, answer_of, answered, assignment, hand_in, right_answer, with_package

from softmaxbook.assignments.assignment import ManualQuestion
from softmaxbook.assignments.command import main
from softmaxbook.assignments.course import CourseError
from softmaxbook.assignments.marks import grading
from softmaxbook.assignments.marks.examiner import examination_of
from softmaxbook.assignments.marks.grading import grade
from softmaxbook.assignments.marks.records import (
    ManualMark,
    Marks,
    marks_path,
    read_marks,
    write_marks,
)
from softmaxbook.assignments.marks.reviews import looks_path
from softmaxbook.assignments.settings import save
from softmaxbook.assignments.submissions.problems import Kind
from softmaxbook.assignments.submissions.submission import Answer
from softmaxbook.checking.attempts import check_value
from softmaxbook.checking.judging import judge
from softmaxbook.checking.messages import verdict
from softmaxbook.checking.running import run
from softmaxbook.checking.specification import hint_of, name_of
from softmaxbook.exercises import CHAPTERS, Status

pytestmark = [
    pytest.mark.xdist_group("grading"),  # graded once, for several tests
    pytest.mark.skipif(sys.platform != "linux", reason="bubblewrap is of Linux"),
]

VECTOR, BATCH, NUMBER = "softmax-of-one-vector", "softmax-of-a-batch", "softmax-by-hand"
ESSAY = ManualQuestion("why-shift", "Why?", "Why is the largest one subtracted?", (("why", 2.0),))


@pytest.fixture
def week(tmp_path):
    return assignment(tmp_path / "week", VECTOR, NUMBER)


def only_marks(week, submission, **options):
    """Return the record of one submission."""
    hand_in(week, submission)
    return grade(week, only=[submission.student], **options).marks[0]


def mark_of(marks, id):
    return next(each for each in marks.exercises if each.id == id)


# The marks


def own_verdict(week, exercise, mistake):
    """Return the verdict of the engine itself, without a sandbox."""
    if exercise.form != "function":
        return check_value(exercise, mistake(*exercise.given))
    probes = examination_of(week, week.chosen(exercise.id), "").hidden
    outcomes = run(mistake, probes, exercise.parameters)
    return verdict(exercise, probes, outcomes, judge(exercise, probes, outcomes))


@pytest.fixture(scope="module", params=CHAPTERS)
def chapter(request, tmp_path_factory):
    """Return an assignment of a chapter, the record of right answers, and one a mistake's."""
    own = {
        each.name if each.form == "function" else each.id: each.id
        for each in CHAPTERS[request.param]
    }
    week = assignment(tmp_path_factory.mktemp("book") / request.param, *own.values())
    most = max(len(each.exercise.mistakes) for each in week.exercises)
    handed = [answered(week, "right")]
    for k in range(most):
        made = {
            each.id.replace("-", "_"): answer_of(week, each.id, each.exercise.mistakes[k])
            for each in week.exercises
            if k < len(each.exercise.mistakes) and each.exercise.observe is None
        }
        handed.append(answered(week, f"mistake{k}", **made))
    hand_in(week, *handed)
    return week, {each.student: each for each in grade(week).marks}


def test_right_answers_earn_all_points(chapter):
    week, records = chapter
    marks = records["right"]
    assert [each.id for each in marks.exercises if each.points < each.of] == []
    assert marks.points == week.total
    assert {each.status for each in marks.exercises} == {Status.CORRECT}


def test_every_mistake_gets_the_marks_and_the_name_that_the_engine_gives(chapter):
    week, records = chapter
    for chosen in week.exercises:
        exercise = week.exercise_for(chosen.id)
        for k, mistake in enumerate(exercise.mistakes):
            if exercise.observe is not None:
                continue
            mark = mark_of(records[f"mistake{k}"], chosen.id)
            own = own_verdict(week, exercise, mistake)
            case = f"{chosen.id}: {mistake.__name__}: {mark}"
            assert mark.status is own.status, case
            assert mark.mistakes == own.mistakes, case
            assert [each.points for each in mark.aspects] == [e.earned for e in own.aspects], case
            assert mark.points < mark.of, case


def test_shown_inputs_are_not_among_the_hidden(chapter):
    week, _ = chapter
    for chosen in week.exercises:
        examination = examination_of(week, chosen, "s")
        if chosen.exercise.form == "function" and chosen.exercise.fresh is not None:
            assert examination.shown
        for shown in examination.shown:
            for hidden in examination.hidden:
                pairs = zip(shown.arguments, hidden.arguments, strict=True)
                assert not all(np.array_equal(one, two) for one, two in pairs)


def test_a_record_comes_back_as_it_was(chapter):
    week, records = chapter
    for marks in records.values():
        write_marks(week, marks)
        assert read_marks(marks_path(week, marks.student)) == marks


def test_a_named_mistake_comes_with_its_hint(week):
    first = KNOWN[VECTOR].mistakes[0]
    handed = answered(week, "s", softmax_of_one_vector=answer_of(week, VECTOR, first))
    mark = mark_of(only_marks(week, handed), VECTOR)
    assert mark.status is Status.MISTAKE
    assert (mark.mistakes, mark.hint) == ((name_of(first),), hint_of(first))


def test_an_aspect_earns_its_points_alone(week):
    naive = "import numpy as np\ndef softmax_vector(z):\n    return np.exp(z) / np.exp(z).sum()"
    mark = mark_of(only_marks(week, answered(week, "s", softmax_of_one_vector=naive)), VECTOR)
    assert [(each.name, each.points) for each in mark.aspects] == [
        ("values", 2),
        ("large logits", 0),
    ]


@pytest.mark.parametrize(
    ("source", "status", "words"),
    [
        (KNOWN[VECTOR].starter, Status.NOT_ATTEMPTED, "no answer yet"),
        ("softmax_vector = ...", Status.NOT_ATTEMPTED, "no answer yet"),
        ("def soft_max(z):\n    return z", Status.BROKEN, "Nothing is called `softmax_vector`"),
        ("def softmax_vector(z)\n    return z", Status.BROKEN, "SyntaxError"),
        ("softmax_vector = 3", Status.UNREADABLE, "expected to be a function"),
        ("class softmax_vector: pass", Status.UNREADABLE, "expected to be a function"),
        ("def softmax_vector(z):\n    return nothing", Status.BROKEN, "NameError"),
        ("def softmax_vector(z):\n    print(z)", Status.BROKEN, "prints its result"),
    ],
)
def test_what_is_no_answer_is_told(week, source, status, words):
    mark = mark_of(only_marks(week, answered(week, "s", softmax_of_one_vector=source)), VECTOR)
    assert (mark.status, mark.points) == (status, 0)
    assert words in mark.message


def test_a_missing_answer_is_not_attempted(week):
    submission = answered(week, "s")
    submission = replace(submission, answers={**submission.answers, VECTOR: Answer("missing")})
    marks = only_marks(week, submission)
    assert mark_of(marks, VECTOR).status is Status.NOT_ATTEMPTED
    assert marks.points == week.chosen(NUMBER).total


@pytest.mark.parametrize("text", ["'70 %'", "'1/3'", "[0.1, '0,2', '70 %']"])
def test_texts_are_read_as_the_page_reads_them(week, text):
    variable = week.chosen(NUMBER).variable
    mark = mark_of(
        only_marks(week, answered(week, "s", softmax_by_hand=f"{variable} = {text}")), NUMBER
    )
    own = check_value(week.exercise_for(NUMBER), eval(text))
    assert (mark.status, mark.message) == (own.status, own.message)


def test_helpers_may_stand_anywhere_in_the_notebook(tmp_path):
    week = assignment(tmp_path / "week", VECTOR, BATCH)
    rows = "def softmax_batch(Z):\n    Z = np.asarray(Z)\n    flat = Z.reshape(-1, Z.shape[-1])\n"
    rows += "    return np.array([softmax_vector(row) for row in flat]).reshape(Z.shape)"
    marks = only_marks(
        week,
        answered(
            week,
            "s",
            preamble="import numpy as np\ndef shifted(z):\n    return z - z.max()",
            softmax_of_one_vector=(
                "def softmax_vector(z):\n    e = np.exp(shifted(z))\n    return e / e.sum()\n"
                "assert softmax_vector(0) == 'a cell of trials that fails'"
            ),
            softmax_of_a_batch=rows,
        ),
    )
    assert marks.points == week.total


def test_what_students_have_at_home_is_there(week):
    week = with_package(week)
    source = "import softmaxbook as sb\ndef softmax_vector(z):\n    return sb.softmax(z)"
    assert only_marks(week, answered(week, "s", softmax_of_one_vector=source)).points == week.total


def test_an_answer_in_torch_is_understood(week):
    source = "import torch\ndef softmax_vector(z):\n    return torch.softmax(z, dim=-1)"
    assert only_marks(week, answered(week, "s", softmax_of_one_vector=source)).points == week.total


def test_each_student_s_own_numbers_count(tmp_path):
    week = assignment(tmp_path / "week", NUMBER, variants=True)
    own, others = right_answer(week, NUMBER, "ada"), right_answer(week, NUMBER, "bob")
    assert own != others
    assert only_marks(week, answered(week, "ada", softmax_by_hand=own)).points == week.total
    assert only_marks(week, answered(week, "ada", softmax_by_hand=others)).points == 0


# What is hidden

TELLTALE = """
import json, os, tempfile, warnings
import numpy as np
class Lost(Exception): pass
SEEN = []
def {name}(*given):
    SEEN.append([np.asarray(each).tolist() for each in given])
    try:
        earlier = open(tempfile.gettempdir() + '/seen').read()
    except OSError:
        earlier = ''
    open(tempfile.gettempdir() + '/seen', 'w').write(earlier + json.dumps(SEEN[-1]))
    told = earlier + json.dumps(SEEN)
    print(told)
    warnings.warn(told[:150])
    if len(SEEN) % 3 == 0:
        raise Lost(told[-180:])
    if len(SEEN) % 3 == 1:
        raise ValueError(told[:180])
    return np.ravel(given[0])[:1] * 0
"""


def numbers_in(probes):
    """Return the numbers of inputs as a text would show them, as far as they are unmistakable."""
    values = [v for each in probes for given in each.arguments for v in np.ravel(np.asarray(given))]
    return {f"{abs(float(v)):.6f}"[:-1] for v in values if abs(v) > 1e-3 and v != np.round(v, 5)}


def test_no_text_of_an_answer_tells_a_hidden_input(tmp_path):
    week = assignment(tmp_path / "week", VECTOR, BATCH, "write-softplus")
    telltale = {
        each.id.replace("-", "_"): TELLTALE.format(name=each.variable) for each in week.exercises
    }
    only_marks(week, answered(week, "s", **telltale))
    record = marks_path(week, "s").read_text()
    examinations = [examination_of(week, each, "s") for each in week.exercises]
    hidden = set().union(*(numbers_in(each.hidden) for each in examinations))
    shown = set().union(*(numbers_in(each.shown) for each in examinations))
    assert len(hidden) > 50
    assert not [each for each in hidden - shown if each in record]
    assert [each for each in shown if each in record]  # it does tell what may be told


def test_another_secret_gives_other_inputs(tmp_path):
    weeks = [replace(assignment(tmp_path / "week", VECTOR), seed=seed) for seed in ("one", "two")]
    drawn = [
        examination_of(week, week.exercises[0], "s").hidden[-1].arguments[0].tolist()
        for week in weeks
    ]
    assert drawn[0] != drawn[1]


# Again and again


def without_times(week):
    folder = week.folder / "marks"
    return {path.name: {**json.loads(path.read_text()), "when": ""} for path in folder.iterdir()}


def class_of(week, size):
    """Return submissions of which every third is wrong and every fourth is broken."""
    wrong = {"softmax_of_one_vector": "def softmax_vector(z):\n    return z"}
    broken = {"softmax_by_hand": "1/0"}
    return [
        answered(
            week, f"s{k:02}", **(wrong if k % 3 == 0 else {}), **(broken if k % 4 == 0 else {})
        )
        for k in range(size)
    ]


def test_a_second_run_gives_the_same_records(week):
    hand_in(week, *class_of(week, 6))
    grade(week, workers=1)
    first = without_times(week)
    assert grade(week, workers=3, again=True).renewed == tuple(sorted(f"s{k:02}" for k in range(6)))
    assert without_times(week) == first


def test_only_what_has_changed_is_graded_again(week):
    hand_in(week, *class_of(week, 4))
    assert len(grade(week).renewed) == 4
    assert grade(week).renewed == ()
    hand_in(week, answered(week, "s00"))
    assert grade(week).renewed == ("s00",)
    other = replace(week, seed="another secret")
    assert len(grade(other).renewed) == 4


def test_other_points_are_graded_again(week):
    hand_in(week, *class_of(week, 2))
    grade(week)
    first, second = week.exercises
    more = replace(first, points=tuple(replace(each, points=5.0) for each in first.points))
    changed = replace(week, exercises=(more, second))
    assert len(grade(changed).renewed) == 2
    assert grade(changed).marks[1].points == changed.total


RUN = """
import sys
sys.path[:0] = [{tests!r}]
from course import assignment
from softmaxbook.assignments.marks.grading import grade
grade(assignment({folder!r}, {first!r}, {second!r}), workers=1)
"""


def test_a_killed_run_goes_on_where_it_was(week, tmp_path):
    size = 12
    hand_in(week, *class_of(week, size))
    tests = str(Path(__file__).parents[1] / "support")
    program = RUN.format(tests=tests, folder=str(week.folder), first=VECTOR, second=NUMBER)
    running = subprocess.Popen([sys.executable, "-c", program])
    folder = week.folder / "marks"
    while running.poll() is None and (not folder.exists() or len(list(folder.glob("s*.json"))) < 3):
        time.sleep(0.01)
    running.send_signal(signal.SIGKILL)
    running.wait()
    done = {path.stem for path in folder.glob("s*.json")}
    assert 3 <= len(done) < size
    found = grade(week)
    assert set(found.renewed) == {f"s{k:02}" for k in range(size)} - done
    after = without_times(week)
    grade(week, again=True)
    assert without_times(week) == after
    assert not [
        path for path in folder.iterdir() if path.name.startswith(".") and path.stat().st_size
    ]


def test_a_failed_regrade_does_not_keep_the_old_mark(week):
    hand_in(week, answered(week, "ada"), answered(week, "bob"))
    assert all(each.points == week.total for each in grade(week).marks)
    (week.folder / "submitted" / "ada" / "mended.json").write_text("{not JSON")
    ada, bob = grade(week).marks
    assert (ada.graded, ada.points, ada.exercises) == (False, None, ())
    assert ada.needs_a_look
    assert "collect it again" in str(ada.problems[0])
    assert bob.points == week.total


def test_an_error_of_the_grader_costs_no_other_student(week, monkeypatch):
    hand_in(week, answered(week, "ada"), answered(week, "bob"))
    grade(week)
    recorded = grading._record

    def fails_for_ada(assignment, submission, *found):
        if submission.student == "ada":
            raise ZeroDivisionError("of the grader")
        return recorded(assignment, submission, *found)

    monkeypatch.setattr(grading, "_record", fails_for_ada)
    ada, bob = grade(week, again=True).marks
    assert "ZeroDivisionError: of the grader" in str(ada.problems[0])
    assert (ada.points, bob.points) == (None, week.total)


def test_a_record_that_waits_says_so(week, monkeypatch):
    hand_in(week, answered(week, "ada"))
    grade(week)
    hand_in(week, answered(week, "ada", softmax_by_hand="1/0"))

    def pulls_the_plug(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(grading, "_read", pulls_the_plug)
    with pytest.raises(KeyboardInterrupt):
        grade(week)
    waiting = read_marks(marks_path(week, "ada"))
    assert (waiting.graded, waiting.points) == (False, None)
    assert "grade again" in str(waiting.problems[0])


def test_without_a_sandbox_no_record_is_touched(week, monkeypatch):
    hand_in(week, answered(week, "ada"))
    before = grade(week).marks
    monkeypatch.setattr("softmaxbook.assignments.sandbox.box.shutil.which", lambda *a, **k: None)
    with pytest.raises(CourseError, match="bubblewrap"):
        grade(week, again=True)
    assert (read_marks(marks_path(week, "ada")),) == before


# What a person gave


@pytest.fixture
def essays(tmp_path):
    return assignment(tmp_path / "week", VECTOR, manual=(ESSAY,))


def marked(essays, given=(1.5,)):
    marks = read_marks(marks_path(essays, "ada"))
    mark = replace(marks.manual[0], given=given, comment="Nearly.")
    write_marks(essays, marks.with_manual(mark))


def test_manual_marks_are_open_until_given(essays):
    marks = only_marks(essays, answered(essays, "ada", why_shift="Because."))
    assert marks.manual[0].answer == "Because."
    assert (marks.points, marks.automatic) == (None, 3)
    marked(essays)
    assert read_marks(marks_path(essays, "ada")).points == 4.5


def test_grading_again_keeps_what_a_person_gave(essays):
    only_marks(essays, answered(essays, "ada", why_shift="Because."))
    marked(essays)
    marks = only_marks(essays, answered(essays, "ada", why_shift="Because."), again=True)
    assert (marks.manual[0].points, marks.manual[0].comment) == (1.5, "Nearly.")


def test_another_answer_is_to_be_marked_again(essays):
    only_marks(essays, answered(essays, "ada", why_shift="Because."))
    marked(essays)
    marks = only_marks(essays, answered(essays, "ada", why_shift="For no overflow."))
    assert marks.points is None
    assert "why-shift: its answer changed" in str(marks.problems[0])


def test_an_open_line_of_a_rubric_leaves_the_points_open():
    mark = ManualMark("q", "Q", (("one", 1.0), ("two", 2.0)), "text", (1.0, None))
    assert mark.points is None
    assert replace(mark, given=(1.0, 0.0)).points == 1.0
    assert mark.of == 3.0


# Records, and what the instructor is told


def test_problems_and_lateness_of_the_submission_are_kept(week):
    problem = Kind.WHICH_FILE.of(taken="a.ipynb", others="b.ipynb")
    late = replace(answered(week, "ada"), late=True, received="2026-11-21", problems=(problem,))
    marks = only_marks(week, late)
    assert (marks.late, marks.received) == (True, "2026-11-21")
    assert problem in marks.problems
    assert marks.needs_a_look


def test_a_lost_worker_needs_a_look(week):
    deadly = "import os\ndef softmax_vector(z):\n    os._exit(0)"
    marks = only_marks(week, answered(week, "ada", softmax_of_one_vector=deadly))
    assert marks.needs_a_look
    assert marks.problems == (Kind.WORKER_ENDED.of(VECTOR),)
    assert "needs a look: ada" in str(grade(week))


def test_what_somebody_has_looked_at_is_not_asked_again(week, capsys):
    save(week)
    about = Kind.WHICH_FILE.of(taken="a.ipynb", others="b.ipynb")
    hand_in(week, replace(answered(week, "ada"), problems=(about,)))
    step = ["assignment", "grade", week.name, "--course", str(week.course)]
    assert main(step) == 0
    said = capsys.readouterr().out
    assert "needs a look: ada" in said
    assert "1 to look at; write yes" in said
    path = looks_path(week)
    path.write_text(path.read_text("utf-8-sig").rstrip() + "yes\n", "utf-8")
    assert main(step) == 0
    said = capsys.readouterr().out
    assert "look:" not in said
    assert said.splitlines()[-1].startswith("nothing is left to mark or to look at: ")
    path.write_text("a,b\n1,2\n")  # a sheet that cannot be read hides nothing, and is told
    assert main(step) == 2
    found = capsys.readouterr()
    assert "needs a look: ada" in found.out
    assert "has no column 'problem'" in found.err


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"exercises": 1}', "\x00"])
def test_what_is_no_record_is_told(tmp_path, text):
    (tmp_path / "ada.json").write_text(text)
    with pytest.raises(CourseError, match=r"ada\.json is not a record of marks"):
        read_marks(tmp_path / "ada.json")


def test_a_question_that_is_not_there_cannot_be_marked():
    marks = Marks("ada", True, "", "")
    with pytest.raises(KeyError):
        marks.with_manual(ManualMark("no", "No", (), ""))


def test_nothing_to_grade_is_told(week):
    with pytest.raises(CourseError, match=r"nothing was collected for week.*collect week"):
        grade(week)
    hand_in(week, answered(week, "ada"))
    with pytest.raises(CourseError, match="no submission of eve"):
        grade(week, only=["eve"])


def test_a_submission_in_another_s_folder_is_not_graded(week):
    hand_in(week, answered(week, "ada"))
    os.rename(week.folder / "submitted" / "ada", week.folder / "submitted" / "bob")
    assert "holds the submission of 'ada'" in str(grade(week).marks[0].problems[0])
