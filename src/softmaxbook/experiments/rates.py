"""What the learning rates of head and body do, each on its own: a grid of both."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import numpy as np

from softmaxbook.experiments.arms import N_STEPS, TARGETS
from softmaxbook.learning.torch_networks import accuracy
from softmaxbook.transfer.finetuning import Plan, finetune
from softmaxbook.transfer.freezing import freeze
from softmaxbook.transfer.heads import build_classifier
from softmaxbook.transfer.targets import few_labels

HEAD_RATES = (0.003, 0.01, 0.03, 0.1, 0.3)

BODY_RATES = (0.0, 0.001, 0.003, 0.01, 0.03, 0.1)
"""Of all stages before the head; 0 freezes them, with the statistics of their normalisation."""

LABELS = (5, 20)
"""Labels per class."""

SEEDS = tuple(range(5))
"""The first of those of the arms: on the same draws of labels, so that pairs can be made."""


def cells() -> Iterator[tuple[str, int, float, float]]:
    """Yield target, labels per class, head rate and body rate of every cell."""
    for target in ("digits", "textures"):
        for labels in LABELS:
            for head_rate in HEAD_RATES:
                for body_rate in BODY_RATES:
                    yield target, labels, head_rate, body_rate


def measure(
    target: str, labels: int, head_rate: float, body_rate: float, seeds: tuple[int, ...] = SEEDS
) -> dict[str, Any]:
    """Fine-tune with one rate for the head and one for the body, and measure on the test part.

    Parameters
    ----------
    target : str
        One of `TARGETS`.
    labels : int
        Per class.
    head_rate : float
        Above 0.
    body_rate : float
        At least 0; 0 freezes everything but the head.
    seeds : tuple of int

    Returns
    -------
    dict
        The cell, the seconds of one core of a run (median), and the accuracy on the test part
        with each seed.

    Notes
    -----
    Nothing is chosen here, so there is no validation part: whoever picks the best cell of the grid
    must measure it again on other pictures.
    """
    data = TARGETS[target]()
    n_classes = len(data.class_names)
    accuracies, seconds = [], []
    for seed in seeds:
        model = build_classifier("glyphnet", n_classes, seed=seed)
        if body_rate == 0:
            freeze(model)
        plan = Plan(n_steps=N_STEPS, rate=head_rate, body_rate=body_rate)
        part = few_labels(data.train, labels, seed)
        start = time.process_time()
        finetune(model, part, plan, seed=seed, progress=False)
        seconds.append(time.process_time() - start)
        accuracies.append(accuracy(model, data.test))
    return {
        "target": target,
        "labels": labels,
        "head rate": head_rate,
        "body rate": body_rate,
        "seconds": round(float(np.median(seconds)), 4),
        **{f"seed {s}": round(a, 4) for s, a in zip(seeds, accuracies, strict=True)},
    }


def settings() -> dict[str, Any]:
    """Return what the experiment fixed."""
    return {
        "steps": N_STEPS,
        "seeds": list(SEEDS),
        "tuning": "none: every cell of the grid is measured once a seed",
        "head rates": list(HEAD_RATES),
        "body rates": list(BODY_RATES),
    }
