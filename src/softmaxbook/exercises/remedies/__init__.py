"""Exercises on the page `remedies`: calibration, class weights, smoothing, ensembles."""

# From easy to hard; the page shows them in this order.
EXERCISES = (
    "what-the-temperature-moves",
    "two-bins",
    "which-part-for-the-temperature",
    "undo-the-weights",
    "the-gap-of-smoothing",
    "mend-the-ensemble",
    "write-the-calibration-error",
    "derive-the-pull-on-beta",
)
