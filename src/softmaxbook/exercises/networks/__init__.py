"""Exercises on the page `networks`: parameters, the first loss, backpropagation."""

from . import (
    count_the_parameters,
    derive_the_first_layer,
    mend_the_relu,
    the_first_loss,
    what_passes_the_relu,
    write_the_weight_gradient,
)

# From easy to hard; the page shows them in this order.
EXERCISES = (
    count_the_parameters.EXERCISE,
    the_first_loss.EXERCISE,
    what_passes_the_relu.EXERCISE,
    mend_the_relu.EXERCISE,
    write_the_weight_gradient.EXERCISE,
    derive_the_first_layer.EXERCISE,
)
