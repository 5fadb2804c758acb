"""Exercises on the page `transfer`: what is transferred, and how to tell that it helped."""

from . import (
    derive_the_pull_to_the_source,
    mend_the_interval,
    standardise_by_the_training_part,
    what_is_evidence,
    where_the_curves_meet,
    who_notices_the_shuffle,
)

# From easy to hard; the page shows them in this order.
EXERCISES = (
    who_notices_the_shuffle.EXERCISE,
    where_the_curves_meet.EXERCISE,
    what_is_evidence.EXERCISE,
    standardise_by_the_training_part.EXERCISE,
    mend_the_interval.EXERCISE,
    derive_the_pull_to_the_source.EXERCISE,
)
