"""Exercises on the page `remedies`: calibration, class weights, smoothing, ensembles."""

from . import (
    derive_the_pull_on_beta,
    mend_the_ensemble,
    the_gap_of_smoothing,
    two_bins,
    undo_the_weights,
    what_the_temperature_moves,
    which_part_for_the_temperature,
    write_the_calibration_error,
)

# From easy to hard; the page shows them in this order.
EXERCISES = (
    what_the_temperature_moves.EXERCISE,
    two_bins.EXERCISE,
    which_part_for_the_temperature.EXERCISE,
    undo_the_weights.EXERCISE,
    the_gap_of_smoothing.EXERCISE,
    mend_the_ensemble.EXERCISE,
    write_the_calibration_error.EXERCISE,
    derive_the_pull_on_beta.EXERCISE,
)
