"""``python -m softmaxbook.experiments [name …]``: measure what is missing in the stored tables."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from typing import Any

from softmaxbook.cluster import ClusterError
from softmaxbook.experiments.measuring import EXPERIMENTS, elsewhere, here
from softmaxbook.experiments.tables import RESULTS, note, read_rows, write
from softmaxbook.output import quiet_when_closed


def run(name: str, workers: int, scheduler: str | None = None) -> None:
    """Measure the cells of an experiment that its table has not.

    After each of them the whole table is written anew, in the order of the cells, so that at any
    moment it holds everything that was measured.
    """
    from tqdm import tqdm

    experiment, file = EXPERIMENTS[name], RESULTS / f"{name}.csv"
    order = {cell: place for place, cell in enumerate(experiment.cells())}

    def position(row: dict[str, Any]) -> int:
        return order[tuple(row[key] for key in experiment.key)]

    rows = sorted(read_rows(file), key=position)
    done = {position(row) for row in rows}
    missing = [cell for cell, place in order.items() if place not in done]
    note(name, experiment.settings())
    found = elsewhere(name, missing, scheduler) if scheduler else here(name, missing, workers)
    with closing(found):
        for row in tqdm(found, name, len(missing)):
            rows = sorted([*rows, row], key=position)
            write(file, rows)


@quiet_when_closed
def main() -> int:
    """Run the experiments that were named, or all, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m softmaxbook.experiments", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help="all without a name")
    parser.add_argument("--workers", type=int, default=2, help="processes (2)")
    parser.add_argument("--scheduler", metavar="ADDRESS", help="of a Dask cluster that measures")
    given = parser.parse_args()
    for name in given.names or EXPERIMENTS:
        try:
            run(name, given.workers, given.scheduler)
        except ClusterError as error:
            sys.exit(f"softmaxbook: {error}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
