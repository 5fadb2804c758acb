"""Which part of the book is a sentence from? Five ways, with the same budget for tuning."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import torch

from softmaxbook.experiments.tuning import RULE, SEEDS, TUNING_SEEDS, best_setting
from softmaxbook.family.snapshot import read_snapshot
from softmaxbook.family.torch_language import load_language_model
from softmaxbook.learning.regression import SoftmaxRegression
from softmaxbook.numerics.arrays import FloatArray
from softmaxbook.transfer.sentences import (
    Sentences,
    bag_of_words,
    build_sentence_classifier,
    few_sentences,
    part_sentences,
    sentence_accuracy,
    train_sentence_classifier,
)

LABELS = (5, 20, 80)
"""Labelled sentences per class."""

N_STEPS = 150
RANK = 4
RATES = (0.001, 0.003, 0.01, 0.03)
LOWER_RATES = (0.0003, 0.001, 0.003, 0.01)
"""For networks that have learnt something already."""

PENALTIES = (0.003, 0.03, 0.3, 3.0)
"""For rows whose mean square is 1."""

Run = Callable[[Sentences, float, int], Callable[[Sentences], float]]
"""From labelled sentences, a setting and a seed to what judges other sentences."""


class Arm(NamedTuple):
    """A way to name a sentence's part, and the four settings that are tried first."""

    settings: tuple[float, ...]
    run: Run


def _encoded(part: Sentences) -> list[list[int]]:
    vocabulary = load_language_model().vocabulary
    return [vocabulary.encode(tokens) for tokens in part.tokens]


def _linear(inputs: Callable[[Sentences], FloatArray]) -> Run:
    """Return a run that fits softmax regression on what `inputs` makes of sentences."""

    def run(data: Sentences, penalty: float, seed: int) -> Callable[[Sentences], float]:
        rows = inputs(data)
        mean = rows.mean(axis=0)
        size = np.sqrt(np.mean(np.sum((rows - mean) ** 2, axis=1)))
        # The coefficients of the best fit lie in the span of the rows: nothing else is needed.
        _, values, directions = np.linalg.svd((rows - mean) / size, full_matrices=False)
        basis = directions[values > 1e-9 * values[0]].T / size
        fitted = SoftmaxRegression(penalty).fit((rows - mean) @ basis, data.labels)
        return lambda part: fitted.score((inputs(part) - mean) @ basis, part.labels)

    return run


def _bags(part: Sentences) -> FloatArray:
    return bag_of_words(part.tokens, load_language_model().vocabulary)


def _features(part: Sentences) -> FloatArray:
    model = build_sentence_classifier(load_language_model())
    with torch.inference_mode():
        return model.features(_encoded(part)).double().numpy()


def _network(pretrained: bool = True, rank: int | None = None) -> Run:
    """Return a run that trains a network, whole or by an adapter."""

    def run(data: Sentences, rate: float, seed: int) -> Callable[[Sentences], float]:
        model = build_sentence_classifier(load_language_model(), pretrained, rank, seed)
        train_sentence_classifier(model, _encoded(data), data.labels, rate, N_STEPS, seed)
        return lambda part: sentence_accuracy(model, _encoded(part), part.labels)

    return run


ARMS = {
    "bag of words": Arm(PENALTIES, _linear(_bags)),
    "from scratch": Arm(RATES, _network(pretrained=False)),
    "frozen features": Arm(PENALTIES, _linear(_features)),
    "fine-tuned": Arm(LOWER_RATES, _network()),
    "adapter": Arm(LOWER_RATES, _network(rank=RANK)),
}
"""The arms by name. Two choose a penalty, three a learning rate."""


@cache
def _sides() -> dict[str, Sentences]:
    return part_sentences()


def cells() -> Iterator[tuple[int, str]]:
    """Yield labels per class and arm of every cell."""
    for labels in LABELS:
        for arm in ARMS:
            yield labels, arm


def measure(labels: int, arm: str, seeds: tuple[int, ...] = SEEDS) -> dict[str, Any]:
    """Choose an arm's setting on the validation side, and measure it on the test side.

    Parameters
    ----------
    labels : int
        Per class.
    arm : str
        One of `ARMS`.
    seeds : tuple of int
        Of the final runs: each draws the labelled sentences, new weights and batches.

    Returns
    -------
    dict
        The cell, the chosen setting, its accuracy on the validation side, the seconds of one core
        of a final run (median), and the accuracy on the test side with each seed.

    Notes
    -----
    The language model was trained on the text of the training side, without labels. It has seen
    no sentence of the other two.
    """
    sides, (settings, run) = _sides(), ARMS[arm]

    def validated(setting: float, seed: int) -> float:
        part = few_sentences(sides["train"], labels, seed)
        return run(part, setting, seed)(sides["validation"])

    setting, reached = best_setting(settings, validated)
    accuracies, seconds = [], []
    for seed in seeds:
        part = few_sentences(sides["train"], labels, seed)
        start = time.process_time()
        score = run(part, setting, seed)
        seconds.append(time.process_time() - start)
        accuracies.append(score(sides["test"]))
    return {
        "labels": labels,
        "arm": arm,
        "setting": setting,
        "validation": round(reached, 4),
        "seconds": round(float(np.median(seconds)), 4),
        **{f"seed {s}": round(a, 4) for s, a in zip(seeds, accuracies, strict=True)},
    }


def settings() -> dict[str, Any]:
    """Return what the experiment fixed."""
    snapshot = read_snapshot()
    return {
        "text": f"the book at commit {snapshot.commit}",
        "steps": N_STEPS,
        "rank of the adapter": RANK,
        "seeds": list(SEEDS),
        "tuning": f"4 settings on label draws {list(TUNING_SEEDS)}, by validation accuracy; {RULE}",
        "settings": {name: list(arm.settings) for name, arm in ARMS.items()},
    }
