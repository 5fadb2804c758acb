"""Was "from scratch" held back by its grid? One rate below the lowest that it could choose."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from softmaxbook.experiments.arms import ARMS, LABELS, TARGETS, chosen_setting
from softmaxbook.experiments.tuning import TUNING_SEEDS

RATE = 0.003


def cells() -> Iterator[tuple[str, int]]:
    """Yield target and labels per class of every cell."""
    for target in TARGETS:
        for labels in LABELS:
            yield target, labels


def measure(target: str, labels: int) -> dict[str, Any]:
    """Validate training from scratch at `RATE`, on the draws of labels on which arms are tuned.

    Parameters
    ----------
    target : str
        One of `TARGETS`.
    labels : int
        Per class.

    Returns
    -------
    dict
        The cell, and the accuracy on the validation part. The test part is not looked at.
    """
    data, run = TARGETS[target](), ARMS["from scratch"].run
    _, validated = chosen_setting(run, (RATE,), data, labels)
    return {"target": target, "labels": labels, "validation": round(validated, 4)}


def settings() -> dict[str, Any]:
    """Return what the experiment fixed."""
    return {"rate": RATE, "label draws": list(TUNING_SEEDS)}
