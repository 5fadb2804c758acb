"""The sources differ in what they are said to differ in, and the stored table can be made again."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from softmaxbook.experiments import sources, stored, tuning
from softmaxbook.experiments.arms import TARGETS
from softmaxbook.learning.datasets import Part
from softmaxbook.transfer.targets import digit_pictures


def test_every_source_is_as_long_and_has_its_own_lesson():
    plain = sources.SOURCES["letters, 20 fonts"]()
    assert len(plain.labels) == sources.N_PICTURES
    turned = sources.SOURCES["letters, turned"]()
    assert_array_equal(turned.features[0, 0], np.rot90(plain.features[0, 0]))
    assert_array_equal(sources.SOURCES["letters, negative"]().features, 1 - plain.features)
    wrong = sources.SOURCES["letters, wrong labels"]()
    assert_array_equal(wrong.features, plain.features)
    assert np.mean(wrong.labels == plain.labels) < 0.05
    assert len(np.unique(sources.SOURCES["letters, 2 classes"]().labels)) == 2
    assert len(sources.SOURCES["textures"]().labels) == sources.N_PICTURES


def test_one_target_has_one_distance_in_the_whole_book():
    """The distance that the pages tell of the digits is the one in the stored table."""
    letters = sources.SOURCES["letters, 20 fonts"]().features
    found = {
        name: sources.both_distances(letters, make().train.features)
        for name, make in TARGETS.items()
    }
    (row,) = stored("sources").where(source="letters, 20 fonts")
    for name, distance in found["digits"].items():
        assert distance == pytest.approx(row[name], abs=0.002), name
    far = [found[name]["distance"] for name in TARGETS]
    assert list(np.diff(far) > 0.2) == [True] * (len(far) - 1)
    other = sources.both_distances(letters[500:], digit_pictures().train.features)
    assert abs(other["distance"] - row["distance"]) > 0.004


def test_a_source_is_measured_with_all_its_columns():
    pictures, labels = sources.draw_glyphs(256, seed=0)
    row = sources.measure("letters, 20 fonts", (0, 1), Part(pictures, labels), epochs=1)
    assert row["classes"] == 48
    assert row["distance"] > row["pixel distance"] > 0
    assert row["LEEP"] < 0
    assert row["penalty"] in sources.PENALTIES
    assert 0.3 < row["seed 0"] < 1
    assert "seed 2" not in row


def test_the_stored_row_of_the_untrained_network_comes_out_again():
    (row,) = stored("sources").where(source=sources.UNTRAINED)
    again = sources.measure(sources.UNTRAINED, (0, 1, 2))
    for name in ("LogME", "penalty", "seed 0", "seed 1", "seed 2"):
        assert again[name] == pytest.approx(row[name], abs=0.006), name


def test_the_stored_table_is_complete():
    table = stored("sources")
    assert [(row["source"],) for row in table.rows] == list(sources.cells())
    assert table.provenance["networks per source"] == sources.N_NETWORKS
    for row in table.rows:
        assert all(0 < row[f"seed {seed}"] <= 1 for seed in tuning.SEEDS)
