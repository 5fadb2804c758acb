"""The sources differ in what they are said to differ in, and the stored table can be made again."""

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal

from softmaxbook.experiments import sources, stored, tables, tuning
from softmaxbook.learning.datasets import Part
from softmaxbook.transfer.backbones import load_backbone
from softmaxbook.transfer.domains import domain_distance
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


def test_the_distance_takes_the_first_pictures_only():
    letters = sources.SOURCES["letters, 20 fonts"]().features
    digits = digit_pictures().train.features
    found, other = (sources.both_distances(each, digits) for each in (letters, letters[500:]))
    assert found == sources.both_distances(letters[: sources.N_COMPARED], digits)
    backbone = load_backbone("glyphnet")
    shown = letters[: sources.N_COMPARED], digits[: sources.N_COMPARED]
    assert found["distance"] == domain_distance(backbone, *shown)
    assert abs(other["distance"] - found["distance"]) > 0.004


def test_the_control_differs_from_its_random_weights_in_the_statistics_alone():
    letters = sources.SOURCES["letters, 20 fonts"]().features
    plain, shown = sources.untrained(3), sources.normalised(sources.untrained(3), letters)
    for (name, before), after in zip(plain.named_parameters(), shown.parameters(), strict=True):
        assert_array_equal(before.detach(), after.detach(), err_msg=name)
    assert not shown.training
    assert_array_equal(plain.block1.normalisation.running_mean, 0)
    assert_array_equal(plain.block1.normalisation.running_var, 1)
    # The statistics of the first layer are those of its inputs, by another way.
    with torch.no_grad():
        seen = plain.block1.convolution(torch.tensor(letters[: sources.N_SHOWN]))
    found = shown.block1.normalisation
    torch.testing.assert_close(found.running_mean, seen.mean((0, 2, 3)), atol=1e-4, rtol=1e-3)
    torch.testing.assert_close(found.running_var, seen.var((0, 2, 3)), atol=1e-3, rtol=2e-2)


def test_accuracies_by_network_share_no_draw():
    row = {f"seed {seed}": seed / 10 for seed in range(10)}
    assert_allclose(tables.by_network(row | {"networks": 5}), [(s + s + 5) / 20 for s in range(5)])
    with pytest.raises(ValueError, match="10 draws cannot be shared out to 3 networks"):
        tables.by_network(row | {"networks": 3})


def test_a_source_is_measured_with_all_its_columns():
    pictures, labels = sources.draw_glyphs(256, seed=0)
    row = sources.measure("letters, 20 fonts", (0, 1), Part(pictures, labels), epochs=1)
    assert row["classes"] == 48
    assert row["distance"] > row["pixel distance"] > 0
    assert row["LEEP"] < 0
    assert row["penalty"] > 0
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
    assert table.provenance["networks per source"] == sources.settings()["networks per source"]
    for row in table.rows:
        assert row["networks"] == sources.N_NETWORKS
        assert all(0 < row[f"seed {seed}"] <= 1 for seed in tuning.SEEDS)
