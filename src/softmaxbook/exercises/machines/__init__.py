"""Exercises on the page `machines`: what workers that share the classes tell each other."""

# From easy to hard; the page shows them in this order.
EXERCISES = (
    "what-has-to-be-sent",
    "one-number-for-two",
    "the-bytes-of-a-batch",
    "mend-the-merge",
    "derive-the-gradient-of-a-part",
    "write-the-loss-of-a-part",
)
