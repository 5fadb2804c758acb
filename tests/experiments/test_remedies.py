"""Remedies for wrong labels: what they are given, and a table that comes out again."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from softmaxbook.experiments import remedies, stored
from softmaxbook.learning.datasets import load


@pytest.mark.parametrize("seed", [0, 3])
def test_what_is_learnt_by_heart_is_counted_among_the_wrong_labels(seed):
    right, given = load("digits").train.labels, remedies.mislabelled(0.2, seed).labels
    assert np.mean(given != right) == pytest.approx(0.2, abs=1e-3)
    as_given, as_is = np.eye(10)[given], np.eye(10)[right]
    assert remedies.by_heart(as_given, 0.2, seed) == 1
    assert remedies.by_heart(as_is, 0.2, seed) == 0
    half = np.where(np.arange(len(right))[:, None] % 2, as_given, as_is)
    assert 0.35 < remedies.by_heart(half, 0.2, seed) < 0.65
    assert_array_equal(remedies.mislabelled(0, seed).labels, right)


def test_the_table_is_whole_and_says_how_it_was_made():
    table = stored("remedies")
    assert [(row["remedy"],) for row in table.rows] == list(remedies.cells())
    assert {key: table.provenance[key] for key in remedies.settings()} == remedies.settings()
    for row in table.rows:
        strengths = remedies.STRENGTHS[row["remedy"]]
        tries = [row[f"validation, setting {place}"] for place in range(len(strengths))]
        assert row["strength"] == strengths[int(np.argmax(tries))]


def test_every_remedy_has_as_many_strengths():
    assert len({len(strengths) for strengths in remedies.STRENGTHS.values()}) == 1


@pytest.mark.parametrize("remedy", remedies.REMEDIES)
def test_a_stored_cell_is_measured_again(remedy):
    [row] = stored("remedies").where(remedy=remedy)
    found = remedies.treated(remedy, row["strength"], 3, "test")
    for name, value in found.items():
        assert value == pytest.approx(row[f"{name}, seed 3"], abs=0.03), name


def test_a_stored_try_is_made_again():
    [row] = stored("remedies").where(remedy="label smoothing")
    for name, value in remedies.tried("label smoothing", 0.9).items():
        assert value == pytest.approx(row[f"{name}, setting 4"], abs=0.03), name
