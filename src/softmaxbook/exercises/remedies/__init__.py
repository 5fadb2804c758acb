"""Exercises on the page `remedies`: label smoothing, class weights."""

# From easy to hard; the page shows them in this order.
EXERCISES = (
    "the-gap-of-smoothing",
    "undo-the-weights",
)
