"""The same budget for tuning, whatever is tuned."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

SEEDS = tuple(range(10))
"""Of the runs that are measured: each draws the labels, the weights and the batches of one."""

TUNING_SEEDS = (100, 101)
"""Of the runs on which a setting is chosen; none of them is measured."""


def best_setting(
    settings: Sequence[float], validated: Callable[[float, int], float]
) -> tuple[float, float]:
    """Return the setting that does best on the validation part, and how well it does.

    Parameters
    ----------
    settings : sequence of float
    validated : callable
        From a setting and one of `TUNING_SEEDS` to what it reaches there; more is better.

    Returns
    -------
    tuple of float
        The first of the best settings, and its mean over the seeds.

    Examples
    --------
    >>> best_setting((0.1, 1.0, 10.0), lambda setting, seed: -abs(setting - 1))
    (1.0, 0.0)

    Used in the chapters *transfer*, *finetuning* and *sharing*.
    """
    tried = [np.mean([validated(each, seed) for seed in TUNING_SEEDS]) for each in settings]
    best = int(np.argmax(tried))
    return settings[best], float(tried[best])
