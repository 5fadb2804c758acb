"""The options of a choice in an order of their own for each student."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import wraps

import numpy as np

from softmaxbook.checking import Exercise

# An option about the other options stays where it stands.
_ABOUT_OTHERS = re.compile(r"(None|Neither|Any|All|Both) of|(None|Neither|Both)\b", re.IGNORECASE)


def shuffled(exercise: Exercise, seed: int) -> Exercise:
    """Return a choice with its options in another order; solution and mistakes go with them.

    Examples
    --------
    >>> from softmaxbook.exercises import exercise
    >>> asked = exercise("what-changes-nothing").exercise
    >>> other = shuffled(asked, 3)
    >>> dict(other.options)[other.solution()] == dict(asked.options)[asked.solution()]
    True
    """
    moving = [k for k, (_, text) in enumerate(exercise.options) if not _ABOUT_OTHERS.match(text)]
    order = list(range(len(exercise.options)))
    for place, taken in zip(moving, np.random.default_rng(seed).permutation(moving), strict=True):
        order[place] = int(taken)
    letters = [letter for letter, _ in exercise.options]
    becomes = {letters[taken]: letters[place] for place, taken in enumerate(order)}

    def moved(function: Callable[..., str]) -> Callable[..., str]:
        @wraps(function)
        def letter(*given: object) -> str:
            return becomes[function(*given)]

        return letter

    return replace(
        exercise,
        options=tuple((letters[p], exercise.options[taken][1]) for p, taken in enumerate(order)),
        solution=moved(exercise.solution),
        mistakes=tuple(moved(each) for each in exercise.mistakes),
    )
