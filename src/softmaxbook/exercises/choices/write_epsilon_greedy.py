"""Epsilon-greedy, as a distribution."""

import numpy as np

from softmaxbook.checking import Exercise, probe


def greedy_shares(values, epsilon):
    best = values == np.max(values)
    return (1 - epsilon) * best / np.sum(best) + epsilon / len(values)


def nothing_explored(values, epsilon):
    """ε is not used: one arm is taken always, and what the others give is never learnt."""
    best = values == np.max(values)
    return best / np.sum(best)


def nothing_exploited(values, epsilon):
    """Every arm has the same chance, whatever was learnt. With probability 1 − ε the best one is
    taken."""
    return np.full(len(values), 1 / len(values))


def others_alone_explored(values, epsilon):
    """You spread ε over the *other* arms. “Anything” includes the best one: it has 1 − ε and its
    part of ε."""
    best = values == np.max(values)
    n = len(values)
    return np.where(best, (1 - epsilon) / np.sum(best), epsilon / np.maximum(n - np.sum(best), 1))


def best_counted_twice(values, epsilon):
    """The favoured arm keeps all of its 1 and gets its part of ε as well: the sum is above 1. Only
    1 − ε is left for it before ε is spread."""
    best = values == np.max(values)
    return best / np.sum(best) + epsilon / len(values)


def best_without_its_part(values, epsilon):
    """The favoured arm has 1 − ε and the others ε / K: something is missing to 1. The favoured one
    gets ε / K too."""
    best = values == np.max(values)
    return np.where(best, (1 - epsilon) / np.sum(best), epsilon / len(values))


def shares_exchanged(values, epsilon, base=greedy_shares):
    """ε and 1 − ε are exchanged: a small ε explores little."""
    return base(values, 1 - epsilon)


def not_divided(values, epsilon):
    """Every arm gets all of ε. Divide it by the number of arms."""
    best = values == np.max(values)
    return (1 - epsilon) * best / np.sum(best) + epsilon


def first_of_equals(values, epsilon):
    """Of equally good arms you take the first only. They share: nothing is known that speaks for
    the first."""
    best = np.arange(len(values)) == np.argmax(values)
    return (1 - epsilon) * best + epsilon / len(values)


def all_of_equals(values, epsilon):
    """Each of several equally good arms gets 1 − ε, and the sum is above 1. Divide it among
    them."""
    best = values == np.max(values)
    return (1 - epsilon) * best + epsilon / len(values)


def worst_taken(values, epsilon, base=greedy_shares):
    """You favour the arm with the *smallest* value."""
    return base(-values, epsilon)


def temperature_for_epsilon(values, epsilon):
    """This is softmax with the temperature ε. There a worse arm is tried less often the worse it
    seems; here all but the best are tried alike."""
    e = np.exp((values - np.max(values)) / epsilon)
    return e / np.sum(e)


def an_arm_for_its_chance(values, epsilon):
    """You return the number of an arm. Asked for is the probability of each: as many numbers as
    there are values."""
    return np.argmax(values)


EXERCISE = Exercise(
    title="Epsilon-greedy, as a distribution",
    kind="write",
    difficulty=2,
    statement=r"""
        A policy takes an arm with the largest of the `values` with probability
        $1 - \varepsilon$, and with probability $\varepsilon$ = `epsilon` any arm, each with the
        same chance.
        Write `greedy_shares(values, epsilon)`: the probability of each arm.
        Equally good arms share.
        """,
    solution=greedy_shares,
    mistakes=(
        nothing_explored,
        nothing_exploited,
        others_alone_explored,
        best_counted_twice,
        best_without_its_part,
        shares_exchanged,
        not_divided,
        first_of_equals,
        all_of_equals,
        worst_taken,
        temperature_for_epsilon,
        an_arm_for_its_chance,
    ),
    either=((shares_exchanged, temperature_for_epsilon),),
    probes=(
        probe("four arms", [0.2, 0.9, 0.1, 0.3], 0.2, why="the chances add up to 1."),
        probe("two arms", [0.4, 0.6], 0.1),
        probe("two are best", [0.7, 0.1, 0.7], 0.3, why="equally good arms share."),
        probe("all alike", [0.5, 0.5, 0.5], 0.25, why="nothing is known: each has a third."),
        probe("three of five", [0.6, 0.6, 0.2, 0.6, 0.1], 0.4),
        probe("always exploring", [0.1, 0.8, 0.3], 1.0),
    ),
    fresh=lambda rng: (rng.random(5), float(rng.uniform(0.05, 0.45))),
    hints=(
        "Two ways lead to an arm: it is the best one, or it was drawn among all.",
        "(1 − ε) times the share among the best, plus ε / K for every arm.",
    ),
)
