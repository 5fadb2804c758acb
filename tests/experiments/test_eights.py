"""Digits with few eights: a table that comes out again."""

import pytest

from softmaxbook.experiments import eights, stored


def test_the_table_is_whole_and_says_how_it_was_made():
    table = stored("eights")
    assert [(row["weights"],) for row in table.rows] == list(eights.cells())
    assert {key: table.provenance[key] for key in eights.settings()} == eights.settings()


@pytest.mark.parametrize("weights", ["no weights", "weights"])
def test_a_stored_cell_is_measured_again(weights):
    [row] = stored("eights").where(weights=weights)
    for name, value in eights.measure(weights, seeds=(3,)).items():
        if name != "weights":
            assert value == pytest.approx(row[name], abs=0.06), name
