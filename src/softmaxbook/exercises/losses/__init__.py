"""Exercises on the page `losses`: cross-entropy, its gradient, its options."""

from . import (
    derive_the_weighted_gradient,
    mend_the_binary_loss,
    the_floor_of_softmax_twice,
    the_mean_surprise,
    which_row_is_a_gradient,
    write_its_gradient,
    write_smoothed_targets,
    write_the_mean_loss,
    write_the_weighted_mean,
)

# From easy to hard; the page shows them in this order.
EXERCISES = (
    the_mean_surprise.EXERCISE,
    which_row_is_a_gradient.EXERCISE,
    write_the_mean_loss.EXERCISE,
    write_its_gradient.EXERCISE,
    the_floor_of_softmax_twice.EXERCISE,
    mend_the_binary_loss.EXERCISE,
    write_smoothed_targets.EXERCISE,
    write_the_weighted_mean.EXERCISE,
    derive_the_weighted_gradient.EXERCISE,
)
