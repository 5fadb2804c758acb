"""Which row gives nan?"""

import numpy as np

from softmaxbook.checking import Exercise

rows = {
    "a": [80.0, 70.0],
    "b": [-200.0, -201.0],
    "c": [0.0, -200.0],
    "d": [-3.0, 85.0],
}


def solution():
    bad = []
    for letter, row in rows.items():
        with np.errstate(all="ignore"):
            exponentials = np.exp(np.array(row, dtype=np.float32))
            p = exponentials / exponentials.sum()
        bad += [letter] if np.isnan(p).any() else []
    return "".join(bad)


def large_is_dangerous():
    """exp(80) is about 5.5e34, and float32 reaches 3.4e38: it is large and finite. The danger
    here comes from the other side."""
    return "a"


def one_underflow_is_enough():
    """exp(−200) is 0 in float32, but exp(0) = 1 keeps the sum away from 0: the result is (1, 0),
    which is right."""
    return "c"


def the_largest_logit_here():
    """exp(85) is about 8.2e36, still below the limit of 3.4e38 (the logit 88.7)."""
    return "d"


EXERCISE = Exercise(
    title="Which row gives nan?",
    kind="choose",
    difficulty=1,
    form="choice",
    statement="""
        `np.exp(z) / np.sum(np.exp(z))` runs in **float32**, without any shift.
        Which logits give `nan`?
        """,
    options=tuple((letter, f"`{row}`") for letter, row in rows.items()),
    solution=solution,
    mistakes=(large_is_dangerous, one_underflow_is_enough, the_largest_logit_here),
    hints=(
        "float32 overflows above a logit of 88.7 and rounds to 0 below −103.97.",
        "`nan` comes from ∞/∞ and from 0/0. In which row are *all* exponentials 0?",
    ),
    explanation="exp(−200) and exp(−201) are both 0 in float32, and 0/0 is `nan`.",
)
