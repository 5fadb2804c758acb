"""The experiments by name, and their cells measured: by this machine, or by a cluster."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from typing import Any, NamedTuple

import torch

from softmaxbook import cluster
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
from softmaxbook.experiments.tables import value_in


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


Cell = tuple[Any, ...]
Rows = Generator[dict[str, Any], None, None]


def here(name: str, cells: Sequence[Cell], workers: int) -> Rows:
    """Yield the rows of these cells, measured by processes of this machine."""
    one_core = (torch.set_num_threads, (1,))  # so that seconds are seconds of one core
    with ProcessPoolExecutor(workers, get_context("spawn"), *one_core) as pool:
        waiting = [pool.submit(EXPERIMENTS[name].measure, *cell) for cell in cells]
        for finished in as_completed(waiting):
            yield finished.result()


def elsewhere(name: str, cells: Sequence[Cell], scheduler: str) -> Rows:
    """Yield the rows of these cells, measured by the workers of a cluster."""
    wanted = cluster.packed(cluster.program(LIBRARIES))
    # The threads of a process share PyTorch's random numbers.
    with cluster.Cluster(scheduler, unfit, wanted, alone=True) as there:
        for _, row in there.call(measured, (cluster.packed([name, cell]) for cell in cells)):
            if isinstance(row, BaseException):
                raise row
            yield {key: value_in(text) for key, text in json.loads(row).items()}


LIBRARIES = ("numpy", "scikit-learn", "torch", "torchvision")


def unfit(wanted: bytes) -> str:
    """Return why this process of a cluster cannot measure, or nothing."""
    return cluster.differences(json.loads(wanted))


def measured(given: bytes) -> bytes:
    """Return the row of a cell, as text: a table holds no more of it."""
    name, cell = json.loads(given)
    torch.set_num_threads(1)  # so that seconds are seconds of one core
    row = EXPERIMENTS[name].measure(*cell)
    return cluster.packed({key: str(value) for key, value in row.items()})
