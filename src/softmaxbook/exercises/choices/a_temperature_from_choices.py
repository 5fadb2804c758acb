"""A temperature from choices."""

import numpy as np

from softmaxbook.checking import Exercise, probe


def solution(gap, chosen, offered):
    return gap / np.log(chosen / (offered - chosen))


def worth_for_temperature(gap, chosen, offered):
    """This is the utility of a star, 1/T. The temperature is one over it: gap / log odds."""
    return np.log(chosen / (offered - chosen)) / gap


def logarithm_of_the_share(gap, chosen, offered):
    """You took the logarithm of the share. Divide the one count by the other first: gap / T is
    the logarithm of the odds."""
    return gap / -np.log(chosen / offered)


def share_for_the_logarithm(gap, chosen, offered):
    """You divided by the share itself. The ratio of the two counts is exp(gap / T): take its
    logarithm."""
    return gap / (chosen / offered)


def odds_without_logarithm(gap, chosen, offered):
    """You divided by the odds. They are exp(gap / T), so their logarithm is gap / T."""
    return gap / (chosen / (offered - chosen))


def base_ten(gap, chosen, offered):
    """You took the logarithm to base 10. Softmax is made of powers of e: the natural one."""
    return gap / np.log10(chosen / (offered - chosen))


def times_the_gap(gap, chosen, offered):
    """You multiplied by the gap. T stands below it: gap / T is the logarithm of the odds."""
    return gap * np.log(chosen / (offered - chosen))


EXERCISE = Exercise(
    title="A temperature from choices",
    kind="predict",
    difficulty=2,
    form="number",
    digits=3,
    statement=lambda gap, chosen, offered: (
        f"""
        Two films stand side by side, and one has {gap:g} stars more than the other.
        Of {offered} people, {chosen} take it.
        For which temperature $T$ is softmax of the stars, divided by $T$, exactly this share?
        Give three significant digits.
        """
    ),
    solution=solution,
    mistakes=(
        worth_for_temperature,
        logarithm_of_the_share,
        share_for_the_logarithm,
        odds_without_logarithm,
        base_ten,
        times_the_gap,
    ),
    probes=(probe("the question", 0.7, 80, 100),),
    fresh=lambda rng: (
        float(rng.choice([0.5, 0.6, 0.7, 0.8, 0.9])),
        int(rng.choice([60, 65, 70, 85, 90])),
        100,
    ),
    nudge="Check: softmax of the gap divided by your T, beside 0, should give the share.",
    hints=(
        "What is the ratio of the two counts, in terms of the gap and T?",
        "The logarithm of that ratio is gap / T. Solve for T.",
    ),
    explanation=lambda gap, chosen, offered: (
        f"{chosen} / {offered - chosen} = exp({gap:g} / T), so T = {gap:g} / "
        f"{np.log(chosen / (offered - chosen)):.4f} = {solution(gap, chosen, offered):.4f}."
    ),
)
