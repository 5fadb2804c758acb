"""Exercises on the page `sharing`: several tasks on one body."""

# From easy to hard; the page shows them in this order.
EXERCISES = (
    "what-a-second-label-moves",
    "how-much-is-shared",
    "write-the-loss-of-two-tasks",
)
