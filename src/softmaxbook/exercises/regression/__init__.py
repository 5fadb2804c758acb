"""Exercises on the page `regression`: boundaries, gradients, many classes from two."""

from . import (
    derive_the_logistic_hessian,
    mend_one_vs_rest,
    what_the_data_determine,
    where_is_the_boundary,
    which_sigmoid,
    write_the_penalised_gradient,
)

# From easy to hard; the page shows them in this order.
EXERCISES = (
    where_is_the_boundary.EXERCISE,
    which_sigmoid.EXERCISE,
    write_the_penalised_gradient.EXERCISE,
    what_the_data_determine.EXERCISE,
    mend_one_vs_rest.EXERCISE,
    derive_the_logistic_hessian.EXERCISE,
)
