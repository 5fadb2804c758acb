"""The task of the source with other data: its letters, as a worn-out scanner shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from torch import nn

from softmaxbook.learning.datasets import Part
from softmaxbook.learning.regression import SoftmaxRegression
from softmaxbook.learning.torch_networks import accuracy
from softmaxbook.transfer.backbones import load_backbone
from softmaxbook.transfer.finetuning import Plan, finetune
from softmaxbook.transfer.glyphs import CLASSES, draw_glyphs
from softmaxbook.transfer.heads import build_classifier, extract_features
from softmaxbook.transfer.targets import few_labels

SEEDS = tuple(range(5))
LABELS = 5
"""Per class."""

PENALTY, SCRATCH_RATE, RATE = 10.0, 0.1, 0.01
"""Of the linear head on frozen features, from scratch, and from the weights of the source."""


def scans() -> tuple[Part, Part]:
    """Return new letters and signs, pale and noisy, for training and for the test.

    Returns
    -------
    tuple of Part
        960 pictures each, of the classes that the source has.

    Examples
    --------
    >>> train, test = scans()
    >>> train.features.shape, bool((train.labels == test.labels).all())
    ((960, 1, 16, 16), False)

    Used in the chapter *transfer*.
    """
    rng = np.random.default_rng(0)
    parts = []
    for seed in (30, 31):
        clean, labels = draw_glyphs(960, seed)
        noisy = 0.6 * clean + rng.normal(0.1, 0.1, clean.shape)
        parts.append(Part(np.clip(noisy, 0, 1).astype(np.float32), labels))
    return parts[0], parts[1]


def _features(few: Part, test: Part, seed: int) -> float:
    source = load_backbone("glyphnet")
    head = SoftmaxRegression(PENALTY).fit(extract_features(source, few.features), few.labels)
    return head.score(extract_features(source, test.features), test.labels)


def _from_scratch(few: Part, test: Part, seed: int) -> float:
    network = build_classifier("glyphnet", len(CLASSES), weights=None, seed=seed)
    return _tuned(network, SCRATCH_RATE, few, test, seed)


def _parameters(few: Part, test: Part, seed: int) -> float:
    # With the head of the source: the classes are the same.
    return _tuned(load_backbone("glyphnet"), RATE, few, test, seed)


def _tuned(network: nn.Module, rate: float, few: Part, test: Part, seed: int) -> float:
    finetune(network, few, Plan(rate=rate), seed=seed, progress=False)
    return accuracy(network, test)


WAYS: dict[str, Callable[[Part, Part, int], float]] = {
    "from scratch": _from_scratch,
    "features": _features,
    "parameters": _parameters,
}
"""What is taken along from the source: nothing, its features, or all of its weights."""


def cells() -> Iterator[tuple[str]]:
    """Yield every way."""
    yield from ((way,) for way in WAYS)


def measure(way: str, seeds: tuple[int, ...] = SEEDS) -> dict[str, Any]:
    """Learn from a few labelled scans.

    Parameters
    ----------
    way : str
        One of `WAYS`.
    seeds : tuple of int
        Each draws the labels, the random weights and the batches.

    Returns
    -------
    dict
        The way, and the accuracy on the test part with each seed.
    """
    train, test = scans()
    reached = {seed: WAYS[way](few_labels(train, LABELS, seed), test, seed) for seed in seeds}
    return {"way": way, **{f"seed {seed}": round(right, 5) for seed, right in reached.items()}}


def settings() -> dict[str, Any]:
    """Return what the experiment fixed."""
    return {
        "labels per class": LABELS,
        "seeds": list(SEEDS),
        "penalty": PENALTY,
        "steps": Plan().n_steps,
        "rates": {"from scratch": SCRATCH_RATE, "parameters": RATE},
        "tuning": "none",
    }
