"""Exercises on the page `remedies`: label smoothing, base rates, precision and recall, weights."""

# From easy to hard; the page shows them in this order.
EXERCISES = (
    "what-smoothing-does-to-the-race",
    "the-gap-of-smoothing",
    "another-base-rate",
    "write-precision-and-recall",
    "undo-the-weights",
)
