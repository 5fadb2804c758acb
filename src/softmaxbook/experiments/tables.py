"""Small tables of results, each with the command, versions and seeds that made it."""

from __future__ import annotations

import csv
import json
import platform
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np

from softmaxbook.numerics.arrays import FloatArray

RESULTS = Path(__file__).parents[1] / "results"
"""Where the tables are: ``<name>.csv``, and ``<name>.json`` for how it was made."""


@dataclass(frozen=True)
class Table:
    """Measured rows, and what is needed to measure them again.

    Used in the chapter *finetuning*.

    Parameters
    ----------
    name : str
    rows : tuple of dict
        One a measured cell; numbers are floats, everything else text.
    provenance : dict
        Command, versions, seeds and settings.
    """

    name: str
    rows: tuple[dict[str, Any], ...]
    provenance: dict[str, Any]

    def where(self, **wanted: Any) -> list[dict[str, Any]]:
        """Return the rows with these values.

        Raises
        ------
        LookupError
            If there is none; says which values there are.
        """
        found = [row for row in self.rows if all(row[key] == wanted[key] for key in wanted)]
        if not found:
            there = {key: sorted({str(row[key]) for row in self.rows}) for key in wanted}
            raise LookupError(f"no row of {self.name} has {wanted}; there are {there}")
        return found


def stored(name: str) -> Table:
    """Return a table of stored results.

    Parameters
    ----------
    name : str

    Returns
    -------
    Table

    Raises
    ------
    FileNotFoundError
        If there is none; names the command that makes it.
    ValueError
        If it is damaged; names the line, and what to do.

    Examples
    --------
    >>> table = stored("arms")
    >>> table.provenance["command"]
    'python -m softmaxbook.experiments arms'

    First used in the chapter *remedies*.
    """
    file = RESULTS / f"{name}.csv"
    if not file.exists():
        raise FileNotFoundError(
            f"no stored results {name!r}: python -m softmaxbook.experiments {name} makes them"
        )
    provenance = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
    return Table(name, tuple(read_rows(file)), provenance)


def by_seed(row: Mapping[str, Any], name: str = "") -> FloatArray:
    """Return what a row of a table holds for each seed.

    Parameters
    ----------
    row : mapping
        With values under "seed 0", "seed 1", …, as the tables of stored results have them.
    name : str
        Where a row holds several numbers a seed, which of them: "AUC" for the values under
        "AUC, seed 0", "AUC, seed 1", … .

    Returns
    -------
    ndarray, shape (n_seeds,)
        In the order of the seeds.

    Raises
    ------
    LookupError
        If there is none; says what the row has.

    Examples
    --------
    >>> by_seed({"arm": "head", "seed 0": 0.75, "seed 1": 0.5, "AUC, seed 0": 0.625})
    array([0.75, 0.5 ])
    >>> by_seed(stored("sharing").rows[0], "partner")[:3]
    array([0.9972, 0.9972, 0.9972])

    First used in the chapter *remedies*.
    """
    start = f"{name}, seed " if name else "seed "
    seeds = sorted(int(k[len(start) :]) for k in row if re.fullmatch(re.escape(start) + r"\d+", k))
    if not seeds:
        there = dict.fromkeys(re.sub(r"seed \d+$", "seed …", key) for key in row)
        raise LookupError(f"the row has nothing under '{start}0', …; it has {[*there]}")
    return np.array([row[f"{start}{seed}"] for seed in seeds], dtype=float)


def by_network(row: Mapping[str, Any]) -> FloatArray:
    """Return the accuracies of a row of the table ``sources``, one a pretraining.

    Parameters
    ----------
    row : mapping
        Has the number of "networks"; draw s of labels met network s modulo that number.

    Returns
    -------
    ndarray, shape (n_networks,)
        Each is the mean over the draws of labels that met one network. No two of them share a
        pretraining or a draw, so an interval over them knows of both.

    Raises
    ------
    ValueError
        If the networks did not meet equally many draws.

    Examples
    --------
    >>> by_network({"networks": 2, "seed 0": 0.5, "seed 1": 0.75, "seed 2": 0.25, "seed 3": 0.25})
    array([0.375, 0.5  ])

    Used in the chapters *transfer* and *outlook*.
    """
    accuracies, n_networks = by_seed(row), int(row["networks"])
    if n_networks < 1 or len(accuracies) % n_networks:
        raise ValueError(f"{len(accuracies)} draws cannot be shared out to {n_networks} networks")
    means: FloatArray = accuracies.reshape(-1, n_networks).mean(axis=0)
    return means


def read_rows(file: Path) -> list[dict[str, Any]]:
    """Return the rows of a table, with numbers as floats.

    Parameters
    ----------
    file : Path
        As `write` leaves it, or none: then there are no rows.

    Returns
    -------
    list of dict

    Raises
    ------
    ValueError
        If a line is damaged; names it, and what to do.
    """
    if not file.exists():
        return []
    text = file.read_text(encoding="utf-8", errors="replace")  # a torn letter is a torn line
    lines = csv.reader(StringIO(text), strict=True)
    header: list[str] = []
    rows: list[dict[str, Any]] = []
    number = 1
    try:
        for values in lines:
            if not header:
                header = values
            elif len(values) != len(header):
                raise csv.Error(f"{len(values)} values in {len(header)} columns")
            else:
                pairs = zip(header, values, strict=True)
                rows.append({key: value_in(value) for key, value in pairs})
            number = lines.line_num + 1
        if not text.endswith("\n"):
            number = max(lines.line_num, 1)
            raise csv.Error("it has no end")
    except csv.Error as error:
        raise ValueError(
            f"line {number} of {file} is damaged ({error}): delete "
            f"{'that line' if number > 1 else 'the file'}, and "
            f"python -m softmaxbook.experiments {file.stem} measures again what is missing"
        ) from None
    return rows


def value_in(text: str) -> float | str:
    """Return what a cell of a table holds: a number, or the text."""
    try:
        return float(text)
    except ValueError:
        return text


def write(file: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write a whole table; a kill at any moment leaves the old one or the new one.

    Parameters
    ----------
    file : Path
    rows : sequence of mapping
        At least one, each with the same keys; the first gives their order.

    Raises
    ------
    ValueError
        If the keys differ. The old table stays.
    """
    keys = list(rows[0])
    table = StringIO()
    writer = csv.DictWriter(table, keys, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        if set(row) != set(keys):
            raise ValueError(
                f"all rows of {file.name} need the same columns; only some have "
                f"{sorted(set(row) ^ set(keys))}"
            )
        writer.writerow({key: value_in(str(value)) for key, value in row.items()})  # 1 becomes 1.0
    _replace(file, table.getvalue())


def _replace(file: Path, text: str) -> None:
    part = file.with_name(file.name + ".part")
    part.write_text(text, encoding="utf-8", newline="\n")
    part.replace(file)


def note(name: str, settings: dict[str, Any]) -> None:
    """Write how a table was made, beside it.

    Parameters
    ----------
    name : str
    settings : dict
        What the experiment fixed: seeds, grids, sizes.
    """
    versions = {each: version(each) for each in ("numpy", "scikit-learn", "torch")}
    provenance = {
        "command": f"python -m softmaxbook.experiments {name}",
        "versions": {"python": platform.python_version(), **versions},
        **settings,
    }
    text = json.dumps(provenance, indent=2, ensure_ascii=False) + "\n"
    _replace(RESULTS / f"{name}.json", text)
