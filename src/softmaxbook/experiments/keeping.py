"""The old softmax layer, its first ten rows given to the digits, and a new one in its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal

from torch import nn

from softmaxbook.experiments.tuning import RULE, SEEDS, TUNING_SEEDS, best_setting
from softmaxbook.learning.datasets import Part
from softmaxbook.learning.torch_networks import accuracy, torch_logits
from softmaxbook.numerics.probabilities import softmax
from softmaxbook.transfer.backbones import load_backbone
from softmaxbook.transfer.finetuning import Plan, finetune
from softmaxbook.transfer.freezing import freeze
from softmaxbook.transfer.heads import build_classifier, last_layer
from softmaxbook.transfer.targets import digit_pictures, few_labels

LABELS = 5
"""Per class."""

N_STEPS = 60
RATES = (0.01, 0.03, 0.1, 0.3)

LAYERS: dict[str, Callable[[int], nn.Module]] = {
    "kept": lambda seed: load_backbone("glyphnet"),
    "new": lambda seed: build_classifier("glyphnet", 10, seed=seed),
}
"""From a seed to a network whose layer learns to read digits; nothing else of it does."""


def cells() -> Iterator[tuple[str]]:
    """Yield both layers."""
    yield from ((layer,) for layer in LAYERS)


def taught(
    layer: str, rate: float, seed: int, part: Literal["validation", "test"] = "test"
) -> dict[str, float]:
    """Teach a layer the digits on the frozen features, and return what came of it.

    Parameters
    ----------
    layer : str
        One of `LAYERS`.
    rate : float
    seed : int
        Of the labels, of the new layer's weights and of the batches.
    part : {"validation", "test"}
        Of the digits: where it is judged.

    Returns
    -------
    dict of str to float
        The accuracy on the part, and the mean probability of what is no digit there.
    """
    digits, model = digit_pictures(), LAYERS[layer](seed)
    freeze(model)
    plan = Plan(N_STEPS, rate)
    finetune(model, few_labels(digits.train, LABELS, seed), plan, seed=seed, progress=False)
    judge: Part = getattr(digits, part)
    shares = softmax(torch_logits(model, judge.features))
    elsewhere = float(shares[:, 10:].sum(axis=1).mean())
    return {part: accuracy(model, judge), "elsewhere": elsewhere}


def measure(layer: str, seeds: tuple[int, ...] = SEEDS) -> dict[str, Any]:
    """Teach a layer with several seeds, at the rate that does best on the validation part.

    Parameters
    ----------
    layer : str
    seeds : tuple of int

    Returns
    -------
    dict
        The layer, its number of classes, the chosen rate, its accuracy on the validation part,
        and the results of `taught` with each seed.
    """

    def validated(rate: float, seed: int) -> float:
        return taught(layer, rate, seed, "validation")["validation"]

    rate, reached = best_setting(RATES, validated)
    results = {
        f"{name}, seed {seed}": round(value, 5)
        for seed in seeds
        for name, value in taught(layer, rate, seed).items()
    }
    return {
        "layer": layer,
        "classes": last_layer(LAYERS[layer](0)).out_features,
        "setting": rate,
        "validation": round(reached, 4),
        **results,
    }


def settings() -> dict[str, Any]:
    """Return what the experiment fixed."""
    return {
        "labels per class": LABELS,
        "steps": N_STEPS,
        "seeds": list(SEEDS),
        "tuning": f"rates {list(RATES)} on label draws {list(TUNING_SEEDS)}, "
        f"by validation accuracy; {RULE}",
    }
