"""Five new classes and one or five labels each: ways to have prepared for that, and none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import cache
from typing import Any, Literal, NamedTuple

import numpy as np
import torch
from torch import nn

from softmaxbook.experiments.tuning import RULE, SEEDS, TUNING_SEEDS, best_setting
from softmaxbook.learning.datasets import Part
from softmaxbook.learning.regression import SoftmaxRegression
from softmaxbook.learning.torch_networks import accuracy
from softmaxbook.transfer.backbones import GlyphNet
from softmaxbook.transfer.fewshot import distance_logits, draw_task, prototypes, reptile
from softmaxbook.transfer.finetuning import Plan, finetune
from softmaxbook.transfer.glyphs import CLASSES, draw_glyphs
from softmaxbook.transfer.heads import (
    build_classifier,
    extract_features,
    last_layer,
    new_head,
    replace_last_layer,
)
from softmaxbook.transfer.pretraining import pretrain

N_WAYS = 5
SHOTS = (1, 5)
N_QUERIES = 15
N_TASKS = 10
"""Tasks that one seed is measured on, for each number of shots."""

TUNING_TASKS = 5
ADAPT_STEPS = 20

META_TASKS = 160
META_SHOTS = 5
META_STEPS = 8
"""Reptile's steps on each of its tasks; a step takes all 25 pictures of the task."""

EPOCHS = 8
N_PICTURES = META_TASKS * META_STEPS * META_SHOTS * N_WAYS // EPOCHS
"""So many that pretraining and Reptile take equally many pictures through the network."""

_ORDER = np.random.default_rng(0).permutation(len(CLASSES))
CLASS_PARTS = {
    "train": "".join(CLASSES[k] for k in _ORDER[:30]),
    "validation": "".join(CLASSES[k] for k in _ORDER[30:38]),
    "test": "".join(CLASSES[k] for k in _ORDER[38:]),
}
"""Classes to prepare on, classes to choose settings on, and classes to measure on."""


@cache
def pool(part: Literal["validation", "test"]) -> Part:
    """Return 60 pictures of each class of a part."""
    classes = CLASS_PARTS[part]
    return draw_glyphs(60 * len(classes), {"validation": 20, "test": 21}[part], classes)


@cache
def preparation(seed: int) -> Part:
    """Return the pictures that preparation may use, with the labels of their 30 classes."""
    return draw_glyphs(N_PICTURES, 1000 + seed, CLASS_PARTS["train"])


@cache
def pretrained(seed: int) -> GlyphNet:
    """Return a network that learnt to tell the 30 classes apart."""
    data = preparation(seed)
    return pretrain(data, len(CLASS_PARTS["train"]), EPOCHS, seed, progress=False)


@cache
def meta_trained(rate: float, seed: int) -> nn.Module:
    """Return a network that Reptile prepared on tasks of five of the 30 classes."""
    data = preparation(seed)
    model = build_classifier("glyphnet", N_WAYS, None, seed=seed)

    def draw(task: int) -> Part:
        return draw_task(data, N_WAYS, META_SHOTS, 0, 10_000 * seed + task)[0]

    reptile(model, draw, Plan(META_STEPS, rate), META_TASKS, progress=False)
    return model


def _adapted(model: nn.Module, support: Part, queries: Part, rate: float, task: int) -> float:
    finetune(model, support, Plan(ADAPT_STEPS, rate), seed=task, progress=False)
    return accuracy(model, queries)


def _reptile(support: Part, queries: Part, rate: float, seed: int, task: int) -> float:
    return _adapted(deepcopy(meta_trained(rate, seed)), support, queries, rate, task)


def _finetuned(support: Part, queries: Part, rate: float, seed: int, task: int) -> float:
    model = deepcopy(pretrained(seed))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1000 * seed + task)
        replace_last_layer(model, new_head(last_layer(model).in_features, N_WAYS))
    return _adapted(model, support, queries, rate, task)


def _linear(support: Part, queries: Part, penalty: float, seed: int, task: int) -> float:
    model = pretrained(seed)
    fitted = SoftmaxRegression(penalty).fit(
        extract_features(model, support.features), support.labels
    )
    return fitted.score(extract_features(model, queries.features), queries.labels)


def _prototypes(support: Part, queries: Part, _: float, seed: int, task: int) -> float:
    model = pretrained(seed)
    centres = prototypes(extract_features(model, support.features), support.labels)
    said = distance_logits(extract_features(model, queries.features), centres)
    return float(np.mean(said.argmax(axis=1) == queries.labels))


def _random(support: Part, queries: Part, rate: float, seed: int, task: int) -> float:
    model = build_classifier("glyphnet", N_WAYS, None, seed=1000 * seed + task)
    return _adapted(model, support, queries, rate, task)


def _pixels(support: Part, queries: Part, penalty: float, seed: int, task: int) -> float:
    seen, asked = (part.features.reshape(len(part.features), -1) for part in (support, queries))
    return SoftmaxRegression(penalty).fit(seen, support.labels).score(asked, queries.labels)


class Way(NamedTuple):
    """A way to learn a new task, and the settings that it may choose from."""

    settings: tuple[float, ...]
    run: Callable[[Part, Part, float, int, int], float]


WAYS = {
    "Reptile": Way((0.01, 0.03, 0.1), _reptile),
    "pretrained, all layers": Way((0.003, 0.01, 0.03), _finetuned),
    "pretrained, features + linear": Way((0.1, 1.0, 10.0), _linear),
    "pretrained, prototypes": Way((0.0,), _prototypes),
    "random weights": Way((0.01, 0.03, 0.1), _random),
    "pixels + linear": Way((0.1, 1.0, 10.0), _pixels),
}
"""The ways by name. Settings are rates (Reptile's on its tasks and on the new one) or penalties;
prototypes have none, and one is written down for them that does nothing. The last two ways have
prepared for nothing."""


def cells() -> Iterator[tuple[str, int]]:
    """Yield the way and the seed of every cell."""
    for way in WAYS:
        for seed in SEEDS:
            yield way, seed


def mean_accuracy(
    way: str,
    setting: float,
    seed: int,
    n_shots: int,
    part: Literal["validation", "test"] = "test",
    n_tasks: int = N_TASKS,
) -> float:
    """Return the mean accuracy of a way on tasks of classes that it was not prepared on.

    Parameters
    ----------
    way : str
        One of `WAYS`.
    setting : float
    seed : int
        Of the preparation, and of the tasks: equal seeds give equal tasks.
    n_shots : int
        Labels per class.
    part : {"validation", "test"}
    n_tasks : int

    Returns
    -------
    float
    """
    drawn = [
        draw_task(pool(part), N_WAYS, n_shots, N_QUERIES, 1000 * seed + task)
        for task in range(n_tasks)
    ]
    run = WAYS[way].run
    return float(np.mean([run(*pair, setting, seed, task) for task, pair in enumerate(drawn)]))


@cache
def chosen_setting(way: str) -> float:
    """Return the setting with the best mean over both numbers of shots, on validation classes."""

    def validated(setting: float, seed: int) -> float:
        return float(
            np.mean(
                [mean_accuracy(way, setting, seed, n, "validation", TUNING_TASKS) for n in SHOTS]
            )
        )

    return best_setting(WAYS[way].settings, validated)[0]


def measure(way: str, seed: int, n_tasks: int = N_TASKS) -> dict[str, Any]:
    """Prepare a network with a seed of its own, and measure it on new tasks.

    Parameters
    ----------
    way : str
    seed : int
    n_tasks : int
        For each number of shots.

    Returns
    -------
    dict
        The cell, the setting, and the mean accuracy for each number of shots.
    """
    setting = chosen_setting(way)
    return {
        "way": way,
        "seed": seed,
        "setting": setting,
        **{
            f"{n} shots": round(mean_accuracy(way, setting, seed, n, n_tasks=n_tasks), 5)
            for n in SHOTS
        },
    }


def settings() -> dict[str, Any]:
    """Return what the experiment fixed."""
    return {
        "classes": CLASS_PARTS,
        "pictures through the network, in each preparation": N_PICTURES * EPOCHS,
        "Reptile": f"{META_TASKS} tasks of {META_STEPS} steps, {META_SHOTS} labels per class",
        "steps on a new task": ADAPT_STEPS,
        "tasks": N_TASKS,
        "seeds": list(SEEDS),
        "tuning": f"3 settings or none, {TUNING_TASKS} tasks of validation classes with each of "
        f"the seeds {list(TUNING_SEEDS)}; {RULE}",
        "settings": {name: list(way.settings) for name, way in WAYS.items()},
    }
