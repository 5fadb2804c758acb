"""What fine-tuning leaves of the letters: a table that comes out again."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from softmaxbook.experiments import by_seed, forgetting, stored
from softmaxbook.transfer.backbones import load_backbone
from softmaxbook.transfer.heads import build_classifier


def test_the_table_is_whole_and_says_how_it_was_made():
    table = stored("forgetting")
    assert [(row["labels"], row["plan"]) for row in table.rows] == [*forgetting.cells()]
    assert {key: table.provenance[key] for key in forgetting.settings()} == forgetting.settings()


def test_digits_are_read_as_well_as_by_the_arms():
    """They are the same runs, at another time."""
    for row in stored("forgetting").rows:
        (arm,) = stored("arms").where(target="digits", labels=row["labels"], arm=row["plan"])
        assert_allclose(by_seed(row, "digits"), by_seed(arm), atol=0.02)


def test_a_stored_cell_is_measured_again():
    (row,) = stored("forgetting").where(labels=5, plan="discriminative")
    model = forgetting.taught(5, "discriminative", seed=3)
    assert forgetting.with_fitted_head(model, row["penalty"]) == pytest.approx(
        row["fitted, seed 3"], abs=0.03
    )
    assert forgetting.with_old_head(model) == pytest.approx(row["letters, seed 3"], abs=0.05)


def test_a_backbone_that_did_not_learn_forgets_nothing():
    untouched = forgetting.with_old_head(load_backbone("glyphnet"))
    assert forgetting.with_old_head(build_classifier("glyphnet", 10)) == untouched
    for row in stored("forgetting").where(plan="head"):
        assert_array_equal(by_seed(row, "letters"), round(untouched, 4))
        assert len(np.unique(by_seed(row, "fitted"))) == 1  # the same features, whatever the draw


def test_random_weights_have_nothing_to_forget():
    found = forgetting.with_old_head(build_classifier("glyphnet", 10, weights=None))
    assert found == pytest.approx(1 / 48, abs=0.05)
    for row in stored("forgetting").where(plan="from scratch"):
        assert_allclose(by_seed(row, "letters"), 1 / 48, atol=0.05)
