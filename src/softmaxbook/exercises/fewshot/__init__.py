"""Exercises on the page `fewshot`: learning from a handful of labels."""

# From easy to hard; the page shows them in this order.
EXERCISES = (
    "one-point-a-class",
    "mend-reptile",
    "derive-the-meta-gradient",
)
