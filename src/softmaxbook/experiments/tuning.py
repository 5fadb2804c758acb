"""The same budget for tuning, whatever is tuned."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

SEEDS = tuple(range(10))
"""Of the runs that are measured: each draws the labels, the weights and the batches of one."""

TUNING_SEEDS = (100, 101)
"""Of the runs on which a setting is chosen; none of them is measured."""


RULE = (
    "where the best of the settings is the smallest or the largest of them, one more is tried "
    "beyond it, as far from it as its neighbour (as a ratio)"
)
"""What an experiment that tunes by `best_setting` says of its grids."""


def best_setting(
    settings: Sequence[float], validated: Callable[[float, int], float]
) -> tuple[float, float]:
    """Return the setting that does best on the validation part, and how well it does.

    If that is an edge of the grid, the best may lie outside. Then the grid is widened once, see
    :func:`softmaxbook.experiments.tuning.beyond`, on the same seeds.

    Parameters
    ----------
    settings : sequence of float
    validated : callable
        From a setting and one of `TUNING_SEEDS` to what it reaches there; more is better.

    Returns
    -------
    tuple of float
        The first of the best settings, and its mean over the seeds. A setting beyond the edge is
        taken only if it is better than the edge.

    Examples
    --------
    >>> best_setting((0.1, 1.0, 10.0), lambda setting, seed: -abs(setting - 1))
    (1.0, 0.0)
    >>> best_setting((0.1, 1.0, 10.0), lambda setting, seed: setting)
    (100.0, 100.0)

    Used in the chapters *transfer*, *finetuning* and *sharing*.
    """

    def tried(setting: float) -> float:
        return float(np.mean([validated(setting, seed) for seed in TUNING_SEEDS]))

    found = {setting: tried(setting) for setting in settings}
    best = max(found, key=found.__getitem__)  # the first of the best
    further = beyond(best, settings)
    if further is not None and (reached := tried(further)) > found[best]:
        return further, reached
    return best, found[best]


def beyond(best: float, settings: Sequence[float]) -> float | None:
    """Return the setting to try beyond an edge of a grid.

    Parameters
    ----------
    best : float
        One of the settings.
    settings : sequence of float
        In any order.

    Returns
    -------
    float or None
        Beyond the smallest or the largest setting: as far as the neighbour lies on the other side,
        as a ratio, and rounded to one digit as grids are written. None if `best` is no edge, if
        there is nothing to take a ratio of (a single setting), or if the edge or its neighbour is
        0 or below: a rate of 0 freezes, and nothing lies beyond it.

    Examples
    --------
    >>> beyond(0.01, (0.01, 0.03, 0.1)), beyond(0.1, (0.01, 0.03, 0.1))
    (0.003, 0.3)
    >>> beyond(0.03, (0.01, 0.03, 0.1)), beyond(0.0, (0.0, 0.01, 0.1))
    (None, None)

    Used in the chapters *transfer* and *finetuning*.
    """
    grid = sorted(set(settings))
    if len(grid) < 2 or best not in (grid[0], grid[-1]):
        return None
    neighbour = grid[1] if best == grid[0] else grid[-2]
    if min(best, neighbour) <= 0:
        return None
    return float(f"{best * best / neighbour:.1g}")


def at_edge(chosen: float, settings: Sequence[float]) -> bool:
    """Return whether a setting that `best_setting` chose has tried neighbours on one side only.

    Parameters
    ----------
    chosen : float
        As a row of a table has it.
    settings : sequence of float
        The grid, as the table's provenance has it, not widened.

    Returns
    -------
    bool
        True if the setting lies outside the grid: one step beyond it did better than the edge,
        and two steps were not tried.

    Examples
    --------
    >>> at_edge(0.003, (0.01, 0.03, 0.1)), at_edge(0.01, (0.01, 0.03, 0.1))
    (True, False)

    Used in the chapters *transfer* and *finetuning*.
    """
    return not min(settings) <= chosen <= max(settings)
