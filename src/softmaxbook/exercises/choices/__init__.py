"""Exercises on the page `choices`: utilities, nests, the likelihood of choices, exploration."""

# From easy to hard; the page shows them in this order.
EXERCISES = (
    "a-second-colour",
    "the-share-of-a-rating",
    "a-temperature-from-choices",
    "which-ratio-stays",
    "the-share-of-a-nest",
    "write-epsilon-greedy",
    "write-nested-shares",
    "mend-the-slope",
    "derive-the-information",
)
