"""Ways to use a backbone on a target, each with the same budget for tuning."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from softmaxbook.experiments.tuning import RULE, SEEDS, TUNING_SEEDS, best_setting
from softmaxbook.learning.datasets import Dataset, Part
from softmaxbook.learning.regression import SoftmaxRegression
from softmaxbook.learning.torch_networks import accuracy
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
LABELS = (1, 2, 5, 10, 20, 50)
"""Labels per class, along the learning curve."""

Run = Callable[[Part, float, int], Callable[[Part], float]]
"""From labelled pictures, a setting and a seed to what judges other pictures."""


class Arm(NamedTuple):
    """A way to use the backbone, and the four settings that it may choose from."""

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


def _network(
    weights: str | None = "DEFAULT",
    learning: int | None = None,
    decay: float = 1.0,
    head: str = "linear",
    gradual: bool = False,
) -> Run:
    """Return a run that trains the last `learning` stages of a network, or all of them."""

    def run(data: Part, rate: float, seed: int) -> Callable[[Part], float]:
        n_classes = int(data.labels.max()) + 1
        model = build_classifier("glyphnet", n_classes, weights, head, n_hidden=256, seed=seed)
        if learning is not None:
            freeze(model, list(stages(model))[-learning:])
        phases = unfreezing(model, N_STEPS) if gradual else {}
        plan = Plan(n_steps=N_STEPS, rate=rate, decay=decay, phases=phases)
        finetune(model, data, plan, seed=seed, progress=False)
        return lambda part: accuracy(model, part)

    return run


def _linear(data: Part, penalty: float, seed: int) -> Callable[[Part], float]:
    """Fit softmax regression on the frozen features."""
    model = build_classifier("glyphnet", 2)
    fitted = SoftmaxRegression(penalty).fit(extract_features(model, data.features), data.labels)
    return lambda part: fitted.score(extract_features(model, part.features), part.labels)


ARMS = {
    "from scratch": Arm((0.01, 0.03, 0.1, 0.3), _network(weights=None)),
    "features, linear": Arm((0.1, 1.0, 10.0, 100.0), _linear),
    "features, MLP": Arm((0.003, 0.01, 0.03, 0.1), _network(learning=1, head="mlp")),
    "head": Arm((0.01, 0.03, 0.1, 0.3), _network(learning=1)),
    "last block": Arm((0.003, 0.01, 0.03, 0.1), _network(learning=2)),
    "all layers": Arm((0.003, 0.01, 0.03, 0.1), _network()),
    "discriminative": Arm((0.01, 0.03, 0.1, 0.3), _network(decay=0.4)),
    "gradual": Arm((0.003, 0.01, 0.03, 0.1), _network(gradual=True)),
}
"""The arms by name. Rates are the head's; a linear fit chooses its penalty instead."""

MAP_ARMS = ("from scratch", "features, linear", "all layers")
"""The arms that run on every target; the others on digits and textures alone."""


def cells() -> Iterator[tuple[str, int, str]]:
    """Yield target, labels per class and arm of every cell, the near target first."""
    for whole in (True, False):
        for target in TARGETS:
            if (target in ("digits", "textures")) == whole:
                for labels in LABELS:
                    for arm in ARMS if whole else MAP_ARMS:
                        yield target, labels, arm


def chosen_setting(
    run: Run, settings: tuple[float, ...], data: Dataset, labels: int
) -> tuple[float, float]:
    """Return the setting of a run that does best on the validation part, and how well it does.

    Parameters
    ----------
    run : Run
    settings : tuple of float
    data : Dataset
    labels : int
        Per class.

    Returns
    -------
    tuple of float
        As from :func:`softmaxbook.experiments.tuning.best_setting`.
    """

    def validated(setting: float, seed: int) -> float:
        return run(few_labels(data.train, labels, seed), setting, seed)(data.validation)

    return best_setting(settings, validated)


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
        The cell, the chosen setting, its accuracy on the validation part, the seconds of one
        core of a final run (median), and the accuracy on the test part with each seed.

    Notes
    -----
    The validation part has more labels than the task pretends to have. Every arm has the same
    advantage: four settings, tried on the same two draws of labels.
    """
    data, (settings, run) = TARGETS[target](), ARMS[arm]
    setting, validated = chosen_setting(run, settings, data, labels)
    accuracies, seconds = [], []
    for seed in seeds:
        part = few_labels(data.train, labels, seed)
        start = time.process_time()
        score = run(part, setting, seed)
        seconds.append(time.process_time() - start)
        accuracies.append(score(data.test))
    return {
        "target": target,
        "labels": labels,
        "arm": arm,
        "setting": setting,
        "validation": round(validated, 4),
        "seconds": round(float(np.median(seconds)), 4),
        **{f"seed {s}": round(a, 4) for s, a in zip(seeds, accuracies, strict=True)},
    }


def settings() -> dict[str, Any]:
    """Return what the experiment fixed."""
    return {
        "steps": N_STEPS,
        "seeds": list(SEEDS),
        "tuning": f"4 settings on label draws {list(TUNING_SEEDS)}, by validation accuracy; {RULE}",
        "settings": {name: list(arm.settings) for name, arm in ARMS.items()},
    }
