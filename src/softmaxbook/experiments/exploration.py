"""What to show: exploration by a temperature and by ε-greedy, over the same grid of settings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from softmaxbook.experiments.tables import Table
from softmaxbook.experiments.tuning import RULE, SEEDS, TUNING_SEEDS, beyond
from softmaxbook.family.bandits import Exploration, Policy, epsilon_greedy, explore
from softmaxbook.numerics.arrays import FloatArray
from softmaxbook.numerics.probabilities import softmax

N_RUNS = 100
"""With each seed, each with chances of its own."""

N_STEPS = 1000
EARLY = 100
"""The regret is also noted after so many steps."""


def _anything(rng: np.random.Generator, n_alternatives: int) -> FloatArray:
    return rng.random((N_RUNS, n_alternatives))


def _clicks(rng: np.random.Generator, n_alternatives: int) -> FloatArray:
    return rng.beta(2, 18, (N_RUNS, n_alternatives))


WORLDS: dict[str, tuple[int, Callable[[np.random.Generator, int], FloatArray]]] = {
    "3, far apart": (3, _anything),
    "10, far apart": (10, _anything),
    "10, close together": (10, _clicks),
    "50, close together": (50, _clicks),
}
"""How many alternatives there are, and how their chances of success are drawn: anything between 0
and 1, or rare as clicks are, with a mean of 1/10."""

POLICIES: dict[str, Callable[[float], Policy]] = {
    "temperature": lambda t: lambda values: softmax(values, temperature=t),
    "epsilon-greedy": lambda e: lambda values: epsilon_greedy(values, e),
    "greedy": lambda _: lambda values: epsilon_greedy(values, 0.0),
    "blind": lambda _: lambda values: np.full(values.shape, 1 / values.shape[1]),
}
"""From a setting to a policy; the last two have none."""

GRIDS: dict[str, tuple[float, ...]] = {
    "temperature": tuple(0.0025 * 2.0**k for k in range(10)),
    "epsilon-greedy": tuple(0.00125 * 2.0**k for k in range(10)),
    "greedy": (0.0,),
    "blind": (0.0,),
}
"""The settings that are tried: as many for a temperature as for ε, each twice the one before."""

EDGES = {("10, far apart", "epsilon-greedy"): GRIDS["epsilon-greedy"][0]}
"""Where the best setting of a grid was its edge: there one more is tried, beyond it."""


def cells() -> Iterator[tuple[str, str, float]]:
    """Yield world, policy and setting of every cell."""
    for world in WORLDS:
        for policy, grid in GRIDS.items():
            further = beyond(EDGES.get((world, policy), 0.0), grid)
            for setting in grid if further is None else sorted((*grid, further)):
                yield world, policy, setting


def played(world: str, policy: str, setting: float, seed: int) -> Exploration:
    """Let a policy choose in 100 runs; with the same seed all policies meet the same chances.

    Parameters
    ----------
    world : str
        One of `WORLDS`.
    policy : str
        One of `POLICIES`.
    setting : float
        The temperature, or ε.
    seed : int

    Returns
    -------
    Exploration
    """
    nature, luck = np.random.default_rng(seed).spawn(2)
    n_alternatives, draw = WORLDS[world]
    return explore(draw(nature, n_alternatives), POLICIES[policy](setting), N_STEPS, luck)


def measure(
    world: str, policy: str, setting: float, seeds: tuple[int, ...] = SEEDS
) -> dict[str, Any]:
    """Measure the mean regret of a setting, on the seeds for tuning and on the others.

    Parameters
    ----------
    world : str
    policy : str
    setting : float
    seeds : tuple of int

    Returns
    -------
    dict
        The cell, the mean regret on the seeds for tuning, and with each other seed the mean regret
        after 100 steps, that after all, and the share of the best alternative in the last 100.
    """
    tried = [played(world, policy, setting, seed).regret[:, -1].mean() for seed in TUNING_SEEDS]
    results: dict[str, float] = {}
    for seed in seeds:
        regret = played(world, policy, setting, seed).regret
        missed = np.diff(regret[:, -EARLY - 1 :], axis=1)
        results |= {
            f"early, seed {seed}": round(float(regret[:, EARLY - 1].mean()), 4),
            f"late, seed {seed}": round(float(regret[:, -1].mean()), 4),
            f"best, seed {seed}": round(float((missed == 0).mean()), 4),
        }
    return {
        "world": world,
        "policy": policy,
        "setting": setting,
        "tuning": round(float(np.mean(tried)), 4),
        **results,
    }


def tuned(table: Table, world: str, policy: str) -> dict[str, Any]:
    """Return the row of the setting that has the least regret on the seeds for tuning.

    Parameters
    ----------
    table : Table
        The stored one.
    world : str
    policy : str

    Returns
    -------
    dict

    Examples
    --------
    >>> from softmaxbook.experiments import stored
    >>> tuned(stored("exploration"), "3, far apart", "greedy")["setting"]
    0.0

    Used in the chapter *choices*.
    """
    rows = table.where(world=world, policy=policy)
    return min(rows, key=lambda row: float(row["tuning"]))


def settings() -> dict[str, Any]:
    """Return what the experiment fixed."""
    return {
        "runs with each seed": N_RUNS,
        "steps": N_STEPS,
        "seeds": list(SEEDS),
        "tuning": f"the least mean regret with the seeds {list(TUNING_SEEDS)}; {RULE}",
        "grids": {name: list(grid) for name, grid in GRIDS.items()},
    }
