"""Exploration: whom to recommend when only what is recommended is learnt about."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from softmaxbook.family.gumbel import IntArray, Seed, gumbel_max
from softmaxbook.learning.labels import refuse
from softmaxbook.numerics.arrays import FloatArray, as_floats, check_axis

Policy = Callable[[FloatArray], FloatArray]


def epsilon_greedy(values: ArrayLike, epsilon: float) -> FloatArray:
    """Return the probabilities of taking the best, or with probability ε anything.

    Parameters
    ----------
    values : array_like, shape (..., n_arms)
        What each arm is believed to give.
    epsilon : float
        ε in [0, 1], spread evenly over all arms, the best included.

    Returns
    -------
    ndarray, shape (..., n_arms)
        Equally good arms share. Beside it stands softmax(values / T): there a worse arm is tried
        less often the worse it seems, here all worse ones alike.

    Raises
    ------
    TypeError
        If the values are not real numbers.
    ValueError
        If ε is not in [0, 1], there are no arms, or a value is NaN.

    Notes
    -----
    R. S. Sutton and A. G. Barto, Reinforcement Learning: An Introduction, second edition, MIT
    Press, 2018, section 2.2.

    Examples
    --------
    >>> epsilon_greedy([0.2, 0.9, 0.1, 0.3], epsilon=0.2)
    array([0.05, 0.85, 0.05, 0.05])

    Used in the chapter *choices*.
    """
    if not 0 <= epsilon <= 1:
        raise ValueError(f"epsilon must be in [0, 1], got {epsilon}")
    v = as_floats(values, "values")
    check_axis(v, -1, "values")
    refuse(v, np.isnan(v), "is no value", "values")
    best = v == v.max(axis=-1, keepdims=True)
    greedy = best / best.sum(axis=-1, keepdims=True)
    p: FloatArray = (1 - epsilon) * greedy + epsilon / v.shape[-1]
    return p


class Exploration(NamedTuple):
    """What happened in a number of runs.

    Used in the chapter *choices*.

    Parameters
    ----------
    arms : ndarray of int, shape (n_runs, n_steps)
        What was taken.
    rewards : ndarray, shape (n_runs, n_steps)
        1 for a success, 0 for none.
    regret : ndarray, shape (n_runs, n_steps)
        How many successes fewer than with the best arm from the start, in expectation and up to
        each step. It never falls.
    """

    arms: IntArray
    rewards: FloatArray
    regret: FloatArray


@np.errstate(divide="ignore")
def explore(
    means: ArrayLike, policy: Policy, n_steps: int, rng: Seed, initial: float = 1.0
) -> Exploration:
    """Let a policy choose among arms that pay 1 or 0, and learn from what it sees.

    Parameters
    ----------
    means : array_like, shape (n_runs, n_arms)
        The chances of success, in [0, 1], unknown to the policy: one row a run.
    policy : callable
        From values, shape (n_runs, n_arms), to probabilities of the same shape, such as
        ``lambda values: softmax(values, temperature=0.1)``.
    n_steps : int
        How often is chosen in each run.
    rng : numpy.random.Generator or int
        Where choices and rewards come from, or a seed.
    initial : float
        The value of an arm before it has been tried; then it is the mean of its rewards. Hope (1,
        the default) makes a policy try everything once.

    Returns
    -------
    Exploration

    Raises
    ------
    TypeError
        If the means are not real numbers.
    ValueError
        If a mean is not in [0, 1], the means are not rows, the policy gives what is no
        probability, or `n_steps` is below 1.

    Examples
    --------
    >>> from softmaxbook import softmax
    >>> means = np.tile([0.2, 0.5, 0.8], (100, 1))
    >>> cold, warm = (
    ...     explore(means, lambda values: softmax(values, temperature=t), 300, rng=0).regret[:, -1]
    ...     for t in (0.1, 10.0)
    ... )
    >>> print(cold.mean().round(1), warm.mean().round(1))
    13.2 88.5

    Used in the chapter *choices*.
    """
    chances = as_floats(means, "means").astype(np.float64)
    if chances.ndim != 2 or not chances.size:
        raise ValueError(f"means must be rows, shape (n_runs, n_arms), got {chances.shape}")
    if not ((chances >= 0) & (chances <= 1)).all():
        raise ValueError(f"means must be in [0, 1], they reach from {chances.min()} to "
                         f"{chances.max()}")  # fmt: skip
    if n_steps < 1:
        raise ValueError(f"n_steps must be at least 1, got {n_steps}")
    source, runs = np.random.default_rng(rng), np.arange(len(chances))
    tries, wins = np.zeros_like(chances), np.zeros_like(chances)
    arms = np.empty((len(chances), n_steps), np.intp)
    rewards = np.empty(arms.shape)
    for step in range(n_steps):
        values = np.where(tries > 0, wins / np.maximum(tries, 1), initial)
        p = as_floats(policy(values), "probabilities")
        refuse(p, ~(p >= 0), "is no probability", "policy(values)")
        taken = gumbel_max(np.log(p), source)
        won = source.random(len(runs)) < chances[runs, taken]
        tries[runs, taken] += 1
        wins[runs, taken] += won
        arms[:, step], rewards[:, step] = taken, won
    missed = chances.max(axis=1, keepdims=True) - np.take_along_axis(chances, arms, axis=1)
    return Exploration(arms, rewards, np.cumsum(missed, axis=1))
