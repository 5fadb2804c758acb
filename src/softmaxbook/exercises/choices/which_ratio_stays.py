"""Which ratio stays?"""

import numpy as np

from softmaxbook.checking import Exercise

# Car, train, red bus, blue bus. The buses are a nest of two, car and train are nests of their own.
UTILITIES = np.array([0.4, 0.1, 0.0, 0.2])
DISSIMILARITY = 0.5
CAR, TRAIN, RED, BLUE = range(4)


def shares(utilities):
    nested = np.exp(utilities[[RED, BLUE]] / DISSIMILARITY)
    buses = nested.sum() ** DISSIMILARITY
    weights = np.append(np.exp(utilities[[CAR, TRAIN]]), buses * nested / nested.sum())
    return weights / weights.sum()


def stays(one, other):
    before = shares(UTILITIES)
    after = shares(np.where(np.arange(4) == BLUE, -np.inf, UTILITIES))
    return bool(np.isclose(before[one] / before[other], after[one] / after[other]))


ratios = {"a": (CAR, TRAIN), "b": (CAR, RED), "c": (TRAIN, RED)}


def solution():
    kept = [letter for letter, pair in ratios.items() if stays(*pair)]
    return kept[0] if len(kept) == 1 else {0: "e", len(ratios): "d"}[len(kept)]


def the_nest_loses_nothing():
    """The blue bus leaves, and most of its passengers turn to the red one, which is its like. The
    car gets fewer of them, so its ratio to the red bus falls."""
    return "b"


def another_nest_for_the_same():
    """The train is in a different nest from the red bus, and the red bus has just got the
    passengers of its like. Which two alternatives are both untouched by what happens in the nest of
    buses?"""
    return "c"


def independence_between_nests():
    """All ratios stay in softmax. Here a nest that loses a member keeps part of its share, because
    the members are alike: ratios across its border move."""
    return "d"


def nothing_stays():
    """Two alternatives outside of the nest lose and gain in proportion: their own values have not
    changed, and the sum below the line is the same for both."""
    return "e"


EXERCISE = Exercise(
    title="Which ratio stays?",
    kind="choose",
    difficulty=2,
    form="choice",
    statement=r"""
        People travel by car, by train, by the red bus or by the blue bus.
        In a nested logit model the two buses are a nest with $\lambda = 1/2$; car and train are
        each a nest of their own.
        The blue bus is taken out of service.
        Which ratio of shares is afterwards what it was before?
        """,
    options=(
        ("a", "That of car to train, and no other of these."),
        ("b", "That of car to red bus, and no other of these."),
        ("c", "That of train to red bus, and no other of these."),
        ("d", "All three: irrelevant alternatives do not matter."),
        ("e", "None of the three."),
    ),
    solution=solution,
    mistakes=(
        the_nest_loses_nothing,
        another_nest_for_the_same,
        independence_between_nests,
        nothing_stays,
    ),
    hints=(
        "Who of the passengers of the blue bus takes the red one, and who the car?",
        "Write the shares as softmax over nests times softmax within: what cancels in each ratio?",
    ),
    explanation="""
        Car and train are nests of one, so their ratio is exp of the difference of their utilities,
        whatever else is on offer.
        The inclusive value of the buses has fallen by less than the blue bus's part, so the red
        bus gains on both.
        """,
)
