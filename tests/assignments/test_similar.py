"""Similar hand-ins: what is alike is shown, what everybody may have is not, nobody is accused."""

import inspect
import sys
from dataclasses import replace

import pytest
from course import KNOWN, answered, assignment, hand_in

from softmaxbook.assignments.course import CourseError, Student
from softmaxbook.assignments.handout.notebooks import starter
from softmaxbook.assignments.marks.examining import Examination
from softmaxbook.assignments.marks.fingerprints import fingerprint, version_of_program
from softmaxbook.assignments.marks.records import Marks, write_marks
from softmaxbook.assignments.reports.borrowed import Borrowed, borrowed
from softmaxbook.assignments.reports.similar import similar, write
from softmaxbook.assignments.sandbox.box import Limits
from softmaxbook.assignments.sandbox.conversation import Report
from softmaxbook.assignments.submissions.problems import Kind

VECTOR, BATCH = "softmax-of-one-vector", "softmax-of-a-batch"

LOOP = """\
def softmax_vector(logits):
    # from the largest down
    total = 0.0
    largest = max(logits)
    found = []
    for value in logits:
        grown = np.exp(value - largest)
        total = total + grown
        found.append(grown)
    for place in range(len(found)):
        found[place] = found[place] / total
    return np.array(found)
"""
RENAMED = (
    LOOP.replace("largest", "m")
    .replace("grown", "e")
    .replace("found", "out")
    .replace("# from the largest down", "# <script>alert(1)</script>")
)
OTHER = """\
def softmax_vector(logits):
    while True:
        shifted = [x - sorted(logits)[-1] for x in logits]
        powers = dict(enumerate(map(np.exp, shifted)))
        if powers:
            return np.array([powers[k] / sum(powers.values()) for k in powers])
"""


@pytest.fixture
def week(tmp_path):
    return assignment(tmp_path / "week", VECTOR)


def compared(week, **programs):
    found = {
        student: answered(week, student, softmax_of_one_vector=program)
        for student, program in programs.items()
    }
    hand_in(week, *found.values())
    return similar(week, found)


def test_a_renamed_program_is_alike_and_another_is_not(week):
    pairs, usual = compared(week, ada=LOOP, bob=RENAMED, cleo=OTHER, dirk="x = 1")
    assert [each.students for each in pairs] == [("ada", "bob")]
    assert pairs[0].share > 0.9
    assert usual < 0.5
    marked = "".join(text for text, alike in pairs[0].programs[0] if alike)
    assert "found.append(grown)" in marked
    assert ["".join(text for text, _ in side) for side in pairs[0].programs] == [LOOP, RENAMED]


def test_what_everybody_may_have_is_not_compared(week):
    chosen = week.exercises[0]
    solution = inspect.getsource(chosen.exercise.solution)
    assert compared(week, ada=solution, bob=solution)[0] == ()
    assert compared(week, ada=starter(chosen), bob=starter(chosen))[0] == ()
    assert len(compared(week, ada=LOOP, bob=LOOP)[0]) == 1


def test_a_program_moved_among_the_answers_is_found(tmp_path):
    week = assignment(tmp_path / "week", VECTOR, BATCH)
    helper = LOOP.replace("softmax_vector", "helper")
    found = {
        "ada": answered(week, "ada", softmax_of_one_vector=LOOP, softmax_of_a_batch="x = 1"),
        "bob": answered(week, "bob", helper, softmax_of_one_vector="y = 2", softmax_of_a_batch="0"),
    }
    assert [each.students for each in similar(week, found)[0]] == [("ada", "bob")]


def test_the_page_shows_foreign_notebooks_first_and_runs_nothing(week):
    compared(week, ada=LOOP, bob=RENAMED)
    foreign = Kind.OF_ANOTHER_STUDENT.of(owner="ada", student="cleo")
    cleo = answered(week, "cleo", softmax_of_one_vector=OTHER)
    hand_in(week, replace(cleo, problems=(foreign,)))
    said = str(write(week))
    assert "1 notebook made for somebody else, 0 numbers" in said
    assert "and 1 similar pair" in said
    text = (week.folder / "similar.html").read_text("utf-8")
    assert text.index("made for somebody else") < text.index("ada and bob")
    assert "<mark>" in text
    assert "<script>" not in text
    assert "For instructors only." in text
    assert not [word for word in ("cheat", "plagiar", "guilty") if word in text.lower()]


# Numbers

HAND = "softmax-by-hand"


@pytest.fixture
def varied(tmp_path):
    students = tuple(Student(each) for each in ("ada", "bob", "cleo", "dirk", "eve"))
    return assignment(tmp_path / "week", HAND, variants=True, students=students)


def right(week, student):
    exercise = week.exercise_for(HAND, student)
    return float(exercise.solution(*exercise.given))


def gives(week, student, value):
    """Store a hand-in and its record as grading writes it, for a number."""
    exercise = week.exercise_for(HAND, student)
    submission = answered(week, student, **{"softmax_by_hand": f"answer_softmax_by_hand = {value}"})
    hand_in(week, submission)
    mark = Examination(exercise, "answer_softmax_by_hand", 1, 2).mark(Report("value", value), None)
    known = fingerprint(week, submission, version_of_program(Limits(), False))
    write_marks(week, Marks(student, True, known, "", (mark,)))
    return submission


def test_a_number_of_another_variant_is_noticed_and_others_are_not(varied):
    exercise = varied.exercise_for(HAND, "cleo")
    typed = {
        "ada": right(varied, "ada"),
        "bob": right(varied, "ada"),
        "cleo": float(exercise.mistakes[0](*exercise.given)),  # a mistake, in her own numbers
        "dirk": 0.999,
    }
    found = {student: gives(varied, student, value) for student, value in typed.items()}
    found["eve"] = answered(varied, "eve")
    hand_in(varied, found["eve"])
    numbers = borrowed(varied, found)
    assert [(each.student, each.owners) for each in numbers.found] == [("bob", ("ada",))]
    assert numbers.found[0].share == "1 of 4"
    assert numbers.unknown == 1  # eve's is not graded


def test_numbers_stand_before_programs_and_accuse_nobody(varied):
    for student in ("ada", "bob"):
        gives(varied, student, right(varied, "ada"))
    said = str(write(varied))
    assert "1 number right in another's variant" in said
    text = (varied.folder / "similar.html").read_text("utf-8")
    assert text.index('<th scope="row">bob</th>') < text.index("<h2>Programs</h2>")
    assert not [word for word in ("cheat", "plagiar", "guilty", "copied") if word in text.lower()]


def test_without_variants_no_number_is_anybodys(varied):
    week = replace(varied, variants=False)
    found = {each: gives(week, each, 0.5) for each in ("ada", "bob")}
    assert borrowed(week, found) == Borrowed()


def test_errors_say_what_to_do(week, monkeypatch):
    with pytest.raises(CourseError, match="0 hand-ins collected"):
        write(week)
    compared(week, ada=LOOP, bob=RENAMED)
    monkeypatch.setitem(sys.modules, "copydetect", None)
    with pytest.raises(CourseError, match="pip install copydetect"):
        write(week)
    assert KNOWN[VECTOR]
