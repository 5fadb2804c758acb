"""What one exercise lists, its sister names too: exercises that share a step, pair by pair."""

import re

import numpy as np
import pytest
from sisters import REASONS, SAID, SISTERS

from softmaxbook.checking.judging import Status, judge
from softmaxbook.checking.running import run
from softmaxbook.checking.specification import name_of
from softmaxbook.exercises import exercise

IDS = [f"{one} in {two}" for one, two, _ in SISTERS]


def judged(each, answer):
    probes = each.trials()
    return judge(each, probes, run(answer, probes, each.parameters))


@pytest.mark.parametrize(("one", "two", "put"), SISTERS, ids=IDS)
def test_the_solution_of_one_solves_the_other(one, two, put):
    assert exercise(two).check(put(exercise(one).exercise.solution)).correct


@pytest.mark.parametrize(("one", "two", "put"), SISTERS, ids=IDS)
def test_the_mistakes_of_one_are_named_in_the_other_or_a_reason_is_given(one, two, put):
    first, second = exercise(one).exercise, exercise(two).exercise
    reasons = REASONS.get((one, two), {})
    unnamed = {}
    with np.errstate(all="ignore"):
        for mistake in first.mistakes:
            found = judged(second, put(mistake))
            right = found.status in (Status.CORRECT, Status.CARELESS)
            if not (right or found.mistakes or found.near or found.derived):
                unnamed[name_of(mistake)] = found.diagnosis
    assert set(unnamed) == set(reasons)
    for name, diagnosis in unnamed.items():
        said = SAID.get(reasons[name])
        assert said is None or re.search(said, diagnosis), (name, reasons[name], diagnosis)


def test_every_reason_is_about_a_mistake_that_there_is():
    for (one, two), reasons in REASONS.items():
        assert (one, two) in {(a, b) for a, b, _ in SISTERS}
        names = {name_of(each) for each in exercise(one).exercise.mistakes}
        assert set(reasons) <= names, (one, set(reasons) - names)
