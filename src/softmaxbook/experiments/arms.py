"""Ways to use a backbone on a target, each with the same budget for tuning."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
from torch import nn

from softmaxbook.experiments.tuning import RULE, SEEDS, TUNING_SEEDS, best_setting
from softmaxbook.learning.datasets import Dataset, Part
from softmaxbook.learning.regression import SoftmaxRegression
from softmaxbook.learning.torch_networks import accuracy
from softmaxbook.numerics.arrays import FloatArray
from softmaxbook.transfer.finetuning import Plan, finetune
from softmaxbook.transfer.freezing import freeze, stages, unfreezing
from softmaxbook.transfer.heads import build_classifier, extract_features
from softmaxbook.transfer.targets import (
    digit_pictures,
    few_labels,
    greek_pictures,
    shuffled_digits,
    texture_pictures,
)

N_STEPS = 150
LONGER = 5
"""How many times as many steps training from scratch has in the arm that is given more time."""

LABELS = (1, 2, 5, 10, 20, 50)
"""Labels per class, along the learning curve."""

LONGER_LABELS = (1, 5)
"""Labels per class with which the longer training is measured, on every target."""

Run = Callable[[Part, float, int], Callable[[Part], float]]
"""From labelled pictures, a setting and a seed to what judges other pictures."""


class Arm(NamedTuple):
    """A way to use the backbone, or to do without, and the four settings it may choose from."""

    settings: tuple[float, ...]
    run: Run


TARGETS: dict[str, Callable[[], Dataset]] = {
    "Greek letters": greek_pictures,
    "digits": digit_pictures,
    "digits, 50% moved": lambda: shuffled_digits(0.5),
    "digits, 100% moved": lambda: shuffled_digits(1.0),
    "textures": texture_pictures,
}
"""From the source's own domain to what has no strokes at all."""


def fine_tuned(
    data: Part,
    rate: float,
    seed: int,
    weights: str | None = "DEFAULT",
    learning: int | None = None,
    decay: float = 1.0,
    head: str = "linear",
    gradual: bool = False,
    n_steps: int = N_STEPS,
) -> nn.Module:
    """Return a network that has learnt a target.

    Parameters
    ----------
    data : Part
        Its labelled pictures.
    rate : float
        Of the head.
    seed : int
        Of the new weights and of the batches.
    weights : str, optional
        None starts from random weights.
    learning : int, optional
        How many stages learn, counted from the head; by default all of them.
    decay : float
        See :class:`softmaxbook.transfer.finetuning.Plan`.
    head : {"linear", "mlp"}
    gradual : bool
        Whether stages are unfrozen one by one.
    n_steps : int
    """
    n_classes = int(data.labels.max()) + 1
    model = build_classifier("glyphnet", n_classes, weights, head, n_hidden=256, seed=seed)
    if learning is not None:
        freeze(model, list(stages(model))[-learning:])
    phases = unfreezing(model, n_steps) if gradual else {}
    plan = Plan(n_steps=n_steps, rate=rate, decay=decay, phases=phases)
    finetune(model, data, plan, seed=seed, progress=False)
    return model


HOW: dict[str, dict[str, Any]] = {
    "from scratch": {"weights": None},
    "features, MLP": {"learning": 1, "head": "mlp"},
    "head": {"learning": 1},
    "last block": {"learning": 2},
    "all layers": {},
    "discriminative": {"decay": 0.4},
    "gradual": {"gradual": True},
    "from scratch, longer": {"weights": None, "n_steps": LONGER * N_STEPS},
}
"""What :func:`fine_tuned` is told, for every arm that takes steps."""


def _network(arm: str) -> Run:
    """Return the run of an arm that takes steps."""

    def run(data: Part, rate: float, seed: int) -> Callable[[Part], float]:
        model = fine_tuned(data, rate, seed, **HOW[arm])
        return lambda part: accuracy(model, part)

    return run


def _linear(data: Part, penalty: float, seed: int) -> Callable[[Part], float]:
    """Fit softmax regression on the frozen features."""
    model = build_classifier("glyphnet", 2)
    fitted = SoftmaxRegression(penalty).fit(extract_features(model, data.features), data.labels)
    return lambda part: fitted.score(extract_features(model, part.features), part.labels)


def _pixels(data: Part, penalty: float, seed: int) -> Callable[[Part], float]:
    """Fit softmax regression on the pixels."""

    def flat(part: Part) -> FloatArray:
        return part.features.reshape(len(part.labels), -1)

    fitted = SoftmaxRegression(penalty).fit(flat(data), data.labels)
    return lambda part: fitted.score(flat(part), part.labels)


_LOW, _HIGH, _PENALTIES = (0.003, 0.01, 0.03, 0.1), (0.01, 0.03, 0.1, 0.3), (0.1, 1.0, 10.0, 100.0)

ARMS = {
    "from scratch": Arm(_HIGH, _network("from scratch")),
    "features, linear": Arm(_PENALTIES, _linear),
    "features, MLP": Arm(_LOW, _network("features, MLP")),
    "head": Arm(_HIGH, _network("head")),
    "last block": Arm(_LOW, _network("last block")),
    "all layers": Arm(_LOW, _network("all layers")),
    "discriminative": Arm(_HIGH, _network("discriminative")),
    "gradual": Arm(_LOW, _network("gradual")),
    "pixels, linear": Arm(_PENALTIES, _pixels),
    "from scratch, longer": Arm(_HIGH, _network("from scratch, longer")),
}
"""The arms by name. Rates are the head's; a linear fit chooses its penalty instead."""

RIVALS = ("from scratch", "pixels, linear", "from scratch, longer")
"""The arms that take nothing along."""

MAP_ARMS = ("from scratch", "pixels, linear", "features, linear", "all layers")
"""The arms that run on every target."""

ALL_WAYS = ("digits", "textures", "Greek letters")
"""Where the other arms run too: labels per class, by target."""


def cells() -> Iterator[tuple[str, int, str]]:
    """Yield target, labels per class and arm of every cell, by target from near to far."""
    for target in TARGETS:
        for labels in LABELS:
            for arm in ARMS:
                if arm == "from scratch, longer":
                    runs = labels in LONGER_LABELS
                else:
                    runs = arm in MAP_ARMS or target in ALL_WAYS
                if runs:
                    yield target, labels, arm


def measure(target: str, labels: int, arm: str, seeds: tuple[int, ...] = SEEDS) -> dict[str, Any]:
    """Choose an arm's setting on the validation part, and measure it on the test part.

    Parameters
    ----------
    target : str
        One of `TARGETS`.
    labels : int
        Per class.
    arm : str
        One of `ARMS`.
    seeds : tuple of int
        Of the final runs.

    Returns
    -------
    dict
        The cell, and what `tuned_and_measured` returns.
    """
    cell = {"target": target, "labels": labels, "arm": arm}
    return cell | tuned_and_measured(ARMS[arm], TARGETS[target](), labels, seeds)


def tuned_and_measured(
    arm: Arm, data: Dataset, labels: int, seeds: tuple[int, ...] = SEEDS
) -> dict[str, Any]:
    """Choose an arm's setting on the validation part, and measure it on the test part.

    Parameters
    ----------
    arm : Arm
    data : Dataset
    labels : int
        Per class.
    seeds : tuple of int
        Of the final runs.

    Returns
    -------
    dict
        The chosen setting, its accuracy on the validation part, the seconds of one core of a
        final run (median), and the accuracy on the test part with each seed.

    Notes
    -----
    The validation part has more labels than the task pretends to have. Every arm has the same
    advantage: four settings, and a fifth where the best of them is an edge, tried on the same two
    draws of labels.
    """

    def validated(setting: float, seed: int) -> float:
        return arm.run(few_labels(data.train, labels, seed), setting, seed)(data.validation)

    setting, reached = best_setting(arm.settings, validated)
    accuracies, seconds = [], []
    for seed in seeds:
        part = few_labels(data.train, labels, seed)
        start = time.process_time()
        score = arm.run(part, setting, seed)
        seconds.append(time.process_time() - start)
        accuracies.append(score(data.test))
    return {
        "setting": setting,
        "validation": round(reached, 4),
        "seconds": round(float(np.median(seconds)), 4),
        **{f"seed {s}": round(a, 4) for s, a in zip(seeds, accuracies, strict=True)},
    }


def settings() -> dict[str, Any]:
    """Return what the experiment fixed."""
    return {
        "steps": N_STEPS,
        "steps of the longer training": LONGER * N_STEPS,
        "labels of the longer training": list(LONGER_LABELS),
        "seeds": list(SEEDS),
        "tuning": f"4 settings on label draws {list(TUNING_SEEDS)}, by validation accuracy; {RULE}",
        "settings": {name: list(arm.settings) for name, arm in ARMS.items()},
    }
