"""Mistakes that nobody listed: changes of the solution, and the words for them."""

import re
from dataclasses import replace

import numpy as np
import pytest

from softmaxbook.assignments.marks.examining import Examination
from softmaxbook.assignments.sandbox.conversation import Report
from softmaxbook.checking import Exercise, Status, probe
from softmaxbook.checking.attempts import Attempt
from softmaxbook.checking.comparison import expectations
from softmaxbook.checking.mutants import explaining, trees
from softmaxbook.checking.mutants.explaining import Mutant, mutants, said
from softmaxbook.checking.mutants.speaking import NAMELESS
from softmaxbook.checking.running import run
from softmaxbook.exercises import exercises

BEHAVES = "It behaves on every input as if "
FUNCTIONS = [each for each in exercises() if each.form == "function"]
MATRICES = ([[2.0, 1.0, -1.0], [0.5, 3.0, 0.0]], [[1.0, 4.0], [2.0, -3.0]], [[0.0, 1.0, 5.0]])


def asked(solution, *arguments, statement="Write it."):
    """Return an exercise whose listed mistakes nobody makes."""

    def one(*given):
        """One."""
        return 1e9

    def two(*given):
        """Two."""
        return 2e9

    def three(*given):
        """Three."""
        return 3e9

    return Exercise(
        id="a-question",
        chapter="tests",
        title="A question",
        kind="write",
        difficulty=1,
        statement=statement,
        solution=solution,
        mistakes=(one, two, three),
        probes=tuple(probe(f"input {k}", *given) for k, given in enumerate(arguments)),
        hints=("One.", "Two."),
    )


def softmax(logits):
    exponentials = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    return exponentials / np.sum(exponentials, axis=-1, keepdims=True)


def spread(values):
    return np.std(values, ddof=1) ** 2 + 3


def below(values, limit):
    return np.mean(values < limit)


def entropy(shares):
    return -np.sum(shares * np.log(shares), axis=-1)


def stepped(weights, rate, steps):
    weights = np.array(weights, dtype=float)
    for _ in range(steps):
        weights -= rate * weights
    return weights


def picked(table, labels):
    return table[np.arange(len(labels)), labels]


def bent(features, weight):
    return np.maximum(features @ weight.T, 0)


def tempered(values, temperature):
    return np.log1p(values) / temperature


BATCHES = tuple((each,) for each in MATRICES)
LISTS = (([1.0, 2.0, 4.0, 2.0], 2.0), ([3.0, 1.0, 1.0], 1.0), ([0.5, 0.25, 0.75, 1.0], 0.5))
SHARES = (([[0.5, 0.3, 0.2], [0.7, 0.2, 0.1]],), ([[0.6, 0.4]],), ([0.25, 0.75],))
STEPS = (([1.0, 2.0], 0.1, 3), ([1.0, -2.0], 0.2, 4), ([3.0], 0.5, 2))
TABLES = tuple((np.arange(12.0).reshape(3, 4) ** 1.5, labels) for labels in ([1, 2, 1], [2, 1, 1]))
LAYERS = (
    ([[1.0, -2.0], [0.5, 3.0]], [[1.0, 0.5], [-1.0, 2.0]]),
    ([[2.0, 1.0], [1.0, -1.0]], [[0.0, 1.0], [3.0, -2.0]]),
    ([[1.0, 1.0], [2.0, 0.0]], [[1.0, 4.0], [-1.0, 2.0]]),
)
POSITIVE = (([0.5, 2.0], 2.0), ([1.0, 3.0, 0.1], 0.5), ([4.0], 3.0))


def over_everything(logits):
    e = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    return e / e.sum()


def over_samples(logits):
    e = np.exp(logits - logits.max(axis=0))
    return e / e.sum(axis=0)


def shifted_below_only(logits):
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return np.exp(logits) / np.exp(shifted).sum(axis=-1, keepdims=True)


def one_step_short(weights, rate, steps):
    return np.array(weights) * (1 - rate) ** (steps - 1)


WRONG = {
    "axis lost": (softmax, BATCHES, over_everything, "ran over the whole array at once"),
    "axis changed": (softmax, BATCHES, over_samples, "everything ran along axis 0, and not"),
    "shift in one place": (softmax, BATCHES, shifted_below_only, "subtracted in one place"),
    "ddof": (spread, (([1.0, 2.0, 4.0],), ([3.0, 1.0],)),
             lambda v: np.std(v) ** 2 + 3, "divided by n, and not by n − 1"),
    "not squared": (spread, (([1.0, 2.0, 4.0],), ([3.0, 1.0],)),
                    lambda v: np.std(v, ddof=1) + 3, "were not squared"),
    "term dropped": (spread, (([1.0, 2.0, 4.0],), ([3.0, 1.0],)),
                     lambda v: np.var(v, ddof=1), "the number 3 were not added"),
    "equal values": (below, LISTS, lambda v, limit: np.mean(v <= limit),
                     "values equal to `limit` counted too"),
    "turned": (below, LISTS, lambda v, limit: np.mean(v > limit), "the other way round"),
    "sum for mean": (below, LISTS, lambda v, limit: np.sum(v < limit),
                     "the sum were taken, and not the mean"),
    "sign": (entropy, SHARES, lambda p: np.sum(p * np.log(p), axis=-1),
             "the sign of the result were reversed"),
    "base": (entropy, SHARES, lambda p: -np.sum(p * np.log2(p), axis=-1), "to base 2"),
    "factor dropped": (entropy, SHARES, lambda p: -np.sum(np.log(p), axis=-1),
                       "`shares` were left out as a factor"),
    "a small number": (entropy, SHARES, lambda p: -np.sum(p * np.log(p + 1e-5), axis=-1),
                       "a small number kept what goes into the logarithm away from 0"),
    "rounded": (entropy, SHARES, lambda p: np.round(-np.sum(p * np.log(p), axis=-1), 3),
                "rounded to 3 decimals"),
    "one step less": (stepped, STEPS, one_step_short, "counting ended one too early"),
    "uphill": (stepped, STEPS, lambda w, r, n: np.array(w) * (1 + r) ** n,
               "`weights` were changed in the other direction"),
    "first step only": (stepped, STEPS, lambda w, r, n: np.array(w) * (1 - r),
                        "the loop ended after its first round"),
    "from one": (picked, TABLES, lambda t, y: t[np.arange(len(y)), np.array(y) - 1],
                 "`labels` were counted from 1"),
    "whole rows": (picked, TABLES, lambda t, y: t[y],
                   "`labels` numbered whole rows"),
    "not transposed": (bent, LAYERS, lambda x, w: np.maximum(x @ w, 0),
                       "`weight` were not transposed"),
    "entry by entry": (bent, LAYERS, lambda x, w: np.maximum(x * w.T, 0),
                       "entries were multiplied one by one"),
    "not clipped": (bent, LAYERS, lambda x, w: x @ w.T, "and never 0"),
    "inverted": (tempered, POSITIVE, lambda v, t: np.log1p(v) * t,
                 "`temperature` multiplied and did not divide"),
    "log for log1p": (tempered, POSITIVE, lambda v, t: np.log(v) / t,
                      "the 1 inside the logarithm were missing"),
}  # fmt: skip


@pytest.mark.parametrize(("solution", "inputs", "answer", "words"), WRONG.values(), ids=WRONG)
def test_each_kind_of_slip_is_told_in_words(solution, inputs, answer, words):
    found = Attempt(asked(solution, *inputs)).check(answer)
    assert found.status is Status.WRONG
    assert BEHAVES in found.message
    assert words in found.message


def test_a_right_answer_and_a_listed_mistake_are_told_as_before():
    exercise = asked(softmax, *BATCHES)
    assert Attempt(exercise).check(softmax).correct

    def whole(logits):
        """One sum runs over everything."""
        return over_everything(logits)

    listed = replace(exercise, mistakes=(*exercise.mistakes, whole))
    found = Attempt(listed).check(over_everything)
    assert found.mistakes == ("whole",)
    assert BEHAVES not in str(found)


def test_one_failing_input_is_chance_and_says_nothing():
    exercise = asked(below, *LISTS[:1], ([1.0, 3.0], 2.0), ([1.0, 5.0], 4.0))
    found = Attempt(exercise).check(lambda v, limit: np.mean(v <= limit))
    assert not found.correct
    assert BEHAVES not in found.message


def test_it_has_to_agree_where_the_answer_is_right_too():
    def answer(values, limit):
        return np.mean(values <= limit) if len(values) > 3 else np.mean(values < limit)

    assert BEHAVES not in Attempt(asked(below, *LISTS, LISTS[0])).check(answer).message


def test_what_differs_much_is_not_told_and_what_comes_to_the_same_is():
    def of(*clauses, rank=0):
        return [Mutant(len, clause, rank=rank) for clause in clauses]

    assert said([]) == ""
    assert said(of("a were b")) == f"{BEHAVES}a were b."
    assert said(of("a were b", "a were b")) == f"{BEHAVES}a were b."
    assert said(of("a were b", "c were d")).count("as if") == 2
    assert said(of("a were b", "c were d", "e were f")) == ""
    assert said(of("a were b") + of("c were d", rank=1)) == f"{BEHAVES}a were b."
    assert said(of("a were b", "c were d", rank=2)) == ""
    assert said(of(f"{NAMELESS} were left out")) == ""


def test_infinities_alone_are_believed_of_guards_only():
    large = (*BATCHES, ([[1000.0, 999.0]],), ([[2000.0, 0.0], [1.0, 2.0]],))
    exercise = asked(softmax, *large)
    plain = Attempt(exercise).check(lambda z: np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True))
    assert "the maximum of `logits` were not subtracted" in plain.message
    lost = Attempt(exercise).check(lambda z: np.where(np.max(z) > 9, np.nan, softmax(z)))
    assert BEHAVES not in lost.message


def counted_down(values, steps):
    total = 0.0
    while steps > 0:
        total += np.sum(values)
        steps -= 1
    return total


def test_a_change_without_an_end_is_left_after_a_number_of_steps():
    made = mutants(asked(counted_down, ([1.0, 2.0], 3), ([1.0], 2)))
    endless = 0
    for mutant in made:
        try:
            with np.errstate(all="ignore"):
                mutant.function(np.array([1.0, 2.0]), 3)
        except trees.Endless:
            endless += 1
        except Exception:  # a change may raise what it likes
            pass
    assert endless > 0


def test_a_mutant_is_left_at_the_first_input_that_differs(monkeypatch):
    """Bounded work: about one call for each mutant, whatever the number of inputs."""
    exercise = asked(softmax, *BATCHES * 5)
    calls = 0

    def counting(*arguments):
        nonlocal calls
        calls += 1
        return expectations(*arguments)

    monkeypatch.setattr(explaining, "expectations", counting)
    Attempt(exercise).check(lambda z: np.cos(z))
    assert 0 < calls <= 1.5 * len(mutants(exercise))


@pytest.mark.parametrize("exercise", FUNCTIONS, ids=lambda each: each.id)
def test_there_are_changes_of_every_solution_and_they_are_few_enough(exercise):
    assert 20 < len(mutants(exercise)) < 1000


def private_names(exercise):
    """Return the names of a solution that its learner never sees."""
    own = trees.functions(exercise)
    seen = {*exercise.parameters, *re.findall(r"\w+", f"{exercise.prompt()} {exercise.starter}")}
    names = {name for each in own for name in each.function.__code__.co_varnames}
    return names - seen


@pytest.mark.parametrize("exercise", FUNCTIONS, ids=lambda each: each.id)
def test_the_words_read_well_and_quote_no_name_that_the_learner_has_not_seen(exercise):
    private = private_names(exercise)
    for clause in {each.clause for each in mutants(exercise)}:
        if NAMELESS in clause:  # never told
            continue
        assert re.fullmatch(r"[a-z0-9`−“][^\n]*[\w`)”]", clause), clause
        assert not re.search(r"  | ,|\bthe the\b|\ba an?\b|\bNone\b|\bast\b|of of|``", clause), (
            clause
        )
        assert clause.count("`") % 2 == 0, clause
        assert clause.count("(") == clause.count(")"), clause
        quoted = {
            name for code in re.findall(r"`([^`]+)`", clause) for name in re.findall(r"\w+", code)
        }
        assert not quoted & private, clause


def test_without_solutions_nothing_of_the_solution_is_told(monkeypatch):
    exercise = asked(tempered, *POSITIVE)
    monkeypatch.setenv("SOFTMAXBOOK_SOLUTIONS", "no")
    found = Attempt(exercise).check(lambda v, t: np.log1p(v) * t)
    assert not found.correct
    assert BEHAVES not in str(found)
    assert "multiplied" not in str(found)


def test_a_solution_without_a_source_has_no_changes():
    names = {}
    exec("def typed(values):\n    return values + 1", names)
    assert mutants(asked(names["typed"], ([1.0],), ([2.0],))) == ()


def test_the_feedback_of_a_course_has_the_same_words():
    exercise = asked(tempered, *POSITIVE)
    exam = Examination(exercise, exercise.name, 1, 2)

    def upside_down(values, temperature):
        return np.log1p(values) * temperature

    second = Report("callable", outcomes=tuple(run(upside_down, exam.hidden)))
    mark = exam.mark(Report("callable"), second)
    assert f"{BEHAVES}`temperature` multiplied and did not divide." in f"{mark.message} {mark.hint}"
