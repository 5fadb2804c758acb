"""Exercises on the page `heads`: a new head, what fits, what is frozen, and what is not."""

from . import (
    derive_the_slope_at_the_features,
    how_many_numbers_learn,
    mend_the_features,
    mend_the_frozen_normalisation,
    the_head_of_the_source,
    train_a_head,
    what_does_not_fit,
    what_moves_though_frozen,
)

# From easy to hard; the page shows them in this order.
EXERCISES = (
    what_moves_though_frozen.EXERCISE,
    how_many_numbers_learn.EXERCISE,
    the_head_of_the_source.EXERCISE,
    mend_the_frozen_normalisation.EXERCISE,
    mend_the_features.EXERCISE,
    what_does_not_fit.EXERCISE,
    train_a_head.EXERCISE,
    derive_the_slope_at_the_features.EXERCISE,
)
