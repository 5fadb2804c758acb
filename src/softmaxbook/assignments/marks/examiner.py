"""Examine all answers of a hand-in, one after another, in a sandbox that nobody else has been in.

This is the part of grading that can happen on another machine: it reads no file of the course.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from ..assignment import Assignment, Chosen
from ..sandbox.box import Sandbox
from ..sandbox.conversation import Conversation, Report
from ..submissions.submission import Submission
from .examining import Examination
from .records import ExerciseMark

PROMPT = 0.0005  # seconds after which a thread that computes lets another one go on


@contextmanager
def promptly() -> Iterator[None]:
    """Let a thread whose worker has answered go on soon, also while another one compares.

    With Python's own setting it waits for ten times as long as an answer takes, at each of them.
    """
    before = sys.getswitchinterval()
    sys.setswitchinterval(PROMPT)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


@dataclass(frozen=True)
class Examiner:
    """Examines hand-ins of an assignment; threads may share it."""

    assignment: Assignment
    sandbox: Sandbox
    _same_for_all: dict[str, Examination] = field(default_factory=dict)

    def marks(self, submission: Submission) -> tuple[ExerciseMark, ...]:
        """Return the marks of a hand-in, in the order of the notebook."""
        found = dict(self._marks(submission))
        return tuple(found[each.id] for each in self.assignment.exercises)

    def _marks(self, submission: Submission) -> Iterator[tuple[str, ExerciseMark]]:
        """Yield marks by id. All looks that may be told come before any look at a hidden input."""
        given: dict[str, tuple[Examination, tuple[str, ...]]] = {}
        for chosen in self.assignment.exercises:
            examination = self._examination(chosen, submission.numbers_of)
            answer = submission.answers.get(chosen.id)
            if answer is None or answer.kind in ("missing", "text"):
                yield chosen.id, examination.mark(Report("starter"), None)
            else:
                given[chosen.id] = examination, submission.program(chosen.id)
        sources = (answer.source for answer in submission.answers.values())
        with Conversation(self.sandbox, "\n".join((submission.preamble, *sources))) as talk:
            first = {id: each.first_look(talk, pieces) for id, (each, pieces) in given.items()}
            for id, (examination, pieces) in given.items():
                again = examination.needs_second_look(first[id])
                second = examination.second_look(talk, pieces) if again else None
                yield id, examination.mark(first[id], second)

    def _examination(self, chosen: Chosen, student: str) -> Examination:
        """Return how an answer is examined; what is the same for all is drawn once."""
        if chosen.id not in self._same_for_all:
            examination = examination_of(self.assignment, chosen, student)
            if examination.exercise.form != "function":
                return examination
            self._same_for_all[chosen.id] = examination
        return self._same_for_all[chosen.id]


def examination_of(assignment: Assignment, chosen: Chosen, student: str) -> Examination:
    """Return how the answer of one student to an exercise is examined."""
    return Examination(
        assignment.exercise_for(chosen.id, student),
        chosen.variable,
        assignment.derived_seed("hidden", chosen.id),
        assignment.derived_seed("shown", chosen.id),
        assignment.package,
    )
