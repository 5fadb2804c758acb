"""Exercises on the page `overflow`: thresholds, shifts, logarithms."""

# From easy to hard; the page shows them in this order.
EXERCISES = (
    "what-does-it-print",
    "where-exp-overflows",
    "which-row-gives-nan",
    "a-shift-of-the-log-sum",
    "log-sum-of-equals",
    "write-log-sum-exp",
    "write-log-softmax",
    "where-the-sum-overflows",
    "break-the-log-of-softmax",
    "write-softplus",
    "merge-two-sums",
)
