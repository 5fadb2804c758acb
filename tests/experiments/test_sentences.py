"""Which part is a sentence from: a table that comes out again."""

import pytest

from softmaxbook.experiments import by_seed, sentences, stored
from softmaxbook.experiments.tuning import SEEDS, beyond

TABLE = stored("sentences")


def test_the_table_is_whole_and_says_how_it_was_made():
    assert [(row["labels"], row["arm"]) for row in TABLE.rows] == list(sentences.cells())
    assert {key: TABLE.provenance[key] for key in sentences.settings()} == sentences.settings()
    assert len(SEEDS) >= 10
    for row in TABLE.rows:
        assert len(by_seed(row)) == len(SEEDS)
        grid = sentences.ARMS[row["arm"]].settings
        assert row["setting"] in (*grid, beyond(min(grid), grid), beyond(max(grid), grid))


def test_every_arm_has_as_many_settings():
    assert {len(arm.settings) for arm in sentences.ARMS.values()} == {4}


@pytest.mark.parametrize("arm", ["bag of words", "adapter"])
def test_a_stored_cell_is_measured_again(arm, monkeypatch):
    [row] = TABLE.where(labels=20, arm=arm)
    only = sentences.ARMS[arm]._replace(settings=(row["setting"],))
    monkeypatch.setitem(sentences.ARMS, arm, only)
    found = sentences.measure(20, arm, seeds=(3,))
    assert found["seed 3"] == pytest.approx(row["seed 3"], abs=0.02)
    assert found["validation"] == pytest.approx(row["validation"], abs=0.02)
