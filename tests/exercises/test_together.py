"""Mistakes made together: two are named where both are made, and what is said of them agrees."""

import re
from dataclasses import replace

import numpy as np
import pytest

from softmaxbook.checking.comparison import agreements, expectations
from softmaxbook.checking.judging import _behaviours, made
from softmaxbook.checking.specification import can_surround, hint_of, name_of
from softmaxbook.exercises import exercise, exercises

FUNCTIONS = [
    each
    for each in exercises()
    if each.form == "function" and any(map(can_surround, each.mistakes))
]
IDS = [each.id for each in FUNCTIONS]


def behaviours(each):
    """Return the inputs, and what the solution, each mistake, and each two made together do."""
    probes = each.trials()
    told = list(_behaviours(each, probes))
    single = [(named, did) for named, did in told if len(named) == 1]
    single.append(((), expectations(each, each.solution, probes)))
    return probes, single, [(named, did) for named, did in told if len(named) == 2]


@pytest.mark.parametrize("each", FUNCTIONS, ids=IDS)
def test_what_two_mistakes_do_together_no_other_two_do(each):
    """Else a verdict would name two of which the learner may have made neither."""
    probes, single, double = behaviours(each)

    def alike(one, two):
        return all(agreements(each, probes, one, two, mistaken=True))

    new = [(named, did) for named, did in double if not any(alike(one, did) for _, one in single)]
    for k, (named, did) in enumerate(new):
        others = {frozenset(other) for other, one in new[:k] if alike(one, did)}
        assert others <= {frozenset(named)}, (named, others)


@pytest.mark.parametrize("each", FUNCTIONS, ids=IDS)
def test_of_mistakes_that_exclude_each_other_no_two_are_named(each):
    for group in each.either:
        assert len(group) > 1
        for outer in filter(can_surround, group):
            for inner in group:
                if inner is not outer:
                    verdict = exercise(each.id).check(made(outer, inner))
                    assert set(verdict.mistakes) != {name_of(outer), name_of(inner)}


def turns(mistake, each):
    """Return whether a mistake turns the sign of the result."""
    if not can_surround(mistake):
        return False
    given = each.probes[0].arguments
    with np.errstate(all="ignore"):
        one, two = np.asarray(mistake(*given)), np.asarray(each.solution(*given))
    return one.shape == two.shape and two.dtype != bool and np.allclose(one, -two)


@pytest.mark.parametrize("each", FUNCTIONS, ids=IDS)
def test_where_a_sign_may_be_turned_too_no_hint_says_that_a_minus_is_there(each):
    turned = [mistake for mistake in each.mistakes if turns(mistake, each)]
    for mistake in each.mistakes if turned else ():
        if mistake not in turned:
            assert not re.match(r"(This|It) is (minus|y − p|the sum of all −)", hint_of(mistake))
    for mistake in turned:
        assert re.search(r"sign|revers|minus|climb|downhill|away", hint_of(mistake)), mistake


@pytest.mark.parametrize("each", FUNCTIONS, ids=IDS)
def test_where_two_results_may_be_exchanged_no_hint_counts_them(each):
    exchanges = [m for m in each.mistakes if can_surround(m) and "exchanged" in hint_of(m)]
    if not exchanges or np.shape(each.solution(*each.probes[0].arguments)) != (2,):
        return
    counted = re.compile(r"[Yy]our (first|second) number|[Tt]he (first|second) number")
    hints = [hint_of(mistake) for mistake in each.mistakes if mistake not in exchanges]
    assert [hint for hint in hints if counted.search(hint)] == []


# Answers of which two hints once contradicted each other, or one told what the learner had done.
ONCE = {
    "the exponent turned round": (
        "softmax-of-one-vector",
        lambda z: np.exp(z.max() - z) / np.exp(z.max() - z).sum(),
        "exponent reversed",
    ),
    "shifted logits": ("softmax-of-one-vector", lambda z: z - z.max(), "only shifted"),
    "a diagonal below 0": (
        "write-the-jacobian",
        lambda z: (lambda p: np.diag(2 * p * p - p) - np.outer(p, p))(
            np.exp(z - z.max()) / np.exp(z - z.max()).sum()
        ),
        "sign on the diagonal",
    ),
    "divided by the classes": (
        "write-the-mean-loss",
        lambda z, y: exercise("write-the-mean-loss").exercise.solution(z, y) * len(y) / z.shape[1],
        "divided by the classes",
    ),
    "the second term alone": (
        "mend-the-binary-loss",
        lambda p, y: -(1 - y) * np.log(1 - p),
        "first term lost",
    ),
    "the other minus": (
        "mend-the-binary-loss",
        lambda p, y: y * np.log(p) - (1 - y) * np.log(1 - p),
        "minus at the second only",
    ),
}


@pytest.mark.parametrize("name", ONCE)
def test_what_was_told_as_two_is_told_as_what_it_is(name):
    id, answer, mistake = ONCE[name]
    assert exercise(id).check(answer).mistakes == (mistake,)


def test_a_mean_probability_is_told_without_a_wrong_sign():
    def answer(z, y):
        e = np.exp(z - z.max(axis=-1, keepdims=True))
        return np.mean((e / e.sum(axis=-1, keepdims=True))[np.arange(len(y)), y])

    verdict = exercise("write-the-mean-loss").check(answer)
    assert set(verdict.mistakes) == {"sign reversed", "logarithm forgotten"}
    assert "This is minus" not in verdict.hint


def test_an_excluded_mistake_has_to_be_one_of_the_exercise():
    each = exercise("a-temperature").exercise
    with pytest.raises(ValueError, match="stands in `either`"):
        replace(each, either=((each.mistakes[0], np.sum),))
