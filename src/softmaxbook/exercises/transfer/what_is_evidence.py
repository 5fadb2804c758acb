"""What is evidence?"""

import numpy as np

from softmaxbook.checking import Exercise

# Accuracies with the pretrained network minus those without, in percentage points.
gaps = {
    "a": np.array([6.0]),
    "b": np.array([4.0]),  # of the best runs: one number, whose seeds have nothing in common
    "c": np.array([2.0, 1, 1, 3, 0, 2, 1, 2, -1, 1]),
    "d": np.array([20.0, -4, -5, 17, -3, -6, 19, -5, 16, -4]),
}
STUDENT_9 = 2.262  # the quantile of Student's distribution for ten values and 95 %


def signed(values):
    return ", ".join(f"{value:+g}" if value else "0" for value in values).replace("-", "−")


options = (
    ("a", f"One run of each, with the same seed: {signed(gaps['a'])}."),
    ("b", f"Ten runs of each; the best run with it against the best without: {signed(gaps['b'])}."),
    ("c", f"Ten seeds, each with and without: {signed(gaps['c'])}."),
    ("d", f"Ten seeds, each with and without: {signed(gaps['d'])}."),
)


def is_above_zero(values):
    if len(values) < 2:
        return False
    half = STUDENT_9 * np.std(values, ddof=1) / np.sqrt(len(values))
    return np.mean(values) - half > 0


def solution():
    return "".join(letter for letter, values in gaps.items() if is_above_zero(values))


def one_seed():
    """One run cannot tell the pretrained network from a lucky seed. How far do two runs with
    different seeds lie apart? Without a second one nobody knows."""
    return "a"


def best_of_ten():
    """The best of ten runs is the luckiest one, on both sides. A method whose runs scatter more has
    the better best run without being better."""
    return "b"


def largest_mean():
    """Its mean is larger, but in most runs transfer loses, and a few large values make the mean.
    The interval of the mean holds 0."""
    return "d"


EXERCISE = Exercise(
    title="What is evidence?",
    kind="choose",
    difficulty=1,
    form="choice",
    statement="""
        Four reports say that a pretrained network is better than none.
        Each gives the gain in accuracy on the test part, in percentage points.
        Which one supports what it says?
        """,
    options=options,
    solution=solution,
    mistakes=(one_seed, best_of_ten, largest_mean),
    hints=(
        "Two runs of the same method differ too. What would such a report show if nothing had been "
        "gained?",
        "Compare the mean of the gains with how much they scatter, divided by the root of their "
        "number.",
    ),
    explanation="A small gain that comes back with nearly every seed is better evidence than a "
    "large one that comes and goes.",
)
