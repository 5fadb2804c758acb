"""The worn-out scanner: the source's classes, other pictures, and a table that comes out again."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from softmaxbook.experiments import by_seed, scanner, stored
from softmaxbook.transfer.glyphs import CLASSES, draw_glyphs


def test_scans_are_the_letters_pale_and_noisy():
    clean, labels = draw_glyphs(960, seed=30)
    train, test = scanner.scans()
    assert_array_equal(train.labels, labels)
    assert np.corrcoef(train.features.ravel(), clean.ravel())[0, 1] > 0.8
    assert train.features[clean > 0.9].mean() == pytest.approx(0.68, abs=0.03)
    assert train.features[clean < 0.1].mean() == pytest.approx(0.12, abs=0.03)
    for part in (train, test):
        assert_array_equal(np.bincount(part.labels), [20] * len(CLASSES))
    assert not np.array_equal(train.features, test.features)


def test_the_table_is_whole_and_says_how_it_was_made():
    table = stored("scanner")
    assert [(row["way"],) for row in table.rows] == list(scanner.cells())
    assert all(len(by_seed(row)) == len(scanner.SEEDS) for row in table.rows)
    assert {key: table.provenance[key] for key in scanner.settings()} == scanner.settings()


@pytest.mark.parametrize("way", ["features", "parameters"])
def test_a_stored_cell_is_measured_again(way):
    [row] = stored("scanner").where(way=way)
    assert scanner.measure(way, seeds=(3,))["seed 3"] == pytest.approx(row["seed 3"], abs=0.02)
