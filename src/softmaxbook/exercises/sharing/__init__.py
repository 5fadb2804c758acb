"""Exercises on the page `sharing`: trunks, ensembles, learning to learn, and what weights leak."""

# From easy to hard; the page shows them in this order.
EXERCISES = (
    "the-sure-and-the-unsure",
    "how-much-is-shared",
    "who-tells-least",
    "the-mean-of-two-logits",
    "write-the-geometric-mean",
    "mend-reptile",
    "mend-the-attack",
    "write-the-auc",
    "write-the-loss-of-two-tasks",
    "derive-the-meta-gradient",
)
