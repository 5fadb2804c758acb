"""Three remedies for wrong labels, each at the strength that validates best."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from softmaxbook.experiments.tuning import SEEDS, TUNING_SEEDS
from softmaxbook.learning.datasets import Dataset, Part, load, noisy_labels
from softmaxbook.learning.networks import Network, Recipe, accuracy, train
from softmaxbook.numerics.arrays import FloatArray

WRONG = 0.2
"""The share of labels that are wrong."""

PLAIN = Recipe(epochs=40, batch_size=64, learning_rate=0.1)
"""Without a remedy."""

LONGER = replace(PLAIN, epochs=5 * PLAIN.epochs)
"""Five times as long: does a remedy prevent learning by heart, or delay it?"""

STRENGTHS = {
    "weight decay": (0.002, 0.005, 0.01, 0.02, 0.04, 0.08, 0.16),
    "dropout": (0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 0.9),
    "label smoothing": (0.1, 0.3, 0.5, 0.7, 0.9, 0.95, 0.98),
}
"""Seven for each remedy, from too weak to too strong. The best of them is measured."""


@cache
def _digits() -> Dataset:
    return load("digits").standardised()


def mislabelled(rate: float, seed: int) -> Part:
    """Return the training digits with a share of wrong labels.

    Parameters
    ----------
    rate : float
        In [0, 1].
    seed : int

    Returns
    -------
    Part

    Examples
    --------
    >>> int((mislabelled(0.2, seed=0).labels != mislabelled(0, seed=0).labels).sum())
    216

    Used in the chapter *remedies*.
    """
    features, labels = _digits().train
    return Part(features, noisy_labels(labels, rate, 10, seed))


def taught(rate: float, recipe: Recipe, seed: int) -> Network:
    """Return a network that has learnt from digits with a share of wrong labels.

    Parameters
    ----------
    rate : float
        In [0, 1].
    recipe : Recipe
    seed : int
        Of the wrong labels, the first weights and the batches.

    Returns
    -------
    Network

    Examples
    --------
    >>> taught(0.2, Recipe(epochs=2), seed=0).score(*mislabelled(0, seed=0)) > 0.8
    True

    Used in the chapter *remedies*.
    """
    network = Network(64, 64, 10, seed=seed)
    train(network, mislabelled(rate, seed), recipe, seed, progress=False)
    return network


def by_heart(logits: ArrayLike, rate: float, seed: int) -> float:
    """Return the share of the wrong labels that a network repeats.

    Parameters
    ----------
    logits : array_like, shape (n_samples, 10)
        What it says of the training digits.
    rate : float
        In (0, 1].
    seed : int
        As for `taught`.

    Returns
    -------
    float
        In [0, 1].

    Examples
    --------
    >>> by_heart(np.eye(10)[mislabelled(0.2, seed=0).labels], 0.2, seed=0)
    1.0

    Used in the chapter *remedies*.
    """
    given = mislabelled(rate, seed).labels
    wrong = given != _digits().train.labels
    return accuracy(np.asarray(logits)[wrong], given[wrong])


Model = Callable[[ArrayLike], FloatArray]


def _decayed(strength: float, seed: int, plain: Recipe) -> Model:
    return taught(WRONG, replace(plain, weight_decay=strength), seed).logits


def _dropped(strength: float, seed: int, plain: Recipe) -> Model:
    from softmaxbook.learning.torch_networks import as_torch, torch_logits, train_torch

    model = as_torch(Network(64, 64, 10, seed=seed), dropout=strength)
    train_torch(model, mislabelled(WRONG, seed), plain, seed, progress=False)
    return lambda features: torch_logits(model, features)


def _smoothed(strength: float, seed: int, plain: Recipe) -> Model:
    return taught(WRONG, replace(plain, label_smoothing=strength), seed).logits


REMEDIES: dict[str, Callable[[float, int, Recipe], Model]] = {
    "weight decay": _decayed,
    "dropout": _dropped,
    "label smoothing": _smoothed,
}
"""From a strength, a seed and the rest of the training to what a network then says."""


def cells() -> Iterator[tuple[str]]:
    """Yield every remedy."""
    yield from ((remedy,) for remedy in REMEDIES)


def treated(
    remedy: str, strength: float, seed: int, part: str, plain: Recipe = PLAIN
) -> dict[str, float]:
    """Train with a remedy, and return what came of it.

    Parameters
    ----------
    remedy : str
        One of `REMEDIES`.
    strength : float
    seed : int
    part : {"validation", "test"}
    plain : Recipe
        The training without the remedy.

    Returns
    -------
    dict of str to float
        The accuracy on that part of the digits, whose labels are right, and the share of the wrong
        labels in training that was learnt by heart.
    """
    digits, model = _digits(), REMEDIES[remedy](strength, seed, plain)
    features, labels = getattr(digits, part)
    return {
        part: accuracy(model(features), labels),
        "by heart": by_heart(model(digits.train.features), WRONG, seed),
    }


def tried(remedy: str, strength: float) -> dict[str, float]:
    """Return the means of what `treated` gives with `TUNING_SEEDS`, on the validation digits.

    Parameters
    ----------
    remedy : str
    strength : float

    Returns
    -------
    dict of str to float
    """
    found = [treated(remedy, strength, seed, "validation") for seed in TUNING_SEEDS]
    return {name: float(np.mean([each[name] for each in found])) for name in found[0]}


def measure(remedy: str, seeds: tuple[int, ...] = SEEDS) -> dict[str, Any]:
    """Choose the strength of a remedy, and measure it.

    Parameters
    ----------
    remedy : str
    seeds : tuple of int

    Returns
    -------
    dict
        The remedy, the first of its strengths with the best accuracy on the validation digits,
        what `tried` says of each strength, in the order of `STRENGTHS`, and what `treated` says
        of the best with each seed, on the test digits, as it is and after `LONGER`.
    """
    tries = [tried(remedy, strength) for strength in STRENGTHS[remedy]]
    strength = STRENGTHS[remedy][int(np.argmax([each["validation"] for each in tries]))]
    found = {f"setting {place}": each for place, each in enumerate(tries)}
    for name, plain in (("seed", PLAIN), ("longer, seed", LONGER)):
        for seed in seeds:
            found[f"{name} {seed}"] = treated(remedy, strength, seed, "test", plain)
    results = {
        f"{name}, {where}": round(value, 5)
        for where, values in found.items()
        for name, value in values.items()
    }
    return {"remedy": remedy, "strength": strength, **results}


def settings() -> dict[str, Any]:
    """Return what the experiment fixed."""
    return {
        "wrong": WRONG,
        "epochs": PLAIN.epochs,
        "longer": LONGER.epochs,
        "batch size": PLAIN.batch_size,
        "rate": PLAIN.learning_rate,
        "seeds": list(SEEDS),
        "tuning": f"by validation accuracy, mean of seeds {list(TUNING_SEEDS)}",
        "strengths": {remedy: list(strengths) for remedy, strengths in STRENGTHS.items()},
    }
