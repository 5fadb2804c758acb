"""Exploration: a table that comes out again, with as many settings for either rule."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from softmaxbook.experiments import by_seed, exploration, stored
from softmaxbook.experiments.exploration import GRIDS, N_STEPS, WORLDS, played, tuned
from softmaxbook.experiments.tuning import SEEDS, TUNING_SEEDS, beyond


@pytest.fixture(scope="module")
def table():
    return stored("exploration")


def test_the_table_is_whole_and_says_how_it_was_made(table):
    keys = ("world", "policy", "setting")
    assert [tuple(row[key] for key in keys) for row in table.rows] == list(exploration.cells())
    assert {key: table.provenance[key] for key in exploration.settings()} == exploration.settings()
    for row in table.rows:
        early, late, best = (by_seed(row, name) for name in ("early", "late", "best"))
        assert len(late) == len(SEEDS)
        assert ((early >= 0) & (early <= late) & (late <= N_STEPS)).all()
        assert ((best >= 0) & (best <= 1)).all()


def test_a_grid_is_widened_where_its_edge_was_the_best(table):
    for world in WORLDS:
        for policy, grid in GRIDS.items():
            first = [
                row for row in table.where(world=world, policy=policy) if row["setting"] in grid
            ]
            best = min(first, key=lambda row: row["tuning"])["setting"]
            further = beyond(best, grid)
            there = {row["setting"] for row in table.where(world=world, policy=policy)}
            assert there == {*grid} | ({further} if further is not None else set())


def test_both_rules_have_as_many_settings_and_other_seeds_choose():
    assert len(GRIDS["temperature"]) == len(GRIDS["epsilon-greedy"])
    assert not set(SEEDS) & set(TUNING_SEEDS)


@pytest.mark.parametrize(
    ("world", "policy", "setting"),
    [
        ("3, far apart", "temperature", 0.08),
        ("10, close together", "epsilon-greedy", 0.04),
        ("10, far apart", "blind", 0.0),
    ],
)
def test_a_stored_cell_is_measured_again(table, world, policy, setting):
    (row,) = table.where(world=world, policy=policy, setting=setting)
    again = exploration.measure(world, policy, setting, seeds=(3,))
    for name in ("tuning", "early, seed 3", "late, seed 3", "best, seed 3"):
        assert again[name] == pytest.approx(row[name], rel=1e-9, abs=1e-4), name


def missed(world, policy, setting, seed):
    """Return what an alternative falls short of the best one, for each run and alternative."""
    run = played(world, policy, setting, seed)
    steps = np.diff(run.regret, axis=1, prepend=0)
    found = np.full((len(steps), WORLDS[world][0]), np.nan)
    np.put_along_axis(found, run.arms, steps, axis=1)
    return found


@pytest.mark.parametrize("world", WORLDS)
def test_all_policies_of_a_seed_meet_the_same_chances(world):
    one, other = missed(world, "temperature", 0.01, 5), missed(world, "blind", 0.0, 5)
    assert_allclose(one, other, atol=1e-9)  # and both have tried everything
    assert (np.abs(one - missed(world, "blind", 0.0, 6)) > 1e-3).any()


@pytest.mark.parametrize("world", WORLDS)
def test_the_chosen_setting_is_the_best_on_the_tuning_seeds(table, world):
    for policy in GRIDS:
        rows = table.where(world=world, policy=policy)
        assert tuned(table, world, policy)["tuning"] == min(row["tuning"] for row in rows)


@pytest.mark.parametrize("world", WORLDS)
def test_learning_beats_blindness(table, world):
    blind = by_seed(tuned(table, world, "blind"), "late")
    for policy in ("temperature", "epsilon-greedy"):
        assert (by_seed(tuned(table, world, policy), "late") < blind).all()
