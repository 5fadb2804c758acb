"""Exercises on the page `overflow`: thresholds, shifts, logarithms."""

from . import (
    a_shift_of_the_log_sum,
    break_the_log_of_softmax,
    log_sum_of_equals,
    merge_two_sums,
    what_does_it_print,
    where_exp_overflows,
    where_the_sum_overflows,
    which_row_gives_nan,
    write_log_softmax,
    write_log_sum_exp,
    write_softplus,
)

# From easy to hard; the page shows them in this order.
EXERCISES = (
    what_does_it_print.EXERCISE,
    where_exp_overflows.EXERCISE,
    which_row_gives_nan.EXERCISE,
    a_shift_of_the_log_sum.EXERCISE,
    log_sum_of_equals.EXERCISE,
    write_log_sum_exp.EXERCISE,
    write_log_softmax.EXERCISE,
    where_the_sum_overflows.EXERCISE,
    break_the_log_of_softmax.EXERCISE,
    write_softplus.EXERCISE,
    merge_two_sums.EXERCISE,
)
