"""However large a class is, the command holds few of its records at a time."""

import weakref
from dataclasses import replace

import pytest
from course import assignment, hand_in

from softmaxbook.assignments.assignment import ManualQuestion
from softmaxbook.assignments.marks.grading import AHEAD, grade
from softmaxbook.assignments.marks.marking import mark, sheet_path
from softmaxbook.assignments.marks.records import ManualMark, Marks, all_marks
from softmaxbook.assignments.submissions.submission import Answer, Submission

WHY = ManualQuestion("why", "Why?", "Why does it not overflow?", (("the shift", 1.0),))
CLASS, WORKERS = 40, 2


class Living:
    """How many instances of a class live, and how many did at most."""

    def __init__(self):
        self.now, self.most = {}, 0

    def add(self, one):
        number = id(one)
        self.now[number] = weakref.ref(one, lambda _: self.now.pop(number))
        self.most = max(self.most, len(self.now))


@pytest.fixture
def living(monkeypatch):
    found = Living()
    for kind in (Marks, ManualMark):

        def made(self, *args, original=kind.__init__, **named):
            original(self, *args, **named)
            found.add(self)

        monkeypatch.setattr(kind, "__init__", made)
    return found


def test_few_records_are_held_at_a_time(tmp_path, living):
    week = replace(assignment(tmp_path / "week", "softmax-by-hand"), manual=(WHY,))
    students = [f"student{k}" for k in range(CLASS)]
    hand_in(week, *(Submission(each, {WHY.id: Answer("text", each)}) for each in students))
    for again in (False, True):  # a record, its copy with marks, and an older one
        found = grade(week, workers=WORKERS, unsafe=True, again=again)
        assert str(found).startswith(f"{CLASS} graded")
        assert living.most <= 6 * AHEAD * WORKERS < CLASS
    living.most = 0
    assert mark(week).sheets == ((sheet_path(week, WHY), CLASS, CLASS),)
    assert living.most <= 6
    held = all_marks(week)
    assert living.most >= 2 * CLASS == 2 * len(held)  # so it is they that are counted
