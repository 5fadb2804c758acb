"""Exercises on the page `regression`: boundaries, gradients, many classes from two."""

# From easy to hard; the page shows them in this order.
EXERCISES = (
    "what-the-next-millimetre-does",
    "where-is-the-boundary",
    "which-sigmoid",
    "write-the-penalised-gradient",
    "what-the-data-determine",
    "mend-one-vs-rest",
    "derive-the-logistic-hessian",
)
