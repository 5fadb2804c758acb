"""Exercises on the page `membership`: what a network gives away about its data."""

# From easy to hard; the page shows them in this order.
EXERCISES = (
    "names-alone",
    "who-tells-least",
    "mend-the-attack",
    "write-the-auc",
)
