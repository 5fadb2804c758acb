"""Exercises on the page `losses`: cross-entropy, its gradient, its options."""

# From easy to hard; the page shows them in this order.
EXERCISES = (
    "what-one-more-is-worth",
    "the-mean-surprise",
    "which-row-is-a-gradient",
    "write-the-mean-loss",
    "write-its-gradient",
    "the-floor-of-softmax-twice",
    "mend-the-binary-loss",
    "write-smoothed-targets",
    "write-the-soft-loss",
    "write-the-weighted-mean",
    "derive-the-weighted-gradient",
)
