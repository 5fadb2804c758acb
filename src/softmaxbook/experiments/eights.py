"""A network that has seen few eights, with and without class weights."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from softmaxbook.experiments.remedies import PLAIN
from softmaxbook.experiments.tuning import SEEDS
from softmaxbook.learning.datasets import load, thinned
from softmaxbook.learning.decisions import precision_and_recall
from softmaxbook.learning.labels import balanced_weight
from softmaxbook.learning.networks import Network, train

LEFT = 0.05
"""The share of the eights that stays among the training digits."""


def cells() -> Iterator[tuple[str]]:
    """Yield both ways to train."""
    yield from (("no weights",), ("weights",))


def measure(weights: str, seeds: tuple[int, ...] = SEEDS) -> dict[str, Any]:
    """Train on digits with few eights, and count the eights among all test digits.

    Parameters
    ----------
    weights : {"no weights", "weights"}
    seeds : tuple of int

    Returns
    -------
    dict
        The way, and with each seed: recall and precision of the eights, the accuracy on all test
        digits, and how many eights there were to learn from.
    """
    digits = load("digits").standardised()
    results: dict[str, float] = {}
    for seed in seeds:
        few = thinned(digits.train, [1.0] * 8 + [LEFT, 1.0], seed)
        class_weight = balanced_weight(few.labels, 10) if weights == "weights" else None
        network = Network(64, 64, 10, seed=seed)
        train(network, few, replace(PLAIN, class_weight=class_weight), seed, progress=False)
        said = network.predict(digits.test.features)
        precision, recall = precision_and_recall(said, digits.test.labels, 10)
        found = {
            "recall": recall[8],
            "precision": precision[8],
            "right": network.score(*digits.test),
            "left": int((few.labels == 8).sum()),
        }
        results |= {f"{name}, seed {seed}": round(value, 5) for name, value in found.items()}
    return {"weights": weights, **results}


def settings() -> dict[str, Any]:
    """Return what the experiment fixed."""
    return {"left": LEFT, "epochs": PLAIN.epochs, "seeds": list(SEEDS)}
