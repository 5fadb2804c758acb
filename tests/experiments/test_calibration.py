"""Calibration seed by seed: what is judged, and a table that comes out again."""

import numpy as np
import pytest

from softmaxbook.experiments import calibration, stored
from softmaxbook.numerics.probabilities import softmax


def test_the_table_is_whole_and_says_how_it_was_made():
    table = stored("calibration")
    assert [(row["network"],) for row in table.rows] == list(calibration.cells())
    assert {key: table.provenance[key] for key in calibration.settings()} == calibration.settings()


@pytest.mark.parametrize("network", ["right labels", "a fifth wrong, weight decay"])
def test_a_stored_cell_is_measured_again(network):
    [row] = stored("calibration").where(network=network)
    found = calibration.measure(network, seeds=(3,))
    for name, value in found.items():
        if name not in ("network", "T, seed 3", "lead, seed 3"):
            assert value == pytest.approx(row[name], abs=0.03), name
    assert found["T, seed 3"] == pytest.approx(row["T, seed 3"], rel=0.1)
    assert found["lead, seed 3"] == pytest.approx(row["lead, seed 3"], rel=0.05)


def test_a_model_that_tells_the_truth_has_the_error_of_chance_alone():
    rng = np.random.default_rng(0)
    logits = rng.normal(scale=2, size=(4000, 4))
    labels = (softmax(logits).cumsum(axis=-1) < rng.random((4000, 1))).sum(axis=-1)
    found = calibration.judged(logits, labels)
    assert found["ECE"] == pytest.approx(found["chance"], abs=0.01)
    hot = calibration.judged(logits, labels, temperature=0.3)
    assert hot["ECE"] > hot["chance"] + 0.1
    assert hot["loss"] > found["loss"]


def test_a_lead_does_not_see_a_shift_and_grows_with_the_scale():
    rng = np.random.default_rng(1)
    logits, labels = rng.normal(size=(20, 5)), rng.integers(5, size=20)
    lead = calibration.mean_lead(logits, labels)
    assert calibration.mean_lead(logits + rng.normal(size=(20, 1)), labels) == pytest.approx(lead)
    assert calibration.mean_lead(3 * logits, labels) == pytest.approx(3 * lead)
