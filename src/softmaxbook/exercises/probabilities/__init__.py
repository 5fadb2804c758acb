"""Exercises on the page `probabilities`: the definition, its properties, temperature, entropy."""

from . import (
    a_temperature,
    entropy_with_zeros,
    logits_from_probabilities,
    mend_the_batch_program,
    softmax_by_hand,
    softmax_of_a_batch,
    softmax_of_one_vector,
    temperature_for_a_probability,
    what_changes_nothing,
    who_pays,
)

# From easy to hard; the page shows them in this order.
EXERCISES = (
    who_pays.EXERCISE,
    softmax_by_hand.EXERCISE,
    what_changes_nothing.EXERCISE,
    softmax_of_one_vector.EXERCISE,
    softmax_of_a_batch.EXERCISE,
    a_temperature.EXERCISE,
    temperature_for_a_probability.EXERCISE,
    logits_from_probabilities.EXERCISE,
    mend_the_batch_program.EXERCISE,
    entropy_with_zeros.EXERCISE,
)
