"""Exercises on the page `finetuning`: what learns, at which rate, for how long, and who judges."""

from . import (
    derive_where_it_ends,
    mend_the_report,
    mend_the_unfreezing,
    stop_early,
    the_rate_of_a_stage,
    which_pair_of_rates,
    which_weights_have_moved,
    write_a_step_in_groups,
)

# From easy to hard; the page shows them in this order.
EXERCISES = (
    which_weights_have_moved.EXERCISE,
    the_rate_of_a_stage.EXERCISE,
    which_pair_of_rates.EXERCISE,
    mend_the_unfreezing.EXERCISE,
    mend_the_report.EXERCISE,
    stop_early.EXERCISE,
    write_a_step_in_groups.EXERCISE,
    derive_where_it_ends.EXERCISE,
)
