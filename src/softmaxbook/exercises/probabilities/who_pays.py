"""Who pays when one score is raised?"""

import numpy as np

from softmaxbook.checking import Exercise

scores = np.array([2.0, 1.0, -1.0])


def softmax(z):
    return np.exp(z) / np.exp(z).sum()


def solution():
    before, after = softmax(scores), softmax(scores + np.array([0.5, 0.0, 0.0]))
    lost = before - after
    more = "second" if lost[1] > lost[2] else "third"
    same_part = np.isclose(lost[1] / before[1], lost[2] / before[2])
    return {("second", True): "b", ("second", False): "c"}[more, bool(same_part)]


def the_same_amount():
    """They cannot lose the same amount: a class with little has little to lose. Compare what each
    loses with what it had."""
    return "a"


def the_rich_lose_a_larger_part():
    """The second does lose more. But divide what each loses by what it had: the ratio of the two
    depends on the difference of their own scores, and these have not moved."""
    return "c"


def the_lowest_score_loses_most():
    """A low score means a small share, and a small share cannot lose much. Move the first bar above
    and watch."""
    return "d"


EXERCISE = Exercise(
    title="Who pays?",
    kind="predict",
    difficulty=1,
    opening=True,
    form="choice",
    statement="""
        The three scores are 2, 1 and −1, and only the first one is raised.
        What do the other two classes lose?
        """,
    options=(
        ("a", "Both lose the same amount."),
        ("b", "The second loses more, but both lose the same part of what they had."),
        ("c", "The second loses more, and a larger part of what it had."),
        ("d", "The third loses more, because its score is the lowest."),
    ),
    solution=solution,
    mistakes=(the_same_amount, the_rich_lose_a_larger_part, the_lowest_score_loses_most),
    hints=(
        "Raise the first score in the figure and compare the two other bars before and after.",
        "Write the ratio of the second share to the third. Which scores does it hold?",
    ),
    explanation="""
        The second loses more, because it had more.
        But both lose the same part: every other class is multiplied by the same factor, and the
        ratio between them stays where it was, since their own scores have not moved.
        That one sentence, *ratios depend on differences of scores*, is the whole of softmax, as
        is proved below.
        """,
)
