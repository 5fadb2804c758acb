"""Unfreezing, stage by stage."""

import numpy as np

from softmaxbook.checking import Exercise, probe


def learning(n_stages, every, step):
    n_open = min(n_stages, 1 + step // every)
    return np.arange(n_stages) >= n_stages - n_open


def from_the_pixels(n_stages, every, step):
    """The stages are opened from the pixels on, or the list begins with the head. The head knows
    nothing yet and comes first, and it is the *last* entry; the pixels' stage comes last."""
    return np.arange(n_stages) <= step // every


def newest_only(n_stages, every, step):
    """Only the stage opened last learns, and the head is frozen again. What has been opened goes on
    learning."""
    n_open = min(n_stages, 1 + step // every)
    return np.arange(n_stages) == n_stages - n_open


def nothing_at_first(n_stages, every, step):
    """Nothing learns at first: the head is open from step 0."""
    return np.arange(n_stages) >= n_stages - min(n_stages, step // every)


def one_step_late(n_stages, every, step):
    """Each stage opens one step late. At the step `every` itself there are two."""
    return np.arange(n_stages) >= n_stages - min(n_stages, 1 + max(step - 1, 0) // every)


def one_step_early(n_stages, every, step):
    """Each stage opens one step early: the head learns alone for `every` steps, from 0 to `every` −
    1."""
    n_open = min(n_stages, 1 + (step + 1) // every)
    return np.arange(n_stages) >= n_stages - n_open


def all_at_once(n_stages, every, step):
    """After the head all others open at once. One more opens after each `every` steps."""
    return (np.arange(n_stages) == n_stages - 1) | (step >= every)


def all_from_the_start(n_stages, every, step):
    """Everything learns from the start. Let the head learn alone for `every` steps."""
    return np.ones(n_stages, dtype=bool)


def frozen_for_learning(n_stages, every, step, base=learning):
    """This tells what is *frozen*. Asked for is what learns."""
    return 1 - np.asarray(base(n_stages, every, step), dtype=int)


def head_never_opens_others(n_stages, every, step):
    """Only the head learns, at every step. One more stage opens after each `every` steps."""
    return np.arange(n_stages) == n_stages - 1


def numbers_of_stages(n_stages, every, step):
    """These are the numbers of the stages that learn. Asked for is one entry per stage: 1 if it
    learns, 0 if not."""
    return np.flatnonzero(learning(n_stages, every, step))


def round_and_round(n_stages, every, step):
    """The number of open stages goes back again: you take the rest of the division (`%`). Whole
    times are wanted: `//`."""
    return np.arange(n_stages) >= n_stages - 1 - step % every


def one_stage_early(n_stages, every, step):
    """One stage too many is open. At first the head learns alone."""
    return np.arange(n_stages) >= n_stages - 2 - step // every


EXERCISE = Exercise(
    title="Unfreezing, stage by stage",
    kind="find",
    difficulty=2,
    statement="""
        A network is unfrozen gradually: at first the head learns alone, and after each `every`
        steps one stage more, until all of them do.
        This program should return one entry a stage, from the pixels to the head: True (or 1) if
        the stage learns at this step, counted from 0.
        With it the random head sends its errors straight into the first stage.
        Find the mistake and mend it.
        """,
    starter="""\
def learning(n_stages, every, step):
    n_open = 1 + step // every
    return np.arange(n_stages) < n_open""",
    solution=learning,
    mistakes=(
        from_the_pixels,
        newest_only,
        nothing_at_first,
        one_step_late,
        one_step_early,
        all_at_once,
        all_from_the_start,
        frozen_for_learning,
        head_never_opens_others,
        numbers_of_stages,
        round_and_round,
        one_stage_early,
    ),
    probes=(
        probe("the first step", 5, 10, 0, why="only the head learns, and it is the last entry."),
        probe("just before the second stage", 5, 10, 9),
        probe("just before the third stage", 5, 10, 19),
        probe("at the second stage", 5, 10, 10, why="at step 10 of ten steps each, two are open."),
        probe("in the middle", 5, 10, 27),
        probe("at the third stage", 4, 6, 12),
        probe("long after", 4, 6, 50, why="there are no more stages to open."),
    ),
    fresh=lambda rng: (
        int(rng.integers(4, 8)),
        int(rng.integers(3, 9)),
        int(rng.integers(9, 20)),
    ),
    hints=(
        "Print the result for step 0. Which stage learns?",
        "The head has the number n_stages − 1. Which numbers are open when two stages are?",
    ),
    explanation="A stage begins to learn when those after it have something sensible to tell it.",
)
