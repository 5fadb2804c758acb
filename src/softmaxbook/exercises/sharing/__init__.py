"""Exercises on the page `sharing`: trunks, ensembles, learning to learn, and what weights leak."""

from . import (
    derive_the_meta_gradient,
    how_much_is_shared,
    mend_reptile,
    mend_the_attack,
    the_mean_of_two_logits,
    the_sure_and_the_unsure,
    who_tells_least,
    write_the_auc,
    write_the_geometric_mean,
    write_the_loss_of_two_tasks,
)

# From easy to hard; the page shows them in this order.
EXERCISES = (
    the_sure_and_the_unsure.EXERCISE,
    how_much_is_shared.EXERCISE,
    who_tells_least.EXERCISE,
    the_mean_of_two_logits.EXERCISE,
    write_the_geometric_mean.EXERCISE,
    mend_reptile.EXERCISE,
    mend_the_attack.EXERCISE,
    write_the_auc.EXERCISE,
    write_the_loss_of_two_tasks.EXERCISE,
    derive_the_meta_gradient.EXERCISE,
)
