"""What four trainings give away about who was in the training part."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
from torch import nn

from softmaxbook.experiments.tuning import RULE, SEEDS, TUNING_SEEDS, best_setting
from softmaxbook.learning.datasets import Part, noisy_labels
from softmaxbook.learning.torch_networks import accuracy
from softmaxbook.transfer.finetuning import Plan, finetune
from softmaxbook.transfer.freezing import freeze
from softmaxbook.transfer.heads import build_classifier
from softmaxbook.transfer.membership import advantage, attack_auc, label_scores
from softmaxbook.transfer.targets import digit_pictures, few_labels

N_STEPS = 150
PER_CLASS = 10
"""Labels per class: 100 members, and as many others that the network never meets."""

WRONG = (0.0, 0.2)
"""Shares of labels that are made wrong, among members and others alike."""

RATES = (0.01, 0.03, 0.1, 0.3)


def _train(
    data: Part, rate: float, seed: int, weights: str | None, frozen: bool, early: bool
) -> nn.Module:
    model = build_classifier("glyphnet", 10, weights, seed=seed)
    if frozen:
        freeze(model)
    plan = Plan(N_STEPS, rate, patience=3 if early else None)
    watched = digit_pictures().validation if early else None
    finetune(model, data, plan, watched, seed, progress=False)
    return model


TRAININGS: dict[str, Callable[[Part, float, int], nn.Module]] = {
    "from scratch": partial(_train, weights=None, frozen=False, early=False),
    "from scratch, stopped early": partial(_train, weights=None, frozen=False, early=True),
    "all layers": partial(_train, weights="DEFAULT", frozen=False, early=False),
    "head": partial(_train, weights="DEFAULT", frozen=True, early=False),
}
"""Ways to train; the last two start from the pretrained backbone."""


def sides(seed: int, wrong: float) -> tuple[Part, Part]:
    """Return 100 members and 100 others, drawn alike from the training digits.

    Parameters
    ----------
    seed : int
    wrong : float
        In [0, 1): the share of labels that are made wrong.

    Returns
    -------
    tuple of Part
        Without a picture in common.
    """
    both = few_labels(digit_pictures().train, 2 * PER_CLASS, seed)  # class by class
    member = np.arange(len(both.labels)) % (2 * PER_CLASS) < PER_CLASS
    labels = noisy_labels(both.labels, wrong, 10, seed)
    inside, outside = (Part(both.features[rows], labels[rows]) for rows in (member, ~member))
    return inside, outside


def cells() -> Iterator[tuple[float, str]]:
    """Yield the share of wrong labels and the training of every cell."""
    for wrong in WRONG:
        for training in TRAININGS:
            yield wrong, training


def attacked(wrong: float, training: str, rate: float, seed: int) -> dict[str, float]:
    """Train once, attack once, and return what came of both.

    Parameters
    ----------
    wrong : float
    training : str
        One of `TRAININGS`.
    rate : float
    seed : int

    Returns
    -------
    dict of str to float
        The accuracy on test digits, the accuracies on the members' and the others' labels, the
        AUC of the score log p_y, and the advantage with the members' mean score as threshold.
    """
    inside, outside = sides(seed, wrong)
    model = TRAININGS[training](inside, rate, seed)
    members, others = label_scores(model, inside), label_scores(model, outside)
    return {
        "test": accuracy(model, digit_pictures().test),
        "members": accuracy(model, inside),
        "others": accuracy(model, outside),
        "AUC": attack_auc(members, others),
        "advantage": advantage(members, others, float(members.mean())),
    }


def measure(wrong: float, training: str, seeds: tuple[int, ...] = SEEDS) -> dict[str, Any]:
    """Choose the rate of a training on the validation digits, and attack it.

    Parameters
    ----------
    wrong : float
    training : str
    seeds : tuple of int

    Returns
    -------
    dict
        The cell, the chosen rate, the seconds of one core (median), and the results of `attacked`
        with each seed.
    """

    def validated(rate: float, seed: int) -> float:
        model = TRAININGS[training](sides(seed, wrong)[0], rate, seed)
        return accuracy(model, digit_pictures().validation)

    rate, best = best_setting(RATES, validated)
    results: dict[str, float] = {}
    seconds = []
    for seed in seeds:
        start = time.process_time()
        found = attacked(wrong, training, rate, seed)
        seconds.append(time.process_time() - start)
        results |= {f"{name}, seed {seed}": round(value, 5) for name, value in found.items()}
    return {
        "wrong": wrong,
        "training": training,
        "setting": rate,
        "validation": round(best, 4),
        "seconds": round(float(np.median(seconds)), 4),
        **results,
    }


def settings() -> dict[str, Any]:
    """Return what the experiment fixed."""
    return {
        "steps": N_STEPS,
        "labels per class": PER_CLASS,
        "seeds": list(SEEDS),
        "tuning": f"rates {list(RATES)} on draws {list(TUNING_SEEDS)}, by validation accuracy; "
        f"{RULE}",
    }
