"""The old softmax layer, its first ten rows given to the digits, and a new one in its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from torch import nn

from softmaxbook.experiments.tuning import SEEDS
from softmaxbook.learning.torch_networks import accuracy, torch_logits
from softmaxbook.numerics.probabilities import softmax
from softmaxbook.transfer.backbones import load_backbone
from softmaxbook.transfer.finetuning import Plan, finetune
from softmaxbook.transfer.freezing import freeze
from softmaxbook.transfer.heads import build_classifier, last_layer
from softmaxbook.transfer.targets import digit_pictures, few_labels

LABELS = 5
"""Per class."""

PLAN = Plan(n_steps=60, rate=0.01)

LAYERS: dict[str, Callable[[int], nn.Module]] = {
    "kept": lambda seed: load_backbone("glyphnet"),
    "new": lambda seed: build_classifier("glyphnet", 10, seed=seed),
}
"""From a seed to a network whose layer learns to read digits; nothing else of it does."""


def cells() -> Iterator[tuple[str]]:
    """Yield both layers."""
    yield from ((layer,) for layer in LAYERS)


def taught(layer: str, seed: int) -> dict[str, float]:
    """Teach a layer the digits on the frozen features, and return what came of it.

    Parameters
    ----------
    layer : str
        One of `LAYERS`.
    seed : int
        Of the labels, of the new layer's weights and of the batches.

    Returns
    -------
    dict of str to float
        The accuracy on the test digits, and the mean probability of what is no digit there.
    """
    digits, model = digit_pictures(), LAYERS[layer](seed)
    freeze(model)
    finetune(model, few_labels(digits.train, LABELS, seed), PLAN, seed=seed, progress=False)
    shares = softmax(torch_logits(model, digits.test.features))
    elsewhere = float(shares[:, 10:].sum(axis=1).mean())
    return {"test": accuracy(model, digits.test), "elsewhere": elsewhere}


def measure(layer: str, seeds: tuple[int, ...] = SEEDS) -> dict[str, Any]:
    """Teach a layer with several seeds.

    Parameters
    ----------
    layer : str
    seeds : tuple of int

    Returns
    -------
    dict
        The layer, its number of classes, and the results of `taught` with each seed.
    """
    results = {
        f"{name}, seed {seed}": round(value, 5)
        for seed in seeds
        for name, value in taught(layer, seed).items()
    }
    return {"layer": layer, "classes": last_layer(LAYERS[layer](0)).out_features, **results}


def settings() -> dict[str, Any]:
    """Return what the experiment fixed."""
    return {
        "labels per class": LABELS,
        "steps": PLAN.n_steps,
        "rate": PLAN.rate,
        "seeds": list(SEEDS),
        "tuning": "none",
    }
