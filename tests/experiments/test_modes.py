"""A frozen body in two modes: a table that comes out again, and what moves in which."""

import pytest
from numpy.testing import assert_array_equal

from softmaxbook.experiments import by_seed, modes, stored
from softmaxbook.experiments.arms import TARGETS
from softmaxbook.learning.torch_networks import accuracy
from softmaxbook.transfer.backbones import load_backbone
from softmaxbook.transfer.freezing import changed, fingerprint
from softmaxbook.transfer.targets import few_labels


def taught(mode, rate, seed, target="digits"):
    data = TARGETS[target]()
    few = few_labels(data.train, modes.LABELS, seed)
    return modes.taught(mode, few, data.test, rate, seed), data.test


def test_the_table_is_whole_and_says_how_it_was_made():
    table = stored("modes")
    assert [(row["target"], row["mode"]) for row in table.rows] == [*modes.cells()]
    assert {key: table.provenance[key] for key in modes.settings()} == modes.settings()


@pytest.mark.parametrize("target", modes.ON)
@pytest.mark.parametrize("mode", modes.MODES)
def test_a_stored_cell_is_measured_again(target, mode):
    (row,) = stored("modes").where(target=target, mode=mode)
    found, test = taught(mode, row["setting"], 3, target)
    assert accuracy(found.model, test) == pytest.approx(row["test, seed 3"], abs=0.03)
    assert found.moved == pytest.approx(row["moved, seed 3"], abs=0.02)


def test_only_training_mode_moves_statistics_and_neither_moves_weights():
    before = fingerprint(load_backbone("glyphnet"))
    for mode in modes.MODES:
        found, _ = taught(mode, 0.01, seed=1)
        moved = {n for n in changed(before, fingerprint(found.model)) if not n.startswith("fc.")}
        assert all("running" in name or "num_batches" in name for name in moved)
        assert bool(moved) == (mode == "training") == (found.moved > 0.1)
    for row in stored("modes").where(mode="evaluation"):
        assert_array_equal(by_seed(row, "moved"), 0)
