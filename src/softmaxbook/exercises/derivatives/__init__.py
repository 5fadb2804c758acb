"""Exercises on the page `derivatives`: the Jacobian and its products."""

# From easy to hard; the page shows them in this order.
EXERCISES = (
    "the-others-fall",
    "how-a-probability-moves",
    "the-most-sensitive",
    "the-saturated-gradient",
    "write-the-jacobian",
    "the-log-jacobian",
    "check-a-gradient",
    "a-cotangent-through-softmax",
    "the-temperature-derivative",
    "mend-the-batched-jacobian",
)
