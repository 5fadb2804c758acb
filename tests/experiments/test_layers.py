"""A head on each layer: a table that comes out again."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from softmaxbook.experiments import by_seed, layers, stored
from softmaxbook.transfer.backbones import load_backbone
from softmaxbook.transfer.heads import extract_features
from softmaxbook.transfer.targets import digit_pictures


def test_the_table_is_whole_and_says_how_it_was_made():
    table = stored("layers")
    assert [(row["target"], row["layer"]) for row in table.rows] == [*layers.cells()]
    assert {key: table.provenance[key] for key in layers.settings()} == layers.settings()


@pytest.mark.parametrize("layer", ["pixels", "block2"])
def test_a_stored_cell_is_measured_again(layer):
    (row,) = stored("layers").where(target="digits", layer=layer)
    found = layers.measure("digits", layer, seeds=(0, 1))
    assert (found["numbers"], found["penalty"]) == (row["numbers"], row["penalty"])
    for seed in (0, 1):
        assert found[f"seed {seed}"] == pytest.approx(row[f"seed {seed}"], abs=0.01)


def test_the_ends_are_the_arms_that_have_the_same_features():
    for layer, arm in (("pixels", "pixels, linear"), ("block4", "features, linear")):
        for row in stored("layers").where(layer=layer):
            (same,) = stored("arms").where(target=row["target"], labels=layers.LABELS, arm=arm)
            assert row["penalty"] == same["setting"]
            assert_allclose(by_seed(row), by_seed(same), atol=0.01)


def test_a_row_holds_all_numbers_of_its_picture():
    digits = digit_pictures().test
    rows = layers.seen(digits, "block1")
    assert_array_equal(rows.labels, digits.labels)
    inside = extract_features(load_backbone("glyphnet"), digits.features[:1], "block1")
    assert_allclose(rows.features[0], np.ravel(inside), atol=1e-6)
    assert_array_equal(layers.seen(digits, "pixels").features[5], digits.features[5].ravel())
