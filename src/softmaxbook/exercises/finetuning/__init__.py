"""Exercises on the page `finetuning`: what learns, at which rate, for how long, and who judges."""

# From easy to hard; the page shows them in this order.
EXERCISES = (
    "which-way-with-one-label",
    "which-weights-have-moved",
    "the-rate-of-a-stage",
    "which-pair-of-rates",
    "mend-the-unfreezing",
    "mend-the-report",
    "stop-early",
    "mend-the-late-optimiser",
    "write-a-step-in-groups",
    "write-parameter-groups",
    "derive-where-it-ends",
)
