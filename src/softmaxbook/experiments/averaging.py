"""Five networks made into one by averaging their weights, from one start or from several."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
from torch import nn

from softmaxbook.experiments.tuning import RULE, SEEDS, TUNING_SEEDS, best_setting
from softmaxbook.learning.ensembles import mean_of_probabilities
from softmaxbook.learning.torch_networks import accuracy, torch_logits
from softmaxbook.transfer.averaging import mean_of_weights, renew_statistics
from softmaxbook.transfer.finetuning import Plan, finetune
from softmaxbook.transfer.heads import build_classifier
from softmaxbook.transfer.targets import digit_pictures, few_labels

N_STEPS = 100
N_MEMBERS = 5
PER_CLASS = 5
RATES = (0.003, 0.01, 0.03, 0.1)

STARTS: dict[str, str | None] = {"one pretrained start": "DEFAULT", "random starts": None}
"""Where members begin: all at the same weights, head included, or each at random weights."""

ANSWERS = ("one network", "mean of probabilities", "mean of weights", "statistics anew")
"""What is compared. The last is the mean of weights with its normalisation set anew, on the
pictures that were trained on."""


def cells() -> Iterator[tuple[str, int]]:
    """Yield the start and the seed of every cell."""
    for start in STARTS:
        for seed in SEEDS:
            yield start, seed


def member(start: str, rate: float, draw: int, number: int = 0) -> nn.Module:
    """Train one network in all layers; members of an ensemble differ in `number` alone.

    Parameters
    ----------
    start : str
        One of `STARTS`.
    rate : float
    draw : int
        Which labels, and the start that all members have in common, if they have one.
    number : int
        Of the member: it sets the batches, and the random weights where there are some.

    Returns
    -------
    torch.nn.Module
    """
    weights, own = STARTS[start], 1000 * draw + number
    model = build_classifier("glyphnet", 10, weights, seed=1000 * draw if weights else own)
    few = few_labels(digit_pictures().train, PER_CLASS, draw)
    finetune(model, few, Plan(N_STEPS, rate), seed=own, progress=False)
    return model


@cache
def chosen_rate(start: str) -> float:
    """Return the rate that is best for one network on the validation digits."""
    digits = digit_pictures()
    return best_setting(
        RATES, lambda rate, draw: accuracy(member(start, rate, draw), digits.validation)
    )[0]


def measure_with(start: str, seed: int, rate: float, n_members: int = N_MEMBERS) -> dict[str, Any]:
    """Train the members, and return the accuracy of every answer on the test digits.

    Parameters
    ----------
    start : str
    seed : int
    rate : float
    n_members : int

    Returns
    -------
    dict
        An accuracy for each of `ANSWERS`; for one network the mean over the members.
    """
    digits = digit_pictures()
    members = [member(start, rate, seed, number) for number in range(n_members)]
    logits = np.stack([torch_logits(each, digits.test.features) for each in members])
    pooled = mean_of_probabilities(logits).argmax(axis=1)
    averaged = mean_of_weights(members)
    found = {
        "one network": np.mean([accuracy(each, digits.test) for each in members]),
        "mean of probabilities": np.mean(pooled == digits.test.labels),
        "mean of weights": accuracy(averaged, digits.test),
    }
    renew_statistics(averaged, few_labels(digits.train, PER_CLASS, seed).features)
    found["statistics anew"] = accuracy(averaged, digits.test)
    return {name: round(float(found[name]), 5) for name in ANSWERS}


def measure(start: str, seed: int) -> dict[str, Any]:
    """Choose the rate on the validation digits, and measure one ensemble.

    Parameters
    ----------
    start : str
    seed : int

    Returns
    -------
    dict
        The cell, the rate, and the results of `measure_with`.
    """
    rate = chosen_rate(start)
    return {"start": start, "seed": seed, "rate": rate} | measure_with(start, seed, rate)


def settings() -> dict[str, Any]:
    """Return what the experiment fixed."""
    return {
        "steps": N_STEPS,
        "members": N_MEMBERS,
        "labels per class": PER_CLASS,
        "seeds": list(SEEDS),
        "tuning": f"rates {list(RATES)} on draws {list(TUNING_SEEDS)}, by validation accuracy; "
        f"{RULE}",
    }
