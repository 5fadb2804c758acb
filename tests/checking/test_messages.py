"""A judgement holds all that a verdict says: its words call no solution and no mistake."""

import functools
from dataclasses import replace

import numpy as np
import pytest

from softmaxbook.assignments.marks.examining import Examination
from softmaxbook.assignments.sandbox.conversation import Loss, Report
from softmaxbook.checking.judging import Status, judge
from softmaxbook.checking.messages import NO_END, endless, verdict
from softmaxbook.checking.outcomes import Outcome
from softmaxbook.checking.running import run
from softmaxbook.exercises import exercise

PRODUCT = exercise("a-cotangent-through-softmax").exercise


def counted(function, calls):
    @functools.wraps(function)
    def counting(*arguments, **more):
        calls.append(function.__name__)
        return function(*arguments, **more)

    return counting


ANSWERS = {
    "right": (PRODUCT.solution, Status.CORRECT),
    "a mistake": (PRODUCT.mistakes[0], Status.MISTAKE),
    "arguments in reverse order": (lambda p, g: PRODUCT.solution(g, p), Status.WRONG),
    "twice the right result": (lambda p, g: 2 * PRODUCT.solution(p, g), Status.WRONG),
    "nothing in common": (lambda p, g: np.cos(p + g), Status.WRONG),
    "raises": (lambda p, g: p.missing, Status.BROKEN),
}


@pytest.mark.parametrize(("answer", "status"), ANSWERS.values(), ids=ANSWERS)
def test_words_are_made_of_the_judgement_alone(answer, status):
    calls = []
    mistakes = tuple(counted(each, calls) for each in PRODUCT.mistakes)
    asked = replace(PRODUCT, solution=counted(PRODUCT.solution, calls), mistakes=mistakes)
    probes = asked.trials()
    outcomes = run(answer, probes)
    judgement = judge(asked, probes, outcomes)
    assert judgement.status is status
    judged = len(calls)
    assert judged > 0
    said = verdict(asked, probes, outcomes, judgement)
    assert len(calls) == judged
    assert str(said) == str(exercise(asked.id).check(answer))


def test_a_diagnosis_is_said_as_it_was_found():
    probes = PRODUCT.trials()
    outcomes = run(lambda p, g: 2 * PRODUCT.solution(p, g), probes)
    judgement = judge(PRODUCT, probes, outcomes)
    assert judgement.diagnosis
    for told in (judgement.diagnosis, "Something else was found."):
        found = verdict(PRODUCT, probes, outcomes, replace(judgement, diagnosis=told))
        assert found.message.endswith(told)


def test_what_does_not_end_is_told_alike_by_notebook_grader_and_conversation():
    probes = PRODUCT.trials()
    outcomes = [Outcome("endless")]
    notebook = verdict(PRODUCT, probes, outcomes, judge(PRODUCT, probes, outcomes)).message
    assert notebook.startswith(endless(probes[0].name))
    report = Report("callable", outcomes=tuple(outcomes))
    grader = Examination(PRODUCT, PRODUCT.name, 1, 2).mark(report, None).message
    assert grader == endless()
    assert all(NO_END in said for said in (notebook, grader, Loss.LATE.value))
