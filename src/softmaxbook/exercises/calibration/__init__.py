"""Exercises on the page `calibration`: temperature, thresholds, calibration errors, ensembles."""

# From easy to hard; the page shows them in this order.
EXERCISES = (
    "what-the-temperature-moves",
    "two-bins",
    "which-part-for-the-temperature",
    "mend-the-ensemble",
    "write-the-threshold",
    "write-the-calibration-error",
    "derive-the-pull-on-beta",
)
