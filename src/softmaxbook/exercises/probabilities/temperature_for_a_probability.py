"""Which temperature?"""

import numpy as np

from softmaxbook.checking import Exercise, probe


def solution(gap, wanted):
    return gap / np.log(wanted / (1 - wanted))


def upside_down(gap, wanted):
    """This is 1/T. With β = 1/T the odds are exp(β · gap); T is the gap divided by the logarithm
    of the odds."""
    return np.log(wanted / (1 - wanted)) / gap


def logarithm_of_the_probability(gap, wanted):
    """You used log p. The ratio of the two probabilities is p / (1 − p), the odds, and its
    logarithm is gap / T."""
    return gap / -np.log(wanted)


def base_ten(gap, wanted):
    """The logarithm is the natural one: softmax is made of powers of e, not of 10."""
    return gap / np.log10(wanted / (1 - wanted))


def odds_without_logarithm(gap, wanted):
    """You divided by the odds. The odds are exp(gap / T): take their logarithm first."""
    return gap / (wanted / (1 - wanted))


def one_over_the_rest(gap, wanted):
    """You used 1 / (1 − p) for the odds. They are p / (1 − p)."""
    return gap / np.log(1 / (1 - wanted))


def times_the_gap(gap, wanted):
    """You multiplied by the gap. A smaller temperature is needed for a smaller gap, but T stands
    below the gap in the exponent: gap / T = log odds."""
    return gap * np.log(wanted / (1 - wanted))


EXERCISE = Exercise(
    title="Which temperature?",
    kind="predict",
    difficulty=2,
    form="number",
    digits=3,
    statement=lambda gap, wanted: (
        f"""
        Two classes; the first logit is larger by {gap:g}.
        At which temperature does the first class have the probability {wanted:g}?
        Give three significant digits.
        """
    ),
    solution=solution,
    mistakes=(
        upside_down,
        logarithm_of_the_probability,
        base_ten,
        odds_without_logarithm,
        one_over_the_rest,
        times_the_gap,
    ),
    probes=(probe("the question", 3.0, 0.8),),
    fresh=lambda rng: (float(rng.integers(4, 13)) / 2, float(rng.integers(6, 10)) / 10),
    nudge="Check: 1 / (1 + exp(−gap / T)) with your T should give the probability asked for.",
    hints=(
        "What is the ratio of the two probabilities, in terms of the gap and of T?",
        "p / (1 − p) = exp(gap / T). Solve for T.",
    ),
    explanation=lambda gap, wanted: (
        f"The odds are {wanted / (1 - wanted):.4g} = exp({gap:g} / T), so T = {gap:g} / "
        f"{np.log(wanted / (1 - wanted)):.4f}."
    ),
)
