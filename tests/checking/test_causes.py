"""A cause is named only if it explains all inputs that fail, and at least two of them."""

import numpy as np
import pytest

from softmaxbook.checking import Exercise, probe
from softmaxbook.checking.diagnosis import FACTS, RULES, diagnose
from softmaxbook.exercises import Attempt, exercise

RNG = np.random.default_rng(20)
ROWS = [RNG.dirichlet(np.ones(k), size=k) for k in (3, 4, 5)]
TALL = [RNG.uniform(1, 2, size=(k, 3)) for k in (4, 5, 6)]


def uneven(n):
    """Return shares that add up to 1, no two alike."""
    return (np.arange(n) + 0.5) / (n * n / 2)


def dropped(n):
    """Return zeros and twos, in no order."""
    return 2.0 * (RNG.permutation(n * n).reshape(n, n) % 2)


# What an answer makes of a right result, and a word of what is said about it.
CAUSES = {
    "cut to whole numbers": (ROWS, lambda a: np.zeros(a.shape, int), "whole numbers"),
    "complex": (ROWS, lambda a: a + 0.5j, "complex"),
    "always the same": (ROWS[:1] * 3, None, "the same result"),
    "one axis too many": (ROWS, lambda a: a[:, :, None], "axis too many"),
    "transposed": (ROWS, lambda a: a.T, "transposed"),
    "diagonal": (ROWS, lambda a: a + 0.01 * (1 - np.eye(len(a))), "diagonal is right"),
    "rounded": (ROWS, lambda a: np.round(a, 3), "3 decimals"),
    "a constant in the sum": (ROWS, lambda a: a / (1 + 1e-6 * len(a)), "as if a small constant"),
    "in the logarithm": (
        [np.log(a) for a in ROWS],
        lambda a: np.log(np.exp(a) + 1e-7),
        "inside the logarithm",
    ),
    "a factor": (ROWS, lambda a: 3 * a, "3 times"),
    "number of entries": (ROWS, lambda a: a * a.shape[-1], "sum and a mean"),
    "first entry": ([a[0] for a in ROWS], lambda a: np.append(a[0], a[1:] ** 2), "first entry"),
    "the square": (TALL, np.square, "the square of the right result"),
    "reverse order": (TALL, lambda a: a[:, ::-1], "reverse order"),
    "another order": (TALL, lambda a: np.roll(a, 1, axis=-1), "another order"),
    "an offset": (TALL, lambda a: a + 0.25, "0.25 too large"),
    "columns": (ROWS, lambda a: np.outer(uneven(len(a)), np.ones(len(a))), "columns add up"),
    "cut off": ([np.log(a) for a in ROWS], lambda a: np.maximum(a, -2.0), "cut off"),
    "dropped": (ROWS, lambda a: a * dropped(len(a)), "dropped on the way"),
    "nan": (ROWS, lambda a: np.where(a == a.max(), np.nan, a), "`nan`"),
}  # fmt: skip


def pairs_of(name):
    rights, change, _ = CAUSES[name]
    if change is None:  # one result for all
        return [(a + k, rights[0] * 2) for k, a in enumerate(rights)]
    return [(a, change(a)) for a in rights]


def unlike(right):
    """Return another wrong result of the right shape, which no rule explains."""
    gave = np.array(right, dtype=float)
    gave.flat[:] = np.cos(7 * np.arange(gave.size) + gave.ravel()) * 3.7
    return right, gave


@pytest.mark.parametrize("name", CAUSES)
def test_a_cause_is_named_where_it_explains_all(name):
    assert CAUSES[name][2] in diagnose(pairs_of(name))


@pytest.mark.parametrize("name", CAUSES)
def test_it_is_not_named_where_one_failing_input_has_another(name):
    pairs = pairs_of(name)
    for position in range(len(pairs) + 1):
        mixed = [*pairs[:position], unlike(pairs[0][0]), *pairs[position:]]
        found = diagnose(mixed)
        assert CAUSES[name][2] not in found or "On some inputs" in found, found


@pytest.mark.parametrize("name", CAUSES)
def test_on_one_input_alone_only_what_is_seen_is_told(name):
    found = diagnose(pairs_of(name)[:1])
    facts = ("shape", "where the result is finite", "add up to", "add up")
    assert not found or any(word in found for word in facts), found


def test_every_rule_was_tried():
    spoke = {next(rule for rule in RULES if rule(pairs_of(name))) for name in CAUSES}
    assert spoke == set(RULES)
    assert set(FACTS) < set(RULES)


# ── what is told before the rules ────────────────────────────────────────────────────────────


def difference(one, two):
    return np.asarray(one, dtype=float) - 2 * np.asarray(two, dtype=float)


def mistakes():
    def first(one, two):
        """Say one thing."""
        return one + two

    def second(one, two):
        """Say another."""
        return one * two

    def third(one, two):
        """Say a third."""
        return one / (two + 9)

    return first, second, third


def asked(*more):
    return Attempt(
        Exercise(
            id="turned", title="Turned", chapter="overflow", kind="write", difficulty=1,
            statement="?", solution=difference, mistakes=mistakes(), hints=("one", "two"),
            probes=(probe("equal", [1.0, 2.0], [1.0, 2.0]), *more),
        )
    )  # fmt: skip


ONE = probe("one", [1.0, 2.0], [3.0, 5.0])
TWO = probe("two", [4.0, 0.5], [-1.0, 2.0])
SWAPPED = "arguments come in the order"


def test_swapped_arguments_are_named_on_two_inputs_and_not_on_one():
    answer = lambda one, two: difference(two, one)  # noqa: E731
    assert SWAPPED in asked(ONE, TWO).check(answer).message
    assert SWAPPED not in asked(ONE).check(answer).message


def test_swapped_arguments_are_not_named_where_an_input_says_otherwise():
    def answer(one, two):
        return difference(two, one) + (one[0] == 4)

    assert (
        SWAPPED not in asked(ONE, TWO, probe("three", [0.0, 7.0], [2.0, 2.5])).check(answer).message
    )


def test_an_exception_is_placed_where_other_inputs_fail_otherwise():
    def answer(z):
        return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)

    verdict = exercise("softmax-of-a-batch").check(answer)
    assert "On “a single vector” it raises" in verdict.message

    def always(z):
        return z.sum(axis=7)

    assert "On “" not in exercise("softmax-of-a-batch").check(always).message


def test_infinity_is_not_put_down_to_one_of_its_causes():
    """It comes of an overflow, or of the logarithm of a rounded 0: the result does not tell."""
    right = [np.array([1.0, 2.0]), np.array([3.0, 4.0])]
    for sign, words in ((1, ("overflows", "underflowed")), (-1, ("overflowed", "underflowed"))):
        found = diagnose([(a, np.where(a > 1.5, sign * np.inf, a)) for a in right])
        assert all(word in found for word in words)


def test_nothing_finite_is_no_forgotten_argument():
    lost = [(np.array([float(k)]), np.array([np.inf])) for k in range(3)]
    assert "arguments" not in diagnose(lost)
