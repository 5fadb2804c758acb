"""How far the targets are from the letters: a table that comes out again."""

import numpy as np
import pytest

from softmaxbook.experiments import distances, stored


def test_the_table_is_whole_and_says_how_it_was_made():
    table = stored("distances")
    assert [(row["target"],) for row in table.rows] == [*distances.cells()]
    assert {key: table.provenance[key] for key in distances.settings()} == distances.settings()


def test_targets_stand_from_near_to_far():
    assert (np.diff([row["distance"] for row in stored("distances").rows]) > 0.2).all()


@pytest.mark.parametrize("target", ["digits", "textures"])
def test_a_stored_cell_is_measured_again(target):
    (row,) = stored("distances").where(target=target)
    assert distances.measure(target) == pytest.approx(row, abs=0.002)


def test_one_target_has_one_distance_in_the_whole_book():
    (source,) = stored("sources").where(source=distances.SOURCE)
    (row,) = stored("distances").where(target="digits")
    for name in ("distance", "pixel distance"):
        assert row[name] == pytest.approx(source[name], abs=0.002)
