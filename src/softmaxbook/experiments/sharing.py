"""Two heads on one body against two networks, with few labels in one of the two tasks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import numpy as np

from softmaxbook.experiments.tuning import RULE, SEEDS, TUNING_SEEDS, best_setting
from softmaxbook.learning.datasets import Part
from softmaxbook.learning.torch_networks import accuracy
from softmaxbook.transfer.finetuning import Plan, finetune
from softmaxbook.transfer.heads import build_classifier
from softmaxbook.transfer.sharing import build_shared, learn_together, one_head
from softmaxbook.transfer.targets import (
    digit_pictures,
    few_labels,
    greek_pictures,
    texture_pictures,
)

N_STEPS = 100
LABELS = (2, 10)
"""Labels per class of the digits. The partner always has all of its labels."""

RATES = (0.01, 0.03, 0.1, 0.3)
NETWORKS = ("separate", "shared")


def parity(part: Part) -> Part:
    """Return the same pictures of digits and the question whether each is odd."""
    return part._replace(labels=part.labels % 2)


def _parities() -> tuple[Part, Part, Part]:
    digits = digit_pictures()
    return parity(digits.train), parity(digits.validation), parity(digits.test)


def _parts(data: Any) -> tuple[Part, Part, Part]:
    return data.train, data.validation, data.test


PARTNERS: dict[str, tuple[int, Callable[[], tuple[Part, Part, Part]]]] = {
    "odd or even": (2, _parities),
    "Greek letters": (10, lambda: _parts(greek_pictures())),
    "textures": (10, lambda: _parts(texture_pictures())),
}
"""The task beside the digits, from the same pictures to the farthest: classes and parts."""


def cells() -> Iterator[tuple[str, int, str]]:
    """Yield partner, labels per class and kind of networks of every cell."""
    for partner in PARTNERS:
        for labels in LABELS:
            for network in NETWORKS:
                yield partner, labels, network


def shared(partner: str, labels: int, rate: float, seed: int, part: int = 2) -> tuple[float, float]:
    """Train both tasks on one body.

    Parameters
    ----------
    partner : str
    labels : int
    rate : float
    seed : int
        Of the digits' labels, the weights and the batches.
    part : int
        1 to measure on the validation parts, 2 on the test parts.

    Returns
    -------
    tuple of float
        The accuracies on the digits and on the partner's pictures.
    """
    digits, (n_classes, parts) = digit_pictures(), PARTNERS[partner]
    tasks = {"digits": few_labels(digits.train, labels, seed), partner: parts()[0]}
    model, heads = build_shared("glyphnet", {"digits": 10, partner: n_classes}, None, seed)
    learn_together(model, heads, tasks, Plan(N_STEPS, rate), seed, progress=False)
    measured = {"digits": _parts(digits)[part], partner: parts()[part]}
    right = [accuracy(one_head(model, heads[name]), measured[name]) for name in heads]
    return right[0], right[1]


@cache
def digits_alone(labels: int, rate: float, seed: int, part: int = 2) -> float:
    """Train the digits on a network of their own; the parameters are those of `shared`."""
    data = digit_pictures()
    model = build_classifier("glyphnet", 10, None, seed=seed)
    few = few_labels(data.train, labels, seed)
    finetune(model, few, Plan(N_STEPS, rate), seed=seed, progress=False)
    return accuracy(model, _parts(data)[part])


@cache
def partner_alone(partner: str, rate: float, seed: int, part: int = 2) -> float:
    """Train the partner on a network of its own; the parameters are those of `shared`."""
    n_classes, parts = PARTNERS[partner]
    model = build_classifier("glyphnet", n_classes, None, seed=seed)
    finetune(model, parts()[0], Plan(N_STEPS, rate), seed=seed, progress=False)
    return accuracy(model, parts()[part])


def measure(
    partner: str, labels: int, network: str, seeds: tuple[int, ...] = SEEDS
) -> dict[str, Any]:
    """Choose the rates on the validation parts, and measure both tasks on the test parts.

    Parameters
    ----------
    partner : str
        One of `PARTNERS`.
    labels : int
        Per class of the digits.
    network : {"separate", "shared"}
    seeds : tuple of int

    Returns
    -------
    dict
        The cell, the chosen rates for digits and partner, and the accuracies of both.

    Notes
    -----
    A step takes one batch of each task, in both kinds: the same pictures at the same time. Each of
    the separate networks chooses its own rate from four; the shared one has one rate, chosen by
    the mean of both accuracies.
    """
    if network == "shared":
        rate, _ = best_setting(
            RATES, lambda rate, seed: float(np.mean(shared(partner, labels, rate, seed, part=1)))
        )
        chosen = rate, rate
        pairs = [shared(partner, labels, rate, seed) for seed in seeds]
    else:
        own, _ = best_setting(RATES, lambda rate, seed: digits_alone(labels, rate, seed, part=1))
        other, _ = best_setting(
            RATES, lambda rate, seed: partner_alone(partner, rate, seed, part=1)
        )
        chosen = own, other
        pairs = [(digits_alone(labels, own, s), partner_alone(partner, other, s)) for s in seeds]
    return {
        "partner": partner,
        "labels": labels,
        "network": network,
        "digits rate": chosen[0],
        "partner rate": chosen[1],
        **{f"seed {s}": round(own, 4) for s, (own, _) in zip(seeds, pairs, strict=True)},
        **{f"partner, seed {s}": round(b, 4) for s, (_, b) in zip(seeds, pairs, strict=True)},
    }


def settings() -> dict[str, Any]:
    """Return what the experiment fixed."""
    return {
        "steps": N_STEPS,
        "seeds": list(SEEDS),
        "tuning": f"rates {list(RATES)} on draws {list(TUNING_SEEDS)}, by validation accuracy; "
        f"{RULE}",
    }
