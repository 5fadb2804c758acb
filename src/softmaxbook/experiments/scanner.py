"""The task of the source with other data: its letters, as a worn-out scanner shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import numpy as np

from softmaxbook.experiments.arms import ARMS, N_STEPS, Arm, tuned_and_measured
from softmaxbook.experiments.tuning import RULE, SEEDS, TUNING_SEEDS
from softmaxbook.learning.datasets import Dataset, Part
from softmaxbook.learning.torch_networks import accuracy
from softmaxbook.transfer.backbones import load_backbone
from softmaxbook.transfer.finetuning import Plan, finetune
from softmaxbook.transfer.glyphs import CLASSES, draw_glyphs

LABELS = 5
"""Per class."""


@cache
def scans() -> Dataset:
    """Return new letters and signs, pale and noisy.

    Returns
    -------
    Dataset
        960 pictures in each part, of the classes that the source has.

    Examples
    --------
    >>> found = scans()
    >>> found.train.features.shape, bool((found.train.labels == found.test.labels).all())
    ((960, 1, 16, 16), False)

    Used in the chapter *transfer*.
    """
    rng = np.random.default_rng(0)
    parts = []
    for seed in (30, 31, 32):
        clean, labels = draw_glyphs(960, seed)
        noisy = 0.6 * clean + rng.normal(0.1, 0.1, clean.shape)
        parts.append(Part(np.clip(noisy, 0, 1).astype(np.float32), labels))
    train, test, validation = parts
    names = tuple(CLASSES)
    return Dataset("scans", train, validation, test, (), names, "drawn from matplotlib's fonts")


def _parameters(few: Part, rate: float, seed: int) -> Callable[[Part], float]:
    """Go on training with the head of the source: the classes are the same."""
    network = load_backbone("glyphnet")
    finetune(network, few, Plan(N_STEPS, rate), seed=seed, progress=False)
    return lambda part: accuracy(network, part)


WAYS = {
    "from scratch": ARMS["from scratch"],
    "features": ARMS["features, linear"],
    "parameters": Arm(ARMS["all layers"].settings, _parameters),
    "pixels": ARMS["pixels, linear"],
}
"""What is taken along from the source: its features, all of its weights, or nothing."""


def cells() -> Iterator[tuple[str]]:
    """Yield every way."""
    yield from ((way,) for way in WAYS)


def measure(way: str, seeds: tuple[int, ...] = SEEDS) -> dict[str, Any]:
    """Learn from a few labelled scans, with the setting that does best on the validation part.

    Parameters
    ----------
    way : str
        One of `WAYS`.
    seeds : tuple of int
        Each draws the labels, the random weights and the batches.

    Returns
    -------
    dict
        The way, and what :func:`softmaxbook.experiments.arms.tuned_and_measured` returns.
    """
    return {"way": way} | tuned_and_measured(WAYS[way], scans(), LABELS, seeds)


def settings() -> dict[str, Any]:
    """Return what the experiment fixed."""
    return {
        "labels per class": LABELS,
        "seeds": list(SEEDS),
        "steps": N_STEPS,
        "tuning": f"4 settings on label draws {list(TUNING_SEEDS)}, by validation accuracy; {RULE}",
        "settings": {name: list(way.settings) for name, way in WAYS.items()},
    }
