"""Exercises on the page `networks`: parameters, the first loss, backpropagation."""

# From easy to hard; the page shows them in this order.
EXERCISES = (
    "what-a-silent-unit-learns",
    "count-the-parameters",
    "the-first-loss",
    "what-passes-the-relu",
    "mend-the-relu",
    "write-the-weight-gradient",
    "derive-the-first-layer",
)
