"""What a rating is worth."""

import numpy as np

from softmaxbook.checking import Exercise, probe


def solution(first, second, worth):
    return 1 / (1 + np.exp(-worth * (second - first)))


def ratings_for_utilities(first, second, worth):
    """You put the ratings into softmax as they are. A star has the utility that the choices say,
    not 1: multiply the difference of the ratings by it."""
    return 1 / (1 + np.exp(-(second - first))) + 0 * worth


def divided_by_their_sum(first, second, worth):
    """You divided the rating by the sum of the ratings. That has nothing to do with choices: it
    gives nearly equal shares to any two films with good ratings."""
    return second / (first + second) + 0 * worth


def divided_by_the_worth(first, second, worth):
    """You divided by the worth of a star. That is how a temperature enters; the worth of a star is
    1/T, and multiplies."""
    return 1 / (1 + np.exp(-(second - first) / worth))


def the_other_film(first, second, worth):
    """This is the share of the first film. The second one is asked for."""
    return 1 - solution(first, second, worth)


def odds_for_the_share(first, second, worth):
    """These are the odds, the second share divided by the first. The share is odds / (1 + odds)."""
    return np.exp(worth * (second - first))


EXERCISE = Exercise(
    title="What a rating is worth",
    kind="predict",
    difficulty=1,
    form="number",
    percent=True,
    statement=lambda first, second, worth: (
        f"""
        Two films have {first:g} and {second:g} stars.
        A choice model that was fitted to what people watched says that a star more adds {worth:g}
        to the utility of a film.
        Offered these two alone, which share of the people takes the **second**?
        """
    ),
    solution=solution,
    mistakes=(
        ratings_for_utilities,
        divided_by_their_sum,
        divided_by_the_worth,
        the_other_film,
        odds_for_the_share,
    ),
    probes=(probe("the question", 3.5, 4.2, 2.5),),
    fresh=lambda rng: (
        float(rng.choice([3.0, 3.2, 3.5, 3.6])),
        float(rng.choice([4.2, 4.4, 4.5, 4.7])),
        float(rng.choice([1.5, 2.0, 2.5])),
    ),
    nudge="Check: the film with more stars has more than half, and less than all.",
    hints=(
        "How far apart are the two utilities?",
        "Softmax of two is the sigmoid of that difference.",
    ),
    explanation=lambda first, second, worth: (
        f"The utilities are {worth:g} · {second - first:.1f} = {worth * (second - first):.4g} "
        f"apart, and the sigmoid of that is {solution(first, second, worth):.4f}."
    ),
)
