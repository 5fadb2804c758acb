"""The grid of rates: whole, measured again in part, and equal to the arms where the two meet."""

import pytest
from numpy.testing import assert_array_equal

from softmaxbook.experiments import by_seed, rates, stored


@pytest.fixture(scope="module")
def table():
    return stored("rates")


def test_every_cell_is_there_once_in_order(table):
    keys = ("target", "labels", "head rate", "body rate")
    assert [tuple(row[key] for key in keys) for row in table.rows] == list(rates.cells())
    assert all(len(by_seed(row)) == len(rates.SEEDS) for row in table.rows)
    assert all(0 <= score <= 1 for row in table.rows for score in by_seed(row))


@pytest.mark.parametrize("body_rate", [0.0, 0.01])
def test_a_cell_measured_again_is_the_stored_one(table, body_rate):
    cell = ("digits", 5, 0.03, body_rate)
    again = rates.measure(*cell, seeds=rates.SEEDS[:1])
    keys = ("target", "labels", "head rate", "body rate")
    (row,) = table.where(**dict(zip(keys, cell, strict=True)))
    # Another build of PyTorch may round a few pictures to the other side.
    assert again["seed 0"] == pytest.approx(row["seed 0"], abs=0.02)
    assert {*again} - {*row} == set()


@pytest.mark.parametrize("arm", ["head", "all layers"])
def test_the_grid_holds_the_arms_that_chose_one_of_its_rates(table, arm):
    met = 0
    for row in stored("arms").rows:
        rate = row["setting"]
        body = 0.0 if arm == "head" else rate
        wanted = {"target": row["target"], "labels": row["labels"], "head rate": rate}
        here = [r for r in table.rows if r.items() >= {**wanted, "body rate": body}.items()]
        if row["arm"] == arm and here:
            met += 1
            assert_array_equal(by_seed(here[0]), by_seed(row)[: len(rates.SEEDS)])
    assert met == 2 * len(rates.LABELS)
