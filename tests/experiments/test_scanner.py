"""The worn-out scanner: the source's classes, other pictures, and a table that comes out again."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from softmaxbook.experiments import by_seed, scanner, stored, tuning
from softmaxbook.learning.datasets import Part
from softmaxbook.learning.torch_networks import accuracy
from softmaxbook.transfer.backbones import load_backbone
from softmaxbook.transfer.glyphs import CLASSES, draw_glyphs


def test_scans_are_the_letters_pale_and_noisy():
    clean, labels = draw_glyphs(960, seed=30)
    train, validation, test = (
        getattr(scanner.scans(), part) for part in ("train", "validation", "test")
    )
    assert_array_equal(train.labels, labels)
    assert np.corrcoef(train.features.ravel(), clean.ravel())[0, 1] > 0.8
    assert train.features[clean > 0.9].mean() == pytest.approx(0.68, abs=0.03)
    assert train.features[clean < 0.1].mean() == pytest.approx(0.12, abs=0.03)
    for part in (train, validation, test):
        assert_array_equal(np.bincount(part.labels), [20] * len(CLASSES))
    assert not np.array_equal(train.features, test.features)
    assert not np.array_equal(validation.features, test.features)


def test_the_table_is_whole_and_says_how_it_was_made():
    table = stored("scanner")
    assert [(row["way"],) for row in table.rows] == list(scanner.cells())
    assert all(len(by_seed(row)) == len(tuning.SEEDS) for row in table.rows)
    assert {key: table.provenance[key] for key in scanner.settings()} == scanner.settings()


def test_a_stored_cell_is_measured_again():
    [row] = stored("scanner").where(way="features")
    again = scanner.measure("features", seeds=(3,))
    assert again["setting"] == row["setting"]
    assert again["seed 3"] == pytest.approx(row["seed 3"], abs=0.02)


def test_the_way_with_parameters_keeps_the_head_of_the_source():
    data = scanner.scans()
    few = Part(data.train.features[:48], data.train.labels[:48])
    score = scanner.WAYS["parameters"].run(few, 1e-9, 0)  # a rate that changes nothing but …
    untouched = accuracy(load_backbone("glyphnet"), data.test)
    assert abs(score(data.test) - untouched) < 0.3  # … the statistics
    assert score(data.test) > 10 / len(data.class_names)
