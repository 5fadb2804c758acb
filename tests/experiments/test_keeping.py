"""The old softmax layer and a new one: a table that comes out again."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from softmaxbook.experiments import by_seed, keeping, stored, tuning


def test_the_table_is_whole_and_says_how_it_was_made():
    table = stored("keeping")
    assert [(row["layer"],) for row in table.rows] == list(keeping.cells())
    assert [row["classes"] for row in table.rows] == [48, 10]
    assert {key: table.provenance[key] for key in keeping.settings()} == keeping.settings()


@pytest.mark.parametrize("layer", keeping.LAYERS)
def test_a_stored_cell_is_measured_again(layer):
    [row] = stored("keeping").where(layer=layer)
    found = keeping.taught(layer, row["setting"], seed=3)
    assert found["test"] == pytest.approx(row["test, seed 3"], abs=0.03)
    assert found["elsewhere"] == pytest.approx(row["elsewhere, seed 3"], abs=2e-4)


def test_the_chosen_rate_validates_better_than_its_neighbours():
    [row] = stored("keeping").where(layer="new")
    for rate in (row["setting"] / 3, row["setting"] * 10):
        reached = [
            keeping.taught("new", rate, seed, "validation")["validation"]
            for seed in tuning.TUNING_SEEDS
        ]
        assert np.mean(reached) <= row["validation"] + 0.005


def test_only_the_old_layer_has_room_for_what_is_no_digit():
    rows = {row["layer"]: row for row in stored("keeping").rows}
    assert_array_equal(by_seed(rows["new"], "elsewhere"), 0)
    assert keeping.taught("kept", 0.01, seed=0)["elsewhere"] > 0
