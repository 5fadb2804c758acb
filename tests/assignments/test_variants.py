"""Variants: as many answers as a class needs, and each draw of the kind of the others."""

import csv
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from course import KNOWN, assignment

from softmaxbook.assignments.collecting.collect import collect
from softmaxbook.assignments.course import CourseError, Student
from softmaxbook.assignments.handout.notebooks import notebook_text
from softmaxbook.assignments.handout.variants import counts, variants, write
from softmaxbook.assignments.released import asked_by
from softmaxbook.assignments.settings import load, save
from softmaxbook.assignments.shuffling import shuffled
from softmaxbook.checking import Status
from softmaxbook.checking.attempts import check_value
from softmaxbook.checking.specification import hint_of, name_of

CLASS = 300
CHOICES = [id for id, each in KNOWN.items() if each.form == "choice"]
HAND, WHO, VECTOR = "softmax-by-hand", "who-pays", "softmax-of-one-vector"
# Of one small number each, or of few that a hand can compute: the rest has to serve a large class.
FEW = {"the-floor-of-softmax-twice", "the-first-loss", "the-gap-of-smoothing"}
WIDE = {
    *("softmax-by-hand", "how-a-probability-moves", "the-mean-of-two-logits", "another-base-rate"),
    *("two-bins", "the-mean-surprise", "three-tokens-foreseen", "the-spread-of-a-mean"),
    *("a-hotter-pair", "the-scale-of-a-score", "where-is-the-boundary"),
    *("weights-behind-a-mask", "how-many-numbers-learn", "how-large-is-an-adapter"),
}


def answers(id):
    """Return how often each answer comes in a class, to three digits."""
    found = Counter()
    for seed in range(CLASS):
        variant = KNOWN[id].variant(seed)
        value = np.ravel(np.asarray(variant.solution(*variant.given), dtype=float))
        found[tuple(f"{each:.3g}" for each in value)] += 1
    return found


@pytest.mark.parametrize("id", sorted(WIDE | FEW))
def test_a_class_has_many_answers(id):
    found = answers(id)
    assert len(found) >= (60 if id in WIDE else 15)
    assert max(found.values()) <= CLASS * (0.07 if id in WIDE else 0.1)


def test_the_class_that_is_asked_for_is_drawn():
    variants = [KNOWN["softmax-by-hand"].variant(seed) for seed in range(CLASS)]
    asked = Counter(each.given[1] for each in variants)
    assert set(asked) == {0, 1, 2}
    assert min(asked.values()) > CLASS / 5
    for each in variants:
        place = ("first", "second", "third")[each.given[1]]
        assert f"**{place}** class" in each.prompt()
    negative = [np.sum(each.given[0] < 0) for each in variants]
    assert set(negative) == {1}  # a share of the logits is never a plausible answer


# Choices


@pytest.mark.parametrize("id", CHOICES)
def test_a_shuffled_choice_is_the_same_question(id):
    first = KNOWN[id]
    texts = dict(first.options)
    for seed in range(8):
        other = shuffled(first, seed)
        own = dict(other.options)
        assert list(own) == list(texts)
        assert sorted(own.values()) == sorted(texts.values())
        assert own[other.solution()] == texts[first.solution()]
        assert check_value(other, other.solution()).status is Status.CORRECT
        for one, two in zip(first.mistakes, other.mistakes, strict=True):
            assert own[two()] == texts[one()]
            assert (name_of(one), hint_of(one)) == (name_of(two), hint_of(two))
            assert check_value(other, two()).mistakes == (name_of(one),)


def test_an_option_about_the_others_stays_last():
    for seed in range(20):
        assert shuffled(KNOWN["who-notices-the-shuffle"], seed).options[-1][1].startswith("None of")


def test_students_have_their_own_order_where_there_are_variants(tmp_path):
    week = assignment(tmp_path / "week", WHO)
    orders = {
        variants: {
            replace(week, variants=variants).exercise_for(WHO, f"s{k}").options for k in range(30)
        }
        for variants in (False, True)
    }
    assert orders[False] == {KNOWN[WHO].options}
    assert len(orders[True]) > 3


# The table


@pytest.fixture
def week(tmp_path):
    students = tuple(Student(f"s{k}") for k in range(40))
    return assignment(tmp_path / "week", HAND, WHO, VECTOR, variants=True, students=students)


def rows(week):
    return list(csv.DictReader(write(week).read_text("utf-8-sig").splitlines()))


def test_the_table_has_every_student_once_a_question(week):
    found = rows(week)
    for id in (HAND, WHO):
        named = [each for row in found if row["exercise"] == id for each in row["students"].split()]
        assert sorted(named) == sorted(each.id for each in week.students)
    assert VECTOR not in {row["exercise"] for row in found}
    for row in (each for each in found if each["exercise"] == HAND):
        student = row["students"].split()[0]
        own = week.exercise_for(HAND, student)
        assert row["variant"] == asked_by(own)
        assert float(row["answer"]) == pytest.approx(own.solution(*own.given), rel=0.01)
        assert (row["negative numbers"], row["decimals"]) == ("1", "1")
        assert 0 < float(row["distance to it"]) < 1
    assert sum("answers for 40 students" in each for each in counts(week)) == 1
    assert counts(week)[-1] == f"the same for everybody: {VECTOR}"
    alone = counts(replace(week, students=week.students[:1]))
    assert f"{HAND}: 1 question with 1 answer for 1 student; no answer twice" in alone


@pytest.mark.parametrize("id", [HAND, "the-first-loss", "weights-behind-a-mask"])
def test_an_answer_that_is_right_for_others_is_counted(tmp_path, id):
    """Every answer goes through the checker of every other student's question."""
    students = tuple(Student(f"s{k}") for k in range(40))
    week = assignment(tmp_path / "week", id, variants=True, students=students)
    asked = {each.id: week.exercise_for(id, each.id) for each in students}
    right = {
        student: sum(
            check_value(other, own.solution(*own.given)).status is Status.CORRECT
            for other in asked.values()
        )
        for student, own in asked.items()
    }
    for row in rows(week):
        assert {right[each] for each in row["students"].split()} == {int(row["right for"])}
    many = sum(number > 1 for number in right.values())
    told = [line for line in counts(week) if line.startswith("narrow")]
    if many:
        (line,) = told
        assert line.startswith(f"narrow: {id}: {many} of 40 students have an answer that is right")
        assert line.endswith(f" is for {max(right.values())}")
    assert bool(told) == bool(many)
    assert many or id != "the-first-loss"


def test_what_has_no_one_answer_is_not_called_narrow(tmp_path):
    students = tuple(Student(f"s{k}") for k in range(9))
    ids = (WHO, "break-the-log-of-softmax")
    week = assignment(tmp_path / "week", *ids, variants=True, students=students)
    assert not [line for line in counts(week) if "narrow" in line]
    assert {row["right for"] for row in rows(week)} == {""}


def test_a_struck_variant_is_asked_of_nobody_and_the_others_stay(week):
    before = {each.id: asked_by(week.exercise_for(HAND, each.id)) for each in week.students}
    struck = before["s0"]
    again = replace(week, struck={HAND: (struck,)})
    after = {each.id: asked_by(again.exercise_for(HAND, each.id)) for each in week.students}
    assert struck not in after.values()
    assert [id for id in before if before[id] != after[id]] == [
        id for id in before if before[id] == struck
    ]
    save(again)
    assert load(week.folder).struck == {HAND: (struck,)}


def test_one_cannot_strike_all(tmp_path):
    week = assignment(tmp_path / "week", "break-the-log-of-softmax", variants=True)
    only = asked_by(week.exercise_for("break-the-log-of-softmax", "ada"))
    with pytest.raises(CourseError, match="leave some"):
        replace(week, struck={"break-the-log-of-softmax": (only,)}).exercise_for(
            "break-the-log-of-softmax", "ada"
        )


def test_without_variants_there_is_no_table(week):
    for other in (replace(week, variants=False), replace(week, students=())):
        with pytest.raises(CourseError, match="variants ="):
            list(variants(other))
    assert counts(replace(week, variants=False)) == []


# More time


def test_more_time_for_one_student(week, tmp_path):
    due, more = datetime(2026, 12, 1, tzinfo=UTC), datetime(2026, 12, 8, tzinfo=UTC)
    week = replace(week, due=due, extensions={"s1": more})
    assert (week.due_for("s0"), week.due_for("s1")) == (due, more)
    assert "08 December" in notebook_text(week, "s1")
    assert "01 December" in notebook_text(week, "s0")
    save(week)
    assert load(week.folder).extensions == {"s1": more}
    for student in ("s0", "s1"):
        folder = tmp_path / "submitted" / student / "week"
        folder.mkdir(parents=True)
        (folder / "week.ipynb").write_text(notebook_text(week, student), "utf-8")
        (folder / "timestamp.txt").write_text("2026-12-03 10:00:00 UTC", "utf-8")
    found = {each.student: each.late for each in collect(week, tmp_path / "submitted").submissions}
    assert found == {"s0": True, "s1": False}
