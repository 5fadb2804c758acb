"""Reptile's step."""

import numpy as np

from softmaxbook.checking import Exercise, probe


def reptile_step(start, ends, rate):
    return start + rate * (np.mean(ends, axis=0) - start)


def away_from_the_tasks(start, ends, rate, base=reptile_step):
    """The sign is wrong: the start moves *away* from where the tasks end, and each further task is
    harder to reach. Move towards them."""
    return base(start, ends, -rate)


def summed_over_the_tasks(start, ends, rate):
    """The ways to the tasks are added up. Take their mean, or twice as many tasks make steps of
    twice the length."""
    return start + rate * np.sum(ends - start, axis=0)


def the_mean_itself(start, ends, rate):
    """You go the whole way to the mean of the ends. Go only the part `rate` of it."""
    return np.mean(ends, axis=0) + 0 * start


def start_not_subtracted(start, ends, rate):
    """You add the ends. What is added is the *way* to them: end minus start."""
    return start + rate * np.mean(ends, axis=0)


def last_task_only(start, ends, rate):
    """Only the last task moves the start. Take the mean over all."""
    return start + rate * (ends[-1] - start)


def one_after_the_other(start, ends, rate):
    """You move towards one task after the other, so the last counts most. All ways begin at the
    same start: take their mean, and make one step."""
    moved = start
    for end in ends:
        moved = moved + rate * (end - moved)
    return moved


def weights_exchanged(start, ends, rate):
    """The weights are exchanged: (1 − rate) belongs to the start, `rate` to the mean of the
    ends."""
    return rate * start + (1 - rate) * np.mean(ends, axis=0)


def step_alone(start, ends, rate, base=reptile_step):
    """This is the step. Add it to the start."""
    return base(start, ends, rate) - start


def rate_forgotten_on_the_start(start, ends, rate):
    """You shrink the start by its part and add the whole mean. The two weights add up to 1:
    1 − rate and rate."""
    return (1 - rate) * start + np.mean(ends, axis=0)


def mean_over_the_weights(start, ends, rate):
    """The mean runs over the weights. The tasks lie along the first axis."""
    return start + rate * (np.mean(ends) - start)


def first_task_only(start, ends, rate):
    """Only the first task moves the start. Take the mean over all."""
    return start + rate * (ends[0] - start)


def divided_again(start, ends, rate):
    """You divide by the number of tasks twice: the mean has done it."""
    return start + rate * (np.mean(ends, axis=0) - start) / len(ends)


def start_among_the_ends(start, ends, rate):
    """The start is one of the points in your mean. Only the ends belong to it."""
    return start + rate * (np.mean(np.vstack([start, ends]), axis=0) - start)


def steps_of_one_length(start, ends, rate):
    """Your steps all have the length `rate`. It is the *part* of the way that is gone."""
    way = np.mean(ends, axis=0) - start
    return start + rate * way / np.linalg.norm(way)


def median_of_the_ends(start, ends, rate):
    """You take the median of the ends. The mean is asked for."""
    return start + rate * (np.median(ends, axis=0) - start)


def nearest_task_only(start, ends, rate):
    """Only the nearest end moves the start. Take the mean over all."""
    nearest = ends[np.argmin(np.sum((ends - start) ** 2, axis=1))]
    return start + rate * (nearest - start)


def half_way_always(start, ends, rate):
    """You go half of the way, whatever the rate is."""
    return (start + np.mean(ends, axis=0)) / 2


def start_added(start, ends, rate):
    """You add the start to the ends. The way is end *minus* start."""
    return start + rate * (np.mean(ends, axis=0) + start)


EXERCISE = Exercise(
    title="Reptile's step",
    kind="find",
    difficulty=2,
    statement=r"""
        Reptile looks for weights from which any task of a family is learnt in a few steps. From one
        `start` it tunes a copy on each of several tasks, and `ends` holds where these copies end,
        one row a task. Then the start itself moves: by the part `rate` of the way to the mean of
        the ends. (The page takes one task at a time; with one row the two are the same.)
        With this program the start gets worse with every round. Find the mistake and mend it.
        """,
    starter="""\
def reptile_step(start, ends, rate):
    ways = ends - start
    return start - rate * np.mean(ways, axis=0)""",
    solution=reptile_step,
    mistakes=(
        away_from_the_tasks,
        summed_over_the_tasks,
        the_mean_itself,
        start_not_subtracted,
        last_task_only,
        one_after_the_other,
        weights_exchanged,
        step_alone,
        rate_forgotten_on_the_start,
        mean_over_the_weights,
        first_task_only,
        divided_again,
        start_among_the_ends,
        steps_of_one_length,
        median_of_the_ends,
        nearest_task_only,
        half_way_always,
        start_added,
    ),
    probes=(
        probe("two tasks", [1.0, 0.0], [[2.0, 1.0], [3.0, -2.0]], 0.25),
        probe("one task", [0.5, -1.0, 2.0], [[1.5, 1.0, 0.0]], 0.1),
        probe(
            "three tasks",
            [1.0, -1.0, 0.5],
            [[0.0, 1.0, 2.0], [2.0, -3.0, 1.0], [1.0, 0.0, -1.5]],
            0.3,
        ),
        probe(
            "four tasks",
            [0.0, 1.0],
            [[3.0, 1.0], [0.5, 2.0], [-2.0, 4.0], [4.0, -1.0]],
            0.5,
        ),
        probe(
            "it ends where it began",
            [2.0, 1.0],
            [[3.0, 0.0], [1.0, 2.0]],
            0.4,
            why="the tasks pull in opposite directions, and the start is between them already.",
        ),
    ),
    fresh=lambda rng: (
        rng.normal(size=3),
        rng.normal(size=(4, 3)),
        float(rng.uniform(0.1, 0.4)),
    ),
    hints=(
        "One task, one weight: it was 0 and ended at 1. Where should the start go?",
        "The way from start to end is a good direction. No gradient points there that one would "
        "have to turn round.",
    ),
    explanation="A gradient points uphill, so descent subtracts it. The way that tuning has gone "
    "points downhill already.",
)
