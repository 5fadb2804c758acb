"""Small tables of results, each with the command, versions and seeds that made it."""

from __future__ import annotations

import csv
import json
import platform
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from softmaxbook.arrays import FloatArray

RESULTS = Path(__file__).parents[1] / "results"
"""Where the tables are: ``<name>.csv``, and ``<name>.json`` for how it was made."""


@dataclass(frozen=True)
class Table:
    """Measured rows, and what is needed to measure them again.

    Parameters
    ----------
    name : str
    rows : tuple of dict
        One a measured cell; numbers are floats, everything else text.
    provenance : dict
        Command, versions, seeds and settings.

    Used in the chapter *finetuning*.
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

    Examples
    --------
    >>> table = stored("arms")
    >>> table.provenance["command"]
    'python -m softmaxbook.experiments arms'

    Used in the chapters *transfer*, *finetuning* and *sharing*.
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

    Used in the chapters *transfer*, *heads*, *finetuning*, *sharing* and *outlook*.
    """
    start = f"{name}, seed " if name else "seed "
    seeds = sorted(int(k[len(start) :]) for k in row if re.fullmatch(re.escape(start) + r"\d+", k))
    if not seeds:
        there = dict.fromkeys(re.sub(r"seed \d+$", "seed …", key) for key in row)
        raise LookupError(f"the row has nothing under '{start}0', …; it has {[*there]}")
    return np.array([row[f"{start}{seed}"] for seed in seeds], dtype=float)


def read_rows(file: Path) -> list[dict[str, Any]]:
    """Return the rows of a table, with numbers as floats.

    Parameters
    ----------
    file : Path
        A CSV file with a header, or none: then there are no rows.

    Returns
    -------
    list of dict
    """
    if not file.exists():
        return []
    with file.open(newline="", encoding="utf-8") as lines:
        return [{key: _value(text) for key, text in row.items()} for row in csv.DictReader(lines)]


def _value(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def append(file: Path, row: dict[str, Any]) -> None:
    """Add a row at the end of a table, and the header before the first.

    Parameters
    ----------
    file : Path
    row : dict
    """
    new = not file.exists()
    with file.open("a", newline="", encoding="utf-8") as lines:
        writer = csv.DictWriter(lines, row, lineterminator="\n")
        if new:
            writer.writeheader()
        writer.writerow(row)


def write(file: Path, rows: list[dict[str, Any]]) -> None:
    """Write a whole table; a kill leaves the old one or the new one.

    Parameters
    ----------
    file : Path
    rows : list of dict
    """
    part = file.with_suffix(".part")
    part.unlink(missing_ok=True)
    for row in rows:
        append(part, row)
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
    RESULTS.joinpath(f"{name}.json").write_text(text, encoding="utf-8")
