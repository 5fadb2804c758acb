"""``python -m softmaxbook.experiments [name …]``: measure what is missing in the stored tables."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from typing import Any, NamedTuple

import torch

from softmaxbook.experiments import (
    arms,
    averaging,
    calibration,
    distances,
    eights,
    ensembles,
    exploration,
    fewshot,
    forgetting,
    keeping,
    layers,
    membership,
    modes,
    rates,
    remedies,
    scanner,
    sentences,
    sharing,
    sources,
)
from softmaxbook.experiments.tables import RESULTS, note, read_rows, write


class Experiment(NamedTuple):
    """Cells to be measured one by one, in any order."""

    key: tuple[str, ...]
    cells: Callable[[], Iterator[tuple[Any, ...]]]
    measure: Callable[..., dict[str, Any]]
    settings: Callable[[], dict[str, Any]]


EXPERIMENTS = {
    "arms": Experiment(("target", "labels", "arm"), arms.cells, arms.measure, arms.settings),
    "rates": Experiment(
        ("target", "labels", "head rate", "body rate"), rates.cells, rates.measure, rates.settings
    ),
    "membership": Experiment(
        ("wrong", "training"), membership.cells, membership.measure, membership.settings
    ),
    "sources": Experiment(("source",), sources.cells, sources.measure, sources.settings),
    "distances": Experiment(("target",), distances.cells, distances.measure, distances.settings),
    "sharing": Experiment(
        ("partner", "labels", "network"), sharing.cells, sharing.measure, sharing.settings
    ),
    "ensembles": Experiment(
        ("kind", "seed"), ensembles.cells, ensembles.measure, ensembles.settings
    ),
    "averaging": Experiment(
        ("start", "seed"), averaging.cells, averaging.measure, averaging.settings
    ),
    "fewshot": Experiment(("way", "seed"), fewshot.cells, fewshot.measure, fewshot.settings),
    "keeping": Experiment(("layer",), keeping.cells, keeping.measure, keeping.settings),
    "forgetting": Experiment(
        ("labels", "plan"), forgetting.cells, forgetting.measure, forgetting.settings
    ),
    "layers": Experiment(("target", "layer"), layers.cells, layers.measure, layers.settings),
    "modes": Experiment(("target", "mode"), modes.cells, modes.measure, modes.settings),
    "scanner": Experiment(("way",), scanner.cells, scanner.measure, scanner.settings),
    "sentences": Experiment(
        ("labels", "arm"), sentences.cells, sentences.measure, sentences.settings
    ),
    "remedies": Experiment(("remedy",), remedies.cells, remedies.measure, remedies.settings),
    "calibration": Experiment(
        ("network",), calibration.cells, calibration.measure, calibration.settings
    ),
    "eights": Experiment(("weights",), eights.cells, eights.measure, eights.settings),
    "exploration": Experiment(
        ("world", "policy", "setting"),
        exploration.cells,
        exploration.measure,
        exploration.settings,
    ),
}


def run(name: str, workers: int) -> None:
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
    one_core = (torch.set_num_threads, (1,))  # so that seconds are seconds of one core
    with ProcessPoolExecutor(workers, get_context("spawn"), *one_core) as pool:
        waiting = [pool.submit(experiment.measure, *cell) for cell in missing]
        for finished in tqdm(as_completed(waiting), name, len(waiting)):
            rows = sorted([*rows, finished.result()], key=position)
            write(file, rows)


def main() -> None:
    """Run the experiments that were named, or all."""
    parser = argparse.ArgumentParser(prog="python -m softmaxbook.experiments", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help="all without a name")
    parser.add_argument("--workers", type=int, default=2, help="processes (2)")
    given = parser.parse_args()
    for name in given.names or EXPERIMENTS:
        run(name, given.workers)


if __name__ == "__main__":
    main()
