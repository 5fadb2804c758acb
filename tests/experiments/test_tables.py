"""Stored tables: read back as written, gone on with, and measured again."""

import re
import signal
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from softmaxbook import experiments
from softmaxbook.experiments import __main__ as command
from softmaxbook.experiments import arms, by_seed, measuring, stored, tables, tuning
from softmaxbook.learning.datasets import Part
from softmaxbook.transfer.targets import digit_pictures

rows_of_cells = st.lists(
    st.builds(
        lambda target, labels, right: {"target": target, "labels": labels, "seed 0": right},
        st.sampled_from(["digits", "digits, 50% moved", "Greek “letters”"]),
        st.integers(1, 50),
        st.floats(0, 1),
    ),
    min_size=1,
    max_size=8,
)


# what is written is read


@settings(max_examples=25)
@given(rows_of_cells)
def test_rows_are_read_back_as_they_were_written(tmp_path_factory, rows):
    file = tmp_path_factory.mktemp("tables") / "some.csv"
    assert tables.read_rows(file) == []
    for n in range(1, len(rows) + 1):
        tables.write(file, rows[:n])
        assert tables.read_rows(file) == rows[:n]
    tables.write(file, rows[::-1])
    assert tables.read_rows(file) == rows[::-1]
    assert [*file.parent.iterdir()] == [file]


@given(rows_of_cells, st.randoms(use_true_random=False))
def test_keys_in_another_order_come_under_their_own_names(tmp_path_factory, rows, random):
    file = tmp_path_factory.mktemp("tables") / "some.csv"
    tables.write(file, [dict(random.sample([*row.items()], len(row))) for row in rows])
    assert tables.read_rows(file) == rows


@pytest.mark.parametrize("other", [{"arm": "all"}, {"arm": "all", "labels": 1, "seed 0": 1}])
def test_rows_with_other_columns_are_refused_and_the_old_table_stays(tmp_path, other):
    file, row = tmp_path / "some.csv", {"arm": "head", "labels": 1}
    tables.write(file, [row])
    with pytest.raises(
        ValueError, match=r"all rows of some\.csv .* only some have \['(labels|seed 0)'\]"
    ):
        tables.write(file, [row, other])
    assert tables.read_rows(file) == [row]


@pytest.mark.parametrize("name", sorted(command.EXPERIMENTS))
def test_stored_tables_are_written_as_they_stand(tmp_path, name):
    there = tables.RESULTS / f"{name}.csv"
    tables.write(tmp_path / "again.csv", tables.read_rows(there))
    assert (tmp_path / "again.csv").read_bytes() == there.read_bytes()


# what a kill leaves

KILLED = """
import os, signal, sys
from pathlib import Path
from softmaxbook.experiments import tables

def kill(*arguments):
    os.kill(os.getpid(), signal.SIGKILL)

class Deadly:
    __str__ = kill

file, moment = Path(sys.argv[1]), sys.argv[2]
rows = [{"letter": "a", "value": float(k)} for k in range(50)]
if moment == "a row":
    rows[30]["value"] = Deadly()
elif moment == "the file":  # half of it is there
    def torn(part, text, **options):
        with part.open("w", **options) as lines:
            lines.write(text[: len(text) // 2])
        kill()
    Path.write_text = torn
else:
    Path.replace = kill
tables.write(file, rows)
"""


@pytest.mark.parametrize("moment", ["a row", "the file", "the exchange"])
def test_a_kill_in_the_middle_of_writing_loses_nothing(tmp_path, moment):
    file = tmp_path / "some.csv"
    old = [{"letter": "a", "value": float(k)} for k in range(49)]
    tables.write(file, old)
    done = subprocess.run([sys.executable, "-c", KILLED, file, moment], check=False)
    assert done.returncode == -signal.SIGKILL
    assert len([*tmp_path.iterdir()]) == (1 if moment == "a row" else 2)
    assert tables.read_rows(file) == old
    tables.write(file, old[:1])  # what the kill left is in nobody's way
    assert tables.read_rows(file) == old[:1]
    assert [*tmp_path.iterdir()] == [file]


WHOLE = 'target,labels,seed 0\n"digits, 50% moved",1.0,0.75\nGreek “letters”,2.0,0.625\n'


@pytest.mark.parametrize(
    ("text", "line", "delete"),
    [
        (WHOLE[:-3], 3, "that line"),  # the last number lost digits
        (WHOLE[:-1], 3, "that line"),
        (WHOLE + '"digits, 1', 4, "that line"),
        (WHOLE + "digits,5.0", 4, "that line"),
        (WHOLE + "digits,5.0\n", 4, "that line"),
        (WHOLE.replace(",0.75\n", ","), 2, "that line"),  # gone on with on the same line
        (WHOLE.replace('moved"', "moved"), 2, "that line"),  # the quotes never close
        (WHOLE + 'digits,"5.0"1,0.5\n', 4, "that line"),
        ("target,lab", 1, "the file"),
        ("", 1, "the file"),
    ],
)
def test_a_torn_table_names_the_line_and_what_to_do(tmp_path, text, line, delete):
    file = tmp_path / "arms.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match="is damaged") as caught:
        tables.read_rows(file)
    said = str(caught.value)
    assert said.startswith(f"line {line} of {file} is damaged (")
    assert f"delete {delete}, and python -m softmaxbook.experiments arms measures again" in said


def test_a_letter_torn_in_the_middle_is_a_torn_line(tmp_path):
    file, whole = tmp_path / "arms.csv", WHOLE.encode()
    torn = whole[: whole.index("“".encode()) + 1]
    file.write_bytes(torn)
    with pytest.raises(ValueError, match=r"line 3 of .* is damaged"):
        tables.read_rows(file)
    file.write_text(WHOLE, encoding="utf-8")
    assert len(tables.read_rows(file)) == 2


def test_rows_are_found_by_their_values():
    table = experiments.Table(
        "some", ({"arm": "head", "labels": 1.0}, {"arm": "all", "labels": 1.0}), {}
    )
    assert table.where(labels=1) == [*table.rows]
    assert table.where(labels=1, arm="all") == [table.rows[1]]
    with pytest.raises(LookupError, match=r"no row of some has .* there are .*'all', 'head'"):
        table.where(arm="nobody")


def test_what_a_row_holds_for_each_seed_comes_in_the_order_of_the_seeds():
    row = {"arm": "head", "seed 10": 0.3, "seed 2": 0.2, "seed 0": 0.1, "seconds": 9.0}
    others = {"AUC, seed 1": 0.5, "AUC, seed 0": 0.4, "seeded": 7.0, "seed of": 8.0}
    assert_array_equal(by_seed({**row, **others}), [0.1, 0.2, 0.3])
    assert_array_equal(by_seed({**row, **others}, "AUC"), [0.4, 0.5])
    assert_array_equal(by_seed({"right (%), seed 0": 1}, "right (%)"), [1.0])


@pytest.mark.parametrize("name", ["", "accuracy", "AU"])
def test_a_row_without_seeds_says_what_it_has(name):
    row = {"seed": 3.0, "way": "Reptile", "AUC, seed 0": 0.5, "AUC, seed 1": 0.5}
    wanted = re.escape(f"{name}, seed 0" if name else "seed 0")
    with pytest.raises(LookupError, match=rf"under '{wanted}'.*'way', 'AUC, seed …'\]"):
        by_seed(row, name)


@pytest.mark.parametrize(
    ("name", "of"),
    [
        ("arms", ""),
        ("rates", ""),
        ("sources", ""),
        ("sharing", ""),
        ("sharing", "partner"),
        ("membership", "AUC"),
        ("keeping", "test"),
        ("remedies", "by heart"),
        ("scanner", ""),
    ],
)
def test_stored_rows_hold_the_seeds_that_their_provenance_names(name, of):
    table = stored(name)
    for row in table.rows:
        start = f"{of}, seed " if of else "seed "
        expected = [row[f"{start}{seed}"] for seed in table.provenance["seeds"]]
        assert_array_equal(by_seed(row, of), expected)


def test_a_table_that_is_not_there_names_its_command():
    with pytest.raises(FileNotFoundError, match=r"softmaxbook\.experiments absent makes"):
        stored("absent")


# running and going on


def cells():
    yield from (("a", "1"), ("a", "2"), ("b", "1"))


def square(letter, number):
    return {"letter": letter, "number": number, "value": ord(letter) * int(number)}


def failing(letter, number):
    raise ArithmeticError("a cell that must not be measured twice")


def failing_at_the_last(letter, number):
    return square(letter, number) if letter == "a" else failing(letter, number)


def only_the_last(letter, number):
    return square(letter, number) if letter == "b" else failing(letter, number)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for module in (tables, command):
        monkeypatch.setattr(module, "RESULTS", tmp_path)

    def register(measure):
        toy = measuring.Experiment(("letter", "number"), cells, measure, lambda: {"seeds": [0]})
        monkeypatch.setitem(measuring.EXPERIMENTS, "toy", toy)

    register(square)
    return tmp_path, register


def test_a_run_goes_on_where_it_was_stopped_and_measures_nothing_twice(folder, monkeypatch):
    path, register = folder
    monkeypatch.setattr(tables, "value_in", str)  # the toy's numbers are names
    tables.write(path / "toy.csv", [{"number": "1", "letter": "b", "value": "found"}])
    command.run("toy", workers=1)
    rows = stored("toy").rows
    assert [(row["letter"], row["number"]) for row in rows] == [*cells()]
    assert [row["value"] for row in rows] == ["97", "194", "found"]
    assert stored("toy").provenance["command"] == "python -m softmaxbook.experiments toy"
    register(failing)
    command.run("toy", workers=1)
    assert stored("toy").rows == rows


def test_a_cell_that_fails_takes_nothing_with_it(folder, monkeypatch):
    path, register = folder
    monkeypatch.setattr(tables, "value_in", str)
    register(failing_at_the_last)
    with pytest.raises(ArithmeticError):
        command.run("toy", workers=1)
    assert [row["value"] for row in tables.read_rows(path / "toy.csv")] == ["97", "194"]
    register(only_the_last)
    command.run("toy", workers=1)
    assert [row["value"] for row in stored("toy").rows] == ["97", "194", "98"]


def test_a_torn_table_is_not_gone_on_with(folder):
    path, _ = folder
    path.joinpath("toy.csv").write_text("letter,number,value\na,1,9", encoding="utf-8")
    with pytest.raises(ValueError, match=r"line 2 of .*toy\.csv is damaged"):
        command.run("toy", workers=1)
    assert [*path.iterdir()] == [path / "toy.csv"]


def test_the_command_says_what_it_does():
    done = subprocess.run(
        [sys.executable, "-m", "softmaxbook.experiments", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "measure what is missing in the stored tables" in " ".join(done.stdout.split())


# tuning


def test_the_best_setting_is_the_first_of_the_best_means_over_the_seeds_of_tuning():
    asked = []

    def validated(setting, seed):
        asked.append((setting, seed))
        return {1: 0.5, 2: 0.75, 3: 0.75, 4: 0.5}[setting] + (0.125 if seed == 100 else -0.125)

    assert tuning.best_setting((1, 2, 3, 4), validated) == (2, 0.75)
    assert asked == [(n, seed) for n in (1, 2, 3, 4) for seed in tuning.TUNING_SEEDS]


@pytest.mark.parametrize(("sign", "edge", "further"), [(1, 0.3, 0.9), (-1, 0.01, 0.003)])
@pytest.mark.parametrize("better", [1e-9, 0.0, -1e-9])
def test_a_grid_whose_best_is_an_edge_is_widened_once(sign, edge, further, better):
    grid, asked = (0.01, 0.03, 0.1, 0.3), []

    def validated(setting, seed):
        asked.append((setting, seed))
        return sign * (edge if setting == further else setting) + better * (setting == further)

    chosen, reached = tuning.best_setting(grid, validated)
    assert asked == [(n, seed) for n in (*grid, further) for seed in tuning.TUNING_SEEDS]
    assert chosen == (further if better > 0 else edge)  # a tie stays inside the grid
    assert reached == pytest.approx(sign * edge)
    assert tuning.at_edge(chosen, grid) == (better > 0)


@pytest.mark.parametrize("grid", [(0.003, 0.01, 0.03), (100.0, 10.0, 1.0), (2, 4, 8), (1.0, 2.0)])
def test_beyond_an_edge_is_a_step_of_the_grid(grid):
    small, large = min(grid), max(grid)
    below, above = tuning.beyond(small, grid), tuning.beyond(large, grid)
    assert 0 < below < small < large < above
    steps = np.diff(np.log([below, *sorted(grid), above]))
    np.testing.assert_allclose(steps, steps.mean(), atol=0.3)  # up to the rounding to one digit
    assert all(tuning.beyond(each, grid) is None for each in grid if small < each < large)


def test_nothing_lies_beyond_zero_or_a_single_setting():
    assert tuning.beyond(0.0, (0.0, 0.1, 0.2)) is None
    assert tuning.beyond(-1.0, (-1.0, 0.1, 0.2)) is None
    assert tuning.beyond(0.1, (0.0, 0.1)) is None
    assert tuning.beyond(0.1, (0.1,)) is None
    assert tuning.best_setting((0.0, 0.1), lambda setting, seed: -setting) == (0.0, 0.0)


# the experiment of the arms


def test_every_arm_has_the_same_budget_and_no_draw_is_tuned_and_measured():
    assert {len(set(arm.settings)) for arm in arms.ARMS.values()} == {4}
    assert len(set(tuning.SEEDS)) >= 10
    assert not set(tuning.SEEDS) & set(tuning.TUNING_SEEDS)
    planned = [*arms.cells()]
    assert len(planned) == len(set(planned))
    for target in arms.TARGETS:
        for labels in arms.LABELS:
            found = {arm for *place, arm in planned if place == [target, labels]}
            assert found >= {"from scratch", "pixels, linear", "features, linear", "all layers"}
            assert ("from scratch, longer" in found) == (labels in arms.LONGER_LABELS)
            ways = {*arms.ARMS} - {*arms.RIVALS}
            assert (found >= ways) == (target in arms.ALL_WAYS)


def test_the_longer_training_differs_from_the_short_one_in_its_steps_alone():
    short, long = arms.HOW["from scratch"], dict(arms.HOW["from scratch, longer"])
    assert long.pop("n_steps") == arms.LONGER * arms.N_STEPS
    assert long == short
    assert arms.ARMS["from scratch"].settings == arms.ARMS["from scratch, longer"].settings


def test_the_arm_on_pixels_has_no_network():
    """Softmax regression does not care in which order the pixels stand."""
    arm, data = arms.ARMS["pixels, linear"], digit_pictures()
    few, order = arms.few_labels(data.train, 5, seed=0), np.random.default_rng(0).permutation(16**2)

    def moved(part):
        flat = part.features.reshape(len(part.labels), 1, -1)
        return Part(flat[..., order].reshape(part.features.shape), part.labels)

    told = arm.run(few, 1.0, 0)(data.test)
    assert arm.run(moved(few), 1.0, 0)(moved(data.test)) == pytest.approx(told, abs=1e-9)


def test_the_stored_table_has_every_cell_once_and_its_provenance():
    table = stored("arms")
    found = [(row["target"], int(row["labels"]), row["arm"]) for row in table.rows]
    assert found == [*arms.cells()]
    assert table.provenance["settings"] == {n: [*a.settings] for n, a in arms.ARMS.items()}
    assert table.provenance["seeds"] == [*tuning.SEEDS]
    for row in table.rows:
        grid = arms.ARMS[row["arm"]].settings
        edges = [tuning.beyond(edge, grid) for edge in (min(grid), max(grid))]
        assert row["setting"] in (*grid, *edges)
        assert row["seconds"] > 0
        assert len(by_seed(row)) == len(tuning.SEEDS)
        assert all(0 <= right <= 1 for right in by_seed(row))


@pytest.fixture(scope="module")
def again():
    return arms.measure("digits", 1, "features, linear")


def test_a_cell_of_the_stored_table_is_measured_again(again):
    """Not to the bit: another machine rounds otherwise, and that may turn a test picture or two."""
    (row,) = stored("arms").where(target="digits", labels=1, arm="features, linear")
    assert row.keys() == again.keys()
    assert again["setting"] == row["setting"]
    resolution = 1 / len(arms.TARGETS["digits"]().test.labels)
    assert_allclose(by_seed(again), by_seed(row), atol=2 * resolution)


def test_the_comparison_would_notice_another_way(again):
    """The nearest other arm differs by more than the comparison allows."""
    (row,) = stored("arms").where(target="digits", labels=1, arm="head")
    differences = np.abs(by_seed(again) - by_seed(row))
    assert np.max(differences) > 4 / len(arms.TARGETS["digits"]().test.labels)


def test_stored_tables_all_have_a_command_that_makes_them():
    for file in tables.RESULTS.glob("*.json"):
        made = stored(file.stem).provenance["command"]
        assert re.fullmatch(rf"python -m softmaxbook.experiments {file.stem}", made)
        assert file.stem in command.EXPERIMENTS
