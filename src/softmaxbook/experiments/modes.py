"""A head on a frozen body that is left in training mode, and on one that is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import nn

from softmaxbook.experiments.arms import TARGETS
from softmaxbook.experiments.tuning import RULE, SEEDS, TUNING_SEEDS, best_setting
from softmaxbook.learning.datasets import Part
from softmaxbook.learning.torch_networks import accuracy
from softmaxbook.transfer.backbones import load_backbone
from softmaxbook.transfer.freezing import freeze, set_training
from softmaxbook.transfer.heads import build_classifier, extract_features, last_layer
from softmaxbook.transfer.targets import few_labels

MODES: dict[str, Callable[[nn.Module], Any]] = {
    "evaluation": set_training,
    "training": nn.Module.train,
}
"""From the mode of the body to what sets it; the head learns in both."""

ON = ("digits", "textures")
"""The targets."""

LABELS = 5
"""Per class."""

N_STEPS, BATCH_SIZE, MOMENTUM = 60, 16, 0.9
RATES = (0.003, 0.01, 0.03, 0.1)


class Taught(NamedTuple):
    """A network whose head has learnt, and how far its features have moved meanwhile.

    Parameters
    ----------
    model : torch.nn.Module
    moved : float
        The length of the change of the judged pictures' features, as a part of their length.
    """

    model: nn.Module
    moved: float


def cells() -> Iterator[tuple[str, str]]:
    """Yield target and mode of every cell."""
    for target in ON:
        for mode in MODES:
            yield target, mode


def taught(mode: str, data: Part, judged: Part, rate: float, seed: int) -> Taught:
    """Train a new head on a frozen body.

    Parameters
    ----------
    mode : str
        One of `MODES`: that of the body.
    data, judged : Part
        Labelled pictures to learn from, and those whose features are compared.
    rate : float
    seed : int
        Of the head's weights and of the batches.

    Returns
    -------
    Taught

    Examples
    --------
    >>> from softmaxbook.transfer.targets import digit_pictures
    >>> digits = digit_pictures()
    >>> few = few_labels(digits.train, 5, seed=0)
    >>> taught("evaluation", few, digits.test, rate=0.03, seed=0).moved
    0.0

    Used in the chapter *heads*.
    """
    model = build_classifier("glyphnet", int(data.labels.max()) + 1, seed=seed)
    freeze(model)
    MODES[mode](model)
    optimiser = torch.optim.SGD(last_layer(model).parameters(), lr=rate, momentum=MOMENTUM)
    rng = np.random.default_rng(seed)
    for _ in range(N_STEPS):
        rows = rng.choice(len(data.labels), BATCH_SIZE, replace=False)
        optimiser.zero_grad()
        logits = model(torch.tensor(data.features[rows]))
        loss = nn.functional.cross_entropy(logits, torch.tensor(data.labels[rows]))
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    before = extract_features(load_backbone("glyphnet"), judged.features)
    change = extract_features(model, judged.features) - before
    return Taught(model, float(np.linalg.norm(change) / np.linalg.norm(before)))


def measure(target: str, mode: str, seeds: tuple[int, ...] = SEEDS) -> dict[str, Any]:
    """Choose a rate on the validation part, and measure on the test part.

    Parameters
    ----------
    target : str
        One of `ON`.
    mode : str
        One of `MODES`.
    seeds : tuple of int

    Returns
    -------
    dict
        The cell, the rate, and with each seed the accuracy and how far the features moved.
    """
    data = TARGETS[target]()

    def run(rate: float, seed: int, judged: Part) -> tuple[float, float]:
        found = taught(mode, few_labels(data.train, LABELS, seed), judged, rate, seed)
        return accuracy(found.model, judged), found.moved

    rate, reached = best_setting(RATES, lambda rate, seed: run(rate, seed, data.validation)[0])
    row: dict[str, Any] = {"target": target, "mode": mode, "setting": rate}
    row["validation"] = round(reached, 4)
    for seed in seeds:
        right, moved = run(rate, seed, data.test)
        row |= {f"test, seed {seed}": round(right, 4), f"moved, seed {seed}": round(moved, 4)}
    return row


def settings() -> dict[str, Any]:
    """Return what the experiment fixed."""
    return {
        "labels per class": LABELS,
        "steps": N_STEPS,
        "batch": BATCH_SIZE,
        "momentum": MOMENTUM,
        "seeds": list(SEEDS),
        "tuning": f"rates {list(RATES)} on label draws {list(TUNING_SEEDS)}, by validation "
        f"accuracy; {RULE}",
        "comparisons": "training minus evaluation mode, both targets in one family of Holm",
    }
