"""A class with marks that nobody had to compute: records as grading writes them, for many."""

from dataclasses import replace

import numpy as np
from course import answered, assignment, hand_in

from softmaxbook.assignments.assignment import ManualQuestion
from softmaxbook.assignments.marks.fingerprints import fingerprint, version_of_program
from softmaxbook.assignments.marks.records import (
    AspectMark,
    ExerciseMark,
    ManualMark,
    Marks,
    write_marks,
)
from softmaxbook.assignments.sandbox.box import Limits
from softmaxbook.assignments.settings import load, save
from softmaxbook.checking.specification import hint_of, name_of
from softmaxbook.exercises import Status

IDS = ("softmax-of-one-vector", "softmax-of-a-batch", "softmax-by-hand")
WHY = ManualQuestion(
    "why-shift",
    "Why the shift?",
    "Why is the largest one subtracted?",
    (("it cancels", 2.0), ("no overflow, and why", 1.0)),
)
EXAMPLE = """\
On “another input”.

    z = [1. 2.]
    expected  [0.27 0.73]
    got       [2.7 7.4]"""


def week_of(course, *, manual=(WHY,), students="", **settings):
    """Return an assignment in a course, with `students.csv` if there is any."""
    course.mkdir(parents=True, exist_ok=True)
    if students:
        (course / "students.csv").write_text(students, encoding="utf-8")
    week = assignment(course / "week1", *IDS, manual=manual, **settings)
    save(week)
    return load(week.folder)


def record(week, student, wrong=(), answer="It cancels.", log=(), **changed):
    """Store a hand-in and its record: right but for the exercises in `wrong`, ids or pairs.

    A pair is an id with the number of the mistake that is made.
    """
    submission = replace(answered(week, student, **{"why_shift": answer}), log=tuple(log))
    late = changed.get("late", False)
    hand_in(week, replace(submission, late=late))
    submission = replace(submission, late=late)
    wrong = dict(each if isinstance(each, tuple) else (each, 0) for each in wrong)
    exercises = tuple(_mark(each, wrong.get(each.id)) for each in week.exercises)
    manual = tuple(ManualMark(q.id, q.title, q.rubric, answer) for q in week.manual)
    known = fingerprint(week, submission, version_of_program(Limits(), False))
    marks = Marks(student, True, known, "2026-12-02T10:00:00+00:00", exercises, manual)
    marks = replace(marks, **changed)
    write_marks(week, marks)
    return marks


def _mark(chosen, mistake):
    right = mistake is None
    aspects = tuple(
        AspectMark(each.name, each.points if right else 0.0, each.points) for each in chosen.points
    )
    if right:
        return ExerciseMark(
            chosen.id, chosen.exercise.title, Status.CORRECT, aspects, "It agrees on all inputs."
        )
    made = chosen.exercise.mistakes[mistake]
    return ExerciseMark(
        chosen.id,
        chosen.exercise.title,
        Status.MISTAKE,
        aspects,
        "It behaves on every input like this mistake.",
        (name_of(made),),
        hint_of(made),
        EXAMPLE,
    )


def a_class(week, n=300, seed=7):
    """Store the records of `n` students of different ability; every tenth is late."""
    rng = np.random.default_rng(seed)
    ability = rng.normal(size=n)
    hard = np.linspace(-1, 1, len(IDS))
    for k in range(n):
        fails = rng.normal(size=len(IDS)) > ability[k] - hard
        wrong = [(id, int(rng.integers(3))) for id, bad in zip(IDS, fails, strict=True) if bad]
        marks = record(week, f"s{k:03d}", wrong, late=k % 10 == 0)
        if week.manual:
            given = (2.0 * (ability[k] > 0), 1.0 * (ability[k] > 0.5))
            write_marks(week, marks.with_manual(replace(marks.manual[0], given=given)))
    return ability
