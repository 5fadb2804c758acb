"""Exercises on the page `heads`: a new head, what fits, what is frozen, and what is not."""

# From easy to hard; the page shows them in this order.
EXERCISES = (
    "pixels-or-features",
    "what-moves-though-frozen",
    "how-many-numbers-learn",
    "the-head-of-the-source",
    "mend-the-frozen-normalisation",
    "mend-the-features",
    "put-a-new-head",
    "what-does-not-fit",
    "train-a-head",
    "derive-the-slope-at-the-features",
)
