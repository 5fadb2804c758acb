"""Exercises on the page `ensembles`: several answers to one question."""

# From easy to hard; the page shows them in this order.
EXERCISES = (
    "who-turns-the-answer",
    "the-sure-and-the-unsure",
    "the-mean-of-two-logits",
    "the-spread-of-a-mean",
    "write-the-geometric-mean",
)
