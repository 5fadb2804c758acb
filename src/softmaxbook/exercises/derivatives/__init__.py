"""Exercises on the page `derivatives`: the Jacobian and its products."""

from . import (
    a_cotangent_through_softmax,
    how_a_probability_moves,
    mend_the_batched_jacobian,
    the_log_jacobian,
    the_most_sensitive,
    the_others_fall,
    the_saturated_gradient,
    the_temperature_derivative,
    write_the_jacobian,
)

# From easy to hard; the page shows them in this order.
EXERCISES = (
    the_others_fall.EXERCISE,
    how_a_probability_moves.EXERCISE,
    the_most_sensitive.EXERCISE,
    the_saturated_gradient.EXERCISE,
    write_the_jacobian.EXERCISE,
    the_log_jacobian.EXERCISE,
    a_cotangent_through_softmax.EXERCISE,
    the_temperature_derivative.EXERCISE,
    mend_the_batched_jacobian.EXERCISE,
)
